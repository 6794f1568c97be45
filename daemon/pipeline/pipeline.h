// The door of pipeline/: the sentence "submit, read, order, judge, log, receipt,
// checkpoint". Intake hands jobs in and takes them back answered; feed and query look at
// what is durable. Threads: a writer and a log syncer live in here, and N reader processes.
#ifndef PIPELINE_PIPELINE_H
#define PIPELINE_PIPELINE_H

#include <stdatomic.h>

#include "article/record.h"
#include "article/rules.h"
#include "base/mailbox.h"
#include "index/index.h"
#include "store/store.h"

struct pipeline;
struct log_driver;

// What tests put around the driver of the log; it takes the driver over and gives another.
typedef enum wire_err pipeline_wrap_fn(void *context, struct log_driver *driver);

struct pipeline_settings {
    const char *path;    // store.path
    const char *program; // to run as a reader; NULL: /proc/self/exe
    bool accept_loss;    // start with a new epoch where parts don't meet
    uint64_t segment_bytes, map_bytes, checkpoint_bytes, index_head_bytes;
    uint64_t zero_ahead_bytes, ballast_bytes, floor_bytes;
    uint32_t checkpoint_records; // at most this many records behind
    int64_t checkpoint_idle_us;
    uint32_t batch_records; // in one log batch, at most
    uint64_t batch_bytes;
    uint64_t submission_bytes; // limit of one submission
    uint32_t readers;          // processes; 0: one a core
    uint64_t reader_memory_bytes;
    int64_t reader_deadline_us;
    uint32_t reader_submissions; // a reader is replaced after this many
    bool sandbox;                // false only under valgrind
    uint32_t tail_rows;          // rows kept in memory behind the checkpoint
    pipeline_wrap_fn *wrap_log;  // NULL: none
    void *wrap_context;
};

// pipeline_open takes the store's lock, creates the store if there is none, recovers, and
// starts the readers; nothing is judged yet. What goes wrong is a sentence in fault:
// STORE_IN_USE, STORE_VERSION, STORE_MISMATCH, DAMAGED, STORE_FULL, IO.
enum wire_err pipeline_open(const struct pipeline_settings *settings,
    struct pipeline **out, struct fault *fault);
// pipeline_run starts writer and syncer. pipeline_drain stops taking jobs, answers those
// inside, checkpoints and joins the threads.
enum wire_err pipeline_run(struct pipeline *p, struct fault *fault);
void pipeline_drain(struct pipeline *p);

// pipeline_set_rules puts the rules of sources in force, once the writer runs: all that are
// given, and none for any other source. What differs from what was in force is a record
// first. One thread alone. A failure leaves those not yet changed as they were.
struct pipeline_rules {
    struct slice source;
    struct rules rules;
};
enum wire_err pipeline_set_rules(struct pipeline *p,
    const struct pipeline_rules *wanted, uint32_t count, struct fault *fault);

// pipeline_renew begins to read history again, by the rules of today, when readers have
// nothing else to do. BUSY: a run is under way. pipeline_renewal appends the map RENEWAL
// of protocol.txt: how far the last run has come.
struct pipeline_renew {
    struct slice source; // only of this one; empty: of all
    int64_t since_us;    // only filed at or after; TIME_NONE: all
    bool dry;            // only say what would differ
};
enum wire_err pipeline_renew(
    struct pipeline *p, const struct pipeline_renew *wanted, struct fault *fault);
void pipeline_renewal(struct pipeline *p, struct wire_writer *w);
int pipeline_renewing(struct pipeline *p); // per mille of it; -1: no run is under way
void pipeline_close(struct pipeline **p);

// ---- jobs
enum job_answer {
    JOB_RECEIPT, // receipt holds the body
    JOB_REFUSED, // fault says why; nothing is remembered
    JOB_READ,    // dry: was read; pipeline_advise says what would become of it
};
// A submission on its way. Made by intake; whoever holds the pointer owns it.
struct job {
    unsigned magic;
#define JOB_MAGIC 0x6a6f6221
    uint64_t connection, turn; // turn: 1, 2, 3 … within the connection, without holes
    uint64_t n;                // the client's message number
    struct submission submission;     // borrows from what release frees
    struct slice raw;                 // the same
    void (*release)(struct job *job); // frees what submission and raw borrow from
    void *owner;                      // intake's
    uint64_t credit_bytes;            // intake's
    bool dry;     // only read: takes no turn, is not judged by the writer, never filed
    bool explain; // dry: with what was done to it
    struct admin admin; // a verb of the desk; empty: a submission
    bool released;      // to be read as text on the desk's word
    bool bare;          // to be read without keeping the raw bytes

    enum job_answer answer;
    struct slice receipt; // owned by the job (malloc)
    struct fault fault;
    uint32_t retry_after_ms;

    // pipeline's own
    struct job *next, *send_next;
    struct mailbox *box;          // where the answer goes; NULL: to intake
    uint64_t rules;               // number of the rules it is read by; 0: none
    struct slice how;             // malloc: what goes behind raw to a reader
    struct slice hop;             // malloc: what goes before it
    struct slice prepared;        // what came back, in chunk
    struct slice explained;       // the same, for explain
    uint8_t *kept, *hints, *args; // malloc: what a verb borrows from
    struct chunk *chunk;
    uint64_t tag;
    uint32_t tries; // readers that failed on it
    bool alone;     // a suspect: to be tried with nothing else in the reader
};
struct job *job_new(void);
void job_free(struct job **job);     // calls release if set, frees what is malloc'ed
void job_free_all(struct job *jobs); // along next
// job_prepared gives a job a copy of bytes that no reader sent; false: out of memory.
bool job_prepared(struct job *job, struct slice bytes);

// pipeline_submit takes the job over, or gives false when every reader is full (the
// caller keeps it and tries again when pipeline_room_fd rings). Intake thread only. The
// bytes leave at pipeline_flush, called once a poll round. raw stays owned by the job.
bool pipeline_submit(struct pipeline *p, struct job *job);
void pipeline_flush(struct pipeline *p);
// Jobs answered, to be taken with mailbox_take by intake alone.
struct mailbox *pipeline_answers(struct pipeline *p);
// pipeline_intake_turn lets the pool do its own work in intake's thread (start readers
// again, send what waited): when pipeline_intake_fd is readable.
int pipeline_intake_fd(const struct pipeline *p);
void pipeline_intake_turn(struct pipeline *p);
// pipeline_known answers a submission from the last checkpoint alone: true with the first
// receipt (malloc) or ID_REUSED in the job. False: not found there; send it the whole way.
bool pipeline_known(struct pipeline *p, struct job *job);
// pipeline_settle makes of a job with a verb of the desk (admin.verb; principal: who asks)
// one that settles the entry of a record in the quarantine; to be submitted like any other.
// False: it is answered, as the same verb was before, or with the reason why not.
bool pipeline_settle(struct pipeline *p, struct job *job, uint64_t record);
// pipeline_advise says of a dry job that was read what would become of it, judged from the
// last checkpoint: appends the body of ADVICE. Intake thread only. What fails is a fault.
enum wire_err pipeline_advise(struct pipeline *p, const struct job *job,
    struct wire_writer *w, struct fault *fault);
// A connection that ended after its turn number `turns`. Intake thread only.
void pipeline_forget(struct pipeline *p, uint64_t connection, uint64_t turns);

// ---- what is durable
struct durable {
    uint64_t seq;               // head
    uint64_t checkpoint_seq;    // LMDB holds everything up to here,
    uint64_t checkpoint_record; // and every record up to here
    uint64_t oldest_seq, records, items, sources;
    struct digest hash; // running hash at seq
    int64_t house_us;
};
void pipeline_durable(struct pipeline *p, struct durable *out);
// A watch's eventfd is rung whenever head or checkpoint moves while it is wanted. Set wanted
// before looking at what is durable: what comes later than that look then rings. At most 8,
// borrowed until pipeline_close.
struct watch {
    int eventfd;
    atomic_bool wanted;
};
void pipeline_watch(struct pipeline *p, struct watch *watch);
void pipeline_want_checkpoint(struct pipeline *p);
int64_t pipeline_house_us(struct pipeline *p); // house time now
bool pipeline_full(struct pipeline *p);        // submissions are refused: disk

// pipeline_disk_failed, for a handler of SIGBUS: the start that runs did not die of what it
// was filing.
void pipeline_disk_failed(void);

// pipeline_alive says whether the writer went round lately: what the watchdog is told.
bool pipeline_alive(struct pipeline *p);

struct store *pipeline_store(struct pipeline *p);
struct index *pipeline_index(struct pipeline *p);
uint64_t pipeline_disk_free(struct pipeline *p);
uint64_t pipeline_store_bytes(struct pipeline *p);

// ---- the tail: durable rows in memory, always back past the last checkpoint
struct tail_batch;
struct tail_row {
    struct store_change change;
    struct store_header header;
    struct store_revision revision; // block empty for a touch: see change.content
    struct tail_batch *batch;       // keeps the slices above alive
};
// tail_take gives durable rows with seq >= from, in order, at most max; 0 when the tail no
// longer reaches back to `from` (read LMDB) or there is none yet. Each row given is held
// until tail_release.
size_t tail_take(struct pipeline *p, uint64_t from, struct tail_row *out, size_t max);
void tail_release(struct tail_row *rows, size_t count);

// ---- the other lives of the program
// reader_main is the reader process: `wireroomd --reader FD`. Never returns 0 unless the
// daemon closed its end.
int reader_main(int argc, char **argv);
// reader_selftest closes the sandbox and makes a forbidden call: the kernel must kill it.
int reader_selftest(int argc, char **argv);
// prepare_submission does what a reader does, in this process: format, normalize, digests.
// For `wireroomd normalize` and tests. Packed articles go to each(): canonical bytes, or
// NULL bytes and the item's fault.
typedef void prepare_item_fn(
    void *context, struct slice article, const struct prepared_item *item);
bool prepare_load(void);
void prepare_submission(const struct submission *s, struct slice raw,
    struct arena *arena, struct wire_writer *prepared_out, prepare_item_fn *each,
    void *context);
// prepare_how does the same in one of its other ways.
struct prepare_how {
    struct wire_writer
        *explained;            // not NULL: appends the map EXPLANATION of protocol.txt
    bool released;             // items warn that they are text on somebody's word
    bool bare;                 // without the raw bytes: they are kept elsewhere
    struct rules rules;        // of the source
    const struct slice *names; // of items without an id, by their place; NULL: none
    uint32_t names_count;
};
void prepare_how(const struct submission *s, struct slice raw, struct arena *arena,
    struct wire_writer *prepared_out, const struct prepare_how *how,
    prepare_item_fn *each, void *context);
// pipeline_verify walks store, index and log of a store that no daemon runs on. With
// replay, every logged record is judged again and must agree. Returns findings.
uint64_t pipeline_verify(const struct pipeline_settings *settings, bool replay,
    store_finding_fn *finding, void *context, struct fault *fault);

// pipeline_salvage looks for what is whole of a damaged log, of a store that no daemon runs
// on, and says in sentences what is lost. With write it files what it found, under a new
// epoch, sets the damaged log aside and puts an empty one in its place. Records behind a
// loss are judged again and get new numbers and receipts. A log that is not damaged is
// left as it is: `whole`.
struct salvaged {
    bool whole;
    uint64_t filed, anew, lost; // records: as receipted, judged again, known to be lost
};
enum wire_err pipeline_salvage(const struct pipeline_settings *settings, bool write,
    store_finding_fn *tell, void *context, struct salvaged *out, struct fault *fault);

#endif
