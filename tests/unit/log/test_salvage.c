// A small log is broken batch by batch. Salvage must show exactly the batches that are
// whole, in order, whatever log_open says; log_check must say what log_open says; and
// neither may change a byte.
#include "log/batch.h"
#include "unit/log/world.h"

struct place {
    uint64_t file, at, position;
    uint32_t length, count;
    uint64_t first_record;
};

struct small_log {
    struct image image;
    struct place places[128];
    size_t count;
};

static int
by_position(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    return (x->position > y->position) - (x->position < y->position);
}

static void
list_places(struct small_log *small)
{
    for (uint64_t f = 0; f < small->image.files; f++)
        for (uint64_t at = 0; at < small->image.sizes[f]; at += LOG_BLOCK) {
            struct batch_header h;
            if (!batch_header_read(small->image.bytes[f] + at, at, &h))
                continue;
            assert_true(small->count < LENGTH(small->places));
            small->places[small->count++] =
                (struct place){f, at, h.position, h.length, h.count, h.first_record};
        }
    qsort(small->places, small->count, sizeof *small->places, by_position);
}

// Two incarnations over three segments, batches of one block and of several.
static struct small_log
make_small(void)
{
    struct small_log small = {0};
    struct history *want = history_new();
    struct log_driver driver = memory_log();
    struct fault fault = FAULT_NONE;
    static const size_t sizes[] = {9, 1700, 5000, 64, 9100, 300, 2500};
    want->first = 1;
    for (int round = 0; round < 2; round++) {
        struct history *seen = history_new();
        struct log *log = opened(driver, 0, seen);
        for (size_t i = 0; i < LENGTH(sizes); i++) {
            assert_int_equal(
                history_append(want, log, 1 + (uint32_t)i % 3, sizes[i], false, &fault),
                WIRE_OK);
            assert_int_equal(log_sync(log, &fault), WIRE_OK);
        }
        log_close(&log);
        free(seen);
    }
    small.image = image_of(driver);
    driver.close(driver.state);
    free(want);
    list_places(&small);
    return small;
}

struct shown {
    uint64_t first_records[128], positions[128];
    size_t count;
};

static enum wire_err
note(void *context, const struct log_batch *batch)
{
    struct shown *shown = context;
    assert_true(shown->count < LENGTH(shown->positions));
    for (uint32_t i = 0; i < batch->count; i++) {
        uint8_t want[16384];
        assert_true(batch->records[i].size <= sizeof want);
        record_fill(batch->first_record + i, want, batch->records[i].size);
        assert_memory_equal(batch->records[i].data, want, batch->records[i].size);
    }
    shown->first_records[shown->count] = batch->first_record;
    shown->positions[shown->count++] = batch->position;
    return WIRE_OK;
}

static void
expect_without(const struct small_log *small, size_t broken, uint64_t from)
{
    struct log_driver driver = image_driver(&small->image);
    struct log_settings settings = toy_settings();
    struct shown shown = {0};
    struct log_wreck wreck;
    struct fault fault = FAULT_NONE;
    size_t due = 0;
    assert_int_equal(
        log_salvage(driver, &settings, from, note, &shown, &wreck, &fault), WIRE_OK);
    for (size_t i = 0; i < small->count; i++) {
        const struct place *p = &small->places[i];
        if (i == broken || p->count == 0 || p->position < from)
            continue;
        assert_true(due < shown.count);
        assert_int_equal(shown.positions[due], p->position);
        assert_int_equal(shown.first_records[due++], p->first_record);
    }
    assert_int_equal(shown.count, due);
    assert_int_equal(wreck.segment_bytes, TOY_SEGMENT);
}

static void
whatever_batch_is_broken_all_others_are_shown(void **state)
{
    (void)state;
    struct small_log small = make_small();
    expect_without(&small, SIZE_MAX, 0);
    expect_without(&small, SIZE_MAX, small.places[5].position);
    for (size_t i = 0; i < small.count; i++) {
        const struct place *p = &small.places[i];
        uint8_t *header = small.image.bytes[p->file] + p->at;
        uint8_t *body = header + BATCH_HEADER + p->length / 2;
        header[60] ^= 1;
        if (small.image.files > 1)
            expect_without(&small, i, 0);
        header[60] ^= 1;
        if (p->length == 0)
            continue;
        *body ^= 1;
        expect_without(&small, i, 0);
        *body ^= 1;
    }
    image_free(&small.image);
}

static void
a_log_whose_files_begin_with_no_batch_shows_nothing(void **state)
{
    (void)state;
    struct small_log small = make_small();
    for (uint64_t f = 0; f < small.image.files; f++)
        small.image.bytes[f][0] ^= 1;
    struct log_settings settings = toy_settings();
    struct shown shown = {0};
    struct log_wreck wreck;
    struct fault fault = FAULT_NONE;
    assert_int_equal(log_salvage(image_driver(&small.image), &settings, 0, note, &shown,
                         &wreck, &fault),
        WIRE_OK);
    assert_int_equal(shown.count, 0);
    assert_int_equal(wreck.segment_bytes, 0);
    image_free(&small.image);
}

// Where every batch has been filed there is none left to show.
static void
behind_the_end_there_is_nothing_to_show(void **state)
{
    (void)state;
    struct small_log small = make_small();
    const struct place *last = &small.places[small.count - 1];
    expect_without(&small, SIZE_MAX, last->position + batch_padded(last->length));
    image_free(&small.image);
}

static void
expect_same_verdict(const struct small_log *small)
{
    struct log_driver driver = image_driver(&small->image);
    struct log_settings settings = toy_settings();
    struct fault checked = FAULT_NONE, opened = FAULT_NONE;
    struct history *seen = history_new();
    struct log *log = NULL;
    enum wire_err check = log_check(lent(driver), &settings, 0, &checked);
    struct image after = image_of(driver);
    for (uint64_t f = 0; f < after.files; f++)
        assert_memory_equal(after.bytes[f], small->image.bytes[f], after.sizes[f]);
    image_free(&after);
    assert_int_equal(
        log_open(driver, &settings, 0, history_replay, seen, &log, &opened), check);
    assert_string_equal(checked.words, opened.words);
    log_close(&log);
    free(seen);
}

static void
check_says_what_open_says_and_writes_nothing(void **state)
{
    (void)state;
    struct small_log small = make_small();
    expect_same_verdict(&small);
    for (size_t i = 0; i < small.count; i++) {
        small.image.bytes[small.places[i].file][small.places[i].at + 60] ^= 1;
        expect_same_verdict(&small);
        small.image.bytes[small.places[i].file][small.places[i].at + 60] ^= 1;
    }
    image_free(&small.image);
}

// A sector that can't be read costs its own batch.
static void
a_call_that_fails_costs_at_most_one_batch_or_is_said(void **state)
{
    (void)state;
    struct small_log small = make_small();
    struct log_settings settings = toy_settings();
    struct shown all = {0};
    struct log_wreck wreck;
    struct fault fault = FAULT_NONE;
    uint64_t calls = 0;
    struct log_driver flaky;
    assert_int_equal(
        log_driver_flaky(image_driver(&small.image), 0, EIO, false, &calls, &flaky), 0);
    assert_int_equal(
        log_salvage(flaky, &settings, 0, note, &all, &wreck, &fault), WIRE_OK);
    for (uint64_t n = 1, last = calls; n <= last; n++) {
        struct shown shown = {0};
        fault = FAULT_NONE;
        assert_int_equal(
            log_driver_flaky(image_driver(&small.image), n, EIO, false, &calls, &flaky),
            0);
        enum wire_err err =
            log_salvage(flaky, &settings, 0, note, &shown, &wreck, &fault);
        assert_true(err == WIRE_IO || (!err && shown.count + 1 >= all.count));
    }
    image_free(&small.image);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_batch_is_broken_all_others_are_shown),
        cmocka_unit_test(a_log_whose_files_begin_with_no_batch_shows_nothing),
        cmocka_unit_test(behind_the_end_there_is_nothing_to_show),
        cmocka_unit_test(check_says_what_open_says_and_writes_nothing),
        cmocka_unit_test(a_call_that_fails_costs_at_most_one_batch_or_is_said),
    };
    return hash_init() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
