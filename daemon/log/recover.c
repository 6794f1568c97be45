// Finding the end of a log that was left in any state a power cut allows, and making it
// safe to go on from there. Three passes: walk the chain to its end, look at every block
// behind the end for proof that it once went on, and only if there is none, replay and
// wipe. Cut short anywhere, the next recovery finds the same end.
#include "log/recover.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

enum wire_err
recovery_read_failed(const struct recovery *r, uint64_t file, int error)
{
    return log_io_fault(r->log, file, "read", error, r->fault);
}

static enum wire_err
judge(const struct recovery *r, uint64_t from)
{
    uint64_t end = r->end.position, segment = end / r->log->origin.segment_bytes;
    uint64_t file = segments_find(r->log, segment);
    char name[32] = "log";
    if (file != LOG_NO_FILE)
        log_file_name(file, name);
    if (end == r->first * r->log->origin.segment_bytes && !r->first_seen)
        return fault_set(r->fault, WIRE_STORE_MISMATCH, from, "log",
            "%" PRIu64 " is filed, but segment %" PRIu64 " is not in the log", from,
            r->first);
    if (end < r->later_synced)
        return fault_set(r->fault, WIRE_DAMAGED, end, name,
            "segment %" PRIu64 " is broken at %" PRIu64 ": the batch at %" PRIu64
            " says that all before %" PRIu64 " was synced",
            segment, end, r->later_position, r->later_synced);
    if (end < from)
        return fault_set(r->fault, WIRE_STORE_MISMATCH, end, name,
            "the log ends at %" PRIu64 ", but %" PRIu64 " is filed", end, from);
    if (!r->start_met)
        return fault_set(r->fault, WIRE_STORE_MISMATCH, from, name,
            "%" PRIu64 " is filed, but no batch ends there", from);
    return WIRE_OK;
}

enum wire_err
recovery_give(struct recovery *r, const struct batch_header *header, log_replay_fn *fn)
{
    if (header->count == 0)
        return WIRE_OK; // the log's own business
    struct slice *records = calloc(header->count, sizeof *records);
    if (!records)
        return recovery_read_failed(r, segments_find(r->log, header->segment), ENOMEM);
    batch_records(header, r->log->buffer + BATCH_HEADER, records);
    struct log_batch batch = {.position = header->position,
        .end = header->position + batch_padded(header->length),
        .first_record = header->first_record,
        .count = header->count,
        .seq = header->seq,
        .hash = header->hash,
        .records = records};
    enum wire_err err = fn(r->context, &batch);
    free(records);
    return err;
}

static enum wire_err
replay_all(struct recovery *r)
{
    struct log_tail tail = r->start;
    enum wire_err err = WIRE_OK;
    while (!err && tail.position < r->end.position) {
        struct batch_header header;
        bool found;
        err = chain_step(r, &tail, &header, &found);
        if (!err && !found)
            err = fault_set(r->fault, WIRE_DAMAGED, tail.position, "log",
                "the batch at %" PRIu64 " read well once and not again", tail.position);
        if (!err)
            err = recovery_give(r, &header, r->replay);
    }
    return err;
}

static enum wire_err
wipe(struct recovery *r)
{
    enum wire_err err = later_wipe(r);
    return err ? err : log_sync(r->log, r->fault);
}

// After the wipe no file claims a segment behind the end. Those before the walk began are
// filed; both kinds are free.
static void
settle_files(struct recovery *r)
{
    struct log *log = r->log;
    uint64_t last = segments_kept(log, r->end.position);
    for (uint64_t i = 0; i < log->file_count; i++) {
        struct log_file *f = &log->files[i];
        if (f->in_use && (f->segment < r->first || f->segment > last))
            f->in_use = false;
    }
}

static enum wire_err
find_end(struct recovery *r, uint64_t from)
{
    enum wire_err err = survey(r);
    if (!err)
        err = chain_walk(r, from);
    if (!err)
        err = later_note(r);
    return err ? err : judge(r, from);
}

enum wire_err
recover_check(struct log *log, uint64_t from, struct fault *fault)
{
    struct recovery r = {.log = log, .fault = fault};
    return find_end(&r, from);
}

enum wire_err
recover(struct log *log, uint64_t from, const struct log_settings *settings,
    log_replay_fn *replay, void *context, struct fault *fault)
{
    struct recovery r = {.log = log,
        .fault = fault,
        .peek = settings->peek,
        .replay = replay,
        .context = context};
    enum wire_err err = find_end(&r, from);
    if (!err)
        err = replay_all(&r);
    if (err)
        return err;
    log->tail = r.end;
    settle_files(&r);
    return wipe(&r);
}
