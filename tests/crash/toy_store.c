// The daemon's pipeline under the recorder: a tiny intake that sends one connection's
// submissions, takes the receipts, sends again what it has no receipt for, and lives
// through many lives of the daemon, of which about half end as by kill -9.
//   crash_toy_store DIRECTORY SEED STEPS
// STEPS is how many submissions get a receipt. One life is a child of its own. Exit: 0;
// 74 when a life ended as it must on a failing disk; 1 a start refused (what and why on
// stderr); 2 a receipt that was not kept, 3 an answer that should not be.
// CRASH_FLAW=early-receipt says so before there is one. CRASH_ALONE=1 has one submission on
// its way at a time, so that numbers hold although some may be refused and sent again.
// CRASH_AGAIN=1 starts again after a 74 or a start refused, as systemd does.
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/logline.h"
#include "mark.h"
#include "whole.h"

#define MOST_RECORDS 20000
#define KILLED 85 // how a life ends that is to be followed by another
#define WAIT_MS 20000

// What outlives a life: the producers' memory.
struct memory {
    uint64_t rng, receipted, ends_at;
    struct digest receipts[MOST_RECORDS + 1];
};

struct life {
    struct memory *memory;
    struct pipeline *pipeline;
    uint64_t found, next, turn; // to be sent next
    uint64_t outside;           // jobs that the pipeline has
    uint64_t window, receipts_left;
    bool early, alone;
};

static uint64_t
below(struct memory *memory, uint64_t n)
{
    memory->rng += 0x9e3779b97f4a7c15ULL;
    return toy_mix(memory->rng) % n;
}

static _Noreturn void
give_up(int status, const char *what, uint64_t number, const struct fault *fault)
{
    (void)fprintf(stderr, "toy: %s: record %llu: %s %s\n", what,
        (unsigned long long)number, fault ? wire_error_name(fault->code) : "",
        fault ? fault->words : "");
    crash_exit(status);
}

// ---- jobs

static void
release(struct job *job)
{
    free(job->owner);
}

static struct job *
job_of(struct life *life, uint64_t number)
{
    struct job *job = job_new();
    uint8_t *raw = malloc(TOY_MOST);
    if (!job || !raw)
        give_up(3, "no memory", number, NULL);
    job->raw = slice_of(raw, toy_make(number, 0, raw));
    job->owner = raw;
    job->release = release;
    job->connection = 1;
    job->turn = life->turn + 1;
    job->n = number;
    whole_submission(number, job->raw, &job->submission);
    return job;
}

static void
receipted(struct life *life, const struct job *job)
{
    struct memory *m = life->memory;
    struct digest digest = digest_of(job->receipt), none = {0};
    if (!digest_equal(&m->receipts[job->n], &none) &&
        !digest_equal(&m->receipts[job->n], &digest))
        give_up(2, "another receipt than the first", job->n, NULL);
    m->receipts[job->n] = digest;
    crash_say_bytes(MARK_RECEIPTED, job->n, job->receipt.data, job->receipt.size);
    if (job->n > m->receipted)
        m->receipted = job->n;
}

// A full disk is said, and another try may find room; nothing else is refused.
static void
refused(struct life *life, const struct job *job)
{
    if (!life->alone || !wire_error_transient(job->fault.code))
        give_up(3, "refused", job->n, &job->fault);
    life->next = job->n;
}

static void
take_answers(struct life *life)
{
    void *jobs[16];
    size_t count = mailbox_take(pipeline_answers(life->pipeline), jobs, 16);
    for (size_t i = 0; i < count; i++) {
        struct job *job = jobs[i];
        if (job->answer == JOB_RECEIPT)
            receipted(life, job);
        else
            refused(life, job);
        life->outside--;
        life->receipts_left -= life->receipts_left > 0;
        job_free(&job);
    }
    if (count == 16)
        mailbox_ring(pipeline_answers(life->pipeline));
}

static void
turn(struct life *life)
{
    struct pollfd fds[] = {
        {.fd = mailbox_fd(pipeline_answers(life->pipeline)), .events = POLLIN},
        {.fd = pipeline_intake_fd(life->pipeline),           .events = POLLIN},
    };
    pipeline_flush(life->pipeline);
    if (poll(fds, 2, WAIT_MS) == 0)
        give_up(3, "no answer", life->next, NULL);
    pipeline_intake_turn(life->pipeline);
    take_answers(life);
}

static void
send(struct life *life, uint64_t number)
{
    struct job *job = job_of(life, number);
    while (!pipeline_submit(life->pipeline, job))
        turn(life);
    life->turn++;
    life->outside++;
}

static void
send_next(struct life *life)
{
    struct memory *m = life->memory;
    if (m->receipted && below(m, 12) == 0) {
        send(life, 1 + below(m, m->receipted)); // whose receipt got lost on its way
        return;
    }
    uint64_t number = life->next++;
    if (number > life->found)
        crash_say(MARK_SUBMITTED, number);
    send(life, number);
    if (life->early)
        crash_say(MARK_RECEIPTED, number);
}

// ---- lives

static void
begin(struct life *life, const char *directory)
{
    struct fault fault = FAULT_NONE;
    struct durable durable;
    struct pipeline_settings settings = whole_settings(directory);
    if (pipeline_open(&settings, &life->pipeline, &fault) != WIRE_OK)
        give_up(1, "start", 0, &fault);
    pipeline_durable(life->pipeline, &durable);
    life->found = durable.records;
    if (life->found < life->memory->receipted)
        give_up(2, "found less than was receipted", life->found, NULL);
    crash_say(MARK_FOUND, life->found);
    if (pipeline_run(life->pipeline, &fault) != WIRE_OK)
        give_up(1, "run", 0, &fault);
    life->next = life->memory->receipted + 1;
}

static void
live(struct memory *memory, const char *directory)
{
    const char *flaw = getenv("CRASH_FLAW");
    struct life life = {.memory = memory,
        .early = flaw && strcmp(flaw, "early-receipt") == 0,
        .alone = getenv("CRASH_ALONE") != NULL};
    begin(&life, directory);
    life.window = life.alone ? 1 : 1 + below(memory, 16);
    life.receipts_left = 4 + below(memory, 60);
    bool killed = below(memory, 2) == 0;
    while (life.receipts_left && memory->receipted < memory->ends_at) {
        while (life.outside < life.window)
            send_next(&life);
        if (below(memory, 30) == 0)
            pipeline_want_checkpoint(life.pipeline);
        turn(&life);
    }
    if (killed && memory->receipted < memory->ends_at)
        crash_exit(KILLED);
    pipeline_drain(life.pipeline);
    take_answers(&life);
    pipeline_close(&life.pipeline);
    crash_exit(memory->receipted < memory->ends_at ? KILLED : 0);
}

// Readers of a life that was killed are ours to bury.
static int
wait_for(pid_t life)
{
    int status = 0;
    pid_t pid;
    while ((pid = waitpid(-1, &status, 0)) != life)
        if (pid < 0 && errno != EINTR)
            return 3;
    int how = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    while (waitpid(-1, NULL, WNOHANG) > 0)
        ;
    return how;
}

int
main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--reader") == 0)
        return reader_main(argc, argv);
    if (argc > 1 && strcmp(argv[1], "--reader-selftest") == 0)
        return reader_selftest(argc, argv);
    struct memory *memory = mmap(NULL, sizeof *memory, PROT_READ | PROT_WRITE,
        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (argc != 4 || memory == MAP_FAILED || !hash_init())
        return 64;
    log_start("toy", LOG_LEVEL_ERROR);
    (void)prctl(PR_SET_CHILD_SUBREAPER, 1);
    memory->rng = strtoull(argv[2], NULL, 10);
    memory->ends_at = strtoull(argv[3], NULL, 10);
    if (memory->ends_at + 64 > MOST_RECORDS)
        return 64;
    crash_say(MARK_BEGIN, 0);
    for (;;) {
        pid_t life = fork();
        if (life == 0)
            live(memory, argv[1]);
        int how = life < 0 ? 3 : wait_for(life);
        if (how != KILLED && !((how == 74 || how == 1) && getenv("CRASH_AGAIN")))
            return how;
    }
}
