// The layout on disk, byte by byte: the table of docs/storage.md, LOG. A change here needs a
// new last byte of the magic.
#include "base/bytes.h"
#include "log/batch.h"
#include "unit/log/world.h"

static struct batch_header
sample(void)
{
    struct batch_header h = {
        .origin = {.epoch = 0x1112131415161718,
                   .key = 0x2122232425262728,
                   .segment_bytes = TOY_SEGMENT},
        .segment = 3,
        .incarnation = 9,
        .position = 3 * TOY_SEGMENT + LOG_BLOCK,
        .first_record = 41,
        .seq = 57,
        .synced = 3 * TOY_SEGMENT,
        .previous = 0x3132333435363738
    };
    memset(h.origin.store_id, 0xab, sizeof h.origin.store_id);
    memset(h.hash.bytes, 0xcd, sizeof h.hash.bytes);
    return h;
}

static void
every_field_lies_where_the_documentation_says(void **state)
{
    (void)state;
    static const struct {
        size_t at, size;
        uint64_t want;
    } rows[] = {
        {8,   8, 0x2122232425262728         },
        {32,  8, 0x1112131415161718         },
        {40,  8, TOY_SEGMENT                },
        {48,  8, 3                          },
        {56,  8, 9                          },
        {64,  8, 3 * TOY_SEGMENT + LOG_BLOCK},
        {72,  4, 2 * 4 + 3 + 5              },
        {76,  4, 2                          },
        {80,  8, 41                         },
        {88,  8, 57                         },
        {128, 8, 3 * TOY_SEGMENT            },
        {136, 8, 0x3132333435363738         },
        {160, 4, 3                          },
        {164, 4, 5                          },
    };
    struct batch_header h = sample();
    const struct slice records[] = {SLICE("abc"), SLICE("defgh")};
    uint8_t out[LOG_BLOCK];
    memset(out, 0xff, sizeof out);
    batch_pack(&h, records, 1, 2, out);
    assert_memory_equal(out, "wr.log\0\1", 8);
    for (size_t i = 0; i < LENGTH(rows); i++)
        assert_int_equal(
            rows[i].size == 8 ? get_le64(out + rows[i].at) : get_le32(out + rows[i].at),
            rows[i].want);
    for (size_t i = 0; i < 16; i++)
        assert_int_equal(out[16 + i], 0xab);
    for (size_t i = 0; i < 32; i++)
        assert_int_equal(out[96 + i], 0xcd);
    assert_memory_equal(out + 168, "abcdefgh", 8);
    for (size_t i = 176; i < LOG_BLOCK; i++)
        assert_int_equal(out[i], 0);
    assert_int_equal(
        get_le64(out + 144), hash64(slice_of(out + 160, 16), 0x3132333435363738));
    assert_int_equal(
        get_le64(out + 152), hash64(slice_of(out, 152), 0x3132333435363738));
}

static void
what_is_packed_is_read_back(void **state)
{
    (void)state;
    struct batch_header h = sample(), got;
    const struct slice records[] = {SLICE("abc"), SLICE(""), SLICE("defgh")};
    struct slice seen[3];
    uint8_t out[LOG_BLOCK];
    batch_pack(&h, records, 1, 3, out);
    assert_true(batch_header_read(out, LOG_BLOCK, &got));
    assert_true(batch_same_origin(&got.origin, &h.origin));
    assert_int_equal(got.sum, h.sum);
    assert_true(batch_body_good(&got, out + BATCH_HEADER));
    batch_records(&got, out + BATCH_HEADER, seen);
    for (size_t i = 0; i < 3; i++)
        assert_true(slice_equal(seen[i], records[i]));
}

static void
records_in_pieces_are_packed_as_if_they_were_whole(void **state)
{
    (void)state;
    struct batch_header whole = sample(), pieced = sample();
    const struct slice records[] = {SLICE("abcde"), SLICE("fgh")};
    const struct slice pieces[] = {
        SLICE("ab"), SLICE("cde"), {0}, {0}, SLICE("f"), SLICE("gh")};
    uint8_t one[LOG_BLOCK], other[LOG_BLOCK];
    batch_pack(&whole, records, 1, 2, one);
    batch_pack(&pieced, pieces, 3, 2, other);
    assert_memory_equal(one, other, LOG_BLOCK);
}

static void
one_flipped_bit_anywhere_in_header_or_body_is_noticed(void **state)
{
    (void)state;
    struct batch_header h = sample(), got;
    const struct slice records[] = {SLICE("abc"), SLICE("defgh")};
    uint8_t out[LOG_BLOCK];
    batch_pack(&h, records, 1, 2, out);
    for (size_t bit = 0; bit < 8 * 176; bit++) {
        out[bit / 8] ^= (uint8_t)(1u << bit % 8);
        bool good = batch_header_read(out, LOG_BLOCK, &got) &&
                    batch_body_good(&got, out + BATCH_HEADER);
        assert_false(good);
        out[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
}

static void
a_header_in_a_place_not_its_own_is_none(void **state)
{
    (void)state;
    struct batch_header h = sample(), got;
    const struct slice records[] = {SLICE("abc")};
    uint8_t out[LOG_BLOCK];
    batch_pack(&h, records, 1, 1, out);
    for (uint64_t at = 0; at < TOY_SEGMENT; at += LOG_BLOCK)
        assert_int_equal(batch_header_read(out, at, &got), at == LOG_BLOCK);
    h.segment = 4; // position says 3
    batch_pack(&h, records, 1, 1, out);
    assert_false(batch_header_read(out, LOG_BLOCK, &got));
    h = sample();
    h.synced = h.position + 1;
    batch_pack(&h, records, 1, 1, out);
    assert_false(batch_header_read(out, LOG_BLOCK, &got));
}

static void
a_batch_that_would_leave_its_segment_is_none(void **state)
{
    (void)state;
    struct batch_header h = sample(), got;
    h.position = 3 * TOY_SEGMENT + TOY_SEGMENT - LOG_BLOCK;
    static uint8_t body[LOG_BLOCK], out[2 * LOG_BLOCK];
    struct slice record = slice_of(body, LOG_BLOCK - BATCH_HEADER - 4);
    batch_pack(&h, &record, 1, 1, out);
    assert_true(batch_header_read(out, TOY_SEGMENT - LOG_BLOCK, &got));
    record.size++;
    batch_pack(&h, &record, 1, 1, out);
    assert_false(batch_header_read(out, TOY_SEGMENT - LOG_BLOCK, &got));
}

static void
sizes_are_whole_blocks_and_never_wrap(void **state)
{
    (void)state;
    static const struct {
        uint64_t bytes;
        uint32_t count;
        uint64_t want;
    } rows[] = {
        {0,                 0,          LOG_BLOCK    },
        {LOG_BLOCK - 164,   1,          LOG_BLOCK    },
        {LOG_BLOCK - 163,   1,          2 * LOG_BLOCK},
        {0,                 1000,       2 * LOG_BLOCK},
        {UINT32_MAX,        1,          UINT64_MAX   },
        {UINT64_MAX,        1,          UINT64_MAX   },
        {1,                 UINT32_MAX, UINT64_MAX   },
        {(uint64_t)1 << 32, 0,          UINT64_MAX   },
    };
    for (size_t i = 0; i < LENGTH(rows); i++)
        assert_int_equal(batch_bytes(rows[i].bytes, rows[i].count), rows[i].want);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_lies_where_the_documentation_says),
        cmocka_unit_test(what_is_packed_is_read_back),
        cmocka_unit_test(records_in_pieces_are_packed_as_if_they_were_whole),
        cmocka_unit_test(one_flipped_bit_anywhere_in_header_or_body_is_noticed),
        cmocka_unit_test(a_header_in_a_place_not_its_own_is_none),
        cmocka_unit_test(a_batch_that_would_leave_its_segment_is_none),
        cmocka_unit_test(sizes_are_whole_blocks_and_never_wrap),
    };
    return hash_init() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
