// What a store would hold, in small: records with their entries, and an index of toy sizes
// to hold against it.
#ifndef TESTS_INDEX_HISTORY_H
#define TESTS_INDEX_HISTORY_H

#include "index/room.h"
#include "shared.h"

static const struct store_identity self = {.id = "a store of ours", .epoch = 7};

// A history is what a store would hold: records in order, each with a few entries. Some
// hashes come back often, as texts and items do.
enum { RECORDS = 1500, EACH = 6, KINDS = INDEX_KINDS };
struct entry {
    enum index_kind kind;
    uint64_t hash, number;
};
struct history {
    struct entry entries[RECORDS + 1][EACH];
};

static inline struct history *
history_new(uint64_t seed)
{
    struct history *h = calloc(1, sizeof *h);
    assert_non_null(h);
    uint64_t number = 1;
    for (unsigned r = 1; r <= RECORDS; r++)
        for (unsigned e = 0; e < EACH; e++) {
            uint64_t hash = next_random(&seed);
            if (hash % 3 == 0)
                hash = hash >> 32 & 3; // 150 of each kind: runs that cross pages
            h->entries[r][e] =
                (struct entry){(enum index_kind)below(&seed, KINDS), hash, number++};
        }
    return h;
}

static inline void
add_record(struct index *index, const struct history *h, uint64_t record)
{
    for (unsigned e = 0; e < EACH; e++) {
        const struct entry *x = &h->entries[record][e];
        assert_int_equal(index_add(index, x->kind, x->hash, x->number), WIRE_OK);
    }
}

static inline struct index *
open_toy(const char *path, const struct store_identity *identity)
{
    struct index_settings toy = {
        .path = path, .head_bytes = 4000, .chunk_bytes = 8192, .commit_bytes = 16384};
    struct fault fault = FAULT_NONE;
    struct index *index = NULL;
    if (index_open(&toy, identity, &index, &fault))
        fail_msg("%s", fault.words);
    return index;
}

static inline void
open_and_fill(
    const char *path, const struct history *h, uint64_t upto, struct index **out)
{
    *out = open_toy(path, &self);
    assert_true(index_covered(*out) <= upto);
    for (uint64_t r = index_covered(*out) + 1; r <= upto; r++)
        add_record(*out, h, r);
}

static inline size_t
in_history(const struct history *h, uint64_t upto, const struct entry *like,
    uint64_t *out, size_t max)
{
    size_t count = 0;
    for (uint64_t r = 1; r <= upto; r++)
        for (unsigned e = 0; e < EACH; e++)
            if (h->entries[r][e].kind == like->kind &&
                h->entries[r][e].hash == like->hash) {
                if (count < max)
                    out[count] = h->entries[r][e].number;
                count++;
            }
    return count;
}

static inline void
assert_found(struct index *index, const struct history *h, uint64_t upto,
    const struct entry *like)
{
    uint64_t want[300] = {0}, got[300] = {0};
    size_t max = like->number % 3 == 0 ? 300 : like->number % 40; // few, many, none
    size_t count = in_history(h, upto, like, want, max);
    assert_int_equal(index_find(index, like->kind, like->hash, got, max), count);
    assert_memory_equal(want, got, sizeof want);
    assert_int_equal(index_fault(index), WIRE_OK);
}

static inline void
assert_some_found(struct index *index, const struct history *h, uint64_t upto,
    uint64_t *random, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        uint64_t r = below(random, RECORDS) + 1; // later ones are misses
        struct entry like = h->entries[r][below(random, EACH)];
        assert_found(index, h, upto, &like);
        like.hash ^= 1ULL << below(random, 64);
        assert_found(index, h, upto, &like);
    }
}

static inline void
unexpected(void *context, const char *words)
{
    (void)context;
    fail_msg("%s", words);
}

static inline uint64_t
segments_in_blobs(const char *path)
{
    struct blobs *blobs = NULL;
    struct blobs_read *read = NULL;
    struct fault fault = FAULT_NONE;
    struct slice key = slice_of(NULL, 0), value;
    uint64_t last = 0, ids = 0;
    assert_int_equal(blobs_open(path, 0, &blobs, &fault), WIRE_OK);
    assert_int_equal(blobs_read_begin(blobs, &read), WIRE_OK);
    for (; blobs_next(read, key, &key, &value) == WIRE_OK; last = get_be64(key.data))
        ids += get_be64(key.data) != last;
    blobs_read_end(&read);
    blobs_close(&blobs);
    return ids;
}

#endif
