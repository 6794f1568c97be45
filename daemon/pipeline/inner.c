#include "pipeline/inner.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <stdlib.h>

#define INNER_CONNECTION UINT64_MAX // no peer has it
#define PRINCIPAL "wireroomd"

static void
make_id(struct job *job)
{
    struct digest_state state;
    digest_begin(&state);
    digest_add(&state, SLICE("wireroom:inner:"));
    digest_add(&state, job->admin.verb);
    digest_add(&state, SLICE(":"));
    digest_add(&state, job->admin.args);
    struct digest digest = digest_end(&state);
    memcpy(job->submission.id, digest.bytes, SUBMISSION_ID_BYTES);
    job->submission.request_digest = digest;
}

bool
inner_arguments(
    struct job *job, struct slice source, const char *verb, struct slice args)
{
    size_t size = source.size + args.size;
    free(job->args);
    job->args = malloc(size + 1);
    if (!job->args)
        return false;
    if (source.size)
        memcpy(job->args, source.data, source.size);
    memcpy(job->args + source.size, args.data, args.size);
    job->submission.source = slice_of(job->args, source.size);
    job->submission.principal = SLICE(PRINCIPAL);
    job->admin.verb = slice_str(verb);
    job->admin.args = slice_of(job->args + source.size, args.size);
    make_id(job);
    return true;
}

// What no reader makes: a prepared of nothing.
static bool
prepare_nothing(struct job *job)
{
    struct wire_writer w = {0};
    struct prepared p = {0};
    prepared_encode(&p, &w);
    bool good = !w.failed && job_prepared(job, wire_written(&w));
    wire_writer_fini(&w);
    return good;
}

struct job *
inner_verb(
    struct slice source, const char *verb, struct slice args, struct mailbox *box)
{
    struct job *job = job_new();
    if (!job)
        return NULL;
    job->box = box;
    job->submission.format = SLICE("auto");
    job->submission.raw_digest = digest_of(slice_of(NULL, 0));
    if (!inner_arguments(job, source, verb, args) || !prepare_nothing(job))
        job_free(&job);
    return job;
}

// A turn once taken must come, or all after it wait.
void
inner_submit(struct pipeline *p, struct job *job)
{
    job->connection = INNER_CONNECTION;
    job->turn = atomic_fetch_add(&p->inner_turns, 1) + 1;
    while (!mailbox_put(p->pool.failed, job))
        (void)sched_yield();
}

struct job *
inner_wait(struct mailbox *box, int ms)
{
    void *job;
    struct pollfd fd = {.fd = mailbox_fd(box), .events = POLLIN};
    if (mailbox_take(box, &job, 1) == 1)
        return job;
    (void)poll(&fd, 1, ms);
    return mailbox_take(box, &job, 1) == 1 ? job : NULL;
}
