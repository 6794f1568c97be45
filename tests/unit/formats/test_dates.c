// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <stdio.h>
#include <stdlib.h>

#include "formats/dates.h"

#define LENGTH(a) (sizeof(a) / sizeof *(a))

static const struct {
    const char *in, *want;
    bool zoned;
} dates[] = {
    {"2026-03-04T09:30:00Z",          "2026-03-04T09:30:00Z",        true },
    {"2026-03-04T09:30:00+01:00",     "2026-03-04T08:30:00Z",        true },
    {"2026-03-04T09:30:00-0530",      "2026-03-04T15:00:00Z",        true },
    {"2026-03-04T09:30:00.125+00:00", "2026-03-04T09:30:00.125Z",    true },
    {"2026-03-04T09:30:00,5Z",        "2026-03-04T09:30:00.5Z",      true },
    {"2026-03-04T09:30:00.1234567Z",  "2026-03-04T09:30:00.123456Z", true },
    {"2026-03-04T09:30Z",             "2026-03-04T09:30:00Z",        true },
    {"2026-03-04T09Z",                "2026-03-04T09:00:00Z",        true },
    {"2026-03-04 09:30:00",           "2026-03-04T09:30:00Z",        false},
    {"2026-03-04 09:30:00 +02:00",    "2026-03-04T07:30:00Z",        true },
    {"2026-03-04T09:30:00 UTC",       "2026-03-04T09:30:00Z",        true },
    {"  2026-03-04T09:30:00z\n",      "2026-03-04T09:30:00Z",        true },
    {"2026-03-04",                    "2026-03-04T00:00:00Z",        false},
    {"2026-03",                       "2026-03-01T00:00:00Z",        false},
    {"2026",                          "2026-01-01T00:00:00Z",        false},
    {"20260304",                      "2026-03-04T00:00:00Z",        false},
    {"20260304T093000+0100",          "2026-03-04T08:30:00Z",        true },
    {"20260304T0930",                 "2026-03-04T09:30:00Z",        false},
    {"260304",                        "2026-03-04T00:00:00Z",        false},
    {"2026-063",                      "2026-03-04T00:00:00Z",        false},
    {"2026063",                       "2026-03-04T00:00:00Z",        false},
    {"26063",                         "2026-03-04T00:00:00Z",        false},
    {"2026-003-04T01:02:03Z",         "2026-03-04T01:02:03Z",        true },
    {"2024-02-29",                    "2024-02-29T00:00:00Z",        false},
    {"2000-02-29",                    "2000-02-29T00:00:00Z",        false},
    {"2024-366",                      "2024-12-31T00:00:00Z",        false},
    {"2026-12-31T23:59:60Z",          "2026-12-31T23:59:59Z",        true },
    {"2026-12-31T24:00:00Z",          "2027-01-01T00:00:00Z",        true },
    {"1969-12-31T23:59:59Z",          "1969-12-31T23:59:59Z",        true },
    {"0099-12-31T23:00:01Z",          "0099-12-31T23:00:01Z",        true },
    {"9999-12-31T23:59:59Z",          "9999-12-31T23:59:59Z",        true },
};

static const char *const no_dates[] = {"", " ", "x", "yesterday", "2026-13-01",
    "2026-00-01", "2026-02-30", "2023-02-29", "1900-02-29", "2026-03-00", "2026-03-32",
    "2026-366", "2026-000", "2026-03-04T", "2026-03-04T24:00:01Z",
    "2026-03-04T25:00:00Z", "2026-03-04T10:60:00Z", "2026-03-04T10:00:61Z",
    "2026-03-04T10:00:60Z", "2026-03-04T10:00:00.Z", "2026-03-04T10:00:00Q",
    "2026-03-04T10:00:00+24:00", "2026-03-04T10:00:00+01:60", "2026-03-04T10:00:00Z+",
    "2026-03-04x", "2026-3-4", "2026-123-04", "123", "123456789", "0000-01-01",
    "2026-03-04T10:0", "+2026-03-04", "2026-03-04T10:00:00 EST"};

static void
each_form_of_a_date_means_its_moment(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(dates); i++) {
        struct date_read date = {0};
        char text[40];
        if (!date_read(slice_str(dates[i].in), &date))
            fail_msg("%s is a date", dates[i].in);
        struct slice got = wire_time_text(date.us, text);
        if (!slice_is(got, dates[i].want))
            fail_msg("%s is %.*s, not %s", dates[i].in, SLICE_ARG(got), dates[i].want);
        assert_int_equal(date.zoned, dates[i].zoned);
    }
}

static void
what_no_calendar_has_is_no_date(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(no_dates); i++) {
        struct date_read date = {.us = 7};
        if (date_read(slice_str(no_dates[i]), &date))
            fail_msg("\"%s\" was read as a date", no_dates[i]);
        assert_true(date.us == 7);
    }
}

static void
a_date_cut_anywhere_is_read_within_its_bytes(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(dates); i++)
        for (size_t size = 0; size <= strlen(dates[i].in); size++) {
            struct date_read date;
            uint8_t *copy = malloc(size + !size);
            assert_non_null(copy);
            memcpy(copy, dates[i].in, size);
            (void)date_read(slice_of(copy, size), &date);
            free(copy);
        }
}

static const struct {
    const char *in;
    bool good;
    int seconds;
} zones[] = {
    {"Z",      true,  0     },
    {"UTC",    true,  0     },
    {"GMT",    true,  0     },
    {"+08:00", true,  28800 },
    {"+0800",  true,  28800 },
    {"-03:30", true,  -12600},
    {"-5",     true,  -18000},
    {"",       false, 0     },
    {"CET",    false, 0     },
    {"08:00",  false, 0     },
    {"+99:00", false, 0     },
};

static void
zones_are_offsets_or_utc(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(zones); i++) {
        int seconds = 0;
        assert_int_equal(date_zone(slice_str(zones[i].in), &seconds), zones[i].good);
        assert_int_equal(seconds, zones[i].seconds);
    }
}

static void
a_time_without_a_zone_takes_the_hint_or_is_marked_missing(void **state)
{
    (void)state;
    struct arena arena;
    struct slice text = SLICE("2026-03-04T09:30:00");
    int64_t utc_us = 1772616600LL * SECOND_US;
    arena_init(&arena, 1U << 20);
    struct article *a = article_new(&arena);
    assert_true(date_set(a, ARTICLE_VERSION_CREATED, text, SLICE("+08:00")));
    assert_true(
        article_time_us(a, ARTICLE_VERSION_CREATED) == utc_us - 28800 * SECOND_US);
    assert_string_equal(a->wr.times[0].zone, "assumed");
    assert_int_equal(a->wr.warnings_count, 0);
    assert_true(date_set(a, ARTICLE_FIRST_CREATED, text, SLICE("")));
    assert_true(article_time_us(a, ARTICLE_FIRST_CREATED) == utc_us);
    assert_string_equal(a->wr.times[1].zone, "missing");
    assert_string_equal(a->wr.warnings[0].code, "zone-missing");
    assert_false(date_set(a, ARTICLE_EXPIRES, SLICE("soon"), SLICE("")));
    assert_true(article_time_us(a, ARTICLE_EXPIRES) == TIME_NONE);
    arena_fini(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_form_of_a_date_means_its_moment),
        cmocka_unit_test(what_no_calendar_has_is_no_date),
        cmocka_unit_test(a_date_cut_anywhere_is_read_within_its_bytes),
        cmocka_unit_test(zones_are_offsets_or_utc),
        cmocka_unit_test(a_time_without_a_zone_takes_the_hint_or_is_marked_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
