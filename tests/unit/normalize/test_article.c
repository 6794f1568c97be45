// The text rules on whole articles: what each does, that a second run does nothing, and
// that whatever comes in goes out as good UTF-8 in NFC.
#include "normalize/language.h"
#include "normalize/normalize.h"
#include "normalize/text.h"
#include "strings.h"

// clang-format off
#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on
#include <stdlib.h>
#include <utf8proc.h>

#define LENGTH(table) (sizeof(table) / sizeof *(table))

static struct arena arena;

static int
set_up(void **state)
{
    (void)state;
    arena_init(&arena, (size_t)64 << 20);
    return normalize_load() ? 0 : -1;
}

static int
tear_down(void **state)
{
    (void)state;
    arena_fini(&arena);
    return 0;
}

static const char *
text_of(struct slice s)
{
    return (const char *)arena_printf(&arena, "%.*s", SLICE_ARG(s)).data;
}

static const char *
cleaned(const char *text, enum text_kind kind)
{
    struct text_scan scan;
    struct text_changes changes = {0};
    return text_of(text_clean(slice_str(text), kind, &arena, &scan, &changes));
}

static const struct {
    enum text_kind kind;
    const char *in, *want;
} texts[] = {
    {TEXT_LINE,     "FLOOD  warning\xc2\xa0issued ",                                        "FLOOD warning issued"                   },
    {TEXT_LINE,     "two\nlines\tone",                                                      "two lines one"                          },
    {TEXT_LINE,     "\xe3\x80\x80標題\xe3\x80\x80二",                                    "標題 二"                             },
    {TEXT_LINE,     "exam\xc2\xadple\xe2\x80\x8b",                                          "example"                                },
    {TEXT_LINE,
     "\xe2\x80\xae"
        "evil\xe2\x80\xac x",                                                               "evil x"                                 },
    {TEXT_LINE,     "Quoi\xc2\xa0? Non\xe2\x80\xaf!",                                       "Quoi\xc2\xa0? Non\xe2\x80\xaf!"         },
    {TEXT_LINE,     "«\xc2\xa0Oui\xc2\xa0»",                                              "«\xc2\xa0Oui\xc2\xa0»"                },
    {TEXT_LINE,
     "10\xc2\xa0"
        "000\xc2\xa0km, a\xc2\xa0"
        "b",                                                                                "10\xc2\xa0"
        "000\xc2\xa0km, a b"                                                                                             },
    {TEXT_LINE,     "cafe\xcc\x81",                                                         "café"                                  },
    {TEXT_LINE,     "ＡＢ％ ½ ² ㎏ ﬁ ， “x” …",                              "ＡＢ％ ½ ² ㎏ ﬁ ， “x” …"},
    {TEXT_LINE,
     "می\xe2\x80\x8cخواهم a\xe2\x80\x8c"
        "b",                                                                                "می\xe2\x80\x8cخواهم ab"          },
    {TEXT_LINE,     "👩\xe2\x80\x8d💻",                                                 "👩\xe2\x80\x8d💻"                   },
    {TEXT_LINE,     "❤\xef\xb8\x8f\xe2\x80\x8d🔥",                                      "❤\xef\xb8\x8f\xe2\x80\x8d🔥"        },
    {TEXT_LINE,     "🏴\xf3\xa0\x81\xa7\xf3\xa0\x81\xa2\xf3\xa0\x81\xbf\xf3\xa0\x81\xa7",
     "🏴\xf3\xa0\x81\xa7\xf3\xa0\x81\xa2\xf3\xa0\x81\xbf"                                                                          },
    {TEXT_LINE,
     "a\xef\xbb\xbf"
        "b\xef\xbf\xbe"
        "c\x01"
        "d\x7f",                                                                            "abcd"                                   },
    {TEXT_PROSE,    "\r\nOne.\r\n\r\nTwo\rlines.\r\n\r",                                    "One.\n\nTwo\nlines."                    },
    {TEXT_LINE,     "\r\nOne\r\nline\r",                                                    "One line"                               },
    {TEXT_VERBATIM, "\r\nOne\r",                                                            "\nOne\n"                                },
    {TEXT_PROSE,    "One.\r\n\r\n\r\n Two  \rlines.\n",                                     "One.\n\nTwo\nlines."                    },
    {TEXT_PROSE,    "One.\n \t \nTwo.",                                                     "One.\n\nTwo."                           },
    {TEXT_PROSE,    "\n\n　　第一段。\n\n　　第二段。",                         "第一段。\n\n第二段。"           },
    {TEXT_PROSE,
     "a\xe2\x80\xa8"
        "b\xe2\x80\xa9"
        "c\xc2\x85"
        "d\x0c"
        "e",                                                                                "a\nb\nc\nd\ne"                          },
    {TEXT_PROSE,    "Team\tGoals \nA\t1\n\nNext  one",                                      "Team\tGoals\nA\t1\n\nNext one"          },
    {TEXT_PROSE,    "Team     Goals\nA        1",                                           "Team     Goals\nA        1"             },
    {TEXT_PROSE,    "one     gap\nis none",                                                 "one gap\nis none"                       },
    {TEXT_PROSE,
     "a \xe2\x81\xa7x\xe2\x81\xa9 b\xe2\x81\xa9 \xe2\x81\xa7"
        "c",                                                                                "a \xe2\x81\xa7x\xe2\x81\xa9 b c"        },
    {TEXT_PROSE,
     "\xe2\x80\xaa"
        "a\nb\xe2\x80\xac",                                                                 "a\nb"                                   },
    {TEXT_PROSE,
     "a\xe2\x81\xa8\xe2\x80\xaa"
        "b\xe2\x81\xa9"
        "c",                                                                                "a\xe2\x81\xa8"
        "b\xe2\x81\xa9"
        "c"                                                                                                              },
    {TEXT_VERBATIM, "(c)  2026\xc2\xa0X\x02 e\xcc\x81",                                     "(c)  2026\xc2\xa0X é"                  },
    {TEXT_WORD,     "urn:x:e\xcc\x81 \xc2\xa0\x01",                                         "urn:x:e\xcc\x81 \xc2\xa0"               },
    {TEXT_HTML,     "<p>a  b</p>\r\n<b>\xcc\xb8x",                                          "<p>a  b</p>\n<b>&#824;x"                },
    {TEXT_LINE,     "bad\xff\xc3(",                                                         "bad\xef\xbf\xbd\xef\xbf\xbd("           },
};

static void
each_rule_does_what_it_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(texts); i++)
        assert_string_equal(cleaned(texts[i].in, texts[i].kind), texts[i].want);
}

static void
clean_text_comes_back_as_the_same_bytes(void **state)
{
    (void)state;
    static const char *const clean[] = {"", "A plain line.", "«\xc2\xa0Oui\xc2\xa0»",
        "示范区举行活动。", "One.\n\nTwo\nlines."};
    for (size_t i = 0; i < LENGTH(clean); i++) {
        struct text_scan scan;
        struct text_changes changes = {0}, none = {0};
        struct slice text = slice_str(clean[i]);
        struct slice got = text_clean(text, TEXT_PROSE, &arena, &scan, &changes);
        assert_ptr_equal(got.data, text.data);
        assert_int_equal(got.size, text.size);
        assert_memory_equal(&changes, &none, sizeof none);
    }
}

static void
assert_nfc(struct slice text)
{
    size_t bad;
    assert_true(utf8_check(text, &bad));
    if (text.size == 0 || memmem(text.data, text.size, "\xe1\x86\xa7", 3))
        return; // utf8proc 2.8.0 drops U+11A7
    uint8_t *mapped = NULL;
    utf8proc_ssize_t size = utf8proc_map(text.data, (utf8proc_ssize_t)text.size,
        &mapped, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    assert_true(slice_equal(slice_of(mapped, (size_t)size), text));
    free(mapped);
}

static void
cleaning_twice_changes_nothing_more(void **state)
{
    (void)state;
    for (int i = 0; i < 300000; i++) {
        uint8_t bytes[64];
        struct text_scan scan;
        struct text_changes first = {0}, second = {0}, none = {0};
        enum text_kind kind = (enum text_kind)(i % 5);
        struct slice once =
            text_clean(strings_make(bytes), kind, &arena, &scan, &first);
        struct slice twice = text_clean(once, kind, &arena, &scan, &second);
        if (!slice_equal(once, twice))
            print_error("kind %d: \"%s\"\n", (int)kind, text_of(once));
        assert_true(slice_equal(once, twice));
        assert_memory_equal(&second, &none, sizeof none);
        if (kind != TEXT_WORD)
            assert_nfc(once);
        arena_reset(&arena);
    }
}

static struct article *
story(const char *body)
{
    struct article *a = article_new(&arena);
    article_set_text(a, ARTICLE_URI, SLICE("urn:x:1"));
    article_add_headline(a, "main", SLICE("  The  headline"));
    article_add_body(a, "text/plain", slice_str(body));
    return a;
}

static bool
changed(const struct article *a, const char *rule, const char *field)
{
    for (uint32_t i = 0; i < a->wr.changes_count; i++)
        if (!strcmp(a->wr.changes[i].rule, rule) &&
            !strcmp(a->wr.changes[i].field, field))
            return true;
    return false;
}

static bool
warned(const struct article *a, const char *code, const char *where)
{
    for (uint32_t i = 0; i < a->wr.warnings_count; i++)
        if (!strcmp(a->wr.warnings[i].code, code) &&
            slice_is(a->wr.warnings[i].where, where))
            return true;
    return false;
}

static void
an_article_is_cleaned_counted_and_given_its_defaults(void **state)
{
    (void)state;
    struct article *a = story("Five words\xc2\xa0here in all.\n\n中文三字");
    normalize_article(a);
    const struct value *body = &a->field[ARTICLE_BODIES].list.items[0];
    assert_string_equal(text_of(article_headline(a)), "The headline");
    assert_string_equal(
        text_of(article_body(a)), "Five words here in all.\n\n中文三字");
    assert_int_equal(value_get(body, "charCount")->integer, 27);
    assert_int_equal(value_get(body, "wordCount")->integer, 9);
    assert_string_equal(text_of(article_text(a, ARTICLE_TYPE)), "text");
    assert_string_equal(text_of(article_text(a, ARTICLE_PUB_STATUS)), "usable");
    assert_true(changed(a, "space", "headlines"));
    assert_true(changed(a, "space", "bodies"));
    assert_true(changed(a, "default", "type"));
    assert_false(changed(a, "nfc", "bodies"));
    uint32_t changes = a->wr.changes_count;
    struct wire_writer first = {0}, second = {0};
    article_pack(a, &first);
    normalize_article(a);
    article_pack(a, &second);
    assert_true(slice_equal(wire_written(&first), wire_written(&second)));
    assert_int_equal(a->wr.changes_count, changes);
    wire_writer_fini(&first);
    wire_writer_fini(&second);
}

static void
lists_are_cleaned_by_their_keys(void **state)
{
    (void)state;
    struct article *a = story("x");
    struct value *subject = article_add(a, ARTICLE_SUBJECTS, 2);
    value_set(subject, "uri", value_of_text(SLICE("medtop: 1  ")), &arena);
    value_set(subject, "name", value_of_text(SLICE(" flood\n water ")), &arena);
    article_set_text(a, ARTICLE_COPYRIGHT_NOTICE, SLICE("(c)  dpa"));
    normalize_article(a);
    subject = &a->field[ARTICLE_SUBJECTS].list.items[0];
    assert_string_equal(text_of(value_text(value_get(subject, "uri"))), "medtop: 1  ");
    assert_string_equal(text_of(value_text(value_get(subject, "name"))), "flood water");
    assert_string_equal(text_of(article_text(a, ARTICLE_COPYRIGHT_NOTICE)), "(c)  dpa");
}

static const struct {
    const char *said, *status, *warning;
} statuses[] = {
    {"usable",      "usable",   NULL                  },
    {"Usable",      "usable",   NULL                  },
    {"stat:usable", "usable",   NULL                  },
    {"Cancelled",   "canceled", NULL                  },
    {"withheld",    "withheld", NULL                  },
    {"embargoed",   "withheld", "embargo-without-time"},
    {"frobbed",     "withheld", "status-unknown"      },
};

static void
a_status_is_one_of_three_and_what_was_said_is_kept(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(statuses); i++) {
        struct article *a = story("x");
        article_set_text(a, ARTICLE_PUB_STATUS, slice_str(statuses[i].said));
        normalize_article(a);
        assert_string_equal(
            text_of(article_text(a, ARTICLE_PUB_STATUS)), statuses[i].status);
        if (strcmp(statuses[i].said, statuses[i].status) != 0)
            assert_string_equal(text_of(a->wr.declared_status), statuses[i].said);
        if (statuses[i].warning)
            assert_true(warned(a, statuses[i].warning, "pubStatus"));
        else
            assert_int_equal(a->wr.warnings_count, 0);
    }
}

static const char *const tags[][2] = {
    {"en",              "en"             },
    {"EN-us",           "en-US"          },
    {"en_GB",           "en-GB"          },
    {"zh-hans",         "zh-Hans"        },
    {"ZH-HANT-tw",      "zh-Hant-TW"     },
    {"ger",             "de"             },
    {"eng-us",          "en-US"          },
    {"es-419",          "es-419"         },
    {"de-1996",         "de-1996"        },
    {"sl-Rozaj-Biske",  "sl-rozaj-biske" },
    {"zh-yue-HK",       "zh-yue-HK"      },
    {"en-x-AP-Style",   "en-x-ap-style"  },
    {"de-u-CO-phonebk", "de-u-co-phonebk"},
    {"x-wire",          "x-wire"         },
    {"nds",             "nds"            },
    {"english",         ""               },
    {"e",               ""               },
    {"en-",             ""               },
    {"en--us",          ""               },
    {"en us",           ""               },
    {"en-x",            ""               },
    {"12",              ""               },
    {"en-us-us",        ""               },
    {"dé",             ""               },
};

static void
a_language_tag_has_one_spelling(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(tags); i++) {
        char out[LANGUAGE_MAX + 1] = "";
        size_t size = language_tag(slice_str(tags[i][0]), out);
        assert_string_equal(out, tags[i][1]);
        assert_int_equal(size, strlen(tags[i][1]));
    }
    struct article *a = story("x");
    article_set_text(a, ARTICLE_LANGUAGE, SLICE("english"));
    normalize_article(a);
    assert_int_equal(a->field[ARTICLE_LANGUAGE].type, WIRE_NIL);
    assert_string_equal(text_of(a->wr.declared_language), "english");
    assert_true(warned(a, "language-malformed", "language"));
}

static void
facts_out_of_range_are_warned_of(void **state)
{
    (void)state;
    struct article *a = story("x");
    article_set_number(a, ARTICLE_URGENCY, 12);
    article_set_time(
        a, ARTICLE_FIRST_CREATED, 30 * DAY_US, "given", SLICE("1970-01-31"));
    normalize_article(a);
    assert_int_equal(a->field[ARTICLE_URGENCY].type, WIRE_NIL);
    assert_true(warned(a, "urgency-out-of-range", "urgency"));
    assert_true(warned(a, "time-before-1990", "firstCreated"));
    assert_int_equal(article_time_us(a, ARTICLE_FIRST_CREATED), 30 * DAY_US);
}

static const struct {
    const char *body;
    bool found;
} readings[] = {
    {"cafÃ© au lait",                  true },
    {"the mayorâ€™s house",         true },
    {"Ð¿Ñ€Ð¸Ð²ÐµÑ‚",       true },
    {"café, naïve, “quoted” ’s", false},
    {"« CAFÉ» et déjà",             false},
    {"în România»",                   false},
    {"Größe – é…",                false},
    {"привет 中文",              false},
};

// What other wrong readings make: of Latin-1 half is dropped as controls, so that nothing
// of it can stay as it is.
static const struct {
    const char *body;
    bool found;
} other_readings[] = {
    {"caf\xc3\x83\xc2\x83\xc3\x82\xc2\xa9",                   true }, // UTF-8 as Latin-1, twice
    {"l\xc3\xa2\xc2\x80\xc2\x99hiver",                        true }, // a quote, as Latin-1
    {"РїР°СЂРѕРј РІРµСЂРЅСѓР»СЃСЏ", true }, // as windows-1251
    {"Партия «РС» и СССР» — Рё, С…",   false},
    {"娓¤埞鍋滆埅涓夊懆锛屽懆涓�鎭㈠�嶃�傚�︾敓鍏嶈垂锛岄晣闀胯�淬�傚眳姘戠瓑鍊欙紝楠戣"
     "溅浜哄厛涓婅埞锛岀エ浠蜂笉鍙樸��",                                                        true         },
    {"他说：锟斤拷",                                                       true                               },
    {"锛是罕用字，锛、锟",                                                       false},
    {"渡船停航三周，周一恢复。",                                                       false                      },
};

static void
other_wrong_readings_are_noticed(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(other_readings); i++) {
        struct article *a = story(other_readings[i].body);
        normalize_article(a);
        if (warned(a, "mojibake", "bodies") != other_readings[i].found)
            fail_msg("%s", other_readings[i].body);
    }
}

static void
a_wrong_reading_of_utf8_is_noticed_and_left_as_it_is(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(readings); i++) {
        struct article *a = story(readings[i].body);
        normalize_article(a);
        assert_int_equal(warned(a, "mojibake", "bodies"), readings[i].found);
        assert_string_equal(text_of(article_body(a)), readings[i].body);
    }
}

static void
hostile_texts_take_time_in_proportion_to_their_length(void **state)
{
    (void)state;
    static const char *const units[] = {"\xe2\x81\xa7", "\xe2\x80\xab\xe2\x81\xa9",
        " \t", "\n \n", "\xcc\xa3\xcc\x87", "\xe2\x80\x8d", "$ ", "( ", "a\xcc\x81",
        "\xef\xb7\xba"};
    for (size_t i = 0; i < LENGTH(units); i++) {
        size_t unit = strlen(units[i]), size = 0;
        uint8_t *text = arena_alloc(&arena, 600000);
        assert_non_null(text);
        for (; size + unit < 600000; size += unit)
            memcpy(text + size, units[i], unit);
        struct article *a = article_new(&arena);
        article_add_body(a, "text/plain", slice_of(text, size));
        int64_t begin = clock_monotonic_us();
        normalize_article(a);
        (void)normalize_key(a, &arena);
        assert_true(clock_monotonic_us() - begin < 5 * SECOND_US); // sanitizers and all
        assert_false(arena.failed);
        arena_reset(&arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_rule_does_what_it_says),
        cmocka_unit_test(clean_text_comes_back_as_the_same_bytes),
        cmocka_unit_test(cleaning_twice_changes_nothing_more),
        cmocka_unit_test(an_article_is_cleaned_counted_and_given_its_defaults),
        cmocka_unit_test(lists_are_cleaned_by_their_keys),
        cmocka_unit_test(a_status_is_one_of_three_and_what_was_said_is_kept),
        cmocka_unit_test(a_language_tag_has_one_spelling),
        cmocka_unit_test(facts_out_of_range_are_warned_of),
        cmocka_unit_test(a_wrong_reading_of_utf8_is_noticed_and_left_as_it_is),
        cmocka_unit_test(other_wrong_readings_are_noticed),
        cmocka_unit_test(hostile_texts_take_time_in_proportion_to_their_length),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
