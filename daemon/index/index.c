// The writer's door: entries into the head and out again, and what anybody may ask.
#include "index/index.h"

#include "base/logline.h"
#include "index/room.h"

uint64_t
index_covered(const struct index *index)
{
    return atomic_load(&index->covered);
}

enum wire_err
index_fault(const struct index *index)
{
    return (enum wire_err)atomic_load_explicit(&index->fault, memory_order_relaxed);
}

void
index_fail(struct index *index, enum wire_err err)
{
    int none = WIRE_OK;
    if (atomic_compare_exchange_strong(&index->fault, &none, (int)err))
        log_error("index=\"%s\" why=\"%s\"", index->path, wire_error_text(err));
}

enum wire_err
index_add(struct index *index, enum index_kind kind, uint64_t hash, uint64_t number)
{
    return index_add_all(index, &(struct index_entry){kind, hash, number}, 1);
}

enum wire_err
index_add_all(struct index *index, const struct index_entry *entries, size_t count)
{
    bool added = true;
    pthread_rwlock_wrlock(&index->lock);
    for (size_t i = 0; i < count && added; i++)
        added = head_add(
            index->head, entries[i].kind, entries[i].hash, entries[i].number);
    pthread_rwlock_unlock(&index->lock);
    if (added)
        return WIRE_OK;
    index_fail(index, WIRE_NO_MEMORY); // a miss could be wrong from here on
    return WIRE_NO_MEMORY;
}

uint64_t
index_mark(const struct index *index)
{
    return head_end(index->head);
}

void
index_rewind(struct index *index, uint64_t mark)
{
    pthread_rwlock_wrlock(&index->lock);
    head_rewind(index->head, mark);
    pthread_rwlock_unlock(&index->lock);
}

void
index_sizes(const struct index *index, struct index_sizes *out)
{
    *out = (struct index_sizes){
        .head_entries = head_end(index->head) - head_base(index->head),
        .head_bytes = head_bytes(index->head),
        .segments = index->count};
    if (index->sealed) {
        out->head_entries += head_end(index->sealed) - head_base(index->sealed);
        out->head_bytes += head_bytes(index->sealed);
    }
    for (unsigned i = 0; i < index->count; i++) {
        out->segment_entries += segment_entries(index->list[i]);
        out->filter_bytes += index->list[i]->side_bytes;
    }
}
