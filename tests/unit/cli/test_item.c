// What people name: items, sources, submissions.
#include "cli.h"
#include "unit/check.h"

static void
an_item_is_a_uri_with_a_source_or_both_with_a_colon(void **state)
{
    static const struct {
        const char *option, *word, *source, *uri; // uri NULL: refused
    } rows[] = {
        {NULL,  "dpa:20261124-0815",       "dpa",       "20261124-0815" },
        {NULL,  "dpa:urn:newsml:x:1",      "dpa",       "urn:newsml:x:1"},
        {NULL,  "city-desk:<a@b.example>", "city-desk", "<a@b.example>" },
        {NULL,  "urn:newsml:x:1",          "urn",       "newsml:x:1"    },
        {"dpa", "urn:newsml:x:1",          "dpa",       "urn:newsml:x:1"},
        {"dpa", "afp:1",                   "dpa",       "afp:1"         },
        {"dpa", "plain",                   "dpa",       "plain"         },
        {NULL,  "plain",                   NULL,        NULL            },
        {NULL,  "dpa:",                    NULL,        NULL            },
        {NULL,  ":x",                      NULL,        NULL            },
        {NULL,  "DPA:x",                   NULL,        NULL            },
        {NULL,  "https://a.example/x",     "https",     "//a.example/x" },
        {"DPA", "x",                       NULL,        NULL            },
        {"",    "x",                       NULL,        NULL            },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char word[64], source[80] = "", *words[] = {word, NULL};
        const char *uri = NULL;
        (void)snprintf(word, sizeof word, "%s", rows[i].word);
        struct cli cli = {
            .words = words, .words_count = 1, .sources = {rows[i].option}};
        if (cli_item(&cli, source, &uri) != (rows[i].uri != NULL))
            fail_msg("\"%s\"", rows[i].word);
        if (!rows[i].uri)
            continue;
        assert_string_equal(source, rows[i].source);
        assert_string_equal(uri, rows[i].uri);
    }
}

static void
one_item_and_one_source_are_named(void **state)
{
    char source[80];
    const char *uri;
    (void)state;
    struct cli none =
                   {
                       .words_count = 0
    },
               two = {.words_count = 2},
               sources = {.words_count = 1, .sources = {"a", "b"}};
    assert_false(cli_item(&none, source, &uri));
    assert_false(cli_item(&two, source, &uri));
    assert_false(cli_item(&sources, source, &uri));
}

static void
a_submission_id_is_hex_or_a_uuid(void **state)
{
    static const uint8_t want[16] = {0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77,
        0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff};
    static const struct {
        const char *text;
        bool good;
    } rows[] = {
        {"00112233445566778899aabbccddeeff",     true },
        {"00112233445566778899AABBCCDDEEFF",     true },
        {"00112233-4455-6677-8899-aabbccddeeff", true },
        {"00112233445566778899aabbccddeef",      false},
        {"00112233445566778899aabbccddeeff0",    false},
        {"00112233-4455-6677-8899aabbccddeeff",  false},
        {"0-0112233445566778899-aabbccd-deef-f", false},
        {"g0112233445566778899aabbccddeeff",     false},
        {"",                                     false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t id[16] = {1};
        if (cli_id(rows[i].text, id) != rows[i].good)
            fail_msg("\"%s\"", rows[i].text);
        if (rows[i].good)
            assert_memory_equal(id, want, sizeof id);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_item_is_a_uri_with_a_source_or_both_with_a_colon),
        cmocka_unit_test(one_item_and_one_source_are_named),
        cmocka_unit_test(a_submission_id_is_hex_or_a_uuid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
