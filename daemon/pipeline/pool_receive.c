// The writer's side of the pool: answers in, and an eye on the deadline.
// Runs on: writer.
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/logline.h"
#include "pipeline/chunk.h"
#include "pipeline/pool.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define WATCH_MEMORY 1 // a sanitizer build can't live under RLIMIT_AS
#else
#define WATCH_MEMORY 0
#endif

// leave takes the first job out of the reader, if the answer is to it.
static struct job *
leave(struct pool *pool, struct slot *slot, uint64_t tag)
{
    (void)pthread_mutex_lock(&pool->lock);
    struct job *job = slot->first;
    if (job && job->tag != tag)
        job = NULL;
    if (job) {
        slot->first = job->next;
        if (!slot->first)
            slot->last = NULL;
        slot->jobs--;
        slot->chores -= job->box != NULL;
        slot->bytes -= job->raw.size;
    }
    (void)pthread_mutex_unlock(&pool->lock);
    if (job)
        job->next = NULL;
    return job;
}

static void
end_reader(struct pool *pool, struct slot *slot, enum reader_end end)
{
    (void)pthread_mutex_lock(&pool->lock);
    if (slot->pid > 0 && slot->end == END_BY_ITSELF) {
        slot->end = end;
        (void)kill(slot->pid, SIGKILL);
    }
    (void)pthread_mutex_unlock(&pool->lock);
}

static void
tell_intake(struct pool *pool, struct slot *slot)
{
    (void)epoll_ctl(pool->writer_epoll, EPOLL_CTL_DEL, slot->fd, NULL);
    (void)mailbox_put(pool->dead, slot); // one entry a slot: there is room
}

// One answer. False: it breaks the contract of the hop.
static bool
answered(struct pool *pool, struct slot *slot, const struct hop_head *head,
    const uint8_t *body, pool_done_fn *done, void *context)
{
    if (head->tag == 0) {
        (void)pthread_mutex_lock(&pool->lock);
        slot->ready = true;
        (void)pthread_mutex_unlock(&pool->lock);
        return head->first_bytes == 0;
    }
    struct job *job = leave(pool, slot, head->tag);
    if (!job)
        return false;
    job->chunk = chunk_hold(slot->in);
    job->prepared = slice_of(body, head->first_bytes);
    job->explained = slice_of(body + head->first_bytes, head->second_bytes);
    done(context, job);
    return true;
}

static bool
take_answers(struct pool *pool, struct slot *slot, pool_done_fn *done, void *context)
{
    struct hop_head head;
    while (slot->in->size - slot->in_at >= sizeof head) {
        const uint8_t *at = slot->in->bytes + slot->in_at;
        memcpy(&head, at, sizeof head);
        if (head.first_bytes > PREPARED_MAX || head.second_bytes > EXPLAINED_MAX)
            return false;
        size_t whole = sizeof head + head.first_bytes + head.second_bytes;
        if (slot->in->size - slot->in_at < whole)
            return true;
        slot->in_at += whole;
        if (!answered(pool, slot, &head, at + sizeof head, done, context))
            return false;
    }
    return true;
}

// How much is still to come of the answer whose beginning is here; at least one good read.
static size_t
wanted(const struct slot *slot, size_t left)
{
    struct hop_head head;
    size_t more = 0;
    if (left >= sizeof head) {
        memcpy(&head, slot->in->bytes + slot->in_at, sizeof head);
        more = sizeof head + head.first_bytes + head.second_bytes - left;
    }
    return more > HOP_READ ? more : HOP_READ;
}

// room_to_read goes on to a fresh chunk when the rest of this one is too short. Only what
// is not taken yet moves: jobs borrow from the rest.
static bool
room_to_read(struct slot *slot)
{
    size_t left = slot->in ? slot->in->size - slot->in_at : 0;
    size_t want = wanted(slot, left);
    if (slot->in && slot->in->capacity - slot->in->size >= want)
        return true;
    struct chunk *next =
        chunk_new(left + want > HOP_CHUNK ? left + want : (size_t)HOP_CHUNK);
    if (!next)
        return false;
    if (left)
        memcpy(next->bytes, slot->in->bytes + slot->in_at, left);
    next->size = left;
    chunk_let_go(&slot->in);
    slot->in = next;
    slot->in_at = 0;
    return true;
}

void
pool_receive(struct pool *pool, struct slot *slot, pool_done_fn *done, void *context)
{
    for (;;) {
        if (!room_to_read(slot)) {
            end_reader(pool, slot, END_MEMORY);
            tell_intake(pool, slot);
            return;
        }
        size_t room = slot->in->capacity - slot->in->size;
        ssize_t n =
            recv(slot->fd, slot->in->bytes + slot->in->size, room, MSG_DONTWAIT);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno == EAGAIN)
            return;
        if (n <= 0) {
            tell_intake(pool, slot);
            return;
        }
        slot->in->size += (size_t)n;
        if (!take_answers(pool, slot, done, context)) {
            end_reader(pool, slot, END_ANSWER);
            tell_intake(pool, slot);
            return;
        }
        if ((size_t)n < room)
            return;
    }
}

static uint64_t
resident_bytes(pid_t pid)
{
    char path[64];
    unsigned long long size = 0, resident = 0;
    (void)snprintf(path, sizeof path, "/proc/%d/statm", (int)pid);
    FILE *file = fopen(path, "re");
    if (!file)
        return 0;
    if (fscanf(file, "%llu %llu", &size, &resident) != 2) // NOLINT(cert-err34-c)
        resident = 0;
    (void)fclose(file);
    return resident * 4096;
}

#define WATCH_MS 50

// look_at says whether the reader is busy, and ends it if it has been at one submission
// for too long.
static bool
look_at(struct pool *pool, struct slot *slot, int64_t now_us)
{
    (void)pthread_mutex_lock(&pool->lock);
    bool busy = slot->first != NULL && slot->pid > 0 && slot->progress;
    uint64_t tag = busy ? slot->progress->tag : 0;
    pid_t pid = slot->pid;
    (void)pthread_mutex_unlock(&pool->lock);
    if (!busy || tag != slot->seen_tag || pid != slot->seen_pid) {
        slot->seen_pid = pid;
        slot->seen_tag = tag;
        slot->seen_since_us = now_us;
    }
    if (busy && now_us - slot->seen_since_us > pool->settings->reader_deadline_us)
        end_reader(pool, slot, END_TIME);
    if (WATCH_MEMORY && busy &&
        resident_bytes(pid) > pool->settings->reader_memory_bytes)
        end_reader(pool, slot, END_MEMORY);
    return busy;
}

int
pool_watch(struct pool *pool, int64_t now_us)
{
    bool inside = false;
    for (uint32_t i = 0; i < pool->count; i++)
        inside = look_at(pool, &pool->slots[i], now_us) || inside;
    return inside ? WATCH_MS : 1000;
}

uint32_t
pool_inside(struct pool *pool)
{
    uint32_t jobs = 0;
    (void)pthread_mutex_lock(&pool->lock);
    for (uint32_t i = 0; i < pool->count; i++)
        jobs += pool->slots[i].jobs - pool->slots[i].chores;
    (void)pthread_mutex_unlock(&pool->lock);
    return jobs;
}
