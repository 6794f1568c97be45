// A batch: the records that one sync makes durable, with everything that must outlive
// their jobs - bytes for the log, rows for followers. Held by the writer, the syncer and
// every row taken from the tail; the last to let go frees it.
#ifndef PIPELINE_BATCH_H
#define PIPELINE_BATCH_H

#include <stdatomic.h>

#include "dedupe/dedupe.h"
#include "pipeline/chunk.h"

struct batch_record {
    size_t offset, prepared_at; // in log_bytes: where it begins, where prepared goes
    const struct record *filed; // in the arena: to file again after a failed checkpoint
};
#define BATCH_PIECES 3U // a record: what is before its prepared, that, what is behind
struct tail_batch {
    atomic_uint holders;
    struct arena arena;           // decoded parts, verdicts, copies of names
    struct wire_writer log_bytes; // the records, but for what they hold prepared
    uint64_t bytes;               // of the records, whole
    struct batch_record *entries; // one a record
    struct slice *pieces;         // BATCH_PIECES a record, by batch_seal
    uint32_t count, capacity;     // of entries
    struct chunk **chunks;        // that slices borrow from
    uint32_t chunks_count, chunks_capacity;
    struct tail_row *rows; // the changes of the batch, by seq; batch unset
    uint32_t rows_count, rows_capacity;
    struct job *jobs, *jobs_last; // to be answered when it is durable
    bool waits;                   // a checkpoint comes before it is made known
    struct judge_numbers first;   // next numbers before it: where an undo goes back to
    struct digest hash_before;
    uint64_t last_record, seq, items, sources; // reached
    struct digest hash;                        // running hash at seq
    int64_t house_us;
    uint64_t log_end;             // set when appended
    enum wire_err refused;        // by the log: STORE_FULL, nothing was written
    struct tail_batch *next;      // in the list of what is not committed yet
    uint64_t tail_bytes;          // what it brought into the tail
    struct tail_batch *gate_next; // in the list of what waits
};

// batch_new gives an empty batch, held once; NULL out of memory.
struct tail_batch *batch_new(void);
void batch_hold(struct tail_batch *batch);
void batch_let_go(struct tail_batch *batch); // NULL is fine

// batch_add_record encodes a record, which lives in the batch's arena, behind the others;
// its prepared_bytes are borrowed. false: out of memory, as for the rest.
bool batch_add_record(struct tail_batch *batch, const struct record *record);
// batch_hold_chunk takes over a hold on a chunk; when it fails the caller's stays.
bool batch_hold_chunk(struct tail_batch *batch, struct chunk **chunk);
bool batch_add_row(struct tail_batch *batch, const struct store_change *change,
    const struct store_header *header, const struct store_revision *revision);
void batch_add_job(struct tail_batch *batch, struct job *job);
// batch_seal makes pieces[] once the bytes move no more. False: out of memory.
bool batch_seal(struct tail_batch *batch);

#endif
