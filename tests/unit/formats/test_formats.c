// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <stdio.h>
#include <stdlib.h>

#include "formats/decode.h"
#include "formats/formats.h"

#define LENGTH(a) (sizeof(a) / sizeof *(a))

static struct arena arena;

static int
begin(void **state)
{
    (void)state;
    arena_init(&arena, 64U << 20);
    return hash_init() && formats_load() ? 0 : -1;
}

static int
end(void **state)
{
    (void)state;
    arena_fini(&arena);
    return 0;
}

static struct format_output
read_as(const char *format, struct slice raw)
{
    struct format_output out;
    struct format_input input = {.raw = raw, .format = slice_str(format)};
    formats_read(&input, &arena, &out);
    return out;
}

static const struct {
    const char *raw, *want; // NULL: UNKNOWN_FORMAT
} kinds[] = {
    {"{\"uri\": \"urn:a\"}",                                  "ninjs"  },
    {" \n{ \"uri\": \"urn:a\"}",                              "ninjs"  },
    {"\xef\xbb\xbf{\"uri\": \"urn:a\"}",                      "ninjs"  },
    {"[{\"uri\": \"urn:a\"}]",                                "ninjs"  },
    {"{\"uri\": \"urn:a\"}\n{\"uri\": \"urn:b\"}\n",          "ninjs"  },
    {"{curly} opens a sentence\n",                            "text"   },
    {"[Brackets] open another\n",                             "text"   },
    {"Plain words.\n",                                        "text"   },
    {"\x81\xa3uri\xa1x",                                      "article"},
    {"<?xml version=\"1.0\"?><nitf/>",                        "nitf"   },
    {"<!-- x --><!DOCTYPE nitf><nitf xmlns='urn:n'>x</nitf>", "nitf"   },
    {"<?xml version=\"1.0\"?><newsfile/>",                    NULL     },
    {"<!DOCTYPE html><p>x",                                   "html"   },
    {"<?xml version='1.0'?><!DOCTYPE html><html><p>x",        "html"   },
    {" <!-- x -->\n<HTML>x",                                  "html"   },
    {"<p>x",                                                  "html"   },
    {"<b>x</b> and more",                                     "html"   },
    {"<nosuch>x",                                             "text"   },
    {"< p>x",                                                 "text"   },
    {"<!DOCTYPE html><rss/>",                                 "rss"    },
    {"<RSS version=\"2.0\"/>",                                "rss"    },
    {"<?xml version=\"1.0\"?><!-- x --><rss/>",               "rss"    },
    {"<feed xmlns=\"http://www.w3.org/2005/Atom\"/>",         "atom"   },
    {"%PDF-1.7 x",                                            NULL     },
    {"\x7f"
     "ELF\x02\x01\x01",                                  NULL     },
    {"\x89PNG\r\n\x1a\n",                                     NULL     },
    {"\x1f\x8b\x08",                                          NULL     },
    {"PK\x03\x04 ten",                                        NULL     },
    {"GIF pictures are old.\n",                               "text"   },
};

static void
a_document_is_recognised_by_its_content(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(kinds); i++) {
        struct format_output out = read_as("auto", slice_str(kinds[i].raw));
        assert_true(kinds[i].want == NULL || out.format != NULL);
        if (kinds[i].want)
            assert_string_equal(out.format, kinds[i].want);
        else
            assert_int_equal(out.fault.code, WIRE_UNKNOWN_FORMAT);
        struct format_output same = read_as("", slice_str(kinds[i].raw));
        assert_int_equal(same.fault.code, out.fault.code);
    }
}

// Four bytes that would be U+14D186, which is no character.
static void
what_utf8_once_was_is_malformed(void **state)
{
    (void)state;
    char bytes[1000];
    memset(bytes, 'a', sizeof bytes);
    memcpy(bytes + 500, "\xf5\x8d\x86\x86", 4);
    struct format_output out;
    struct format_input input = {.raw = slice_of(bytes, sizeof bytes),
        .format = SLICE("text"),
        .charset = SLICE("UTF-8")};
    formats_read(&input, &arena, &out);
    assert_int_equal(out.fault.code, WIRE_OK);
    assert_int_equal(out.items[0]->wr.changes[0].count, 4);
    struct slice text = article_body(out.items[0]);
    assert_int_equal(utf8_valid_bytes(text), text.size);
}

static void
a_nul_is_a_slip_and_many_are_no_text(void **state)
{
    (void)state;
    char bytes[400];
    memset(bytes, 'a', sizeof bytes);
    bytes[100] = bytes[200] = 0;
    assert_int_equal(
        read_as("text", slice_of(bytes, sizeof bytes)).fault.code, WIRE_OK);
    for (size_t i = 0; i < sizeof bytes; i += 20)
        bytes[i + 3] = 0;
    bytes[4] = (char)0x90; // no UTF-8, and nothing to be guessed
    const char *words[] = {"text", "auto", "newsprint"};
    for (size_t i = 0; i < LENGTH(words); i++) {
        struct format_output out = read_as(words[i], slice_of(bytes, sizeof bytes));
        assert_int_equal(out.fault.code, WIRE_NOT_TEXT);
    }
}

static void
many_narrow_lines_are_a_page_and_wide_or_few_ones_a_text(void **state)
{
    (void)state;
    char text[8192] = "";
    for (int i = 0; i < 40; i++)
        strcat(text, "a line as narrow as this one\n");
    assert_string_equal(read_as("auto", slice_str(text)).format, "newsprint");
    text[29 * 20] = 0;
    assert_string_equal(read_as("auto", slice_str(text)).format, "text");
    text[0] = 0;
    for (int i = 0; i < 40; i++)
        strcat(text,
            "a line that somebody wrapped at about seventy columns, as in mail\n");
    assert_string_equal(read_as("auto", slice_str(text)).format, "text");
}

// The name of a page comes with any file that is sent from a shell.
static void
a_page_that_is_named_needs_fewer_lines_but_a_name_makes_none_of_a_text(void **state)
{
    (void)state;
    struct format_output out;
    struct format_input input = {.raw = SLICE("Harbour opens\n\nThe harbour opened on "
                                              "Friday, after it had been shut for years."
                                              "\n\nIt will close again.\n"),
        .page = SLICE("harbour.txt")};
    formats_read(&input, &arena, &out);
    assert_string_equal(out.format, "text");
    char text[1024] = "";
    for (int i = 0; i < 12; i++)
        strcat(text, "a line as narrow as this one\n");
    input.raw = slice_str(text);
    formats_read(&input, &arena, &out);
    assert_string_equal(out.format, "newsprint");
    input.page.size = 0;
    formats_read(&input, &arena, &out);
    assert_string_equal(out.format, "text");
}

static void
every_word_has_a_reader_and_an_unknown_one_is_named(void **state)
{
    (void)state;
    assert_string_equal(format_words[0], "auto");
    for (size_t i = 1; format_words[i]; i++)
        assert_int_not_equal(
            read_as(format_words[i], SLICE("x")).fault.code, WIRE_UNKNOWN_FORMAT);
    struct format_output out = read_as("nitf2000", SLICE("x"));
    assert_int_equal(out.fault.code, WIRE_UNKNOWN_FORMAT);
    assert_non_null(strstr(out.fault.words, "nitf2000"));
    out = read_as("\x1b[31m", SLICE("x"));
    assert_null(strchr(out.fault.words, '\x1b'));
}

static void
hints_stand_where_the_document_says_nothing(void **state)
{
    (void)state;
    struct format_output out;
    struct format_input input = {
        .raw = SLICE("[{\"uri\":\"urn:a\",\"headline\":\"A\","
                     "\"versioncreated\":\"2026-03-04T09:30:00\"},"
                     "{\"uri\":\"urn:b\",\"headline\":\"B\",\"language\":\"fr\","
                     "\"versioncreated\":\"2026-03-04T09:30:00Z\"}]"),
        .language = SLICE("nb"),
        .page = SLICE("feed.json"),
        .zone = SLICE("+01:00")};
    input.format = SLICE("ninjs");
    formats_read(&input, &arena, &out);
    assert_int_equal(out.count, 2);
    int64_t at_us = 1772616600LL * SECOND_US;
    assert_true(slice_is(article_text(out.items[0], ARTICLE_LANGUAGE), "nb"));
    assert_true(slice_is(article_text(out.items[1], ARTICLE_LANGUAGE), "fr"));
    assert_true(article_time_us(out.items[0], ARTICLE_VERSION_CREATED) ==
                at_us - 3600 * SECOND_US);
    assert_true(article_time_us(out.items[1], ARTICLE_VERSION_CREATED) == at_us);
    assert_true(slice_is(out.items[0]->wr.page, "feed.json"));
}

// A schema of ninjs asks for the id and nothing else; but a place for a text that has none
// in it is an empty article.
static void
an_item_of_ninjs_may_be_metadata_alone(void **state)
{
    (void)state;
    static const struct {
        const char *json;
        bool good;
    } items[] = {
        {"{\"uri\":\"urn:a\",\"type\":\"text\"}",                           true },
        {"{\"uri\":\"urn:a\",\"subjects\":[{\"uri\":\"s:1\"}]}",            true },
        {"{\"uri\":\"urn:a\"}",                                             false},
        {"{\"uri\":\"urn:a\",\"type\":\"text\",\"body_text\":\"\"}",        false},
        {"{\"uri\":\"urn:a\",\"type\":\"text\",\"headlines\":[]}",          false},
        {"{\"uri\":\"urn:a\",\"type\":\"text\",\"description_html\":\"\"}", false},
    };
    for (size_t i = 0; i < LENGTH(items); i++) {
        struct format_output out;
        struct format_input input = {
            .raw = slice_str(items[i].json), .format = SLICE("ninjs")};
        formats_read(&input, &arena, &out);
        assert_int_equal(out.count, 1);
        assert_int_equal(article_check_empty(out.items[0]), items[i].good);
        assert_int_equal(out.items[0]->wr.warnings_count, items[i].good);
    }
}

static void
a_signal_makes_a_correction_or_an_advisory(void **state)
{
    (void)state;
    static const struct {
        const char *signal;
        bool correction, advisory;
    } signals[] = {
        {"correction",                     true,  false},
        {"sig:correction",                 true,  false},
        {"http://cv.example/s/correction", true,  false},
        {"advisory",                       false, true },
        {"nocorrection",                   false, false},
        {"update",                         false, false},
    };
    for (size_t i = 0; i < LENGTH(signals); i++) {
        struct wire_writer w = {0};
        wire_put_map(&w, 2);
        wire_put_key(&w, "headlines");
        wire_put_array(&w, 1);
        wire_put_map(&w, 1);
        wire_put_key(&w, "value");
        wire_put_str(&w, SLICE("x"));
        wire_put_key(&w, "signals");
        wire_put_array(&w, 1);
        wire_put_map(&w, 1);
        wire_put_key(&w, "name");
        wire_put_str(&w, slice_str(signals[i].signal));
        struct format_output out = read_as("article", wire_written(&w));
        assert_int_equal(out.count, 1);
        assert_int_equal(out.items[0]->correction, signals[i].correction);
        assert_int_equal(out.items[0]->advisory, signals[i].advisory);
        wire_writer_fini(&w);
    }
}

static void
put_items(struct wire_writer *w, uint32_t count)
{
    wire_put_array(w, count);
    for (uint32_t i = 0; i < count; i++) {
        wire_put_map(w, 1);
        wire_put_key(w, "edNote");
        wire_put_str(w, SLICE("x"));
    }
}

static void
five_hundred_items_are_read_and_one_more_is_refused(void **state)
{
    (void)state;
    for (uint32_t count = ARTICLE_ITEMS_MAX; count <= ARTICLE_ITEMS_MAX + 1; count++) {
        struct wire_writer w = {0}, lines = {0};
        put_items(&w, count);
        for (uint32_t i = 0; i < count; i++)
            wire_put_raw(&lines, SLICE("{\"uri\":\"a\"}\n"));
        bool fits = count <= ARTICLE_ITEMS_MAX;
        struct format_output packed = read_as("article", wire_written(&w));
        struct format_output json = read_as("ndjson", wire_written(&lines));
        assert_int_equal(packed.count, fits ? count : 0);
        assert_int_equal(json.count, fits ? count : 0);
        assert_int_equal(packed.fault.code, fits ? WIRE_OK : WIRE_TOO_MANY_ITEMS);
        assert_int_equal(json.fault.code, fits ? WIRE_OK : WIRE_TOO_MANY_ITEMS);
        wire_writer_fini(&w);
        wire_writer_fini(&lines);
    }
}

static void
bytes_that_are_not_msgpack_are_refused_with_their_place(void **state)
{
    (void)state;
    static const struct {
        struct slice raw;
        enum wire_err want;
    } bad[] = {
        {{(const uint8_t *)"", 0},                             WIRE_BAD_MSGPACK  },
        {{(const uint8_t *)"\x81\xa1"
                           "a",
             3},
         WIRE_BAD_MSGPACK                                                        },
        {{(const uint8_t *)"\x80\x80", 2},                     WIRE_BAD_MSGPACK  },
        {{(const uint8_t *)"\x82\xa1\x61\x01\xa1\x61\x02", 7}, WIRE_DUPLICATE_KEY},
        {{(const uint8_t *)"\x81\xa1\x61\xa1\xff", 5},         WIRE_BAD_TEXT     },
        {{(const uint8_t *)"\x90", 1},                         WIRE_NO_ITEM      },
    };
    for (size_t i = 0; i < LENGTH(bad); i++) {
        struct format_output out = read_as("article", bad[i].raw);
        assert_int_equal(out.fault.code, bad[i].want);
        assert_int_equal(out.count, 0);
    }
}

static void
values_that_json_does_not_have_are_refused_in_lists(void **state)
{
    (void)state;
    struct format_output out =
        read_as("article", SLICE("\x81\xa6genres\x91\x81\xa1\x61\xc4\x01x"));
    assert_string_equal(out.items[0]->fault.field, "genres[0].a");
    out = read_as("article",
        SLICE("\x81\xa6genres\x91\x81\xa1\x61\xcb\x7f\xf8\x00\x00\x00\x00\x00\x00"));
    assert_int_equal(out.items[0]->fault.code, WIRE_INVALID);
}

static void
a_declared_charset_bears_one_malformed_byte_in_a_hundred(void **state)
{
    (void)state;
    uint8_t raw[200];
    memset(raw, 'a', sizeof raw);
    raw[50] = raw[150] = 0xff;
    for (unsigned bad = 2; bad <= 3; bad++) {
        struct format_output out;
        struct format_input input = {.raw = slice_of(raw, sizeof raw),
            .format = SLICE("text"),
            .charset = SLICE("UTF-8")};
        raw[100] = bad == 3 ? 0xfe : 'a';
        formats_read(&input, &arena, &out);
        assert_int_equal(out.fault.code, bad == 3 ? WIRE_NOT_TEXT : WIRE_OK);
        if (bad == 3)
            continue;
        struct slice body = article_body(out.items[0]);
        assert_memory_equal(body.data + 50, "\xef\xbf\xbd", 3);
        assert_string_equal(out.items[0]->wr.warnings[0].code, "charset-malformed");
        assert_int_equal(out.items[0]->wr.changes[0].count, 2);
    }
}

static const struct {
    const char *charset, *raw, *want, *warning;
} hints[] = {
    {"iso-8859-1",     "caf\xe9",        "caf\xc3\xa9",    ""                    },
    {"Latin1",         "\x96",           "\xe2\x80\x93",   ""                    },
    {"\"UTF-8\"",      "caf\xc3\xa9",    "caf\xc3\xa9",    ""                    },
    {"iso-8859-1",     "caf\xc3\xa9",    "caf\xc3\xa9",    "charset-contradicted"},
    {"klingon",        "plain",          "plain",          "charset-unknown"     },
    {"gb2312",         "\xcb\xae",       "\xe6\xb0\xb4",   ""                    },
    {"ks_c_5601-1987", "\xb9\xb0",       "\xeb\xac\xbc",   ""                    },
    {"shift_jis",      "\x90\x85",       "\xe6\xb0\xb4",   ""                    },
    {"utf-16",         "plain as UTF-8", "plain as UTF-8", "charset-contradicted"},
};

static void
a_charset_hint_is_evidence_that_bytes_may_contradict(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(hints); i++) {
        struct format_output out;
        struct format_input input = {.raw = slice_str(hints[i].raw),
            .format = SLICE("text"),
            .charset = slice_str(hints[i].charset)};
        formats_read(&input, &arena, &out);
        assert_int_equal(out.count, 1);
        struct slice body = article_body(out.items[0]);
        if (!slice_is(body, hints[i].want))
            fail_msg("%s gave \"%.*s\"", hints[i].charset, SLICE_ARG(body));
        const struct article_wr *wr = &out.items[0]->wr;
        assert_string_equal(
            wr->warnings_count ? wr->warnings[0].code : "", hints[i].warning);
        assert_true(slice_is(wr->declared_charset, hints[i].charset));
    }
}

// The definition, spelt otherwise: bits put together, then ranges.
static bool
is_one_character(const uint8_t *b, size_t size)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    static const uint8_t mask[] = {0, 0x80, 0xe0, 0xf0, 0xf8},
                         lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    uint32_t code = b[0] & (uint8_t)~mask[size];
    if ((b[0] & mask[size]) != lead[size])
        return false;
    for (size_t i = 1; i < size; i++) {
        if ((b[i] & 0xc0) != 0x80)
            return false;
        code = code << 6 | (b[i] & 0x3fU);
    }
    bool surrogate = code >= 0xd800 && code < 0xe000;
    return code >= least[size] && code <= 0x10ffff && !surrogate;
}

static void
utf8_is_what_the_standard_says(void **state)
{
    (void)state;
    static const uint8_t edges[] = {
        0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff};
    for (unsigned first = 0; first < 256; first++)
        for (unsigned n = 0; n < 1000; n++) {
            uint8_t b[4] = {
                (uint8_t)first, edges[n % 10], edges[n / 10 % 10], edges[n / 100]};
            size_t want = 0; // characters from the start, as long as there are any
            for (size_t size = 1; want < 4 && size <= 4 - want;)
                if (is_one_character(b + want, size)) {
                    want += size;
                    size = 1;
                } else {
                    size++;
                }
            assert_int_equal(utf8_valid_bytes(slice_of(b, sizeof b)), want);
        }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_document_is_recognised_by_its_content),
        cmocka_unit_test(a_nul_is_a_slip_and_many_are_no_text),
        cmocka_unit_test(what_utf8_once_was_is_malformed),
        cmocka_unit_test(many_narrow_lines_are_a_page_and_wide_or_few_ones_a_text),
        cmocka_unit_test(
            a_page_that_is_named_needs_fewer_lines_but_a_name_makes_none_of_a_text),
        cmocka_unit_test(every_word_has_a_reader_and_an_unknown_one_is_named),
        cmocka_unit_test(hints_stand_where_the_document_says_nothing),
        cmocka_unit_test(an_item_of_ninjs_may_be_metadata_alone),
        cmocka_unit_test(a_signal_makes_a_correction_or_an_advisory),
        cmocka_unit_test(five_hundred_items_are_read_and_one_more_is_refused),
        cmocka_unit_test(bytes_that_are_not_msgpack_are_refused_with_their_place),
        cmocka_unit_test(values_that_json_does_not_have_are_refused_in_lists),
        cmocka_unit_test(a_declared_charset_bears_one_malformed_byte_in_a_hundred),
        cmocka_unit_test(a_charset_hint_is_evidence_that_bytes_may_contradict),
        cmocka_unit_test(utf8_is_what_the_standard_says),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
