// The log's thread: append, one sync a batch, then make it known. While a batch is here
// the writer judges the next.
// Runs on: syncer (and writer, for small batches when nothing else is in flight).
#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "base/logline.h"
#include "pipeline/inside.h"

enum wire_err
syncer_sync(struct pipeline *p, struct tail_batch *batch)
{
    struct fault fault = FAULT_NONE;
    if (batch->count == 0)
        return WIRE_OK; // only answers that wait for the batch before
    struct log_records records = {.pieces = batch->pieces,
        .pieces_each = BATCH_PIECES,
        .count = batch->count,
        .first_record = batch->first.record,
        .seq = batch->seq,
        .hash = &batch->hash};
    enum wire_err err = log_reserve(p->log, batch->bytes, batch->count, false, &fault);
    if (err == WIRE_STORE_FULL)
        return err;
    if (!err)
        err = log_append(p->log, &records, &batch->log_end, &fault);
    if (!err)
        err = log_sync(p->log, &fault);
    if (err)
        pipeline_die("syncing the log", &fault);
    return WIRE_OK;
}

void
syncer_ring(struct pipeline *p)
{
    uint64_t one = 1;
    unsigned count = atomic_load(&p->watcher_count);
    for (unsigned i = 0; i < count; i++) {
        if (!atomic_load(&p->watchers[i]->wanted))
            continue; // a wake-up for nothing costs an article 20 us at depth 1
        ssize_t n = write(p->watchers[i]->eventfd, &one, sizeof one);
        (void)n; // EAGAIN: it has been rung already
    }
}

static void
move_head(struct pipeline *p, const struct tail_batch *batch)
{
    (void)pthread_mutex_lock(&p->durable_lock);
    if (p->durable.oldest_seq == 0 && batch->seq > 0)
        p->durable.oldest_seq = 1;
    p->durable.seq = batch->seq;
    p->durable.hash = batch->hash;
    p->durable.records = batch->last_record;
    p->durable.items = batch->items;
    p->durable.sources = batch->sources;
    p->durable.house_us = batch->house_us;
    (void)pthread_mutex_unlock(&p->durable_lock);
}

static void
send_all(struct pipeline *p, void *const *jobs, size_t n)
{
    for (size_t sent = 0; sent < n;)
        sent += mailbox_put_all(p->answers, jobs + sent, n - sent);
}

static void
send_answers(struct pipeline *p, struct tail_batch *batch)
{
    void *jobs[256];
    size_t n = 0;
    for (struct job *job = batch->jobs, *next; job; job = next) {
        next = job->next; // intake may free it the moment it is there
        if (job->box) {
            judging_give_back(p, job, job->answer);
            continue;
        }
        jobs[n++] = job;
        if (n < sizeof jobs / sizeof *jobs)
            continue;
        send_all(p, jobs, n);
        n = 0;
    }
    send_all(p, jobs, n);
    batch->jobs = batch->jobs_last = NULL;
}

void
syncer_publish(struct pipeline *p, struct tail_batch *batch)
{
    if (!tail_push(&p->tail, batch)) {
        struct fault fault = {.code = WIRE_NO_MEMORY, .words = "out of memory"};
        pipeline_die("keeping the tail", &fault);
    }
    if (batch->count)
        move_head(p, batch);
    send_answers(p, batch);
    if (batch->rows_count)
        syncer_ring(p);
}

static bool
wait_for(struct mailbox *box)
{
    struct pollfd fd = {.fd = mailbox_fd(box), .events = POLLIN};
    return poll(&fd, 1, -1) >= 0 || errno == EINTR;
}

void *
syncer_main(void *pipeline)
{
    struct pipeline *p = pipeline;
    for (;;) {
        void *item;
        if (mailbox_take(p->to_sync, &item, 1) == 0) {
            if (!wait_for(p->to_sync))
                return NULL;
            continue;
        }
        struct tail_batch *batch = item;
        if (batch == NULL)
            return NULL; // the writer's word to end
        batch->refused = syncer_sync(p, batch);
        if (!batch->refused && !batch->waits)
            syncer_publish(p, batch);
        log_prepare(p->log); // before the log is the writer's again
        (void)mailbox_put(p->from_sync, batch);
    }
}
