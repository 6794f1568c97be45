// UTF-8 against the definition: every code point, every pair of first bytes, and faults at
// every place of a longer text, so that the fast loops can't hide one.
#include <stdlib.h>

#include "proto/utf8.h"
#include "unit/check.h"

static size_t
encode(uint32_t point, uint8_t out[4])
{
    if (point < 0x80) {
        out[0] = (uint8_t)point;
        return 1;
    }
    size_t more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    static const uint8_t leads[] = {0, 0xc0, 0xe0, 0xf0};
    for (size_t i = more; i > 0; i--, point >>= 6)
        out[i] = (uint8_t)(0x80 | (point & 0x3f));
    out[0] = (uint8_t)(leads[more] | point);
    return more + 1;
}

// valid gives what the text comes to by itself, after it came to the same in the midst of
// one long enough for many bytes at a time, at one place of it after another.
static size_t
valid(struct slice text)
{
    static size_t turn;
    uint8_t around[160];
    size_t at = 40 + turn++ % 64, got = utf8_valid_bytes(text);
    memset(around, 'a', sizeof around);
    memcpy(around + at, text.data, text.size);
    bool all = got == text.size;
    assert_int_equal(utf8_valid_bytes(slice_of(around, sizeof around)),
        all ? sizeof around : at + got);
    size_t end = at + text.size;
    assert_int_equal(utf8_valid_bytes(slice_of(around, end)), at + got);
    return got;
}

// Behind each character stand three more, so that both fast loops meet it too.
static void
every_code_point_but_surrogates_is_text(void **state)
{
    (void)state;
    for (uint32_t point = 0; point <= 0x10ffff; point++) {
        uint8_t text[16];
        size_t size = encode(point, text);
        bool surrogate = point >= 0xd800 && point < 0xe000;
        assert_int_equal(valid(slice_of(text, size)), surrogate ? 0 : size);
        memcpy(text + size, "\xe4\xb8\xad", 3);
        size_t want = surrogate ? 0 : size + 3;
        assert_int_equal(valid(slice_of(text, size + 3)), want);
    }
}

// Table 3-7 of the Unicode Standard as it is printed there.
static const struct {
    uint8_t first_low, first_high, second_low, second_high, more;
} rows[] = {
    {0xc2, 0xdf, 0x80, 0xbf, 0},
    {0xe0, 0xe0, 0xa0, 0xbf, 1},
    {0xe1, 0xec, 0x80, 0xbf, 1},
    {0xed, 0xed, 0x80, 0x9f, 1},
    {0xee, 0xef, 0x80, 0xbf, 1},
    {0xf0, 0xf0, 0x90, 0xbf, 2},
    {0xf1, 0xf3, 0x80, 0xbf, 2},
    {0xf4, 0xf4, 0x80, 0x8f, 2},
};

static size_t
bytes_by_table(uint8_t first, uint8_t second)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (first >= rows[i].first_low && first <= rows[i].first_high &&
            second >= rows[i].second_low && second <= rows[i].second_high)
            return 2U + rows[i].more;
    return 0;
}

static void
first_and_second_bytes_follow_table_3_7(void **state)
{
    (void)state;
    for (unsigned first = 0x80; first <= 0xff; first++)
        for (unsigned second = 0; second <= 0xff; second++) {
            uint8_t text[] = {(uint8_t)first, (uint8_t)second, 0x80, 0xbf, 'x'};
            size_t size = bytes_by_table(text[0], text[1]);
            size_t got = valid(slice_of(text, size ? size : 4));
            assert_int_equal(got, size);
            for (size_t cut = 1; cut < size; cut++)
                assert_int_equal(valid(slice_of(text, cut)), 0);
            for (size_t i = 2; i < size; i++) {
                uint8_t kept = text[i];
                text[i] = 0x7f;
                assert_int_equal(valid(slice_of(text, size)), 0);
                text[i] = 0xc0;
                assert_int_equal(valid(slice_of(text, size)), 0);
                text[i] = kept;
            }
        }
}

// Two characters of three bytes are looked at as one word: each may be the one at fault.
static void
three_bytes_follow_the_table_between_others_too(void **state)
{
    (void)state;
    for (unsigned first = 0xe0; first <= 0xef; first++)
        for (unsigned second = 0; second <= 0xff; second++)
            for (size_t before = 0; before < 3; before++)
                for (unsigned third = 0x7f; third <= 0xc0; third += 0x41) {
                    uint8_t text[24];
                    for (size_t i = 0; i < sizeof text; i += 3)
                        memcpy(text + i, "\xe4\xb8\xad", 3);
                    memcpy(text + 3 * before,
                        (uint8_t[]){(uint8_t)first, (uint8_t)second, 0xbf}, 3);
                    bool good = bytes_by_table((uint8_t)first, (uint8_t)second) == 3;
                    struct slice whole = slice_of(text, sizeof text);
                    assert_int_equal(
                        utf8_valid_bytes(whole), good ? sizeof text : 3 * before);
                    text[3 * before + 2] = (uint8_t)third;
                    assert_int_equal(utf8_valid_bytes(whole), 3 * before);
                }
}

static void
a_fault_is_found_at_every_place(void **state)
{
    (void)state;
    static const char *const fills[] = {
        "a", "\xc3\xa9", "\xe4\xb8\xad", "\xf0\x9f\x8c\x8a"};
    for (size_t fill = 0; fill < 4; fill++) {
        size_t unit = strlen(fills[fill]), size = 180;
        uint8_t text[192], whole[192];
        for (size_t i = 0; i < sizeof whole; i++)
            whole[i] = (uint8_t)fills[fill][i % unit];
        for (size_t at = 0; at < size; at++) {
            memcpy(text, whole, sizeof text);
            text[at] = 0xff;
            size_t got = utf8_valid_bytes(slice_of(text, size - size % unit));
            assert_int_equal(got, at - at % unit);
        }
        for (size_t n = 0; n <= size;
             n++) // and none where there is none, at any length
            assert_int_equal(utf8_valid_bytes(slice_of(whole, n)), n - n % unit);
    }
}

// The bytes end where the allocation ends, at every distance from a word's boundary.
static void
nothing_is_read_past_the_end(void **state)
{
    (void)state;
    for (size_t size = 1; size < 140; size++) {
        uint8_t *text = malloc(size);
        assert_non_null(text);
        memset(text, 'a', size);
        assert_int_equal(utf8_valid_bytes(slice_of(text, size)), size);
        text[size - 1] = 0xe4;
        assert_int_equal(utf8_valid_bytes(slice_of(text, size)), size - 1);
        free(text);
    }
    assert_int_equal(utf8_valid_bytes(slice_of(NULL, 0)), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_point_but_surrogates_is_text),
        cmocka_unit_test(first_and_second_bytes_follow_table_3_7),
        cmocka_unit_test(three_bytes_follow_the_table_between_others_too),
        cmocka_unit_test(a_fault_is_found_at_every_place),
        cmocka_unit_test(nothing_is_read_past_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
