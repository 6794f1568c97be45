// A job builds one segment, a commit at a time, and swaps it in at the end: manifest on
// disk first, then list and head in memory under the lock. A look-up therefore finds an
// entry in the head or in a segment, never in both and never in neither.
//
// Runs on: writer.
#include <assert.h>

#include "index/room.h"

static enum wire_err
job_build(struct index *index, struct job *job, struct source *source)
{
    if (!source)
        return WIRE_NO_MEMORY;
    enum wire_err err = build_begin(
        source, index->next_id, index->chunk_bytes, index->commit_bytes, &job->build);
    job->built = !err;
    index->next_id++;
    return err;
}

// What was added after mark moves to a new head; the old one is sealed and changes no more.
static enum wire_err
head_seal(struct index *index, uint64_t mark)
{
    struct head *fresh = head_new(mark);
    if (!fresh || !head_copy_from(index->head, mark, fresh)) {
        head_free(&fresh);
        return WIRE_NO_MEMORY;
    }
    pthread_rwlock_wrlock(&index->lock);
    head_rewind(index->head, mark);
    index->sealed = index->head;
    index->head = fresh;
    pthread_rwlock_unlock(&index->lock);
    return WIRE_OK;
}

// A sealed head that a failed job left behind is flushed first, for the record it was
// sealed at.
enum wire_err
job_flush(struct index *index, uint64_t record, uint64_t mark)
{
    struct job *job = &index->flush;
    if (!index->sealed) {
        enum wire_err err = head_seal(index, mark);
        if (err)
            return err;
        job->covered = record;
    }
    if (head_end(index->sealed) > head_base(index->sealed)) {
        enum wire_err err = job_build(index, job, source_of_head(index->sealed));
        if (err)
            return err;
    }
    job->first = index->count;
    job->count = 0;
    job->active = true;
    return WIRE_OK;
}

enum wire_err
job_merge(struct index *index, unsigned first)
{
    struct job *job = &index->merge;
    enum wire_err err =
        job_build(index, job, source_of_segments(&index->list[first], LEVEL_SEGMENTS));
    if (err)
        return err;
    job->first = first;
    job->count = LEVEL_SEGMENTS;
    job->active = true;
    return WIRE_OK;
}

void
job_end(struct index *index, struct job *job)
{
    if (job->built) {
        garbage_add(index, job->build.segment->shape.id, NULL);
        build_end(&job->build);
    }
    job->built = job->active = false;
}

// The list as it will be: the new segment in the place of those it replaces.
static unsigned
list_after(const struct index *index, const struct job *job,
    struct segment *list_out[SEGMENTS_MAX])
{
    unsigned n = 0, first = job->count ? job->first : index->count;
    for (unsigned i = 0; i < first; i++)
        list_out[n++] = index->list[i];
    if (job->built)
        list_out[n++] = job->build.segment;
    for (unsigned i = first + job->count; i < index->count; i++)
        list_out[n++] = index->list[i];
    return n;
}

static void
manifest_put(struct index *index, uint64_t covered, struct segment *const *list,
    unsigned count, uint8_t bytes[MANIFEST_BYTES_MAX])
{
    struct manifest m = {
        .identity = index->identity, .covered = covered, .count = count};
    for (unsigned i = 0; i < count; i++)
        m.shapes[i] = list[i]->shape;
    uint8_t key[8];
    blobs_put(index->blobs, manifest_key(key), manifest_pack(&m, bytes));
}

static bool
is_flush(const struct index *index, const struct job *job)
{
    return job == &index->flush;
}

static uint64_t
covered_after(const struct index *index, const struct job *job)
{
    return is_flush(index, job) ? job->covered : index_covered(index);
}

static void
job_publish(struct index *index, struct job *job)
{
    struct segment *list[SEGMENTS_MAX], *replaced[LEVEL_SEGMENTS];
    unsigned count = list_after(index, job, list);
    struct head *flushed = is_flush(index, job) ? index->sealed : NULL;
    for (unsigned i = 0; i < job->count; i++)
        replaced[i] = index->list[job->first + i];

    pthread_rwlock_wrlock(&index->lock);
    memcpy(index->list, list, count * sizeof *list);
    index->count = count;
    if (flushed)
        index->sealed = NULL;
    atomic_store(&index->covered, covered_after(index, job));
    pthread_rwlock_unlock(&index->lock);

    for (unsigned i = 0; i < job->count; i++)
        garbage_add(index, replaced[i]->shape.id, replaced[i]);
    head_free(&flushed);
    if (job->built) {
        segment_hold(job->build.segment); // the list's
        build_end(&job->build);
    }
    job->built = job->active = false;
}

// Between blobs_begin and blobs_end.
static enum wire_err
job_put(struct index *index, struct job *job, struct blobs_read *read, bool *done_out,
    uint8_t manifest[MANIFEST_BYTES_MAX])
{
    bool done = true;
    enum wire_err err = WIRE_OK;
    if (job->active && job->built)
        err = build_step(&job->build, index->blobs, read, &done);
    if (!err && job->active && done) {
        struct segment *list[SEGMENTS_MAX];
        unsigned count = list_after(index, job, list);
        manifest_put(index, covered_after(index, job), list, count, manifest);
    }
    *done_out = done;
    return err;
}

enum wire_err
job_step(struct index *index, struct job *job, struct fault *fault)
{
    uint8_t manifest[MANIFEST_BYTES_MAX];
    struct blobs_read *read = NULL;
    bool done = false;
    size_t gone = 0;
    enum wire_err err = blobs_read_begin(index->blobs, &read);
    if (!err && !(err = blobs_begin(index->blobs))) {
        err = job_put(index, job, read, &done, manifest);
        if (!err)
            err = garbage_delete(index, read, &gone);
        if (err)
            blobs_abort(index->blobs);
        else
            err = blobs_end(index->blobs, fault);
    }
    blobs_read_end(&read);
    if (err == WIRE_DAMAGED)
        index_fail(index, err);
    if (err) {
        job_end(index, job);
        return fault_set(
            fault, err, FAULT_NOWHERE, "", "%s: a segment was not built", index->path);
    }
    garbage_gone(index, gone);
    if (job->active && done)
        job_publish(index, job);
    return WIRE_OK;
}

enum wire_err
manifest_forget(struct index *index, struct fault *fault)
{
    uint8_t key[8];
    enum wire_err err = blobs_begin(index->blobs);
    if (err)
        return fault_set(
            fault, err, FAULT_NOWHERE, "", "%s: cannot write", index->path);
    blobs_delete(index->blobs, manifest_key(key));
    return blobs_end(index->blobs, fault);
}
