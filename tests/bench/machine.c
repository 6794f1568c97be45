#include "machine.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PROCESSES_MOST 4096

struct process {
    pid_t pid, parent;
    double seconds; // its own, and of its children that have ended
    bool server;
};

static size_t
read_file(const char *path, char *out, size_t size)
{
    FILE *file = fopen(path, "re");
    size_t n = file ? fread(out, 1, size - 1, file) : 0;
    if (file)
        (void)fclose(file);
    out[n] = '\0';
    return n;
}

static bool
read_process(pid_t pid, struct process *out)
{
    char path[64], text[1024];
    unsigned long user, kernel;
    long children_user, children_kernel;
    (void)snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    char *after = read_file(path, text, sizeof text) ? strrchr(text, ')') : NULL;
    if (!after ||
        sscanf(after + 2, "%*c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu %ld %ld",
            &out->parent, &user, &kernel, &children_user, &children_kernel) != 5)
        return false;
    unsigned long ticks =
        user + kernel + (unsigned long)children_user + (unsigned long)children_kernel;
    out->pid = pid;
    out->seconds = (double)ticks / (double)sysconf(_SC_CLK_TCK);
    out->server = false;
    return true;
}

static size_t
read_processes(struct process *out)
{
    size_t count = 0;
    DIR *proc = opendir("/proc");
    for (struct dirent *e; proc && (e = readdir(proc)) && count < PROCESSES_MOST;) {
        pid_t pid = atoi(e->d_name);
        if (pid > 0 && read_process(pid, &out[count]))
            count++;
    }
    if (proc)
        (void)closedir(proc);
    return count;
}

// A server is its first process and whatever descends from it.
static size_t
read_server(pid_t server, struct process *out)
{
    size_t count = read_processes(out);
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < count; i++)
            for (size_t k = 0; k < count && !out[i].server; k++)
                if (out[i].pid == server ||
                    (out[k].server && out[i].parent == out[k].pid))
                    more = out[i].server = true;
    }
    return count;
}

static struct stage *
stage_named(struct machine *m, const char *name)
{
    for (size_t i = 0; i < m->stages_count; i++)
        if (strcmp(m->stages[i].name, name) == 0)
            return &m->stages[i];
    if (m->stages_count == STAGES_MOST)
        return NULL;
    struct stage *stage = &m->stages[m->stages_count++];
    (void)snprintf(stage->name, sizeof stage->name, "%s", name);
    return stage;
}

static void
add_thread(struct machine *m, const char *folder, const char *thread)
{
    char path[512], name[16], text[128];
    (void)snprintf(path, sizeof path, "%s/%s/comm", folder, thread);
    read_file(path, name, sizeof name);
    name[strcspn(name, "\n")] = '\0';
    (void)snprintf(path, sizeof path, "%s/%s/schedstat", folder, thread);
    read_file(path, text, sizeof text);
    struct stage *stage = stage_named(m, name);
    if (stage)
        stage->seconds += (double)strtoull(text, NULL, 10) / 1e9;
}

static double
read_threads(pid_t server, struct machine *m)
{
    char folder[64];
    double all = 0;
    (void)snprintf(folder, sizeof folder, "/proc/%d/task", (int)server);
    DIR *tasks = opendir(folder);
    for (struct dirent *e; tasks && (e = readdir(tasks));)
        if (e->d_name[0] != '.')
            add_thread(m, folder, e->d_name);
    if (tasks)
        (void)closedir(tasks);
    for (size_t i = 0; i < m->stages_count; i++)
        all += m->stages[i].seconds;
    return all;
}

static void
read_whole(struct machine *m)
{
    char text[512];
    unsigned long v[8] = {0};
    double tick = (double)sysconf(_SC_CLK_TCK);
    read_file("/proc/stat", text, sizeof text);
    (void)sscanf(text, "cpu %lu %lu %lu %lu %lu %lu %lu %lu", &v[0], &v[1], &v[2],
        &v[3], &v[4], &v[5], &v[6], &v[7]);
    m->busy = (double)(v[0] + v[1] + v[2] + v[5] + v[6]) / tick;
    m->steal = (double)v[7] / tick;
}

void
machine_read(pid_t server, struct machine *out)
{
    static struct process processes[PROCESSES_MOST];
    *out = (struct machine){0};
    read_whole(out);
    if (!server)
        return;
    size_t count = read_server(server, processes);
    for (size_t i = 0; i < count; i++)
        if (processes[i].server)
            out->server += processes[i].seconds;
    double threads = read_threads(server, out);
    struct stage *readers = stage_named(out, "readers");
    if (readers)
        readers->seconds = out->server - threads;
}

double
machine_stage(const struct machine *m, const char *name)
{
    for (size_t i = 0; i < m->stages_count; i++)
        if (strcmp(m->stages[i].name, name) == 0)
            return m->stages[i].seconds;
    return 0;
}

size_t
machine_memory(pid_t server, const char *name)
{
    static struct process processes[PROCESSES_MOST];
    char path[64], text[2048], line[32];
    size_t bytes = 0;
    (void)snprintf(line, sizeof line, "\n%s:", name);
    size_t count = server ? read_server(server, processes) : 0;
    for (size_t i = 0; i < count; i++) {
        if (!processes[i].server)
            continue;
        (void)snprintf(
            path, sizeof path, "/proc/%d/smaps_rollup", (int)processes[i].pid);
        read_file(path, text, sizeof text);
        const char *found = strstr(text, line);
        bytes += found ? strtoull(found + strlen(line), NULL, 10) << 10 : 0;
    }
    return bytes;
}
