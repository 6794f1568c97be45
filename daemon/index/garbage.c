// Blobs of segments that were merged away, of builds given up, and of those that a crash
// cut short. A reader may still hold a segment: then its blobs wait.
#include <stdlib.h>

#include "index/room.h"

// A few chunks a commit: freeing is nearly free, but LMDB writes its list of free pages.
#define DELETE_AT_ONCE 16U

// Out of memory the blobs stay until the next start finds them: nothing is lost but room.
void
garbage_add(struct index *index, uint64_t id, struct segment *segment)
{
    if (index->garbage_count == index->garbage_room) {
        size_t room = index->garbage_room ? index->garbage_room * 2 : 16;
        struct garbage *grown = realloc(index->garbage, room * sizeof *grown);
        if (!grown) {
            segment_drop(&segment);
            return;
        }
        index->garbage = grown;
        index->garbage_room = room;
    }
    index->garbage[index->garbage_count++] = (struct garbage){id, segment};
}

void
garbage_end(struct index *index)
{
    for (size_t i = 0; i < index->garbage_count; i++)
        segment_drop(&index->garbage[i].segment);
    free(index->garbage);
    index->garbage = NULL;
    index->garbage_count = index->garbage_room = 0;
}

static bool
unread(const struct garbage *g)
{
    return !g->segment ||
           atomic_load_explicit(&g->segment->refs, memory_order_acquire) == 1;
}

// The oldest first: while that one is read, those after it wait too.
bool
garbage_ready(const struct index *index)
{
    return index->garbage_count && unread(&index->garbage[0]);
}

// Deletes up to *room parts of one segment; gone_out: none is left.
static enum wire_err
parts_delete(struct index *index, struct blobs_read *read, uint64_t id, unsigned *room,
    bool *gone_out)
{
    uint8_t start[SEGMENT_KEY_BYTES];
    struct slice key = segment_key(id, 0, 0, start), value;
    for (;;) {
        enum wire_err err = blobs_next(read, key, &key, &value);
        if (err == WIRE_NOT_FOUND || (!err && get_be64(key.data) != id)) {
            *gone_out = true;
            return WIRE_OK;
        }
        if (err || *room == 0)
            return err;
        blobs_delete(index->blobs, key);
        --*room;
    }
}

enum wire_err
garbage_delete(struct index *index, struct blobs_read *read, size_t *gone_out)
{
    unsigned room = DELETE_AT_ONCE;
    *gone_out = 0;
    while (*gone_out < index->garbage_count && unread(&index->garbage[*gone_out])) {
        bool gone = false;
        enum wire_err err =
            parts_delete(index, read, index->garbage[*gone_out].id, &room, &gone);
        if (err || !gone)
            return err;
        ++*gone_out;
    }
    return WIRE_OK;
}

void
garbage_gone(struct index *index, size_t gone)
{
    if (gone == 0)
        return;
    for (size_t i = 0; i < gone; i++)
        segment_drop(&index->garbage[i].segment);
    index->garbage_count -= gone;
    memmove(index->garbage, index->garbage + gone,
        index->garbage_count * sizeof *index->garbage);
}

static bool
listed(const struct index *index, uint64_t id)
{
    for (unsigned i = 0; i < index->count; i++)
        if (index->list[i]->shape.id == id)
            return true;
    return false;
}

enum wire_err
garbage_scan(struct index *index, struct blobs_read *read)
{
    uint8_t last[SEGMENT_KEY_BYTES];
    struct slice key = slice_of(NULL, 0), value;
    for (index->next_id = 1;;) {
        enum wire_err err = blobs_next(read, key, &key, &value);
        if (err)
            return err == WIRE_NOT_FOUND ? WIRE_OK : err;
        if (key.size < 8)
            return WIRE_DAMAGED;
        uint64_t id = get_be64(key.data);
        if (id && !listed(index, id))
            garbage_add(index, id, NULL);
        if (id >= index->next_id)
            index->next_id = id + 1;
        key = segment_key(id, 0xff, UINT32_MAX, last);
    }
}
