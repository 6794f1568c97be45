#include <unistd.h>

#include "net/auth.h"
#include "unit/net/unit.h"

static void
only_the_kernels_word_makes_a_caller(void **state)
{
    (void)state;
    static const struct {
        const char *address;
        bool known;
        uint32_t uid;
    } cases[] = {
        {"localhost:0:0:1",                    true,  0         },
        {"localhost:1000:1000:4711",           true,  1000      },
        {"localhost:4294967294:65:1",          true,  4294967294},
        {NULL,                                 false, 0         },
        {"",                                   false, 0         },
        {"localhost",                          false, 0         },
        {"localhost:",                         false, 0         },
        {"localhost::0:1",                     false, 0         },
        {"localhost:0",                        false, 0         },
        {"localhost:0:0",                      false, 0         },
        {"localhost:0:0:",                     false, 0         },
        {"localhost:0:0:1:2",                  false, 0         },
        {"localhost:0:0:1 ",                   false, 0         },
        {"localhost:-1:0:1",                   false, 0         },
        {"localhost:4294967296:0:1",           false, 0         },
        {"localhost:18446744073709551616:0:1", false, 0         },
        {"127.0.0.1",                          false, 0         },
        {"127.0.0.1:0:0:1",                    false, 0         },
        {"localhostx:0:0:1",                   false, 0         },
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct caller caller = auth_caller(cases[i].address);
        assert_int_equal(caller.known, cases[i].known);
        assert_int_equal(caller.uid, cases[i].uid);
    }
}

static const char *const two[] = {"dpa", "afp", NULL};
static const char *const one[] = {"city-desk", NULL};
static const char *const none[] = {NULL};
static const struct net_principal principals[] = {
    {"wires",   1001, false, two,  ROLE_SUBMIT            },
    {"desk",    1002, false, one,  ROLE_SUBMIT | ROLE_DESK},
    {"all",     1003, true,  NULL, ROLE_ALL               },
    {"indexer", 1004, false, none, ROLE_FOLLOW | ROLE_READ},
};

static struct caller
uid(uint32_t n)
{
    return (struct caller){.known = true, .uid = n};
}

static void
a_user_is_the_principal_that_settings_name_and_nobody_else(void **state)
{
    (void)state;
    struct net_settings settings = {.principals = principals, .principal_count = 4};
    struct auth auth;
    auth_init(&auth, &settings);
    assert_string_equal(auth_principal(&auth, uid(1001))->name, "wires");
    assert_string_equal(auth_principal(&auth, uid(1004))->name, "indexer");
    assert_string_equal(auth_principal(&auth, uid(0))->name, "");
    assert_string_equal(auth_principal(&auth, uid(geteuid()))->name, "");
    assert_string_equal(auth_principal(&auth, CALLER_NOBODY)->name, "");
}

static void
without_settings_root_and_the_daemons_own_user_may_do_everything(void **state)
{
    (void)state;
    struct net_settings settings = {0};
    struct auth auth;
    auth_init(&auth, &settings);
    assert_string_equal(auth_principal(&auth, uid(0))->name, "root");
    assert_int_equal(auth_principal(&auth, uid(geteuid()))->roles, ROLE_ALL);
    assert_true(auth_principal(&auth, uid(geteuid()))->any_source);
    assert_string_equal(auth_principal(&auth, uid(geteuid() + 77))->name, "");
    assert_int_equal(auth_principal(&auth, CALLER_NOBODY)->roles, 0);
}

static void
an_open_daemon_believes_everybody(void **state)
{
    (void)state;
    struct net_settings settings = {
        .open = true, .principals = principals, .principal_count = 4};
    struct auth auth;
    auth_init(&auth, &settings);
    assert_int_equal(auth_principal(&auth, CALLER_NOBODY)->roles, ROLE_ALL);
    assert_int_equal(auth_principal(&auth, uid(1001))->roles, ROLE_ALL);
}

static void
a_source_is_one_of_the_principals(void **state)
{
    (void)state;
    static const struct {
        size_t principal;
        const char *named; // NULL: left out
        enum wire_err err;
        const char *source;
    } cases[] = {
        {0, "dpa",       WIRE_OK,               "dpa"      },
        {0, "afp",       WIRE_OK,               "afp"      },
        {0, "reuters",   WIRE_SOURCE_NOT_YOURS, ""         },
        {0, "dp",        WIRE_SOURCE_NOT_YOURS, ""         },
        {0, NULL,        WIRE_SOURCE_MISSING,   ""         },
        {1, NULL,        WIRE_OK,               "city-desk"},
        {1, "city-desk", WIRE_OK,               "city-desk"},
        {2, "xinhua",    WIRE_OK,               "xinhua"   },
        {2, NULL,        WIRE_SOURCE_MISSING,   ""         },
        {2, "DPA",       WIRE_BAD_FIELD,        ""         },
        {2, "a b",       WIRE_BAD_FIELD,        ""         },
        {2, "",          WIRE_BAD_FIELD,        ""         },
        {3, NULL,        WIRE_SOURCE_MISSING,   ""         },
        {3, "dpa",       WIRE_SOURCE_NOT_YOURS, ""         },
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct slice source = {0};
        struct fault fault = FAULT_NONE;
        enum wire_err err = auth_source(&principals[cases[i].principal],
            cases[i].named != NULL, slice_str(cases[i].named), &source, &fault);
        assert_int_equal(err, cases[i].err);
        assert_int_equal(fault.code, cases[i].err);
        assert_true(slice_is(source, cases[i].source));
        if (err)
            assert_string_equal(fault.field, "source");
    }
}

static void
a_role_is_had_or_refused_by_name(void **state)
{
    (void)state;
    static const struct net_principal nobody = {.name = ""};
    struct fault fault = FAULT_NONE;
    assert_int_equal(auth_role(&principals[1], ROLE_DESK, &fault), WIRE_OK);
    assert_int_equal(auth_role(&principals[0], ROLE_DESK, &fault), WIRE_NOT_ALLOWED);
    assert_string_equal(fault.words, "wires does not have the role desk");
    fault = FAULT_NONE;
    assert_int_equal(auth_role(&nobody, ROLE_READ, &fault), WIRE_UNKNOWN_PEER);
}

static void
every_role_has_one_word(void **state)
{
    (void)state;
    for (uint32_t bit = 1; bit & ROLE_ALL; bit <<= 1)
        assert_int_equal(net_role_of(slice_str(auth_role_word(bit))), bit);
    assert_null(auth_role_word(ROLE_ALL + 1));
    assert_null(auth_role_word(ROLE_SUBMIT | ROLE_READ));
    assert_int_equal(net_role_of(SLICE("root")), 0);
    assert_int_equal(net_role_of(SLICE("")), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_kernels_word_makes_a_caller),
        cmocka_unit_test(a_user_is_the_principal_that_settings_name_and_nobody_else),
        cmocka_unit_test(
            without_settings_root_and_the_daemons_own_user_may_do_everything),
        cmocka_unit_test(an_open_daemon_believes_everybody),
        cmocka_unit_test(a_source_is_one_of_the_principals),
        cmocka_unit_test(a_role_is_had_or_refused_by_name),
        cmocka_unit_test(every_role_has_one_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
