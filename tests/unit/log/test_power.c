// Power cuts and kills at random, against a plain model: a list of records, how many were
// receipted, how many were ever appended. The disk here keeps every version of a block that
// was written since the last sync and, when the power goes, any of them, or pieces of two.
#include "unit/log/world.h"

#define SECTOR 512
#define MOST_FILES 24
#define MOST_PENDING 512

struct version {
    uint64_t file, at;
    uint8_t bytes[LOG_BLOCK];
};

struct disk {
    uint8_t *durable[MOST_FILES], *seen[MOST_FILES]; // on the platter; as read
    uint64_t files, size;
    struct version *pending; // oldest first
    size_t count;
};

static int
disk_create(void *state, uint64_t file, uint64_t size, uint64_t budget, bool *whole_out)
{
    struct disk *disk = state;
    (void)budget;
    if (file >= MOST_FILES)
        return ENOSPC;
    assert_int_equal(file, disk->files);
    disk->durable[file] = calloc(1, size);
    disk->seen[file] = calloc(1, size);
    disk->size = size;
    disk->files++;
    *whole_out = true;
    return 0;
}

static int
disk_count(void *state, uint64_t *files_out)
{
    *files_out = ((struct disk *)state)->files;
    return 0;
}

static int
disk_size(void *state, uint64_t file, uint64_t *size_out)
{
    struct disk *disk = state;
    assert_true(file < disk->files);
    *size_out = disk->size;
    return 0;
}

static int
disk_read(void *state, uint64_t file, uint64_t at, void *out, size_t size)
{
    struct disk *disk = state;
    assert_true(file < disk->files && at + size <= disk->size);
    memcpy(out, disk->seen[file] + at, size);
    return 0;
}

static int
disk_write(void *state, uint64_t file, uint64_t at, const void *bytes, size_t size)
{
    struct disk *disk = state;
    assert_true(file < disk->files && at + size <= disk->size);
    memcpy(disk->seen[file] + at, bytes, size);
    uint64_t first = at / LOG_BLOCK * LOG_BLOCK;
    for (uint64_t b = first; size && b < at + size; b += LOG_BLOCK) {
        assert_true(disk->count < MOST_PENDING);
        struct version *v = &disk->pending[disk->count++];
        v->file = file;
        v->at = b;
        memcpy(v->bytes, disk->seen[file] + b, LOG_BLOCK);
    }
    return 0;
}

static int
disk_sync(void *state, uint64_t file)
{
    struct disk *disk = state;
    size_t kept = 0;
    memcpy(disk->durable[file], disk->seen[file], disk->size);
    for (size_t i = 0; i < disk->count; i++)
        if (disk->pending[i].file != file)
            disk->pending[kept++] = disk->pending[i];
    disk->count = kept;
    return 0;
}

// disk_cut takes the power away. Each pending version goes down over what is there, or
// not, sector by sector where the cut meets it in the middle.
static void
disk_cut(struct disk *disk, struct rng *rng)
{
    uint64_t mood = rng_below(rng, 4); // few go down, half, most, or all but one
    size_t spared = disk->count ? rng_below(rng, disk->count) : 0;
    for (size_t i = 0; i < disk->count; i++) {
        const struct version *v = &disk->pending[i];
        uint8_t *to = disk->durable[v->file] + v->at;
        bool torn = rng_below(rng, 6) == 0;
        bool down = mood == 3 ? i != spared : rng_below(rng, 4) <= mood;
        for (size_t s = 0; s < LOG_BLOCK; s += SECTOR)
            if (torn ? rng_below(rng, 2) : down)
                memcpy(to + s, v->bytes + s, SECTOR);
    }
    disk->count = 0;
    for (uint64_t f = 0; f < disk->files; f++)
        memcpy(disk->seen[f], disk->durable[f], disk->size);
}

static struct log_driver
disk_driver(struct disk *disk)
{
    return (struct log_driver){"disk", disk, disk_create, disk_count, disk_size,
        disk_read, disk_write, disk_sync, lent_close};
}

struct life {
    struct disk disk;
    struct rng rng;
    struct history *truth; // appended since the last recovery, and what it found
    uint64_t receipted;    // records
    uint64_t filed, filed_records;
    struct log *log;
    uint64_t cuts, left_out;
};

static void
after_recovery(struct life *life, const struct history *seen)
{
    struct history *truth = life->truth;
    uint64_t found = life->filed_records + seen->count;
    assert_true(found >= life->receipted); // all that was receipted is there
    assert_true(found <= truth->count);    // and nothing that was left out before
    if (seen->count)
        assert_int_equal(seen->first, life->filed_records + 1);
    for (uint64_t i = 0; i < seen->count; i++)
        assert_int_equal(seen->sizes[i], truth->sizes[life->filed_records + i]);
    life->left_out += truth->count - found;
    truth->count = found;
    life->receipted = found; // it will be filed, and answered when asked again
}

// A recovery that is itself cut off after some calls, then tried again.
static bool
interrupted(struct life *life)
{
    struct log_settings settings = toy_settings();
    struct log_driver flaky;
    struct fault fault = FAULT_NONE;
    struct history *seen = history_new();
    uint64_t n = 1 + rng_below(&life->rng, 40);
    assert_int_equal(
        log_driver_flaky(disk_driver(&life->disk), n, EIO, true, NULL, &flaky),
        WIRE_OK);
    enum wire_err err = log_open(
        flaky, &settings, life->filed, history_replay, seen, &life->log, &fault);
    assert_true(err == WIRE_OK || err == WIRE_IO);
    bool cut = err != WIRE_OK;
    log_close(&life->log);
    disk_cut(&life->disk, &life->rng);
    free(seen);
    return cut;
}

static void
reopen(struct life *life)
{
    while (rng_below(&life->rng, 3) == 0)
        (void)interrupted(life);
    struct history *seen = history_new();
    life->log = opened(disk_driver(&life->disk), life->filed, seen);
    after_recovery(life, seen);
    free(seen);
}

static void
crash(struct life *life)
{
    log_close(&life->log);
    if (rng_below(&life->rng, 4) != 0) { // else only the process dies
        disk_cut(&life->disk, &life->rng);
        life->cuts++;
    }
    reopen(life);
}

static void
file_some(struct life *life)
{
    for (uint64_t i = life->receipted; i > life->filed_records; i--) {
        if (!life->truth->ends[i - 1] || rng_below(&life->rng, 3) == 0)
            continue;
        life->filed = life->truth->ends[i - 1];
        life->filed_records = i;
        log_trim(life->log, life->filed);
        return;
    }
}

static void
live_once(struct life *life)
{
    // Sizes come from a short list, so that what is appended after a recovery is often
    // the very bytes that it left out.
    static const size_t sizes[] = {100, 100, 100, 3900, 5000, 9000};
    struct fault fault = FAULT_NONE;
    uint64_t what = rng_below(&life->rng, 20);
    if (what < 11) {
        enum wire_err err = history_append(life->truth, life->log, 1,
            sizes[rng_below(&life->rng, LENGTH(sizes))], false, &fault);
        assert_true(err == WIRE_OK || err == WIRE_STORE_FULL);
    } else if (what < 15) {
        assert_int_equal(log_sync(life->log, &fault), WIRE_OK);
        life->receipted = life->truth->count;
    } else if (what < 17)
        file_some(life);
    else if (what < 18)
        log_prepare(life->log);
    else
        crash(life);
}

static void
live(uint64_t seed, int steps, uint64_t *cuts_out, uint64_t *left_out)
{
    struct life life = {.rng = {seed}, .truth = history_new()};
    struct log_settings settings = toy_settings();
    struct fault fault = FAULT_NONE;
    struct log_driver driver = disk_driver(&life.disk);
    life.disk.pending = calloc(MOST_PENDING, sizeof *life.disk.pending);
    assert_non_null(life.disk.pending);
    life.truth->first = 1;
    assert_int_equal(log_create(&driver, &settings, &fault), WIRE_OK);
    reopen(&life);
    for (int i = 0; i < steps; i++)
        live_once(&life);
    crash(&life);
    log_close(&life.log);
    *cuts_out += life.cuts;
    *left_out += life.left_out;
    for (uint64_t f = 0; f < life.disk.files; f++) {
        free(life.disk.durable[f]);
        free(life.disk.seen[f]);
    }
    free(life.disk.pending);
    free(life.truth);
}

static void
no_power_cut_loses_a_receipted_record_or_brings_one_back(void **state)
{
    (void)state;
    const char *count = getenv("LOG_LIVES"), *first = getenv("LOG_SEED");
    uint64_t lives = count ? strtoull(count, NULL, 10) : 400;
    uint64_t seed = first ? strtoull(first, NULL, 10) : 1, cuts = 0, left_out = 0;
    for (uint64_t i = 0; i < lives; i++)
        live(seed + i, 120, &cuts, &left_out);
    print_message("lives=%llu first_seed=%llu power_cuts=%llu records_left_out=%llu\n",
        (unsigned long long)lives, (unsigned long long)seed, (unsigned long long)cuts,
        (unsigned long long)left_out);
    assert_true(cuts > lives && left_out > lives); // the disk did its worst
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_power_cut_loses_a_receipted_record_or_brings_one_back),
    };
    return hash_init() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
