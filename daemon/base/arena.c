// Blocks that double up to 1 MiB; an allocation larger than a block gets its own. Bytes are
// zeroed when they are given out: a block that is half used costs half, and they are warm.
#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define BLOCK_MIN ((size_t)16 << 10)
#define BLOCK_MAX ((size_t)1 << 20)
#define ALIGN     16U

struct arena_block {
    struct arena_block *next;
    size_t size, used;
    _Alignas(ALIGN) uint8_t data[];
};

void
arena_init(struct arena *arena, size_t limit)
{
    *arena = (struct arena){.limit = limit};
}

void
arena_fini(struct arena *arena)
{
    for (struct arena_block *b = arena->blocks, *next; b; b = next) {
        next = b->next;
        free(b);
    }
    arena->blocks = NULL;
    arena->used = 0;
    arena->failed = false;
}

void
arena_reset(struct arena *arena)
{
    struct arena_block *keep = arena->blocks;
    if (keep) {
        for (struct arena_block *b = keep->next, *next; b; b = next) {
            next = b->next;
            free(b);
        }
        keep->next = NULL;
        keep->used = 0;
    }
    arena->used = 0;
    arena->failed = false;
}

static struct arena_block *
block_new(struct arena *arena, size_t need)
{
    size_t size = arena->blocks ? arena->blocks->size * 2 : BLOCK_MIN;
    if (size > BLOCK_MAX)
        size = BLOCK_MAX;
    if (size < need)
        size = need;
    struct arena_block *b = malloc(sizeof *b + size);
    if (!b)
        return NULL;
    *b = (struct arena_block){.size = size, .next = arena->blocks};
    arena->blocks = b;
    return b;
}

void *
arena_room(struct arena *arena, size_t size)
{
    if (arena->failed || size > arena->limit || arena->used > arena->limit - size) {
        arena->failed = true;
        return NULL;
    }
    size_t need = (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
    struct arena_block *b = arena->blocks;
    if (!b || b->size - b->used < need)
        b = block_new(arena, need);
    if (!b) {
        arena->failed = true;
        return NULL;
    }
    void *out = b->data + b->used;
    b->used += need;
    arena->used += need;
    return out;
}

void *
arena_alloc(struct arena *arena, size_t size)
{
    void *out = arena_room(arena, size);
    if (out)
        memset(out, 0, size);
    return out;
}

void *
arena_array(struct arena *arena, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) {
        arena->failed = true;
        return NULL;
    }
    return arena_alloc(arena, bytes);
}

void *
arena_grow(
    struct arena *arena, const void *old, size_t count_old, size_t count_new, size_t size)
{
    size_t had = count_old * size, bytes;
    if (__builtin_mul_overflow(count_new, size, &bytes)) {
        arena->failed = true;
        return NULL;
    }
    uint8_t *grown = arena_room(arena, bytes);
    if (!grown)
        return NULL;
    if (had)
        memcpy(grown, old, had);
    memset(grown + had, 0, bytes - had);
    return grown;
}

struct slice
arena_copy(struct arena *arena, struct slice bytes)
{
    uint8_t *copy = arena_room(arena, bytes.size);
    if (!copy)
        return slice_of(NULL, 0);
    if (bytes.size)
        memcpy(copy, bytes.data, bytes.size);
    return slice_of(copy, bytes.size);
}

struct slice
arena_printf(struct arena *arena, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int size = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *text = size < 0 ? NULL : arena_room(arena, (size_t)size + 1);
    if (text)
        (void)vsnprintf(text, (size_t)size + 1, format, again);
    va_end(again);
    return text ? slice_of(text, (size_t)size) : slice_of(NULL, 0);
}
