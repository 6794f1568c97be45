// Entries of the quarantine: open or settled, counted, found newest first, and read where
// there are only the rows of items that an earlier version filed.
#include "store/record.h"
#include "store/store.h"
#include "unit/store/sample.h"

static struct store_entry
entry_of(uint64_t record, enum entry_state state, uint64_t by)
{
    return (struct store_entry){.record = record,
        .state = state,
        .unread = 2,
        .settled_by = by,
        .sent = SLICE("sent")};
}

static void
entries_are_counted_while_they_are_open(void **state)
{
    (void)state;
    struct place place = place_new();
    struct store *store = sample_new(&place);
    struct store_txn *txn = sample_write(store);
    struct store_entry got, open = entry_of(7, ENTRY_OPEN, 0),
                            other = entry_of(9, ENTRY_OPEN, 0),
                            settled = entry_of(7, ENTRY_RELEASED, 12);
    assert_int_equal(store_entries_open(txn), 0);
    store_put_entry(txn, &open);
    store_put_entry(txn, &other);
    store_put_entry(txn, &other); // filed again after a failed checkpoint
    assert_int_equal(store_entries_open(txn), 2);
    store_put_entry(txn, &settled);
    store_put_entry(txn, &settled);
    assert_int_equal(store_entries_open(txn), 1);
    assert_int_equal(store_get_entry(txn, 7, &got), WIRE_OK);
    assert_int_equal(got.state, ENTRY_RELEASED);
    assert_int_equal(got.settled_by, 12);
    assert_true(slice_is(got.sent, "sent"));
    assert_int_equal(store_get_entry(txn, 8, &got), WIRE_NOT_FOUND);
    assert_int_equal(store_txn_fault(txn), WIRE_OK);
    store_abort_write(&txn);
    store_close(&store);
    place_free(&place);
}

static void
a_batch_that_is_undone_takes_its_count_along(void **state)
{
    (void)state;
    struct place place = place_new();
    struct store *store = sample_new(&place);
    struct store_txn *txn = sample_write(store);
    struct store_entry open = entry_of(7, ENTRY_OPEN, 0);
    assert_int_equal(store_batch_begin(txn), WIRE_OK);
    store_put_entry(txn, &open);
    assert_int_equal(store_entries_open(txn), 1);
    store_batch_abort(txn);
    assert_int_equal(store_entries_open(txn), 0);
    store_abort_write(&txn);
    store_close(&store);
    place_free(&place);
}

static void
they_are_found_from_the_newest_down(void **state)
{
    (void)state;
    struct place place = place_new();
    struct store *store = sample_new(&place);
    struct store_txn *txn = sample_write(store);
    uint64_t record = 0, below = UINT64_MAX;
    static const uint64_t want[] = {40, 9, 3};
    struct store_quarantine old = sample_quarantine(9); // without an entry of its own
    struct store_entry got, third = entry_of(3, ENTRY_OPEN, 0),
                            last = entry_of(40, ENTRY_OPEN, 0);
    store_put_entry(txn, &last);
    store_put_entry(txn, &third);
    store_put_quarantine(txn, &old);
    for (size_t i = 0; i < 3; i++, below = record) {
        assert_int_equal(store_entry_below(txn, below, &record), WIRE_OK);
        assert_int_equal(record, want[i]);
    }
    assert_int_equal(store_entry_below(txn, below, &record), WIRE_NOT_FOUND);
    assert_int_equal(store_get_entry(txn, 9, &got), WIRE_OK);
    assert_int_equal(got.state, ENTRY_OPEN);
    assert_int_equal(got.unread, 1);
    assert_int_equal(got.sent.size, 0);
    store_abort_write(&txn);
    store_close(&store);
    place_free(&place);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_are_counted_while_they_are_open),
        cmocka_unit_test(a_batch_that_is_undone_takes_its_count_along),
        cmocka_unit_test(they_are_found_from_the_newest_down),
    };
    return hash_init() ? cmocka_run_group_tests_name("store/entry", tests, NULL, NULL)
                       : 1;
}
