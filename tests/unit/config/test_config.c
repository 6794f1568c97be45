#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "config/config.h"
#include "config/guess.h"
#include "unit/check.h"

static char said[4096]; // every sentence, each with its newline

// say keeps sentences; faults name the file, the tests don't.
static void
say(void *context, const char *sentence)
{
    const char *path = context;
    size_t n = strlen(said);
    while (*sentence && n + 2 < sizeof said) {
        if (path && strncmp(sentence, path, strlen(path)) == 0)
            sentence += strlen(path);
        else
            said[n++] = *sentence++;
    }
    said[n] = '\n';
    said[n + 1] = '\0';
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

static void
sources_are_read(void **state)
{
    (void)state;
    struct config *c;
    assert_int_equal(load("sources:\n"
                          "  dpa: {zone: +01:00, charset: iso-8859-1, language: de}\n"
                          "  upi: {dashes: fold, quotes: keep}\n",
                         NULL, &c),
        0);
    assert_int_equal(c->sources_count, 2);
    assert_string_equal(c->sources[0].name, "dpa");
    assert_string_equal(c->sources[0].zone, "+01:00");
    assert_string_equal(c->sources[0].charset, "iso-8859-1");
    assert_string_equal(c->sources[0].language, "de");
    assert_false(c->sources[0].fold_dashes);
    assert_true(c->sources[1].fold_dashes && !c->sources[1].fold_quotes);
    assert_null(c->sources[1].zone);
    config_free(&c);
}

static const struct {
    const char *yaml, *set, *want;
} faults[] = {
    {"sources: {dpa: {zone: Berlin, dashes: folt}}\n",        NULL,
     ":1:23: \"Berlin\" is no offset: +08:00 or UTC\n"
        ":1:39: \"folt\" is neither keep nor fold; did you mean \"fold\"?\n"                                                  },
    {"sources: {Dpa: {}, a: x, b: {charst: c}}\n",            NULL,
     ":1:11: \"Dpa\" is no source name ([a-z0-9-], at most 64)\n"
        ":1:20: source \"a\" must be {zone, charset, language, dashes, quotes}\n"
        ":1:30: unknown key \"charst\" of a source (zone, charset, language, dashes, quotes)"
        "; did you mean \"charset\"?\n"                                                                                       },
    {"sources: {a: {language: x}}\n",                         NULL,
     ":1:25: \"x\" is no language tag: de, zh-Hant\n"                                                                         },
    {"sources: {a: {charset: 'a b'}}\n",                      NULL,                  ":1:25: \"a b\" is no name of a charset\n"},
    {"sources: [a]\n",                                       NULL,                  ":1:1: sources must be a map of names\n"   },
    {"store:\n  path: /x\n  map_sise: 4M\n",                  NULL,
     ":3:3: unknown key \"map_sise\" in store; did you mean \"map_size\"?\n"                                                    },
    {"store: {checkpoint_idle: soon}\n",                      NULL,
     ":1:26: store.checkpoint_idle: \"soon\" is no duration (90s, 12h, 3d)\n"                                                   },
    {"limits: {submission: 4Q}\n",                            NULL,
     ":1:22: limits.submission: \"4Q\" is no size (4096, 64K, 4M, 1G)\n"                                                        },
    {"limits: {items: 501}\n",                                NULL,
     ":1:17: limits.items: must be between 1 and 500\n"                                                                         },
    {"limits: {items: 99999999999999999999}\n",               NULL,
     ":1:17: limits.items: \"99999999999999999999\" is no number\n"                                                             },
    {"readers: {sandbox: maybe}\n",                           NULL,
     ":1:20: readers.sandbox: \"maybe\" is neither true nor false\n"                                                            },
    {"stroe: {path: x}\n",                                    NULL,
     ":1:1: unknown key \"stroe\"; did you mean \"store\"?\n"                                                                   },
    {"zebra: 1\n",                                            NULL,                  ":1:1: unknown key \"zebra\"\n"            },
    {"store: {path: a, path: b}\n",                           NULL,                  ":1:18: duplicate key\n"                   },
    {"store: [path]\n",                                       NULL,                  ":1:1: store must be a map of settings\n"  },
    {"store: {path: {a: b}}\n",                               NULL,                  ":1:9: store.path must be a single value\n"},
    {"- a\n",                                                 NULL,                  ": the file must be a map of rooms\n"      },
    {"principals: {a: {uid: 1, roles: [submit, kil]}}\n",     NULL,
     ":1:42: \"kil\" is no role; did you mean \"kill\"?\n"                                                                      },
    {"principals: {a: {sources: [Big]}}\n",                   NULL,
     ":1:28: \"Big\" is no source name ([a-z0-9-])\n"
        ":1:14: principal \"a\" has no uid\n"                                                                                   },
    {"principals: {a: {uid: x}}\n",                           NULL,                  ":1:23: \"x\" is no user id\n"             },
    {"",                                                      "store.pth=/x",
     "--set store.pth=/x: unknown key \"pth\" in store; did you mean \"path\"?\n"                                               },
    {"",                                                      "store",               "--set store: must be ROOM.KEY=VALUE\n"    },
    {"",                                                      "sotre.path=1",
     "--set sotre.path=1: unknown room \"sotre\"; did you mean \"store\"?\n"                                                    },
    {"",                                                      "store.segment=16384",
     "--set: store.segment: 16384 bytes can't hold a record of limits.submission "
        "4194304"
        " (12591104 bytes)\n"                                                                                                   },
    {"store:\n  segment: 13M\nlimits:\n  batch: 8M\n",        NULL,
     ":4:10: limits.batch: a batch must fit in store.segment with one record more: "
        "at "
        "most 5234688 bytes\n"                                                                                                  },
    {"credit: {grant: 16M}\n",                                NULL,
     ":1:17: credit.grant: must not be more than credit.connection\n"                                                           },
    {"credit: {total: 1M}\n",                                 NULL,
     "settings: credit.connection: must not be more than credit.total\n"                                                        },
    {"store: {checkpoint_idle: 100d}\n",                      NULL,
     ":1:26: store.checkpoint_idle: must be between 1ms and 1m\n"                                                               },
    {"store: {checkpoint: 2G}\n",                             NULL,
     ":1:21: store.checkpoint: must be between 4K and 1G\n"                                                                     },
    {"store: {path: a}\n---\nlog: {level: info}\n",           NULL,
     ": holds more than one document (---)\n"                                                                                   },
    {"store: {path: \"a\\0b\"}\n",                            NULL,
     ":1:16: store.path: must be one line of UTF-8\n"                                                                           },
    {"",                                                      "store.path=\xff",
     "--set store.path=\xff: store.path: must be one line of UTF-8\n"                                                           },
    {"? [a]\n: b\n",                                          NULL,                  ":2:3: a key must be a word\n"             },
    {"store:\n  path:\n",                                     NULL,
     ":2:3: store.path: must have between 1 and 4000 bytes\n"                                                                   },
    {"store: &s {path: a}\nlisten: *s\n",                     NULL,
     ":2:1: listen must be a map of settings\n"                                                                                 },
    {"store: {<<: {path: b}}\n",                              NULL,                  ":1:9: unknown key \"<<\" in store\n"      },
    {"store: {path: a\n",                                     NULL,                  ":2:1: missing comma in flow mapping\n"    },
    {"store:\n\tpath: a\n",                                   NULL,
     ":2:1: tab character may not be used as indentation\n"                                                                     },
    {"\"\\e[31m\": 1\n",                                      NULL,                  ":1:2: unknown key \"?[31m\"\n"            },
    {"principals: {a: {uid: 1}, b: {uid: 1}}\n",              NULL,
     ":1:27: uid 1 is \"a\" already (:1:14)\n"                                                                                  },
    {"principals: {a b: {uid: 1}}\n",                         NULL,
     ":1:14: \"a b\" is no name ([a-z0-9-], at most 64)\n"                                                                      },
    {"principals: {a: {uid: 1, sources: all, rolls: [x]}}\n", NULL,
     ":1:35: sources must be a list of names, or any\n"
        ":1:40: unknown key \"rolls\" of a principal (uid, sources, roles); did you "
        "mean"
        " \"roles\"?\n"                                                                                                         },
    {"principals: {a: {uid: 4294967295}}\n",                  NULL,
     ":1:23: \"4294967295\" is no user id\n"                                                                                    },
    {"principals: [a]\n",                                     NULL,                  ":1:1: principals must be a map of names\n"},
    {"%\xff\xff\xff\x12",                                     NULL,                  ": is not UTF-8\n"                         },
    // libfyaml 0.7.12 falls over this when it cleans up
    {"Pa:s:\n?  a:s:\n?  :\n? g=:\t?  $",                    NULL,
     ":4:6: cannot use tab for indentation of block entry\n"                                                                   },
    {"# a\n%YAML 1.2\n---\n",                                 NULL,                  ":2:1: directives (%) are not taken\n"     },
    {"log: {level: loud}\n",                                  NULL,
     ":1:14: log.level: \"loud\" is none of error, warn, info, debug\n"                                                         },
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
a_wrong_word_is_said_beside_other_faults(void **state)
{
    (void)state;
    struct config *c;
    assert_int_equal(load("log: {level: debg}\nlimits: {items: x}\n", NULL, &c), 2);
    assert_non_null(strstr(said, "did you mean \"debug\"?"));
    config_free(&c);
}

static void
put_file(const char *directory, const char *name, const char *text)
{
    char path[256];
    (void)snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void
drop_ins_are_read_in_the_order_of_their_names(void **state)
{
    (void)state;
    char home[] = "/tmp/wireroom-[config]-XXXXXX", path[128], command[128];
    struct config *c;
    assert_non_null(mkdtemp(home));
    (void)snprintf(path, sizeof path, "%s/wireroom.d", home);
    assert_int_equal(mkdir(path, 0700), 0);
    put_file(home, "wireroom.yaml", "limits: {items: 1}\nprincipals: {a: {uid: 1}}\n");
    put_file(path, "10-b.yaml", "limits: {items: 2}\nprincipals: {b: {uid: 2}}\n");
    put_file(path, "20-c.yaml", "limits: {items: 3}\n");
    put_file(path, "30-d.txt", "limits: {items: 4}\n");
    put_file(path, ".40-e.yaml", "limits: {items: 5}\n");
    (void)snprintf(path, sizeof path, "%s/wireroom.yaml", home);
    assert_int_equal(config_load(path, NULL, 0, say, path, &c), 0);
    assert_int_equal(c->limits_items, 3);
    assert_int_equal(c->principals_count, 2);
    config_free(&c);

    (void)snprintf(path, sizeof path, "%s/wireroom.d", home);
    put_file(path, "20-c.yaml", "principals: {b: {uid: 3}}\n");
    (void)snprintf(path, sizeof path, "%s/wireroom.yaml", home);
    said[0] = '\0';
    assert_int_equal(config_load(path, NULL, 0, say, home, &c), 1);
    assert_string_equal(said, "/wireroom.d/20-c.yaml:1:14: principal \"b\" is in "
                              "/wireroom.d/10-b.yaml:2:14 already\n");
    config_free(&c);
    (void)snprintf(command, sizeof command, "rm -r '%s'", home);
    assert_int_equal(system(command), 0);
}

static void
settings_come_through_a_pipe_in_pieces(void **state)
{
    (void)state;
    int ends[2];
    char path[64];
    struct config *c;
    assert_int_equal(pipe(ends), 0);
    pid_t writer = fork();
    if (writer == 0) {
        bool good = write(ends[1], "limits: {items", 14) == 14 && usleep(20000) == 0 &&
                    write(ends[1], ": 7}\n", 5) == 5;
        _exit(good ? 0 : 1);
    }
    assert_int_equal(close(ends[1]), 0);
    (void)snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
    assert_int_equal(config_load(path, NULL, 0, say, path, &c), 0);
    assert_int_equal(c->limits_items, 7);
    config_free(&c);
    int status;
    assert_int_equal(waitpid(writer, &status, 0), writer);
    assert_int_equal(status, 0);
    assert_int_equal(close(ends[0]), 0);
}

static void
a_file_larger_than_a_mebibyte_is_a_fault(void **state)
{
    (void)state;
    size_t size = ((size_t)1 << 20) + 1;
    char *text = malloc(size + 1);
    struct config *c;
    assert_non_null(text);
    memset(text, '#', size);
    text[size] = '\0';
    assert_int_equal(load(text, NULL, &c), 1);
    assert_string_equal(said, ": larger than 1 MiB\n");
    config_free(&c);
    text[size - 1] = '\0';
    assert_int_equal(load(text, NULL, &c), 0);
    config_free(&c);
    free(text);
}

static void
deep_nesting_is_a_fault_and_no_crash(void **state)
{
    (void)state;
    static char text[100001];
    struct config *c;
    memset(text, '[', sizeof text - 1);
    assert_true(load(text, NULL, &c) > 0);
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
    struct wire_writer shown = {0};
    assert_int_equal(load("store: {path: '/a \"b\" \\c: ü', checkpoint: 3M}\n"
                          "principals: {a: {uid: 7, sources: [x, y], roles: [read]}}\n",
                         "credit.heartbeat=250ms", &c),
        0);
    config_show(c, &shown);
    wire_put_raw(&shown, slice_of("", 1));
    assert_non_null(strstr((const char *)shown.data, "# --set\n"));
    assert_int_equal(load((const char *)shown.data, NULL, &again), 0);
    assert_string_equal(again->store_path, "/a \"b\" \\c: ü");
    assert_int_equal(again->store_checkpoint, 3 << 20);
    assert_int_equal(again->credit_heartbeat, 250000);
    assert_string_equal(again->principals[0].sources[1], "y");
    wire_writer_fini(&shown);
    config_free(&c);
    config_free(&again);
}

// ---- whole files: tests/corpus/config/x.yaml, and in x.want the faults, or what is shown
// and is no default

static char *
whole_file(const char *path)
{
    static char text[1 << 16];
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    size_t size = fread(text, 1, sizeof text - 1, file);
    text[size] = '\0';
    assert_int_equal(fclose(file), 0);
    return text;
}

static void
keep_what_was_set(const struct config *c, const char *path)
{
    struct wire_writer shown = {0};
    config_show(c, &shown);
    wire_put_raw(&shown, slice_of("", 1));
    for (char *line = strtok((char *)shown.data, "\n"); line; line = strtok(NULL, "\n"))
        if (strchr(line, '#') && !strstr(line, "# default"))
            say((void *)(uintptr_t)path, line);
    wire_writer_fini(&shown);
}

static void
files_give_what_is_wanted(void **state)
{
    (void)state;
    glob_t found;
    struct config *c;
    assert_int_equal(glob(CORPUS "/config/*.yaml", 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        char *path = found.gl_pathv[i], want[512];
        said[0] = '\0';
        if (config_load(path, NULL, 0, say, path, &c) == 0)
            keep_what_was_set(c, path);
        config_free(&c);
        (void)snprintf(want, sizeof want, "%.*s.want", (int)(strlen(path) - 5), path);
        assert_string_equal(said, whole_file(want));
    }
    assert_true(found.gl_pathc >= 4);
    globfree(&found);
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
        cmocka_unit_test(sources_are_read),
        cmocka_unit_test(every_fault_names_its_place_and_the_next_step),
        cmocka_unit_test(all_faults_are_said_at_once),
        cmocka_unit_test(a_wrong_word_is_said_beside_other_faults),
        cmocka_unit_test(drop_ins_are_read_in_the_order_of_their_names),
        cmocka_unit_test(settings_come_through_a_pipe_in_pieces),
        cmocka_unit_test(a_file_larger_than_a_mebibyte_is_a_fault),
        cmocka_unit_test(deep_nesting_is_a_fault_and_no_crash),
        cmocka_unit_test(files_give_what_is_wanted),
        cmocka_unit_test(a_missing_file_is_a_fault),
        cmocka_unit_test(what_is_shown_reads_back_the_same),
        cmocka_unit_test(distance_counts_typing_mistakes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
