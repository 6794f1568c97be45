// The forms of hints.
#include "proto/proto.h"
#include "unit/check.h"

static void
a_day_is_one_that_exists(void **state)
{
    static const struct {
        const char *text;
        bool ok;
    } rows[] = {
        {"2026-11-24",  true },
        {"2024-02-29",  true },
        {"2000-02-29",  true },
        {"2026-02-29",  false},
        {"1900-02-29",  false},
        {"2026-13-45",  false},
        {"2026-04-31",  false},
        {"2026-00-01",  false},
        {"2026-01-00",  false},
        {"0000-01-01",  false},
        {"2026/11/24",  false},
        {"20261124",    false},
        {"2026-11-2",   false},
        {"2026-11-24 ", false},
        {"yesterday!",  false},
        {"",            false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (wire_day_ok(slice_str(rows[i].text)) != rows[i].ok)
            fail_msg("\"%s\"", rows[i].text);
}

static void
a_zone_is_an_offset_that_exists(void **state)
{
    static const struct {
        const char *text;
        bool ok;
    } rows[] = {
        {"+08:00",        true },
        {"-03:30",        true },
        {"+0530",         true },
        {"+08",           true },
        {"UTC",           true },
        {"GMT",           true },
        {"Z",             true },
        {"+24:00",        false},
        {"+08:60",        false},
        {"+08:0",         false},
        {"+08:",          false},
        {"+080",          false},
        {"+8",            false},
        {"08:00",         false},
        {"+08:00x",       false},
        {"Europe/Berlin", false},
        {"",              false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (wire_zone_ok(slice_str(rows[i].text)) != rows[i].ok)
            fail_msg("\"%s\"", rows[i].text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_day_is_one_that_exists),
        cmocka_unit_test(a_zone_is_an_offset_that_exists),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
