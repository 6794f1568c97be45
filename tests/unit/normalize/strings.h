// Random strings that are hard on Unicode code: bases, marks, jamo, ignorables, width
// variants, and any code point at all.
#ifndef UNIT_NORMALIZE_STRINGS_H
#define UNIT_NORMALIZE_STRINGS_H

#include "normalize/utf8.h"

static uint64_t strings_state = 20261124;

static inline uint64_t
strings_random(void)
{
    uint64_t z = (strings_state += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
}

static const int32_t strings_pool[] = {'a', 'e', 'A', 'K', ' ', '\n', '-', '.', '5',
    '<', '>', '$', 0x301, 0x308, 0x327, 0x323, 0x338, 0x345, 0xe9, 0x1e69, 0xac00,
    0x1100, 0x1161, 0x11a8, 0x4e2d, 0xfb01, 0xdf, 0x130, 0x1f80, 0x3b1, 0x212b, 0x2126,
    0xff21, 0xff0e, 0xff15, 0xff9e, 0xff76, 0xffa1, 0xffc2, 0x30ab, 0x3099, 0x958,
    0x93e, 0x94d, 0x9c7, 0x9be, 0x1d15e, 0x1f600, 0xad, 0x200d, 0x200c, 0x200b, 0x34f,
    0x2460, 0xb2, 0xbd, 0xf900, 0x2f800, 0x202e, 0x202c, 0x2066, 0x2069, 0x202b, 0x200f,
    0xa0, 0x202f, 0x3000, 0x2028, 0x85, '\r', '\t', 0x7f, 0xfeff, 0xfffe, 0xe0041,
    0xe007f, 0x1f3f4, 0x627, 0x64b, 0x2212, 0x20ac, 0x37e, 0xbb, 0xab, '!'};
#define STRINGS_POOL (sizeof strings_pool / sizeof *strings_pool)

static inline int32_t
strings_point(void)
{
    if (strings_random() % 7)
        return strings_pool[strings_random() % STRINGS_POOL];
    int32_t point = (int32_t)(1 + strings_random() % 0x2ffff);
    return point >= 0xd800 && point < 0xe000 ? 'x' : point;
}

// strings_make writes a string of up to 16 code points (out has room for 64 bytes).
static inline struct slice
strings_make(uint8_t out[64])
{
    size_t size = 0, count = 1 + strings_random() % 16;
    for (size_t i = 0; i < count; i++)
        size += utf8_put(out + size, strings_point());
    return slice_of(out, size);
}

#endif
