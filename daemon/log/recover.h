// One recovery, shared by its three passes: what the files claim, the chain of batches, and
// what lies behind its end.
#ifndef LOG_RECOVER_H
#define LOG_RECOVER_H

#include "log/state.h"

struct recovery {
    struct log *log;
    struct fault *fault;
    log_replay_fn *peek, *replay; // the caller's, with context
    void *context;
    uint64_t first;          // segment where the walk begins
    struct log_tail start;   // what the first batch to replay follows
    bool start_met;          // `from` is a place where a batch ends
    struct log_tail end;     // where the chain ends
    bool first_seen;         // a header behind the end lies in that segment
    uint64_t later_synced;   // highest "known synced" of any header behind the end
    uint64_t later_position; // the header that says so
};

enum wire_err recovery_read_failed(const struct recovery *r, uint64_t file, int error);
// recovery_give gives fn a batch whose body is in the log's buffer, unless it is an opening.
enum wire_err recovery_give(
    struct recovery *r, const struct batch_header *header, log_replay_fn *fn);

// survey.c: survey syncs every file, learns the log's origin and which file holds which
// segment.
enum wire_err survey(struct recovery *r);

// chain.c: chain_step moves tail over the batch that follows it; the body is left in the
// log's buffer behind its header. chain_walk finds start and end.
enum wire_err chain_step(struct recovery *r, struct log_tail *tail,
    struct batch_header *out, bool *found_out);
enum wire_err chain_walk(struct recovery *r, uint64_t from);

// later.c: headers that claim a place at or behind the end: note what they know, or zero
// their blocks.
enum wire_err later_note(struct recovery *r);
enum wire_err later_wipe(struct recovery *r);

#endif
