// The chain of batches: each names the sum of the one before, and an incarnation begins
// with an opening. So of all blocks that a recycled file may hold, exactly one can follow.
#include <errno.h>

#include "log/recover.h"

// read_at gives the batch at a position, header and body checked; found_out is false when
// there is none. The body is left in the log's buffer after its header.
static enum wire_err
read_at(
    struct recovery *r, uint64_t position, struct batch_header *out, bool *found_out)
{
    struct log *log = r->log;
    uint64_t at = position % log->origin.segment_bytes;
    uint64_t file = segments_find(log, position / log->origin.segment_bytes);
    *found_out = false;
    if (file == LOG_NO_FILE)
        return WIRE_OK;
    if (log_buffer(log, LOG_BLOCK) != WIRE_OK)
        return recovery_read_failed(r, file, ENOMEM);
    int error = log->driver.read(log->driver.state, file, at, log->buffer, LOG_BLOCK);
    if (error)
        return recovery_read_failed(r, file, error);
    if (!batch_header_read(log->buffer, at, out) || out->position != position ||
        !batch_same_origin(&out->origin, &log->origin))
        return WIRE_OK;
    uint64_t rest = batch_padded(out->length) - LOG_BLOCK;
    if (log_buffer(log, rest + LOG_BLOCK) != WIRE_OK)
        return recovery_read_failed(r, file, ENOMEM);
    if (rest)
        error = log->driver.read(
            log->driver.state, file, at + LOG_BLOCK, log->buffer + LOG_BLOCK, rest);
    if (error)
        return recovery_read_failed(r, file, error);
    *found_out = batch_body_good(out, log->buffer + BATCH_HEADER);
    return WIRE_OK;
}

static bool
follows(const struct log_tail *tail, const struct batch_header *header)
{
    uint64_t incarnation = tail->incarnation + (header->count == 0);
    return header->previous == tail->sum && header->incarnation == incarnation;
}

static void
tail_step(struct log_tail *tail, const struct batch_header *header)
{
    tail->position = header->position + batch_padded(header->length);
    tail->sum = header->sum;
    tail->incarnation = header->incarnation;
    tail->next_record = header->first_record + header->count;
    tail->seq = header->seq;
    tail->hash = header->hash;
}

// The batch that follows lies here, or at the start of the next
// segment, which says by its `previous` that nothing came in between.
enum wire_err
chain_step(struct recovery *r, struct log_tail *tail, struct batch_header *out,
    bool *found_out)
{
    uint64_t segment_bytes = r->log->origin.segment_bytes;
    uint64_t used = tail->position % segment_bytes;
    enum wire_err err = read_at(r, tail->position, out, found_out);
    if (!err && used && !(*found_out && follows(tail, out)))
        err = read_at(r, tail->position + segment_bytes - used, out, found_out);
    *found_out = !err && *found_out && follows(tail, out);
    if (*found_out)
        tail_step(tail, out);
    return err;
}

// The first batch of the first segment is taken at its word: what it follows is gone, or
// filed and of no more use.
static enum wire_err
begin_walk(struct recovery *r, struct log_tail *tail)
{
    struct batch_header header;
    bool found;
    *tail = (struct log_tail){.position = r->first * r->log->origin.segment_bytes};
    enum wire_err err = read_at(r, tail->position, &header, &found);
    if (err || !found || r->first == 0)
        return err;
    tail->sum = header.previous;
    tail->incarnation = header.incarnation - (header.count == 0);
    return WIRE_OK;
}

enum wire_err
chain_walk(struct recovery *r, uint64_t from)
{
    struct log_tail tail;
    struct batch_header header;
    bool found = true;
    r->first = segments_kept(r->log, from);
    enum wire_err err = begin_walk(r, &tail);
    while (!err && found) {
        if (tail.position == from) {
            r->start = tail;
            r->start_met = true;
        }
        err = chain_step(r, &tail, &header, &found);
        if (!err && found && r->start_met && r->peek)
            err = recovery_give(r, &header, r->peek);
    }
    r->end = tail;
    return err;
}
