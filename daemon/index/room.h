// What the files of index/ share.
//
// Lock: `lock` covers head, sealed and list. Only the writer changes them, so it reads them
// without; other threads read under the lock, and hold a segment to read its pages after.
// Work on disk is done outside: the writer's changes under it are a few pointers.
#ifndef INDEX_ROOM_H
#define INDEX_ROOM_H

#include <pthread.h>

#include "index/build.h"
#include "index/head.h"
#include "index/manifest.h"

#define LEVEL_SEGMENTS MERGE_WAYS // of about one size become one
#define HEAD_ENTRY_BYTES 40U // of an entry in the head, with its share of the table

// A segment being built, and what changes when it is done.
struct job {
    bool active;
    bool built; // without entries, there is nothing to build
    struct build build;
    unsigned first, count; // place and number of the segments it replaces; flush: none
    uint64_t covered;      // flush: W from then on
};

// Blobs of a segment that no manifest names.
struct garbage {
    uint64_t id;
    struct segment *segment; // held; NULL: nobody can be reading
};

struct index {
    char *path;
    uint64_t map_bytes, head_bytes, chunk_bytes, commit_bytes;
    struct store_identity identity;
    struct blobs *blobs;

    pthread_rwlock_t lock;
    struct head *head;                  // what is added goes here
    struct head *sealed;                // being flushed; NULL: none
    struct segment *list[SEGMENTS_MAX]; // oldest first
    unsigned count;
    _Atomic uint64_t covered; // set by the writer with the list, read by any thread
    _Atomic int fault;        // enum wire_err; set by whoever's look-up failed

    // writer only
    uint64_t next_id;
    struct job flush, merge;
    struct garbage *garbage;
    size_t garbage_count, garbage_room;
};

// index_fail remembers the first failure.
void index_fail(struct index *index, enum wire_err err);

// ---- garbage.c
void garbage_add(struct index *index, uint64_t id, struct segment *segment); // takes it
void garbage_end(struct index *index);
bool garbage_ready(const struct index *index);
// garbage_delete deletes some of what is ready, within the write that is open, and says
// how many of the garbage are then gone, once it is committed: garbage_gone takes them out.
enum wire_err garbage_delete(
    struct index *index, struct blobs_read *read, size_t *gone_out);
void garbage_gone(struct index *index, size_t gone);
// garbage_scan finds what a crash left behind, and the first id that is free.
enum wire_err garbage_scan(struct index *index, struct blobs_read *read);

// ---- job.c
// job_flush seals the head at mark; job_merge takes LEVEL_SEGMENTS from first on.
enum wire_err job_flush(struct index *index, uint64_t record, uint64_t mark);
enum wire_err job_merge(struct index *index, unsigned first);
void job_end(struct index *index, struct job *job); // done or given up
// job_step does one commit; a failed job is given up, to be begun anew.
enum wire_err job_step(struct index *index, struct job *job, struct fault *fault);
enum wire_err manifest_forget(struct index *index, struct fault *fault);

#endif
