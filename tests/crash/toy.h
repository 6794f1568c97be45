// Records whose bytes follow from their number, so that any of them can be recognised. A
// salt gives other bytes to the same number.
#ifndef CRASH_TOY_H
#define CRASH_TOY_H

#include <stddef.h>
#include <stdint.h>

#define TOY_MOST 9000

static inline uint64_t
toy_mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

// Mostly one block with its header, one in eight several.
static inline size_t
toy_size(uint64_t number)
{
    uint64_t h = toy_mix(number + 11);
    return h % 8 ? 60 + (h >> 8) % 700 : 3800 + (h >> 8) % 5000;
}

static inline void
toy_fill(uint64_t number, uint64_t salt, uint8_t *out, size_t size)
{
    for (size_t i = 0; i < size; i++)
        out[i] = (uint8_t)(toy_mix(number * 131 + salt * 7 + i / 8) >> (i % 8 * 8));
}

#endif
