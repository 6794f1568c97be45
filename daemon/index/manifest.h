// The manifest says which segments there are and up to which record they cover. It is one
// value, put in the same commit as the last part of a new segment: so W and the segments
// it is true of change as one.
#ifndef INDEX_MANIFEST_H
#define INDEX_MANIFEST_H

#include "index/segment.h"

// Add one for any change of hashes, pages, sides or the manifest itself: an index of
// another layout is emptied, and the store fills it again.
#define MANIFEST_LAYOUT 1U
#define SEGMENTS_MAX 64U

struct manifest {
    struct store_identity identity;
    uint64_t covered; // W
    uint32_t count;
    struct segment_shape shapes[SEGMENTS_MAX]; // oldest first
};

#define MANIFEST_SHAPE_BYTES ((size_t)(3 + INDEX_KINDS) * 8)
#define MANIFEST_BYTES_MAX (48 + SEGMENTS_MAX * MANIFEST_SHAPE_BYTES + 8)

struct slice manifest_key(uint8_t key[8]); // before every segment's
struct slice manifest_pack(const struct manifest *m, uint8_t out[MANIFEST_BYTES_MAX]);
// manifest_read gives NOT_FOUND if there is none, DAMAGED, STORE_VERSION (layout).
enum wire_err manifest_read(struct blobs_read *read, struct manifest *out);

#endif
