// JSON to the wire and back: what survives is exact, what is refused is refused with its
// place, and the limits hold before memory is taken.
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "proto/proto.h"
#include "unit/check.h"

#define BYTES(literal)                                  \
    {                                                   \
        (const uint8_t *)(literal), sizeof(literal) - 1 \
    }

// clang-format off
static const struct {
    const char *json, *want;
} same[] = {
    {"null",                                     "null"},
    {" [ ] ",                                    "[]"},
    {"{\"a\": [1, -2, 3.5, true, null, \"x\"]}", "{\"a\":[1,-2,3.5,true,null,\"x\"]}"},
    {"{\"b\": {}, \"a\": {\"b\": []}}",          "{\"b\":{},\"a\":{\"b\":[]}}"},
    {"9223372036854775807",                      "9223372036854775807"},
    {"-9223372036854775808",                     "-9223372036854775808"},
    {"1.0",                                      "1.0"},
    {"0.1",                                      "0.1"},
    {"1e300",                                    "1e+300"},
    {"1.7976931348623157e308",                   "1.7976931348623157e+308"},
    {"5e-324",                                   "4.94065645841247e-324"},
    {"0.30000000000000004",                      "0.30000000000000004"},
    {"\"\xe4\xb8\xad \\u00e9 \\ud83c\\udf0a\"",  "\"\xe4\xb8\xad \xc3\xa9 \xf0\x9f\x8c\x8a\""},
    {"\"\\\" \\\\ \\/ \\b\\t\\n\\f\\r\"",        "\"\\\" \\\\ / \\b\\t\\n\\f\\r\""},
    {"\"\\u0001\\u000b\\u001f\\u007f\"",         "\"\\u0001\\u000b\\u001f\\u007f\""},
    {"\"\\u0080\\u0085\\u009f\\u00a0\"",         "\"\\u0080\\u0085\\u009f\xc2\xa0\""},
    {"\"\\u2027\\u2028\\u2029\\u202a\"",         "\"\xe2\x80\xa7\\u2028\\u2029\xe2\x80\xaa\""},
    {"{\"time\": 0, \"x\": {\"expires\": 1795515600123000}}",
     "{\"time\":\"1970-01-01T00:00:00Z\",\"x\":{\"expires\":\"2026-11-24T10:20:00.123Z\"}}"},
    {"{\"time\": [0], \"seq\": 0}",              "{\"time\":[0],\"seq\":0}"},
    {"{\"time\": 9223372036854775807}",          "{\"time\":9223372036854775807}"},
    {"{\"time\": \"noon\"}",                     "{\"time\":\"noon\"}"},
    {"-0",                                       "0"},
    {"-0.0",                                     "-0.0"},
    {"1E-2",                                     "0.01"},
    {"0e0",                                      "0.0"},
    {"1e-400",                                   "0.0"},
    {"\"sixteen bytes and\\nmore than that, then \\ud83c\\udf0a.\"",
     "\"sixteen bytes and\\nmore than that, then \xf0\x9f\x8c\x8a.\""},
    {"\t\r\n{\"\" : [ 0 , 1 ] }\n",               "{\"\":[0,1]}"},
};

static const struct {
    struct slice json;
    enum wire_err want;
    uint64_t at;
    const char *place; // how the words begin
} refused[] = {
    {BYTES(""),                           WIRE_ILL_FORMED,    0,  "line 1 column 1: "},
    {BYTES("{} {}"),                      WIRE_ILL_FORMED,    3,  "line 1 column 4: "},
    {BYTES("{"),                          WIRE_ILL_FORMED,    1,  "line 1 column 2: "},
    {BYTES("{\n \"a\": 12x}"),            WIRE_ILL_FORMED,    10, "line 2 column 9: "},
    {BYTES("[1,]"),                       WIRE_ILL_FORMED,    3,  "line 1 column 4: "},
    {BYTES("[NaN]"),                      WIRE_ILL_FORMED,    1,  "line 1 column 2: "},
    {BYTES("\"\\ud800\""),                WIRE_ILL_FORMED,    1,  "line 1 column 2: "},
    {BYTES("\"a\nb\""),                   WIRE_ILL_FORMED,    2,  "line 1 column 3: "},
    {BYTES("{\"a\":1,\"a\":2}"),          WIRE_DUPLICATE_KEY, 7, "line 1 column 8: "},
    {BYTES("\"\\u0000\""),                WIRE_BAD_TEXT,      1,  "line 1 column 2: "},
    {BYTES("\"a\0b\""),                   WIRE_ILL_FORMED,    2,  "line 1 column 3: "},
    {BYTES("[\n\n\"\xe4\xb8\xad\xff\"]"), WIRE_BAD_TEXT,      7,  "line 3 column 3: "},
    {BYTES("[9223372036854775808]"),      WIRE_BAD_FIELD,     1, "line 1 column 2: "},
    {BYTES("[-9223372036854775809]"),     WIRE_BAD_FIELD,     1, "line 1 column 2: "},
    {BYTES("[1e999]"),                    WIRE_BAD_FIELD,     1,  "line 1 column 2: "},
    {BYTES("[[[[[[[[[1]]]]]]]]]"),        WIRE_TOO_DEEP,      8,  "line 1 column 9: "},
    {BYTES("{\"a\":1,\n\"a\":2}"),       WIRE_DUPLICATE_KEY, 8, "line 2 column 1: duplicate object key near '\"a\"'"},
    {BYTES("{\"\\u0061\":1,\"a\":2}"),   WIRE_DUPLICATE_KEY, 12, "line 1 column 13: "},
    {BYTES("{\"a\":[{\"b\":1,\"b\":2}]}"), WIRE_DUPLICATE_KEY, 13, "line 1 column 14: "},
    {BYTES("{\"\\u0000\":1}"),           WIRE_BAD_TEXT,      2,  "line 1 column 3: "},
    {BYTES("\"\\udc00\""),               WIRE_ILL_FORMED,    1,  "line 1 column 2: a surrogate stands alone"},
    {BYTES("\"\\ud83cx\""),              WIRE_ILL_FORMED,    1,  "line 1 column 2: a surrogate stands alone"},
    {BYTES("\"\\ud83c\\u0041\""),       WIRE_ILL_FORMED,    1, "line 1 column 2: a surrogate stands alone"},
    {BYTES("\"\\ud83c\\ud83c\""),       WIRE_ILL_FORMED,    1, "line 1 column 2: a surrogate stands alone"},
    {BYTES("\"\\x\""),                  WIRE_ILL_FORMED,    1,  "line 1 column 2: invalid escape near '\"\\x'"},
    {BYTES("\"\\u12\""),                WIRE_ILL_FORMED,    1,  "line 1 column 2: invalid escape"},
    {BYTES("\"\\"),                     WIRE_ILL_FORMED,    1,  "line 1 column 2: invalid escape"},
    {BYTES("\"abc"),                    WIRE_ILL_FORMED,    4,  "line 1 column 5: premature end of input"},
    {BYTES("01"),                       WIRE_ILL_FORMED,    0,  "line 1 column 1: invalid token near '0'"},
    {BYTES("[-]"),                      WIRE_ILL_FORMED,    1,  "line 1 column 2: invalid token near '-'"},
    {BYTES("[1.]"),                     WIRE_ILL_FORMED,    1,  "line 1 column 2: invalid token near '1.'"},
    {BYTES("[1.5e]"),                   WIRE_ILL_FORMED,    1,  "line 1 column 2: invalid token near '1.5e'"},
    {BYTES("[.5]"),                     WIRE_ILL_FORMED,    1,  "line 1 column 2: invalid token near '.'"},
    {BYTES("[truE]"),                   WIRE_ILL_FORMED,    1,  "line 1 column 2: invalid token near 'truE'"},
    {BYTES("[1 2]"),                    WIRE_ILL_FORMED,    3,  "line 1 column 4: ',' or ']' expected near '2'"},
    {BYTES("[1,"),                      WIRE_ILL_FORMED,    3,  "line 1 column 4: ']' expected near end of file"},
    {BYTES("{\"a\" 1}"),                WIRE_ILL_FORMED,    5,  "line 1 column 6: ':' expected near '1'"},
    {BYTES("{\"a\":}"),                 WIRE_ILL_FORMED,    5,  "line 1 column 6: a value expected near '}'"},
    {BYTES("{\"a\":1,}"),               WIRE_ILL_FORMED,    7,  "line 1 column 8: string or '}' expected near '}'"},
    {BYTES("{1:2}"),                    WIRE_ILL_FORMED,    1,  "line 1 column 2: string or '}' expected near '1'"},
    {BYTES("[1}"),                      WIRE_ILL_FORMED,    2,  "line 1 column 3: ',' or ']' expected near '}'"},
    {BYTES(" \n "),                     WIRE_ILL_FORMED,    3,  "line 2 column 2: a value expected near end of file"},
    {BYTES("\xef\xbb\xbf{}"),           WIRE_ILL_FORMED,    0,  "line 1 column 1: invalid token"},
    {BYTES("1\0"),                      WIRE_ILL_FORMED,    1,  "line 1 column 2: end of file expected"},
    {BYTES("[1]\0"),                    WIRE_ILL_FORMED,    3,  "line 1 column 4: end of file expected"},
    {BYTES("// no\n1"),                 WIRE_ILL_FORMED,    0,  "line 1 column 1: invalid token"},
};
// clang-format on

static void
what_is_read_is_written_the_same(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        struct wire_writer packed = {0}, text = {0};
        struct fault fault = FAULT_NONE;
        if (wire_from_json(
                slice_str(same[i].json), &wire_limits_header, &packed, &fault))
            fail_msg("%s: %s", same[i].json, fault.words);
        wire_to_json(wire_written(&packed), WIRE_JSON_COMPACT, &text);
        if (!slice_is(wire_written(&text), same[i].want))
            fail_msg("%s became %.*s", same[i].json, SLICE_ARG(wire_written(&text)));
        wire_writer_fini(&packed);
        wire_writer_fini(&text);
    }
}

static void
what_is_refused_says_where_and_leaves_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct wire_writer packed = {0};
        struct fault fault = FAULT_NONE;
        wire_put_nil(&packed);
        enum wire_err err =
            wire_from_json(refused[i].json, &wire_limits_header, &packed, &fault);
        size_t place = strlen(refused[i].place);
        if (err != refused[i].want || fault.code != err || fault.at != refused[i].at ||
            strncmp(fault.words, refused[i].place, place) != 0)
            fail_msg("%zu: %s at %d, %s", i, wire_error_name(err), (int)fault.at,
                fault.words);
        assert_int_equal(packed.size, 1);
        wire_writer_fini(&packed);
    }
}

static void
too_many_keys_and_values_are_refused(void **state)
{
    (void)state;
    struct wire_limits limits = {.depth = 3, .values = 4, .map = 1};
    static const struct {
        const char *json;
        enum wire_err want;
    } texts[] = {
        {"[1,2,3]",               WIRE_OK             },
        {"[1,2,3,4]",             WIRE_TOO_MANY_VALUES},
        {"[[],[],[]]",            WIRE_OK             },
        {"{\"a\":[1]}",           WIRE_OK             },
        {"{\"a\":1,\"b\":2}",     WIRE_TOO_MANY_VALUES},
        {"[\"[[[[[[,,,,,\\\"\"]", WIRE_OK             },
        {"[[[[]]]]",              WIRE_TOO_DEEP       },
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct wire_writer packed = {0};
        struct fault fault = FAULT_NONE;
        enum wire_err err =
            wire_from_json(slice_str(texts[i].json), &limits, &packed, &fault);
        assert_int_equal(err, texts[i].want);
        wire_writer_fini(&packed);
    }
}

// Twice the limit is refused at its place, as it is read.
static void
a_text_that_would_cost_memory_is_refused_before_it_is_read(void **state)
{
    (void)state;
    struct wire_limits limits = {.depth = 3, .values = 4, .map = 1};
    struct wire_writer packed = {0};
    struct fault fault = FAULT_NONE;
    struct slice json = SLICE("[0,0,0,0,0,0,0,0,0,0,\nnot JSON any more");
    assert_int_equal(
        wire_from_json(json, &limits, &packed, &fault), WIRE_TOO_MANY_VALUES);
    assert_int_equal(fault.at, 14);
    assert_string_equal(fault.words, "line 1 column 15: more values than the limit");
    wire_writer_fini(&packed);
}

// A container's head grows when its count is known: at each size where it does, and around
// others that did.
static void
containers_of_any_count_are_packed_as_their_count_asks(void **state)
{
    (void)state;
    static const uint32_t counts[] = {0, 1, 15, 16, 17, 255, 256, 65535, 65536, 70000};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        struct wire_writer json = {0}, want = {0}, got = {0};
        struct fault fault = FAULT_NONE;
        wire_put_raw(&json, SLICE("{\"a\":[["));
        wire_put_map(&want, 1);
        wire_put_key(&want, "a");
        wire_put_array(&want, 2);
        wire_put_array(&want, counts[i]);
        for (uint32_t n = 0; n < counts[i]; n++) {
            wire_put_raw(&json, n ? SLICE(",7") : SLICE("7"));
            wire_put_uint(&want, 7);
        }
        wire_put_raw(&json, SLICE("],\"b\"]}"));
        wire_put_str(&want, SLICE("b"));
        assert_int_equal(
            wire_from_json(wire_written(&json), &wire_limits_article, &got, &fault), 0);
        assert_true(slice_equal(wire_written(&got), wire_written(&want)));
        wire_writer_fini(&json);
        wire_writer_fini(&want);
        wire_writer_fini(&got);
    }
}

static void
a_map_of_sixteen_keys_and_more_is_packed_so(void **state)
{
    (void)state;
    struct wire_writer json = {0}, want = {0}, got = {0};
    struct fault fault = FAULT_NONE;
    wire_put_raw(&json, SLICE("{"));
    wire_put_map(&want, 200);
    for (int i = 0; i < 200; i++) {
        char key[24];
        int size = snprintf(key, sizeof key, "%s\"k%d\":[]", i ? "," : "", i);
        wire_put_raw(&json, slice_of(key, (size_t)size));
        size = snprintf(key, sizeof key, "k%d", i);
        wire_put_str(&want, slice_of(key, (size_t)size));
        wire_put_array(&want, 0);
    }
    wire_put_raw(&json, SLICE("}"));
    assert_int_equal(
        wire_from_json(wire_written(&json), &wire_limits_article, &got, &fault), 0);
    assert_true(slice_equal(wire_written(&got), wire_written(&want)));
    wire_writer_fini(&json);
    wire_writer_fini(&want);
    wire_writer_fini(&got);
}

static void
put_numbers(struct wire_writer *w)
{
    wire_put_array(w, 7);
    wire_put_uint(w, UINT64_MAX);
    wire_put_int(w, INT64_MIN);
    wire_put_float(w, DBL_MAX);
    wire_put_float(w, NAN);
    wire_put_float(w, -INFINITY);
    wire_put_float(w, -0.0);
    wire_put_bin(w, SLICE("\x00\xff\x10"));
}

static void
unsigned_numbers_are_whole_bin_is_hex_and_what_is_no_number_is_null(void **state)
{
    (void)state;
    struct wire_writer packed = {0}, text = {0};
    put_numbers(&packed);
    wire_to_json(wire_written(&packed), WIRE_JSON_COMPACT, &text);
    assert_true(
        slice_is(wire_written(&text), "[18446744073709551615,-9223372036854775808,1."
                                      "7976931348623157e+308,null,null,-0.0,"
                                      "\"00ff10\"]"));
    wire_writer_fini(&packed);
    wire_writer_fini(&text);
}

static void
floats_come_back_bit_for_bit(void **state)
{
    (void)state;
    srand(7);
    for (int round = 0; round < 20000; round++) {
        uint64_t bits =
            (uint64_t)rand() << 42 ^ (uint64_t)rand() << 21 ^ (uint64_t)rand();
        double value;
        memcpy(&value, &bits, sizeof value);
        if (!isfinite(value))
            continue;
        struct wire_writer packed = {0}, text = {0}, again = {0};
        struct fault fault = FAULT_NONE;
        wire_put_float(&packed, value);
        wire_to_json(wire_written(&packed), WIRE_JSON_COMPACT, &text);
        assert_int_equal(
            wire_from_json(wire_written(&text), &wire_limits_header, &again, &fault),
            WIRE_OK);
        assert_true(slice_equal(wire_written(&packed), wire_written(&again)));
        wire_writer_fini(&packed);
        wire_writer_fini(&text);
        wire_writer_fini(&again);
    }
}

static void
pretty_text_is_indented_by_two(void **state)
{
    (void)state;
    struct wire_writer packed = {0}, text = {0};
    struct fault fault = FAULT_NONE;
    struct slice json = SLICE("{\"a\":[1,{\"b\":[]}],\"c\":{}}");
    assert_int_equal(
        wire_from_json(json, &wire_limits_header, &packed, &fault), WIRE_OK);
    wire_to_json(wire_written(&packed), WIRE_JSON_PRETTY, &text);
    assert_true(
        slice_is(wire_written(&text), "{\n  \"a\": [\n    1,\n    {\n      \"b\": []\n"
                                      "    }\n  ],\n  \"c\": {}\n}"));
    wire_writer_fini(&packed);
    wire_writer_fini(&text);
}

static void
times_are_rfc_3339_in_utc(void **state)
{
    (void)state;
    static const struct {
        int64_t us;
        const char *want;
    } times[] = {
        {0,                  "1970-01-01T00:00:00Z"       },
        {-1,                 "1969-12-31T23:59:59.999999Z"},
        {1795515600123000,   "2026-11-24T10:20:00.123Z"   },
        {951782400000000,    "2000-02-29T00:00:00Z"       },
        {4107542399999990,   "2100-02-28T23:59:59.99999Z" },
        {4107542400000000,   "2100-03-01T00:00:00Z"       },
        {-62167219200000000, "0000-01-01T00:00:00Z"       },
        {-62167219200000001, "-62167219200000001"         },
        {253402300799999999, "9999-12-31T23:59:59.999999Z"},
        {253402300800000000, "253402300800000000"         },
        {INT64_MIN,          "-9223372036854775808"       },
        {INT64_MAX,          "9223372036854775807"        },
    };
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        char out[40];
        if (!slice_is(wire_time_text(times[i].us, out), times[i].want))
            fail_msg("%s", times[i].want);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_read_is_written_the_same),
        cmocka_unit_test(what_is_refused_says_where_and_leaves_nothing),
        cmocka_unit_test(too_many_keys_and_values_are_refused),
        cmocka_unit_test(a_text_that_would_cost_memory_is_refused_before_it_is_read),
        cmocka_unit_test(containers_of_any_count_are_packed_as_their_count_asks),
        cmocka_unit_test(a_map_of_sixteen_keys_and_more_is_packed_so),
        cmocka_unit_test(
            unsigned_numbers_are_whole_bin_is_hex_and_what_is_no_number_is_null),
        cmocka_unit_test(floats_come_back_bit_for_bit),
        cmocka_unit_test(pretty_text_is_indented_by_two),
        cmocka_unit_test(times_are_rfc_3339_in_utc),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
