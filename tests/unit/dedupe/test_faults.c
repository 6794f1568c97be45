// A look-up that fails must never pass for a miss: an item would be filed twice, a kill
// would be overtaken.
#include "base/bytes.h"
#include "desk.h"

// Flips a bit in every value that is long enough to be pages of a segment.
static void
spoil_pages(const char *path)
{
    struct blobs *blobs = NULL;
    struct blobs_read *read = NULL;
    struct fault fault = FAULT_NONE;
    struct slice key = slice_of(NULL, 0), value;
    uint8_t keys[8][16], page[4096];
    size_t sizes[8], count = 0;
    assert_int_equal(blobs_open(path, 0, &blobs, &fault), WIRE_OK);
    assert_int_equal(blobs_read_begin(blobs, &read), WIRE_OK);
    while (blobs_next(read, key, &key, &value) == WIRE_OK) {
        if (value.size < sizeof page)
            continue;
        assert_true(count < LENGTH(keys) && key.size <= sizeof *keys);
        memcpy(keys[count], key.data, sizes[count] = key.size);
        count++;
    }
    assert_true(count > 0);
    for (size_t i = 0; i < count; i++) {
        key = slice_of(keys[i], sizes[i]);
        assert_int_equal(blobs_get(read, key, &value), WIRE_OK);
        uint8_t *copy = malloc(value.size);
        assert_non_null(copy);
        memcpy(copy, value.data, value.size);
        for (size_t at = 100; at < value.size; at += sizeof page)
            copy[at] ^= 1;
        assert_int_equal(blobs_begin(blobs), WIRE_OK);
        blobs_put(blobs, key, slice_of(copy, value.size));
        assert_int_equal(blobs_end(blobs, &fault), WIRE_OK);
        free(copy);
    }
    blobs_read_end(&read);
    blobs_close(&blobs);
}

static void
flush_and_reopen(struct desk *desk, bool spoil)
{
    char path[128];
    struct fault fault = FAULT_NONE;
    const struct store_identity identity = *store_who(desk->store);
    desk_path(desk, "index", path);
    uint64_t record = desk->next.record - 1;
    while (index_flush(desk->index, record, index_mark(desk->index), &fault))
        ;
    assert_int_equal(fault.code, WIRE_OK);
    index_close(&desk->index);
    if (spoil)
        spoil_pages(path);
    const struct index_settings settings = {.path = path};
    assert_int_equal(index_open(&settings, &identity, &desk->index, &fault), WIRE_OK);
    assert_int_equal(index_covered(desk->index), record);
}

static void
a_bad_page_of_the_index_fails_the_record_instead_of_making_its_items_new(void **state)
{
    (void)state;
    const struct doc doc = {.source = "dpa", .uri = "u", .version = "1", .text = "a"};
    for (unsigned spoil = 0; spoil < 2; spoil++) {
        struct desk desk;
        struct verdict v;
        desk_open(&desk);
        (void)desk_submit(&desk, doc);
        flush_and_reopen(&desk, spoil);
        struct judge_numbers before = desk.next;
        enum wire_err err = desk_judge(&desk, &doc, 1, false, &v);
        assert_int_equal(err, spoil ? WIRE_DAMAGED : WIRE_OK);
        assert_int_equal(desk.filed, 0);
        assert_int_equal(desk.next.seq, before.seq);
        assert_int_equal(desk.next.record, before.record + !spoil);
        if (!spoil)
            assert_int_equal(v.items[0].outcome, OUTCOME_UNCHANGED);
        desk_close(&desk);
    }
}

static void
a_damaged_index_met_by_all_or_nothing_fails_the_record_too(void **state)
{
    (void)state;
    struct desk desk;
    struct verdict v;
    const struct doc docs[] = {
        {.source = "dpa",
         .uri = "u",
         .version = "1",
         .text = "a",
         .status = PUB_CANCELED},
        {.uri = "bad",     .fate = ITEM_QUARANTINED}
    };
    desk_open(&desk);
    (void)desk_submit(&desk, docs[0]);
    flush_and_reopen(&desk, true);
    assert_int_equal(desk_judge(&desk, docs, 2, true, &v), WIRE_DAMAGED);
    desk_close(&desk);
}

static void
too_little_memory_for_the_verdict_fails_the_record(void **state)
{
    (void)state;
    struct desk desk;
    struct fault fault = FAULT_NONE;
    struct arena little;
    desk_open(&desk);
    arena_init(&little, 8);
    const struct doc doc = {.source = "dpa", .uri = "u", .text = "a"};
    struct prepared_item item = prepared_of(&desk.arena, &doc);
    struct record r = {
        .submission = {.source = SLICE("dpa")},
        .prepared = { .count = 1, .items = &item, .key_version = 1}
    };
    assert_int_equal(judge(desk.txn, desk.index, &r, &desk.next, desk_file, &desk,
                         &little, &r.verdict, &fault),
        WIRE_NO_MEMORY);
    assert_int_equal(fault.code, WIRE_NO_MEMORY);
    assert_int_equal(desk.filed, 0);
    assert_int_equal(desk.next.record, 1);
    arena_fini(&little);
    desk_close(&desk);
}

static void
a_failure_to_file_leaves_the_next_numbers_as_they_were(void **state)
{
    (void)state;
    struct desk desk;
    struct verdict v;
    const struct doc doc = {.source = "dpa", .uri = "u", .text = "a"};
    desk_open(&desk);
    desk.deaf = true;
    assert_int_equal(desk_judge(&desk, &doc, 1, false, &v), WIRE_IO);
    assert_int_equal(desk.filed, 1);
    assert_int_equal(desk.next.record, 1);
    assert_int_equal(desk.next.item, 1);
    assert_int_equal(desk.next.seq, 1);
    desk_close(&desk);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            a_bad_page_of_the_index_fails_the_record_instead_of_making_its_items_new),
        cmocka_unit_test(a_damaged_index_met_by_all_or_nothing_fails_the_record_too),
        cmocka_unit_test(too_little_memory_for_the_verdict_fails_the_record),
        cmocka_unit_test(a_failure_to_file_leaves_the_next_numbers_as_they_were),
    };
    return hash_init() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
