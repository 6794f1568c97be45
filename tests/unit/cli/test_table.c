// The table of commands, and the command lines that it reads.
#include "table.h"
#include "unit/check.h"

#define ARGS_MAX 30

// parse_words parses a line whose words are parted by blanks.
static int
parse_words(char *line, struct cli *cli, const struct command **command)
{
    static char *argv[ARGS_MAX + 2];
    int argc = 0;
    char *place = NULL;
    argv[argc++] = "wireroom";
    for (char *word = strtok_r(line, " ", &place); word && argc <= ARGS_MAX;
         word = strtok_r(NULL, " ", &place))
        argv[argc++] = word;
    argv[argc] = NULL;
    *cli = (struct cli){.timeout_ms = 5000};
    *command = NULL;
    return parse(argc, argv, cli, command);
}

static void
options_stand_before_or_after_the_command(void **state)
{
    static const char *const lines[] = {
        "-s ipc://x submit --format ninjs -S dpa file",
        "submit -s ipc://x --format ninjs -S dpa file",
        "submit file --server ipc://x --format=ninjs --source=dpa",
        "--server ipc://x --format ninjs --source dpa submit file",
        "-f ninjs -s ipc://x -S dpa submit file",
        "--server=ipc://x submit -fninjs -Sdpa -- file",
    };
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        char line[128];
        struct cli cli;
        const struct command *command;
        (void)snprintf(line, sizeof line, "%s", lines[i]);
        if (parse_words(line, &cli, &command) >= 0)
            fail_msg("%s", lines[i]);
        assert_string_equal(command->name, "submit");
        assert_string_equal(cli.server, "ipc://x");
        assert_string_equal(cli.format, "ninjs");
        assert_string_equal(cli.sources[0], "dpa");
        assert_null(cli.sources[1]);
        assert_int_equal(cli.words_count, 1);
        assert_string_equal(cli.words[0], "file");
    }
}

static void
values_reach_their_members(void **state)
{
    char line[] =
        "tail -f -n 5 --after 7 --class new,kill --class touch -e -c 3 --lang de "
        "-o ndjson --timeout 250ms -b -q";
    struct cli cli;
    const struct command *command;
    (void)state;
    assert_true(parse_words(line, &cli, &command) < 0);
    assert_true(cli.follow && cli.end && cli.bodies && cli.quiet && cli.has_after);
    assert_int_equal(cli.last, 5);
    assert_int_equal(cli.after, 7);
    assert_int_equal(cli.count, 3);
    assert_int_equal(cli.output, OUTPUT_NDJSON);
    assert_int_equal(cli.timeout_ms, 250);
    assert_string_equal(cli.classes[0], "new");
    assert_string_equal(cli.classes[1], "kill");
    assert_string_equal(cli.classes[2], "touch");
    assert_null(cli.classes[3]);
    assert_string_equal(cli.languages[0], "de");
}

static void
lines_that_make_no_sense_are_usage(void **state)
{
    static const char *const lines[] = {"", "sumbit", "submit --sorce x", "submit -Z",
        "submit --after 1", "get --format x", "tail --after", "tail --after x",
        "tail --after -1", "tail --after 99999999999999999999", "tail --after 1x",
        "ping -o yaml", "ping --timeout 5", "ping --timeout 0s", "-s", "-V", "--output",
        "ping extra", "status extra", "tail extra", "list extra", "tail --class foo",
        "tail --class new,kil", "tail -c 0", "tail -n 0", "get --revision 0 a:b",
        "ping --principal=",
        "ping -P ppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppp"};
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        char line[128];
        struct cli cli;
        const struct command *command;
        (void)snprintf(line, sizeof line, "%s", lines[i]);
        if (parse_words(line, &cli, &command) != EX_USAGE)
            fail_msg("\"%s\"", lines[i]);
        assert_null(command);
    }
}

static void
too_many_of_a_list_are_refused(void **state)
{
    char line[256] = "tail --class ";
    struct cli cli;
    const struct command *command;
    (void)state;
    for (int i = 0; i < CLI_LIST; i++)
        (void)strcat(line, "new,");
    assert_int_equal(parse_words(line, &cli, &command), EX_USAGE);
}

static void
near_words_are_guessed_and_far_ones_are_not(void **state)
{
    static const struct {
        const char *typed, *meant;
    } rows[] = {
        {"sumbit",                                          "submit" },
        {"submitt",                                         "submit" },
        {"tial",                                            "tail"   },
        {"gte",                                             "get"    },
        {"histroy",                                         "history"},
        {"stauts",                                          "status" },
        {"xyz",                                             NULL     },
        {"kill",                                            NULL     },
        {"",                                                NULL     },
        {"a-word-that-is-longer-than-any-command-could-be", NULL     },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *guess = nearest_command(rows[i].typed);
        if (!guess != !rows[i].meant || (guess && strcmp(guess, rows[i].meant) != 0))
            fail_msg("\"%s\" gives %s", rows[i].typed, guess ? guess : "nothing");
    }
    assert_string_equal(nearest_option(command_named("tail"), "aftre"), "after");
    assert_null(nearest_option(command_named("ping"), "aftre"));
    assert_string_equal(nearest_class("kil"), "kill");
    assert_string_equal(nearest_class("corection"), "correction");
    assert_null(nearest_class("foo"));
}

// Every name in a row of commands is a row of options, and no command gives one letter or
// one name two meanings.
static void
the_table_is_consistent(void **state)
{
    (void)state;
    for (size_t i = 0; i < commands_count; i++) {
        char names[256], *place = NULL;
        (void)snprintf(names, sizeof names, "%s", commands[i].options);
        for (char *name = strtok_r(names, " ", &place); name;
             name = strtok_r(NULL, " ", &place))
            if (!option_named(name))
                fail_msg("%s names --%s", commands[i].name, name);
        for (size_t a = 0; a < options_count; a++)
            for (size_t b = 0; b < a; b++) {
                assert_string_not_equal(options[a].name, options[b].name);
                if (options[a].letter && options[a].letter == options[b].letter &&
                    command_takes(&commands[i], &options[a]) &&
                    command_takes(&commands[i], &options[b]))
                    fail_msg("%s: -%c twice", commands[i].name, options[a].letter);
            }
    }
}

static void
the_graver_code_stands(void **state)
{
    (void)state;
    assert_int_equal(cli_worse(EX_OK, EX_DATAERR), EX_DATAERR);
    assert_int_equal(cli_worse(EX_NOINPUT, EX_DATAERR), EX_NOINPUT);
    assert_int_equal(cli_worse(EX_DATAERR, EX_TEMPFAIL), EX_TEMPFAIL);
    assert_int_equal(cli_worse(EX_TEMPFAIL, EX_UNAVAILABLE), EX_UNAVAILABLE);
    assert_int_equal(cli_worse(CLI_INTERRUPTED, EX_DATAERR), CLI_INTERRUPTED);
}

static void
faults_have_exit_codes(void **state)
{
    static const struct {
        struct wireroom_fault fault;
        int code;
    } rows[] = {
        {{.status = WIREROOM_NO_SERVER},                                           EX_UNAVAILABLE},
        {{.status = WIREROOM_DENIED},                                              EX_NOPERM     },
        {{.status = WIREROOM_TIMEOUT},                                             EX_TEMPFAIL   },
        {{.status = WIREROOM_PROTOCOL},                                            EX_PROTOCOL   },
        {{.status = WIREROOM_REFUSED, .code = WIRE_NOT_FOUND},                     CLI_NOTHING   },
        {{.status = WIREROOM_REFUSED, .code = WIRE_GATED},                         CLI_NOTHING   },
        {{.status = WIREROOM_REFUSED, .code = WIRE_NOT_ALLOWED},                   EX_NOPERM     },
        {{.status = WIREROOM_REFUSED, .code = WIRE_TOO_OLD},                       EX_DATAERR    },
        {{.status = WIREROOM_REFUSED, .code = WIRE_ID_REUSED},                     EX_DATAERR    },
        {{.status = WIREROOM_REFUSED, .code = WIRE_BAD_VERSION},                   EX_PROTOCOL   },
        {{.status = WIREROOM_REFUSED, .code = WIRE_STORE_FULL, .transient = true},
         EX_TEMPFAIL                                                                             },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(cli_exit_code(&rows[i].fault), rows[i].code);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_stand_before_or_after_the_command),
        cmocka_unit_test(values_reach_their_members),
        cmocka_unit_test(lines_that_make_no_sense_are_usage),
        cmocka_unit_test(too_many_of_a_list_are_refused),
        cmocka_unit_test(near_words_are_guessed_and_far_ones_are_not),
        cmocka_unit_test(the_table_is_consistent),
        cmocka_unit_test(the_graver_code_stands),
        cmocka_unit_test(faults_have_exit_codes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
