// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include "formats/recognise.h"
#include "formats/slugwords.h"
#include "formats/stamps.h"

#define LENGTH(a) (sizeof(a) / sizeof *(a))

// Minutes since 2026-03-04T00:00Z, -1: no stamp. The issue date is 2026-03-05.
#define MARCH_4_US INT64_C(1772582400000000)
static const struct {
    const char *text, *agency;
    int minutes;
    bool zoned, assumed;
} stamp_rows[] = {
    {"AP-WF-03-04-26 2350GMT",          "AP",  1430,  true,  false},
    {"^HW-NB-03-04-26 1512EST<",        "HW",  1212,  true,  false},
    {"HW-03-05-26 0101GMT",             "HW",  1501,  true,  false},
    {"HW-03-04-2026 0101",              "HW",  61,    false, false},
    {"Hpa12:44 03-04-26",               "Hpa", 764,   false, false},
    {"19:44ET 04-03-26",                "",    1184,  false, false},
    {"-0- (BS ) Mar/04/2026 17:50 GMT", "BS",  1070,  true,  false},
    {"-0- Mar/04/2026 17:50 EST",       "",    1370,  true,  false},
    {"041512 GMT Mar 26",               "",    912,   true,  false},
    {"041512 MEZ M\xc3\xa4rz 26",       "",    852,   true,  false},
    {"041512 MESZ mrz. 2026",           "",    792,   true,  false},
    {"AFX 041512 GMT MAR 26",           "AFX", 912,   true,  false},
    {"041512 Mar 26",                   "",    912,   false, false},
    {"041512 GMT Mar",                  "",    912,   true,  true },
    {"041512 GMT",                      "",    912,   true,  true },
    {"281512 GMT",                      "",    -4848, true,  true },
    {"321512 GMT Mar 26",               "",    -1,    false, false},
    {"042512 GMT Mar 26",               "",    -1,    false, false},
    {"041512 GMT Mar 26 and more",      "",    -1,    false, false},
    {"041512 GMT Xyz 26",               "",    -1,    false, false},
    {"In 2026-03-04 it was 1200",       "",    -1,    false, false},
    {"",                                "",    -1,    false, false},
};

static void
stamps_are_read_in_every_form(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(stamp_rows); i++) {
        struct stamp stamp;
        bool found =
            stamps_read(slice_str(stamp_rows[i].text), SLICE("2026-03-05"), &stamp);
        if (found != (stamp_rows[i].minutes != -1))
            print_error("%s\n", stamp_rows[i].text);
        assert_int_equal(found, stamp_rows[i].minutes != -1);
        if (!found)
            continue;
        assert_int_equal((stamp.us - MARCH_4_US) / 60000000, stamp_rows[i].minutes);
        assert_int_equal(stamp.zoned, stamp_rows[i].zoned);
        assert_int_equal(stamp.assumed, stamp_rows[i].assumed);
        assert_true(slice_is(stamp.agency, stamp_rows[i].agency));
    }
}

static void
a_day_without_a_month_needs_an_issue_date(void **state)
{
    struct stamp stamp;
    (void)state;
    assert_false(stamps_read(SLICE("041512 GMT"), slice_of(NULL, 0), &stamp));
    assert_false(stamps_read(SLICE("041512 GMT"), SLICE("yesterday"), &stamp));
    assert_true(stamps_read(SLICE("311512 GMT"), SLICE("2026-01-01"), &stamp));
    assert_int_equal(stamp.year, 2025);
    assert_true(stamps_read(SLICE("311512 GMT Dez"), SLICE("2026-01-01"), &stamp));
    assert_int_equal(stamp.year, 2025);
}

static const struct {
    const char *line, *slug;
    bool kill, withhold, correction, advisory, take;
    uint32_t version;
} slug_rows[] = {
    {"BC-AS--Ferry, 3rd Ld-Writethru,827", "BC-AS--Ferry",               false, false, false, false,
     false,                                                                                                 3},
    {"BC-AS--Ferry, Writethru",            "BC-AS--Ferry",               false, false, false, false, false, 1},
    {"BC-AS--Ferry, KILL",                 "BC-AS--Ferry",               true,  false, false, false, false, 0},
    {"BC-AS--Ferry, Bulletin Elimination", "BC-AS--Ferry",               true,  false, false, false,
     false,                                                                                                 0},
    {"BC-Ferry KILL",                      "BC-Ferry KILL",              true,  false, false, false, false, 0},
    {"BC-US--Police Kill Suspect,300",     "BC-US--Police Kill Suspect", false, false,
     false,                                                                                   false, false, 0},
    {"BC-US--Kill, a Film",                "BC-US--Kill, a Film",        false, false, false, false, false,
     0                                                                                                       },
    {"BC-Ferry, 2nd Ld, CORRECTIVE",       "BC-Ferry",                   false, false, true,  false, false, 2},
    {"BC-Ferry,2nd Add,100",               "BC-Ferry",                   false, false, false, false, true,  0},
    {"BC-Ferry, WITHHOLD",                 "BC-Ferry",                   false, true,  false, false, false, 0},
    {"BC-Ferry, Advisory",                 "BC-Ferry",                   false, false, false, true,  false, 0},
    {"BC-Ferry, Update 4",                 "BC-Ferry",                   false, false, false, false, false, 4},
    {"BC-Ferry, Urgent, 1st Lede",         "BC-Ferry",                   false, false, false, false, false, 1},
    {"",                                   "",                           false, false, false, false, false, 0},
};

static void
keyword_lines_say_what_becomes_of_an_item(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(slug_rows); i++) {
        struct slugwords words = {0};
        struct slice count = {0};
        struct slice slug =
            slugwords_segments(slice_str(slug_rows[i].line), &words, &count);
        if (!slice_is(slug, slug_rows[i].slug) || words.version != slug_rows[i].version)
            print_error(
                "%s: %.*s, %u\n", slug_rows[i].line, SLICE_ARG(slug), words.version);
        assert_true(slice_equal(slug, slice_str(slug_rows[i].slug)));
        assert_int_equal(words.kill, slug_rows[i].kill);
        assert_int_equal(words.withhold, slug_rows[i].withhold);
        assert_int_equal(words.correction, slug_rows[i].correction);
        assert_int_equal(words.advisory, slug_rows[i].advisory);
        assert_int_equal(words.take, slug_rows[i].take);
        assert_int_equal(words.version, slug_rows[i].version);
    }
}

static const struct {
    const char *start, *word;
} frames[] = {
    {"\x16\x16\x01"
     "A0412\x1fnorhb\r\n",   "anpa1312"},
    {"\r\n\x7f\x01"
     "a0412\x1f\r\n",        "anpa1312"},
    {"ZCZC abc123\r\n\x01"
     "hwn0312 4 p 120\r\n",  "iptc7901"},
    {"\x01"
     "hwn0312 4 p 120\r\n",  "iptc7901"},
    {"\x01"
     "hwn 0312 4 p 120\r\n", "iptc7901"},
    {"\x01"
     "hwn is no number\r\n", NULL      },
    {"hwn0312 4 p 120\r\n",       NULL      },
    {"\x01",                      NULL      },
};

static void
frames_are_known_by_their_shape(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(frames); i++) {
        const char *word = recognise_bytes(slice_str(frames[i].start));
        assert_int_equal(word != NULL, frames[i].word != NULL);
        if (word)
            assert_string_equal(word, frames[i].word);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stamps_are_read_in_every_form),
        cmocka_unit_test(a_day_without_a_month_needs_an_issue_date),
        cmocka_unit_test(keyword_lines_say_what_becomes_of_an_item),
        cmocka_unit_test(frames_are_known_by_their_shape),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
