#include "pipeline/tail.h"
#include "unit/check.h"

// A durable batch with the changes first..last.
static struct tail_batch *
batch(uint64_t first, uint64_t last)
{
    struct tail_batch *b = batch_new();
    assert_non_null(b);
    for (uint64_t seq = first; seq <= last; seq++) {
        struct store_change change = {.seq = seq};
        struct store_header header = {.seq = seq};
        struct store_revision revision = {.seq = seq};
        assert_true(batch_add_row(b, &change, &header, &revision));
    }
    b->seq = last;
    return b;
}

static void
push(struct tail *tail, uint64_t first, uint64_t last)
{
    struct tail_batch *b = batch(first, last);
    assert_true(tail_push(tail, b));
    batch_let_go(b);
}

static void
rows_come_in_order_from_any_place(void **state)
{
    (void)state;
    struct tail tail;
    struct tail_row rows[8];
    assert_true(tail_init(&tail));
    push(&tail, 5, 7);
    push(&tail, 8, 8);
    push(&tail, 9, 12);
    assert_int_equal(tail_copy(&tail, 6, rows, 8), 7);
    for (uint64_t i = 0; i < 7; i++)
        assert_int_equal(rows[i].change.seq, 6 + i);
    tail_release(rows, 7);
    assert_int_equal(tail_copy(&tail, 13, rows, 8), 0);
    tail_fini(&tail);
}

static void
a_place_before_the_tail_gives_nothing(void **state)
{
    (void)state;
    struct tail tail;
    struct tail_row rows[8];
    assert_true(tail_init(&tail));
    assert_int_equal(tail_copy(&tail, 1, rows, 8), 0);
    push(&tail, 5, 7);
    assert_int_equal(tail_copy(&tail, 4, rows, 8), 0);
    tail_fini(&tail);
}

static void
what_holds_much_is_dropped_before_there_are_many_rows(void **state)
{
    (void)state;
    struct tail tail;
    struct tail_row row;
    struct chunk *shared = chunk_new((size_t)40 << 20);
    assert_true(tail_init(&tail));
    assert_non_null(shared);
    for (uint64_t seq = 1; seq <= 3;
         seq++) { // one chunk in two batches, another in one
        struct tail_batch *b = batch(seq, seq);
        struct chunk *mine = seq < 3 ? chunk_hold(shared) : chunk_new((size_t)40 << 20);
        assert_true(batch_hold_chunk(b, &mine));
        assert_true(tail_push(&tail, b));
        batch_let_go(b);
        tail_drop(&tail, seq, 1000);
    }
    assert_int_equal(tail_copy(&tail, 1, &row, 1), 0);
    assert_int_equal(tail_copy(&tail, 2, &row, 1), 1);
    tail_release(&row, 1);
    chunk_let_go(&shared);
    tail_fini(&tail);
}

static void
what_is_not_committed_is_never_dropped(void **state)
{
    (void)state;
    struct tail tail;
    struct tail_row rows[8];
    assert_true(tail_init(&tail));
    push(&tail, 1, 3);
    push(&tail, 4, 6);
    tail_drop(&tail, 5, 0);
    assert_int_equal(tail_copy(&tail, 1, rows, 8), 0);
    assert_int_equal(tail_copy(&tail, 4, rows, 8), 3);
    tail_release(rows, 3);
    tail_drop(&tail, 6, 3); // keeps about three rows
    assert_int_equal(tail_copy(&tail, 4, rows, 8), 3);
    tail_release(rows, 3);
    tail_fini(&tail);
}

static void
a_row_held_outlives_its_batch_in_the_tail(void **state)
{
    (void)state;
    struct tail tail;
    struct tail_row rows[2];
    assert_true(tail_init(&tail));
    push(&tail, 1, 2);
    assert_int_equal(tail_copy(&tail, 1, rows, 2), 2);
    tail_drop(&tail, 2, 0);
    tail_fini(&tail);
    assert_int_equal(rows[1].batch->rows[1].change.seq, 2);
    tail_release(rows, 2);
}

static void
a_tail_of_many_batches_grows(void **state)
{
    (void)state;
    struct tail tail;
    struct tail_row row;
    assert_true(tail_init(&tail));
    for (uint64_t seq = 1; seq <= 3000; seq++)
        push(&tail, seq, seq);
    for (uint64_t seq = 1; seq <= 3000; seq += 7) {
        assert_int_equal(tail_copy(&tail, seq, &row, 1), 1);
        assert_int_equal(row.change.seq, seq);
        tail_release(&row, 1);
    }
    tail_fini(&tail);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_come_in_order_from_any_place),
        cmocka_unit_test(a_place_before_the_tail_gives_nothing),
        cmocka_unit_test(what_is_not_committed_is_never_dropped),
        cmocka_unit_test(a_row_held_outlives_its_batch_in_the_tail),
        cmocka_unit_test(what_holds_much_is_dropped_before_there_are_many_rows),
        cmocka_unit_test(a_tail_of_many_batches_grows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
