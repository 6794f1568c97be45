#include <string.h>

#include "net/grants.h"
#include "unit/net/unit.h"

#define KIB 1024U

static struct grants
small_house(void)
{
    return (struct grants){
        .standing = {64 * KIB,  4 },
        .connection = {256 * KIB, 16},
        .total = {512 * KIB, 32}
    };
}

static void
assert_amount(struct amount amount, uint64_t bytes, uint64_t messages)
{
    assert_int_equal(amount.bytes, bytes);
    assert_int_equal(amount.messages, messages);
}

static void
a_connection_begins_with_the_standing_grant(void **state)
{
    (void)state;
    struct grants grants = small_house();
    struct window window;
    grants_open(&grants, &window);
    assert_amount(window.granted, 64 * KIB, 4);
    assert_amount(grants.granted, 64 * KIB, 4);
    assert_amount(grants_widen(&grants, &window), 0, 0);
}

// What is sent in turn, and how it is received; "in flight" grows with each admitted.
static void
what_is_over_the_grant_is_not_admitted(void **state)
{
    (void)state;
    static const struct {
        uint64_t sizes[5];
        enum admission last;
    } cases[] = {
        {{1},                                          ADMITTED      },
        {{0},                                          ADMITTED      },
        {{64 * KIB},                                   ADMITTED      },
        {{4096 * KIB},                                 ADMITTED      }, // alone: always
        {{1, 64 * KIB},                                ADMISSION_OVER},
        {{1, 64 * KIB - 1},                            ADMITTED      },
        {{4096 * KIB, 1},                              ADMISSION_OVER},
        {{1, 1, 1, 1},                                 ADMITTED      },
        {{1, 1, 1, 1, 1},                              ADMISSION_OVER},
        {{16 * KIB, 16 * KIB, 16 * KIB, 16 * KIB + 1}, ADMISSION_OVER},
        {{1, UINT64_MAX},                              ADMISSION_OVER},
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct grants grants = small_house();
        struct window window;
        enum admission admission = ADMITTED;
        grants_open(&grants, &window);
        for (size_t k = 0; k < 5 && (k == 0 || cases[i].sizes[k]); k++) {
            assert_int_equal(admission, ADMITTED);
            admission = grants_admit(&grants, &window, cases[i].sizes[k]);
        }
        assert_int_equal(admission, cases[i].last);
    }
}

static void
an_answer_gives_its_credit_back(void **state)
{
    (void)state;
    struct grants grants = small_house();
    struct window window;
    grants_open(&grants, &window);
    assert_int_equal(grants_admit(&grants, &window, 64 * KIB), ADMITTED);
    assert_int_equal(grants_admit(&grants, &window, 1), ADMISSION_OVER);
    grants_return(&grants, &window, 64 * KIB);
    assert_amount(window.flight, 0, 0);
    assert_amount(grants.flight, 0, 0);
    assert_int_equal(grants_admit(&grants, &window, 64 * KIB), ADMITTED);
}

static void
want_widens_up_to_the_bound_of_a_connection(void **state)
{
    (void)state;
    struct grants grants = small_house();
    struct window window;
    grants_open(&grants, &window);
    grants_want(&grants, &window, (struct amount){100 * KIB, 4});
    assert_amount(grants_widen(&grants, &window), 36 * KIB, 0);
    grants_want(&grants, &window, (struct amount){UINT64_MAX, UINT64_MAX});
    assert_amount(grants_widen(&grants, &window), 156 * KIB, 12);
    grants_want(&grants, &window, (struct amount){0, 0}); // nothing is taken back
    assert_amount(grants_widen(&grants, &window), 0, 0);
    assert_amount(window.granted, 256 * KIB, 16);
}

static void
the_sum_of_grants_is_bounded_and_what_a_peer_leaves_goes_to_others(void **state)
{
    (void)state;
    struct grants grants = small_house();
    struct window a, b, c;
    struct amount all = {256 * KIB, 16};
    grants_open(&grants, &a);
    grants_open(&grants, &b);
    grants_want(&grants, &a, all);
    grants_want(&grants, &b, all);
    (void)grants_widen(&grants, &a);
    (void)grants_widen(&grants, &b);
    assert_amount(grants.granted, 512 * KIB, 32);
    grants_open(&grants, &c);
    assert_amount(c.granted, 0, 0);
    assert_int_equal(grants_admit(&grants, &c, 10), ADMITTED); // an empty window
    assert_int_equal(grants_admit(&grants, &c, 10), ADMISSION_OVER);
    grants_close(&grants, &a);
    assert_amount(grants.granted, 256 * KIB, 16);
    assert_amount(grants_widen(&grants, &c), 64 * KIB, 4);
}

static void
all_that_is_in_flight_is_bounded_even_where_every_window_is_empty(void **state)
{
    (void)state;
    struct grants grants = small_house();
    struct window a, b;
    grants_open(&grants, &a);
    grants_open(&grants, &b);
    assert_int_equal(grants_admit(&grants, &a, 500 * KIB), ADMITTED);
    assert_int_equal(grants_admit(&grants, &b, 13 * KIB), ADMISSION_BUSY);
    assert_int_equal(grants_admit(&grants, &b, 12 * KIB), ADMITTED);
    grants_return(&grants, &a, 500 * KIB);
    grants_return(&grants, &b, 12 * KIB);
    // Alone in the house, even what is larger than everything goes in.
    assert_int_equal(grants_admit(&grants, &a, 4096 * KIB), ADMITTED);
}

static void
what_is_in_flight_of_a_peer_that_left_returns_to_the_house(void **state)
{
    (void)state;
    struct grants grants = small_house();
    struct window window;
    grants_open(&grants, &window);
    assert_int_equal(grants_admit(&grants, &window, 1000), ADMITTED);
    grants_close(&grants, &window);
    assert_amount(grants.granted, 0, 0);
    assert_amount(grants.flight, 1000, 1);
    grants_return(&grants, NULL, 1000);
    assert_amount(grants.flight, 0, 0);
}

static void
only_a_peer_that_goes_on_without_a_pause_is_ignored(void **state)
{
    (void)state;
    struct window window = {0};
    for (unsigned i = 1; i < GRANTS_OVER_MAX; i++)
        assert_false(grants_over(&window, 1000, 500));
    assert_false(grants_over(&window, 1501, 500)); // it waited: counted anew
    for (unsigned i = 2; i < GRANTS_OVER_MAX; i++)
        assert_false(grants_over(&window, 1501, 500));
    assert_true(grants_over(&window, 1501, 500));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_connection_begins_with_the_standing_grant),
        cmocka_unit_test(what_is_over_the_grant_is_not_admitted),
        cmocka_unit_test(an_answer_gives_its_credit_back),
        cmocka_unit_test(want_widens_up_to_the_bound_of_a_connection),
        cmocka_unit_test(
            the_sum_of_grants_is_bounded_and_what_a_peer_leaves_goes_to_others),
        cmocka_unit_test(
            all_that_is_in_flight_is_bounded_even_where_every_window_is_empty),
        cmocka_unit_test(what_is_in_flight_of_a_peer_that_left_returns_to_the_house),
        cmocka_unit_test(only_a_peer_that_goes_on_without_a_pause_is_ignored),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
