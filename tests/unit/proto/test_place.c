// Places in text, and text shown so that nothing in it is unseen.
#include "proto/proto.h"

// clang-format off
#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

static void
a_place_is_line_and_column_in_characters(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t at, line, column;
        const char *before, *rest;
    } places[] = {
        {"one\ntwo",               0,  1, 1, "",          "one"     },
        {"one\ntwo",               5,  2, 2, "t",         "wo"      },
        {"one\ntwo",               3,  1, 4, "one",       ""        },
        {"one\ntwo",               99, 2, 4, "two",       ""        },
        {"",                       0,  1, 1, "",          ""        },
        {"\xc3\xa9t\xc3\xa9\r\nx", 3,  1, 3, "\xc3\xa9t", "\xc3\xa9"},
    };
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        struct wire_place p;
        wire_place_of(slice_str(places[i].text), places[i].at, &p);
        assert_int_equal(p.line, places[i].line);
        assert_int_equal(p.column, places[i].column);
        assert_true(slice_is(p.before, places[i].before));
        assert_true(slice_is(p.at, places[i].rest));
    }
}

static void
a_long_line_is_cut_between_characters(void **state)
{
    (void)state;
    uint8_t text[3000];
    for (size_t i = 0; i < sizeof text; i += 3)
        memcpy(text + i, "\xe4\xb8\xad", 3);
    struct wire_place p;
    wire_place_of(slice_of(text, sizeof text), 1500, &p);
    assert_int_equal(p.column, 501);
    assert_int_equal(utf8_valid_bytes(p.before), p.before.size);
    assert_int_equal(utf8_valid_bytes(p.at), p.at.size);
    assert_true(p.before.size <= 60 && p.at.size <= 60 && p.before.size > 50);
}

static void
nothing_is_unseen(void **state)
{
    (void)state;
    static const struct {
        const char *in, *want;
    } texts[] = {
        {"plain \xc3\xa9 \xe4\xb8\xad", "plain \xc3\xa9 \xe4\xb8\xad"},
        {"a\xe2\x80\x8b"
         "b\xc2\xa0"
         "c\xc2\xad",          "a<U+200B>b<U+00A0>c<U+00AD>"},
        {"a\tb\r\n",                    "a<U+0009>b<U+000D><U+000A>" },
        {"a\xff"
         "b\x80\xe2\x80",      "a<0xff>b<0x80><0xe2><0x80>" },
        {"\xe2\x80\xae"
         "x",                  "<U+202E>x"                  },
        {"\x1b[31m",                    "<U+001B>[31m"               },
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct wire_writer w = {0};
        wire_put_shown(&w, slice_str(texts[i].in));
        assert_true(slice_is(wire_written(&w), texts[i].want));
        wire_writer_fini(&w);
    }
}

// An accent that stands apart looks like the letter that has it.
static void
points_tell_apart_what_looks_alike(void **state)
{
    (void)state;
    struct wire_writer w = {0};
    wire_put_points(&w, SLICE("e\xcc\x81 \xc3\xa9 \xff"));
    assert_true(slice_is(wire_written(&w), "e<U+0301> <U+00E9> <0xff>"));
    wire_writer_fini(&w);
}

static void
columns_are_those_of_a_screen(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t columns;
    } texts[] = {
        {"",                                     0},
        {"plain",                                5},
        {"e\xcc\x81t\xc3\xa9",                   3}, // an accent apart, a letter with one
        {"\xe4\xb8\xad\xef\xbc\x8c",             4},
        {"\xed\x95\x9c",                         2},
        {"\xe2\x80\x9e\xe2\x82\xac\xe2\x80\x9c", 3}, // quotes and the euro are narrow
        {"\xf0\x9f\x8c\x8a",                     2},
        {"\xe1\xba\xa1\xd0\xb6",                 2},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_int_equal(wire_columns(slice_str(texts[i].text)), texts[i].columns);
}

static void
put(struct wire_writer *w, const char *key, const char *text)
{
    wire_put_key(w, key);
    wire_put_str(w, slice_str(text));
}

static void
an_error_is_told_with_a_caret_under_its_place(void **state)
{
    (void)state;
    struct wire_writer map = {0}, text = {0};
    wire_put_map(&map, 6);
    put(&map, "words", "':' expected");
    put(&map, "before", "\"a\xc3\xa9\" ");
    put(&map, "rest", "1}");
    put(&map, "next", "mend it");
    wire_put_key(&map, "line");
    wire_put_uint(&map, 3);
    wire_put_key(&map, "column");
    wire_put_uint(&map, 6);
    explanation_error(wire_written(&map), &text);
    assert_true(slice_is(wire_written(&text), "  not read: ':' expected\n"
                                              "  at line 3, column 6:\n"
                                              "    \"a\xc3\xa9\" 1}\n"
                                              "         ^\n"
                                              "  next: mend it\n"));
    wire_writer_fini(&map);
    wire_writer_fini(&text);
}

static void
what_an_error_leaves_out_is_told_by_its_code(void **state)
{
    (void)state;
    struct wire_writer map = {0}, text = {0};
    wire_put_map(&map, 3);
    put(&map, "words", "urgency is not 1 to 9");
    put(&map, "field", "urgency");
    wire_put_key(&map, "code");
    wire_put_uint(&map, WIRE_INVALID);
    explanation_error(wire_written(&map), &text);
    assert_true(slice_is(wire_written(&text), "  not read: urgency is not 1 to 9\n"
                                              "  next: mend the field named\n"));
    wire_writer_fini(&map);
    wire_writer_fini(&text);
}

// What comes over a wire may lack anything, and hold anything.
static void
maps_that_say_little_are_told_as_far_as_they_go(void **state)
{
    (void)state;
    struct wire_writer map = {0}, text = {0};
    wire_put_map(&map, 2);
    wire_put_key(&map, "items");
    wire_put_array(&map, 2);
    wire_put_uint(&map, 7);
    wire_put_map(&map, 1);
    wire_put_key(&map, "changes");
    wire_put_array(&map, 1);
    wire_put_nil(&map);
    put(&map, "format", "x");
    explanation_text(wire_written(&map), &text);
    assert_false(text.failed);
    assert_true(slice_starts(wire_written(&text), SLICE("format x\n")));
    wire_writer_fini(&map);
    wire_writer_fini(&text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_place_is_line_and_column_in_characters),
        cmocka_unit_test(a_long_line_is_cut_between_characters),
        cmocka_unit_test(nothing_is_unseen),
        cmocka_unit_test(an_error_is_told_with_a_caret_under_its_place),
        cmocka_unit_test(points_tell_apart_what_looks_alike),
        cmocka_unit_test(columns_are_those_of_a_screen),
        cmocka_unit_test(what_an_error_leaves_out_is_told_by_its_code),
        cmocka_unit_test(maps_that_say_little_are_told_as_far_as_they_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
