#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "load.h"

static int
compare(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

static void
print_percentiles(const char *what, uint64_t *sorted, size_t count)
{
    qsort(sorted, count, sizeof *sorted, compare);
    (void)printf(", \"%s_p50_us\": %.0f, \"%s_p99_us\": %.0f, \"%s_max_us\": %.0f",
        what, (double)sorted[(count - 1) / 2] / 1000, what,
        (double)sorted[(count - 1) * 99 / 100] / 1000, what,
        (double)sorted[count - 1] / 1000);
}

static void
print_latencies(const struct load *load)
{
    uint64_t *ns = calloc(load->articles, sizeof *ns);
    if (!ns)
        bench_fail("out of memory");
    for (uint32_t i = 0; i < load->articles; i++)
        ns[i] = load->shared->times[i].answered - load->shared->times[i].sent;
    print_percentiles("ack", ns, load->articles);
    for (uint32_t i = 0; load->followers && i < load->articles; i++)
        ns[i] = load->shared->times[i].seen - load->shared->times[i].sent;
    if (load->followers)
        print_percentiles("seen", ns, load->articles);
    free(ns);
}

// CPU microseconds an article, of each thread that used any.
static void
print_stages(const struct load *load, const struct measured *m)
{
    const char *comma = "";
    (void)printf(", \"stages\": {");
    for (size_t i = 0; i < m->after.stages_count; i++) {
        const struct stage *s = &m->after.stages[i];
        double us = (s->seconds - machine_stage(&m->before, s->name)) * 1e6;
        if (us <= 0)
            continue;
        (void)printf("%s\"%s\": %.2f", comma, s->name, us / load->articles);
        comma = ", ";
    }
    (void)printf("}");
}

static void
print_syncs(const struct load *load, const struct measured *m)
{
    static const char *const names[] = {"log", "main", "index", "other"};
    (void)printf(", \"syncs\": {");
    for (int i = 0; load->syncs && i < SYNCS_PARTS; i++) {
        uint64_t count = load->syncs->part[i].count - m->syncs.part[i].count;
        uint64_t ns = load->syncs->part[i].ns - m->syncs.part[i].ns;
        (void)printf("%s\"%s\": %llu, \"%s_us\": %.0f", i ? ", " : "", names[i],
            (unsigned long long)count, names[i],
            count ? (double)ns / 1000 / (double)count : 0);
    }
    (void)printf("}");
}

static void
print_machine(const struct load *load, const struct measured *m)
{
    double n = load->articles, span = (double)(m->ended - m->begun) / 1e9;
    double server = m->after.server - m->before.server;
    double clients = (double)atomic_load(&load->shared->client_us) / 1e6;
    double follow = (double)atomic_load(&load->shared->follower_us) / 1e6;
    double cores = span * (double)sysconf(_SC_NPROCESSORS_ONLN) / 100;
    double other = m->after.busy - m->before.busy - server - clients - follow;
    (void)printf(", \"server_us\": %.2f, \"client_us\": %.2f, \"follower_us\": %.2f",
        server * 1e6 / n, clients * 1e6 / n, follow * 1e6 / n);
    (void)printf(", \"other_pct\": %.1f, \"steal_pct\": %.1f, \"memory_mb\": %.0f, "
                 "\"anonymous_mb\": %.0f",
        other < 0 ? 0 : other / cores, (m->after.steal - m->before.steal) / cores,
        (double)machine_memory(load->pid, "Pss") / 1e6,
        (double)machine_memory(load->pid, "Pss_Anon") / 1e6);
}

void
row_print(const struct load *load, const struct measured *m)
{
    double seconds = (double)(m->answered - m->begun) / 1e9;
    double delivering = (double)(m->ended - m->begun) / 1e9;
    (void)printf(
        "{\"speaker\": \"%s\", \"clients\": %u, \"depth\": %u, \"followers\": %u",
        load->speaker->name, load->clients, load->depth, load->followers);
    (void)printf(", \"articles\": %u, \"rate\": %.0f, \"mb_s\": %.1f", load->articles,
        load->articles / seconds, (double)load->corpus.document_bytes / 1e6 / seconds);
    (void)printf(", \"deliveries\": %llu, \"deliveries_s\": %.0f",
        atomic_load(&load->shared->deliveries),
        (double)atomic_load(&load->shared->deliveries) / delivering);
    print_latencies(load);
    print_machine(load, m);
    if (load->speaker == &speak_wireroom && load->pid)
        print_stages(load, m);
    if (load->syncs)
        print_syncs(load, m);
    (void)printf("}\n");
}
