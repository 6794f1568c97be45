// An arena owns everything born while one submission is handled; it goes all at once.
// Memory is zeroed. Growth is bounded: past the limit, or out of memory, arena_alloc gives
// NULL and the arena remembers it, so that long chains of work look once at the end.
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "proto/slice.h"

struct arena_block;
struct arena {
    struct arena_block *blocks;
    size_t used, limit; // bytes handed out; most that may be
    bool failed;
};

void arena_init(struct arena *arena, size_t limit);
// arena_reset forgets all that was handed out and keeps one block for the next job.
void arena_reset(struct arena *arena);
void arena_fini(struct arena *arena);

// arena_alloc gives zeroed bytes, aligned for anything; NULL past the limit.
void *arena_alloc(struct arena *arena, size_t size);
// arena_room gives bytes with anything in them, for what is written before it is read.
void *arena_room(struct arena *arena, size_t size);
void *arena_array(struct arena *arena, size_t count, size_t size); // checks the product
// arena_grow gives a copy of old, count_old elements, with zeroed room for count_new.
void *arena_grow(
    struct arena *arena, const void *old, size_t count_old, size_t count_new, size_t size);
struct slice arena_copy(struct arena *arena, struct slice bytes);
struct slice arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))

#endif
