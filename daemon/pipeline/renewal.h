// Reading history again by the rules of today. A thread of low priority walks the records,
// has those whose current revisions are of other rules read once more, and says what came of
// it: what differs becomes a new revision, the rest is stamped. How far it is lies in the
// store, so that a run goes on where a kill cut it short.
//
//   renewer (a thread)                      intake             writer
//   look for a round of records
//   chores: submissions to read      ->     to a reader that
//                                           nothing else is in ->
//   compare with what is filed      <-------------------------- read
//   "renewed": what differs         ----------------------->   judged, logged, filed
//   "renewal": stamps, how far      ----------------------->   the same
#ifndef PIPELINE_RENEWAL_H
#define PIPELINE_RENEWAL_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/mailbox.h"
#include "pipeline/pipeline.h"

#define RENEWAL_EXAMPLES 5U

// A run; what the store keeps of it is this, packed.
struct run {
    uint64_t number; // 0: there was none
    bool running, dry;
    char source[65]; // only of this one; "": of all
    int64_t since_us;
    uint64_t next, last;               // records: to look at next, and at last
    uint64_t looked;                   // revisions that had other rules
    uint64_t same, different, rekeyed; // rekeyed: of the same, found by another key
    uint64_t unread;                   // can't be read any more: left as they are
    uint64_t unmatched; // not found again in what was read: left as they are
    uint64_t unknown;   // the hints they came with are not known: left as they are
};
void run_encode(const struct run *run, struct wire_writer *w);
bool run_decode(struct slice packed, struct run *out);

struct pipeline;
struct renewal {
    pthread_mutex_t lock; // guards the four below, for who asks
    struct run run;
    bool asked;
    struct wire_writer examples; // packed maps
    uint32_t examples_count;

    struct mailbox *box;    // to the renewer: jobs answered
    struct mailbox *chores; // to intake: jobs to read
    int wake;               // eventfd: something was asked, or it is to stop
    atomic_bool stopping, busy;
    bool started;
    pthread_t thread;
    struct job *waiting, *waiting_last; // intake's
};

enum wire_err renewal_open(struct pipeline *p, struct fault *fault);
enum wire_err renewal_run(struct pipeline *p, struct fault *fault);
void renewal_stop(struct pipeline *p);
void renewal_close(struct pipeline *p);
// renewal_chores gives readers with nothing else to do what there is. Intake thread only.
void renewal_chores(struct pipeline *p);

// ---- between the files of it

struct renewing { // a run under way; the renewer's own
    struct pipeline *p;
    struct run run;
    struct wire_writer examples;
    uint32_t examples_count;
};
void *renewer_main(void *pipeline);
// renewal_tell lets who asks know how far the run is.
void renewal_tell(struct renewing *r);

// A submission to be read again.
struct chore {
    uint64_t record; // at which the walk met it,
    uint64_t of;     // and the record of the submission
    uint32_t count;  // items in it
    uint64_t *seqs;  // of those to be renewed, by place; 0: leave it
    struct job *job; // answered; NULL: not yet
};
// chore_find looks at a record and makes a chore of it where there is something to renew;
// arena owns it. NULL with WIRE_OK: there is not.
enum wire_err chore_find(struct renewing *r, struct store_txn *txn, uint64_t record,
    struct arena *arena, struct chore **out);

// compare_chore says of a chore that was read what is the same, as stamps, and what differs:
// left in seqs, moved to the places of today. The counts of the run follow.
enum wire_err compare_chore(struct renewing *r, struct store_txn *txn,
    struct chore *chore, struct arena *arena, struct wire_writer *stamps);
// example_add shows where an article differs, unless it may not be shown.
void example_add(struct renewing *r, struct store_txn *txn,
    const struct store_change *change, struct slice before, struct slice after,
    struct arena *arena);

#endif
