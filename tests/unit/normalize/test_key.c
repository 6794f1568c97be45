// The comparison key: signs that belong to numbers, what it leaves out, and what it must
// not notice.
#include "normalize/fold.h"
#include "normalize/normalize.h"
#include "normalize/sender.h"
#include "strings.h"

// clang-format off
#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

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

static const struct {
    const char *in, *want;
} folds[] = {
    {"Inflation 1.5 percent",      "inflation1.5percent"},
    {"１．５",                  "1.5"                },
    {"1,5",                        "1.5"                },
    {"15",                         "15"                 },
    {"1,000 and 1000",             "1.000and1000"       },
    {"End 5. 6 more, 7",           "end56more7"         },
    {"−5 °C",                   "-5c"                },
    {"− 5",                      "-5"                 },
    {"fell -5 to",                 "fell-5to"           },
    {"－５",                     "-5"                 },
    {"F-16, COVID-19, 3-5",        "f16covid1935"       },
    {"气温-5℃",                "气温-5c"          },
    {"said -- 5 men - 6 women",    "said5men6women"     },
    {"-$5, $ 5 and 5 €",         "-$5$5and5€"       },
    {"5€",                       "5€"               },
    {"＄５",                     "$5"                 },
    {"the $ and the €",          "theandthe"          },
    {"up 5 % or 5％",             "up5%or5%"           },
    {"1/2 and ½ of and/or",       "1/2and1/2ofandor"   },
    {"+5 or + 5",                  "+5or+5"             },
    {"Straße STRASSE",            "strassestrasse"     },
    {"ＡＢＣ ｶﾞｽ ガス", "abcガスガス"    },
    {"ﬁn fin",                   "finfin"             },
    {"замо\xcc\x81к й",      "замокй"       },
    {"हिन्दी",         "हिन्दी" },
    {"\xe2\x80\x8f-5",             "-5"                 },
    {"“Yes,” he said: no!",    "yeshesaidno"        },
};

static void
a_fold_keeps_letters_digits_and_the_signs_of_numbers(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(folds); i++) {
        struct buffer out;
        buffer_init(&out, &arena, 16);
        fold_text(slice_str(folds[i].in), &out);
        assert_string_equal(text_of(buffer_slice(&out)), folds[i].want);
    }
}

static struct article *
story(const char *headline, const char *body)
{
    struct article *a = article_new(&arena);
    if (headline[0])
        article_add_headline(a, "main", slice_str(headline));
    article_add_body(a, "text/plain", slice_str(body));
    return a;
}

static const char *
key_of(const char *body)
{
    return text_of(normalize_key(story("Head", body), &arena));
}

// Each begins or ends differently; the text proper is "The text." or 正文在此。
static const struct {
    const char *body, *proper;
} senders[] = {
    {"BERLIN (dpa) – The text.",                                      "The text."                     },
    {"Berlin (dpa/bb) - The text.",                                     "The text."                     },
    {"(AP) — The text.",                                              "The text."                     },
    {"LONDON, Nov 24 (Reuters) - The text.",                            "The text."                     },
    {"WINNIPEG, Manitoba, Dec. 03, 2019 (GLOBE NEWSWIRE) -- The text.", "The text."                     },
    {"SEOUL, Nov 26 AFP - The text.",                                   "The text."                     },
    {"PARIS — The text.",                                             "The text."                     },
    {"PARIS (AP) _ The text.",                                          "The text."                     },
    {"By Jane Doe\n\nWASHINGTON (AP) — The text.",                    "The text."                     },
    {"Von Hans Meier\n\nThe text.",                                     "The text."                     },
    {"The text.\n\ndpa xx yy n1 zz",                                    "The text."                     },
    {"The text.\n\njk/ab",                                              "The text."                     },
    {"The text. (Reuters)",                                             "The text."                     },
    {"The text.\n\nENDS",                                               "The text."                     },
    {"The text.\n\n###\n\n(jk)",                                        "The text."                     },
    {"本报讯（记者张三）正文在此。",                      "正文在此。"               },
    {"本报讯 (记者 张三) 正文在此。",                       "正文在此。"               },
    {"本报讯\n（记者张三 通讯员李四）正文在此。",    "正文在此。"               },
    {"新华社北京8月2日电（记者张三）正文在此。",     "正文在此。"               },
    {"中新网8月2日电 正文在此。",                            "正文在此。"               },
    {"【本報訊】正文在此。",                                  "正文在此。"               },
    {"（中央社記者張三台北24日電）正文在此。",        "正文在此。"               },
    {"【ロンドン＝山田太郎】正文在此。",                "正文在此。"               },
    {"(서울=연합뉴스) 홍길동 기자 = 正文在此。",        "正文在此。"               },
    {"本报记者 张三\n\n正文在此。",                          "正文在此。"               },
    {"正文在此。（记者 张三）",                              "正文在此。"               },
    {"正文在此。（完）",                                        "正文在此。"               },
    {"正文在此。\n\n本报记者 张三 摄",                      "正文在此。"               },
 // Not a sender's words, so they stay.
    {"Anna – The text.",                                              "AnnaThe text"                  },
    {"NATO, the alliance – The text.",                                "NATO the alliance The text"    },
    {"The text (photo).",                                               "The text photo"                },
    {"本报电话已改。正文在此。",                            "本报电话已改正文在此"},
    {"He lives (in Rome).",                                             "He lives in Rome"              },
};

static void
the_key_leaves_out_who_sent_it_and_from_where(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(senders); i++)
        assert_string_equal(key_of(senders[i].body), key_of(senders[i].proper));
}

static void
what_the_article_names_is_left_out_wherever_it_stands(void **state)
{
    (void)state;
    struct article *a = story("H", "城市日报特稿 8月2日，正文。\n\n王五");
    a->wr.desk_mark = SLICE("城市日报特稿");
    article_add_person(a, "author", SLICE("王五"));
    assert_string_equal(text_of(normalize_key(a, &arena)), "h\n8月2日正文");
    a = story("H", "本报讯 记者 王五 正文。");
    article_add_person(a, "author", SLICE("王五"));
    assert_string_equal(text_of(normalize_key(a, &arena)), "h\n正文");
}

static void
a_body_of_nothing_but_a_lead_in_keeps_it(void **state)
{
    (void)state;
    static const char *const bodies[] = {
        "本报讯（记者张三）", "BERLIN (dpa) –", "(AP) —", "dpa", "###\n\nends"};
    for (size_t i = 0; i < LENGTH(bodies); i++)
        assert_true(normalize_key(story("", bodies[i]), &arena).size > 1);
}

static void
an_article_without_text_has_no_key(void **state)
{
    (void)state;
    assert_int_equal(normalize_key(article_new(&arena), &arena).size, 0);
    assert_int_equal(normalize_key(story("", "…!"), &arena).size, 0);
}

static void
headline_and_body_never_run_together(void **state)
{
    (void)state;
    assert_string_not_equal(text_of(normalize_key(story("ab", "cd"), &arena)),
        text_of(normalize_key(story("abc", "d"), &arena)));
}

static void
an_article_with_markup_only_is_compared_by_its_text(void **state)
{
    (void)state;
    struct article *a = article_new(&arena);
    article_add_body(
        a, "text/html", SLICE("<p>Fish &amp; <b>chips</b> &#8211; &#x35;</p>"));
    assert_string_equal(text_of(normalize_key(a, &arena)), "\nfishchips5");
}

static const char *const bases[] = {
    "本报讯（记者张三）8月2日上午，示范区举行活动，约5000人参加。GDP增长1.5%，气温-"
    "5℃。\n\n据介绍，“四城联创”工作已经展开！",
    "BERLIN (dpa) – The minister said on Tuesday that prices rose 1.5 percent, to "
    "$5.20 "
    "(from $5).\n\nHe added: \"That is not all.\" Temperatures fell to -5 degrees.",
};

// widen turns ASCII signs and digits into their full-width forms.
static struct slice
widened(struct slice text)
{
    struct buffer out;
    buffer_init(&out, &arena, text.size * 3);
    for (size_t at = 0; at < text.size;) {
        int32_t point;
        at += utf8_next(text.data + at, text.size - at, &point);
        buffer_put(&out, point > ' ' && point < 0x7f ? point + 0xfee0 : point);
    }
    return buffer_slice(&out);
}

static struct slice
narrowed(struct slice text)
{
    struct buffer out;
    buffer_init(&out, &arena, text.size);
    for (size_t at = 0; at < text.size;) {
        int32_t point;
        at += utf8_next(text.data + at, text.size - at, &point);
        buffer_put(&out, point > 0xff00 && point < 0xff5f ? point - 0xfee0 : point);
    }
    return buffer_slice(&out);
}

// rewrapped exchanges every single space and line end at random.
static struct slice
rewrapped(struct slice text)
{
    struct slice copy = arena_copy(&arena, text);
    uint8_t *p = (uint8_t *)(uintptr_t)copy.data;
    for (size_t i = 1; i + 1 < copy.size; i++)
        if ((p[i] == ' ' || p[i] == '\n') && p[i - 1] != '\n' && p[i + 1] != '\n')
            p[i] = strings_random() % 2 ? '\n' : ' ';
    return copy;
}

static void
the_key_does_not_notice_width_line_ends_or_the_shape_of_quotes(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(bases); i++) {
        struct slice base = slice_str(bases[i]);
        const char *want = key_of(bases[i]);
        assert_string_equal(key_of(text_of(widened(base))), want);
        assert_string_equal(key_of(text_of(narrowed(base))), want);
        for (int k = 0; k < 50; k++)
            assert_string_equal(key_of(text_of(rewrapped(base))), want);
    }
}

static void
text_that_differs_in_a_number_has_another_key(void **state)
{
    (void)state;
    static const char *const apart[][2] = {
        {"rose 1.5 points", "rose 15 points"},
        {"at -5 degrees",   "at 5 degrees"  },
        {"at −5 degrees", "at 5 degrees"  },
        {"气温-5℃",     "气温5℃"    },
        {"paid $5",         "paid 5"        },
        {"paid €5",       "paid $5"       },
        {"½ ounce",        "12 ounce"      },
    };
    for (size_t i = 0; i < LENGTH(apart); i++)
        assert_string_not_equal(key_of(apart[i][0]), key_of(apart[i][1]));
}

static void
a_key_of_any_bytes_is_good_utf8_and_made_from_any_cut(void **state)
{
    (void)state;
    for (int i = 0; i < 100000; i++) {
        uint8_t bytes[64];
        size_t bad;
        struct article *a = article_new(&arena);
        article_add_body(a, "text/plain", strings_make(bytes));
        assert_true(utf8_check(normalize_key(a, &arena), &bad));
        arena_reset(&arena);
    }
    for (size_t i = 0; i < LENGTH(senders); i++)
        for (size_t cut = 0; cut <= strlen(senders[i].body); cut++) {
            size_t bad;
            struct slice part = slice_of(senders[i].body, cut);
            struct article *a = article_new(&arena);
            if (!utf8_check(part, &bad))
                part.size = bad;
            article_add_body(a, "text/plain", part);
            assert_true(utf8_check(normalize_key(a, &arena), &bad));
            arena_reset(&arena);
        }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fold_keeps_letters_digits_and_the_signs_of_numbers),
        cmocka_unit_test(the_key_leaves_out_who_sent_it_and_from_where),
        cmocka_unit_test(what_the_article_names_is_left_out_wherever_it_stands),
        cmocka_unit_test(a_body_of_nothing_but_a_lead_in_keeps_it),
        cmocka_unit_test(an_article_without_text_has_no_key),
        cmocka_unit_test(headline_and_body_never_run_together),
        cmocka_unit_test(an_article_with_markup_only_is_compared_by_its_text),
        cmocka_unit_test(
            the_key_does_not_notice_width_line_ends_or_the_shape_of_quotes),
        cmocka_unit_test(text_that_differs_in_a_number_has_another_key),
        cmocka_unit_test(a_key_of_any_bytes_is_good_utf8_and_made_from_any_cut),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
