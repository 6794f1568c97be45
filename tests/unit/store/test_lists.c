// Orders and lists: which revision is current, what one source filed, what came when.
#include "store/store.h"
#include "unit/store/sample.h"

#define NONE TIME_NONE

// Least to greatest; rows of one rank are equal but for arrival.
static const struct {
    int rank;
    struct sort_key key;
} keys[] = {
    {0,  {false, 0, NONE, 1}       },
    {0,  {false, 0, 0, 1}          }, // no time is as 0
    {0,  {false, 99, 0, 1}         }, // an integer that is not there does not count
    {1,  {false, 0, 0, 2}          },
    {2,  {false, 0, 5, 1}          },
    {3,  {false, 0, 9, 1}          },
    {4,  {true, INT64_MIN, NONE, 1}}, // any integer is above none
    {5,  {true, -1, 100, 1}        },
    {6,  {true, 0, NONE, 1}        },
    {7,  {true, 1, NONE, 1}        },
    {7,  {true, 1, 0, 1}           },
    {8,  {true, 1, 5, 1}           },
    {9,  {true, 1, 5, 2}           },
    {10, {true, 1, 5, UINT64_MAX}  },
    {11, {true, 2, NONE, 1}        }, // the integer before the time
    {12, {true, INT64_MAX, NONE, 1}},
};

static void
sort_keys_compare_by_integer_then_time_then_arrival(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        for (size_t j = 0; j < sizeof keys / sizeof *keys; j++) {
            int want = (keys[i].rank > keys[j].rank) - (keys[i].rank < keys[j].rank);
            int got = sort_key_compare(&keys[i].key, &keys[j].key);
            assert_int_equal((got > 0) - (got < 0), want);
        }
}

// ---- by source

static void
a_sources_list_goes_backwards_and_stays_with_the_source(void **state)
{
    (void)state;
    struct place place = place_new();
    struct store *store = sample_new(&place);
    struct store_txn *txn = sample_write(store);
    struct store_meta meta;
    uint64_t seqs[2000];
    store_get_meta(txn, &meta);
    static const char *const names[] = {"afp", "dpa", "city-desk"};
    for (uint64_t n = 1; n <= 900; n++) // afp, dpa, city-desk, afp ...
        sample_file(txn, n, slice_str(names[(n - 1) % 3]), &meta);
    store_put_meta(txn, &meta);
    assert_int_equal(store_add_source(txn, SLICE("silent")), 4);
    for (uint16_t source = 1; source <= 3; source++) {
        assert_int_equal(store_source_list(txn, source, UINT64_MAX, seqs, 2000), 300);
        for (uint64_t i = 0; i < 300; i++)
            assert_int_equal(seqs[i], 897 + source - 3 * i);
        assert_int_equal(store_source_list(txn, source, UINT64_MAX, seqs, 7), 7);
        assert_int_equal(seqs[6], 897 + source - 18);
        // `below` is not in it, whether it is one of the source's or not
        assert_int_equal(store_source_list(txn, source, source + 3, seqs, 9), 1);
        assert_int_equal(seqs[0], source);
        assert_int_equal(store_source_list(txn, source, source + 4U, seqs, 9), 2);
        assert_int_equal(store_source_list(txn, source, source, seqs, 9), 0);
        assert_int_equal(store_source_list(txn, source, 0, seqs, 9), 0);
    }
    assert_int_equal(store_source_list(txn, 4, UINT64_MAX, seqs, 9), 0);
    assert_int_equal(store_source_list(txn, 0, UINT64_MAX, seqs, 9), 0);
    assert_int_equal(store_source_list(txn, UINT16_MAX, UINT64_MAX, seqs, 9), 0);
    assert_int_equal(store_source_list(txn, 1, UINT64_MAX, seqs, 0), 0);
    assert_int_equal(store_txn_fault(txn), WIRE_OK);
    store_abort_write(&txn);
    store_close(&store);
    place_free(&place);
}

static void
a_snapshot_knows_the_sources_it_holds_and_no_later_ones(void **state)
{
    (void)state;
    struct place place = place_new();
    struct store *store = sample_new(&place);
    struct store_txn *txn = sample_write(store);
    assert_int_equal(store_add_source(txn, SLICE("afp")), 1);
    assert_int_equal(store_add_source(txn, SLICE("afp")), 1);
    sample_commit(txn);
    struct store_txn *before = sample_read(store);
    assert_int_equal(store_add_source(txn, SLICE("dpa")), 2);
    struct store_txn *during = sample_read(store);
    sample_commit(txn);
    struct store_txn *after = sample_read(store);
    assert_int_equal(store_source_number(before, SLICE("dpa")), 0);
    assert_int_equal(store_source_number(during, SLICE("dpa")), 0);
    assert_int_equal(store_source_number(after, SLICE("dpa")), 2);
    assert_int_equal(store_source_count(during), 1);
    assert_int_equal(store_source_count(after), 2);
    assert_true(slice_is(store_source_name(before, 1), "afp"));
    assert_int_equal(store_source_name(before, 2).size, 0);
    assert_true(slice_is(store_source_name(after, 2), "dpa"));
    assert_int_equal(store_source_name(after, 0).size, 0);
    store_end_read(&before);
    store_end_read(&during);
    store_end_read(&after);
    store_abort_write(&txn);
    store_close(&store);

    store = sample_open(&place);
    txn = sample_read(store);
    assert_int_equal(store_source_number(txn, SLICE("afp")), 1);
    assert_int_equal(store_source_number(txn, SLICE("dpa")), 2);
    store_end_read(&txn);
    store_close(&store);
    place_free(&place);
}

static void
there_are_65535_sources_and_not_one_more(void **state)
{
    (void)state;
    struct place place = place_new();
    struct store *store = sample_new(&place);
    struct store_txn *txn = sample_write(store);
    char name[65];
    for (uint32_t n = 1; n <= UINT16_MAX; n++) {
        int size = snprintf(name, sizeof name, "source-%u", n);
        if (store_add_source(txn, slice_of(name, (size_t)size)) != n)
            fail_msg("source %u", n);
    }
    assert_int_equal(store_source_count(txn), UINT16_MAX);
    assert_int_equal(store_source_number(txn, SLICE("source-40000")), 40000);
    assert_int_equal(store_source_number(txn, SLICE("source-0")), 0);
    assert_int_equal(store_batch_begin(txn), WIRE_OK);
    assert_int_equal(store_add_source(txn, SLICE("one-more")), 0);
    assert_int_equal(store_batch_end(txn), WIRE_STORE_FULL);
    memset(name, 'a', sizeof name);
    assert_int_equal(store_batch_begin(txn), WIRE_OK);
    assert_int_equal(store_add_source(txn, slice_of(name, 65)), 0);
    assert_int_equal(store_batch_end(txn), WIRE_INTERNAL);
    sample_commit(txn);
    store_abort_write(&txn);
    store_close(&store);
    store = sample_open(&place);
    txn = sample_read(store);
    assert_int_equal(store_source_number(txn, SLICE("source-65535")), UINT16_MAX);
    store_end_read(&txn);
    store_close(&store);
    place_free(&place);
}

// ---- by time

// Against the plain definition, for times with steps, runs of equal times and gaps.
static void
seq_at_is_the_first_seq_at_or_after_the_time(void **state)
{
    (void)state;
    enum { CHANGES = 200 };
    for (unsigned seed = 1; seed <= 5; seed++) {
        struct place place = place_new();
        struct store *store = sample_new(&place);
        struct store_txn *txn = sample_write(store);
        struct store_meta meta;
        int64_t times[CHANGES + 1], now = -50;
        uint32_t random = seed;
        store_get_meta(txn, &meta);
        assert_int_equal(store_seq_at(txn, 0), 1); // empty: head + 1
        assert_int_equal(store_add_source(txn, SLICE("dpa")), 1);
        for (uint64_t seq = 1; seq <= CHANGES; seq++) {
            struct store_change change = sample_change(seq);
            random = random * 1664525 + 1013904223;
            now += random >> 30 ? (int64_t)(random >> 28) % 7 : 0;
            times[seq] = change.house_us = now;
            store_put_change(txn, &change, &meta.hash);
            meta.hash = change.hash;
        }
        meta.seq = CHANGES;
        for (meta.oldest_seq = 1; meta.oldest_seq <= 101; meta.oldest_seq += 100) {
            store_put_meta(txn, &meta);
            for (int64_t us = times[1] - 3; us <= now + 3; us++) {
                uint64_t want = meta.oldest_seq;
                while (want <= CHANGES && times[want] < us)
                    want++;
                assert_int_equal(store_seq_at(txn, us), want);
            }
        }
        assert_int_equal(store_seq_at(txn, INT64_MAX), CHANGES + 1);
        assert_int_equal(store_txn_fault(txn), WIRE_OK);
        store_abort_write(&txn);
        store_close(&store);
        place_free(&place);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sort_keys_compare_by_integer_then_time_then_arrival),
        cmocka_unit_test(a_sources_list_goes_backwards_and_stays_with_the_source),
        cmocka_unit_test(a_snapshot_knows_the_sources_it_holds_and_no_later_ones),
        cmocka_unit_test(there_are_65535_sources_and_not_one_more),
        cmocka_unit_test(seq_at_is_the_first_seq_at_or_after_the_time),
    };
    return hash_init() ? cmocka_run_group_tests_name("store/lists", tests, NULL, NULL)
                       : 1;
}
