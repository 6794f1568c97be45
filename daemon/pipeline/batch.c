#include "pipeline/batch.h"

#include <stdlib.h>

#define ARENA_LIMIT ((size_t)256 << 20)

struct tail_batch *
batch_new(void)
{
    struct tail_batch *b = calloc(1, sizeof *b);
    if (!b)
        return NULL;
    atomic_init(&b->holders, 1);
    arena_init(&b->arena, ARENA_LIMIT);
    return b;
}

// grown gives an array with room for one more element; NULL out of memory, the old stays.
static void *
grown(void *array, uint32_t count, uint32_t *capacity, size_t size)
{
    if (count < *capacity)
        return array;
    uint32_t more = *capacity ? *capacity * 2 : 64;
    void *out = realloc(array, more * size);
    if (out)
        *capacity = more;
    return out;
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
    for (uint32_t i = 0; i < batch->chunks_count; i++)
        chunk_let_go(&batch->chunks[i]);
    free(batch->chunks);
    free(batch->entries);
    free(batch->pieces);
    free(batch->rows);
    wire_writer_fini(&batch->log_bytes);
    arena_fini(&batch->arena);
    free(batch);
}

bool
batch_add_record(struct tail_batch *b, const struct record *record)
{
    struct batch_record *entries =
        grown(b->entries, b->count, &b->capacity, sizeof *entries);
    if (!entries)
        return false;
    b->entries = entries;
    size_t from = b->log_bytes.size;
    size_t where = record_encode_around(record, &b->log_bytes);
    entries[b->count] = (struct batch_record){from, from + where, record};
    if (b->log_bytes.failed)
        return false;
    b->count++;
    b->bytes += b->log_bytes.size - from + record->prepared_bytes.size;
    return true;
}

// Jobs of one reader come one after another out of one chunk, those of a few readers in
// turn: one of the last holds is nearly always the same.
static bool
held_lately(const struct tail_batch *b, const struct chunk *chunk)
{
    uint32_t few = b->chunks_count < 8 ? b->chunks_count : 8;
    for (uint32_t i = 1; i <= few; i++)
        if (b->chunks[b->chunks_count - i] == chunk)
            return true;
    return false;
}

bool
batch_hold_chunk(struct tail_batch *b, struct chunk **chunk)
{
    if (held_lately(b, *chunk)) {
        chunk_let_go(chunk);
        return true;
    }
    struct chunk **chunks =
        grown(b->chunks, b->chunks_count, &b->chunks_capacity, sizeof *chunks);
    if (!chunks)
        return false;
    b->chunks = chunks;
    chunks[b->chunks_count++] = *chunk;
    *chunk = NULL;
    return true;
}

bool
batch_add_row(struct tail_batch *b, const struct store_change *change,
    const struct store_header *header, const struct store_revision *revision)
{
    struct tail_row *rows =
        grown(b->rows, b->rows_count, &b->rows_capacity, sizeof *rows);
    if (!rows)
        return false;
    b->rows = rows;
    rows[b->rows_count++] =
        (struct tail_row){.change = *change, .header = *header, .revision = *revision};
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
batch_seal(struct tail_batch *b)
{
    if (b->log_bytes.failed)
        return false;
    b->pieces = calloc(b->count ? b->count : 1, BATCH_PIECES * sizeof *b->pieces);
    for (uint32_t i = 0; b->pieces && i < b->count; i++) {
        const struct batch_record *e = &b->entries[i];
        size_t end = i + 1 < b->count ? b->entries[i + 1].offset : b->log_bytes.size;
        struct slice *piece = b->pieces + (size_t)i * BATCH_PIECES;
        piece[0] = slice_of(b->log_bytes.data + e->offset, e->prepared_at - e->offset);
        piece[1] = e->filed->prepared_bytes;
        piece[2] = slice_of(b->log_bytes.data + e->prepared_at, end - e->prepared_at);
    }
    return b->pieces != NULL;
}
