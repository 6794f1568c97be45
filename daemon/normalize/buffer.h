// What grows while text is rewritten: bytes that become the new text, and code points on
// the way there. Both live in the article's arena; out of memory they stop growing, the
// arena remembers it, and what was written so far is given.
#ifndef NORMALIZE_BUFFER_H
#define NORMALIZE_BUFFER_H

#include "normalize/utf8.h"

struct buffer {
    uint8_t *data;
    size_t size, room;
    struct arena *arena;
};
void buffer_init(struct buffer *b, struct arena *arena, size_t room);
// buffer_need makes room for `more` bytes; false out of memory.
bool buffer_need(struct buffer *b, size_t more);
void buffer_add(struct buffer *b, const uint8_t *bytes, size_t size);

static inline void
buffer_put(struct buffer *b, int32_t point)
{
    if (b->room - b->size >= 4 || buffer_need(b, 4))
        b->size += utf8_put(b->data + b->size, point);
}

static inline struct slice
buffer_slice(const struct buffer *b)
{
    return slice_of(b->data, b->size);
}

// Segments of text are short, so the first points need no allocation.
#define POINTS_INLINE 192U
struct points {
    int32_t *at;
    size_t count, room;
    struct arena *arena;
    int32_t inline_points[POINTS_INLINE];
};
void points_init(struct points *points, struct arena *arena);
bool points_need(struct points *points, size_t more);

static inline void
points_add(struct points *points, int32_t point)
{
    if (points->count < points->room || points_need(points, 1))
        points->at[points->count++] = point;
}

#endif
