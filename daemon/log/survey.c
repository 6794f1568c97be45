// What the files of a log claim to be, before anything in them is believed.
#include <errno.h>
#include <inttypes.h>

#include "log/recover.h"

// Syncing comes first: after a mere crash of the process the page cache still holds what
// was never durable, and a record replayed from there could vanish with the next power cut.
static enum wire_err
sync_all(struct recovery *r)
{
    struct log *log = r->log;
    uint64_t count;
    int error = log->driver.count(log->driver.state, &count);
    if (error)
        return log_io_fault(log, 0, "count files from", error, r->fault);
    if (count == 0)
        return fault_set(
            r->fault, WIRE_STORE_MISMATCH, 0, "000000.log", "the log has no files");
    if (segments_adopt(log, count) != WIRE_OK)
        return log_io_fault(log, 0, "list", ENOMEM, r->fault);
    for (uint64_t i = 0; i < count; i++) {
        error = log->driver.sync(log->driver.state, i);
        if (error)
            return log_io_fault(log, i, "sync", error, r->fault);
    }
    return WIRE_OK;
}

static enum wire_err
adopt_origin(struct recovery *r, uint64_t file, const struct batch_header *header)
{
    struct batch_origin *ours = &r->log->origin;
    char name[32];
    log_file_name(file, name);
    if (ours->segment_bytes == 0 && header->origin.epoch == ours->epoch &&
        memcmp(header->origin.store_id, ours->store_id, sizeof ours->store_id) == 0)
        *ours =
            header->origin; // the key and the size of a segment are the log's to say
    if (batch_same_origin(&header->origin, ours))
        return WIRE_OK;
    return fault_set(r->fault, WIRE_STORE_MISMATCH, header->position, name,
        "this file belongs to another store, epoch or log");
}

// No record lies in the first block of a file, so what reads as a header there is one: the
// key may be learned from it.
static enum wire_err
read_claim(struct recovery *r, uint64_t file)
{
    struct log *log = r->log;
    struct batch_header header;
    uint8_t block[LOG_BLOCK];
    uint64_t size = 0;
    char name[32];
    log_file_name(file, name);
    int error = log->driver.size(log->driver.state, file, &size);
    if (error)
        return recovery_read_failed(r, file, error);
    if (size < LOG_BLOCK || size % LOG_BLOCK != 0)
        return fault_set(r->fault, WIRE_DAMAGED, 0, name,
            "the file has %" PRIu64 " bytes, not whole blocks", size);
    error = log->driver.read(log->driver.state, file, 0, block, sizeof block);
    if (error)
        return recovery_read_failed(r, file, error);
    if (!batch_header_read(block, 0, &header))
        return WIRE_OK; // never used, or its first batch is gone: the walk will tell
    enum wire_err err = adopt_origin(r, file, &header);
    if (err)
        return err;
    if (segments_find(log, header.segment) != LOG_NO_FILE)
        return fault_set(r->fault, WIRE_DAMAGED, header.position, name,
            "two files claim to hold segment %" PRIu64, header.segment);
    log->files[file].in_use = true;
    log->files[file].segment = header.segment;
    return WIRE_OK;
}

static enum wire_err
check_sizes(struct recovery *r)
{
    struct log *log = r->log;
    char name[32];
    if (log->origin.segment_bytes == 0)
        return fault_set(r->fault, WIRE_DAMAGED, 0, "000000.log",
            "no file of the log begins with a batch");
    for (uint64_t i = 0; i < log->file_count; i++) {
        uint64_t size = 0;
        int error = log->driver.size(log->driver.state, i, &size);
        if (error)
            return recovery_read_failed(r, i, error);
        log_file_name(i, name);
        if (size != log->origin.segment_bytes)
            return fault_set(r->fault, WIRE_DAMAGED, 0, name,
                "the file has %" PRIu64 " bytes, a segment has %" PRIu64, size,
                log->origin.segment_bytes);
    }
    return WIRE_OK;
}

enum wire_err
survey(struct recovery *r)
{
    enum wire_err err = sync_all(r);
    for (uint64_t i = 0; !err && i < r->log->file_count; i++)
        err = read_claim(r, i);
    return err ? err : check_sizes(r);
}
