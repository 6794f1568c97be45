// A segment: the sorted entries of a run of records, packed once and never changed. Its
// pages lie in blobs, as chunks; its side, which every look-up needs, stays in memory: the
// filter, and the fence (first tag) of each page. Kinds follow each other, each on pages of
// its own.
#ifndef INDEX_SEGMENT_H
#define INDEX_SEGMENT_H

#include <stdatomic.h>

#include "index/filter.h"
#include "index/page.h"

// What the manifest keeps of a segment; all else follows from it.
struct segment_shape {
    uint64_t id; // from 1, never used again
    uint64_t counts[INDEX_KINDS];
    uint64_t chunk_bytes; // whole pages
    uint64_t side_hash;
};
struct segment {
    struct segment_shape shape;
    // Held by the list it stands in and by each look-up that reads its pages; its blobs are
    // deleted when the list has let go and nobody reads.
    atomic_uint refs;
    uint64_t first_page[INDEX_KINDS + 1]; // of each kind; the last: pages in all
    uint64_t blocks;                      // of the filter
    uint64_t *filter, *fences;            // both within the side, which is filter first
    uint64_t side_bytes;
};

// segment_new gives a segment with an empty side, held once; NULL: no memory.
struct segment *segment_new(const struct segment_shape *shape);
void segment_hold(struct segment *s);
void segment_drop(struct segment **s);
uint64_t segment_entries(const struct segment *s);
static inline uint64_t
segment_pages(const struct segment *s)
{
    return s->first_page[INDEX_KINDS];
}

// The key of a part of a segment in blobs: id, what, place; big-endian.
enum segment_part {
    SEGMENT_PAGES = 1,
    SEGMENT_SIDE = 2,
};
#define SEGMENT_KEY_BYTES 13U
struct slice segment_key(uint64_t id, enum segment_part part, uint32_t place,
    uint8_t key[SEGMENT_KEY_BYTES]);

// segment_load reads the side and sees that every chunk is there. DAMAGED otherwise.
enum wire_err segment_load(struct segment *s, struct blobs_read *read);
// segment_page gives a page as it lies in blobs, checked. DAMAGED otherwise.
enum wire_err segment_page(const struct segment *s, struct blobs_read *read,
    enum index_kind kind, uint64_t number, const uint8_t **out);

bool segment_may_hold(const struct segment *s, enum index_kind kind, uint64_t mixed);
// segment_find writes up to max numbers of the tag, the least first, and how many there are.
enum wire_err segment_find(const struct segment *s, struct blobs_read *read,
    enum index_kind kind, uint64_t tag, uint64_t *numbers_out, size_t max,
    size_t *count_out);

#endif
