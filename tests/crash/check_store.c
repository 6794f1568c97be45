// check.h for the daemon's whole store: its own recovery opens it, its own verify walks it,
// and what is appended goes through its own judging, without readers.
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/logline.h"
#include "check.h"
#include "pipeline/opening.h"
#include "whole.h"

#define MOST_PROMISES 20000

struct check {
    struct pipeline *pipeline;
    uint64_t records;
    char *why; // of the call that is under way
};

// What was receipted, by number: the bytes that were sent, made once for all states, and
// the receipt, of the event log. Both stand for ever.
static struct promise {
    struct submission sent;
    struct slice raw, receipt;
} promises[MOST_PROMISES + 1];

bool
check_begin(void)
{
    // LMDB takes 2 MiB an opening and clears them: kept, they cost a third.
    (void)mallopt(M_MMAP_THRESHOLD, 1 << 30);
    (void)mallopt(M_TRIM_THRESHOLD, 1 << 30);
    log_start("check", LOG_LEVEL_ERROR);
    log_set_level(LOG_LEVEL_ERROR);
    return prepare_load();
}

void
check_promise(uint64_t number, const uint8_t *bytes, size_t size)
{
    static uint8_t raw[TOY_MOST];
    if (number > MOST_PROMISES)
        return;
    struct promise *p = &promises[number];
    p->receipt = slice_of(bytes, size);
    if (p->raw.data)
        return;
    size_t raw_size = toy_make(number, 0, raw);
    uint8_t *kept = malloc(raw_size);
    if (!kept)
        abort();
    p->raw = slice_of(memcpy(kept, raw, raw_size), raw_size);
    whole_submission(number, p->raw, &p->sent);
}

// sent_as gives what the record was made of: with either salt if nobody promised it.
static struct promise
sent_as(uint64_t number, const struct digest *raw_digest)
{
    static uint8_t bytes[TOY_MOST];
    if (number <= MOST_PROMISES && promises[number].raw.data)
        return promises[number];
    struct promise p = {0};
    for (uint64_t salt = 0; salt < 2; salt++) {
        p.raw = slice_of(bytes, toy_make(number, salt, bytes));
        whole_submission(number, p.raw, &p.sent);
        if (digest_equal(&p.sent.raw_digest, raw_digest))
            break;
    }
    return p;
}

// ---- opening

static struct pipeline *
pipeline_of(const char *directory)
{
    struct pipeline *p = calloc(1, sizeof *p);
    if (!p)
        abort();
    p->settings = whole_settings(directory);
    p->lock_fd = p->wake = p->space.directory = -1;
    p->pool.intake_epoll = p->pool.writer_epoll = -1;
    (void)pthread_mutex_init(&p->durable_lock, NULL);
    return p;
}

// Every other opening judges the log's tail again: it must come out as it was receipted.
static enum wire_err
recover(struct pipeline *p, struct fault *fault)
{
    static unsigned openings;
    p->replay = ++openings % 2 == 0;
    enum wire_err err = opening_lock(p->settings.path, &p->lock_fd, fault);
    if (!err)
        err = space_open(
            &p->space, p->settings.path, p->settings.ballast_bytes, 0, fault);
    if (!err)
        err = opening_make(&p->settings, fault);
    if (!err)
        err = opening_recover(p, fault);
    if (!err)
        err = store_begin_write(p->store, &p->writer.txn);
    if (!err && (!(p->answers = mailbox_new(64)) || !tail_init(&p->tail)))
        err = WIRE_NO_MEMORY;
    return err;
}

static void
found_damage(void *context, const char *words)
{
    struct check *check = context;
    if (!check->why[0])
        (void)snprintf(check->why, CHECK_WHY, "verify: %s", words);
}

enum check_result
check_open(const char *directory, struct check **out, char why[static CHECK_WHY])
{
    struct fault fault = FAULT_NONE;
    struct check *check = calloc(1, sizeof *check);
    if (!check)
        abort();
    check->pipeline = pipeline_of(directory);
    enum wire_err err = recover(check->pipeline, &fault);
    if (err) {
        (void)snprintf(why, CHECK_WHY, "%s: %s: %s", wire_error_name(err), fault.field,
            fault.words);
        check_close(&check);
        return CHECK_FAILED;
    }
    check->records = check->pipeline->durable.records;
    why[0] = 0;
    check->why = why;
    (void)store_verify(check->pipeline->store, found_damage, check);
    (void)index_verify(check->pipeline->index, found_damage, check);
    if (why[0]) {
        check_close(&check);
        return CHECK_DAMAGED;
    }
    *out = check;
    return CHECK_OK;
}

uint64_t
check_filed(const struct check *check)
{
    (void)check;
    return 0;
}

// ---- walking

static bool
wrong(struct check *check, uint64_t number, const char *what)
{
    (void)snprintf(check->why, CHECK_WHY, "record %llu of %llu: %s",
        (unsigned long long)number, (unsigned long long)check->records, what);
    return false;
}

static bool
block_ends_with(enum codec codec, struct slice block, size_t before, struct slice raw)
{
    uint8_t *plain = malloc(before + raw.size + 1);
    if (!plain)
        abort();
    bool good = decompress_into(codec, block, plain, before + raw.size) &&
                memcmp(plain + before, raw.data, raw.size) == 0;
    free(plain);
    return good;
}

// The bytes as sent are in the first revision's block, in a row of their own, or, where
// nothing new came, nowhere.
static bool
raw_is_kept(struct store_txn *txn, const struct store_record *row, struct slice raw)
{
    struct store_revision revision = {0};
    struct store_raw alone;
    if (row->first_seq && store_get_revision(txn, row->first_seq, &revision))
        return false;
    if (revision.raw_bytes)
        return revision.raw_bytes == raw.size &&
               block_ends_with(
                   revision.codec, revision.block, revision.article_bytes, raw);
    if (store_get_raw(txn, row->record, &alone) == WIRE_OK)
        return alone.raw_bytes == raw.size &&
               block_ends_with(alone.codec, alone.block, 0, raw);
    return row->first_seq == 0;
}

static bool
walk_one(struct check *check, uint64_t number, check_record_fn *each, void *context)
{
    struct pipeline *p = check->pipeline;
    struct store_record row;
    if (store_get_record(p->writer.txn, number, &row))
        return wrong(check, number, "is not there");
    struct promise due = sent_as(number, &row.raw_digest);
    if (memcmp(row.id, due.sent.id, sizeof row.id) != 0 ||
        !digest_equal(&row.request_digest, &due.sent.request_digest))
        return wrong(check, number, "is another's");
    if (due.receipt.size && !slice_equal(due.receipt, row.receipt))
        return wrong(check, number, "has another receipt than was given");
    if (judge_submission_id(p->writer.txn, p->index, due.sent.source, row.id) != number)
        return wrong(check, number, "is not found by its id");
    if (!raw_is_kept(p->writer.txn, &row, due.raw))
        return wrong(check, number, "has lost what was sent");
    each(context, number, due.raw.data, due.raw.size);
    return true;
}

bool
check_walk(struct check *check, check_record_fn *each, void *context,
    char why[static CHECK_WHY])
{
    check->why = why;
    for (uint64_t number = 1; number <= check->records; number++)
        if (!walk_one(check, number, each, context))
            return false;
    return index_fault(check->pipeline->index) == WIRE_OK;
}

// ---- appending

static struct job *
job_of(uint64_t number, struct slice raw)
{
    struct arena arena;
    struct wire_writer prepared = {0};
    struct job *job = job_new();
    if (!job)
        abort();
    job->connection = job->turn = 1;
    job->raw = raw;
    whole_submission(number, raw, &job->submission);
    arena_init(&arena, (size_t)64 << 20);
    prepare_submission(&job->submission, raw, &arena, &prepared, NULL, NULL);
    arena_fini(&arena);
    if (!job_prepared(job, wire_written(&prepared)))
        abort();
    wire_writer_fini(&prepared);
    return job;
}

// As the writer does for a batch of one.
static enum wire_err
file(struct pipeline *p, struct job *job)
{
    struct writer *w = &p->writer;
    void *answered = NULL;
    if (!judging_open_batch(p))
        return WIRE_NO_MEMORY;
    judging_take(p, job);
    struct tail_batch *batch = w->open ? judging_close_batch(p) : NULL;
    enum wire_err err = batch ? syncer_sync(p, batch) : WIRE_INTERNAL;
    if (err)
        return err;
    syncer_publish(p, batch);
    w->uncommitted_records += batch->count;
    if (w->uncommitted_last)
        w->uncommitted_last->next = batch;
    else
        w->uncommitted = batch;
    w->uncommitted_last = batch;
    return mailbox_take(p->answers, &answered, 1) == 1 && answered == job &&
                   job->answer == JOB_RECEIPT
               ? WIRE_OK
               : WIRE_INTERNAL;
}

bool
check_append(struct check *check, uint64_t number, const uint8_t *bytes, size_t size,
    char why[static CHECK_WHY])
{
    struct pipeline *p = check->pipeline;
    struct job *job = job_of(number, slice_of(bytes, size));
    enum wire_err err = file(p, job);
    bool good = !err && p->writer.next.record == number + 1;
    (void)snprintf(why, CHECK_WHY, "appending record %llu, due %llu: %s %s",
        (unsigned long long)number, (unsigned long long)p->writer.next.record - 1,
        wire_error_name(err), job->fault.words);
    job_free(&job);
    if (good && number % 2)
        checkpoint_run(p);
    if (good && number % 4 == 1)
        while (checkpoint_flush_index(p))
            ;
    if (good)
        why[0] = 0;
    return good;
}

void
check_close(struct check **check)
{
    struct pipeline *p = (*check)->pipeline;
    store_abort_write(&p->writer.txn);
    pipeline_close(&p);
    free(*check);
    *check = NULL;
}
