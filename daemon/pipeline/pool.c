// Intake's side of the pool: starting readers and sending to them.
// Runs on: intake.
#include "pipeline/pool.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/logline.h"
#include "pipeline/chunk.h"

#define INSIDE_BYTES ((uint64_t)1 << 20) // in one reader, unless it is a single job
#define INSIDE_JOBS 256U

enum wire_err
pool_start_slot(struct pool *pool, struct slot *slot)
{
    int fd;
    struct hop_progress *progress;
    pid_t pid = reader_start(pool->settings, &fd, &progress);
    if (pid < 0)
        return WIRE_IO;
    (void)fcntl(fd, F_SETFL, O_NONBLOCK);
    (void)pthread_mutex_lock(&pool->lock);
    slot->pid = pid;
    slot->end = END_BY_ITSELF;
    slot->ready = false;
    slot->progress = progress;
    slot->fd = fd;
    (void)pthread_mutex_unlock(&pool->lock);
    slot->taken = 0;
    slot->rests_until_us = 0;
    slot->retiring = slot->waiting_to_send = false;
    slot->unsent = slot->unsent_last = NULL;
    slot->unsent_at = 0;
    struct epoll_event in = {.events = EPOLLIN, .data.ptr = slot};
    struct epoll_event out = {.events = 0, .data.ptr = slot};
    (void)epoll_ctl(pool->intake_epoll, EPOLL_CTL_ADD, fd, &out);
    (void)epoll_ctl(pool->writer_epoll, EPOLL_CTL_ADD, fd, &in);
    return WIRE_OK;
}

static enum wire_err
open_boxes(struct pool *pool)
{
    pool->dead = mailbox_new(POOL_READERS_MAX * 2);
    pool->failed = mailbox_new(4096);
    pool->intake_epoll = epoll_create1(EPOLL_CLOEXEC);
    pool->writer_epoll = epoll_create1(EPOLL_CLOEXEC);
    if (!pool->dead || !pool->failed || pool->intake_epoll < 0 ||
        pool->writer_epoll < 0)
        return WIRE_NO_MEMORY;
    pool->alarm_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    if (pool->alarm_fd < 0)
        return WIRE_NO_MEMORY;
    struct epoll_event dead = {.events = EPOLLIN, .data.ptr = NULL};
    (void)epoll_ctl(pool->intake_epoll, EPOLL_CTL_ADD, pool->alarm_fd, &dead);
    (void)epoll_ctl(pool->intake_epoll, EPOLL_CTL_ADD, mailbox_fd(pool->dead), &dead);
    return WIRE_OK;
}

enum wire_err
pool_open(
    struct pool *pool, const struct pipeline_settings *settings, struct fault *fault)
{
    *pool = (struct pool){
        .settings = settings, .intake_epoll = -1, .writer_epoll = -1, .alarm_fd = -1};
    (void)pthread_mutex_init(&pool->lock, NULL);
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    uint32_t want =
        settings->readers ? settings->readers : (uint32_t)(cores > 0 ? cores : 1);
    pool->count = want < POOL_READERS_MAX ? want : POOL_READERS_MAX;
    for (uint32_t i = 0; i < POOL_READERS_MAX; i++)
        pool->slots[i].fd = -1;
    char why[200];
    if (settings->sandbox && !reader_sandbox_holds(settings, why, sizeof why))
        return fault_set(fault, WIRE_INTERNAL, FAULT_NOWHERE, "", "sandbox: %s", why);
    if (open_boxes(pool))
        return fault_set(
            fault, WIRE_NO_MEMORY, FAULT_NOWHERE, "", "no memory for readers");
    for (uint32_t i = 0; i < pool->count; i++)
        if (pool_start_slot(pool, &pool->slots[i]))
            return fault_set(fault, WIRE_IO, FAULT_NOWHERE, "",
                "cannot start a reader process: errno %d", errno);
    return WIRE_OK;
}

static void
end_slot(struct slot *slot)
{
    int status;
    if (slot->fd >= 0)
        (void)close(slot->fd);
    slot->fd = -1;
    if (slot->pid > 0) {
        (void)kill(slot->pid, SIGKILL);
        while (waitpid(slot->pid, &status, 0) < 0 && errno == EINTR)
            ;
    }
    slot->pid = 0;
    reader_forget_page(&slot->progress);
    chunk_let_go(&slot->in);
}

// Chores that nobody came for; everything live is answered before it comes to this.
static void
free_chores(struct job *jobs)
{
    for (struct job *job = jobs, *next; job; job = next) {
        next = job->next;
        if (job->box)
            job_free(&job);
    }
}

void
pool_close(struct pool *pool)
{
    for (uint32_t i = 0; i < pool->count; i++) {
        end_slot(&pool->slots[i]);
        free_chores(pool->slots[i].first);
    }
    free_chores(pool->waiting);
    mailbox_free(&pool->dead);
    mailbox_free(&pool->failed);
    if (pool->intake_epoll >= 0)
        (void)close(pool->intake_epoll);
    if (pool->writer_epoll >= 0)
        (void)close(pool->writer_epoll);
    if (pool->alarm_fd >= 0)
        (void)close(pool->alarm_fd);
    (void)pthread_mutex_destroy(&pool->lock);
    *pool = (struct pool){.intake_epoll = -1, .writer_epoll = -1, .alarm_fd = -1};
}

// ---- sending

static bool
make_hop(struct job *job)
{
    struct wire_writer w = {0};
    struct hop_head head = {0};
    wire_put_raw(&w, slice_of(&head, sizeof head));
    submission_encode(&job->submission, &w);
    if (w.failed) {
        wire_writer_fini(&w);
        return false;
    }
    job->hop = wire_written(&w); // the job owns the writer's memory now
    return true;
}

void
pool_enter(struct pool *pool, struct slot *slot, struct job *job)
{
    struct hop_head head = {.first_bytes = (uint32_t)(job->hop.size - sizeof head),
        .second_bytes = (uint32_t)job->raw.size,
        .tag = ++slot->next_tag,
        .third_bytes = (uint32_t)job->how.size,
        .how = (job->explain ? HOP_EXPLAIN : 0) | (job->released ? HOP_RELEASED : 0) |
               (job->bare ? HOP_BARE : 0)};
    memcpy((void *)(uintptr_t)job->hop.data, &head, sizeof head);
    job->tag = head.tag;
    job->next = NULL;
    (void)pthread_mutex_lock(&pool->lock);
    if (slot->last)
        slot->last->next = job;
    else
        slot->first = job;
    slot->last = job;
    slot->jobs++;
    slot->chores += job->box != NULL;
    slot->bytes += job->raw.size;
    (void)pthread_mutex_unlock(&pool->lock);
    slot->taken++;
    job->send_next = NULL;
    if (slot->unsent)
        slot->unsent_last->send_next = job;
    else
        slot->unsent = job;
    slot->unsent_last = job;
}

static bool
has_room(
    struct pool *pool, struct slot *slot, const struct job *job, uint64_t *load_out)
{
    if (slot->fd < 0 || slot->retiring)
        return false;
    (void)pthread_mutex_lock(&pool->lock);
    uint64_t load = slot->bytes;
    uint32_t jobs = slot->jobs;
    bool taken = jobs > 0 && (job->alone || slot->last->alone);
    (void)pthread_mutex_unlock(&pool->lock);
    *load_out = load;
    return jobs == 0 ||
           (!taken && jobs < INSIDE_JOBS && load + job->raw.size <= INSIDE_BYTES);
}

static struct slot *
least_loaded(struct pool *pool, const struct job *job)
{
    struct slot *best = NULL;
    uint64_t least = UINT64_MAX;
    for (uint32_t i = 0; i < pool->count; i++) {
        uint64_t load;
        if (has_room(pool, &pool->slots[i], job, &load) && load < least) {
            best = &pool->slots[i];
            least = load;
        }
    }
    return best;
}

static void
retire_if_old(struct pool *pool, struct slot *slot)
{
    if (pool->settings->reader_submissions &&
        slot->taken >= pool->settings->reader_submissions)
        slot->retiring = true;
}

static bool
send_to_one(struct pool *pool, struct job *job)
{
    struct slot *slot = least_loaded(pool, job);
    if (!slot)
        return false;
    pool_enter(pool, slot, job);
    retire_if_old(pool, slot);
    return true;
}

static void
send_waiting(struct pool *pool)
{
    while (pool->waiting) {
        struct job *job = pool->waiting, *next = job->next;
        if (!send_to_one(pool, job)) {
            job->next = next;
            return;
        }
        pool->waiting = next;
    }
    pool->waiting_last = NULL;
}

bool
pool_submit(struct pool *pool, struct job *job)
{
    send_waiting(pool);
    if (pool->waiting)
        return false;
    if (!job->hop.data && !make_hop(job))
        return false;
    return send_to_one(pool, job);
}

#define CHORE_JOBS 8U // inside at once: a live one that comes to it waits so long
#define CHORE_BYTES ((uint64_t)256 << 10)

bool
pool_chore(struct pool *pool, struct job *job)
{
    struct slot *slot = &pool->slots[pool->count - 1];
    if (pool->waiting || pool_inside(pool) > 0 || slot->fd < 0 || slot->retiring)
        return false;
    (void)pthread_mutex_lock(&pool->lock);
    bool full = slot->jobs >= CHORE_JOBS || (slot->jobs && slot->bytes > CHORE_BYTES);
    (void)pthread_mutex_unlock(&pool->lock);
    if (full || (!job->hop.data && !make_hop(job)))
        return false;
    pool_enter(pool, slot, job);
    retire_if_old(pool, slot);
    return true;
}

#define PARTS 3 // of a job: before its raw, that, behind it
#define PIECES (PARTS * HOP_BATCH)

static int
gather(const struct slot *slot, struct iovec pieces[PIECES])
{
    int n = 0;
    size_t skip = slot->unsent_at;
    for (struct job *j = slot->unsent; j && n < (int)PIECES; j = j->send_next) {
        struct slice parts[PARTS] = {j->hop, j->raw, j->how};
        for (int k = 0; k < PARTS && n < (int)PIECES; k++) {
            size_t drop = skip < parts[k].size ? skip : parts[k].size;
            skip -= drop;
            pieces[n++] = (struct iovec){
                (void *)(uintptr_t)(parts[k].data + drop), parts[k].size - drop};
        }
    }
    return n;
}

static void
advance(struct slot *slot, size_t sent)
{
    slot->unsent_at += sent;
    while (slot->unsent) {
        size_t whole =
            slot->unsent->hop.size + slot->unsent->raw.size + slot->unsent->how.size;
        if (slot->unsent_at < whole)
            return;
        slot->unsent_at -= whole;
        slot->unsent = slot->unsent->send_next;
    }
}

static void
wait_to_send(struct pool *pool, struct slot *slot, bool wait)
{
    if (slot->waiting_to_send == wait)
        return;
    slot->waiting_to_send = wait;
    struct epoll_event e = {.events = wait ? EPOLLOUT : 0, .data.ptr = slot};
    (void)epoll_ctl(pool->intake_epoll, EPOLL_CTL_MOD, slot->fd, &e);
}

// A job may be answered and judged the moment its last byte went; it is not freed before
// intake has its answer, and send_next is intake's alone.
static void
flush_slot(struct pool *pool, struct slot *slot)
{
    struct iovec pieces[PIECES];
    while (slot->fd >= 0 && slot->unsent) {
        int n = gather(slot, pieces);
        struct msghdr message = {.msg_iov = pieces, .msg_iovlen = (size_t)n};
        ssize_t sent = sendmsg(slot->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0) {
            wait_to_send(pool, slot, errno == EAGAIN); // else the writer sees its end
            return;
        }
        advance(slot, (size_t)sent);
    }
    if (slot->fd >= 0)
        wait_to_send(pool, slot, false);
}

static void
retire(struct pool *pool, struct slot *slot)
{
    (void)pthread_mutex_lock(&pool->lock);
    bool idle = slot->jobs == 0;
    (void)pthread_mutex_unlock(&pool->lock);
    if (idle && slot->fd >= 0)
        (void)shutdown(slot->fd, SHUT_WR); // it ends when it has read the last byte
}

void
pool_flush(struct pool *pool)
{
    send_waiting(pool);
    for (uint32_t i = 0; i < pool->count; i++) {
        flush_slot(pool, &pool->slots[i]);
        if (pool->slots[i].retiring)
            retire(pool, &pool->slots[i]);
    }
}
