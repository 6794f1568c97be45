// What is whole of a log that recovery refuses. Every block that reads as a header of this
// log is taken for one, and each batch whose sums are right is shown, whatever is missing
// before it. Nothing is written.
#include <errno.h>
#include <stdlib.h>

#include "log/recover.h"

struct claim {
    struct batch_header header;
    uint64_t file, at;
};

struct salvage {
    struct recovery r;
    uint64_t from;
    struct claim *claims;
    size_t count, capacity;
    struct log_wreck *wreck;
};

// The key is learned from the first block of a file alone, where no record lies.
static bool
learn_origin(struct salvage *s)
{
    struct log *log = s->r.log;
    struct batch_header header;
    uint8_t block[LOG_BLOCK];
    for (uint64_t i = 0; i < log->file_count; i++) {
        const struct batch_origin *origin = &header.origin;
        if (log->driver.read(log->driver.state, i, 0, block, sizeof block) != 0 ||
            !batch_header_read(block, 0, &header) ||
            origin->epoch != log->origin.epoch ||
            memcmp(origin->store_id, log->origin.store_id, sizeof origin->store_id) !=
                0)
            continue;
        log->origin = *origin;
        return true;
    }
    return false;
}

static enum wire_err
add_claim(struct salvage *s, const struct claim *claim)
{
    if (s->count == s->capacity) {
        size_t capacity = s->capacity ? 2 * s->capacity : 256;
        struct claim *claims = realloc(s->claims, capacity * sizeof *claims);
        if (!claims)
            return fault_set(
                s->r.fault, WIRE_NO_MEMORY, FAULT_NOWHERE, "log", "out of memory");
        s->claims = claims;
        s->capacity = capacity;
    }
    s->claims[s->count++] = *claim;
    return WIRE_OK;
}

static enum wire_err
look_at_block(struct salvage *s, uint64_t file, uint64_t at)
{
    struct log *log = s->r.log;
    struct claim claim = {.file = file, .at = at};
    uint8_t block[LOG_BLOCK];
    if (log->driver.read(log->driver.state, file, at, block, sizeof block) != 0) {
        s->wreck->unreadable_blocks++; // a bad sector; what is beside it may be whole
        return WIRE_OK;
    }
    if (!batch_header_read(block, at, &claim.header) ||
        !batch_same_origin(&claim.header.origin, &log->origin))
        return WIRE_OK;
    if (claim.header.synced > s->wreck->known_synced)
        s->wreck->known_synced = claim.header.synced;
    return claim.header.position < s->from ? WIRE_OK : add_claim(s, &claim);
}

static enum wire_err
list_claims(struct salvage *s)
{
    struct log *log = s->r.log;
    enum wire_err err = WIRE_OK;
    for (uint64_t i = 0; i < log->file_count && !err; i++) {
        uint64_t size = 0;
        int error = log->driver.size(log->driver.state, i, &size);
        if (error)
            return recovery_read_failed(&s->r, i, error);
        for (uint64_t at = 0; at + LOG_BLOCK <= size && !err; at += LOG_BLOCK)
            err = look_at_block(s, i, at);
    }
    return err;
}

// By position; where two files claim one place, the later incarnation comes first.
static int
compare(const void *a, const void *b)
{
    const struct batch_header *x = &((const struct claim *)a)->header;
    const struct batch_header *y = &((const struct claim *)b)->header;
    if (x->position != y->position)
        return x->position < y->position ? -1 : 1;
    return (x->incarnation < y->incarnation) - (x->incarnation > y->incarnation);
}

static bool
read_whole(struct salvage *s, const struct claim *claim)
{
    struct log *log = s->r.log;
    uint64_t bytes = batch_padded(claim->header.length);
    return log_buffer(log, bytes) == WIRE_OK &&
           log->driver.read(
               log->driver.state, claim->file, claim->at, log->buffer, bytes) == 0 &&
           batch_body_good(&claim->header, log->buffer + BATCH_HEADER);
}

// keep_whole leaves only claims whose bodies are good, one a place.
static void
keep_whole(struct salvage *s)
{
    uint64_t end = 0;
    size_t kept = 0;
    if (s->count)
        qsort(s->claims, s->count, sizeof *s->claims, compare);
    for (size_t i = 0; i < s->count; i++) {
        const struct claim *claim = &s->claims[i];
        if (claim->header.position < end || !read_whole(s, claim))
            continue;
        end = claim->header.position + batch_padded(claim->header.length);
        s->claims[kept++] = *claim;
    }
    s->count = kept;
}

static enum wire_err
show_all(struct salvage *s, log_replay_fn *fn)
{
    enum wire_err err = WIRE_OK;
    for (size_t i = 0; i < s->count && !err; i++) {
        const struct claim *claim = &s->claims[i];
        s->wreck->file = claim->file;
        s->wreck->at = claim->at;
        if (!read_whole(s, claim))
            err = recovery_read_failed(&s->r, claim->file, EIO);
        else
            err = recovery_give(&s->r, &claim->header, fn);
    }
    return err;
}

enum wire_err
salvage(struct log *log, uint64_t from, const struct log_settings *settings,
    log_replay_fn *found, void *context, struct log_wreck *wreck, struct fault *fault)
{
    struct salvage s = {.from = from, .wreck = wreck};
    uint64_t count;
    s.r = (struct recovery){.log = log, .fault = fault, .context = context};
    *wreck = (struct log_wreck){0};
    int error = log->driver.count(log->driver.state, &count);
    if (error)
        return log_io_fault(log, 0, "count files from", error, fault);
    if (segments_adopt(log, count) != WIRE_OK)
        return log_io_fault(log, 0, "list", ENOMEM, fault);
    if (!learn_origin(&s))
        return WIRE_OK;
    wreck->segment_bytes = log->origin.segment_bytes;
    enum wire_err err = list_claims(&s);
    if (!err)
        keep_whole(&s);
    if (!err && settings->peek)
        err = show_all(&s, settings->peek);
    if (!err)
        err = show_all(&s, found);
    free(s.claims);
    return err;
}
