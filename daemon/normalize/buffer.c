#include "normalize/buffer.h"

void
buffer_init(struct buffer *b, struct arena *arena, size_t room)
{
    *b = (struct buffer){.arena = arena};
    (void)buffer_need(b, room + 16);
}

bool
buffer_need(struct buffer *b, size_t more)
{
    if (b->room - b->size >= more)
        return true;
    size_t room = b->size + more + b->room / 2;
    uint8_t *grown = arena_room(b->arena, room);
    if (!grown)
        return false;
    if (b->size)
        memcpy(grown, b->data, b->size);
    b->data = grown;
    b->room = room;
    return true;
}

void
buffer_add(struct buffer *b, const uint8_t *bytes, size_t size)
{
    if (size == 0 || !buffer_need(b, size))
        return;
    memcpy(b->data + b->size, bytes, size);
    b->size += size;
}

void
points_init(struct points *points, struct arena *arena)
{
    points->at = points->inline_points;
    points->count = 0;
    points->room = POINTS_INLINE;
    points->arena = arena;
}

bool
points_need(struct points *points, size_t more)
{
    if (points->room - points->count >= more)
        return true;
    size_t room = points->count + more + points->room;
    int32_t *grown = room > SIZE_MAX / sizeof *grown
                         ? NULL
                         : arena_room(points->arena, room * sizeof *grown);
    if (!grown)
        return false;
    memcpy(grown, points->at, points->count * sizeof *grown);
    points->at = grown;
    points->room = room;
    return true;
}
