// How index/ costs as it grows: what the writer pays an entry (add, flush, merge), its
// longest single call, and a look-up that misses and one that hits, at 10^5, 10^6 … records
// of four entries each; then what adding costs while another thread looks up all the time.
//
//   index_bench [RECORDS [COMMIT_BYTES]]   (1000000; in a directory of its own under TMPDIR)
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "index/index.h"

enum { COMMIT_EVERY = 700 }; // records between commits of the main store, about 2 MB

static const enum index_kind kinds[] = {
    INDEX_ITEM, INDEX_KEY, INDEX_SUBMISSION, INDEX_VERSION};

static uint64_t
hash_of(uint64_t record, enum index_kind kind)
{
    uint64_t z = record * 8 + (uint64_t)kind + 0x9e3779b97f4a7c15U;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9U;
    z = (z ^ z >> 27) * 0x94d049bb133111ebU;
    return z ^ z >> 31;
}

static double
now_us(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static double
cpu_us(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

struct run {
    struct index *index;
    uint64_t records, calls;
    double add_us, flush_us, flush_cpu_us, longest_us;
};

static void
commit(struct run *run, uint64_t mark)
{
    struct fault fault = FAULT_NONE;
    if (!index_wants_flush(run->index))
        return;
    double from = now_us(), cpu = cpu_us();
    (void)index_flush(run->index, run->records, mark, &fault);
    if (fault.code) {
        (void)fprintf(stderr, "index_bench: %s\n", fault.words);
        exit(EXIT_FAILURE);
    }
    double took = now_us() - from;
    run->flush_us += took;
    run->flush_cpu_us += cpu_us() - cpu;
    run->longest_us = took > run->longest_us ? took : run->longest_us;
    run->calls++;
}

static void
grow_to(struct run *run, uint64_t records)
{
    while (run->records < records) {
        double from = now_us();
        for (unsigned i = 0; i < COMMIT_EVERY && run->records < records; i++) {
            run->records++;
            for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
                (void)index_add(run->index, kinds[k], hash_of(run->records, kinds[k]),
                    run->records);
        }
        run->add_us += now_us() - from;
        commit(run, index_mark(run->index));
    }
}

// Records from `first` on; only those filed are found.
static double
find_us(struct run *run, uint64_t first, uint64_t among)
{
    enum { LOOKS = 400000 };
    uint64_t numbers[4], found = 0;
    double from = now_us();
    for (uint64_t i = 0; i < LOOKS; i++) {
        enum index_kind kind = kinds[i & 1]; // as judging does: item, then key
        uint64_t record = first + hash_of(i, INDEX_CONTENT) % among;
        found += index_find(run->index, kind, hash_of(record, kind), numbers, 4);
    }
    double each = (now_us() - from) / LOOKS;
    if ((found == 0) != (first > run->records))
        (void)fprintf(stderr, "index_bench: %llu found\n", (unsigned long long)found);
    return each;
}

static void
report(struct run *run, uint64_t since)
{
    struct index_sizes sizes;
    index_sizes(run->index, &sizes);
    double records = (double)(run->records - since);
    double miss = find_us(run, run->records + 1, run->records);
    double hit = find_us(run, 1, run->records);
    printf("%9llu %8.3f %8.3f %8.3f %8.1f %7.3f %7.3f %5llu %7.1f %7.1f\n",
        (unsigned long long)run->records, run->add_us / records,
        run->flush_us / records, run->flush_cpu_us / records, run->longest_us / 1e3,
        miss, hit, (unsigned long long)sizes.segments, (double)sizes.head_bytes / 1e6,
        (double)sizes.filter_bytes / 1e6);
    (void)fflush(stdout);
    run->add_us = run->flush_us = run->flush_cpu_us = run->longest_us = 0;
}

static void
measure(struct run *run, uint64_t records)
{
    puts("  records   add us flush us      cpu  call ms miss us  hit us  segs head MB "
         "side MB");
    uint64_t since = 0;
    for (uint64_t step = 100000; run->records < records; step *= 10) {
        for (unsigned part = 1; part <= 3 && run->records < records; part++) {
            uint64_t to = part == 1 ? step : part == 2 ? step * 2 : step * 5;
            grow_to(run, to < records ? to : records);
            report(run, since);
            since = run->records;
        }
    }
}

struct reader {
    struct run *run;
    uint64_t records;
    atomic_bool stop;
    uint64_t looks;
};

static void *
look_up_all_the_time(void *context)
{
    struct reader *r = context;
    uint64_t numbers[4];
    for (; !atomic_load_explicit(&r->stop, memory_order_relaxed); r->looks++) {
        uint64_t record = hash_of(r->looks, INDEX_CONTENT) % (2 * r->records) + 1;
        (void)index_find(
            r->run->index, INDEX_ITEM, hash_of(record, INDEX_ITEM), numbers, 4);
    }
    return NULL;
}

static void
measure_beside_a_reader(struct run *run)
{
    struct reader r = {.run = run, .records = run->records};
    pthread_t thread;
    if (pthread_create(&thread, NULL, look_up_all_the_time, &r) != 0)
        return;
    double from = now_us();
    grow_to(run, run->records + 200000);
    double took = now_us() - from;
    atomic_store(&r.stop, true);
    (void)pthread_join(thread, NULL);
    printf("beside a reader: add %.3f us a record, flush %.3f; a look-up %.3f us\n",
        run->add_us / 200000, run->flush_us / 200000, took / (double)r.looks);
}

int
main(int argc, char **argv)
{
    uint64_t records = argc > 1 ? strtoull(argv[1], NULL, 10) : 1000000;
    const char *under = getenv("TMPDIR");
    char path[256];
    (void)snprintf(path, sizeof path, "%s/index_bench-XXXXXX", under ? under : "/tmp");
    const struct store_identity identity = {.epoch = 1};
    const struct index_settings settings = {
        .path = path, .commit_bytes = argc > 2 ? strtoull(argv[2], NULL, 10) : 0};
    struct fault fault = FAULT_NONE;
    struct run run = {0};
    if (!hash_init() || !mkdtemp(path) ||
        index_open(&settings, &identity, &run.index, &fault)) {
        (void)fprintf(stderr, "index_bench: %s %s\n", path, fault.words);
        return EXIT_FAILURE;
    }
    measure(&run, records);
    measure_beside_a_reader(&run);
    index_close(&run.index);
    (void)blobs_remove(path, &fault);
    return rmdir(path) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
