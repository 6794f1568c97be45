#include <stdlib.h>

#include "pipeline/order.h"
#include "unit/check.h"

static struct job *
job(uint64_t connection, uint64_t turn)
{
    struct job *j = job_new();
    assert_non_null(j);
    j->connection = connection;
    j->turn = turn;
    return j;
}

static void
expect(struct order *order, uint64_t connection, uint64_t turn)
{
    struct job *j = order_next(order);
    assert_non_null(j);
    assert_int_equal(j->connection, connection);
    assert_int_equal(j->turn, turn);
    job_free(&j);
}

static void
a_connection_comes_out_in_the_order_it_was_sent(void **state)
{
    (void)state;
    struct order order;
    assert_true(order_init(&order));
    assert_true(order_add(&order, job(7, 3)));
    assert_true(order_add(&order, job(7, 2)));
    assert_null(order_next(&order));
    assert_false(order_is_empty(&order));
    assert_true(order_add(&order, job(7, 1)));
    expect(&order, 7, 1);
    expect(&order, 7, 2);
    expect(&order, 7, 3);
    assert_true(order_is_empty(&order));
    order_fini(&order);
}

static void
a_slow_one_holds_back_only_its_own_connection(void **state)
{
    (void)state;
    struct order order;
    assert_true(order_init(&order));
    assert_true(order_add(&order, job(1, 2)));
    assert_true(order_add(&order, job(2, 1)));
    assert_true(order_add(&order, job(1025, 1))); // the same bucket as 1
    expect(&order, 2, 1);
    expect(&order, 1025, 1);
    assert_null(order_next(&order));
    order_fini(&order); // frees the one that waits
}

static void
a_forgotten_connection_still_gets_its_turns(void **state)
{
    (void)state;
    struct order order;
    assert_true(order_init(&order));
    assert_true(order_add(&order, job(1, 2)));
    order_forget(&order, 1, 2);
    assert_int_equal(order.count, 1);
    assert_true(order_add(&order, job(1, 1)));
    assert_int_equal(order.count, 0);
    expect(&order, 1, 1);
    expect(&order, 1, 2);
    order_fini(&order);
}

static void
any_arrival_of_many_connections_keeps_every_order(void **state)
{
    (void)state;
    enum { CONNECTIONS = 20, TURNS = 50 };
    struct job *jobs[CONNECTIONS * TURNS];
    uint64_t turn_of[CONNECTIONS] = {0};
    struct order order;
    assert_true(order_init(&order));
    srand(42);
    for (int i = 0; i < CONNECTIONS * TURNS; i++)
        jobs[i] = job((uint64_t)(i % CONNECTIONS), (uint64_t)(i / CONNECTIONS) + 1);
    for (int i = CONNECTIONS * TURNS - 1; i > 0; i--) {
        int k = rand() % (i + 1);
        struct job *swap = jobs[i];
        jobs[i] = jobs[k];
        jobs[k] = swap;
    }
    for (int i = 0; i < CONNECTIONS * TURNS; i++)
        assert_true(order_add(&order, jobs[i]));
    for (struct job *j; (j = order_next(&order)); job_free(&j))
        assert_int_equal(j->turn, ++turn_of[j->connection]);
    for (int i = 0; i < CONNECTIONS; i++)
        assert_int_equal(turn_of[i], TURNS);
    order_fini(&order);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_connection_comes_out_in_the_order_it_was_sent),
        cmocka_unit_test(a_slow_one_holds_back_only_its_own_connection),
        cmocka_unit_test(a_forgotten_connection_still_gets_its_turns),
        cmocka_unit_test(any_arrival_of_many_connections_keeps_every_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
