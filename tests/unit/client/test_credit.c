// The arithmetic of the window, without a socket.
#include "credit.h"
#include "unit/check.h"

static void
an_empty_window_admits_one_of_any_size(void **state)
{
    struct credit credit;
    (void)state;
    credit_begin(&credit, (struct amount){0, 0});
    assert_true(credit_admits(&credit, 1U << 30));
    credit_take(&credit, 1U << 30);
    assert_false(credit_admits(&credit, 0));
}

static void
bytes_and_messages_both_bound_it(void **state)
{
    static const struct {
        struct amount granted;
        uint64_t size;
        unsigned fit;
    } rows[] = {
        {{100, 3},        10,  3   },
        {{100, 1000},     10,  10  },
        {{100, 1000},     33,  3   },
        {{100, 1000},     101, 1   },
        {{0, 1000},       0,   1000},
        {{UINT64_MAX, 2}, 7,   2   },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct credit credit;
        unsigned sent = 0;
        credit_begin(&credit, rows[i].granted);
        for (; sent < 2000 && credit_admits(&credit, rows[i].size); sent++)
            credit_take(&credit, rows[i].size);
        assert_int_equal(sent, rows[i].fit);
    }
}

static void
an_answer_gives_back_what_was_taken_and_no_more(void **state)
{
    struct credit credit;
    (void)state;
    credit_begin(&credit, (struct amount){10, 10});
    credit_take(&credit, 1000);
    credit_return(&credit, 1000);
    credit_take(&credit, 1);
    assert_true(credit_admits(&credit, 9));
    assert_false(credit_admits(&credit, 10));
    credit_return(&credit, 1);
    credit_return(&credit, 1); // an answer too many
    assert_int_equal(credit.inside.messages, 0);
    assert_int_equal(credit.inside.bytes, 0);
}

static void
a_grant_near_the_end_of_numbers_does_not_wrap(void **state)
{
    struct credit credit;
    (void)state;
    credit_begin(&credit, (struct amount){10, 10});
    credit_grow(&credit, (struct amount){UINT64_MAX, UINT64_MAX});
    credit_take(&credit, 5);
    assert_true(credit_admits(&credit, 1U << 20));
}

static void
more_is_wanted_once_and_never_beyond_what_a_daemon_gives(void **state)
{
    struct credit credit;
    struct amount want = {0, 0};
    (void)state;
    credit_begin(&credit, (struct amount){100, 10});
    assert_false(credit_want(&credit, (struct amount){100, 10}, &want));
    assert_true(credit_want(&credit, (struct amount){101, 1}, &want));
    assert_int_equal(want.bytes, 101);
    assert_int_equal(want.messages, 10);
    assert_false(credit_want(&credit, (struct amount){101, 1}, &want));
    assert_true(credit_want(&credit, (struct amount){1ULL << 40, 1}, &want));
    assert_int_equal(want.bytes, CREDIT_WANT_BYTES);
    assert_false(credit_want(&credit, (struct amount){1ULL << 41, 1}, &want));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_window_admits_one_of_any_size),
        cmocka_unit_test(bytes_and_messages_both_bound_it),
        cmocka_unit_test(an_answer_gives_back_what_was_taken_and_no_more),
        cmocka_unit_test(a_grant_near_the_end_of_numbers_does_not_wrap),
        cmocka_unit_test(more_is_wanted_once_and_never_beyond_what_a_daemon_gives),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
