#include "pipeline/renewal.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "pipeline/inner.h"

#define BOX 4096U

// ---- a run, packed: also the beginning of the map RENEWAL

#define RUN_NUMBERS 9U

static const char *const number_names[RUN_NUMBERS] = {"run", "next", "last", "looked",
    "same", "different", "rekeyed", "unread", "unmatched"};

static uint64_t *
numbers(struct run *run, unsigned i)
{
    uint64_t *const all[RUN_NUMBERS] = {&run->number, &run->next, &run->last,
        &run->looked, &run->same, &run->different, &run->rekeyed, &run->unread,
        &run->unmatched};
    return all[i];
}

static void
put_pairs(const struct run *given, struct wire_writer *w)
{
    struct run run = *given;
    for (unsigned i = 0; i < RUN_NUMBERS; i++) {
        wire_put_key(w, number_names[i]);
        wire_put_uint(w, *numbers(&run, i));
    }
    wire_put_key(w, "unknown");
    wire_put_uint(w, run.unknown);
    wire_put_key(w, "running");
    wire_put_bool(w, run.running);
    wire_put_key(w, "dry");
    wire_put_bool(w, run.dry);
    wire_put_key(w, "source");
    wire_put_str(w, slice_str(run.source));
    wire_put_key(w, "since");
    wire_put_int(w, run.since_us);
}
#define RUN_PAIRS (RUN_NUMBERS + 5U)

void
run_encode(const struct run *run, struct wire_writer *w)
{
    wire_put_map(w, RUN_PAIRS);
    put_pairs(run, w);
}

static void
take_text(struct slice text, char out[65])
{
    struct slice s = slice_until(text, 64);
    if (s.size)
        memcpy(out, s.data, s.size);
    out[s.size] = '\0';
}

static void
take_pair(struct wire_reader *r, struct run *out)
{
    struct slice key = wire_read_str(r);
    for (unsigned i = 0; i < RUN_NUMBERS; i++)
        if (slice_is(key, number_names[i])) {
            *numbers(out, i) = wire_read_uint(r);
            return;
        }
    if (slice_is(key, "unknown"))
        out->unknown = wire_read_uint(r);
    else if (slice_is(key, "running"))
        out->running = wire_read_bool(r);
    else if (slice_is(key, "dry"))
        out->dry = wire_read_bool(r);
    else if (slice_is(key, "source"))
        take_text(wire_read_str(r), out->source);
    else if (slice_is(key, "since"))
        out->since_us = wire_read_int(r);
    else
        (void)wire_skip(r);
}

bool
run_decode(struct slice packed, struct run *out)
{
    uint64_t at;
    struct run run = {.since_us = TIME_NONE};
    if (wire_scan(packed, &wire_limits_header, &at))
        return false;
    struct wire_reader r = wire_reader(packed);
    if (wire_peek(&r) != WIRE_MAP)
        return false;
    for (uint32_t n = wire_read_map(&r); n > 0 && !r.err; n--)
        take_pair(&r, &run);
    if (r.err || run.number == 0)
        return false;
    *out = run;
    return true;
}

// ---- opening, and the end

static enum wire_err
load(struct pipeline *p, struct fault *fault)
{
    struct store_txn *txn = NULL;
    struct slice packed;
    enum wire_err err = store_begin_read(p->store, &txn);
    if (!err)
        err = store_get_renewal(txn, &packed);
    if (!err && !run_decode(packed, &p->renewal.run))
        err = WIRE_DAMAGED;
    if (txn)
        store_end_read(&txn);
    if (!err || err == WIRE_NOT_FOUND)
        return WIRE_OK;
    return fault_set(fault, err, FAULT_NOWHERE, "meta", "cannot read the renewal");
}

enum wire_err
renewal_open(struct pipeline *p, struct fault *fault)
{
    struct renewal *r = &p->renewal;
    r->run.since_us = TIME_NONE;
    r->box = mailbox_new(BOX);
    r->chores = mailbox_new(BOX);
    r->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (!r->box || !r->chores || r->wake < 0)
        return fault_set(fault, WIRE_NO_MEMORY, FAULT_NOWHERE, "", "out of memory");
    return load(p, fault);
}

enum wire_err
renewal_run(struct pipeline *p, struct fault *fault)
{
    struct renewal *r = &p->renewal;
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = NULL};
    (void)epoll_ctl(p->pool.intake_epoll, EPOLL_CTL_ADD, mailbox_fd(r->chores), &e);
    if (pthread_create(&r->thread, NULL, renewer_main, p) != 0)
        return fault_set(fault, WIRE_NO_MEMORY, FAULT_NOWHERE, "", "no thread");
    (void)pthread_setname_np(r->thread, "renewer");
    r->started = true;
    return WIRE_OK;
}

static void
wake(struct renewal *r)
{
    uint64_t one = 1;
    ssize_t n = write(r->wake, &one, sizeof one);
    (void)n;
}

void
renewal_stop(struct pipeline *p)
{
    struct renewal *r = &p->renewal;
    if (!r->started)
        return;
    atomic_store(&r->stopping, true);
    wake(r);
    mailbox_ring(r->box);
    (void)pthread_join(r->thread, NULL);
    r->started = false;
}

static void
free_jobs(struct mailbox *box)
{
    void *item;
    while (box && mailbox_take(box, &item, 1) == 1) {
        struct job *job = item;
        job_free(&job);
    }
}

void
renewal_close(struct pipeline *p)
{
    struct renewal *r = &p->renewal;
    free_jobs(r->box);
    free_jobs(r->chores);
    job_free_all(r->waiting);
    r->waiting = r->waiting_last = NULL;
    mailbox_free(&r->box);
    mailbox_free(&r->chores);
    wire_writer_fini(&r->examples);
    if (r->wake > 0)
        (void)close(r->wake);
    r->wake = -1;
}

// ---- asking

enum wire_err
pipeline_renew(
    struct pipeline *p, const struct pipeline_renew *wanted, struct fault *fault)
{
    struct renewal *r = &p->renewal;
    enum wire_err err = WIRE_OK;
    (void)pthread_mutex_lock(&r->lock);
    if (r->run.running || r->asked) {
        err = fault_set(fault, WIRE_BUSY, FAULT_NOWHERE, "",
            "history is being read again already: run %llu",
            (unsigned long long)r->run.number);
    } else {
        struct run run = {.number = r->run.number + 1,
            .running = true,
            .dry = wanted->dry,
            .since_us = wanted->since_us,
            .next = 1};
        take_text(wanted->source, run.source);
        r->run = run;
        r->asked = true;
        wire_writer_reset(&r->examples);
        r->examples_count = 0;
    }
    (void)pthread_mutex_unlock(&r->lock);
    if (!err)
        wake(r);
    return err;
}

void
pipeline_renewal(struct pipeline *p, struct wire_writer *w)
{
    struct renewal *r = &p->renewal;
    (void)pthread_mutex_lock(&r->lock);
    wire_put_map(w, RUN_PAIRS + 1);
    put_pairs(&r->run, w);
    wire_put_key(w, "examples");
    wire_put_array(w, r->examples_count);
    wire_put_raw(w, wire_written(&r->examples));
    (void)pthread_mutex_unlock(&r->lock);
}

int
pipeline_renewing(struct pipeline *p)
{
    struct renewal *r = &p->renewal;
    (void)pthread_mutex_lock(&r->lock);
    const struct run *run = &r->run;
    int part = run->last ? (int)((run->next - 1) * 1000 / run->last) : 0;
    bool running = run->running;
    (void)pthread_mutex_unlock(&r->lock);
    return running ? part : -1;
}

void
renewal_tell(struct renewing *working)
{
    struct renewal *r = &working->p->renewal;
    (void)pthread_mutex_lock(&r->lock);
    r->run = working->run;
    wire_writer_reset(&r->examples);
    wire_put_raw(&r->examples, wire_written(&working->examples));
    r->examples_count = r->examples.failed ? 0 : working->examples_count;
    (void)pthread_mutex_unlock(&r->lock);
}

// ---- intake's side

static void
take_chores(struct renewal *r)
{
    void *jobs[64];
    size_t n;
    while ((n = mailbox_take(r->chores, jobs, 64)) > 0)
        for (size_t i = 0; i < n; i++) {
            struct job *job = jobs[i];
            job->next = NULL;
            if (r->waiting)
                r->waiting_last->next = job;
            else
                r->waiting = job;
            r->waiting_last = job;
        }
}

void
renewal_chores(struct pipeline *p)
{
    struct renewal *r = &p->renewal;
    if (!atomic_load(&r->busy))
        return;
    take_chores(r);
    while (r->waiting) {
        struct job *job = r->waiting, *next = job->next;
        if (!pool_chore(&p->pool, job))
            return;
        r->waiting = next; // entering the reader took the link
    }
}
