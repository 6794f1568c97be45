// A verb on an entry of the quarantine, from its words to a job: what was sent is taken
// from the last checkpoint and goes to the readers again, as it came. The writer looks once
// more whether there is something to settle.
// Runs on: intake.
#include <stdio.h>
#include <stdlib.h>

#include "pipeline/admin.h"
#include "pipeline/inside.h"
#include "pipeline/quarantine.h"

#define RETRY_MS 50U

struct asked {
    struct pipeline *p;
    struct store_txn *txn;
    struct job *job;
    uint64_t number;
    struct store_record record;
    struct store_entry entry;
    struct fault *fault;
};

static enum wire_err
no_memory(struct asked *a)
{
    return fault_set(a->fault, WIRE_NO_MEMORY, FAULT_NOWHERE, "", "out of memory");
}

static enum wire_err
not_found(struct asked *a)
{
    return fault_set(a->fault, WIRE_NOT_FOUND, FAULT_NOWHERE, "record",
        "nothing of record %llu is in the quarantine", (unsigned long long)a->number);
}

// What was receipted a moment ago is in the next checkpoint.
static enum wire_err
find(struct asked *a)
{
    struct store_meta meta = {0};
    struct durable durable;
    store_get_meta(a->txn, &meta);
    pipeline_durable(a->p, &durable);
    if (a->number > meta.records && a->number <= durable.records) {
        pipeline_want_checkpoint(a->p);
        a->job->retry_after_ms = RETRY_MS;
        return fault_set(a->fault, WIRE_NOT_YET, FAULT_NOWHERE, "record",
            "record %llu is not in the checkpoint yet", (unsigned long long)a->number);
    }
    if (store_get_record(a->txn, a->number, &a->record) ||
        store_get_entry(a->txn, a->number, &a->entry))
        return store_txn_fault(a->txn) ? store_txn_fault(a->txn) : not_found(a);
    return WIRE_OK;
}

// ---- what was sent

static enum wire_err
unpack(
    struct asked *a, enum codec codec, struct slice block, size_t before, size_t size)
{
    uint8_t *room = malloc(before + size + 1);
    a->job->kept = room;
    if (!room)
        return no_memory(a);
    if (!decompress_into(codec, block, room, before + size))
        return WIRE_DAMAGED;
    a->job->raw = slice_of(room + before, size);
    return WIRE_OK;
}

// Most of what is unread lies in a table of its own; a submission of one item that was
// skipped at a start has it behind the article.
static enum wire_err
take_raw(struct asked *a)
{
    struct store_raw own;
    enum wire_err err = store_get_raw(a->txn, a->number, &own);
    if (a->record.raw_bytes == 0)
        err = unpack(a, CODEC_STORED, slice_of(NULL, 0), 0, 0);
    else if (!err)
        err = unpack(a, own.codec, own.block, 0, own.raw_bytes);
    if (err == WIRE_NOT_FOUND)
        return fault_set(a->fault, err, FAULT_NOWHERE, "record",
            "the bytes of record %llu are not kept", (unsigned long long)a->number);
    struct digest digest = err ? (struct digest){0} : digest_of(a->job->raw);
    if (!err && !digest_equal(&digest, &a->record.raw_digest))
        err = WIRE_DAMAGED;
    return err ? fault_set(a->fault, err, FAULT_NOWHERE, "record",
                     "the bytes of record %llu can't be read",
                     (unsigned long long)a->number)
               : WIRE_OK;
}

// Hints as they came; of an entry from before they were kept, what else is known.
static enum wire_err
take_hints(struct asked *a, struct submission *s)
{
    struct slice source = store_source_name(a->txn, a->record.source);
    uint8_t *copy = malloc(a->entry.sent.size + source.size + 1);
    a->job->hints = copy;
    if (!copy)
        return no_memory(a);
    if (a->entry.sent.size) {
        memcpy(copy, a->entry.sent.data, a->entry.sent.size);
        return submission_decode(slice_of(copy, a->entry.sent.size), s, a->fault);
    }
    memcpy(copy, source.data, source.size);
    *s = (struct submission){
        .source = slice_of(copy, source.size), .format = SLICE("auto")};
    return WIRE_OK;
}

static enum wire_err
put_args(struct asked *a, const struct admin_entry *entry)
{
    struct wire_writer w = {0};
    admin_put_entry(entry, &w);
    a->job->args = w.data; // the job's now
    a->job->admin.args = wire_written(&w);
    return w.failed ? no_memory(a) : WIRE_OK;
}

// ---- the verbs

static enum wire_err
fill(struct asked *a)
{
    struct job *job = a->job;
    struct slice principal = job->submission.principal, verb = job->admin.verb;
    struct admin_entry entry = {.record = a->number};
    memcpy(entry.id, a->record.id, sizeof entry.id);
    enum wire_err err = take_hints(a, &job->submission);
    if (!err)
        err = put_args(a, &entry);
    if (err)
        return err;
    job->submission.principal = principal;
    job->submission.request_digest = a->record.request_digest;
    job->submission.raw_digest = a->record.raw_digest;
    job->submission.raw_bytes = a->record.raw_bytes;
    admin_id(verb, &entry, job->submission.id);
    job->released = admin_settles(verb) == ENTRY_RELEASED;
    if (job->released)
        job->submission.format = SLICE("text");
    return WIRE_OK;
}

// What is dropped is read by nobody: its errors stand for it.
static enum wire_err
prepare_drop(struct asked *a)
{
    struct wire_writer w = {0};
    struct arena arena;
    struct store_quarantine q = {.code = WIRE_INTERNAL, .at = FAULT_NOWHERE};
    for (uint32_t i = 0; i < ARTICLE_ITEMS_MAX; i++)
        if (store_get_quarantine(a->txn, a->number, i, &q) == WIRE_OK)
            break;
    struct fault why = {.code = q.code, .at = q.at};
    (void)snprintf(why.field, sizeof why.field, "%.*s", SLICE_ARG(q.field));
    (void)snprintf(why.words, sizeof why.words, "%.*s", SLICE_ARG(q.words));
    struct prepared p = {.format = a->record.format};
    arena_init(&arena, 1U << 20);
    quarantine_whole(&p, &why, slice_of(NULL, 0), &arena);
    p.raw_bytes = 0;
    p.raw_block = slice_of(NULL, 0);
    if (!arena.failed)
        prepared_encode(&p, &w);
    a->job->submission.raw_bytes = 0;
    a->job->submission.raw_digest = digest_of(slice_of(NULL, 0));
    bool good = !arena.failed && !w.failed && job_prepared(a->job, wire_written(&w));
    wire_writer_fini(&w);
    arena_fini(&arena);
    return good ? WIRE_OK : no_memory(a);
}

// The same verb again is answered as it was; another one comes too late.
static enum wire_err
was_settled(struct asked *a)
{
    struct store_record by;
    if (a->entry.state != admin_settles(a->job->admin.verb) ||
        store_get_record(a->txn, a->entry.settled_by, &by))
        return fault_set(a->fault, WIRE_SETTLED, FAULT_NOWHERE, "record",
            "record %llu was %s as record %llu", (unsigned long long)a->number,
            entry_state_name(a->entry.state), (unsigned long long)a->entry.settled_by);
    uint8_t *copy = malloc(by.receipt.size);
    if (!copy)
        return no_memory(a);
    memcpy(copy, by.receipt.data, by.receipt.size);
    a->job->receipt = slice_of(copy, by.receipt.size);
    a->job->answer = JOB_RECEIPT;
    return WIRE_OK;
}

static enum wire_err
settle(struct asked *a)
{
    enum entry_state state = admin_settles(a->job->admin.verb);
    if (state == ENTRY_OPEN)
        return fault_set(a->fault, WIRE_BAD_FIELD, FAULT_NOWHERE, "verb",
            "a verb is retry, release or drop");
    enum wire_err err = find(a);
    if (err)
        return err;
    if (a->entry.state != ENTRY_OPEN)
        return was_settled(a);
    err = fill(a);
    if (!err)
        err = state == ENTRY_DROPPED ? prepare_drop(a) : take_raw(a);
    return err;
}

bool
pipeline_settle(struct pipeline *p, struct job *job, uint64_t record)
{
    struct asked a = {.p = p, .job = job, .number = record, .fault = &job->fault};
    job->answer = JOB_REFUSED;
    enum wire_err err = store_begin_read(p->store, &a.txn);
    if (!err) {
        err = settle(&a);
        store_end_read(&a.txn);
    }
    if (err)
        (void)fault_set(
            &job->fault, err, FAULT_NOWHERE, "", "the store can't be read now");
    return !err && job->answer != JOB_RECEIPT;
}
