#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log/log.h"
#include "unit/log/world.h"

// Every story runs on every driver: memory, files in a directory, and flaky at rest.
struct stage {
    char directory[64]; // "" when there is none
    struct log_driver driver;
};

static int
remove_one(const char *path, const struct stat *st, int kind, struct FTW *where)
{
    (void)st;
    (void)kind;
    (void)where;
    return remove(path);
}

static void
stage_driver(struct stage *stage)
{
    struct fault fault = FAULT_NONE;
    if (stage->directory[0])
        assert_int_equal(
            log_driver_local(stage->directory, &stage->driver, &fault), WIRE_OK);
    else
        assert_int_equal(log_driver_memory(&stage->driver), WIRE_OK);
}

static void
stage_open(struct stage *stage, int kind)
{
    *stage = (struct stage){0};
    if (kind == 1) {
        (void)snprintf(
            stage->directory, sizeof stage->directory, "/tmp/log-test-XXXXXX");
        assert_non_null(mkdtemp(stage->directory));
    }
    stage_driver(stage);
    if (kind == 2) {
        struct log_driver flaky;
        assert_int_equal(
            log_driver_flaky(stage->driver, 0, EIO, false, NULL, &flaky), WIRE_OK);
        stage->driver = flaky;
    }
    struct log_settings settings = toy_settings();
    struct fault fault = FAULT_NONE;
    assert_int_equal(log_create(&stage->driver, &settings, &fault), WIRE_OK);
}

// A local driver is opened anew, as by the next process.
static void
stage_again(struct stage *stage)
{
    if (!stage->directory[0])
        return;
    stage->driver.close(stage->driver.state);
    stage_driver(stage);
}

static void
stage_close(struct stage *stage)
{
    stage->driver.close(stage->driver.state);
    if (stage->directory[0])
        assert_int_equal(
            nftw(stage->directory, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

#define on_every_driver(stage)                                         \
    for (int kind_ = 0; kind_ < 3 && (stage_open(stage, kind_), true); \
         stage_close(stage), kind_++)

static void
assert_same(const struct history *got, const struct history *want, uint64_t from)
{
    assert_int_equal(got->first, from);
    assert_int_equal(got->count, want->first + want->count - from);
    for (uint64_t i = 0; i < got->count; i++) {
        assert_int_equal(got->sizes[i], want->sizes[from - want->first + i]);
        assert_int_equal(got->ends[i], want->ends[from - want->first + i]);
    }
}

static void
what_was_appended_is_replayed_in_order_after_every_open(void **state)
{
    (void)state;
    struct stage stage;
    on_every_driver(&stage)
    {
        struct history *want = history_new();
        struct fault fault = FAULT_NONE;
        want->first = 1;
        for (int round = 0; round < 5; round++) {
            struct history *seen = history_new();
            struct log *log = opened(stage.driver, 0, seen);
            if (round)
                assert_same(seen, want, 1);
            for (uint32_t i = 0; i < 12; i++)
                assert_int_equal(
                    history_append(want, log, 1 + i % 4, 700 * i, false, &fault), 0);
            assert_true(log_synced(log) < log_end(log));
            assert_int_equal(log_sync(log, &fault), 0);
            assert_int_equal(log_synced(log), log_end(log));
            log_close(&log);
            assert_null(log);
            stage_again(&stage);
            free(seen);
        }
        free(want);
    }
}

static void
replay_begins_at_any_boundary_and_nowhere_else(void **state)
{
    (void)state;
    struct stage stage;
    on_every_driver(&stage)
    {
        struct history *want = history_new();
        struct fault fault = FAULT_NONE;
        want->first = 1;
        struct log *log = opened(stage.driver, 0, want);
        for (uint32_t i = 0; i < 40; i++)
            assert_int_equal(history_append(want, log, 1 + i % 3, 100 + 997 * (i % 9),
                                 false, &fault),
                0);
        assert_int_equal(log_sync(log, &fault), 0);
        uint64_t end = log_end(log);
        log_close(&log);
        for (uint64_t i = 0; i < want->count; i++) {
            if (!want->ends[i])
                continue;
            stage_again(&stage);
            struct history *seen = history_new();
            log = opened(stage.driver, want->ends[i], seen);
            if (i + 1 < want->count)
                assert_same(seen, want, want->first + i + 1);
            else
                assert_int_equal(seen->count, 0);
            log_close(&log);
            free(seen);
        }
        struct log_settings settings = toy_settings();
        for (uint64_t from = 1; from < end; from += LOG_BLOCK / 2) {
            bool boundary = from == 2 * LOG_BLOCK;
            for (uint64_t i = 0; i < want->count; i++)
                boundary |= want->ends[i] == from;
            if (boundary)
                continue;
            stage_again(&stage);
            fault = FAULT_NONE;
            assert_int_equal(log_open(lent(stage.driver), &settings, from,
                                 history_replay, NULL, &log, &fault),
                WIRE_STORE_MISMATCH);
            assert_null(log);
        }
        free(want);
    }
}

static uint64_t
files_of(struct log_driver driver)
{
    uint64_t files;
    assert_int_equal(driver.count(driver.state, &files), 0);
    return files;
}

static void
segments_behind_the_checkpoint_are_used_again_for_ever(void **state)
{
    (void)state;
    struct stage stage;
    on_every_driver(&stage)
    {
        struct history *want = history_new();
        struct fault fault = FAULT_NONE;
        want->first = 1;
        uint64_t filed = 0;
        for (int round = 0; round < 20; round++) {
            struct history *seen = history_new();
            struct log *log = opened(stage.driver, filed, seen);
            for (uint32_t i = 0; i < 30; i++) {
                assert_int_equal(history_append(want, log, 1, 3000, false, &fault), 0);
                assert_int_equal(log_sync(log, &fault), 0);
                filed = log_end(log);
                log_trim(log, filed);
                log_prepare(log);
            }
            assert_int_equal(seen->count, 0);
            log_close(&log);
            stage_again(&stage);
            free(seen);
        }
        assert_true(filed > 70 * TOY_SEGMENT);
        assert_in_range(files_of(stage.driver), 3, 4);
        free(want);
    }
}

static void
an_untrimmed_log_keeps_every_segment(void **state)
{
    (void)state;
    struct stage stage;
    on_every_driver(&stage)
    {
        struct history *want = history_new(), *seen = history_new();
        struct fault fault = FAULT_NONE;
        want->first = 1;
        struct log *log = opened(stage.driver, 0, want);
        for (uint32_t i = 0; i < 60; i++)
            assert_int_equal(history_append(want, log, 2, 5000, false, &fault), 0);
        assert_int_equal(log_sync(log, &fault), 0);
        assert_true(files_of(stage.driver) > 20);
        log_close(&log);
        stage_again(&stage);
        log = opened(stage.driver, 0, seen);
        assert_same(seen, want, 1);
        log_close(&log);
        free(want);
        free(seen);
    }
}

static void
a_batch_as_large_as_a_segment_fits_and_one_byte_more_is_refused(void **state)
{
    (void)state;
    struct stage stage;
    on_every_driver(&stage)
    {
        struct history *want = history_new(), *seen = history_new();
        struct fault fault = FAULT_NONE;
        want->first = 1;
        struct log *log = opened(stage.driver, 0, want);
        size_t most = TOY_SEGMENT - 160 - 4;
        assert_int_equal(log_reserve(log, most + 1, 1, false, &fault), WIRE_TOO_LARGE);
        fault = FAULT_NONE;
        assert_int_equal(
            log_reserve(log, UINT64_MAX - 8, 1, true, &fault), WIRE_TOO_LARGE);
        fault = FAULT_NONE;
        assert_int_equal(history_append(want, log, 1, most, false, &fault), 0);
        assert_int_equal(log_end(log), 2 * TOY_SEGMENT);
        assert_int_equal(history_append(want, log, 1, most, false, &fault), 0);
        assert_int_equal(history_append(want, log, 1, 1, false, &fault), 0);
        assert_int_equal(log_sync(log, &fault), 0);
        log_close(&log);
        stage_again(&stage);
        log = opened(stage.driver, 0, seen);
        assert_same(seen, want, 1);
        log_close(&log);
        free(want);
        free(seen);
    }
}

// A driver whose disk is full once it has so many files.
struct small_disk {
    struct log_driver inner;
    uint64_t most;
};

static int
small_create(
    void *state, uint64_t file, uint64_t size, uint64_t budget, bool *whole_out)
{
    struct small_disk *disk = state;
    if (file >= disk->most)
        return ENOSPC;
    return disk->inner.create(disk->inner.state, file, size, budget, whole_out);
}

static int
small_count(void *state, uint64_t *files_out)
{
    struct small_disk *disk = state;
    return disk->inner.count(disk->inner.state, files_out);
}

static int
small_size(void *state, uint64_t file, uint64_t *size_out)
{
    struct small_disk *disk = state;
    return disk->inner.size(disk->inner.state, file, size_out);
}

static int
small_read(void *state, uint64_t file, uint64_t at, void *out, size_t size)
{
    struct small_disk *disk = state;
    return disk->inner.read(disk->inner.state, file, at, out, size);
}

static int
small_write(void *state, uint64_t file, uint64_t at, const void *bytes, size_t size)
{
    struct small_disk *disk = state;
    return disk->inner.write(disk->inner.state, file, at, bytes, size);
}

static int
small_sync(void *state, uint64_t file)
{
    struct small_disk *disk = state;
    return disk->inner.sync(disk->inner.state, file);
}

static struct log_driver
small_driver(struct small_disk *disk)
{
    return (struct log_driver){"small", disk, small_create, small_count, small_size,
        small_read, small_write, small_sync, lent_close};
}

static void
fill(struct history *want, struct log *log, bool urgent, uint64_t *batches_out)
{
    struct fault fault = FAULT_NONE;
    enum wire_err err = WIRE_OK;
    for (*batches_out = 0; !err; ++*batches_out)
        err = history_append(want, log, 1, 3000, urgent, &fault);
    assert_int_equal(err, WIRE_STORE_FULL);
    --*batches_out;
}

static void
a_full_disk_refuses_submissions_and_keeps_a_segment_for_kills(void **state)
{
    (void)state;
    struct small_disk disk = {memory_log(), 4};
    struct history *want = history_new(), *seen = history_new();
    struct fault fault = FAULT_NONE;
    want->first = 1;
    struct log *log = opened(small_driver(&disk), 0, want);
    uint64_t batches;
    fill(want, log, false, &batches);
    assert_int_equal(batches, 3 * 8 - 2); // less the two openings
    fill(want, log, false, &batches);
    assert_int_equal(batches, 0);
    assert_int_equal(history_append(want, log, 1, 3000, true, &fault), 0);
    fill(want, log, false, &batches);
    assert_int_equal(batches, 0); // the rest of that segment is for kills too
    fill(want, log, true, &batches);
    assert_int_equal(batches, 7);
    assert_int_equal(log_sync(log, &fault), 0);

    // The log opens on the full disk, and goes on as soon as something is filed.
    log_close(&log);
    log = opened(small_driver(&disk), 0, seen);
    assert_int_equal(seen->count, want->count);
    fill(want, log, true, &batches);
    assert_int_equal(batches, 0);
    log_trim(log, want->ends[want->count - 1]);
    fill(want, log, false, &batches);
    assert_int_equal(batches, 2 * 8 - 1); // three segments are free, one is kept back
    assert_int_equal(log_sync(log, &fault), 0);
    log_close(&log);
    disk.inner.close(disk.inner.state);
    free(want);
    free(seen);
}

static void
prepare_makes_two_segments_in_short_steps_and_then_rests(void **state)
{
    (void)state;
    struct log_settings settings = toy_settings();
    settings.segment_bytes = (uint64_t)3 << 20;
    struct log_driver memory, counted;
    struct fault fault = FAULT_NONE;
    struct log *log;
    uint64_t calls = 0;
    assert_int_equal(log_driver_memory(&memory), WIRE_OK);
    assert_int_equal(log_create(&memory, &settings, &fault), WIRE_OK);
    assert_int_equal(log_driver_flaky(memory, 0, 0, false, &calls, &counted), WIRE_OK);
    assert_int_equal(
        log_open(counted, &settings, 0, history_replay, NULL, &log, &fault), WIRE_OK);
    uint64_t before = calls;
    for (int i = 0; i < 20; i++)
        log_prepare(log);
    assert_int_equal(calls - before, 6);
    assert_int_equal(files_of(memory), 3);
    log_close(&log);
}

static void
another_store_s_log_is_refused(void **state)
{
    (void)state;
    struct log_driver driver = memory_log();
    for (int which = 0; which < 2; which++) {
        struct log_settings settings = toy_settings();
        struct fault fault = FAULT_NONE;
        struct log *log = NULL;
        settings.epoch += which == 0;
        settings.store_id[15] ^= which == 1;
        assert_int_equal(
            log_open(lent(driver), &settings, 0, history_replay, NULL, &log, &fault),
            WIRE_STORE_MISMATCH);
        assert_string_equal(fault.field, "000000.log");
        assert_null(log);
    }
    driver.close(driver.state);
}

static void
a_log_that_ends_before_what_is_filed_is_refused(void **state)
{
    (void)state;
    struct log_driver driver = memory_log();
    struct log_settings settings = toy_settings();
    struct log *log = NULL;
    for (uint64_t from = LOG_BLOCK + 1; from < 9 * TOY_SEGMENT; from += LOG_BLOCK) {
        struct fault fault = FAULT_NONE;
        assert_int_equal(
            log_open(lent(driver), &settings, from, history_replay, NULL, &log, &fault),
            WIRE_STORE_MISMATCH);
    }
    driver.close(driver.state);
}

static void
a_log_is_not_made_over_another(void **state)
{
    (void)state;
    struct log_driver driver = memory_log();
    struct log_settings settings = toy_settings();
    struct fault fault = FAULT_NONE;
    assert_int_equal(log_create(&driver, &settings, &fault), WIRE_STORE_MISMATCH);
    driver.close(driver.state);
}

static void
an_odd_segment_size_is_a_bad_setting(void **state)
{
    (void)state;
    static const uint64_t bad[] = {
        0, 1, LOG_BLOCK, LOG_BLOCK * 2 + 1, LOG_BLOCK * 3 - 512};
    for (size_t i = 0; i < LENGTH(bad); i++) {
        struct log_driver driver;
        struct log_settings settings = toy_settings();
        struct fault fault = FAULT_NONE;
        settings.segment_bytes = bad[i];
        assert_int_equal(log_driver_memory(&driver), WIRE_OK);
        assert_int_equal(log_create(&driver, &settings, &fault), WIRE_BAD_SETTING);
        driver.close(driver.state);
    }
}

static void
the_log_says_its_segment_size_whatever_the_settings_say(void **state)
{
    (void)state;
    struct log_driver driver = memory_log();
    struct log_settings settings = toy_settings();
    struct fault fault = FAULT_NONE;
    struct log *log = NULL;
    settings.segment_bytes = 64 * LOG_BLOCK;
    assert_int_equal(
        log_open(lent(driver), &settings, 0, history_replay, NULL, &log, &fault),
        WIRE_OK);
    assert_int_equal(log_reserve(log, TOY_SEGMENT, 1, false, &fault), WIRE_TOO_LARGE);
    log_close(&log);
    driver.close(driver.state);
}

struct refusal {
    enum wire_err code;
    int calls;
};

static enum wire_err
refuse_third(void *context, const struct log_batch *batch)
{
    struct refusal *r = context;
    (void)batch;
    return ++r->calls == 3 ? r->code : WIRE_OK;
}

static void
an_error_of_replay_ends_it_and_writes_nothing(void **state)
{
    (void)state;
    struct log_driver driver = memory_log();
    struct history *want = history_new();
    struct fault fault = FAULT_NONE;
    want->first = 1;
    struct log *log = opened(driver, 0, want);
    for (int i = 0; i < 5; i++)
        assert_int_equal(history_append(want, log, 1, 10, false, &fault), 0);
    assert_int_equal(log_sync(log, &fault), 0);
    log_close(&log);
    struct image before = image_of(driver);
    struct log_settings settings = toy_settings();
    // a full disk is forgiven where the log makes room for itself, not where it is filed
    struct refusal refusals[] = {
        {WIRE_NO_MEMORY,  0},
        {WIRE_STORE_FULL, 0}
    };
    for (size_t i = 0; i < LENGTH(refusals); i++) {
        struct refusal *r = &refusals[i];
        assert_int_equal(
            log_open(lent(driver), &settings, 0, refuse_third, r, &log, &fault),
            r->code);
        assert_int_equal(r->calls, 3);
        assert_null(log);
    }
    struct image after = image_of(driver);
    for (uint64_t f = 0; f < before.files; f++)
        assert_memory_equal(before.bytes[f], after.bytes[f], before.sizes[f]);
    image_free(&before);
    image_free(&after);
    driver.close(driver.state);
    free(want);
}

static void
a_segment_cut_short_in_the_making_is_made_again(void **state)
{
    (void)state;
    struct stage stage;
    stage_open(&stage, 1);
    char path[128];
    (void)snprintf(path, sizeof path, "%s/making.new", stage.directory);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fputs("half a segment", file) < 0, 0);
    assert_int_equal(fclose(file), 0);
    stage_again(&stage);
    struct history *seen = history_new();
    struct log *log = opened(stage.driver, 0, seen);
    log_prepare(log);
    log_prepare(log);
    assert_int_equal(files_of(stage.driver), 3);
    uint8_t block[LOG_BLOCK];
    static const uint8_t zeros[LOG_BLOCK];
    for (uint64_t at = 0; at < TOY_SEGMENT; at += LOG_BLOCK) {
        assert_int_equal(
            stage.driver.read(stage.driver.state, 1, at, block, LOG_BLOCK), 0);
        assert_memory_equal(block, zeros, LOG_BLOCK);
    }
    log_close(&log);
    stage_close(&stage);
    free(seen);
}

struct glimpse {
    uint64_t peeked, replayed; // records
};

static enum wire_err
peek(void *context, const struct log_batch *batch)
{
    struct glimpse *g = context;
    assert_int_equal(g->replayed, 0);
    assert_int_equal(batch->records[0].size, 500);
    g->peeked += batch->count;
    return WIRE_OK;
}

static enum wire_err
replay_after(void *context, const struct log_batch *batch)
{
    struct glimpse *g = context;
    g->replayed += batch->count;
    assert_true(g->replayed <= g->peeked);
    return WIRE_OK;
}

// What a late record says of an earlier one must be known before that is replayed.
static void
all_that_is_to_be_replayed_is_shown_before_the_first_is(void **state)
{
    (void)state;
    struct log_driver driver = memory_log();
    struct history *want = history_new();
    struct fault fault = FAULT_NONE;
    struct log *log = opened(driver, 0, want);
    want->first = 1;
    for (int i = 0; i < 20; i++)
        assert_int_equal(history_append(want, log, 2, 500, false, &fault), WIRE_OK);
    assert_int_equal(log_sync(log, &fault), WIRE_OK);
    log_close(&log);
    for (uint64_t filed = 0; filed < want->count; filed += 10) {
        struct glimpse seen = {0};
        struct log_settings settings = toy_settings();
        settings.peek = peek;
        uint64_t from = filed ? want->ends[filed - 1] : 0;
        assert_int_equal(
            log_open(lent(driver), &settings, from, replay_after, &seen, &log, &fault),
            WIRE_OK);
        assert_int_equal(seen.peeked, want->count - filed);
        assert_int_equal(seen.replayed, seen.peeked);
        log_close(&log);
    }
    driver.close(driver.state);
    free(want);
}

static void
a_directory_that_is_not_there_is_said(void **state)
{
    (void)state;
    struct log_driver driver;
    struct fault fault = FAULT_NONE;
    assert_int_equal(log_driver_local("/nonexistent/log", &driver, &fault), WIRE_IO);
    assert_string_equal(fault.field, "/nonexistent/log");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_appended_is_replayed_in_order_after_every_open),
        cmocka_unit_test(replay_begins_at_any_boundary_and_nowhere_else),
        cmocka_unit_test(segments_behind_the_checkpoint_are_used_again_for_ever),
        cmocka_unit_test(an_untrimmed_log_keeps_every_segment),
        cmocka_unit_test(
            a_batch_as_large_as_a_segment_fits_and_one_byte_more_is_refused),
        cmocka_unit_test(a_full_disk_refuses_submissions_and_keeps_a_segment_for_kills),
        cmocka_unit_test(prepare_makes_two_segments_in_short_steps_and_then_rests),
        cmocka_unit_test(another_store_s_log_is_refused),
        cmocka_unit_test(a_log_that_ends_before_what_is_filed_is_refused),
        cmocka_unit_test(a_log_is_not_made_over_another),
        cmocka_unit_test(an_odd_segment_size_is_a_bad_setting),
        cmocka_unit_test(the_log_says_its_segment_size_whatever_the_settings_say),
        cmocka_unit_test(an_error_of_replay_ends_it_and_writes_nothing),
        cmocka_unit_test(a_segment_cut_short_in_the_making_is_made_again),
        cmocka_unit_test(all_that_is_to_be_replayed_is_shown_before_the_first_is),
        cmocka_unit_test(a_directory_that_is_not_there_is_said),
    };
    return hash_init() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
