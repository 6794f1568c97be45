// What the writer does next for the index, one commit a call. Flushing comes first, for the
// head costs memory and a restart has to fill it again; merging when there is nothing to
// flush, or when the list grows too long to look through.
//
// Four neighbours of one level become one of the next, so an entry is written again once a
// level: log4(entries / head) times. Only neighbours are merged: then segments stand in
// order of record, and numbers come out rising without a sort.
//
// Runs on: writer.
#include "index/room.h"

#define SEGMENTS_CROWDED \
    (SEGMENTS_MAX / 2)  // from here on merging comes before flushing
#define ENTRY_BYTES 40U // of an entry in the head, about

static unsigned
level(const struct index *index, const struct segment *s)
{
    uint64_t flushed = index->head_bytes / HEAD_ENTRY_BYTES + 1,
             entries = segment_entries(s);
    unsigned l = 0;
    for (; entries >= 2 * flushed; entries /= LEVEL_SEGMENTS)
        l++;
    return l;
}

// The oldest four neighbours of one level. The merge that runs is not looked at: its own
// segments are still there.
static bool
merge_due(const struct index *index, unsigned *first_out)
{
    unsigned run = 0, last = 0;
    for (unsigned i = 0; i < index->count; i++) {
        unsigned here = level(index, index->list[i]);
        run = run && here == last ? run + 1 : 1;
        last = here;
        if (run == LEVEL_SEGMENTS) {
            *first_out = i + 1 - LEVEL_SEGMENTS;
            return true;
        }
    }
    return false;
}

// The four neighbours that are least to write: when no level is full and there are too many.
static unsigned
merge_least(const struct index *index)
{
    uint64_t best = UINT64_MAX;
    unsigned first = 0;
    for (unsigned i = 0; i + LEVEL_SEGMENTS <= index->count; i++) {
        uint64_t sum = 0;
        for (unsigned j = 0; j < LEVEL_SEGMENTS; j++)
            sum += segment_entries(index->list[i + j]);
        if (sum < best) {
            best = sum;
            first = i;
        }
    }
    return first;
}

static bool
crowded(const struct index *index)
{
    return index->count >= SEGMENTS_CROWDED;
}

static bool
merge_wanted(const struct index *index, unsigned *first_out)
{
    if (merge_due(index, first_out))
        return true;
    if (!crowded(index))
        return false;
    *first_out = merge_least(index);
    return true;
}

static bool
head_full(const struct index *index)
{
    uint64_t entries = head_end(index->head) - head_base(index->head);
    return index->sealed ||
           (entries && entries * HEAD_ENTRY_BYTES >= index->head_bytes);
}

bool
index_wants_flush(const struct index *index)
{
    unsigned first;
    return head_full(index) || index->flush.active || index->merge.active ||
           merge_wanted(index, &first) || garbage_ready(index);
}

// The job to go on with, begun if need be; with neither, garbage is what is left. NULL and
// no error: nothing to do.
static enum wire_err
job_choose(struct index *index, uint64_t record, uint64_t mark, struct job **out)
{
    unsigned first;
    bool some = mark > head_base(index->head) || record > index_covered(index);
    bool merge = index->merge.active || merge_wanted(index, &first);
    bool flush = index->flush.active || index->sealed || (some && head_full(index));
    enum wire_err err = WIRE_OK;
    if (merge && (crowded(index) || !flush)) {
        if (!index->merge.active)
            err = job_merge(index, first);
        *out = &index->merge;
    } else if (flush || some) {
        if (!index->flush.active)
            err = job_flush(index, record, mark);
        *out = &index->flush;
    } else if (garbage_ready(index)) {
        *out = &index->flush; // not active: it does nothing but delete
    } else {
        *out = NULL;
    }
    return err;
}

static bool
more(const struct index *index, uint64_t record, uint64_t mark)
{
    unsigned first;
    return index->flush.active || index->merge.active || index->sealed ||
           mark > head_base(index->head) || record > index_covered(index) ||
           merge_wanted(index, &first) || garbage_ready(index);
}

bool
index_flush(struct index *index, uint64_t record, uint64_t mark, struct fault *fault)
{
    struct job *job;
    enum wire_err err = index_fault(index);
    if (err) {
        if (err == WIRE_DAMAGED)
            (void)manifest_forget(index, NULL);
        (void)fault_set(
            fault, err, FAULT_NOWHERE, "", "%s: a look-up failed", index->path);
        return false;
    }
    err = job_choose(index, record, mark, &job);
    if (err) {
        (void)fault_set(
            fault, err, FAULT_NOWHERE, "", "%s: no memory for a segment", index->path);
        return false;
    }
    if (!job)
        return false;
    if (job->active && job->built && !source_prepare(job->build.source))
        return true;
    return !job_step(index, job, fault) && more(index, record, mark);
}
