#include "pipeline/tail.h"

#include <stdlib.h>

#define TAIL_BYTES (64U << 20)

bool
tail_init(struct tail *tail)
{
    *tail = (struct tail){.capacity = 1024};
    tail->ring = calloc(tail->capacity, sizeof(struct tail_batch *));
    return tail->ring && pthread_mutex_init(&tail->lock, NULL) == 0;
}

static struct tail_batch *
nth(const struct tail *tail, size_t i)
{
    return tail->ring[(tail->head + i) % tail->capacity];
}

void
tail_fini(struct tail *tail)
{
    for (size_t i = 0; i < tail->count; i++)
        batch_let_go(nth(tail, i));
    free(tail->ring);
    (void)pthread_mutex_destroy(&tail->lock);
    *tail = (struct tail){0};
}

static bool
grow(struct tail *tail)
{
    struct tail_batch **grown = calloc(tail->capacity * 2, sizeof(struct tail_batch *));
    if (!grown)
        return false;
    for (size_t i = 0; i < tail->count; i++)
        grown[i] = nth(tail, i);
    free(tail->ring);
    tail->ring = grown;
    tail->capacity *= 2;
    tail->head = 0;
    return true;
}

// A row holds its batch, and that the whole of what a reader answered then.
static uint64_t
bytes_brought(const struct tail_batch *batch)
{
    uint64_t bytes = 0;
    for (uint32_t i = 0; i < batch->chunks_count; i++) {
        struct chunk *chunk = batch->chunks[i];
        bytes += chunk->counted ? 0 : chunk->capacity;
        chunk->counted = true;
    }
    return bytes;
}

bool
tail_push(struct tail *tail, struct tail_batch *batch)
{
    if (batch->rows_count == 0)
        return true;
    (void)pthread_mutex_lock(&tail->lock);
    bool ok = tail->count < tail->capacity || grow(tail);
    if (ok) {
        batch_hold(batch);
        tail->ring[(tail->head + tail->count++) % tail->capacity] = batch;
        tail->rows += batch->rows_count;
        batch->tail_bytes = bytes_brought(batch);
        tail->bytes += batch->tail_bytes;
    }
    (void)pthread_mutex_unlock(&tail->lock);
    return ok;
}

void
tail_drop(struct tail *tail, uint64_t committed_seq, uint64_t keep_rows)
{
    (void)pthread_mutex_lock(&tail->lock);
    while (tail->count > 0) {
        struct tail_batch *oldest = nth(tail, 0);
        bool wanted =
            tail->rows - oldest->rows_count < keep_rows && tail->bytes <= TAIL_BYTES;
        if (oldest->seq > committed_seq || wanted)
            break;
        tail->rows -= oldest->rows_count;
        tail->bytes -= oldest->tail_bytes;
        tail->head = (tail->head + 1) % tail->capacity;
        tail->count--;
        batch_let_go(oldest);
    }
    (void)pthread_mutex_unlock(&tail->lock);
}

// first_with finds the batch that holds row `from`; count if all end before it.
static size_t
first_with(const struct tail *tail, uint64_t from)
{
    size_t low = 0, high = tail->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (nth(tail, middle)->seq < from)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

size_t
tail_copy(struct tail *tail, uint64_t from, struct tail_row *out, size_t max)
{
    size_t n = 0;
    (void)pthread_mutex_lock(&tail->lock);
    bool reaches = tail->count > 0 && nth(tail, 0)->rows[0].change.seq <= from;
    for (size_t i = reaches ? first_with(tail, from) : tail->count;
         i < tail->count && n < max; i++) {
        struct tail_batch *batch = nth(tail, i);
        uint64_t first = batch->rows[0].change.seq;
        size_t at = from > first ? (size_t)(from - first) : 0;
        for (; at < batch->rows_count && n < max; at++, n++) {
            out[n] = batch->rows[at];
            out[n].batch = batch;
            batch_hold(batch);
        }
    }
    (void)pthread_mutex_unlock(&tail->lock);
    return n;
}

void
tail_release(struct tail_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        batch_let_go(rows[i].batch);
}
