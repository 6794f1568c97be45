// A filter says "surely not here" of nearly every entry that a segment does not hold: a
// Bloom filter of 64-byte blocks, one bit in each of a block's eight words, 10 bits an
// entry: about 1 % of misses pass, and a test costs one cache line.
#ifndef INDEX_FILTER_H
#define INDEX_FILTER_H

#include "index/tag.h"

#define FILTER_BLOCK_BYTES 64U
#define FILTER_BLOCK_BITS 512U
#define FILTER_BITS 10U // an entry

static inline uint64_t
filter_blocks(uint64_t entries)
{
    return entries * FILTER_BITS / FILTER_BLOCK_BITS + 1;
}

__extension__ typedef unsigned __int128 filter_wide;

// The block of a mixed tag (tag_mix): filter points to blocks * 8 words.
static inline uint64_t *
filter_block(uint64_t *filter, uint64_t blocks, uint64_t mixed)
{
    return filter + (uint64_t)(((filter_wide)mixed * blocks) >> 64) * 8;
}

static inline uint64_t
filter_bits(uint64_t mixed)
{
    return (mixed ^ mixed >> 31) * 0x9fb21c651e98df25U >>
           16; // 48 bits: six for each word
}

static inline void
filter_add(uint64_t *filter, uint64_t blocks, uint64_t mixed)
{
    uint64_t *block = filter_block(filter, blocks, mixed), bits = filter_bits(mixed);
    for (unsigned i = 0; i < 8; i++, bits >>= 6)
        block[i] |= (uint64_t)1 << (bits & 63);
}

static inline bool
filter_may_hold(uint64_t *filter, uint64_t blocks, uint64_t mixed)
{
    const uint64_t *block = filter_block(filter, blocks, mixed);
    uint64_t bits = filter_bits(mixed), found = 1;
    for (unsigned i = 0; i < 8; i++, bits >>= 6)
        found &= block[i] >> (bits & 63);
    return found & 1;
}

#endif
