// The life of an open log: room is reserved, batches are appended, synced, and left behind.
// After the first error of the disk it does nothing more: a failed sync may have dropped
// the very bytes it was asked for, and trying again would only hide that.
#include "log/log.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "log/state.h"

#define PREPARE_BYTES ((uint64_t)1 << 20)

uint64_t
log_place(const struct log *log, uint64_t bytes)
{
    uint64_t segment_bytes = log->origin.segment_bytes;
    uint64_t used = log->tail.position % segment_bytes;
    bool fits = used == 0 || bytes <= segment_bytes - used;
    return fits ? log->tail.position : log->tail.position + segment_bytes - used;
}

enum wire_err
log_buffer(struct log *log, uint64_t bytes)
{
    if (bytes <= log->buffer_bytes)
        return WIRE_OK;
    // Aligned, so that a driver may write it past the page cache.
    uint64_t whole = (bytes + LOG_BLOCK - 1) / LOG_BLOCK * LOG_BLOCK;
    uint8_t *buffer = aligned_alloc(LOG_BLOCK, whole);
    if (!buffer)
        return WIRE_NO_MEMORY;
    if (log->buffer_bytes)
        memcpy(buffer, log->buffer, log->buffer_bytes);
    free(log->buffer);
    log->buffer = buffer;
    log->buffer_bytes = bytes;
    return WIRE_OK;
}

// The log failed, now or before: what happened first is what matters.
static enum wire_err
failed_before(const struct log *log, struct fault *fault)
{
    const struct fault *why = &log->why;
    (void)fault_set(fault, why->code, why->at, why->field, "%s", why->words);
    return log->failed;
}

enum wire_err
log_io_fault(
    struct log *log, uint64_t file, const char *what, int error, struct fault *fault)
{
    char name[32];
    log_file_name(file, name);
    log->failed = error == ENOMEM ? WIRE_NO_MEMORY : WIRE_IO;
    (void)fault_set(&log->why, log->failed, log->tail.position, name, "can't %s: %s",
        what, strerrordesc_np(error));
    return failed_before(log, fault);
}

static bool
settings_good(const struct log_settings *settings, struct fault *fault)
{
    if (settings->segment_bytes >= 2 * (uint64_t)LOG_BLOCK &&
        settings->segment_bytes % LOG_BLOCK == 0)
        return true;
    (void)fault_set(fault, WIRE_BAD_SETTING, FAULT_NOWHERE, "log.segment_bytes",
        "%" PRIu64 " is not a multiple of %u from %u on", settings->segment_bytes,
        LOG_BLOCK, 2 * LOG_BLOCK);
    return false;
}

static void
log_fini(struct log *log)
{
    free(log->files);
    free(log->buffer);
    log->files = NULL;
    log->buffer = NULL;
}

// write_batch packs and writes what follows the tail; the room must be there.
static enum wire_err
write_batch(struct log *log, struct batch_header *header,
    const struct log_records *records, uint64_t bytes, struct fault *fault)
{
    uint64_t position = log_place(log, bytes),
             segment_bytes = log->origin.segment_bytes;
    uint64_t segment = position / segment_bytes, at = position % segment_bytes;
    uint64_t file = at ? segments_find(log, segment) : segments_take(log, segment);
    assert(file != LOG_NO_FILE);
    header->origin = log->origin;
    header->segment = segment;
    header->position = position;
    header->synced = log->synced;
    header->previous = log->tail.sum;
    if (log_buffer(log, bytes) != WIRE_OK)
        return log_io_fault(log, file, "pack", ENOMEM, fault);
    batch_pack(
        header, records->pieces, records->pieces_each, records->count, log->buffer);
    log->files[file].dirty = true;
    int error = log->driver.write(log->driver.state, file, at, log->buffer, bytes);
    if (error)
        return log_io_fault(log, file, "write", error, fault);
    log->tail = (struct log_tail){.position = position + bytes,
        .sum = header->sum,
        .incarnation = header->incarnation,
        .next_record = header->first_record + header->count,
        .seq = header->seq,
        .hash = header->hash};
    return WIRE_OK;
}

// make_room has a file ready for the next segment where one is needed, and for all but
// urgent batches one more, which is thereby kept back.
static enum wire_err
make_room(struct log *log, uint64_t bytes, bool urgent, struct fault *fault)
{
    bool next = log_place(log, bytes) % log->origin.segment_bytes == 0;
    uint64_t kept_back = !urgent && log->ahead > 1;
    uint64_t wanted = next + kept_back;
    enum wire_err err = WIRE_OK;
    while (!err && segments_ready(log) < wanted) {
        bool whole;
        err = segments_make(log, log->origin.segment_bytes, &whole, fault);
    }
    return err;
}

// begin_incarnation writes an empty batch under a number that no batch had before and
// syncs it. So two appends after two different recoveries never look alike, though they
// carry the same records to the same place.
static enum wire_err
begin_incarnation(struct log *log, struct fault *fault)
{
    struct batch_header opening = {.incarnation = log->tail.incarnation + 1,
        .first_record = log->tail.next_record,
        .seq = log->tail.seq,
        .hash = log->tail.hash};
    enum wire_err err = make_room(log, LOG_BLOCK, true, fault);
    if (!err)
        err = write_batch(log, &opening, &(struct log_records){0}, LOG_BLOCK, fault);
    if (!err)
        err = log_sync(log, fault);
    log->opened = !err;
    return err;
}

// On a full disk a log opens all the same, so that queries are answered and space can be
// made; log_reserve begins the incarnation before anything else.
static enum wire_err
begin_if_room(struct log *log, struct fault *fault)
{
    struct fault why = FAULT_NONE;
    enum wire_err err = begin_incarnation(log, &why);
    if (err == WIRE_STORE_FULL && !log->failed)
        return WIRE_OK;
    return err ? fault_set(fault, err, why.at, why.field, "%s", why.words) : WIRE_OK;
}

enum wire_err
log_create(
    struct log_driver *driver, const struct log_settings *settings, struct fault *fault)
{
    uint64_t files;
    if (!settings_good(settings, fault))
        return WIRE_BAD_SETTING;
    struct log log = {.magic = LOG_MAGIC, .driver = *driver};
    log.origin.epoch = settings->epoch;
    log.origin.segment_bytes = settings->segment_bytes;
    memcpy(log.origin.store_id, settings->store_id, sizeof log.origin.store_id);
    random_bytes(&log.origin.key, sizeof log.origin.key);
    int error = driver->count(driver->state, &files);
    if (error)
        return log_io_fault(&log, 0, "count files from", error, fault);
    if (files)
        return fault_set(
            fault, WIRE_STORE_MISMATCH, 0, "000000.log", "there is a log here already");
    enum wire_err err = begin_incarnation(&log, fault);
    log_fini(&log);
    return err;
}

static struct log *
log_new(
    struct log_driver driver, const struct log_settings *settings, struct fault *fault)
{
    struct log *log = calloc(1, sizeof *log);
    if (!log) {
        driver.close(driver.state);
        (void)fault_set(fault, WIRE_NO_MEMORY, FAULT_NOWHERE, "log", "opening the log");
        return NULL;
    }
    *log = (struct log){.magic = LOG_MAGIC, .driver = driver, .ahead = settings->ahead};
    log->origin.epoch = settings->epoch;
    memcpy(log->origin.store_id, settings->store_id, sizeof log->origin.store_id);
    return log;
}

enum wire_err
log_check(struct log_driver driver, const struct log_settings *settings, uint64_t from,
    struct fault *fault)
{
    struct log *log = log_new(driver, settings, fault);
    if (!log)
        return WIRE_NO_MEMORY;
    enum wire_err err = recover_check(log, from, fault);
    log_close(&log);
    return err;
}

enum wire_err
log_salvage(struct log_driver driver, const struct log_settings *settings,
    uint64_t from, log_replay_fn *found, void *context, struct log_wreck *wreck,
    struct fault *fault)
{
    struct log *log = log_new(driver, settings, fault);
    if (!log)
        return WIRE_NO_MEMORY;
    enum wire_err err = salvage(log, from, settings, found, context, wreck, fault);
    log_close(&log);
    return err;
}

enum wire_err
log_open(struct log_driver driver, const struct log_settings *settings, uint64_t from,
    log_replay_fn *replay, void *context, struct log **out, struct fault *fault)
{
    struct log *log = log_new(driver, settings, fault);
    if (!log)
        return WIRE_NO_MEMORY;
    enum wire_err err = recover(log, from, settings, replay, context, fault);
    if (!err)
        err = begin_if_room(log, fault);
    if (err)
        log_close(&log);
    else
        *out = log;
    return err;
}

void
log_close(struct log **log)
{
    if (!*log)
        return;
    assert((*log)->magic == LOG_MAGIC);
    (*log)->driver.close((*log)->driver.state);
    log_fini(*log);
    (*log)->magic = 0;
    free(*log);
    *log = NULL;
}

bool
log_fits(const struct log *log, uint64_t bytes, uint32_t count)
{
    return batch_bytes(bytes, count) <= log->origin.segment_bytes;
}

enum wire_err
log_reserve(
    struct log *log, uint64_t bytes, uint32_t count, bool urgent, struct fault *fault)
{
    uint64_t whole = batch_bytes(bytes, count);
    log->reserved = 0;
    if (log->failed)
        return failed_before(log, fault);
    if (!log_fits(log, bytes, count))
        return fault_set(fault, WIRE_TOO_LARGE, FAULT_NOWHERE, "log",
            "a batch of %" PRIu64 " bytes in %u records is larger than a segment",
            bytes, count);
    enum wire_err err = log->opened ? WIRE_OK : begin_incarnation(log, fault);
    if (!err)
        err = make_room(log, whole, urgent, fault);
    if (!err)
        log->reserved = whole;
    return err;
}

enum wire_err
log_append(struct log *log, const struct log_records *records, uint64_t *end_out,
    struct fault *fault)
{
    if (log->failed)
        return failed_before(log, fault);
    uint64_t bytes = 0;
    for (size_t i = 0; i < (size_t)records->count * records->pieces_each; i++)
        bytes += records->pieces[i].size;
    uint64_t whole = batch_bytes(bytes, records->count);
    assert(records->count > 0 && whole <= log->reserved);
    log->reserved = 0;
    struct batch_header header = {.incarnation = log->tail.incarnation,
        .count = records->count,
        .first_record = records->first_record,
        .seq = records->seq,
        .hash = *records->hash};
    enum wire_err err = write_batch(log, &header, records, whole, fault);
    if (!err)
        *end_out = log->tail.position;
    return err;
}

enum wire_err
log_sync(struct log *log, struct fault *fault)
{
    if (log->failed)
        return failed_before(log, fault);
    for (uint64_t i = 0; i < log->file_count; i++) {
        if (!log->files[i].dirty)
            continue;
        int error = log->driver.sync(log->driver.state, i);
        if (error)
            return log_io_fault(log, i, "sync", error, fault);
        log->files[i].dirty = false;
    }
    log->synced = log->tail.position;
    return WIRE_OK;
}

void
log_prepare(struct log *log)
{
    bool whole;
    struct fault fault = FAULT_NONE;
    if (log->failed || log->room_gone || segments_ready(log) >= log->ahead)
        return;
    if (segments_make(log, PREPARE_BYTES, &whole, &fault) == WIRE_STORE_FULL)
        log->room_gone = true;
}

void
log_trim(struct log *log, uint64_t position)
{
    // Segments with unsynced bytes can't be behind a checkpoint that rests on the log.
    segments_free_before(log, position < log->synced ? position : log->synced);
    log->room_gone = false;
}

uint64_t
log_end(const struct log *log)
{
    return log->tail.position;
}

uint64_t
log_synced(const struct log *log)
{
    return log->synced;
}
