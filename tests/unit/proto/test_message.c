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

// clang-format off
static const struct {
    struct slice header;
    enum wire_err want;
    uint64_t at;
    const char *field, *words;
} bad[] = {
    {BYTES("\x81" ID),                           WIRE_MISSING_FIELD, FAULT_NOWHERE, "n", "SUBMIT needs n"},
    {BYTES("\x81\xa1n\x01"),                     WIRE_MISSING_FIELD, FAULT_NOWHERE, "id", "SUBMIT needs id"},
    {BYTES("\x82\xa1n\xff" ID),                  WIRE_BAD_FIELD,     3,  "n", "n is out of range"},
    {BYTES("\x82\xa1n\xa1x" ID),                 WIRE_BAD_FIELD,     3,  "n", "n must be an integer of 0 or more"},
    {BYTES("\x82\xa1n\x01\xa2id\xc4\x01x"),      WIRE_BAD_FIELD,     7,  "id", "id must be 16 bytes"},
    {BYTES("\x83\xa1n\x01" ID "\xa6source\xa0"), WIRE_BAD_FIELD,     32, "source", "source must be 1 to 64 bytes"},
    {BYTES("\x83\xa1n\x01" ID "\xa6source\x05"), WIRE_BAD_FIELD,     32, "source", "source must be a str"},
    {BYTES("\x83\xa1n\x01" ID "\xa6source\xc0"), WIRE_BAD_FIELD,     32, "source", "source must be a str"},
    {BYTES("\x83\xa1n\x01" ID "\xa1n\x02"),      WIRE_DUPLICATE_KEY, 25, "", "a map has the same key twice"},
    {BYTES("\x93\x01\x02\x03"),                  WIRE_BAD_FIELD,     0,  "", "frame 1 of SUBMIT must be a map"},
    {BYTES("\xc1"),                              WIRE_BAD_MSGPACK,   0,  "", NULL},
};
// clang-format on

static void
a_bad_header_names_its_field_and_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct wire_submit out;
        struct fault fault = FAULT_NONE;
        memset(&out, 0xff, sizeof out);
        enum wire_err err = wire_decode(bad[i].header, WIRE_MSG_SUBMIT, &out, &fault);
        if (err != bad[i].want || fault.code != err || fault.at != bad[i].at)
            fail_msg("%zu: %s at %d", i, wire_error_name(err), (int)fault.at);
        assert_string_equal(fault.field, bad[i].field);
        if (bad[i].words)
            assert_string_equal(fault.words, bad[i].words);
        assert_int_equal(out.set, 0);
        assert_int_equal(out.n, 0);
    }
}

static void
a_number_without_a_message_is_unknown(void **state)
{
    (void)state;
    struct fault fault = FAULT_NONE;
    assert_null(wire_message_name(0));
    assert_null(wire_message_name(0xee));
    assert_null(wire_message_name(256));
    assert_int_equal(
        wire_decode(SLICE("\x80"), 0xee, NULL, &fault), WIRE_UNKNOWN_MESSAGE);
    assert_string_equal(fault.words, "no message has the number 0xee");
}

static void
a_required_list_that_nobody_filled_is_an_empty_one(void **state)
{
    (void)state;
    struct wire_writer w = {0};
    struct fault fault = FAULT_NONE;
    struct wire_welcome in = {.server = SLICE("w"),
                            .version = 1,
                            .store = SLICE("0123456789abcdef"),
                            .heartbeat_ms = 1,
                            .submission_bytes = 1,
                            .submission_items = 1},
                        out;
    wire_encode(&w, WIRE_MSG_WELCOME, &in);
    assert_int_equal(
        wire_decode(wire_written(&w), WIRE_MSG_WELCOME, &out, &fault), WIRE_OK);
    assert_true(slice_equal(out.roles, SLICE("\x90")));
    assert_int_equal(out.sources.size, 1);
    wire_writer_fini(&w);
}

static void
the_first_fault_wins_and_its_words_are_printable(void **state)
{
    (void)state;
    struct fault fault = FAULT_NONE;
    char cut[300];
    memset(cut, 'a', sizeof cut);
    memcpy(cut + 254, "\xe4\xb8\xad", 4); // the words end inside this character
    assert_int_equal(
        fault_set(&fault, WIRE_BAD_TEXT, 3, "f\n", "%s", cut), WIRE_BAD_TEXT);
    assert_int_equal(fault_set(&fault, WIRE_IO, 4, "", "later"), WIRE_BAD_TEXT);
    assert_int_equal(fault.at, 3);
    assert_string_equal(fault.field, "f ");
    assert_int_equal(strlen(fault.words), 254);
    assert_int_equal(fault_set(NULL, WIRE_IO, 4, "", "nobody listens"), WIRE_IO);
    fault = FAULT_NONE;
    (void)fault_set(&fault, WIRE_IO, 0, NULL, "a\x1b[1m\x7f");
    assert_string_equal(fault.words, "a [1m ");
    assert_string_equal(fault.field, "");
}

static void
an_error_of_a_newer_peer_is_unknown_and_transient(void **state)
{
    (void)state;
    assert_string_equal(wire_error_name((enum wire_err)999), "UNKNOWN");
    assert_true(wire_error_transient((enum wire_err)999));
    assert_string_equal(wire_error_name(WIRE_BUSY), "BUSY");
    assert_true(wire_error_transient(WIRE_BUSY));
    assert_false(wire_error_transient(WIRE_ID_REUSED));
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
        {"new",        "dpa",       "de",      "a.dpa.de"       },
        {"touch",      "dpa",       "de-CH",   "t.dpa.de"       },
        {"kill",       "city-desk", "",        "k.city-desk.und"},
        {"correction", "afp",       "tlh",     "a.afp.und"      },
        {"new",        "xinhua",    "ZH-Hans", "a.xinhua.zh"    },
        {"new",        "dpa",       "d",       "a.dpa.und"      },
        {"new",        "dpa",       "a ",      "a.dpa.und"      },
        {"new",        "dpa",       " d",      "a.dpa.und"      },
        {"new",        "dpa",       "deu",     "a.dpa.und"      },
        {"new",        "dpa",       "zu",      "a.dpa.zu"       },
        {"conflict",   "dpa",       "xx",      "a.dpa.und"      },
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
    assert_false(wire_source_ok(SLICE("a.b")));
    assert_false(wire_source_ok(SLICE("a\0")));
    char longest[65];
    memset(longest, 'z', sizeof longest);
    assert_true(wire_source_ok(slice_of(longest, 64)));
    assert_false(wire_source_ok(slice_of(longest, 65)));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_submission_reads_as_it_was_written),
        cmocka_unit_test(the_bytes_are_those_of_the_protocol),
        cmocka_unit_test(a_bad_header_names_its_field_and_place),
        cmocka_unit_test(a_number_without_a_message_is_unknown),
        cmocka_unit_test(a_required_list_that_nobody_filled_is_an_empty_one),
        cmocka_unit_test(the_first_fault_wins_and_its_words_are_printable),
        cmocka_unit_test(an_error_of_a_newer_peer_is_unknown_and_transient),
        cmocka_unit_test(an_unknown_key_is_skipped),
        cmocka_unit_test(prefixes_are_told_apart),
        cmocka_unit_test(topics_are_made_of_class_source_and_language),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
