// Bytes with several holders: what one read from a reader process gave. Jobs and batches
// hold it while slices of theirs borrow from it, so an answer is never copied.
#ifndef PIPELINE_CHUNK_H
#define PIPELINE_CHUNK_H

#include <stdatomic.h>

#include "pipeline/pipeline.h"

struct chunk {
    atomic_uint holders;
    size_t size, capacity; // touched only by whoever reads into it
    bool counted;          // by the tail, under its lock
    uint8_t bytes[];
};

// chunk_new gives an empty chunk, held once; NULL out of memory.
struct chunk *chunk_new(size_t capacity);
struct chunk *chunk_hold(struct chunk *chunk);
// chunk_let_go may be called on any thread; the last to let go frees. NULL is fine.
void chunk_let_go(struct chunk **chunk);

#endif
