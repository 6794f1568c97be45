// The hashes of the five kinds. They find and never decide: 64 bits of XXH3, or of the
// BLAKE2b digest where there is one. Changing one means emptying every index: add one to
// MANIFEST_LAYOUT.
#include "index/tag.h"

#include <stdlib.h>

#include "base/bytes.h"

enum {
    SEED_ITEM = 1,
    SEED_SUBMISSION = 2,
    SEED_VERSION = 3,
    SEED_CREATED = 4,
    SEED_WORDLESS = 5,
};

static uint64_t
seed_of(unsigned what, uint64_t number)
{
    return tag_mix(INDEX_ITEM, number * 8 + what);
}

uint64_t
index_hash_item(uint16_t source, struct slice uri)
{
    return hash64(uri, seed_of(SEED_ITEM, source));
}

uint64_t
index_hash_key(const struct digest *key)
{
    return get_le64(key->bytes);
}

uint64_t
index_hash_submission(uint16_t source, const uint8_t id[16])
{
    return hash64(slice_of(id, 16), seed_of(SEED_SUBMISSION, source));
}

uint64_t
index_hash_version(uint64_t item, struct slice version, int64_t created_us)
{
    if (version.size)
        return hash64(version, seed_of(SEED_VERSION, item));
    if (created_us == TIME_NONE || created_us == 0) // a stored sort key has 0 for none
        return hash64(slice_of(NULL, 0), seed_of(SEED_WORDLESS, item));
    uint8_t time[8];
    put_le64(time, (uint64_t)created_us);
    return hash64(slice_of(time, sizeof time), seed_of(SEED_CREATED, item));
}

uint64_t
index_hash_content(uint64_t item, struct slice version, int64_t created_us,
    const struct digest *article_digest)
{
    return hash64(slice_of(article_digest->bytes, DIGEST_BYTES),
        index_hash_version(item, version, created_us));
}

static int
pair_compare(const void *left, const void *right)
{
    const struct pair *a = left, *b = right;
    if (a->tag != b->tag)
        return a->tag < b->tag ? -1 : 1;
    return a->number < b->number ? -1 : a->number > b->number;
}

#define FEW 32U // up to here insertion is quicker

static void
few_sort(struct pair *pairs, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        struct pair moving = pairs[i];
        size_t at = i;
        for (; at > 0 && pair_compare(&moving, &pairs[at - 1]) < 0; at--)
            pairs[at] = pairs[at - 1];
        pairs[at] = moving;
    }
}

static void
group_sort(struct pair *pairs, size_t n)
{
    if (n <= FEW)
        few_sort(pairs, n);
    else
        qsort(pairs, n, sizeof *pairs, pair_compare);
}

enum { DIGIT_BITS = 12, DIGITS = 1 << DIGIT_BITS };

// One pass of a radix sort: by the twelve bits from `shift` on, keeping order among equals.
static void
spread(const struct pair *from, size_t n, unsigned shift, struct pair *to)
{
    size_t next[DIGITS + 1] = {0};
    for (size_t i = 0; i < n; i++)
        next[(from[i].tag >> shift & (DIGITS - 1)) + 1]++;
    for (size_t d = 1; d < DIGITS; d++)
        next[d] += next[d - 1];
    for (size_t i = 0; i < n; i++)
        to[next[from[i].tag >> shift & (DIGITS - 1)]++] = from[i];
}

// Two passes sort by the highest 24 bits; few pairs share them, and those are near.
void
pairs_sort(struct pair *pairs, size_t n, struct pair *scratch)
{
    spread(pairs, n, 64 - 2 * DIGIT_BITS, scratch);
    spread(scratch, n, 64 - DIGIT_BITS, pairs);
    for (size_t start = 0, end; start < n; start = end) {
        uint64_t high = pairs[start].tag >> (64 - 2 * DIGIT_BITS);
        for (end = start + 1; end < n; end++)
            if (pairs[end].tag >> (64 - 2 * DIGIT_BITS) != high)
                break;
        if (end - start > 1)
            group_sort(pairs + start, end - start);
    }
}
