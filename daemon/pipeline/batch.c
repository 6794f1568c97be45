#include "pipeline/batch.h"

#include <stdlib.h>

#define ARENA_LIMIT ((size_t)256 << 20)

struct tail_batch *
batch_new(uint32_t records)
{
    struct tail_batch *b = calloc(1, sizeof *b);
    if (!b)
        return NULL;
    atomic_init(&b->holders, 1);
    arena_init(&b->arena, ARENA_LIMIT);
    b->capacity = records;
    b->offsets = arena_array(&b->arena, records, sizeof *b->offsets);
    b->records = arena_array(&b->arena, records, sizeof *b->records);
    b->decoded = arena_array(&b->arena, records, sizeof *b->decoded);
    b->owned = arena_array(&b->arena, records, sizeof *b->owned);
    if (b->arena.failed) {
        batch_let_go(b);
        return NULL;
    }
    return b;
}

void
batch_hold(struct tail_batch *batch)
{
    (void)atomic_fetch_add(&batch->holders, 1);
}

void
batch_let_go(struct tail_batch *batch)
{
    if (!batch || atomic_fetch_sub(&batch->holders, 1) != 1)
        return;
    for (uint32_t i = 0; i < batch->owned_count; i++)
        free(batch->owned[i]);
    free(batch->rows);
    wire_writer_fini(&batch->log_bytes);
    arena_fini(&batch->arena);
    free(batch);
}

void
batch_begin_record(struct tail_batch *batch)
{
    batch->offsets[batch->count] = batch->log_bytes.size;
}

void
batch_end_record(struct tail_batch *batch, const struct record *decoded)
{
    batch->decoded[batch->count++] = *decoded;
}

void
batch_undo_record(struct tail_batch *batch, uint32_t rows)
{
    batch->log_bytes.size = batch->offsets[batch->count];
    batch->rows_count = rows;
}

bool
batch_own(struct tail_batch *batch, void *malloced)
{
    if (batch->owned_count == batch->capacity)
        return false;
    batch->owned[batch->owned_count++] = malloced;
    return true;
}

bool
batch_add_row(struct tail_batch *batch, const struct store_change *change,
    const struct store_header *header, const struct store_revision *revision)
{
    if (batch->rows_count == batch->rows_capacity) {
        uint32_t more = batch->rows_capacity ? batch->rows_capacity * 2 : 64;
        struct tail_row *grown = realloc(batch->rows, more * sizeof *grown);
        if (!grown)
            return false;
        batch->rows = grown;
        batch->rows_capacity = more;
    }
    batch->rows[batch->rows_count++] = (struct tail_row){
        .change = *change, .header = *header, .revision = *revision};
    return true;
}

void
batch_add_job(struct tail_batch *batch, struct job *job)
{
    job->next = NULL;
    if (batch->jobs_last)
        batch->jobs_last->next = job;
    else
        batch->jobs = job;
    batch->jobs_last = job;
}

bool
batch_seal(struct tail_batch *batch)
{
    if (batch->log_bytes.failed)
        return false;
    for (uint32_t i = 0; i < batch->count; i++) {
        uint64_t end = i + 1 < batch->count ? batch->offsets[i + 1] : batch->log_bytes.size;
        batch->records[i] = slice_of(
            batch->log_bytes.data + batch->offsets[i], end - batch->offsets[i]);
    }
    return true;
}
