// LMDB commits in small steps behind the log. What is committed is trimmed from the log
// and let go from memory; a commit that fails loses nothing: what is durable in the log is
// filed again into a new transaction.
// Runs on: writer.
#include "base/logline.h"
#include "pipeline/inside.h"

// What changes nothing in LMDB - the same sent again - is held in memory and in the log all
// the same until a checkpoint: so many times what one may be dirty by.
#define HELD_CHECKPOINTS 16U

bool
checkpoint_due(struct pipeline *p, int64_t now_us)
{
    struct writer *w = &p->writer;
    if (w->uncommitted_records == 0)
        return false;
    // While a batch syncs, the time since the one before says nothing.
    bool idle = !w->syncing && !w->open && order_is_empty(&p->order) &&
                pool_inside(&p->pool) == 0 &&
                (atomic_load(&p->stopping) ||
                    now_us - w->idle_since_us >= p->settings.checkpoint_idle_us);
    return idle || w->want_checkpoint || atomic_load(&p->checkpoint_asked) ||
           w->uncommitted_records >= p->settings.checkpoint_records ||
           w->uncommitted_bytes >= HELD_CHECKPOINTS * p->settings.checkpoint_bytes ||
           store_dirty_bytes(w->txn) >= p->settings.checkpoint_bytes;
}

void
checkpoint_file_again(struct pipeline *p)
{
    struct writer *w = &p->writer;
    struct fault fault = FAULT_NONE;
    struct store_meta meta;
    store_abort_write(&w->txn);
    enum wire_err err = store_begin_write(p->store, &w->txn);
    if (!err)
        err = store_batch_begin(w->txn);
    if (!err)
        store_get_meta(w->txn, &meta);
    struct filing f = {.txn = w->txn, .hash = meta.hash};
    for (struct tail_batch *b = w->uncommitted; b && !err; b = b->next)
        for (uint32_t i = 0; i < b->count && !err; i++)
            err = filing_record(&f, b->entries[i].filed);
    if (!err)
        err = store_batch_end(w->txn);
    if (err) {
        (void)fault_set(
            &fault, err, FAULT_NOWHERE, "", "the log's tail can't be filed");
        pipeline_die("filing again after a failed checkpoint", &fault);
    }
}

static void
put_meta(struct pipeline *p)
{
    struct writer *w = &p->writer;
    struct tail_batch *last = w->uncommitted_last;
    struct store_meta meta = {.records = last->last_record,
        .items = last->items,
        .seq = last->seq,
        .oldest_seq = last->seq ? 1 : 0,
        .hash = last->hash,
        .log_position = last->log_end,
        .house_us = last->house_us};
    store_put_meta(w->txn, &meta); // outside a batch: if it fails, the commit does
}

static void
let_go(struct pipeline *p)
{
    struct writer *w = &p->writer;
    struct tail_batch *next;
    w->committed_record = w->uncommitted_last->last_record;
    w->committed_seq = w->uncommitted_last->seq;
    w->committed_mark = index_mark(p->index);
    log_trim(p->log, w->uncommitted_last->log_end);
    for (struct tail_batch *b = w->uncommitted; b; b = next) {
        next = b->next;
        batch_let_go(b);
    }
    w->uncommitted = w->uncommitted_last = NULL;
    w->uncommitted_records = w->uncommitted_bytes = 0;
    (void)pthread_mutex_lock(&p->durable_lock);
    p->durable.checkpoint_seq = w->committed_seq;
    p->durable.checkpoint_record = w->committed_record;
    (void)pthread_mutex_unlock(&p->durable_lock);
    tail_drop(&p->tail, w->committed_seq, p->settings.tail_rows);
    syncer_ring(p);
}

// A first failure is answered with the ballast and a new transaction; a second one stands.
static enum wire_err
commit(struct pipeline *p, struct fault *fault)
{
    put_meta(p);
    enum wire_err err = store_commit(p->writer.txn, fault);
    if (!err)
        return WIRE_OK;
    log_error(
        "checkpoint=failed error=%s why=\"%s\"", wire_error_name(err), fault->words);
    (void)space_release(&p->space);
    checkpoint_file_again(p);
    put_meta(p);
    *fault = FAULT_NONE;
    err = store_commit(p->writer.txn, fault);
    if (err == WIRE_STORE_FULL)
        checkpoint_file_again(p); // stays open until there is room
    return err;
}

// Who waits for a checkpoint that can't be made is told to come again, and then finds the
// receipt: the record is logged, and its text stays in until the gate is closed.
static void
refuse_at_gate(struct pipeline *p)
{
    struct fault fault = FAULT_NONE;
    (void)fault_set(&fault, WIRE_STORE_FULL, FAULT_NOWHERE, "",
        "logged, but not in force before there is room; send it again");
    for (struct tail_batch *b = p->writer.gate; b; b = b->gate_next)
        judging_refuse_batch(p, b, &fault);
}

void
checkpoint_run(struct pipeline *p)
{
    struct writer *w = &p->writer;
    struct fault fault = FAULT_NONE;
    atomic_store(&p->checkpoint_asked, false);
    if (!w->uncommitted || clock_monotonic_us() < w->retry_us)
        return;
    enum wire_err err = commit(p, &fault);
    if (err == WIRE_STORE_FULL) {
        // However much is free, it is too little: refuse until a try succeeds.
        w->retry_us = clock_monotonic_us() + SECOND_US;
        atomic_store(&p->full, true);
        refuse_at_gate(p);
        return;
    }
    if (err)
        pipeline_die("committing a checkpoint", &fault);
    w->want_checkpoint = false;
    w->retry_us = 0;
    atomic_store(&p->full, p->space.full);
    let_go(p);
    if (index_wants_flush(p->index))
        (void)checkpoint_flush_index(p);
}

bool
checkpoint_flush_index(struct pipeline *p)
{
    struct writer *w = &p->writer;
    struct fault fault = FAULT_NONE;
    bool more = index_flush(p->index, w->committed_record, w->committed_mark, &fault);
    if (fault.code)
        log_error("index=unflushed why=\"%s\"", fault.words);
    return more && !fault.code;
}
