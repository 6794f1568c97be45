// After a reader's end: who is to blame, who is tried again, and a fresh process.
// Runs on: intake.
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/logline.h"
#include "normalize/normalize.h"
#include "pipeline/chunk.h"
#include "pipeline/pool.h"
#include "pipeline/quarantine.h"

#define TRIES 2U

static void
why_it_ended(const struct slot *slot, int status, struct fault *fault)
{
    *fault = FAULT_NONE;
    if (slot->end == END_TIME)
        (void)fault_set(fault, WIRE_READER_TIME, FAULT_NOWHERE, "",
            "reading took longer than the deadline");
    else if (slot->end == END_MEMORY ||
             (WIFEXITED(status) && WEXITSTATUS(status) == HOP_EXIT_MEMORY))
        (void)fault_set(fault, WIRE_READER_MEMORY, FAULT_NOWHERE, "",
            "reading took more memory than the limit");
    else if (slot->end == END_ANSWER)
        (void)fault_set(fault, WIRE_READER_ANSWER, FAULT_NOWHERE, "",
            "the reader's answer broke its contract");
    else if (WIFSIGNALED(status))
        (void)fault_set(fault, WIRE_READER_DIED, FAULT_NOWHERE, "",
            "the reader process was killed by signal %d (%s)", WTERMSIG(status),
            sigabbrev_np(WTERMSIG(status)));
    else
        (void)fault_set(fault, WIRE_READER_DIED, FAULT_NOWHERE, "",
            "the reader process ended with status %d", WEXITSTATUS(status));
}

static void
give_up(struct pool *pool, struct job *job, const struct fault *fault)
{
    struct arena arena;
    struct wire_writer w = {0};
    struct prepared p = {.normalizer = NORMALIZER_VERSION,
        .key_version = KEY_VERSION,
        .format = job->submission.format};
    arena_init(&arena, job->raw.size * 2 + (1U << 20));
    quarantine_whole(&p, fault, job->raw, &arena);
    prepared_encode(&p, &w);
    arena_fini(&arena);
    if (!w.failed)
        (void)job_prepared(job, wire_written(&w)); // without it the writer refuses
    wire_writer_fini(&w);
    while (!mailbox_put(pool->failed, job))
        (void)sched_yield(); // thousands failing at once: the writer drains it
}

static void
put_back(struct pool *pool, struct job *first, struct job *last)
{
    if (!first)
        return;
    last->next = pool->waiting;
    pool->waiting = first;
    if (!pool->waiting_last)
        pool->waiting_last = last;
}

static void
say_end(pid_t pid, const struct job *blamed, const struct fault *fault)
{
    char id[2 * SUBMISSION_ID_BYTES + 1] = "none", source[80] = "";
    if (blamed) {
        hex_of(blamed->submission.id, SUBMISSION_ID_BYTES, id);
        (void)log_safe(blamed->submission.source, source, sizeof source);
    }
    log_warn("reader=ended pid=%d why=\"%s\" submission=%s source=%s try=%u", (int)pid,
        fault->words, id, source, blamed ? blamed->tries : 0);
}

// in_work gives the job that the reader said it was at, else the first: some job must bear
// the blame, or one that kills readers would be tried for ever.
static struct job *
in_work(const struct slot *slot)
{
    uint64_t tag = slot->progress ? slot->progress->tag : 0;
    for (struct job *job = slot->first; job; job = job->next)
        if (job->tag == tag)
            return job;
    return slot->first;
}

// An answer that breaks the contract may be the doing of any job from the first unanswered
// to the one in work, since answers leave in batches. Each of them is tried alone, and that
// is its second try.
static bool
suspect_all(struct slot *slot)
{
    struct job *last = in_work(slot);
    if (slot->end != END_ANSWER || slot->first == last)
        return false;
    for (struct job *job = slot->first; job; job = job == last ? NULL : job->next) {
        job->alone = true;
        job->tries = TRIES - 1;
    }
    return true;
}

// take_apart empties the slot: the job to blame comes out, all others wait to be sent
// again, untouched. A process that was never ready has read none of them. The writer may
// be looking at the slot meanwhile.
static struct job *
take_apart(struct pool *pool, struct slot *slot)
{
    (void)pthread_mutex_lock(&pool->lock);
    bool none = !slot->ready || suspect_all(slot);
    struct job *blamed = none ? NULL : in_work(slot), *last = NULL;
    struct job **link = &slot->first;
    while (*link)
        if (*link == blamed)
            *link = blamed->next;
        else {
            last = *link;
            link = &last->next;
        }
    put_back(pool, slot->first, last);
    slot->first = slot->last = NULL;
    slot->jobs = slot->chores = 0;
    slot->bytes = 0;
    chunk_let_go(&slot->in);
    reader_forget_page(&slot->progress);
    (void)pthread_mutex_unlock(&pool->lock);
    return blamed;
}

// bury ends the process for good. Its number is forgotten before it is waited for: the
// kernel may give it to another, which the writer must not kill.
static pid_t
bury(struct pool *pool, struct slot *slot, int *status_out)
{
    (void)pthread_mutex_lock(&pool->lock);
    pid_t pid = slot->pid;
    slot->pid = 0;
    (void)pthread_mutex_unlock(&pool->lock);
    (void)epoll_ctl(pool->intake_epoll, EPOLL_CTL_DEL, slot->fd, NULL);
    (void)close(slot->fd);
    slot->fd = -1;
    (void)kill(pid, SIGKILL);
    while (waitpid(pid, status_out, 0) < 0 && errno == EINTR)
        ;
    return pid;
}

// The job in work at the end is to blame: it gets one more try, first in a fresh reader.
static void
after_end(struct pool *pool, struct slot *slot)
{
    int status = 0;
    struct fault fault;
    pid_t pid = bury(pool, slot, &status);
    why_it_ended(slot, status, &fault);
    bool stillborn = !slot->ready;
    struct job *blamed = take_apart(pool, slot);
    if (blamed)
        blamed->tries++;
    if (blamed || !slot->retiring)
        say_end(pid, blamed, &fault);
    slot->stillborn = stillborn ? slot->stillborn : 0;
    if (stillborn || pool_start_slot(pool, slot))
        pool_rest(pool, slot);
    if (blamed && blamed->tries >= TRIES)
        give_up(pool, blamed, &fault);
    else if (blamed && slot->fd >= 0)
        pool_enter(pool, slot, blamed);
    else if (blamed) {
        blamed->next = NULL;
        put_back(pool, blamed, blamed);
    }
}

void
pool_turn(struct pool *pool)
{
    void *dead[POOL_READERS_MAX];
    size_t n = mailbox_take(pool->dead, dead, POOL_READERS_MAX);
    for (size_t i = 0; i < n; i++)
        after_end(pool, dead[i]);
    pool_wake(pool);
    pool_flush(pool);
}
