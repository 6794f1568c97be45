// A look-up. Under the lock: the head, and which segments may hold the hash; those are
// held. After it: their pages, in a snapshot begun only now, so that it has every segment
// seen. Misses end under the lock; filters make nearly all of them do so.
#include <stdlib.h>

#include "index/room.h"

#define HELD_FEW 32U

struct found {
    uint64_t *numbers; // room for max
    size_t max, count; // count may pass max
};

static void
found_add(struct found *found, const uint64_t *numbers, size_t count)
{
    for (size_t i = 0; i < count && found->count + i < found->max; i++)
        found->numbers[found->count + i] = numbers[i];
    found->count += count;
}

// Asks the filters together, so that the memory they lie in is fetched together.
static unsigned
likely_hold(struct index *index, enum index_kind kind, uint64_t mixed,
    struct segment *likely_out[SEGMENTS_MAX])
{
    unsigned n = 0;
    for (unsigned i = 0; i < index->count; i++) {
        struct segment *s = index->list[i];
        __builtin_prefetch(filter_block(s->filter, s->blocks, mixed));
    }
    for (unsigned i = 0; i < index->count; i++)
        if (segment_may_hold(index->list[i], kind, mixed)) {
            likely_out[n++] = index->list[i];
            segment_hold(index->list[i]);
        }
    return n;
}

static void
head_find_both(
    const struct index *index, enum index_kind kind, uint64_t tag, struct found *found)
{
    if (index->sealed)
        found->count = head_find(index->sealed, kind, tag, found->numbers, found->max);
    size_t have = found->count < found->max ? found->count : found->max;
    found->count +=
        head_find(index->head, kind, tag, found->numbers + have, found->max - have);
}

static enum wire_err
segments_find(struct index *index, struct segment *const *likely, unsigned n,
    enum index_kind kind, uint64_t tag, struct found *found)
{
    struct blobs_read *read = NULL;
    enum wire_err err = blobs_read_begin(index->blobs, &read);
    for (unsigned i = 0; i < n && !err; i++) {
        size_t have = found->count < found->max ? found->count : found->max, count;
        err = segment_find(likely[i], read, kind, tag, found->numbers + have,
            found->max - have, &count);
        if (!err)
            found->count += count;
    }
    blobs_read_end(&read);
    return err;
}

size_t
index_find(struct index *index, enum index_kind kind, uint64_t hash,
    uint64_t *numbers_out, size_t max)
{
    uint64_t few[HELD_FEW], *more = max > HELD_FEW ? malloc(max * sizeof *more) : NULL;
    struct found held = {more ? more : few, max, 0}, found = {numbers_out, max, 0};
    struct segment *likely[SEGMENTS_MAX];
    if (max > HELD_FEW && !more) {
        index_fail(index, WIRE_NO_MEMORY);
        return 0;
    }
    pthread_rwlock_rdlock(&index->lock);
    head_find_both(index, kind, hash, &held);
    unsigned n = likely_hold(index, kind, tag_mix(kind, hash), likely);
    pthread_rwlock_unlock(&index->lock);

    enum wire_err err = WIRE_OK;
    if (n)
        err = segments_find(index, likely, n, kind, hash, &found);
    for (unsigned i = 0; i < n; i++)
        segment_drop(&likely[i]);
    found_add(&found, held.numbers, held.count);
    free(more);
    if (!err)
        return found.count;
    index_fail(index, err);
    return 0;
}
