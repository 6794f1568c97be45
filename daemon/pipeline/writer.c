// The one thread that judges and files. It takes what readers are done with, in each
// connection's order, judges it into an open batch, hands the batch to the syncer when
// enough are in, and checkpoints.
// Runs on: writer.
#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/logline.h"
#include "pipeline/inside.h"

#define HOLD_RECORDS \
    32U // wake-ups cost up to 16 us an article: hold a batch for this many,
#define HOLD_US 1000      // or this long, unless nothing is in flight
#define RECORD_ROOM 4096U // for a record's verdict, receipt and names
#define INLINE_RECORDS 4U // a batch as small as this is not worth a thread
#define LOOK_US (100 * 1000)
#define EVENTS 64

static void
done_reading(void *pipeline, struct job *job)
{
    struct pipeline *p = pipeline;
    if (job->dry)
        judging_give_back(p, job, JOB_READ);
    else if (!order_add(&p->order, job))
        judging_refuse(p, job, &(struct fault){.code = WIRE_NO_MEMORY});
}

static void
take_failed(struct pipeline *p)
{
    void *jobs[64];
    size_t n;
    while ((n = mailbox_take(p->pool.failed, jobs, 64)) > 0)
        for (size_t i = 0; i < n; i++)
            done_reading(p, jobs[i]);
}

static void
take_notes(struct pipeline *p)
{
    void *notes[64];
    size_t n;
    while ((n = mailbox_take(p->notes, notes, 64)) > 0)
        for (size_t i = 0; i < n; i++) {
            struct writer_note *note = notes[i];
            order_forget(&p->order, note->connection, note->turns);
            free(note);
        }
}

static void
keep_uncommitted(struct pipeline *p, struct tail_batch *batch)
{
    struct writer *w = &p->writer;
    if (batch->count == 0) {
        batch_let_go(batch);
        return;
    }
    if (w->uncommitted_last)
        w->uncommitted_last->next = batch;
    else
        w->uncommitted = batch;
    w->uncommitted_last = batch;
    w->uncommitted_records += batch->count;
    w->uncommitted_bytes += batch->bytes;
}

// The log had no room for the batch: it and what was judged after it go back, and every
// job in them is refused. What is durable is filed again.
static void
undo_syncing(struct pipeline *p, struct tail_batch *batch)
{
    struct writer *w = &p->writer;
    struct fault fault = FAULT_NONE;
    (void)fault_set(&fault, WIRE_STORE_FULL, FAULT_NOWHERE, "",
        "no room for the log; nothing was stored");
    if (w->open)
        judging_undo_open(p, &fault);
    index_rewind(p->index, w->syncing_mark);
    w->next = batch->first;
    w->hash = batch->hash_before;
    judging_refuse_batch(p, batch, &fault);
    batch_let_go(batch);
    checkpoint_file_again(p);
    atomic_store(&p->full, true);
}

// Nobody may be handed the text once the receipt is out: LMDB, where gates are looked up,
// must know first. What is synced behind it waits too, or it would be known before it.
static void
wait_at_gate(struct writer *w, struct tail_batch *batch)
{
    batch_hold(batch);
    if (w->gate)
        w->gate_last->gate_next = batch;
    else
        w->gate = batch;
    w->gate_last = batch;
    w->want_checkpoint = true;
}

static void
open_gate(struct pipeline *p)
{
    struct tail_batch *next;
    for (struct tail_batch *b = p->writer.gate; b; b = next) {
        next = b->gate_next;
        syncer_publish(p, b);
        batch_let_go(b);
    }
    p->writer.gate = p->writer.gate_last = NULL;
}

static void
after_sync(struct pipeline *p, struct tail_batch *batch)
{
    struct writer *w = &p->writer;
    w->syncing = NULL;
    if (batch->refused) {
        undo_syncing(p, batch);
        return;
    }
    if (batch->waits)
        wait_at_gate(w, batch);
    keep_uncommitted(p, batch);
    w->idle_since_us = clock_monotonic_us();
}

static void
take_synced(struct pipeline *p)
{
    void *batch;
    if (p->writer.syncing && mailbox_take(p->from_sync, &batch, 1) == 1)
        after_sync(p, batch);
}

static void
hand_over(struct pipeline *p, struct tail_batch *batch)
{
    struct writer *w = &p->writer;
    bool small = batch->count <= INLINE_RECORDS && pool_inside(&p->pool) == 0;
    atomic_store(&p->last_batch, batch->count);
    batch->waits = batch->waits || w->gate;
    w->syncing = batch;
    w->syncing_mark = w->open_mark;
    if (!small) {
        (void)mailbox_put(p->to_sync, batch); // room for one, and one is all there is
        return;
    }
    batch->refused = syncer_sync(p, batch);
    if (!batch->refused && !batch->waits)
        syncer_publish(p, batch);
    after_sync(p, batch);
}

static bool
held_long_enough(struct pipeline *p, int64_t now_us)
{
    const struct writer *w = &p->writer;
    if (w->open->count >= HOLD_RECORDS || now_us - w->opened_us >= HOLD_US)
        return true;
    if (p->order.ready_count > 0)
        return true; // it takes no more
    return order_is_empty(&p->order) && pool_inside(&p->pool) == 0;
}

static bool
batch_is_full(const struct pipeline *p, const struct tail_batch *batch)
{
    return batch->count >= p->settings.batch_records ||
           batch->bytes >= p->settings.batch_bytes;
}

// A batch must fit in a segment of the log. How large a record will be is known when it
// has been judged; twice what the reader gave back is more than most come to, and a job
// for which that is too much goes alone.
static bool
takes(const struct pipeline *p, const struct tail_batch *batch, const struct job *job)
{
    if (batch_is_full(p, batch))
        return false;
    uint64_t most = batch->bytes + 2 * (uint64_t)job->prepared.size + RECORD_ROOM;
    return batch->count == 0 || log_fits(p->log, most, batch->count + 1);
}

static void
refuse_ready(struct pipeline *p, enum wire_err code, const char *words)
{
    struct fault fault = FAULT_NONE;
    (void)fault_set(&fault, code, FAULT_NOWHERE, "", "%s", words);
    for (struct job *job; (job = order_next(&p->order));)
        judging_refuse(p, job, &fault);
}

static void
judge_ready(struct pipeline *p)
{
    struct writer *w = &p->writer;
    if (atomic_load(&p->full)) {
        refuse_ready(p, WIRE_STORE_FULL, "the disk is below its floor");
        return;
    }
    while (p->order.ready_count > 0) {
        if (w->open && !takes(p, w->open, p->order.ready))
            return;
        if (!w->open && !judging_open_batch(p)) {
            refuse_ready(p, WIRE_NO_MEMORY, "no memory for a batch");
            return;
        }
        judging_take(p, order_next(&p->order));
    }
}

// A checkpoint waits for the batch that syncs and for the open one, since both are part of
// its transaction; no new one is begun meanwhile.
static void
checkpoint_turn(struct pipeline *p)
{
    struct writer *w = &p->writer;
    if (w->syncing || w->open)
        return;
    checkpoint_run(p);
    if (w->gate && !w->uncommitted)
        open_gate(p);
}

static void
work(struct pipeline *p, int64_t now_us)
{
    struct writer *w = &p->writer;
    bool due = checkpoint_due(p, now_us);
    // A checkpoint that the disk has no room for may be due for long; refusals go out.
    if ((!due && !w->gate) || atomic_load(&p->full))
        judge_ready(p);
    if (w->open && !w->syncing && (due || held_long_enough(p, now_us))) {
        struct tail_batch *batch = judging_close_batch(p);
        if (batch)
            hand_over(p, batch);
    }
    if (due || w->gate)
        checkpoint_turn(p);
}

static void
look_around(struct pipeline *p, int64_t now_us)
{
    struct clock_reading reading = {.wall_us = clock_wall_us(),
        .monotonic_us = now_us,
        .synchronised = p->writer.synchronised};
    int64_t house_us = house_time_tell(&p->house, &reading);
    atomic_store(&p->house_told_us, house_us);
    atomic_store(&p->house_told_at, reading.monotonic_us);
    if (now_us - p->writer.looked_us < LOOK_US)
        return;
    p->writer.looked_us = now_us;
    p->writer.synchronised = clock_synchronised();
    space_look(&p->space);
    atomic_store(&p->full, p->space.full || p->writer.retry_us != 0);
    atomic_store(&p->disk_free, p->space.free_bytes);
}

static int
timeout_ms(struct pipeline *p, int watch_ms, int64_t now_us)
{
    const struct writer *w = &p->writer;
    if (w->open)
        return 1; // the hold
    if (p->order.ready_count > 0 && !w->syncing)
        return 0;
    int ms = watch_ms < 100 ? watch_ms : 100;
    if (w->uncommitted_records > 0) {
        int64_t idle_us = w->idle_since_us + p->settings.checkpoint_idle_us;
        int64_t left = (idle_us > w->retry_us ? idle_us : w->retry_us) - now_us;
        int left_ms = left > 0 ? (int)(left / 1000) + 1 : 1;
        ms = left_ms < ms ? left_ms : ms;
    }
    return ms;
}

static void
take_events(struct pipeline *p, struct epoll_event *events, int count)
{
    for (int i = 0; i < count; i++) {
        struct slot *slot = events[i].data.ptr;
        if (slot)
            pool_receive(&p->pool, slot, done_reading, p);
    }
    uint64_t rung;
    ssize_t n = read(p->wake, &rung, sizeof rung);
    (void)n;
    take_failed(p);
    take_notes(p);
    take_synced(p);
}

static bool
finished(struct pipeline *p)
{
    const struct writer *w = &p->writer;
    return atomic_load(&p->stopping) && order_is_empty(&p->order) &&
           pool_inside(&p->pool) == 0 && !w->open && !w->syncing &&
           // on a full disk the log keeps what LMDB can't take, and who waits for the
           // gate sends again
           ((w->uncommitted_records == 0 && !w->gate) || atomic_load(&p->full));
}

// A look-up that failed was no miss, so nothing judged since may stand.
static void
die_with_index(struct pipeline *p)
{
    struct fault fault = FAULT_NONE;
    (void)fault_set(&fault, index_fault(p->index), FAULT_NOWHERE, "index",
        "the index can't be read; it is filled again at the next start");
    pipeline_die("reading the index", &fault);
}

void *
writer_main(void *pipeline)
{
    struct pipeline *p = pipeline;
    struct epoll_event events[EVENTS];
    struct fault fault = FAULT_NONE;
    if (fault_set(&fault, store_begin_write(p->store, &p->writer.txn), FAULT_NOWHERE,
            "", "no writing transaction"))
        pipeline_die("starting the writer", &fault);
    while (!finished(p)) {
        int64_t now_us = clock_monotonic_us();
        look_around(p, now_us);
        work(p, now_us);
        if (index_fault(p->index))
            die_with_index(p);
        int watch_ms = pool_watch(&p->pool, now_us);
        int n = epoll_wait(
            p->pool.writer_epoll, events, EVENTS, timeout_ms(p, watch_ms, now_us));
        take_events(p, events, n > 0 ? n : 0);
    }
    while (!atomic_load(&p->full) && checkpoint_flush_index(p))
        ; // so that the next start fills little
    store_abort_write(&p->writer.txn);
    (void)mailbox_put(p->to_sync, NULL);
    return NULL;
}
