// Bytes that change on the disk. A small log is broken at every byte in turn, and the
// verdict must be exactly what the rule says: whatever is proved by a later header to have
// been synced is damage; what nothing proves is the end of the log, and then every record
// before it is replayed and none after.
#include "base/bytes.h"
#include "log/batch.h"
#include "unit/log/world.h"

struct extent {
    uint64_t file, at, size; // bytes that the sums cover
    uint64_t position, end, synced;
    uint64_t records_before, count;
};

struct small_log {
    struct image image;
    struct history *want;
    struct extent extents[128];
    size_t count;
};

// The batches of the log, read from its bytes by position: an account of its own, made
// from headers only, to hold against what log_open finds.
static void
list_extents(struct small_log *small)
{
    uint64_t records = 0;
    for (uint64_t position = 0;; position += LOG_BLOCK) {
        bool any = false;
        for (uint64_t f = 0; f < small->image.files; f++) {
            struct batch_header h;
            uint64_t at = position % TOY_SEGMENT;
            if (!batch_header_read(small->image.bytes[f] + at, at, &h) ||
                h.segment != position / TOY_SEGMENT)
                continue;
            any = true;
            assert_true(small->count < LENGTH(small->extents));
            small->extents[small->count++] =
                (struct extent){f, at, BATCH_HEADER + h.length, position,
                    position + batch_padded(h.length), h.synced, records, h.count};
            records += h.count;
        }
        if (!any && position / TOY_SEGMENT > small->image.files)
            return;
    }
}

// Three incarnations over three segments, some batches unsynced at the end.
static struct small_log
make_small(void)
{
    struct small_log small = {.want = history_new()};
    struct log_driver driver = memory_log();
    struct fault fault = FAULT_NONE;
    static const size_t sizes[] = {9, 1700, 300, 5000, 64, 4100, 0, 2500};
    small.want->first = 1;
    for (int round = 0; round < 3; round++) {
        struct history *seen = history_new();
        struct log *log = opened(driver, 0, seen);
        for (size_t i = 0; i < LENGTH(sizes) - (round == 2 ? 2 : 3); i++) {
            assert_int_equal(history_append(small.want, log, 1 + (uint32_t)i % 2,
                                 sizes[i], false, &fault),
                0);
            if (i % 3 == 0)
                assert_int_equal(log_sync(log, &fault), 0);
        }
        log_close(&log);
        free(seen);
    }
    small.image = image_of(driver);
    driver.close(driver.state);
    list_extents(&small);
    return small;
}

static void
free_small(struct small_log *small)
{
    image_free(&small->image);
    free(small->want);
}

// What a broken batch i means, from the rule alone.
static bool
is_proved(const struct small_log *small, size_t broken)
{
    for (size_t i = broken + 1; i < small->count; i++)
        if (small->extents[i].synced > small->extents[broken].position)
            return true;
    return false;
}

static void
check_open(const struct small_log *small, size_t broken)
{
    struct log_driver driver = image_driver(&small->image);
    struct log_settings settings = toy_settings();
    struct history *seen = history_new();
    struct fault fault = FAULT_NONE;
    struct log *log = NULL;
    const struct extent *e = &small->extents[broken];
    enum wire_err err =
        log_open(lent(driver), &settings, 0, history_replay, seen, &log, &fault);
    if (is_proved(small, broken)) {
        assert_int_equal(err, WIRE_DAMAGED);
        assert_int_equal(seen->count, 0);
        assert_null(log);
    } else {
        assert_int_equal(err, WIRE_OK);
        assert_int_equal(seen->count, e->records_before);
        assert_int_equal(log_end(log), e->position + LOG_BLOCK); // the opening
        log_close(&log);
    }
    driver.close(driver.state);
    free(seen);
}

static void
a_bit_flipped_at_any_byte_is_the_end_or_damage_as_the_rule_says(void **state)
{
    (void)state;
    struct small_log small = make_small();
    size_t proved = 0;
    for (size_t i = 0; i < small.count; i++) {
        const struct extent *e = &small.extents[i];
        // Bodies of several blocks in strides; headers and edges whole.
        for (uint64_t b = 0; b < e->size; b += b < 200 || e->size - b < 40 ? 1 : 37) {
            uint8_t *byte = &small.image.bytes[e->file][e->at + b];
            uint8_t kept = *byte;
            *byte ^= (uint8_t)(1u << (b % 8));
            // Position 0 is where the log's own number is learned from, when it can be.
            if (!(i == 0 && b < BATCH_HEADER))
                check_open(&small, i);
            *byte = kept;
        }
        proved += is_proved(&small, i);
    }
    assert_in_range(proved, 10, small.count - 1); // both verdicts were met
    free_small(&small);
}

static void
a_broken_very_first_header_is_never_taken_for_an_empty_log(void **state)
{
    (void)state;
    struct small_log small = make_small();
    for (uint64_t b = 0; b < BATCH_HEADER; b++) {
        struct log_settings settings = toy_settings();
        struct fault fault = FAULT_NONE;
        struct log *log = NULL;
        small.image.bytes[small.extents[0].file][b] ^= 0x10;
        struct log_driver driver = image_driver(&small.image);
        assert_int_equal(
            log_open(driver, &settings, 0, history_replay, NULL, &log, &fault),
            WIRE_DAMAGED);
        small.image.bytes[small.extents[0].file][b] ^= 0x10;
    }
    free_small(&small);
}

static void
padding_and_unused_blocks_mean_nothing(void **state)
{
    (void)state;
    struct small_log small = make_small();
    for (size_t i = 0; i < small.count; i++) {
        const struct extent *e = &small.extents[i];
        for (uint64_t b = e->size; b < e->end - e->position; b++)
            small.image.bytes[e->file][e->at + b] = 0xee;
    }
    struct log_driver driver = image_driver(&small.image);
    struct history *seen = history_new();
    struct log *log = opened(driver, 0, seen);
    assert_int_equal(seen->count, small.want->count);
    log_close(&log);
    driver.close(driver.state);
    free(seen);
    free_small(&small);
}

static void
a_file_cut_to_any_length_is_damage(void **state)
{
    (void)state;
    struct small_log small = make_small();
    for (uint64_t f = 0; f < small.image.files; f++) {
        uint64_t whole = small.image.sizes[f];
        for (uint64_t size = 0; size < whole; size += size % LOG_BLOCK < 3 ? 1 : 511) {
            struct log_settings settings = toy_settings();
            struct fault fault = FAULT_NONE;
            struct log *log = NULL;
            small.image.sizes[f] = size;
            struct log_driver driver = image_driver(&small.image);
            assert_int_equal(
                log_open(driver, &settings, 0, history_replay, NULL, &log, &fault),
                WIRE_DAMAGED);
        }
        small.image.sizes[f] = whole;
    }
    free_small(&small);
}

// Every block of the log zeroed in turn, as after a write that never arrived.
static void
a_lost_block_is_the_end_or_damage_as_the_rule_says(void **state)
{
    (void)state;
    struct small_log small = make_small();
    for (size_t i = 1; i < small.count; i++) {
        const struct extent *e = &small.extents[i];
        for (uint64_t b = 0; b < e->size; b += LOG_BLOCK) {
            uint8_t kept[LOG_BLOCK], *block = small.image.bytes[e->file] + e->at + b;
            memcpy(kept, block, LOG_BLOCK);
            memset(block, 0, LOG_BLOCK);
            check_open(&small, i);
            memcpy(block, kept, LOG_BLOCK);
        }
    }
    free_small(&small);
}

static void
damage_names_the_file_and_the_position(void **state)
{
    (void)state;
    struct small_log small = make_small();
    const struct extent *e = &small.extents[1];
    small.image.bytes[e->file][e->at + 150] ^= 1;
    struct log_driver driver = image_driver(&small.image);
    struct log_settings settings = toy_settings();
    struct fault fault = FAULT_NONE;
    struct log *log = NULL;
    assert_int_equal(log_open(driver, &settings, 0, history_replay, NULL, &log, &fault),
        WIRE_DAMAGED);
    assert_int_equal(fault.at, e->position);
    assert_string_equal(fault.field, "000000.log");
    assert_non_null(strstr(fault.words, "segment 0 is broken at 4096"));
    free_small(&small);
}

// Whoever sends articles chooses what lies in the blocks of a batch after the first. A
// copy of a header there, true but for the key, must never count as one.
static void
a_record_that_looks_like_headers_is_only_a_record(void **state)
{
    (void)state;
    static uint8_t evil[3 * LOG_BLOCK];
    struct log_driver driver = memory_log();
    struct fault fault = FAULT_NONE;
    struct history *seen = history_new();
    struct log *log = opened(driver, 0, seen);
    uint64_t position = log_end(log), end;
    struct log_settings settings = toy_settings();
    for (uint64_t b = 1; b < 4; b++) {
        struct batch_header fake = {
            .origin = {.epoch = settings.epoch,
                       .key = 0x1234,
                       .segment_bytes = TOY_SEGMENT},
            .position = position + b * LOG_BLOCK,
            .synced = position + b * LOG_BLOCK,
            .incarnation = 2
        };
        memcpy(fake.origin.store_id, settings.store_id, sizeof settings.store_id);
        uint8_t block[LOG_BLOCK];
        batch_pack(&fake, NULL, 1, 0, block);
        size_t shift = BATCH_HEADER + 4; // where the record begins in the first block
        size_t at = b * LOG_BLOCK - shift;
        memcpy(evil + at, block,
            at + BATCH_HEADER <= sizeof evil ? BATCH_HEADER : sizeof evil - at);
    }
    struct slice record = slice_of(evil, sizeof evil);
    struct digest hash = {0};
    struct log_records records = {&record, 1, 1, 1, 1, &hash};
    assert_int_equal(log_reserve(log, sizeof evil, 1, false, &fault), 0);
    assert_int_equal(log_append(log, &records, &end, &fault), 0);
    log_close(&log);
    struct image image = image_of(driver);
    driver.close(driver.state);
    image.bytes[0][position + 150] ^=
        1; // the batch is torn: the fakes lie behind the end
    driver = image_driver(&image);
    log = opened(driver, 0, seen);
    assert_int_equal(seen->count, 0);
    assert_int_equal(log_end(log), position + LOG_BLOCK);
    log_close(&log);
    driver.close(driver.state);
    image_free(&image);
    free(seen);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            a_bit_flipped_at_any_byte_is_the_end_or_damage_as_the_rule_says),
        cmocka_unit_test(a_broken_very_first_header_is_never_taken_for_an_empty_log),
        cmocka_unit_test(padding_and_unused_blocks_mean_nothing),
        cmocka_unit_test(a_file_cut_to_any_length_is_damage),
        cmocka_unit_test(a_lost_block_is_the_end_or_damage_as_the_rule_says),
        cmocka_unit_test(damage_names_the_file_and_the_position),
        cmocka_unit_test(a_record_that_looks_like_headers_is_only_a_record),
    };
    return hash_init() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
