// The door's functions: opening, running, draining, and what other threads may ask.
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/logline.h"
#include "pipeline/opening.h"
#include "pipeline/renewal.h"
#include "pipeline/rules.h"
#include "pipeline/skip.h"

#define ALIVE_US (10 * SECOND_US) // without a turn of the writer: hung

_Noreturn void
pipeline_die(const char *doing, const struct fault *fault)
{
    log_error("stopping=%s error=%s why=\"%s\" next=\"%s\"", doing,
        wire_error_name(fault->code), fault->words, wire_error_next(fault->code));
    _exit(EX_IOERR);
}

static bool
open_boxes(struct pipeline *p)
{
    p->answers = mailbox_new(ANSWERS_MAX);
    p->notes = mailbox_new(ANSWERS_MAX);
    p->to_sync = mailbox_new(2);
    p->from_sync = mailbox_new(2);
    p->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    return p->answers && p->notes && p->to_sync && p->from_sync && p->wake >= 0 &&
           order_init(&p->order) && tail_init(&p->tail);
}

static void
watch_boxes(struct pipeline *p)
{
    int fds[] = {mailbox_fd(p->notes), mailbox_fd(p->from_sync),
        mailbox_fd(p->pool.failed), p->wake};
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = NULL};
    for (size_t i = 0; i < sizeof fds / sizeof *fds; i++)
        (void)epoll_ctl(p->pool.writer_epoll, EPOLL_CTL_ADD, fds[i], &e);
}

static enum wire_err
open_all(struct pipeline *p, struct fault *fault)
{
    enum wire_err err = opening_lock(p->settings.path, &p->lock_fd, fault);
    if (!err)
        err = space_open(&p->space, p->settings.path, p->settings.ballast_bytes,
            p->settings.floor_bytes, fault);
    if (!err)
        err = opening_make(&p->settings, fault);
    if (!err)
        err = opening_recover(p, fault);
    if (!err)
        err = rules_open(p, fault);
    if (!err)
        err = renewal_open(p, fault);
    if (!err)
        err = pool_open(&p->pool, &p->settings, fault);
    if (!err && !open_boxes(p))
        err = fault_set(fault, WIRE_NO_MEMORY, FAULT_NOWHERE, "", "out of memory");
    return err;
}

enum wire_err
pipeline_open(const struct pipeline_settings *settings, struct pipeline **out,
    struct fault *fault)
{
    struct pipeline *p = calloc(1, sizeof *p);
    if (!p)
        return fault_set(fault, WIRE_NO_MEMORY, FAULT_NOWHERE, "", "out of memory");
    p->settings = *settings;
    p->lock_fd = p->wake = p->space.directory = -1;
    p->pool.intake_epoll = p->pool.writer_epoll = p->pool.alarm_fd = -1;
    (void)pthread_mutex_init(&p->durable_lock, NULL);
    (void)pthread_mutex_init(&p->rules.lock, NULL);
    (void)pthread_mutex_init(&p->renewal.lock, NULL);
    enum wire_err err = open_all(p, fault);
    if (err) {
        pipeline_close(&p);
        return err;
    }
    watch_boxes(p);
    atomic_store(&p->full, p->space.full);
    atomic_store(&p->disk_free, p->space.free_bytes);
    *out = p;
    return WIRE_OK;
}

enum wire_err
pipeline_run(struct pipeline *p, struct fault *fault)
{
    if (pthread_create(&p->syncer_thread, NULL, syncer_main, p) != 0)
        return fault_set(fault, WIRE_NO_MEMORY, FAULT_NOWHERE, "", "no thread");
    bool keeper = pthread_create(&p->keeper_thread, NULL, keeper_main, p) == 0;
    if (keeper && pthread_create(&p->writer_thread, NULL, writer_main, p) == 0) {
        (void)pthread_setname_np(p->syncer_thread, "syncer");
        (void)pthread_setname_np(p->keeper_thread, "keeper");
        (void)pthread_setname_np(p->writer_thread, "writer");
        p->running = true;
        return renewal_run(p, fault);
    }
    atomic_store(&p->stopping, true);
    (void)mailbox_put(p->to_sync, NULL);
    (void)pthread_join(p->syncer_thread, NULL);
    if (keeper)
        (void)pthread_join(p->keeper_thread, NULL);
    return fault_set(fault, WIRE_NO_MEMORY, FAULT_NOWHERE, "", "no thread");
}

static void
wake_writer(struct pipeline *p)
{
    uint64_t one = 1;
    ssize_t n = write(p->wake, &one, sizeof one);
    (void)n;
}

void
pipeline_drain(struct pipeline *p)
{
    if (!p->running)
        return;
    renewal_stop(p);
    atomic_store(&p->stopping, true);
    wake_writer(p);
    (void)pthread_join(p->writer_thread, NULL);
    (void)pthread_join(p->syncer_thread, NULL);
    (void)pthread_join(p->keeper_thread, NULL);
    p->running = false;
}

static void
free_leftovers(struct pipeline *p)
{
    void *item;
    while (p->answers && mailbox_take(p->answers, &item, 1) == 1) {
        struct job *job = item;
        job_free(&job);
    }
    while (p->notes && mailbox_take(p->notes, &item, 1) == 1)
        free(item);
    for (struct tail_batch *b = p->writer.uncommitted, *next; b; b = next) {
        next = b->next;
        batch_let_go(b);
    }
    for (struct tail_batch *b = p->writer.gate, *next; b; b = next) {
        next = b->gate_next;
        job_free_all(b->jobs);
        batch_let_go(b);
    }
}

void
pipeline_close(struct pipeline **pp)
{
    struct pipeline *p = *pp;
    if (!p)
        return;
    pipeline_drain(p);
    free_leftovers(p);
    known_free(p);
    pool_close(&p->pool);
    renewal_close(p);
    rules_close(p);
    log_close(&p->log);
    index_close(&p->index);
    store_close(&p->store);
    order_fini(&p->order);
    if (p->tail.ring)
        tail_fini(&p->tail);
    mailbox_free(&p->answers);
    mailbox_free(&p->notes);
    mailbox_free(&p->to_sync);
    mailbox_free(&p->from_sync);
    if (p->wake >= 0)
        (void)close(p->wake);
    space_close(&p->space);
    if (p->lock_fd >= 0)
        (void)close(p->lock_fd);
    (void)pthread_mutex_destroy(&p->durable_lock);
    free(p);
    *pp = NULL;
}

// ---- intake's thread

bool
pipeline_submit(struct pipeline *p, struct job *job)
{
    if (!job->prepared.data)
        return rules_give(p, job) && pool_submit(&p->pool, job);
    return mailbox_put(p->pool.failed, job); // there is nothing to read
}

void
pipeline_flush(struct pipeline *p)
{
    renewal_chores(p);
    pool_flush(&p->pool);
}

struct mailbox *
pipeline_answers(struct pipeline *p)
{
    return p->answers;
}

int
pipeline_intake_fd(const struct pipeline *p)
{
    return p->pool.intake_epoll;
}

void
pipeline_intake_turn(struct pipeline *p)
{
    pool_turn(&p->pool);
    renewal_chores(p);
    pool_flush(&p->pool);
}

void
pipeline_forget(struct pipeline *p, uint64_t connection, uint64_t turns)
{
    struct writer_note *note = calloc(1, sizeof *note);
    if (!note)
        return; // its lane stays: a few bytes
    *note = (struct writer_note){connection, turns};
    if (!mailbox_put(p->notes, note))
        free(note);
}

// ---- any thread

void
pipeline_durable(struct pipeline *p, struct durable *out)
{
    (void)pthread_mutex_lock(&p->durable_lock);
    *out = p->durable;
    (void)pthread_mutex_unlock(&p->durable_lock);
}

void
pipeline_watch(struct pipeline *p, struct watch *watch)
{
    unsigned n = atomic_load(&p->watcher_count);
    if (n == sizeof p->watchers / sizeof *p->watchers)
        return;
    p->watchers[n] = watch;
    atomic_store(&p->watcher_count, n + 1);
}

void
pipeline_want_checkpoint(struct pipeline *p)
{
    if (!atomic_exchange(&p->checkpoint_asked, true))
        wake_writer(p);
}

int64_t
pipeline_house_us(struct pipeline *p)
{
    int64_t told_at = atomic_load(&p->house_told_at);
    int64_t passed = clock_monotonic_us() - told_at;
    return atomic_load(&p->house_told_us) + (passed > 0 ? passed : 0);
}

bool
pipeline_full(struct pipeline *p)
{
    return atomic_load(&p->full);
}

uint64_t
pipeline_disk_free(struct pipeline *p)
{
    return atomic_load(&p->disk_free);
}

struct store *
pipeline_store(struct pipeline *p)
{
    return p->store;
}

struct index *
pipeline_index(struct pipeline *p)
{
    return p->index;
}

uint64_t
pipeline_store_bytes(struct pipeline *p)
{
    char path[4096];
    struct stat st;
    opening_path(&p->settings, "store/main/data.mdb", path);
    return stat(path, &st) == 0 ? (uint64_t)st.st_blocks * 512 : 0;
}

void
pipeline_disk_failed(void)
{
    deaths_forgive();
}

bool
pipeline_alive(struct pipeline *p)
{
    return clock_monotonic_us() - atomic_load(&p->house_told_at) < ALIVE_US;
}

size_t
tail_take(struct pipeline *p, uint64_t from, struct tail_row *out, size_t max)
{
    return tail_copy(&p->tail, from, out, max);
}
