// Opening, and closing. What can't be used is left out with a word, and the caller, seeing
// nothing covered, fills the index again from the store.
#include <assert.h>
#include <stdlib.h>

#include "base/logline.h"
#include "index/index.h"
#include "index/room.h"

#define CHUNK_BYTES (1U << 20)
#define COMMIT_BYTES (2U << 20)
#define HEAD_BYTES (64U << 20)

static uint64_t
whole_pages(uint64_t bytes)
{
    return bytes < PAGE_BYTES ? PAGE_BYTES : bytes / PAGE_BYTES * PAGE_BYTES;
}

static bool
lock_init(pthread_rwlock_t *lock)
{
    pthread_rwlockattr_t how;
    if (pthread_rwlockattr_init(&how) != 0)
        return false;
    // A crowd of readers must not keep the writer out.
    bool ok = pthread_rwlockattr_setkind_np(
                  &how, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP) == 0 &&
              pthread_rwlock_init(lock, &how) == 0;
    (void)pthread_rwlockattr_destroy(&how);
    return ok;
}

static struct index *
index_new(const struct index_settings *settings, const struct store_identity *identity)
{
    struct index *index = calloc(1, sizeof *index);
    if (!index || !lock_init(&index->lock)) {
        free(index);
        return NULL;
    }
    index->map_bytes = settings->map_bytes;
    uint64_t chunk = settings->chunk_bytes ? settings->chunk_bytes : CHUNK_BYTES;
    index->head_bytes = settings->head_bytes ? settings->head_bytes : HEAD_BYTES;
    index->chunk_bytes = whole_pages(chunk);
    index->commit_bytes =
        settings->commit_bytes ? settings->commit_bytes : COMMIT_BYTES;
    index->identity = *identity;
    index->next_id = 1;
    index->head = head_new(0);
    index->path = strdup(settings->path);
    if (!index->head || !index->path)
        index_close(&index);
    return index;
}

static void
list_drop(struct index *index)
{
    for (unsigned i = 0; i < index->count; i++)
        segment_drop(&index->list[i]);
    index->count = 0;
}

static enum wire_err
list_load(struct index *index, struct blobs_read *read, const struct manifest *m)
{
    for (uint32_t i = 0; i < m->count; i++) {
        struct segment *s = segment_new(&m->shapes[i]);
        if (!s)
            return WIRE_NO_MEMORY;
        index->list[index->count++] = s;
        enum wire_err err = segment_load(s, read);
        if (err)
            return err;
    }
    return WIRE_OK;
}

static bool
ours(const struct index *index, const struct manifest *m)
{
    return memcmp(m->identity.id, index->identity.id, sizeof m->identity.id) == 0 &&
           m->identity.epoch == index->identity.epoch;
}

static enum wire_err
index_load(struct index *index, struct blobs_read *read)
{
    struct manifest m = {0};
    const char *why = NULL;
    enum wire_err err = manifest_read(read, &m);
    if (!err && !ours(index, &m))
        why = "another store's";
    else if (!err)
        err = list_load(index, read, &m);
    if (err == WIRE_DAMAGED)
        why = "damaged";
    if (err == WIRE_STORE_VERSION)
        why = "of another version";
    if (why) {
        log_warn("index=\"%s\" emptied why=\"%s\" next=\"it is filled again from the "
                 "store\"",
            index->path, why);
        list_drop(index);
    } else if (!err) {
        atomic_store(&index->covered, m.covered);
    }
    if (err == WIRE_NO_MEMORY || err == WIRE_IO)
        return err;
    return garbage_scan(index, read);
}

static enum wire_err
blobs_reopen(struct index *index, struct fault *fault)
{
    struct fault first = FAULT_NONE;
    enum wire_err err =
        blobs_open(index->path, index->map_bytes, &index->blobs, &first);
    if (err == WIRE_DAMAGED) {
        log_warn("index=\"%s\" removed why=\"%s\" next=\"it is filled again from the "
                 "store\"",
            index->path, first.words);
        err = blobs_remove(index->path, fault);
        return err ? err
                   : blobs_open(index->path, index->map_bytes, &index->blobs, fault);
    }
    if (err)
        *fault = first;
    return err;
}

enum wire_err
index_open(const struct index_settings *settings, const struct store_identity *identity,
    struct index **out, struct fault *fault)
{
    struct blobs_read *read = NULL;
    struct index *index = index_new(settings, identity);
    if (!index)
        return fault_set(
            fault, WIRE_NO_MEMORY, FAULT_NOWHERE, "", "%s", settings->path);
    enum wire_err err = blobs_reopen(index, fault);
    if (!err)
        err = blobs_read_begin(index->blobs, &read);
    if (!err)
        err = index_load(index, read);
    blobs_read_end(&read);
    if (err) {
        (void)fault_set(
            fault, err, FAULT_NOWHERE, "", "cannot read %s", settings->path);
        index_close(&index);
        return err;
    }
    *out = index;
    return WIRE_OK;
}

void
index_close(struct index **index)
{
    struct index *ix = *index;
    *index = NULL;
    if (!ix)
        return;
    if (index_fault(ix) == WIRE_DAMAGED && ix->blobs)
        (void)manifest_forget(ix, NULL);
    job_end(ix, &ix->flush);
    job_end(ix, &ix->merge);
    garbage_end(ix);
    list_drop(ix);
    head_free(&ix->head);
    head_free(&ix->sealed);
    blobs_close(&ix->blobs);
    (void)pthread_rwlock_destroy(&ix->lock);
    free(ix->path);
    free(ix);
}

enum wire_err
index_clear(struct index *index, struct fault *fault)
{
    struct head *empty = head_new(0);
    if (!empty)
        return fault_set(fault, WIRE_NO_MEMORY, FAULT_NOWHERE, "", "%s", index->path);
    enum wire_err err = manifest_forget(index, fault);
    if (err) {
        head_free(&empty);
        return err;
    }
    job_end(index, &index->flush);
    job_end(index, &index->merge);
    for (unsigned i = 0; i < index->count; i++)
        garbage_add(index, index->list[i]->shape.id, index->list[i]);
    index->count = 0;
    head_free(&index->head);
    head_free(&index->sealed);
    index->head = empty;
    atomic_store(&index->covered, 0);
    atomic_store(&index->fault, WIRE_OK);
    return WIRE_OK;
}
