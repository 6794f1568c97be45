#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "config/config.h"
#include "config/guess.h"
#include "unit/check.h"

static char said[4096]; // every sentence, each with its newline

static void
say(void *context, const char *sentence)
{
    const char *path = context; // faults name the file: the tests don't
    size_t skip = path && strncmp(sentence, path, strlen(path)) == 0 ? strlen(path) : 0;
    (void)snprintf(
        said + strlen(said), sizeof said - strlen(said), "%s\n", sentence + skip);
}

static unsigned
load(const char *yaml, const char *set, struct config **out)
{
    char path[] = "/tmp/wireroom-config-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, yaml, strlen(yaml)), (ssize_t)strlen(yaml));
    assert_int_equal(close(fd), 0);
    said[0] = '\0';
    unsigned faults = config_load(path, &set, set ? 1 : 0, say, path, out);
    assert_int_equal(unlink(path), 0);
    return faults;
}

static void
an_empty_file_gives_the_defaults(void **state)
{
    (void)state;
    struct config *c;
    assert_int_equal(load("# nothing\n", NULL, &c), 0);
    assert_string_equal(c->store_path, "/var/lib/wireroom");
    assert_int_equal(c->limits_submission, 4 << 20);
    assert_int_equal(c->store_checkpoint_idle, 5000);
    assert_true(c->readers_sandbox);
    config_free(&c);
}

static void
units_are_read(void **state)
{
    (void)state;
    struct config *c;
    assert_int_equal(load("store: {checkpoint: 64K, checkpoint_idle: 2s}\n"
                          "readers: {sandbox: false}\n",
                         NULL, &c),
        0);
    assert_int_equal(c->store_checkpoint, 65536);
    assert_int_equal(c->store_checkpoint_idle, 2000000);
    assert_false(c->readers_sandbox);
    config_free(&c);
}

static void
a_set_on_the_command_line_wins(void **state)
{
    (void)state;
    struct config *c;
    assert_int_equal(load("store: {path: /a}\n", "store.path=/b=c", &c), 0);
    assert_string_equal(c->store_path, "/b=c");
    config_free(&c);
}

static void
principals_are_read(void **state)
{
    (void)state;
    struct config *c;
    assert_int_equal(load("principals:\n"
                          "  city-desk: {uid: 1004, sources: [city-desk, web],"
                          " roles: [submit, kill]}\n"
                          "  desk: {uid: 0, sources: any, roles: []}\n",
                         NULL, &c),
        0);
    assert_int_equal(c->principals_count, 2);
    assert_string_equal(c->principals[0].name, "city-desk");
    assert_int_equal(c->principals[0].uid, 1004);
    assert_string_equal(c->principals[0].sources[1], "web");
    assert_null(c->principals[0].sources[2]);
    assert_string_equal(c->principals[0].roles[1], "kill");
    assert_true(c->principals[1].any_source);
    config_free(&c);
}

static const struct {
    const char *yaml, *set, *want;
} faults[] = {
    {"store:\n  path: /x\n  map_sise: 4M\n",              NULL,
     ":3:3: unknown key \"map_sise\" in store; did you mean \"map_size\"?\n"                                                },
    {"store: {checkpoint_idle: soon}\n",                  NULL,
     ":1:26: store.checkpoint_idle: \"soon\" is no duration (90s, 12h, 3d)\n"                                               },
    {"limits: {submission: 4Q}\n",                        NULL,
     ":1:22: limits.submission: \"4Q\" is no size (4096, 64K, 4M, 1G)\n"                                                    },
    {"limits: {items: 501}\n",                            NULL,
     ":1:17: limits.items: must be between 1 and 500\n"                                                                     },
    {"limits: {items: 99999999999999999999}\n",           NULL,
     ":1:17: limits.items: \"99999999999999999999\" is no number\n"                                                         },
    {"readers: {sandbox: maybe}\n",                       NULL,
     ":1:20: readers.sandbox: \"maybe\" is neither true nor false\n"                                                        },
    {"stroe: {path: x}\n",                                NULL,
     ":1:1: unknown key \"stroe\"; did you mean \"store\"?\n"                                                               },
    {"zebra: 1\n",                                        NULL,                  ":1:1: unknown key \"zebra\"\n"            },
    {"store: {path: a, path: b}\n",                       NULL,                  ":1:18: duplicate key\n"                   },
    {"store: [path]\n",                                   NULL,                  ":1:1: store must be a map of settings\n"  },
    {"store: {path: {a: b}}\n",                           NULL,                  ":1:9: store.path must be a single value\n"},
    {"- a\n",                                             NULL,                  ": the file must be a map of rooms\n"      },
    {"principals: {a: {uid: 1, roles: [submit, kil]}}\n", NULL,
     ":1:42: \"kil\" is no role\n"                                                                                          },
    {"principals: {a: {sources: [Big]}}\n",               NULL,
     ":1:28: \"Big\" is no source name ([a-z0-9-])\n"
        ":1:14: principal \"a\" has no uid\n"                                                                               },
    {"principals: {a: {uid: x}}\n",                       NULL,                  ":1:23: \"x\" is no user id\n"             },
    {"",                                                  "store.pth=/x",
     "--set store.pth=/x: unknown key \"pth\" in store; did you mean \"path\"?\n"                                           },
    {"",                                                  "store",               "--set store: must be ROOM.KEY=VALUE\n"    },
    {"",                                                  "sotre.path=1",
     "--set sotre.path=1: unknown room \"sotre\"; did you mean \"store\"?\n"                                                },
    {"",                                                  "store.segment=16384",
     "store.segment: 16384 bytes can't hold a record of limits.submission 4194304"
        " (12591104 bytes)\n"                                                                                               },
    {"%\xff\xff\xff\x12",                                 NULL,                  ": is not UTF-8\n"                         },
    {"# a\n%YAML 1.2\n---\n",                             NULL,                  ":2:1: directives (%) are not taken\n"     },
    {"log: {level: loud}\n",                              NULL,
     "log.level: \"loud\" is none of error, warn, info, debug\n"                                                            },
};

static void
every_fault_names_its_place_and_the_next_step(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        struct config *c;
        assert_true(load(faults[i].yaml, faults[i].set, &c) > 0);
        assert_string_equal(said, faults[i].want);
        config_free(&c);
    }
}

static void
all_faults_are_said_at_once(void **state)
{
    (void)state;
    struct config *c;
    assert_int_equal(load("store: {a: 1, b: 2}\nlimits: {items: x}\n", "x", &c), 4);
    config_free(&c);
}

static void
a_missing_file_is_a_fault(void **state)
{
    (void)state;
    struct config *c;
    said[0] = '\0';
    assert_int_equal(
        config_load("/nonexistent/w.yaml", NULL, 0, say, "/nonexistent/w.yaml", &c), 1);
    assert_string_equal(said, ": cannot be read: No such file or directory\n");
    config_free(&c);
}

static void
what_is_shown_reads_back_the_same(void **state)
{
    (void)state;
    struct config *c, *again;
    struct wire_writer first = {0}, second = {0};
    assert_int_equal(load("store: {path: \"/a b\", checkpoint: 3M}\n"
                          "principals: {a: {uid: 7, sources: [x, y], roles: [read]}}\n",
                         "credit.heartbeat=250ms", &c),
        0);
    config_show(c, &first);
    wire_put_raw(&first, slice_of("", 1));
    assert_int_equal(load((const char *)first.data, NULL, &again), 0);
    assert_string_equal(again->store_path, "/a b");
    assert_int_equal(again->store_checkpoint, 3 << 20);
    assert_int_equal(again->credit_heartbeat, 250000);
    assert_string_equal(again->principals[0].sources[1], "y");
    wire_writer_fini(&first);
    wire_writer_fini(&second);
    config_free(&c);
    config_free(&again);
}

static const struct {
    const char *a, *b;
    unsigned want;
} distances[] = {
    {"",       "abc",     3},
    {"path",   "path",    0},
    {"path",   "pth",     1},
    {"sotre",  "store",   1},
    {"kitten", "sitting", 3},
    {"ca",     "abc",     3},
};

static void
distance_counts_typing_mistakes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof distances / sizeof *distances; i++) {
        struct slice a = slice_str(distances[i].a), b = slice_str(distances[i].b);
        assert_int_equal(guess_distance(a, b), distances[i].want);
        assert_int_equal(guess_distance(b, a), distances[i].want);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_file_gives_the_defaults),
        cmocka_unit_test(units_are_read),
        cmocka_unit_test(a_set_on_the_command_line_wins),
        cmocka_unit_test(principals_are_read),
        cmocka_unit_test(every_fault_names_its_place_and_the_next_step),
        cmocka_unit_test(all_faults_are_said_at_once),
        cmocka_unit_test(a_missing_file_is_a_fault),
        cmocka_unit_test(what_is_shown_reads_back_the_same),
        cmocka_unit_test(distance_counts_typing_mistakes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
