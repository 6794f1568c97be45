// What filing costs the writer: N records of one new item each (item, change with its list
// entry, header, revision with an incompressible block, record), in batches of 64, with a
// commit about every 2 MB dirty; beside it LMDB alone with the same keys, sizes, batches
// and commits, without checksums, digests and packing.
//
//   store_bench [RECORDS [BLOCK_BYTES [ZERO_AHEAD_MIB [RECORDS_A_SECOND]]]]
//
// (50000 2900 0 0, in a directory of its own under TMPDIR). With zeros ahead each round
// runs a third time with them. A rate leaves the disk the pauses that a wire has.
#include <lmdb.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/bytes.h"
#include "store/store.h"

enum { BATCH = 64, COMMITS_MAX = 1 << 20 };
#define COMMIT_BYTES (2U << 20)
#define ROOM (1U << 20) // of random bytes, from which blocks are cut

static double
clock_us(clockid_t clock)
{
    struct timespec t;
    (void)clock_gettime(clock, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void
must(bool holds, const char *what, const struct fault *fault)
{
    if (holds)
        return;
    (void)fprintf(stderr, "store_bench: %s: %s\n", what, fault ? fault->words : "");
    exit(EXIT_FAILURE);
}

struct run {
    char path[512];
    uint64_t records;
    size_t block_bytes;
    double rate; // records a second; 0: as fast as can be
    uint8_t *noise;
    double put_cpu_us, commit_cpu_us, *commit_us;
    size_t commits;
};

static struct slice
block_of(const struct run *run, uint64_t n)
{
    return slice_of(
        run->noise + n * 2971 % (ROOM - run->block_bytes), run->block_bytes);
}

static void
keep_pace(const struct run *run, uint64_t n, double began_us)
{
    double due = run->rate > 0 ? began_us + (double)n / run->rate * 1e6 : 0;
    double now = clock_us(CLOCK_MONOTONIC);
    if (due > now)
        (void)usleep((useconds_t)(due - now));
}

static int
by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void
report(const char *name, struct run *run, double wall_us)
{
    double n = (double)run->records;
    qsort(run->commit_us, run->commits, sizeof *run->commit_us, by_size);
    (void)printf(
        "%-6s %8.0f records/s  puts %5.2f us CPU/record  commits %5zu: %5.2f us "
        "CPU/record, wall p50 %5.0f p99 %5.0f max %5.0f us\n",
        name, n / wall_us * 1e6, run->put_cpu_us / n, run->commits,
        run->commit_cpu_us / n, run->commit_us[run->commits / 2],
        run->commit_us[run->commits * 99 / 100], run->commit_us[run->commits - 1]);
    run->put_cpu_us = run->commit_cpu_us = 0;
    run->commits = 0;
}

static void
remove_store(const char *path)
{
    static const char *const names[] = {"data.mdb", "lock.mdb"};
    for (size_t i = 0; i < 2; i++) {
        char file[600];
        (void)snprintf(file, sizeof file, "%s/%s", path, names[i]);
        (void)unlink(file);
    }
    (void)rmdir(path);
}

// ---- ours

static void
file_one(
    struct store_txn *txn, const struct run *run, uint64_t n, struct store_meta *meta)
{
    char uri[64];
    int uri_bytes = snprintf(
        uri, sizeof uri, "urn:newsml:dpa.com:20261124:%08llu", (unsigned long long)n);
    struct sort_key key = {true, 1, 1795500000000000 + (int64_t)n, n};
    struct axes axes = {0, false, TIME_NONE, TIME_NONE};
    struct store_item item = {.item = n,
        .source = store_add_source(txn, SLICE("dpa")),
        .has_id = true,
        .uri = slice_of(uri, (size_t)uri_bytes),
        .current = n,
        .last = n,
        .current_key = key,
        .axes = axes,
        .story = n};
    struct store_change change = {.seq = n,
        .record = n,
        .item = n,
        .story = n,
        .current = n,
        .content = n,
        .change_class = CHANGE_NEW,
        .source = SLICE("dpa"),
        .uri = item.uri,
        .version = SLICE("1"),
        .language = SLICE("de"),
        .subjects = SLICE("\x92\xafmedtop:20000139\xafmedtop:20000160"),
        .urgency = 4,
        .has_id = true,
        .key = key,
        .axes = axes,
        .house_us = 1795500000000000 + (int64_t)n * 30};
    struct store_header header = {.seq = n,
        .headline = SLICE("Hochwasser erreicht die Altstadt, Evakuierung am Abend"),
        .slugline = SLICE("Wetter/Hochwasser")};
    struct store_revision revision = {.seq = n,
        .codec = CODEC_LZ4,
        .article_bytes = 4000,
        .raw_bytes = 4000,
        .block = block_of(run, n)};
    struct store_record record = {.record = n,
        .source = item.source,
        .principal = SLICE("feeder"),
        .format = SLICE("ninjs"),
        .raw_bytes = 4000,
        .first_seq = n,
        .last_seq = n,
        .house_us = change.house_us,
        .wall_us = change.house_us,
        .receipt = slice_of(run->noise, 180)};
    memcpy(record.id, &n, sizeof n);
    store_put_item(txn, &item);
    store_put_change(txn, &change, &meta->hash);
    store_put_header(txn, &header);
    store_put_revision(txn, &revision);
    store_put_record(txn, &record);
    meta->records = meta->items = meta->seq = n;
    meta->oldest_seq = 1;
    meta->hash = change.hash;
    meta->house_us = change.house_us;
}

struct helper {
    struct store *store;
    _Atomic bool stop;
};

static void *
zero_ahead(void *context)
{
    struct helper *helper = context;
    while (!atomic_load(&helper->stop))
        if (!store_zero_ahead(helper->store))
            (void)usleep(1000);
    return NULL;
}

static void
commit_ours(struct store_txn *txn, struct run *run)
{
    struct fault fault = FAULT_NONE;
    double wall = clock_us(CLOCK_MONOTONIC), cpu = clock_us(CLOCK_THREAD_CPUTIME_ID);
    must(store_commit(txn, &fault) == WIRE_OK, "commit", &fault);
    run->commit_cpu_us += clock_us(CLOCK_THREAD_CPUTIME_ID) - cpu;
    run->commit_us[run->commits++] = clock_us(CLOCK_MONOTONIC) - wall;
}

static void
file_all(struct store *store, struct run *run)
{
    struct store_txn *txn = NULL;
    struct store_meta meta = {0};
    must(store_begin_write(store, &txn) == WIRE_OK, "begin", NULL);
    store_get_meta(txn, &meta);
    double began = clock_us(CLOCK_MONOTONIC);
    for (uint64_t n = 1; n <= run->records;) {
        keep_pace(run, n, began);
        double cpu = clock_us(CLOCK_THREAD_CPUTIME_ID);
        (void)store_batch_begin(txn);
        for (unsigned i = 0; i < BATCH && n <= run->records; i++)
            file_one(txn, run, n++, &meta);
        store_put_meta(txn, &meta);
        const struct fault *why = store_txn_why(txn);
        must(why->code == WIRE_OK, "batch", why);
        must(store_batch_end(txn) == WIRE_OK, "batch end", why);
        run->put_cpu_us += clock_us(CLOCK_THREAD_CPUTIME_ID) - cpu;
        if (store_dirty_bytes(txn) >= COMMIT_BYTES || n > run->records)
            commit_ours(txn, run);
    }
    store_abort_write(&txn);
}

static void
finding(void *context, const char *words)
{
    (void)context;
    (void)fprintf(stderr, "store_bench: verify: %s\n", words);
    exit(EXIT_FAILURE);
}

static void
time_verify(struct store *store)
{
    double cpu = clock_us(CLOCK_THREAD_CPUTIME_ID);
    uint64_t rows = store_verify(store, finding, NULL);
    cpu = clock_us(CLOCK_THREAD_CPUTIME_ID) - cpu;
    (void)printf(
        "verify %8.0f rows, %5.2f us CPU/row\n", (double)rows, cpu / (double)rows);
}

static void
bench_ours(struct run *run, uint64_t zero_ahead_bytes)
{
    struct fault fault = FAULT_NONE;
    struct store_settings settings = {
        .path = run->path, .zero_ahead_bytes = zero_ahead_bytes};
    struct store_identity who = {.epoch = 1};
    struct helper helper = {0};
    pthread_t thread;
    (void)mkdir(run->path, 0750);
    must(store_create(&settings, &who, &fault) == WIRE_OK, "create", &fault);
    must(store_open(&settings, &helper.store, &fault) == WIRE_OK, "open", &fault);
    must(pthread_create(&thread, NULL, zero_ahead, &helper) == 0, "thread", NULL);
    double wall = clock_us(CLOCK_MONOTONIC);
    file_all(helper.store, run);
    wall = clock_us(CLOCK_MONOTONIC) - wall;
    atomic_store(&helper.stop, true);
    (void)pthread_join(thread, NULL);
    if (zero_ahead_bytes == 0)
        time_verify(helper.store);
    store_close(&helper.store);
    report(zero_ahead_bytes ? "zeroed" : "store", run, wall);
    remove_store(run->path);
}

// ---- LMDB alone: tables and row sizes as above

enum { RAW_TABLES = 6 };

static void
raw_put(MDB_txn *txn, MDB_dbi table, size_t key_bytes, uint64_t n, struct slice bytes)
{
    uint8_t key[16] = {0};
    put_be64(key + key_bytes - 8, n);
    MDB_val k = {key_bytes, key}, v = {bytes.size, (void *)bytes.data};
    must(mdb_put(txn, table, &k, &v, MDB_APPEND) == 0, "mdb_put", NULL);
}

static void
bench_raw(struct run *run)
{
    static const char *const names[RAW_TABLES] = {"i", "c", "h", "t", "r", "l"};
    const size_t sizes[RAW_TABLES] = {120, 345, 86, run->block_bytes + 18, 326, 0};
    MDB_env *env;
    MDB_dbi tables[RAW_TABLES];
    MDB_txn *txn, *child;
    (void)mkdir(run->path, 0750);
    bool fine = mdb_env_create(&env) == 0 && mdb_env_set_maxdbs(env, 16) == 0 &&
                mdb_env_set_mapsize(env, 1ULL << 36) == 0 &&
                mdb_env_open(env, run->path, MDB_NOTLS, 0600) == 0 &&
                mdb_txn_begin(env, NULL, 0, &txn) == 0;
    must(fine, "raw open", NULL);
    for (size_t t = 0; t < RAW_TABLES; t++)
        must(mdb_dbi_open(txn, names[t], MDB_CREATE, &tables[t]) == 0, "raw table",
            NULL);
    uint64_t dirty = 0;
    double began = clock_us(CLOCK_MONOTONIC);
    for (uint64_t n = 1; n <= run->records;) {
        keep_pace(run, n, began);
        double cpu = clock_us(CLOCK_THREAD_CPUTIME_ID);
        must(mdb_txn_begin(env, txn, 0, &child) == 0, "raw child", NULL);
        for (unsigned i = 0; i < BATCH && n <= run->records; i++, n++)
            for (size_t t = 0; t < RAW_TABLES; t++) {
                struct slice row = slice_until(block_of(run, n), sizes[t]);
                if (sizes[t] > run->block_bytes)
                    row.size = sizes[t];
                raw_put(child, tables[t], t == 5 ? 10 : 8, n, row);
            }
        must(mdb_txn_commit(child) == 0, "raw child commit", NULL);
        run->put_cpu_us += clock_us(CLOCK_THREAD_CPUTIME_ID) - cpu;
        dirty += BATCH * (1000 + (run->block_bytes + 4129) / 4096 * 4096);
        if (dirty < COMMIT_BYTES && n <= run->records)
            continue;
        dirty = 0;
        double wall = clock_us(CLOCK_MONOTONIC);
        cpu = clock_us(CLOCK_THREAD_CPUTIME_ID);
        must(mdb_txn_commit(txn) == 0 && mdb_txn_begin(env, NULL, 0, &txn) == 0,
            "raw commit", NULL);
        run->commit_cpu_us += clock_us(CLOCK_THREAD_CPUTIME_ID) - cpu;
        run->commit_us[run->commits++] = clock_us(CLOCK_MONOTONIC) - wall;
    }
    double wall = clock_us(CLOCK_MONOTONIC) - began;
    mdb_txn_abort(txn);
    mdb_env_close(env);
    report("lmdb", run, wall);
    remove_store(run->path);
}

int
main(int argc, char **argv)
{
    const char *root = getenv("TMPDIR");
    struct run run = {.records = argc > 1 ? strtoull(argv[1], NULL, 10) : 50000,
        .block_bytes = argc > 2 ? strtoull(argv[2], NULL, 10) : 2900};
    uint64_t zeros = argc > 3 ? strtoull(argv[3], NULL, 10) << 20 : 0;
    run.rate = argc > 4 ? strtod(argv[4], NULL) : 0;
    must(hash_init() && run.records > 0 && run.block_bytes >= 345 &&
             run.block_bytes < ROOM / 2,
        "usage: store_bench [RECORDS [BLOCK_BYTES [ZERO_AHEAD_MIB [RATE]]]]", NULL);
    (void)snprintf(run.path, sizeof run.path, "%s/store-bench-%d", root ? root : "/tmp",
        (int)getpid());
    run.noise = malloc(ROOM);
    run.commit_us = calloc(COMMITS_MAX, sizeof *run.commit_us);
    must(run.noise && run.commit_us, "memory", NULL);
    random_bytes(run.noise, ROOM);
    for (int round = 0; round < 3; round++) {
        bench_raw(&run);
        bench_ours(&run, 0);
        if (zeros)
            bench_ours(&run, zeros);
    }
    free(run.noise);
    free(run.commit_us);
    return 0;
}
