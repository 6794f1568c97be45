// One job into the open batch: known already? judge, file, write the record.
// Runs on: writer.
#include <stdlib.h>

#include "base/logline.h"
#include "pipeline/admin.h"
#include "pipeline/inside.h"
#include "pipeline/quarantine.h"

#define RECEIPT_ROOM 512U // nearly every receipt of one item

void
judging_give_back(struct pipeline *p, struct job *job, enum job_answer answer)
{
    struct mailbox *box = job->box ? job->box : p->answers;
    job->answer = answer;
    while (!mailbox_put(box, job))
        mailbox_ring(box);
}

void
judging_refuse(struct pipeline *p, struct job *job, const struct fault *fault)
{
    job->fault = *fault;
    if (wire_error_transient(fault->code))
        job->retry_after_ms = 1000;
    judging_give_back(p, job, JOB_REFUSED);
}

bool
judging_open_batch(struct pipeline *p)
{
    struct writer *w = &p->writer;
    struct tail_batch *batch = batch_new();
    if (!batch)
        return false;
    if (store_batch_begin(w->txn)) {
        batch_let_go(batch);
        return false;
    }
    batch->first = w->next;
    batch->hash_before = w->hash;
    w->open_mark = index_mark(p->index);
    w->opened_us = clock_monotonic_us();
    w->open = batch;
    return true;
}

void
judging_refuse_batch(
    struct pipeline *p, struct tail_batch *batch, const struct fault *fault)
{
    struct job *next;
    for (struct job *job = batch->jobs; job; job = next) {
        next = job->next;
        judging_refuse(p, job, fault);
    }
    batch->jobs = batch->jobs_last = NULL;
}

// The numbers, hash and index go back to where the batch began; nothing of it was logged.
void
judging_undo_open(struct pipeline *p, const struct fault *why)
{
    struct writer *w = &p->writer;
    struct tail_batch *batch = w->open;
    struct fault fault = FAULT_NONE; // the first one set stays, so not begun from why
    // What is wrong with one job is no word about the others: they may come again.
    if (wire_error_transient(why->code))
        fault = *why;
    else
        (void)fault_set(&fault, WIRE_BUSY, FAULT_NOWHERE, "",
            "the batch was given up; send it again");
    w->open = NULL;
    store_batch_abort(w->txn);
    index_rewind(p->index, w->open_mark);
    w->next = batch->first;
    w->hash = batch->hash_before;
    log_error("batch=undone records=%u why=\"%s\"", batch->count, why->words);
    judging_refuse_batch(p, batch, &fault);
    batch_let_go(batch);
}

struct tail_batch *
judging_close_batch(struct pipeline *p)
{
    struct writer *w = &p->writer;
    struct tail_batch *batch = w->open;
    struct fault fault = FAULT_NONE;
    enum wire_err err = batch_seal(batch) ? WIRE_OK : WIRE_NO_MEMORY;
    if (!err)
        err = store_batch_end(w->txn);
    if (err) {
        (void)fault_set(&fault, err, FAULT_NOWHERE, "", "the batch could not be filed");
        judging_undo_open(p, &fault);
        return NULL;
    }
    batch->last_record = w->next.record - 1;
    batch->seq = w->next.seq - 1;
    batch->items = w->next.item - 1;
    batch->sources = store_source_count(w->txn);
    batch->hash = w->hash;
    w->open = NULL;
    return batch;
}

static struct slice
keep(struct arena *arena, struct slice s)
{
    return s.size ? arena_copy(arena, s) : slice_of(NULL, 0);
}

static void
keep_submission(struct submission *s, struct arena *arena)
{
    s->source = keep(arena, s->source);
    s->principal = keep(arena, s->principal);
    s->format = keep(arena, s->format);
    s->issue_date = keep(arena, s->issue_date);
    s->page = keep(arena, s->page);
    s->language = keep(arena, s->language);
    s->zone = keep(arena, s->zone);
    s->charset = keep(arena, s->charset);
}

// known answers a submission id that was filed before, with the first receipt or
// ID_REUSED. The receipt leaves with this batch: the first may be in it.
static bool
known(struct pipeline *p, struct job *job)
{
    struct writer *w = &p->writer;
    struct store_record row;
    uint64_t number = judge_submission_id(
        w->txn, p->index, job->submission.source, job->submission.id);
    if (number == 0 || store_get_record(w->txn, number, &row))
        return false;
    if (!digest_equal(&row.request_digest, &job->submission.request_digest)) {
        struct fault fault = FAULT_NONE;
        (void)fault_set(&fault, WIRE_ID_REUSED, FAULT_NOWHERE, "id",
            "this id was used for record %llu with other bytes or hints",
            (unsigned long long)number);
        judging_refuse(p, job, &fault);
        return true;
    }
    uint8_t *copy = malloc(row.receipt.size);
    if (!copy)
        return false;
    memcpy(copy, row.receipt.data, row.receipt.size);
    job->receipt = slice_of(copy, row.receipt.size);
    job->answer = JOB_RECEIPT;
    batch_add_job(w->open, job);
    return true;
}

// whole_raw says whether the raw bytes a reader gave back have the size that was sent.
static bool
whole_raw(const struct record *r, struct fault *fault)
{
    uint64_t bytes = r->prepared.raw_bytes;
    for (uint32_t i = 0; i < r->prepared.count && bytes == 0; i++)
        bytes = r->prepared.items[i].raw_bytes;
    if (bytes == r->submission.raw_bytes)
        return true;
    (void)fault_set(fault, WIRE_READER_ANSWER, FAULT_NOWHERE, "",
        "%llu raw bytes came back of %llu", (unsigned long long)bytes,
        (unsigned long long)r->submission.raw_bytes);
    return false;
}

// decode reads what the reader returned; an answer that breaks its contract becomes a
// quarantine of the submission, as the reader's death would have.
static enum wire_err
decode(struct tail_batch *batch, struct job *job, struct record *r, struct fault *fault)
{
    if (!batch_hold_chunk(batch, &job->chunk))
        return fault_set(fault, WIRE_NO_MEMORY, FAULT_NOWHERE, "", "out of memory");
    r->prepared_bytes = job->prepared;
    job->prepared = slice_of(NULL, 0); // the batch's now
    struct fault broken = FAULT_NONE;
    if (job->box)
        return prepared_decode_own(
            r->prepared_bytes, &batch->arena, &r->prepared, fault);
    if (prepared_decode(r->prepared_bytes, &batch->arena, &r->prepared, &broken) ==
            WIRE_OK &&
        whole_raw(r, &broken))
        return WIRE_OK;
    log_error("reader=answer why=\"%s\"", broken.words);
    struct wire_writer w = {0};
    struct prepared stand_in = {.normalizer = r->prepared.normalizer};
    broken.code = WIRE_READER_ANSWER;
    quarantine_whole(&stand_in, &broken, job->raw, &batch->arena);
    prepared_encode(&stand_in, &w);
    r->prepared_bytes = arena_copy(&batch->arena, wire_written(&w));
    wire_writer_fini(&w);
    return prepared_decode(r->prepared_bytes, &batch->arena, &r->prepared, fault);
}

// of_uri names what an item is a duplicate of: to its own source always, to others while
// it may be shown. Who may not see a text doesn't learn by a receipt whose it is.
static struct slice
of_uri(struct pipeline *p, const struct record *r, uint32_t i, struct arena *arena)
{
    struct store_item item;
    uint64_t of = r->verdict.items[i].of_item;
    if (of == 0 || store_get_item(p->writer.txn, of, &item))
        return slice_of(NULL, 0);
    struct slice source = store_source_name(p->writer.txn, item.source);
    if (state_of(&item.axes, r->submission.house_us) != STATE_OPEN &&
        !slice_equal(source, r->submission.source))
        return slice_of(NULL, 0);
    return arena_printf(arena, "%.*s:%.*s", SLICE_ARG(source), SLICE_ARG(item.uri));
}

static struct slice *
of_uris(struct pipeline *p, const struct record *r, struct arena *arena)
{
    uint32_t count = r->verdict.count;
    struct slice *out = arena_array(arena, count ? count : 1, sizeof *out);
    for (uint32_t i = 0; out && i < count; i++)
        out[i] = of_uri(p, r, i, arena);
    return out;
}

static void
write_body(const struct record *r, const struct slice *uris, struct wire_writer *w)
{
    struct admin_entry entry;
    if (r->kind == RECORD_ADMIN && admin_take_entry(&r->admin, &entry))
        receipt_encode_settled(r, entry.record, uris, w);
    else
        receipt_encode(&r->submission, &r->prepared, &r->verdict, uris, w);
}

enum wire_err
judging_write_receipt(struct pipeline *p, const struct record *r, struct arena *arena,
    struct wire_writer *w)
{
    struct slice *uris = of_uris(p, r, arena);
    if (uris)
        write_body(r, uris, w);
    return uris && !w->failed ? WIRE_OK : WIRE_NO_MEMORY;
}

static enum wire_err
write_receipt(
    struct pipeline *p, struct record *r, struct job *job, struct arena *arena)
{
    struct wire_writer w = {0};
    wire_writer_reserve(&w, RECEIPT_ROOM);
    if (judging_write_receipt(p, r, arena, &w)) {
        wire_writer_fini(&w);
        return WIRE_NO_MEMORY;
    }
    job->receipt = wire_written(&w); // the job owns the writer's memory now
    job->answer = JOB_RECEIPT;
    r->verdict.receipt = arena_copy(arena, job->receipt);
    return r->verdict.receipt.data ? WIRE_OK : WIRE_NO_MEMORY;
}

// The answer of a reader can be many times what was sent, and nothing larger than a
// segment can be logged.
static enum wire_err
check_size(struct pipeline *p, const struct tail_batch *batch, struct fault *fault)
{
    if (log_fits(p->log, batch->bytes, batch->count))
        return WIRE_OK;
    const struct batch_record *last = &batch->entries[batch->count - 1];
    size_t bytes =
        batch->log_bytes.size - last->offset + last->filed->prepared_bytes.size;
    if (log_fits(p->log, bytes, 1))
        return fault_set(fault, WIRE_BUSY, FAULT_NOWHERE, "",
            "the batch was full with it; send it again");
    return fault_set(fault, WIRE_TOO_LARGE, FAULT_NOWHERE, "",
        "prepared, the submission takes %zu bytes, more than a segment of the log "
        "holds; "
        "split it, or ask the operator for a larger store.segment",
        bytes);
}

static enum wire_err
judge_and_file(
    struct pipeline *p, struct job *job, struct record *r, struct fault *fault)
{
    struct writer *w = &p->writer;
    struct tail_batch *batch = w->open;
    struct filing f = {
        .txn = w->txn, .index = p->index, .batch = batch, .hash = w->hash};
    enum wire_err err = filing_begin_record(&f, r);
    if (!err)
        err = admin_judge(&f, p->index, r, &w->next, &batch->arena, &r->verdict, fault);
    if (!err)
        err = write_receipt(p, r, job, &batch->arena);
    if (!err)
        err = filing_end_record(&f, r);
    if (!err && (batch->arena.failed || !batch_add_record(batch, r)))
        err = WIRE_NO_MEMORY;
    if (err)
        return fault_set(
            fault, err, FAULT_NOWHERE, "", "the record could not be filed");
    if (check_size(p, batch, fault))
        return fault->code;
    w->hash = f.hash;
    batch->waits = batch->waits || f.closed_gate;
    batch_add_job(batch, job);
    return WIRE_OK;
}

void
judging_take(struct pipeline *p, struct job *job)
{
    struct writer *w = &p->writer;
    struct fault fault = FAULT_NONE;
    if (known(p, job))
        return;
    if (!job->prepared.data) {
        (void)fault_set(&fault, WIRE_NO_MEMORY, FAULT_NOWHERE, "", "out of memory");
        judging_refuse(p, job, &fault);
        return;
    }
    struct record *r = ARENA_NEW(&w->open->arena, struct record);
    if (!r) {
        judging_refuse(p, job, &(struct fault){.code = WIRE_NO_MEMORY});
        return;
    }
    r->kind = job->admin.verb.size ? RECORD_ADMIN : RECORD_SUBMISSION;
    r->submission = job->submission;
    keep_submission(&r->submission, &w->open->arena);
    r->admin.verb = keep(&w->open->arena, job->admin.verb);
    r->admin.args = keep(&w->open->arena, job->admin.args);
    r->rules = job->rules;
    r->submission.wall_us = clock_wall_us();
    r->submission.house_us = p->house.now_us;
    w->open->house_us = r->submission.house_us;
    bool decoded = decode(w->open, job, r, &fault) == WIRE_OK;
    if (decoded && r->kind == RECORD_ADMIN && !admin_may(w->txn, r, &fault)) {
        judging_refuse(p, job, &fault); // nothing is filed yet
        return;
    }
    if (!decoded || judge_and_file(p, job, r, &fault)) {
        judging_refuse(p, job, &fault);
        judging_undo_open(p, &fault); // part of the record may be in the transaction
    }
}
