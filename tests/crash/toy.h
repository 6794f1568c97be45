// Records whose bytes follow from their number, so that any of them can be recognised. A
// salt gives other bytes to the same number. toy_bytes.c makes bytes that mean nothing, for
// stores that don't look at them; toy_story.c what a newsroom sends, for the whole daemon.
#ifndef CRASH_TOY_H
#define CRASH_TOY_H

#include <stddef.h>
#include <stdint.h>

#define TOY_MOST 20000

static inline uint64_t
toy_mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

// toy_make writes the bytes of a record and gives their size.
size_t toy_make(uint64_t number, uint64_t salt, uint8_t out[TOY_MOST]);

#endif
