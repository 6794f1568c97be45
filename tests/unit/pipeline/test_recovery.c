// The whole pipeline over a log that fails at one call, for every call of a session; and
// over sudden ends. A session is a child of its own, since a daemon that can't go on exits;
// what the producer remembers outlives it. After each, a healthy daemon opens what is
// there, and every submission is sent again: what had a receipt gets the same bytes.
#include <errno.h>
#include <ftw.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/logline.h"
#include "log/log.h"
#include "pipeline/pipeline.h"
#include "unit/check.h"

#define COUNT 24                     // submissions of a session
#define WINDOW 5                     // on their way at once
#define PATIENCE_US (20 * SECOND_US) // with what is refused for now
#define HANG_S 60

enum ending { DRAINED = 0, NO_START = 1, LIED = 2, REFUSED = 3, SUDDEN = 4 };

// The producer's memory: shared by the sessions of a store.
struct memory {
    struct digest receipts[COUNT];
    bool receipted[COUNT];
    uint64_t calls, calls_before; // of the log's driver and of the one that made it
    enum wire_err start;
};
struct trouble {
    uint64_t call; // that fails; 0: none
    int error;
    uint32_t sudden_after; // receipts; 0: the session ends as it should
};
struct session {
    struct memory *memory;
    struct trouble trouble;
    struct pipeline *pipeline;
    uint64_t turn;
    uint32_t next, outside, answered;
    int64_t refused_us; // since when nothing but that; 0: not
};

static struct memory *memory;
static char room[64];

// ---- one session, in the child

static enum wire_err
wrap(void *context, struct log_driver *driver)
{
    struct session *s = context;
    struct memory *m = s->memory;
    struct log_driver inner = *driver;
    m->calls_before += m->calls;
    m->calls = 0;
    uint64_t due =
        s->trouble.call > m->calls_before ? s->trouble.call - m->calls_before : 0;
    return log_driver_flaky(inner, due, s->trouble.error, false, &m->calls, driver);
}

static struct pipeline_settings
settings_of(struct session *s)
{
    static char path[128];
    (void)snprintf(path, sizeof path, "%s/room", room);
    return (struct pipeline_settings){.path = path,
        .segment_bytes = 8 * (uint64_t)LOG_BLOCK,
        .map_bytes = 64U << 20,
        .checkpoint_bytes = 32U << 10,
        .index_head_bytes = 1024,
        .checkpoint_records = 8,
        .checkpoint_idle_us = 1000,
        .batch_records = 4,
        .batch_bytes = 8U << 10,
        .submission_bytes = 8U << 10,
        .readers = 1,
        .reader_memory_bytes = 256U << 20,
        .reader_deadline_us = 20 * SECOND_US,
        .reader_submissions = 1U << 20,
        .tail_rows = 8,
        .wrap_log = wrap,
        .wrap_context = s};
}

static void
release(struct job *job)
{
    free(job->owner);
}

// Versions of three items, each a story of its own; every eighth a kill.
static struct job *
job_of(struct session *s, uint32_t number)
{
    char *text = NULL;
    struct job *job = job_new();
    if (!job || asprintf(&text,
                    "{\"uri\":\"urn:r:%u\",\"version\":\"%u\",\"pubstatus\":\"%s\","
                    "\"headline\":\"Ferry %u\",\"body_text\":\"Sails at %u.\"}",
                    number % 3 + 3 * (number / 8), number,
                    number % 8 == 7 ? "canceled" : "usable", number, number) < 0)
        _exit(EX_OSERR);
    job->owner = text;
    job->release = release;
    job->connection = 1;
    job->turn = ++s->turn;
    job->n = number;
    job->raw = slice_str(text);
    job->submission = (struct submission){.source = SLICE("harbour"),
        .principal = SLICE("test"),
        .format = SLICE("ninjs"),
        .raw_digest = digest_of(job->raw),
        .raw_bytes = job->raw.size};
    job->submission.request_digest = job->submission.raw_digest;
    job->submission.id[0] = (uint8_t)(number + 1);
    return job;
}

static void turn(struct session *s);

static void
submit(struct session *s, struct job *job)
{
    while (!pipeline_submit(s->pipeline, job))
        turn(s);
    s->outside++;
}

static void
receipted(struct session *s, const struct job *job)
{
    struct memory *m = s->memory;
    struct digest digest = digest_of(job->receipt);
    if (m->receipted[job->n] && !digest_equal(&digest, &m->receipts[job->n]))
        _exit(LIED);
    m->receipts[job->n] = digest;
    m->receipted[job->n] = true;
    s->refused_us = 0;
    if (++s->answered == s->trouble.sudden_after)
        _exit(SUDDEN);
}

static void
refused(struct session *s, const struct job *job)
{
    int64_t now_us = clock_monotonic_us();
    s->refused_us = s->refused_us ? s->refused_us : now_us;
    if (!wire_error_transient(job->fault.code) ||
        now_us - s->refused_us > PATIENCE_US) {
        (void)fprintf(stderr, "refused: %s %s\n", wire_error_name(job->fault.code),
            job->fault.words);
        _exit(REFUSED);
    }
    submit(s, job_of(s, (uint32_t)job->n));
}

static void
turn(struct session *s)
{
    void *jobs[8];
    struct pollfd fds[] = {
        {.fd = mailbox_fd(pipeline_answers(s->pipeline)), .events = POLLIN},
        {.fd = pipeline_intake_fd(s->pipeline),           .events = POLLIN},
    };
    pipeline_flush(s->pipeline);
    (void)poll(fds, 2, 1000);
    pipeline_intake_turn(s->pipeline);
    size_t count = mailbox_take(pipeline_answers(s->pipeline), jobs, 8);
    for (size_t i = 0; i < count; i++) {
        struct job *job = jobs[i];
        s->outside--;
        if (job->answer == JOB_RECEIPT)
            receipted(s, job);
        else
            refused(s, job);
        job_free(&job);
    }
    if (count == 8)
        mailbox_ring(pipeline_answers(s->pipeline));
}

static _Noreturn void
live(struct trouble trouble)
{
    struct session s = {.memory = memory, .trouble = trouble};
    struct pipeline_settings settings = settings_of(&s);
    struct fault fault = FAULT_NONE;
    (void)alarm(HANG_S);
    memory->calls = memory->calls_before = 0;
    memory->start = pipeline_open(&settings, &s.pipeline, &fault);
    if (memory->start || pipeline_run(s.pipeline, &fault) != WIRE_OK)
        _exit(NO_START);
    while (s.next < COUNT || s.outside) {
        while (s.next < COUNT && s.outside < WINDOW)
            submit(&s, job_of(&s, s.next++));
        turn(&s);
    }
    pipeline_drain(s.pipeline);
    pipeline_close(&s.pipeline);
    _exit(DRAINED);
}

// ---- what the tests say

static int
session(struct trouble trouble)
{
    int status = 0;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        live(trouble);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status)); // no signal, and no alarm: it did not hang
    return WEXITSTATUS(status);
}

static int
remove_one(const char *path, const struct stat *st, int kind, struct FTW *where)
{
    (void)st;
    (void)kind;
    return where->level == 0 ? 0 : remove(path);
}

static void
begin_anew(void)
{
    assert_int_equal(nftw(room, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
    memset(memory, 0, sizeof *memory);
}

static uint32_t
receipts(void)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < COUNT; i++)
        count += memory->receipted[i];
    return count;
}

static void
found(void *context, const char *words)
{
    (void)fprintf(stderr, "verify: %s\n", words);
    *(unsigned *)context += 1;
}

static void
a_healthy_daemon_keeps_every_receipt(void)
{
    unsigned findings = 0;
    struct fault fault = FAULT_NONE;
    struct session none = {.memory = memory};
    assert_int_equal(session((struct trouble){0}), DRAINED);
    assert_int_equal(receipts(), COUNT);
    struct pipeline_settings settings = settings_of(&none);
    assert_true(pipeline_verify(&settings, true, found, &findings, &fault) > COUNT);
    assert_int_equal(fault.code, WIRE_OK);
    assert_int_equal(findings, 0);
}

static uint64_t
calls_of_a_session(void)
{
    begin_anew();
    assert_int_equal(session((struct trouble){0}), DRAINED);
    uint64_t calls = memory->calls_before + memory->calls;
    assert_true(calls > 2 * COUNT / 4); // each batch is a write and a sync
    return calls;
}

// The n-th call fails once: the session went on, did not start, or stopped; nothing else.
static void
fail_at(uint64_t call, int error, unsigned endings[3])
{
    begin_anew();
    int ended = session((struct trouble){.call = call, .error = error});
    if (ended != DRAINED && ended != NO_START && ended != EX_IOERR)
        (void)fprintf(stderr, "call %llu failed with %d: ended as %d\n",
            (unsigned long long)call, error, ended);
    if (ended == NO_START)
        assert_true(memory->start == WIRE_IO || memory->start == WIRE_STORE_FULL);
    else
        assert_true(ended == DRAINED || ended == EX_IOERR);
    endings[ended == DRAINED ? 0 : ended == NO_START ? 1 : 2]++;
    a_healthy_daemon_keeps_every_receipt();
}

static void
fail_at_every_call(int error)
{
    unsigned endings[3] = {0};
    uint64_t calls = calls_of_a_session();
    for (uint64_t call = 1; call <= calls; call++)
        fail_at(call, error, endings);
    (void)printf("           %llu calls: %u went on, %u did not start, %u stopped\n",
        (unsigned long long)calls, endings[0], endings[1], endings[2]);
    assert_true(endings[1] > 0 && endings[2] > 0);
}

static void
no_receipt_is_lost_at_whatever_call_the_logs_disk_fails(void **state)
{
    (void)state;
    fail_at_every_call(EIO);
}

static void
no_receipt_is_lost_at_whatever_call_the_logs_disk_is_full(void **state)
{
    (void)state;
    fail_at_every_call(ENOSPC);
}

static void
a_receipt_outlives_a_sudden_end(void **state)
{
    (void)state;
    for (uint32_t after = 1; after < COUNT; after += 2) {
        begin_anew();
        assert_int_equal(session((struct trouble){.sudden_after = after}), SUDDEN);
        assert_int_equal(receipts(), after);
        a_healthy_daemon_keeps_every_receipt();
    }
}

static int
open_room(void **state)
{
    (void)state;
    (void)snprintf(room, sizeof room, "/tmp/wireroom-recovery-XXXXXX");
    memory = mmap(NULL, sizeof *memory, PROT_READ | PROT_WRITE,
        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    log_set_level(LOG_LEVEL_ERROR);
    return memory == MAP_FAILED || !mkdtemp(room) || !hash_init();
}

static int
close_room(void **state)
{
    (void)state;
    begin_anew();
    (void)munmap(memory, sizeof *memory);
    return rmdir(room);
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_receipt_outlives_a_sudden_end),
        cmocka_unit_test(no_receipt_is_lost_at_whatever_call_the_logs_disk_fails),
        cmocka_unit_test(no_receipt_is_lost_at_whatever_call_the_logs_disk_is_full),
    };
    if (argc > 1 && strcmp(argv[1], "--reader") == 0)
        return reader_main(argc, argv);
    return cmocka_run_group_tests(tests, open_room, close_room);
}
