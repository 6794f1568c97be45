// Recovery as its files share it: the log's tail is filed with the verdicts found in it.
#ifndef PIPELINE_RECOVERY_H
#define PIPELINE_RECOVERY_H

#include "pipeline/opening.h"
#include "pipeline/skip.h"

#define SKIPS_MOST 64U

struct recovery {
    struct pipeline *p;
    struct arena arena; // of one record
    struct store_meta meta;
    uint64_t records; // filed
    struct deaths deaths;
    uint64_t skipped[SKIPS_MOST]; // numbers that records of the tail say to skip
    uint32_t skips;
    bool suspect_seen;     // in the tail
    struct log_batch last; // of the tail; its records are gone
    struct fault *fault;
};

// recovery_begin opens main store and index and begins a transaction, with r->meta as
// filed. recovery_end gives transaction and memory back, after a failure too.
enum wire_err recovery_begin(
    struct recovery *r, struct pipeline *p, struct fault *fault);
void recovery_end(struct recovery *r);

// recovery_driver gives what is needed to open the log. STORE_MISMATCH: there is none.
enum wire_err recovery_driver(struct pipeline *p, struct log_driver *driver_out,
    struct log_settings *settings_out, struct fault *fault);

// recovery_find_skips notes which records a batch says to skip; recovery_skips tells.
// recovery_batch files a batch. Both are log_replay_fn, with the recovery as context.
enum wire_err recovery_find_skips(void *recovery, const struct log_batch *batch);
bool recovery_skips(const struct recovery *r, uint64_t record);
enum wire_err recovery_batch(void *recovery, const struct log_batch *batch);
// recovery_note takes the numbers of a record that is filed into r->meta.
void recovery_note(struct recovery *r, const struct record *record);

// recovery_new_log commits what is filed under a new epoch and puts an empty log in the
// place of the one there, which is kept as aside_out. Cut short, main and log differ in
// epoch, and what was committed stays.
enum wire_err recovery_new_log(
    struct recovery *r, char aside_out[static 4096 + 32], struct fault *fault);

#endif
