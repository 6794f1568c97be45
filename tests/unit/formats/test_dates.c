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
    {"2026-03-04T09:30:00Z",                              "2026-03-04T09:30:00Z",        true },
    {"2026-03-04T09:30:00+01:00",                         "2026-03-04T08:30:00Z",        true },
    {"2026-03-04T09:30:00-0530",                          "2026-03-04T15:00:00Z",        true },
    {"2026-03-04T09:30:00.125+00:00",                     "2026-03-04T09:30:00.125Z",    true },
    {"2026-03-04T09:30:00,5Z",                            "2026-03-04T09:30:00.5Z",      true },
    {"2026-03-04T09:30:00.1234567Z",                      "2026-03-04T09:30:00.123456Z", true },
    {"2026-03-04T09:30Z",                                 "2026-03-04T09:30:00Z",        true },
    {"2026-03-04T09Z",                                    "2026-03-04T09:00:00Z",        true },
    {"2026-03-04 09:30:00",                               "2026-03-04T09:30:00Z",        false},
    {"2026-03-04 09:30:00 +02:00",                        "2026-03-04T07:30:00Z",        true },
    {"2026-03-04T09:30:00 UTC",                           "2026-03-04T09:30:00Z",        true },
    {"  2026-03-04T09:30:00z\n",                          "2026-03-04T09:30:00Z",        true },
    {"2026-03-04",                                        "2026-03-04T00:00:00Z",        false},
    {"2026-03",                                           "2026-03-01T00:00:00Z",        false},
    {"2026",                                              "2026-01-01T00:00:00Z",        false},
    {"20260304",                                          "2026-03-04T00:00:00Z",        false},
    {"20260304T093000+0100",                              "2026-03-04T08:30:00Z",        true },
    {"20260304T0930",                                     "2026-03-04T09:30:00Z",        false},
    {"260304",                                            "2026-03-04T00:00:00Z",        false},
    {"2026-063",                                          "2026-03-04T00:00:00Z",        false},
    {"2026063",                                           "2026-03-04T00:00:00Z",        false},
    {"26063",                                             "2026-03-04T00:00:00Z",        false},
    {"2026-003-04T01:02:03Z",                             "2026-03-04T01:02:03Z",        true },
    {"2024-02-29",                                        "2024-02-29T00:00:00Z",        false},
    {"2000-02-29",                                        "2000-02-29T00:00:00Z",        false},
    {"2024-366",                                          "2024-12-31T00:00:00Z",        false},
    {"2026-12-31T23:59:60Z",                              "2026-12-31T23:59:59Z",        true },
    {"2026-12-31T24:00:00Z",                              "2027-01-01T00:00:00Z",        true },
    {"1969-12-31T23:59:59Z",                              "1969-12-31T23:59:59Z",        true },
    {"0099-12-31T23:00:01Z",                              "0099-12-31T23:00:01Z",        true },
    {"9999-12-31T23:59:59Z",                              "9999-12-31T23:59:59Z",        true },
 // RFC 822 and 2822, and what is written for them
    {"Wed, 04 Mar 2026 09:30:00 GMT",                     "2026-03-04T09:30:00Z",        true },
    {"Wed, 04 Mar 26 09:30:00 GMT",                       "2026-03-04T09:30:00Z",        true },
    {"Wed, 04 Mar 98 09:30:00 GMT",                       "1998-03-04T09:30:00Z",        true },
    {"Wed, 04 Mar 126 09:30:00 GMT",                      "2026-03-04T09:30:00Z",        true },
    {"04 Mar 2026 09:30 GMT",                             "2026-03-04T09:30:00Z",        true },
    {"4 Mar 2026 9:30:00 +0100",                          "2026-03-04T08:30:00Z",        true },
    {"Wed,04 Mar 2026 09:30:00 +01:00",                   "2026-03-04T08:30:00Z",        true },
    {"Wed, 04 Mar, 2026 09:30:00 -0000",                  "2026-03-04T09:30:00Z",        true },
    {"Wed 04 March 2026 09:30:00 +1",                     "2026-03-04T08:30:00Z",        true },
    {"Wednesday, 4th March 2026, 09:30:00 UTC",           "2026-03-04T09:30:00Z",        true },
    {"Wednesday, March 4, 2026 9:30 PM EST",              "2026-03-05T02:30:00Z",        true },
    {"Wed, Mar 04 2026 09:30:00 GMT",                     "2026-03-04T09:30:00Z",        true },
    {"Wed, 04 MAR 2026 12:05 am GMT",                     "2026-03-04T00:05:00Z",        true },
    {"4 March 2026 3:05 p.m.",                            "2026-03-04T15:05:00Z",        false},
    {"Wed, 04-Mar-26 09:30:00 GMT",                       "2026-03-04T09:30:00Z",        true }, // RFC 850
    {"Wed, 04 Mar 2026 09:30:00 (a comment) GMT (again)", "2026-03-04T09:30:00Z",        true },
    {"Wed, 04 Mar 2026 09:30:00.250 GMT",                 "2026-03-04T09:30:00.25Z",     true },
    {"Wed, 04 Mar 2026 09:30:00",                         "2026-03-04T09:30:00Z",        false},
    {"Wed, 04 Mar 2026",                                  "2026-03-04T00:00:00Z",        false},
    {"04 Mar 2026",                                       "2026-03-04T00:00:00Z",        false},
    {"March 2026",                                        "2026-03-01T00:00:00Z",        false},
    {"Xyz, 04 Mar 2026 09:30:00 GMT",                     "2026-03-04T09:30:00Z",        true },
    {"Wed, 04 Mar 0100 00:00:01 +0100",                   "0100-03-03T23:00:01Z",        true },
 // zones
    {"Wed, 04 Mar 2026 09:30:00 EST",                     "2026-03-04T14:30:00Z",        true },
    {"Wed, 04 Mar 2026 09:30:00 EDT",                     "2026-03-04T13:30:00Z",        true },
    {"Wed, 04 Mar 2026 09:30:00 CST",                     "2026-03-04T15:30:00Z",        true },
    {"Wed, 04 Mar 2026 09:30:00 PDT",                     "2026-03-04T16:30:00Z",        true },
    {"Wed, 04 Mar 2026 09:30:00 MT",                      "2026-03-04T16:30:00Z",        true },
    {"Wed, 04 Mar 2026 09:30:00 NST",                     "2026-03-04T13:00:00Z",        true },
    {"Wed, 04 Mar 2026 09:30:00 MET",                     "2026-03-04T08:30:00Z",        true },
    {"Wed, 04 Mar 2026 09:30:00 CEST",                    "2026-03-04T07:30:00Z",        true },
    {"Wed, 04 Mar 2026 09:30:00 JST",                     "2026-03-04T00:30:00Z",        true },
    {"Wed, 04 Mar 2026 09:30:00 A",                       "2026-03-04T10:30:00Z",        true },
    {"Wed, 04 Mar 2026 09:30:00 M",                       "2026-03-04T21:30:00Z",        true },
    {"Wed, 04 Mar 2026 09:30:00 N",                       "2026-03-04T08:30:00Z",        true },
    {"Wed, 04 Mar 2026 13:30:00 Y",                       "2026-03-04T01:30:00Z",        true },
    {"Wed, 04 Mar 2026 09:30:00 T",                       "2026-03-04T02:30:00Z",        true },
    {"Wed, 04 Mar 2026 09:30:00 Z",                       "2026-03-04T09:30:00Z",        true },
    {"Wed, 04 Mar 2026 09:30:00 UT",                      "2026-03-04T09:30:00Z",        true },
    {"Wed, 04 Mar 2026 09:30:00 Etc/GMT",                 "2026-03-04T09:30:00Z",        true },
    {"Wed, 04 Mar 2026 09:30:00 Etc/GMT+2",               "2026-03-04T11:30:00Z",        true },
    {"Wed, 04 Mar 2026 09:30:00 GMT-01:01",               "2026-03-04T10:31:00Z",        true },
    {"Wed, 04 Mar 2026 09:30:00 GMT+0100",                "2026-03-04T08:30:00Z",        true },
    {"Wed, 04 Mar 2026 09:30:00 +0100 (CET)",             "2026-03-04T08:30:00Z",        true },
    {"Wed, 04 Mar 2026 09:30:00 +0000 UTC",               "2026-03-04T09:30:00Z",        true },
    {"Wed, 04 Mar 2026 09:30:00 America/New_York",        "2026-03-04T09:30:00Z",        false},
    {"Wed, 04 Mar 2026 09:30:00 XYZ",                     "2026-03-04T09:30:00Z",        false},
    {"2026-03-04T10:00:00 EST",                           "2026-03-04T15:00:00Z",        true },
    {"2026/03/04 09:30:00 EDT",                           "2026-03-04T13:30:00Z",        true },
 // asctime and its kin
    {"Wed Mar  4 09:30:00 2026",                          "2026-03-04T09:30:00Z",        false},
    {"Wed Mar 4 09:30:00 EST 2026",                       "2026-03-04T14:30:00Z",        true },
    {"Wed Mar 04 09:30:00 +0200 2026",                    "2026-03-04T07:30:00Z",        true },
 // numbers
    {"20131020T192751+1100",                              "2013-10-20T08:27:51Z",        true }, // NITF
    {"20131020 19:27",                                    "2013-10-20T19:27:00Z",        false},
    {"2026-3-4",                                          "2026-03-04T00:00:00Z",        false},
    {"2026.03.04 09:30",                                  "2026-03-04T09:30:00Z",        false},
    {"04.03.2026 09:30",                                  "2026-03-04T09:30:00Z",        false},
    {"4.3.2026",                                          "2026-03-04T00:00:00Z",        false},
    {"24/03/2026 09:30",                                  "2026-03-24T09:30:00Z",        false},
    {"03/24/2026 09:30",                                  "2026-03-24T09:30:00Z",        false},
    {"03/03/2026",                                        "2026-03-03T00:00:00Z",        false},
    {"2026-03-04 09:30:00.0",                             "2026-03-04T09:30:00Z",        false}, // MSSQL
    {"242200 GMT Jun 17",                                 "2017-06-24T22:00:00Z",        true }, // IPTC 7901
  // ISO 8601: weeks and short forms
    {"2026-W10",                                          "2026-03-02T00:00:00Z",        false},
    {"2026-W10-3",                                        "2026-03-04T00:00:00Z",        false},
    {"2026W103T0930Z",                                    "2026-03-04T09:30:00Z",        true },
    {"2009-W01-1",                                        "2008-12-29T00:00:00Z",        false},
    {"2009-W53-7",                                        "2010-01-03T00:00:00Z",        false},
    {"26-03-04",                                          "2026-03-04T00:00:00Z",        false},
    {"-26-03",                                            "2026-03-01T00:00:00Z",        false},
    {"-2603",                                             "2026-03-01T00:00:00Z",        false},
 // other languages
    {"2026年3月4日",                                   "2026-03-04T00:00:00Z",        false},
    {"2026年3月4日上午",                             "2026-03-04T00:00:00Z",        false},
    {"2026年03月04日 09:30",                           "2026-03-04T09:30:00Z",        false},
    {"2026年3月4日下午3时05分",                    "2026-03-04T15:05:00Z",        false},
    {"2026年3月4日 星期三 凌晨12点30分",        "2026-03-04T00:30:00Z",        false},
    {"2026年3月4日 15時05分30秒 +0800",             "2026-03-04T07:05:30Z",        true },
    {"2026년 03월 04일 09:30:00",                      "2026-03-04T09:30:00Z",        false},
    {"2026년 3월 4일 수요일 오후 3:05",           "2026-03-04T15:05:00Z",        false},
    {"2026-03-04 오전 11:23:17",                        "2026-03-04T11:23:17Z",        false},
    {"2026-03-04 오후 11:23:17",                        "2026-03-04T23:23:17Z",        false},
    {"Τετ, 04 Μάρ 2026 09:30:00 EST",               "2026-03-04T14:30:00Z",        true },
    {"Κυρ, 11 Ιούλ 2004 12:00:00 GMT",             "2004-07-11T12:00:00Z",        true },
    {"4 Αυγούστου 2026 3:05 μμ",               "2026-08-04T15:05:00Z",        false},
    {"2026-július-4T9:30-05:00",                         "2026-07-04T14:30:00Z",        true },
    {"2026-augusztus-04T09:30+01:00",                     "2026-08-04T08:30:00Z",        true },
    {"mer., 04 févr. 2026 09:30:00 +0100",               "2026-02-04T08:30:00Z",        true },
    {"mercredi 4 août 2026",                             "2026-08-04T00:00:00Z",        false},
    {"Mi, 04 Mär 2026 09:30:00 +0100",                   "2026-03-04T08:30:00Z",        true },
    {"Mittwoch, 4. März 2026 09:30 Uhr MEZ",             "2026-03-04T08:30:00Z",        true },
    {"4. Okt. 2026 um 09:30",                             "2026-10-04T09:30:00Z",        false},
    {"mar, 04 feb 2026 09:30:00 +0100",                   "2026-02-04T08:30:00Z",        true },
    {"miércoles, 4 de diciembre de 2026",                "2026-12-04T00:00:00Z",        false},
    {"Ср, 04 мар 2026 09:30:00 +0300",               "2026-03-04T06:30:00Z",        true },
    {"4 декабря 2026 г.",                         "2026-12-04T00:00:00Z",        false},
};

static const char *const no_dates[] = {"", " ", "x", "yesterday", "2026-13-01",
    "2026-00-01", "2026-02-30", "2023-02-29", "1900-02-29", "2026-03-00", "2026-03-32",
    "2026-366", "2026-000", "2026-03-04T", "2026-03-04T24:00:01Z",
    "2026-03-04T25:00:00Z", "2026-03-04T10:60:00Z", "2026-03-04T10:00:61Z",
    "2026-03-04T10:00:60Z", "2026-03-04T10:00:00+24:00", "2026-03-04T10:00:00+01:60",
    "2026-03-04T10:00:00Z+", "2026-03-04x", "2026-123-04", "123", "123456789",
    "0000-01-01", "2026-03-04T10:0", "+2026-03-04", "Wed, 31 Feb 2026 09:30:00 GMT",
    "Wed, 04 Mar 2026 25:00:00 GMT", "Wed, 04 Mar 2026 09:61:00 GMT",
    "Wed, 04 Mar x 09:30:00 GMT", "Wed, Mar x 2026 09:30:00 GMT",
    "Wed, 99 Mar 2026 09:30:00 GMT", "Wed, 04 Foo 2026 09:30:00 GMT",
    "Wed, 04 Mar 09:30:00 GMT", "03/04/2026", "04 Mar Apr 2026",
    "Fri, 31 Dec 9999 23:59:59 -9999", "9999-12-31T23:59:59-01:00",
    "0001-01-01T00:00:00+01:00", "2026-W54", "2026-W00", "2026-W10-8", "2025-W53",
    "3月4日上午", "近日", "昨日", "2026年13月4日", "am 4 March 2026 pm 09:30",
    "999999999999999999999999", "(", "(2026-03-04", "Wed, 04 Mar 2026 09:30 09:40",
    "12 13 14 15 16", "--03-04", "-", "Wed"};

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
    arena_fini(&arena);
}

static void
what_is_no_date_is_dropped_with_its_field_named(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 1U << 20);
    struct article *a = article_new(&arena);
    assert_false(date_set(a, ARTICLE_FIRST_CREATED, SLICE(" "), SLICE("")));
    assert_int_equal(a->wr.warnings_count, 0);
    assert_false(date_set(a, ARTICLE_EXPIRES, SLICE("soon"), SLICE("")));
    assert_true(article_time_us(a, ARTICLE_EXPIRES) == TIME_NONE);
    assert_string_equal(a->wr.warnings[0].code, "not-a-date");
    assert_true(slice_is(a->wr.warnings[0].where, "expires"));
    arena_fini(&arena);
}

static void
a_date_before_1990_is_kept_with_a_warning(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 1U << 20);
    struct article *a = article_new(&arena);
    assert_true(date_set(a, ARTICLE_EXPIRES, SLICE("1990-01-01T00:00Z"), SLICE("")));
    assert_int_equal(a->wr.warnings_count, 0);
    assert_true(date_set(a, ARTICLE_EXPIRES, SLICE("1989-12-31T23:59Z"), SLICE("")));
    assert_string_equal(a->wr.warnings[0].code, "date-before-1990");
    arena_fini(&arena);
}

// Korea has one zone and its dates are in Korean nowhere else; Chinese words are written
// in several zones.
static void
a_korean_date_without_a_zone_is_taken_as_korean_time(void **state)
{
    (void)state;
    struct arena arena;
    struct slice text = SLICE("2026년 3월 4일 18:30:00");
    int64_t utc_us = 1772616600LL * SECOND_US;
    arena_init(&arena, 1U << 20);
    struct article *a = article_new(&arena);
    assert_true(date_set(a, ARTICLE_VERSION_CREATED, text, SLICE("")));
    assert_true(article_time_us(a, ARTICLE_VERSION_CREATED) == utc_us);
    assert_string_equal(a->wr.times[0].zone, "assumed");
    assert_true(date_set(a, ARTICLE_VERSION_CREATED, text, SLICE("+08:00")));
    assert_true(
        article_time_us(a, ARTICLE_VERSION_CREATED) == utc_us + 3600 * SECOND_US);
    arena_fini(&arena);
}

static void
a_schema_of_iso_8601_takes_no_words(void **state)
{
    (void)state;
    struct date_read date;
    assert_true(date_read_iso(SLICE("2026-03-04T09:30:00Z"), &date));
    assert_false(date_read_iso(SLICE("Wed, 04 Mar 2026 09:30:00 GMT"), &date));
    assert_false(date_read_iso(SLICE(""), &date));
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
        cmocka_unit_test(what_is_no_date_is_dropped_with_its_field_named),
        cmocka_unit_test(a_date_before_1990_is_kept_with_a_warning),
        cmocka_unit_test(a_korean_date_without_a_zone_is_taken_as_korean_time),
        cmocka_unit_test(a_schema_of_iso_8601_takes_no_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
