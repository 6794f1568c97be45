// A tag is the 64-bit hash of an entry, the same width in head and segments. Tags of
// different kinds share tables and filters: tag_mix spreads kind and tag over 64 bits.
#ifndef INDEX_TAG_H
#define INDEX_TAG_H

#include "index/index.h"

// What a segment stores and the head remembers: sorted by tag, then number.
struct pair {
    uint64_t tag, number;
};

static inline uint64_t
tag_mix(enum index_kind kind, uint64_t tag)
{
    uint64_t m =
        (tag ^ ((uint64_t)kind + 1) * 0x9e3779b97f4a7c15U) * 0xff51afd7ed558ccdU;
    m = (m ^ m >> 32) * 0xc4ceb9fe1a85ec53U;
    return m ^ m >> 29;
}

// pairs_sort sorts by tag, then number, in about n steps where tags are spread evenly, as
// hashes are, and never worse than n log n. scratch has room for n pairs.
void pairs_sort(struct pair *pairs, size_t n, struct pair *scratch);

#endif
