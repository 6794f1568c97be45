#include "pipeline/chunk.h"

#include <stdlib.h>

struct chunk *
chunk_new(size_t capacity)
{
    // To be read into: nobody looks at bytes past size.
    struct chunk *chunk = malloc(sizeof *chunk + capacity);
    if (!chunk)
        return NULL;
    atomic_init(&chunk->holders, 1);
    chunk->size = 0;
    chunk->capacity = capacity;
    chunk->counted = false;
    return chunk;
}

struct chunk *
chunk_hold(struct chunk *chunk)
{
    (void)atomic_fetch_add(&chunk->holders, 1);
    return chunk;
}

void
chunk_let_go(struct chunk **chunk)
{
    if (*chunk && atomic_fetch_sub(&(*chunk)->holders, 1) == 1)
        free(*chunk);
    *chunk = NULL;
}
