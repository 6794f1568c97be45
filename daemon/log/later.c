// What lies behind the end of the chain. A header there is a batch that was never synced,
// or, when it knows of more than the chain has, proof that the chain is damaged.
#include <errno.h>

#include "log/recover.h"

#define SCAN_BYTES ((uint64_t)1 << 20)

// A header that claims a place at or behind the end: a batch that was never synced, or
// proof of damage.
static bool
is_later(const struct recovery *r, const uint8_t *block, uint64_t at,
    struct batch_header *header)
{
    return batch_header_read(block, at, header) &&
           header->position >= r->end.position &&
           batch_same_origin(&header->origin, &r->log->origin);
}

static int
note_later(struct recovery *r, uint64_t file, uint64_t at, const struct batch_header *h)
{
    (void)at;
    const struct log_file *f = &r->log->files[file];
    // In a file taken over by a later segment it is only a leftover.
    r->first_seen |= h->segment == r->first && !(f->in_use && f->segment > r->first);
    if (h->synced > r->later_synced) {
        r->later_synced = h->synced;
        r->later_position = h->position;
    }
    return 0;
}

static int
wipe_later(struct recovery *r, uint64_t file, uint64_t at, const struct batch_header *h)
{
    static const uint8_t zeros[LOG_BLOCK];
    struct log *log = r->log;
    (void)h;
    log->files[file].dirty = true;
    return log->driver.write(log->driver.state, file, at, zeros, sizeof zeros);
}

typedef int later_fn(
    struct recovery *r, uint64_t file, uint64_t at, const struct batch_header *header);

static enum wire_err
scan_file(struct recovery *r, uint64_t file, uint64_t at, later_fn *each)
{
    struct log *log = r->log;
    struct batch_header header;
    uint64_t size = log->origin.segment_bytes;
    uint64_t chunk = size < SCAN_BYTES ? size : SCAN_BYTES;
    if (log_buffer(log, chunk) != WIRE_OK)
        return recovery_read_failed(r, file, ENOMEM);
    for (; at < size; at += chunk) {
        uint64_t n = size - at < chunk ? size - at : chunk;
        int error = log->driver.read(log->driver.state, file, at, log->buffer, n);
        if (error)
            return recovery_read_failed(r, file, error);
        for (uint64_t b = 0; b < n; b += LOG_BLOCK) {
            if (!is_later(r, log->buffer + b, at + b, &header))
                continue;
            error = each(r, file, at + b, &header);
            if (error)
                return log_io_fault(log, file, "wipe", error, r->fault);
        }
    }
    return WIRE_OK;
}

// Files with segments of the chain before its end hold nothing later; all others may.
static enum wire_err
scan_behind_end(struct recovery *r, later_fn *each)
{
    struct log *log = r->log;
    uint64_t last = r->end.position / log->origin.segment_bytes;
    uint64_t used = r->end.position % log->origin.segment_bytes;
    enum wire_err err = WIRE_OK;
    for (uint64_t i = 0; !err && i < log->file_count; i++) {
        const struct log_file *f = &log->files[i];
        if (f->in_use && f->segment >= r->first && f->segment < last)
            continue;
        err = scan_file(r, i, f->in_use && f->segment == last ? used : 0, each);
    }
    return err;
}

enum wire_err
later_note(struct recovery *r)
{
    return scan_behind_end(r, note_later);
}

enum wire_err
later_wipe(struct recovery *r)
{
    return scan_behind_end(r, wipe_later);
}
