// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include "formats/dateline.h"

static const struct {
    const char *printed, *place;
} datelines[] = {
    {"LE HAVRE, 3 f\xc3\xa9v 2011 (COTE)",     "LE HAVRE"                },
    {"Troms\xc3\xb8 (Nordlys-DPX): ",          "Troms\xc3\xb8"           },
    {"PORT ELLIS, Wash., July 3 (HW) --",      "PORT ELLIS, Wash."       },
    {"PORT ELLIS, Wash. (HW) \xe2\x80\x94",    "PORT ELLIS, Wash."       },
    {"NEW QUAY, Jan. 5, 2009",                 "NEW QUAY"                },
    {"MADRID, 6 de mayo",                      "MADRID"                  },
    {"MADRID 6 mayo -",                        "MADRID"                  },
    {"Frankfurt (Oder)",                       "Frankfurt (Oder)"        },
    {"\xe6\xa8\xaa\xe6\xb5\x9c",               "\xe6\xa8\xaa\xe6\xb5\x9c"},
    {"Mayfield, Marchmont",                    "Mayfield, Marchmont"     },
    {"January 01, 2009 12:00 PM Eastern Time", ""                        },
    {"(HW)",                                   ""                        },
    {" - ",                                    ""                        },
    {"",                                       ""                        },
};

static void
a_dateline_names_its_place_without_day_and_agency(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof datelines / sizeof *datelines; i++) {
        struct slice place = dateline_place(slice_str(datelines[i].printed));
        if (!slice_is(place, datelines[i].place))
            print_error("%s: got \"%.*s\"\n", datelines[i].printed, SLICE_ARG(place));
        assert_true(slice_is(place, datelines[i].place));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_dateline_names_its_place_without_day_and_agency),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
