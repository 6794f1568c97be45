// What comes next: each connection's submissions in the order they were sent. A slow one
// holds back only its own connection. One function now; a replicated order comes in here.
#ifndef PIPELINE_ORDER_H
#define PIPELINE_ORDER_H

#include "pipeline/pipeline.h"

struct order_lane; // one connection's place
struct order {
    struct order_lane **table; // by connection, chained
    size_t buckets, count;
    struct job *ready, *ready_last; // whose turn has come, oldest first
    uint32_t ready_count, waiting_count;
    uint64_t ready_bytes;
};

bool order_init(struct order *order);
void order_fini(struct order *order); // frees jobs still inside

// order_add takes a job that a reader is done with. False: out of memory, job untouched.
bool order_add(struct order *order, struct job *job);
// order_forget ends a connection whose last turn was `turns`.
void order_forget(struct order *order, uint64_t connection, uint64_t turns);
// order_next gives the next job whose turn it is; NULL: none.
struct job *order_next(struct order *order);
// order_is_empty says whether no job is inside, ready or waiting for its turn.
bool order_is_empty(const struct order *order);

#endif
