// Times as people say them.
#include <stdlib.h>
#include <time.h>

#include "cli.h"
#include "unit/check.h"

// 2026-11-24 10:00:00 in UTC, a Tuesday; tests stand in a zone one hour east of it.
#define NOW 1795514400000000LL

static int
stand_in_a_zone(void **state)
{
    (void)state;
    (void)setenv("TZ", "XYZ-1", 1);
    tzset();
    return 0;
}

static void
times_are_read_as_people_say_them(void **state)
{
    static const struct {
        const char *text;
        int64_t us;
    } rows[] = {
        {"now",                       NOW                    },
        {"90s",                       NOW - 90000000LL       },
        {"10m",                       NOW - 600000000LL      },
        {"2h",                        NOW - 7200000000LL     },
        {"3d",                        NOW - 3 * 86400000000LL},
        {"0s",                        NOW                    },
        {"today",                     NOW - 11 * 3600000000LL},
        {"today 10:30",               NOW - 1800000000LL     },
        {"yesterday",                 NOW - 35 * 3600000000LL},
        {"yesterday 18:00",           NOW - 17 * 3600000000LL},
        {"2026-11-24T10:00:00Z",      NOW                    },
        {"2026-11-24t10:00:00z",      NOW                    },
        {"2026-11-24T10:00Z",         NOW                    },
        {"2026-11-24T10:00:00.125Z",  NOW                    },
        {"2026-11-24T11:00:00+01:00", NOW                    },
        {"2026-11-24T04:30:00-05:30", NOW                    },
        {"2026-11-24 11:00:00",       NOW                    },
        {"2026-11-24 11:00",          NOW                    },
        {"2026-11-24",                NOW - 11 * 3600000000LL},
        {"1970-01-01T00:00:00Z",      0                      },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t us = -1;
        if (!when_read(rows[i].text, NOW, &us) || us != rows[i].us)
            fail_msg("\"%s\" gives %lld", rows[i].text, (long long)us);
    }
}

static void
what_is_no_time_is_refused(void **state)
{
    static const char *const rows[] = {"", "soon", "10", "10x", "m", "-5m", "5 m",
        "99999999999999999999d", "todayish", "today 25:00", "yesterday 18", "tomorrow",
        "2026-13-01", "2026-02-30", "2026-00-10", "2026-11-24T",
        "2026-11-24T10:00:00+1", "2026-11-24T10:61:00Z", "2026-11-24T10:00:00Zx",
        "2026-11-24T10:00:00.Z", "2026-11-24Z", "26-11-24", "+026-11-24",
        " 2026-11-24"};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t us = 77;
        if (when_read(rows[i], NOW, &us) || us != 77)
            fail_msg("\"%s\" gives %lld", rows[i], (long long)us);
    }
}

static void
durations_have_a_unit(void **state)
{
    int64_t us = 0;
    (void)state;
    assert_true(when_duration("500ms", &us));
    assert_int_equal(us, 500000);
    assert_true(when_duration("5s", &us));
    assert_int_equal(us, 5000000);
    assert_false(when_duration("5", &us));
    assert_false(when_duration("s", &us));
    assert_false(when_duration("1.5s", &us));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_read_as_people_say_them),
        cmocka_unit_test(what_is_no_time_is_refused),
        cmocka_unit_test(durations_have_a_unit),
    };
    return cmocka_run_group_tests(tests, stand_in_a_zone, NULL);
}
