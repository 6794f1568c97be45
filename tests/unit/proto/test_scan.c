// The pre-scan: what could hurt later never gets past it, each refusal names its place, and
// hostile input costs a constant for each byte.
#include <stdlib.h>
#include <time.h>

#include "proto/proto.h"
#include "unit/check.h"

#define BYTES(literal)                                  \
    {                                                   \
        (const uint8_t *)(literal), sizeof(literal) - 1 \
    }

// clang-format off
// at: where the offending value begins.
static const struct {
    const char *name;
    struct slice bytes;
    enum wire_err want;
    uint64_t at;
} cases[] = {
    {"nil",                     BYTES("\xc0"),                                 WIRE_OK,              0},
    {"fixint",                  BYTES("\x7f"),                                 WIRE_OK,              0},
    {"empty map",               BYTES("\x80"),                                 WIRE_OK,              0},
    {"map",                     BYTES("\x82\xa1\x61\x01\xa1\x62\x93\x01\x02\x03"), WIRE_OK,      0},
    {"uint64",                  BYTES("\xcf\xff\xff\xff\xff\xff\xff\xff\xff"), WIRE_OK,           0},
    {"text",                    BYTES("\xa3\xe4\xb8\xad"),                     WIRE_OK,              0},
    {"bin may hold anything",   BYTES("\xc4\x02\xff\xfe"),                     WIRE_OK,              0},
    {"the same key in two maps", BYTES("\x92\x81\xa1\x61\x01\x81\xa1\x61\x01"), WIRE_OK,          0},
    {"a map's key again inside", BYTES("\x81\xa1\x61\x81\xa1\x61\x01"),        WIRE_OK,              0},
    {"nothing",                 BYTES(""),                                     WIRE_BAD_MSGPACK,     0},
    {"never used 0xc1",         BYTES("\x91\xc1"),                             WIRE_BAD_MSGPACK,     1},
    {"fixext",                  BYTES("\xd4\x01\x00"),                         WIRE_BAD_MSGPACK,     0},
    {"timestamp",               BYTES("\xd6\xff\x00\x00\x00\x00"),             WIRE_BAD_MSGPACK,     0},
    {"ext 8",                   BYTES("\xc7\x01\x05\x00"),                     WIRE_BAD_MSGPACK,     0},
    {"cut in a number",         BYTES("\xcd\x01"),                             WIRE_BAD_MSGPACK,     0},
    {"cut in a length",         BYTES("\xda\x01"),                             WIRE_BAD_MSGPACK,     0},
    {"cut in text",             BYTES("\x91\xa5\x61\x62\x63"),                 WIRE_BAD_MSGPACK,     1},
    {"cut in bin",              BYTES("\xc6\xff\xff\xff\xff\x00"),             WIRE_BAD_MSGPACK,     0},
    {"cut in a map",            BYTES("\x82\xa1\x61\x01"),                     WIRE_TOO_MANY_VALUES, 0},
    {"something behind",        BYTES("\x01\x01"),                             WIRE_BAD_MSGPACK,     1},
    {"something behind a list", BYTES("\x91\x01\xc0"),                         WIRE_BAD_MSGPACK,     2},
    {"key that is no text",     BYTES("\x81\x01\x02"),                         WIRE_BAD_MSGPACK,     1},
    {"key that is a map",       BYTES("\x81\x80\x02"),                         WIRE_BAD_MSGPACK,     1},
    {"a key twice",             BYTES("\x82\xa1\x61\x01\xa1\x61\x02"),         WIRE_DUPLICATE_KEY,   4},
    {"the empty key twice",     BYTES("\x82\xa0\x01\xa0\x02"),                 WIRE_DUPLICATE_KEY,   3},
    {"a key twice, apart",      BYTES("\x83\xa1\x61\x01\xa1\x62\x01\xa1\x61\x02"), WIRE_DUPLICATE_KEY, 7},
    {"a key twice around a map", BYTES("\x82\xa1\x61\x81\xa1\x62\x01\xa1\x61\x02"), WIRE_DUPLICATE_KEY, 7},
    {"lone continuation",       BYTES("\xa1\x80"),                             WIRE_BAD_TEXT,        0},
    {"overlong slash",          BYTES("\xa2\xc0\xaf"),                         WIRE_BAD_TEXT,        0},
    {"surrogate",               BYTES("\xa3\xed\xa0\x80"),                     WIRE_BAD_TEXT,        0},
    {"past U+10FFFF",           BYTES("\xa4\xf4\x90\x80\x80"),                 WIRE_BAD_TEXT,        0},
    {"text cut in a character", BYTES("\x91\xa2\xe4\xb8"),                     WIRE_BAD_TEXT,        1},
    {"claims 2^32 elements",    BYTES("\xdd\xff\xff\xff\xff\x01"),             WIRE_TOO_MANY_VALUES, 0},
    {"claims 2^32 pairs",       BYTES("\xdf\xff\xff\xff\xff\xa1\x61\x01"),     WIRE_TOO_MANY_VALUES, 0},
    {"claims 2^31 pairs",       BYTES("\xdf\x80\x00\x00\x00\xa1\x61\x01"),     WIRE_TOO_MANY_VALUES, 0},
};
// clang-format on

static void
every_case_is_told_apart_at_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint64_t at = 0;
        enum wire_err err = wire_scan(cases[i].bytes, &wire_limits_header, &at);
        if (err != cases[i].want || at != cases[i].at)
            fail_msg("%s: %s at %d", cases[i].name, wire_error_name(err), (int)at);
    }
}

// A copy of exactly its size each time, so that the sanitizer sees a read past the end.
static void
every_cut_is_refused_in_bounds(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (size_t cut = 0; cases[i].want == WIRE_OK && cut < cases[i].bytes.size;
             cut++) {
            uint64_t at = UINT64_MAX;
            uint8_t *copy = malloc(cut + (cut == 0));
            assert_non_null(copy);
            memcpy(copy, cases[i].bytes.data, cut);
            assert_int_not_equal(
                wire_scan(slice_of(copy, cut), &wire_limits_header, &at), WIRE_OK);
            assert_true(at <= cut);
            free(copy);
        }
}

static void
depth_is_bounded_exactly(void **state)
{
    (void)state;
    uint8_t nested[1001];
    uint64_t at;
    memset(nested, 0x91, sizeof nested);
    for (uint32_t depth = 1; depth <= 1000; depth++) {
        nested[depth] = 0xc0;
        enum wire_err err =
            wire_scan(slice_of(nested, depth + 1), &wire_limits_header, &at);
        assert_int_equal(
            err, depth <= wire_limits_header.depth ? WIRE_OK : WIRE_TOO_DEEP);
        nested[depth] = 0x91;
    }
}

static void
values_and_keys_are_bounded_exactly(void **state)
{
    (void)state;
    struct wire_limits limits = {.depth = 4, .values = 11, .map = 5};
    uint64_t at;
    for (uint32_t keys = 0; keys <= 6; keys++) {
        struct wire_writer w = {0};
        wire_put_map(&w, keys);
        for (uint32_t i = 0; i < keys; i++) {
            wire_put_str(&w, slice_of(&"abcdef"[i], 1));
            wire_put_nil(&w);
        }
        enum wire_err want = keys <= 5 ? WIRE_OK : WIRE_TOO_MANY_VALUES;
        assert_int_equal(wire_scan(wire_written(&w), &limits, &at), want);
        limits.values = 2 * keys; // one less than there are
        assert_int_equal(
            wire_scan(wire_written(&w), &limits, &at), WIRE_TOO_MANY_VALUES);
        limits.values = 11;
        wire_writer_fini(&w);
    }
}

#define HOSTILE_BYTES (4U << 20)

// Fills of one byte behind the claim of a list as long as the limit allows.
static void
fill_with(struct wire_writer *w, uint8_t byte)
{
    wire_put_array(w, wire_limits_article.values - 1);
    while (w->size < HOSTILE_BYTES)
        wire_put_raw(w, slice_of(&byte, 1));
}

// As many maps as the limit allows, each with 256 keys whose length and ends, and with them
// hashes, are the same: every key is compared with all before it to its last bytes.
static void
fill_with_colliding_keys(struct wire_writer *w, uint32_t key_bytes)
{
    uint32_t maps = HOSTILE_BYTES / (256 * (key_bytes + 4));
    if (maps > wire_limits_article.values / 513)
        maps = wire_limits_article.values / 513;
    uint8_t key[20000];
    memset(key, 'x', sizeof key);
    wire_put_array(w, maps);
    for (uint32_t map = 0; map < maps; map++) {
        wire_put_map(w, 256);
        for (int i = 0; i < 256; i++) {
            key[key_bytes - 9] = (uint8_t)('a' + i % 16);
            key[key_bytes - 10] = (uint8_t)('a' + i / 16);
            wire_put_str(w, slice_of(key, key_bytes));
            wire_put_nil(w);
        }
    }
}

static double
seconds_of_scan(struct slice bytes, enum wire_err *err_out)
{
    struct timespec begun, ended;
    uint64_t at;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &begun);
    *err_out = wire_scan(bytes, &wire_limits_article, &at);
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ended);
    return (double)(ended.tv_sec - begun.tv_sec) +
           (double)(ended.tv_nsec - begun.tv_nsec) / 1e9;
}

// A square of the input would be minutes here; ten times what an unsanitized build takes
// leaves room for the sanitizers.
static void
hostile_input_ends_soon(void **state)
{
    (void)state;
    static const uint8_t fills[] = {0x91, 0x81, 0xa1, 0x01, 0xdd, 0xdf, 0xff, 0x00};
    static const uint32_t keys[] = {20, 33, 100, 1000, 16000};
    enum wire_err err;
    for (size_t i = 0; i < sizeof fills; i++) {
        struct wire_writer w = {0};
        fill_with(&w, fills[i]);
        assert_true(seconds_of_scan(wire_written(&w), &err) < 1);
        assert_int_not_equal(err, WIRE_OK);
        wire_writer_fini(&w);
    }
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct wire_writer w = {0};
        fill_with_colliding_keys(&w, keys[i]);
        double seconds = seconds_of_scan(wire_written(&w), &err);
        print_message("%u byte keys that collide, %zu bytes in all: %.1f ms\n", keys[i],
            w.size, seconds * 1e3);
        assert_int_equal(err, WIRE_OK);
        assert_true(seconds < 1);
        wire_writer_fini(&w);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_case_is_told_apart_at_its_place),
        cmocka_unit_test(every_cut_is_refused_in_bounds),
        cmocka_unit_test(depth_is_bounded_exactly),
        cmocka_unit_test(values_and_keys_are_bounded_exactly),
        cmocka_unit_test(hostile_input_ends_soon),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
