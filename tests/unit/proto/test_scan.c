// The pre-scan: what could hurt later never gets past it, and what msgpack-c reads and we
// allow, it lets through.
#include <msgpack.h>
#include <stdlib.h>
#include <time.h>

#include "proto/proto.h"
#include "unit/check.h"

#define BYTES(literal)                                  \
    {                                                   \
        (const uint8_t *)(literal), sizeof(literal) - 1 \
    }

static const struct {
    const char *name;
    struct slice bytes;
    enum wire_err want;
} cases[] = {
    {"nil",                     BYTES("\xc0"),                                 WIRE_OK             },
    {"fixint",                  BYTES("\x7f"),                                 WIRE_OK             },
    {"empty map",               BYTES("\x80"),                                 WIRE_OK             },
    {"map",
     BYTES("\x82\xa1"
              "a\x01\xa1"
              "b\x93\x01\x02\x03"),
     WIRE_OK                                                                                       },
    {"uint64",                  BYTES("\xcf\xff\xff\xff\xff\xff\xff\xff\xff"), WIRE_OK             },
    {"text",                    BYTES("\xa3\xe4\xb8\xad"),                     WIRE_OK             },
    {"bin may hold anything",   BYTES("\xc4\x02\xff\xfe"),                     WIRE_OK             },
    {"nothing",                 BYTES(""),                                     WIRE_BAD_MSGPACK    },
    {"never used 0xc1",         BYTES("\xc1"),                                 WIRE_BAD_MSGPACK    },
    {"extension",               BYTES("\xd4\x01\x00"),                         WIRE_BAD_MSGPACK    },
    {"cut in a number",         BYTES("\xcd\x01"),                             WIRE_BAD_MSGPACK    },
    {"cut in text",
     BYTES("\xa5"
              "abc"),
     WIRE_BAD_MSGPACK                                                                              },
    {"cut in a map",
     BYTES("\x82\xa1"
              "a\x01"),
     WIRE_TOO_MANY_VALUES                                                                          },
    {"something behind",        BYTES("\x01\x01"),                             WIRE_TOO_MANY_VALUES},
    {"key that is no text",     BYTES("\x81\x01\x02"),                         WIRE_BAD_MSGPACK    },
    {"a key twice",
     BYTES("\x82\xa1"
              "a\x01\xa1"
              "a\x02"),
     WIRE_DUPLICATE_KEY                                                                            },
    {"a key twice, apart",
     BYTES("\x83\xa1"
              "a\x01\xa1"
              "b\x01\xa1"
              "a\x02"),
     WIRE_DUPLICATE_KEY                                                                            },
    {"lone continuation",       BYTES("\xa1\x80"),                             WIRE_BAD_TEXT       },
    {"overlong slash",          BYTES("\xa2\xc0\xaf"),                         WIRE_BAD_TEXT       },
    {"surrogate",               BYTES("\xa3\xed\xa0\x80"),                     WIRE_BAD_TEXT       },
    {"past U+10FFFF",           BYTES("\xa4\xf4\x90\x80\x80"),                 WIRE_BAD_TEXT       },
    {"text cut in a character", BYTES("\xa2\xe4\xb8"),                         WIRE_BAD_TEXT       },
    {"claims 2^32 elements",    BYTES("\xdd\xff\xff\xff\xff\x01"),             WIRE_TOO_MANY_VALUES},
    {"claims 2^32 pairs",
     BYTES("\xdf\xff\xff\xff\xff\xa1"
              "a\x01"),
     WIRE_TOO_MANY_VALUES                                                                          },
};

static void
every_case_is_told_apart(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint64_t at = 0;
        enum wire_err err = wire_scan(cases[i].bytes, &wire_limits_header, &at);
        bool cut_or_many =
            cases[i].want == WIRE_TOO_MANY_VALUES && err == WIRE_BAD_MSGPACK;
        if (err != cases[i].want && !cut_or_many)
            fail_msg("%s: %s", cases[i].name, wire_error_name(err));
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
hostile_input_ends_soon(void **state)
{
    (void)state;
    size_t size = 4 << 20;
    uint8_t *bytes = malloc(size);
    struct timespec begun, ended;
    uint64_t at;
    assert_non_null(bytes);
    static const uint8_t fills[] = {0x91, 0x81, 0xa1, 0x01, 0xdd, 0xdf, 0xff, 0x00};
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &begun);
    for (size_t i = 0; i < sizeof fills; i++) {
        memset(bytes, fills[i], size);
        memcpy(bytes, "\xdd\x00\x40\x00\x00", 5); // a list of four million
        (void)wire_scan(slice_of(bytes, size), &wire_limits_article, &at);
    }
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ended);
    assert_true(ended.tv_sec - begun.tv_sec < 5);
    free(bytes);
}

// ---- against msgpack-c

static void
put_random(struct wire_writer *w, unsigned depth)
{
    static const char *const keys[] = {"a", "b", "cc", "ddd", "eeee"};
    switch (rand() % (depth > 3 ? 7 : 9)) {
    case 0:
        wire_put_nil(w);
        break;
    case 1:
        wire_put_bool(w, rand() % 2);
        break;
    case 2:
        wire_put_int(w, (int64_t)((uint64_t)rand() << (rand() % 33)) - (1 << 20));
        break;
    case 3:
        wire_put_uint(w, (uint64_t)rand() << (rand() % 34));
        break;
    case 4:
        wire_put_float(w, rand() / 7.0);
        break;
    case 5:
        wire_put_str(w, slice_str(keys[rand() % 5]));
        break;
    case 6:
        wire_put_bin(w, slice_of("\xff\x00\xfe", (size_t)(rand() % 4)));
        break;
    case 7: {
        uint32_t n = (uint32_t)(rand() % 4);
        wire_put_array(w, n);
        for (uint32_t i = 0; i < n; i++)
            put_random(w, depth + 1);
        break;
    }
    default: {
        uint32_t n = (uint32_t)(rand() % 5);
        wire_put_map(w, n);
        for (uint32_t i = 0; i < n; i++) {
            wire_put_key(w, keys[i]);
            put_random(w, depth + 1);
        }
    }
    }
}

static void
same_value(struct wire_reader *r, const msgpack_object *o)
{
    switch (o->type) {
    case MSGPACK_OBJECT_NIL:
        assert_true(wire_read_nil(r));
        break;
    case MSGPACK_OBJECT_BOOLEAN:
        assert_int_equal(wire_read_bool(r), o->via.boolean);
        break;
    case MSGPACK_OBJECT_POSITIVE_INTEGER:
        assert_true(wire_read_uint(r) == o->via.u64);
        break;
    case MSGPACK_OBJECT_NEGATIVE_INTEGER:
        assert_true(wire_read_int(r) == o->via.i64);
        break;
    case MSGPACK_OBJECT_FLOAT32:
    case MSGPACK_OBJECT_FLOAT64:
        assert_true(wire_read_float(r) == o->via.f64);
        break;
    case MSGPACK_OBJECT_STR:
        assert_true(
            slice_equal(wire_read_str(r), slice_of(o->via.str.ptr, o->via.str.size)));
        break;
    case MSGPACK_OBJECT_BIN:
        assert_true(
            slice_equal(wire_read_bin(r), slice_of(o->via.bin.ptr, o->via.bin.size)));
        break;
    case MSGPACK_OBJECT_ARRAY:
        assert_int_equal(wire_read_array(r), o->via.array.size);
        for (uint32_t i = 0; i < o->via.array.size; i++)
            same_value(r, &o->via.array.ptr[i]);
        break;
    case MSGPACK_OBJECT_MAP:
        assert_int_equal(wire_read_map(r), o->via.map.size);
        for (uint32_t i = 0; i < o->via.map.size; i++) {
            same_value(r, &o->via.map.ptr[i].key);
            same_value(r, &o->via.map.ptr[i].val);
        }
        break;
    default:
        fail_msg("a type that the scan let through: %d", o->type);
    }
}

static void
what_passes_reads_as_msgpack_c_reads_it(void **state)
{
    (void)state;
    unsigned passed = 0;
    srand(20261124);
    for (int round = 0; round < 60000; round++) {
        struct wire_writer w = {0};
        put_random(&w, 0);
        for (int flips = round % 3; flips > 0 && w.size; flips--)
            w.data[(size_t)rand() % w.size] ^= (uint8_t)(1 << (rand() % 8));
        uint64_t at;
        if (wire_scan(wire_written(&w), &wire_limits_header, &at) == WIRE_OK) {
            msgpack_unpacked result;
            size_t offset = 0;
            msgpack_unpacked_init(&result);
            assert_true(msgpack_unpack_next(&result, (const char *)w.data, w.size,
                            &offset) == MSGPACK_UNPACK_SUCCESS);
            assert_int_equal(offset, w.size);
            struct wire_reader r = wire_reader(wire_written(&w));
            same_value(&r, &result.data);
            assert_int_equal(r.err, WIRE_OK);
            assert_int_equal(r.at, w.size);
            msgpack_unpacked_destroy(&result);
            passed++;
        }
        wire_writer_fini(&w);
    }
    assert_true(passed > 20000);
}

static void
a_read_of_another_type_is_sticky(void **state)
{
    (void)state;
    struct wire_reader r = wire_reader(SLICE("\x93\x01\x02\x03"));
    assert_int_equal(wire_read_array(&r), 3);
    assert_int_equal(wire_read_str(&r).size, 0);
    assert_int_not_equal(r.err, WIRE_OK);
    assert_int_equal(wire_read_int(&r), 0);
    assert_int_equal(r.at, 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_case_is_told_apart),
        cmocka_unit_test(depth_is_bounded_exactly),
        cmocka_unit_test(hostile_input_ends_soon),
        cmocka_unit_test(what_passes_reads_as_msgpack_c_reads_it),
        cmocka_unit_test(a_read_of_another_type_is_sticky),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
