// The tail: the batches that are durable and not yet behind the last checkpoint, and some
// more. Followers that live read from here; LMDB is for the others. One lock, held while
// places are copied.
#ifndef PIPELINE_TAIL_H
#define PIPELINE_TAIL_H

#include <pthread.h>

#include "pipeline/batch.h"

struct tail {
    pthread_mutex_t lock;
    struct tail_batch **ring; // batches with rows, oldest first
    size_t capacity, head, count;
    uint64_t rows;
    uint64_t bytes; // held by its batches, about
};

bool tail_init(struct tail *tail);
void tail_fini(struct tail *tail);

// tail_push adds a durable batch (and holds it) if it has rows. False: out of memory.
bool tail_push(struct tail *tail, struct tail_batch *batch);
// tail_drop lets go of batches wholly at or below committed_seq, but keeps about
// keep_rows rows, or fewer where those hold more than 64 MiB.
void tail_drop(struct tail *tail, uint64_t committed_seq, uint64_t keep_rows);
size_t tail_copy(struct tail *tail, uint64_t from, struct tail_row *out, size_t max);

#endif
