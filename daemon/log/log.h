// The door of log/: this node's durable tail. Records are appended in batches, each batch
// one write and one sync; a receipt leaves after the sync. Segment files keep their names,
// are made whole before first use and recycled behind the last checkpoint (docs/storage.md,
// LOG). Used by one thread at a time.
#ifndef LOG_LOG_H
#define LOG_LOG_H

#include "base/hash.h"
#include "proto/proto.h"

struct log;

// Where the log keeps its bytes. `local` is files in a directory; `memory` is for tests;
// `flaky` wraps another and fails its n-th call on purpose. A call gives 0 or an errno.
struct log_driver {
    const char *name;
    void *state;
    // Files are named by number from 0. create goes on making the next one, of exactly
    // size bytes of zeros, with at most budget bytes written in this call. When it says
    // whole, the file is durable with its directory entry; until then count doesn't see it.
    int (*create)(
        void *state, uint64_t file, uint64_t size, uint64_t budget, bool *whole_out);
    int (*count)(void *state, uint64_t *files_out); // files 0..n-1 exist
    int (*size)(void *state, uint64_t file, uint64_t *size_out);
    int (*read)(void *state, uint64_t file, uint64_t at, void *out, size_t size);
    int (*write)(
        void *state, uint64_t file, uint64_t at, const void *bytes, size_t size);
    int (*sync)(void *state, uint64_t file); // what was written to it is durable
    void (*close)(void *state);
};
// Each gives a driver that log_open takes over, even when it fails. The directory of
// `local` must be there.
enum wire_err log_driver_local(
    const char *directory, struct log_driver *out, struct fault *fault);
enum wire_err log_driver_memory(struct log_driver *out);
// log_driver_flaky fails the n-th call (from 1) with the errno given, and every later one
// too if `forever`; a write that fails leaves its first half behind. n = 0 never fails:
// calls_out then counts, if not NULL. It closes inner with itself.
enum wire_err log_driver_flaky(struct log_driver inner, uint64_t n, int error,
    bool forever, uint64_t *calls_out, struct log_driver *out);

struct log_batch;
typedef enum wire_err log_replay_fn(void *context, const struct log_batch *batch);

struct log_settings {
    uint8_t store_id[16];
    uint64_t epoch;
    uint64_t
        segment_bytes; // whole blocks; a batch must fit in one; fixed by log_create
    uint32_t ahead;    // segments kept ready ahead of the one in use (2)
    // NULL, or what log_open shows each batch that may be replayed, with its context,
    // before it knows whether the log is good and before it replays the first.
    log_replay_fn *peek;
};
#define LOG_BLOCK 4096U

// A position is a count of bytes of the endless log; a batch starts at a multiple of
// LOG_BLOCK. log_create makes an empty log in a driver that has no files; the driver stays
// the caller's to close. After an attempt that was cut short, begin in a new directory.
enum wire_err log_create(struct log_driver *driver, const struct log_settings *settings,
    struct fault *fault);

// What recovery sees of each batch, oldest first.
struct log_batch {
    uint64_t position, end;      // where it is; where the next may start
    uint64_t first_record;       // number of its first record
    uint32_t count;              // records in it, at least 1
    uint64_t seq;                // reached by its last record
    struct digest hash;          // reached
    const struct slice *records; // the log's bytes, until the call returns
};

// log_open finds the end of the log and gives replay every batch from `from` (0, or the
// end of the last batch that LMDB says is filed) to the end, in order; an error of replay
// ends it and returns. Then it zeroes and syncs what follows the end and takes a new
// incarnation, so that the first append is safe. Nothing is written before the whole log
// was found good. STORE_MISMATCH: another store's files, or the log ends before `from`.
// DAMAGED: an invalid batch below a position known synced. Both name file and position.
enum wire_err log_open(struct log_driver driver, const struct log_settings *settings,
    uint64_t from, log_replay_fn *replay, void *context, struct log **out,
    struct fault *fault);
void log_close(struct log **log);

// log_fits says whether a segment holds a batch of `bytes` in `count` records. Any thread.
bool log_fits(const struct log *log, uint64_t bytes, uint32_t count);

// log_check says what log_open would say of a log, and writes nothing.
enum wire_err log_check(struct log_driver driver, const struct log_settings *settings,
    uint64_t from, struct fault *fault);

// What log_salvage knows of a damaged log.
struct log_wreck {
    uint64_t segment_bytes; // 0: no file begins with a batch, nothing can be believed
    uint64_t known_synced;  // all before it was there once
    uint64_t unreadable_blocks;
    uint64_t file, at; // where the batch that is being shown lies
};
// log_salvage shows found every batch with records at or behind `from` that is whole,
// oldest first, whatever is missing between them: a number or position that does not follow
// is what is lost. First it shows them all to settings->peek, if there is one. Nothing is
// written. wreck is filled as it goes.
enum wire_err log_salvage(struct log_driver driver, const struct log_settings *settings,
    uint64_t from, log_replay_fn *found, void *context, struct log_wreck *wreck,
    struct fault *fault);

// log_reserve makes sure that the next batch, of `bytes` in `count` records, fits, making
// a segment if it must. TOO_LARGE when no segment could hold it. STORE_FULL when the disk
// has no room (reserve `urgent` takes the segment kept back for kills, expiry and admin).
// Either way nothing was written and the log goes on.
enum wire_err log_reserve(
    struct log *log, uint64_t bytes, uint32_t count, bool urgent, struct fault *fault);

// What log_append writes as one batch. A record may lie in pieces, as many for each.
struct log_records {
    const struct slice *pieces;
    uint32_t pieces_each, count;
    uint64_t first_record;     // number of the first
    uint64_t seq;              // reached by the last,
    const struct digest *hash; // and the running hash there
};
// log_append writes one batch, which must be reserved; log_sync makes all appended batches
// durable. Any error here, and IO from log_reserve, is final: every later call gives it
// again. Stop acking and exit.
enum wire_err log_append(struct log *log, const struct log_records *records,
    uint64_t *end_out, struct fault *fault);
enum wire_err log_sync(struct log *log, struct fault *fault);

// log_prepare does a short step (1 MiB of zeros) towards the segments to be kept ahead, if
// any are missing; call it when no receipt waits. What goes wrong shows in log_reserve.
void log_prepare(struct log *log);

// log_trim says that everything before position is filed and committed: segments wholly
// behind it may be used again. The last batch before position is kept.
void log_trim(struct log *log, uint64_t position);

uint64_t log_end(const struct log *log);    // position after the last append
uint64_t log_synced(const struct log *log); // position up to which it is durable

#endif
