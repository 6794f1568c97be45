// Which file holds which segment. Files keep their names for ever; a segment behind the
// checkpoint gives its file back, and the next segment takes it.
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "log/state.h"

void
log_file_name(uint64_t file, char out[static 32])
{
    (void)snprintf(out, 32, "%06" PRIu64 ".log", file);
}

enum wire_err
segments_adopt(struct log *log, uint64_t count)
{
    if (count <= log->file_count)
        return WIRE_OK;
    if (count > SIZE_MAX / sizeof *log->files)
        return WIRE_NO_MEMORY;
    struct log_file *files = realloc(log->files, count * sizeof *files);
    if (!files)
        return WIRE_NO_MEMORY;
    memset(files + log->file_count, 0, (count - log->file_count) * sizeof *files);
    log->files = files;
    log->file_count = count;
    return WIRE_OK;
}

uint64_t
segments_find(const struct log *log, uint64_t segment)
{
    for (uint64_t i = 0; i < log->file_count; i++)
        if (log->files[i].in_use && log->files[i].segment == segment)
            return i;
    return LOG_NO_FILE;
}

uint64_t
segments_ready(const struct log *log)
{
    uint64_t ready = 0;
    for (uint64_t i = 0; i < log->file_count; i++)
        ready += !log->files[i].in_use;
    return ready;
}

uint64_t
segments_take(struct log *log, uint64_t segment)
{
    for (uint64_t i = 0; i < log->file_count; i++) {
        if (log->files[i].in_use)
            continue;
        log->files[i] = (struct log_file){.in_use = true, .segment = segment};
        return i;
    }
    return LOG_NO_FILE;
}

enum wire_err
segments_make(struct log *log, uint64_t budget, bool *whole_out, struct fault *fault)
{
    bool whole = false;
    uint64_t file = log->file_count;
    int error = log->driver.create(
        log->driver.state, file, log->origin.segment_bytes, budget, &whole);
    if (error == ENOSPC || error == EDQUOT)
        return fault_set(fault, WIRE_STORE_FULL, log->tail.position, "log",
            "no room on the disk for one more segment of %" PRIu64 " bytes",
            log->origin.segment_bytes);
    if (error)
        return log_io_fault(log, file, "make", error, fault);
    if (whole && segments_adopt(log, file + 1) != WIRE_OK)
        return log_io_fault(log, file, "make", ENOMEM, fault);
    *whole_out = whole;
    return WIRE_OK;
}

uint64_t
segments_kept(const struct log *log, uint64_t position)
{
    return position ? (position - 1) / log->origin.segment_bytes : 0;
}

void
segments_free_before(struct log *log, uint64_t position)
{
    uint64_t kept = segments_kept(log, position);
    for (uint64_t i = 0; i < log->file_count; i++)
        if (log->files[i].in_use && log->files[i].segment < kept)
            log->files[i].in_use = false;
}
