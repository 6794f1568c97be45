// Values read in place, against msgpack-c: it and the scan agree on what is msgpack but for
// the rules that are ours alone, and on every value of what passes.
#include <msgpack.h>
#include <stdlib.h>

#include "proto/proto.h"
#include "unit/check.h"

#define BYTES(literal)                                  \
    {                                                   \
        (const uint8_t *)(literal), sizeof(literal) - 1 \
    }

// clang-format off
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

// A check of UTF-8 by code points and not by bytes, to have two opinions.
static bool
is_utf8(const char *text, uint32_t size)
{
    const uint8_t *p = (const uint8_t *)text;
    for (uint32_t i = 0; i < size;) {
        uint32_t more = p[i] < 0x80 ? 0 : p[i] >> 5 == 6 ? 1 : p[i] >> 4 == 14 ? 2 : 3;
        uint32_t point = more == 0 ? p[i] : p[i] & (0x3fU >> more);
        if (p[i] >> 6 == 2 || p[i] >= 0xf8 || more >= size - i)
            return false;
        for (uint32_t k = 1; k <= more; k++) {
            if (p[i + k] >> 6 != 2)
                return false;
            point = point << 6 | (p[i + k] & 0x3fU);
        }
        static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
        if (point < least[more] || point > 0x10ffff ||
            (point >= 0xd800 && point < 0xe000))
            return false;
        i += more + 1;
    }
    return true;
}

static bool breaks_a_rule(const msgpack_object *o, uint32_t depth);

static bool
map_breaks_a_rule(const msgpack_object_map *map, uint32_t depth)
{
    for (uint32_t i = 0; i < map->size; i++) {
        const msgpack_object *key = &map->ptr[i].key;
        if (key->type != MSGPACK_OBJECT_STR || breaks_a_rule(key, depth) ||
            breaks_a_rule(&map->ptr[i].val, depth))
            return true;
        for (uint32_t k = 0; k < i; k++)
            if (msgpack_object_equal(map->ptr[k].key, *key))
                return true;
    }
    return false;
}

// breaks_a_rule says whether a value that msgpack-c has read is one that we refuse.
static bool
breaks_a_rule(const msgpack_object *o, uint32_t depth)
{
    if (o->type == MSGPACK_OBJECT_EXT)
        return true;
    if (o->type == MSGPACK_OBJECT_STR)
        return !is_utf8(o->via.str.ptr, o->via.str.size);
    if (o->type == MSGPACK_OBJECT_MAP)
        return depth == wire_limits_header.depth ||
               map_breaks_a_rule(&o->via.map, depth + 1);
    if (o->type != MSGPACK_OBJECT_ARRAY)
        return false;
    for (uint32_t i = 0; i < o->via.array.size; i++)
        if (breaks_a_rule(&o->via.array.ptr[i], depth + 1))
            return true;
    return depth == wire_limits_header.depth;
}

// msgpack-c allocates what a 32-bit count claims, so refused bytes with one are not for it.
static bool
may_claim_gigabytes(struct slice bytes)
{
    return memchr(bytes.data, 0xdd, bytes.size) || memchr(bytes.data, 0xdf, bytes.size);
}

static void
both_agree(struct slice bytes, unsigned count[2])
{
    uint64_t at;
    bool passes = wire_scan(bytes, &wire_limits_header, &at) == WIRE_OK;
    if (!passes && may_claim_gigabytes(bytes))
        return;
    count[passes]++;
    msgpack_unpacked result;
    size_t offset = 0;
    msgpack_unpacked_init(&result);
    bool whole = msgpack_unpack_next(&result, (const char *)bytes.data, bytes.size,
                     &offset) == MSGPACK_UNPACK_SUCCESS &&
                 offset == bytes.size;
    assert_int_equal(passes, whole && !breaks_a_rule(&result.data, 0));
    if (passes) {
        struct wire_reader r = wire_reader(bytes), skip = r;
        same_value(&r, &result.data);
        assert_int_equal(r.err, WIRE_OK);
        assert_int_equal(r.at, bytes.size);
        assert_true(slice_equal(wire_skip(&skip), bytes));
    }
    msgpack_unpacked_destroy(&result);
}

static void
scan_and_msgpack_c_agree_on_all_but_our_rules(void **state)
{
    (void)state;
    unsigned count[2] = {0};
    srand(20261124);
    for (int round = 0; round < 60000; round++) {
        struct wire_writer w = {0};
        put_random(&w, 0);
        for (int flips = round % 3; flips > 0 && w.size; flips--)
            w.data[(size_t)rand() % w.size] ^= (uint8_t)(1 << (rand() % 8));
        both_agree(wire_written(&w), count);
        wire_writer_fini(&w);
    }
    for (int round = 0; round < 60000; round++) {
        uint8_t noise[12];
        size_t size = 1 + (size_t)rand() % sizeof noise;
        for (size_t i = 0; i < size; i++)
            noise[i] = (uint8_t)(rand() % 3 ? rand() : 0x80 + rand() % 0x30);
        both_agree(slice_of(noise, size), count);
    }
    assert_true(count[0] > 20000 && count[1] > 20000);
}

static const struct {
    struct slice bytes;
    int64_t want;
} integers[] = {
    {BYTES("\x7f"),                                 127       },
    {BYTES("\xe0"),                                 -32       },
    {BYTES("\xff"),                                 -1        },
    {BYTES("\xcc\xff"),                             255       },
    {BYTES("\xcd\xff\xff"),                         65535     },
    {BYTES("\xce\xff\xff\xff\xff"),                 4294967295},
    {BYTES("\xcf\x7f\xff\xff\xff\xff\xff\xff\xff"), INT64_MAX },
    {BYTES("\xd0\x80"),                             INT8_MIN  },
    {BYTES("\xd1\x80\x00"),                         INT16_MIN },
    {BYTES("\xd2\x80\x00\x00\x00"),                 INT32_MIN },
    {BYTES("\xd3\x80\x00\x00\x00\x00\x00\x00\x00"), INT64_MIN },
    {BYTES("\xd3\x00\x00\x00\x00\x00\x00\x00\x05"), 5         },
};

static void
every_format_of_an_integer_is_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof integers / sizeof *integers; i++) {
        struct wire_reader r = wire_reader(integers[i].bytes), u = r;
        assert_int_equal(wire_peek(&r), WIRE_INT);
        assert_true(wire_read_int(&r) == integers[i].want);
        assert_int_equal(r.err, WIRE_OK);
        uint64_t natural = wire_read_uint(&u);
        assert_int_equal(u.err, integers[i].want < 0 ? WIRE_BAD_FIELD : WIRE_OK);
        assert_true(natural == (integers[i].want < 0 ? 0 : (uint64_t)integers[i].want));
    }
    struct wire_reader r = wire_reader(SLICE("\xcf\x80\x00\x00\x00\x00\x00\x00\x00")),
                       u = r;
    assert_int_equal(wire_peek(&r), WIRE_UINT);
    assert_int_equal(wire_read_int(&r), 0);
    assert_int_equal(r.err, WIRE_BAD_FIELD);
    assert_true(wire_read_uint(&u) == 1ULL << 63);
}

static void
a_reader_of_unscanned_bytes_stays_in_bounds(void **state)
{
    (void)state;
    uint8_t *cut = malloc(3);
    assert_non_null(cut);
    memcpy(cut, "\x92\xa9x", 3);
    struct wire_reader r = wire_reader(slice_of(cut, 3)), skip = r;
    assert_int_equal(wire_read_array(&r), 2);
    assert_int_equal(wire_read_str(&r).size, 0);
    assert_int_equal(r.err, WIRE_BAD_MSGPACK);
    assert_int_equal(wire_skip(&skip).size, 0);
    assert_int_equal(skip.err, WIRE_BAD_MSGPACK);
    assert_int_equal(skip.at, 0);
    free(cut);
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
        cmocka_unit_test(scan_and_msgpack_c_agree_on_all_but_our_rules),
        cmocka_unit_test(every_format_of_an_integer_is_read),
        cmocka_unit_test(a_reader_of_unscanned_bytes_stays_in_bounds),
        cmocka_unit_test(a_read_of_another_type_is_sticky),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
