// Building a segment in steps, each within one commit: pages, then the side. What is built
// is found by nobody until a manifest names it.
#ifndef INDEX_BUILD_H
#define INDEX_BUILD_H

#include "index/source.h"

struct build {
    struct segment *segment; // its side fills as pages are written
    struct source *source;   // owned
    enum index_kind kind;
    uint64_t next_page, side_at;
    uint8_t *buffer; // of one step's chunks, which are borrowed until the commit
    uint64_t buffer_bytes;
};

// build_begin takes the source over, even when it fails (NO_MEMORY).
enum wire_err build_begin(struct source *source, uint64_t id, uint64_t chunk_bytes,
    uint64_t commit_bytes, struct build *out);
void build_end(struct build *b);
// build_step puts the next commit_bytes into blobs, between blobs_begin and blobs_end; read
// is a snapshot that holds the source's segments. done_out: the whole segment is put.
enum wire_err build_step(
    struct build *b, struct blobs *blobs, struct blobs_read *read, bool *done_out);

#endif
