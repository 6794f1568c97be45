// A source gives the entries of a segment that is to be built, sorted: those of a sealed
// head, or those of segments that become one.
#ifndef INDEX_SOURCE_H
#define INDEX_SOURCE_H

#include "index/head.h"
#include "index/segment.h"

#define MERGE_WAYS 4U

struct source;

// source_of_head borrows the head, which changes no more, until source_free;
// source_of_segments holds the segments, given oldest first. NULL: no memory.
struct source *source_of_head(const struct head *head);
struct source *source_of_segments(struct segment *const *segments, unsigned count);
void source_free(struct source **source);

// source_counts says how many pairs of each kind there are in all.
void source_counts(const struct source *source, uint64_t counts_out[INDEX_KINDS]);
// source_prepare does a part of the work that comes before the first pair; true: ready.
bool source_prepare(struct source *source);
// source_take gives exactly the next `want` pairs of a kind, which has as many left.
enum wire_err source_take(struct source *source, struct blobs_read *read,
    enum index_kind kind, struct pair *out, uint32_t want);

#endif
