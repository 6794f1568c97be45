#include "proto/proto.h"
#include "unit/check.h"

#define BYTES(literal)                                  \
    {                                                   \
        (const uint8_t *)(literal), sizeof(literal) - 1 \
    }

static void
a_submission_reads_as_it_was_written(void **state)
{
    (void)state;
    struct wire_writer w = {0};
    struct wire_submit in = {.n = 7, .id = SLICE("0123456789abcdef")}, out;
    struct fault fault = FAULT_NONE;
    WIRE_SET(submit, &in, source, SLICE("dpa"));
    WIRE_SET(submit, &in, all_or_nothing, true);
    wire_encode(&w, WIRE_MSG_SUBMIT, &in);
    assert_int_equal(
        wire_decode(wire_written(&w), WIRE_MSG_SUBMIT, &out, &fault), WIRE_OK);
    assert_int_equal(out.n, 7);
    assert_true(slice_is(out.source, "dpa"));
    assert_true(out.all_or_nothing);
    assert_true(WIRE_HAS(submit, &out, source));
    assert_false(WIRE_HAS(submit, &out, format));
    wire_writer_fini(&w);
}

static void
the_bytes_are_those_of_the_protocol(void **state)
{
    (void)state;
    struct wire_writer w = {0};
    uint8_t prefix[WIRE_PREFIX_BYTES];
    struct wire_receipt receipt = {.n = 300};
    wire_prefix_write(prefix, WIRE_MSG_RECEIPT);
    wire_encode(&w, WIRE_MSG_RECEIPT, &receipt);
    assert_memory_equal(prefix, "WR\x01\x11", 4);
    assert_true(slice_equal(wire_written(&w), SLICE("\x81\xa1n\xcd\x01\x2c")));
    wire_writer_fini(&w);
}

#define ID           \
    "\xa2id\xc4\x10" \
    "0123456789abcdef"

static const struct {
    struct slice header;
    enum wire_err want;
    const char *field;
} bad[] = {
    {BYTES("\x81" ID),                           WIRE_MISSING_FIELD, "n"     },
    {BYTES("\x81\xa1n\x01"),                     WIRE_MISSING_FIELD, "id"    },
    {BYTES("\x82\xa1n\xff" ID),                  WIRE_BAD_FIELD,     "n"     },
    {BYTES("\x82\xa1n\xa1x" ID),                 WIRE_BAD_FIELD,     "n"     },
    {BYTES("\x82\xa1n\x01\xa2id\xc4\x01x"),      WIRE_BAD_FIELD,     "id"    },
    {BYTES("\x83\xa1n\x01" ID "\xa6source\xa0"), WIRE_BAD_FIELD,     "source"},
    {BYTES("\x83\xa1n\x01" ID "\xa6source\x05"), WIRE_BAD_FIELD,     "source"},
    {BYTES("\x83\xa1n\x01" ID "\xa1n\x02"),      WIRE_DUPLICATE_KEY, ""      },
    {BYTES("\x93\x01\x02\x03"),                  WIRE_BAD_MSGPACK,   ""      },
    {BYTES("\xc1"),                              WIRE_BAD_MSGPACK,   ""      },
};

static void
a_bad_header_names_its_field(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct wire_submit out;
        struct fault fault = FAULT_NONE;
        enum wire_err err = wire_decode(bad[i].header, WIRE_MSG_SUBMIT, &out, &fault);
        bool no_map = bad[i].want == WIRE_BAD_MSGPACK && err == WIRE_BAD_FIELD;
        if (err != bad[i].want && !no_map)
            fail_msg("%zu: %s, field %s", i, wire_error_name(err), fault.field);
        if (bad[i].field[0])
            assert_string_equal(fault.field, bad[i].field);
        assert_int_equal(out.set, 0);
    }
}

static void
an_unknown_key_is_skipped(void **state)
{
    (void)state;
    struct wire_ping out;
    struct fault fault = FAULT_NONE;
    struct slice header = SLICE("\x82\xa6"
                                "future\x93\x01\x02\x03\xa1n\x05");
    assert_int_equal(wire_decode(header, WIRE_MSG_PING, &out, &fault), WIRE_OK);
    assert_int_equal(out.n, 5);
}

static void
prefixes_are_told_apart(void **state)
{
    (void)state;
    unsigned number;
    assert_int_equal(wire_prefix_read(SLICE("WR\x01\x10"), &number), WIRE_OK);
    assert_int_equal(number, WIRE_MSG_SUBMIT);
    assert_int_equal(wire_prefix_read(SLICE("WR\x02\x10"), &number), WIRE_BAD_VERSION);
    assert_int_equal(wire_prefix_read(SLICE("XR\x01\x10"), &number), WIRE_BAD_FRAME);
    assert_int_equal(wire_prefix_read(SLICE("WR\x01"), &number), WIRE_BAD_FRAME);
    assert_int_equal(wire_prefix_read(SLICE(""), &number), WIRE_BAD_FRAME);
}

static void
topics_are_made_of_class_source_and_language(void **state)
{
    (void)state;
    static const struct {
        const char *change_class, *source, *language, *want;
    } topics[] = {
        {"new",        "dpa",       "de",    "a.dpa.de"       },
        {"touch",      "dpa",       "de-CH", "t.dpa.de"       },
        {"kill",       "city-desk", "",      "k.city-desk.und"},
        {"correction", "afp",       "tlh",   "a.afp.und"      },
    };
    for (size_t i = 0; i < sizeof topics / sizeof *topics; i++) {
        char topic[WIRE_TOPIC_MAX];
        size_t size = wire_topic(topics[i].change_class, slice_str(topics[i].source),
            slice_str(topics[i].language), topic);
        assert_true(slice_is(slice_of(topic, size), topics[i].want));
    }
    assert_true(wire_source_ok(SLICE("a-1")));
    assert_false(wire_source_ok(SLICE("A")));
    assert_false(wire_source_ok(SLICE("")));
}

static const struct {
    const char *json, *want; // NULL: refused
} texts[] = {
    {"{\"a\": [1, -2, 3.5, true, null, \"x\"]}", "{\"a\":[1,-2,3.5,true,null,\"x\"]}"},
    {"9223372036854775807",                      "9223372036854775807"               },
    {"\"中 \\u00e9\"",                          "\"中 é\""                        },
    {"{\"a\":1,\"a\":2}",                        NULL                                },
    {"\"\\u0000\"",                              NULL                                },
    {"\"\\ud800\"",                              NULL                                },
    {"{} {}",                                    NULL                                },
    {"{",                                        NULL                                },
    {"\"\xff\"",                                 NULL                                },
};

static void
json_goes_both_ways(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct wire_writer packed = {0}, text = {0};
        struct fault fault = FAULT_NONE;
        enum wire_err err = wire_from_json(
            slice_str(texts[i].json), &wire_limits_article, &packed, &fault);
        assert_int_equal(err == WIRE_OK, texts[i].want != NULL);
        if (!err) {
            wire_to_json(wire_written(&packed), WIRE_JSON_COMPACT, &text);
            assert_true(slice_is(wire_written(&text), texts[i].want));
        } else
            assert_true(fault.words[0] != '\0');
        wire_writer_fini(&packed);
        wire_writer_fini(&text);
    }
}

static void
times_are_rfc_3339(void **state)
{
    (void)state;
    char out[40];
    assert_true(slice_is(wire_time_text(0, out), "1970-01-01T00:00:00Z"));
    assert_true(
        slice_is(wire_time_text(1795515600123000, out), "2026-11-24T10:20:00.123Z"));
    assert_true(slice_is(wire_time_text(-1, out), "1969-12-31T23:59:59.999999Z"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_submission_reads_as_it_was_written),
        cmocka_unit_test(the_bytes_are_those_of_the_protocol),
        cmocka_unit_test(a_bad_header_names_its_field),
        cmocka_unit_test(an_unknown_key_is_skipped),
        cmocka_unit_test(prefixes_are_told_apart),
        cmocka_unit_test(topics_are_made_of_class_source_and_language),
        cmocka_unit_test(json_goes_both_ways),
        cmocka_unit_test(times_are_rfc_3339),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
