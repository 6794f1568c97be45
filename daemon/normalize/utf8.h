// One code point at a time out of bytes and back. Reading is strict (Unicode 15, table
// 3-7): no overlong forms, no surrogates, nothing past U+10FFFF.
#ifndef NORMALIZE_UTF8_H
#define NORMALIZE_UTF8_H

#include <assert.h>

#include "base/arena.h"

// utf8_next gives the length of the code point at p, 0 if it is not well-formed; left is
// how many bytes there are.
static inline unsigned
utf8_next(const uint8_t *p, size_t left, int32_t *point_out)
{
    uint8_t b = p[0];
    if (b < 0x80) {
        *point_out = b;
        return 1;
    }
    if (b < 0xc2 || b > 0xf4 || left < 2 || (p[1] & 0xc0) != 0x80)
        return 0;
    if (b < 0xe0) {
        *point_out = (b & 0x1f) << 6 | (p[1] & 0x3f);
        return 2;
    }
    if (left < 3 || (p[2] & 0xc0) != 0x80)
        return 0;
    int32_t c = (b & 0x0f) << 12 | (p[1] & 0x3f) << 6 | (p[2] & 0x3f);
    if (b < 0xf0) {
        *point_out = c;
        return c < 0x800 || (c >= 0xd800 && c < 0xe000) ? 0 : 3;
    }
    if (left < 4 || (p[3] & 0xc0) != 0x80)
        return 0;
    c = (b & 0x07) << 18 | (p[1] & 0x3f) << 12 | (p[2] & 0x3f) << 6 | (p[3] & 0x3f);
    *point_out = c;
    return c < 0x10000 || c > 0x10ffff ? 0 : 4;
}

// utf8_take is utf8_next for text that is known to be well-formed.
static inline unsigned
utf8_take(const uint8_t *p, size_t left, int32_t *point_out)
{
    unsigned length = utf8_next(p, left, point_out);
    assert(length > 0);
    return length;
}

// utf8_is_ideograph says whether U+4E00..U+9FFF (bytes E4 B8 80 to E9 BF BF) stands at p
// in well-formed text of at least two bytes: the common Han, plain in every respect.
static inline bool
utf8_is_ideograph(const uint8_t *p)
{
    return (unsigned)(p[0] << 8 | p[1]) - 0xe4b8U < 0xea00U - 0xe4b8U;
}

// utf8_skip_ideographs goes over common Han, well-formed or not, two characters a word
// (little-endian: the first byte is the lowest). Gives where something else stands.
static inline size_t
utf8_skip_ideographs(const uint8_t *p, size_t at, size_t size)
{
    uint64_t word;
    while (at + sizeof word <= size) {
        memcpy(&word, p + at, sizeof word);
        if ((word & 0xc0c0f0c0c0f0U) != 0x8080e08080e0U || !utf8_is_ideograph(p + at) ||
            !utf8_is_ideograph(p + at + 3))
            break;
        at += 6;
    }
    while (at + 3 <= size && utf8_is_ideograph(p + at) && (p[at + 1] & 0xc0) == 0x80 &&
           (p[at + 2] & 0xc0) == 0x80)
        at += 3;
    return at;
}

// utf8_skip_ascii gives where the first byte from `at` on stands that is not ASCII.
static inline size_t
utf8_skip_ascii(const uint8_t *p, size_t at, size_t size)
{
    uint64_t word;
    for (; at + sizeof word <= size; at += sizeof word) {
        memcpy(&word, p + at, sizeof word);
        word &= 0x8080808080808080U;
        if (word)
            return at + (size_t)__builtin_ctzll(word) / 8;
    }
    while (at < size && p[at] < 0x80)
        at++;
    return at;
}

// utf8_back gives where the code point that ends before `at` begins (at > 0); the bytes
// are known to be well-formed.
static inline size_t
utf8_back(const uint8_t *p, size_t at)
{
    do
        at--;
    while (at > 0 && (p[at] & 0xc0) == 0x80);
    return at;
}

// utf8_put writes a code point, at most four bytes.
static inline size_t
utf8_put(uint8_t *out, int32_t point)
{
    uint32_t c = (uint32_t)point;
    if (c < 0x80) {
        out[0] = (uint8_t)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (uint8_t)(0xc0 | c >> 6);
        out[1] = (uint8_t)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (uint8_t)(0xe0 | c >> 12);
        out[1] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
        out[2] = (uint8_t)(0x80 | (c & 0x3f));
        return 3;
    }
    out[0] = (uint8_t)(0xf0 | c >> 18);
    out[1] = (uint8_t)(0x80 | (c >> 12 & 0x3f));
    out[2] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
    out[3] = (uint8_t)(0x80 | (c & 0x3f));
    return 4;
}

// utf8_repair gives the bytes with U+FFFD for each byte that is not part of a well-formed
// code point, and counts those in count_out.
struct slice utf8_repair(struct slice bytes, struct arena *arena, uint32_t *count_out);

#endif
