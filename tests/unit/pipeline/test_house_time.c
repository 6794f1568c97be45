#include "pipeline/house_time.h"
#include "unit/check.h"

#define MINUTE (60 * SECOND_US)
#define NOON (1700000000 * SECOND_US)

static int64_t
tell(struct house_time *h, int64_t wall_us, int64_t monotonic_us, bool synchronised)
{
    struct clock_reading r = {wall_us, monotonic_us, synchronised};
    return house_time_tell(h, &r);
}

static struct house_time
started(int64_t last_us, int64_t wall_us, bool synchronised)
{
    struct house_time h;
    struct clock_reading r = {wall_us, 0, synchronised};
    house_time_start(&h, last_us, &r);
    return h;
}

static void
it_follows_the_wall_clock(void **state)
{
    (void)state;
    struct house_time h = started(TIME_NONE, NOON, false);
    assert_int_equal(tell(&h, NOON + SECOND_US, SECOND_US, false), NOON + SECOND_US);
    assert_int_equal(
        tell(&h, NOON + 4 * MINUTE, 2 * SECOND_US, false), NOON + 4 * MINUTE);
}

static void
it_never_goes_back(void **state)
{
    (void)state;
    struct house_time h = started(TIME_NONE, NOON, true);
    assert_int_equal(tell(&h, NOON - 60 * MINUTE, SECOND_US, true), NOON);
    assert_int_equal(tell(&h, NOON + 1, 2 * SECOND_US, true), NOON + 1);
}

static void
a_large_step_is_held_until_the_clock_is_steady(void **state)
{
    (void)state;
    struct house_time h = started(TIME_NONE, NOON, true);
    int64_t ahead = NOON + 365 * DAY_US;
    assert_int_equal(tell(&h, ahead, SECOND_US, false), NOON + SECOND_US);
    assert_int_equal(tell(&h, ahead, 2 * SECOND_US, true), NOON + 2 * SECOND_US);
    assert_int_equal(
        tell(&h, ahead, 5 * MINUTE, false), NOON + 5 * MINUTE); // not steady
    assert_int_equal(tell(&h, ahead, 6 * MINUTE, true), NOON + 6 * MINUTE);
    assert_int_equal(
        tell(&h, ahead + 16 * MINUTE, 16 * MINUTE, true), ahead + 16 * MINUTE);
    assert_false(h.holding);
}

static void
an_operator_ends_the_hold(void **state)
{
    (void)state;
    struct house_time h = started(TIME_NONE, NOON, true);
    (void)tell(&h, NOON + DAY_US, SECOND_US, false);
    assert_true(h.holding);
    house_time_accept(&h);
    h.now_us = NOON + DAY_US; // what the operator saw and vouched for
    assert_int_equal(tell(&h, NOON + DAY_US + 2, SECOND_US, false), NOON + DAY_US + 2);
}

static const struct {
    int64_t last_us, wall_us;
    bool synchronised;
    int64_t want_us;
    bool holds;
} starts[] = {
    {TIME_NONE, NOON,              false, NOON,              false},
    {NOON,      NOON + 6 * DAY_US, false, NOON + 6 * DAY_US, false},
    {NOON,      NOON + 8 * DAY_US, false, NOON,              true },
    {NOON,      NOON + 8 * DAY_US, true,  NOON + 8 * DAY_US, false},
    {NOON,      NOON - SECOND_US,  true,  NOON,              true },
    {NOON,      NOON,              false, NOON,              false},
};

static void
a_start_takes_the_wall_clock_only_if_it_is_likely(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        struct house_time h =
            started(starts[i].last_us, starts[i].wall_us, starts[i].synchronised);
        assert_int_equal(h.now_us, starts[i].want_us);
        assert_int_equal(h.holding, starts[i].holds);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_follows_the_wall_clock),
        cmocka_unit_test(it_never_goes_back),
        cmocka_unit_test(a_large_step_is_held_until_the_clock_is_steady),
        cmocka_unit_test(an_operator_ends_the_hold),
        cmocka_unit_test(a_start_takes_the_wall_clock_only_if_it_is_likely),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
