// The pipeline as its own files see it: what belongs to which thread.
#ifndef PIPELINE_INSIDE_H
#define PIPELINE_INSIDE_H

#include "log/log.h"
#include "pipeline/filing.h"
#include "pipeline/house_time.h"
#include "pipeline/order.h"
#include "pipeline/pool.h"
#include "pipeline/renewal.h"
#include "pipeline/space.h"
#include "pipeline/tail.h"

#define ANSWERS_MAX 65536U

// What the writer alone touches once it runs (before that, pipeline_open).
struct writer {
    struct store_txn *txn;
    struct judge_numbers next;
    struct digest hash;      // running hash of the last row judged
    struct tail_batch *open; // being judged into; its batch of the txn is open
    int64_t opened_us;
    uint64_t open_mark;         // of the index, before the open batch
    struct tail_batch *syncing; // with the syncer
    uint64_t syncing_mark;
    struct tail_batch *gate, *gate_last; // durable, but to be known after a checkpoint
    struct tail_batch *uncommitted,
        *uncommitted_last; // durable, not behind a checkpoint
    uint64_t uncommitted_records, uncommitted_bytes;
    int64_t idle_since_us; // when the last batch became durable
    bool want_checkpoint;
    int64_t
        retry_us; // no checkpoint before: the last found the disk full; 0: it did not
    uint64_t committed_record, committed_mark, committed_seq;
    int64_t looked_us; // at the disk, and whether
    bool synchronised; // the kernel's clock is
};

struct writer_note { // from intake: a connection ended
    uint64_t connection, turns;
};

struct one_rules;
struct rules_in_force {
    pthread_mutex_t lock;
    struct one_rules *first;
    uint64_t last; // number
    atomic_uint count;
};

struct pipeline {
    struct pipeline_settings settings;
    int lock_fd;
    struct store *store;
    struct index *index;
    struct log *log; // the syncer's while writer.syncing, else the writer's
    struct space space;
    struct house_time house;
    struct pool pool;
    struct order order;
    struct tail tail;
    struct writer writer;
    pthread_t writer_thread, syncer_thread, keeper_thread;
    bool running;
    bool replay;                         // verify: judge the log's tail again
    struct mailbox *answers;             // to intake: struct job *
    struct mailbox *notes;               // to the writer: struct writer_note *
    struct mailbox *to_sync, *from_sync; // struct tail_batch *
    int wake;                            // eventfd: the writer should look around

    atomic_bool stopping, full, checkpoint_asked;
    atomic_int_least64_t house_told_us; // house time when last told, and by which
    atomic_int_least64_t house_told_at; // monotonic time
    atomic_uint_least64_t disk_free;
    atomic_uint last_batch; // records in it: how pressed the writer is

    pthread_mutex_t durable_lock; // guards the two below
    struct durable durable;
    struct watch *watchers[8];
    atomic_uint watcher_count;

    struct rules_in_force rules;
    struct renewal renewal;
    atomic_uint_least64_t inner_turns; // of jobs of the daemon's own

    struct known_source *known; // intake's: names seen, with their numbers
};

// pipeline_die says a failure that leaves nothing to do but to start again, and exits with
// 74 (EX_IOERR). Receipts already sent stand; recovery does the rest.
_Noreturn void pipeline_die(const char *doing, const struct fault *fault);

// ---- judging.c: one job into the open batch
void judging_take(struct pipeline *p, struct job *job);
bool judging_open_batch(struct pipeline *p);
// judging_close_batch ends the batch's transaction and gives it; NULL if it had to be
// undone, its jobs refused.
struct tail_batch *judging_close_batch(struct pipeline *p);
void judging_refuse(struct pipeline *p, struct job *job, const struct fault *fault);
// judging_give_back lets intake have a job, answered so.
void judging_give_back(struct pipeline *p, struct job *job, enum job_answer answer);
// judging_write_receipt puts the receipt of a judged record into a writer.
enum wire_err judging_write_receipt(struct pipeline *p, const struct record *r,
    struct arena *arena, struct wire_writer *w);
// judging_undo_open gives the open batch up and refuses its jobs: with the fault if that
// is transient, else with BUSY, for the fault is not theirs.
void judging_undo_open(struct pipeline *p, const struct fault *fault);
void judging_refuse_batch(
    struct pipeline *p, struct tail_batch *batch, const struct fault *fault);

// ---- syncer.c: log, sync, publish
void *syncer_main(void *pipeline);
// syncer_sync appends and syncs; STORE_FULL leaves the log as it was, anything else dies.
enum wire_err syncer_sync(struct pipeline *p, struct tail_batch *batch);
// syncer_publish makes a durable batch known: tail, head, receipts.
void syncer_publish(struct pipeline *p, struct tail_batch *batch);
void syncer_ring(struct pipeline *p);

// ---- checkpoint.c
bool checkpoint_due(struct pipeline *p, int64_t now_us);
void checkpoint_run(struct pipeline *p); // nothing is open or syncing
// checkpoint_flush_index moves one commit's worth of entries from memory to segments;
// true while there is more.
bool checkpoint_flush_index(struct pipeline *p);
// checkpoint_file_again begins a new transaction and files what is durable into it.
void checkpoint_file_again(struct pipeline *p);

// ---- writer.c
void *writer_main(void *pipeline);

// ---- keeper.c
void *keeper_main(void *pipeline);

// ---- known.c
void known_free(struct pipeline *p);

#endif
