// Taking what is whole out of a damaged log. Up to the first loss the records are filed as
// they were receipted. Behind it numbers and running hash can't be kept, since they rest on
// what is lost: there each record is judged again, as if it came now, and the new epoch
// tells every follower that history is another.
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "pipeline/admin.h"
#include "pipeline/recovery.h"

struct salvage {
    struct recovery r; // first: log_salvage gives it to recovery_find_skips
    struct log_wreck wreck;
    struct salvaged done;
    bool parted;               // something is lost: history is no longer the log's
    uint64_t next_record, seq; // by the log's own numbers: due, and reached
    uint64_t end;              // of the batch found last
    uint64_t end_file, end_at; // where that lies
    bool end_known;
    store_finding_fn *say;
    void *context;
};

static void say(struct salvage *s, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void
say(struct salvage *s, const char *format, ...)
{
    char words[512];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(words, sizeof words, format, args);
    va_end(args);
    s->say(s->context, words);
}

// ---- what is lost

static void
say_place(struct salvage *s, uint64_t until, char out[static 160])
{
    uint64_t size = s->wreck.segment_bytes;
    int n = snprintf(out, 160, "positions %" PRIu64 " to %" PRIu64, s->end, until);
    if (s->end_known)
        (void)snprintf(out + n, 160 - (size_t)n,
            " (segment %" PRIu64 ", %06" PRIu64 ".log from byte %" PRIu64 ")",
            s->end / size, s->end_file, s->end_at);
}

static void
say_numbers(const char *what, uint64_t first, uint64_t last, char out[static 96])
{
    if (first > last)
        (void)snprintf(out, 96, "no %ss", what);
    else if (first == last)
        (void)snprintf(out, 96, "%s %" PRIu64, what, first);
    else
        (void)snprintf(out, 96, "%ss %" PRIu64 " to %" PRIu64, what, first, last);
}

// The first change behind a loss, by the log's numbers.
static uint64_t
first_seq_of(struct salvage *s, const struct log_batch *batch)
{
    for (uint32_t i = 0; i < batch->count; i++) {
        struct record record;
        struct fault fault = FAULT_NONE;
        arena_reset(&s->r.arena);
        if (record_decode(batch->records[i], &s->r.arena, &record, &fault) == WIRE_OK &&
            record.kind != RECORD_SKIP && record.verdict.first_seq)
            return record.verdict.first_seq;
    }
    return batch->seq + 1;
}

static void
note_loss(struct salvage *s, const struct log_batch *batch)
{
    char place[160], records[96], changes[96];
    say_place(s, batch->position, place);
    say_numbers("record", s->next_record, batch->first_record - 1, records);
    say_numbers("change", s->seq + 1, first_seq_of(s, batch) - 1, changes);
    say(s, "lost: %s and %s, at %s", records, changes, place);
    s->done.lost += batch->first_record - s->next_record;
    s->parted = true;
}

// ---- what is found

static enum wire_err
judge_again(struct salvage *s, struct filing *f, struct record *record)
{
    struct recovery *r = &s->r;
    struct pipeline *p = r->p;
    struct wire_writer receipt = {0};
    enum wire_err err = filing_begin_record(f, record);
    if (!err)
        err = admin_judge(f, p->index, record, &p->writer.next, &r->arena,
            &record->verdict, r->fault);
    if (!err)
        err = judging_write_receipt(p, record, &r->arena, &receipt);
    record->verdict.receipt = wire_written(&receipt);
    if (!err)
        err = filing_end_record(f, record);
    wire_writer_fini(&receipt);
    if (!err)
        recovery_note(r, record);
    return err;
}

static enum wire_err
file_anew(struct salvage *s, struct filing *f, struct slice bytes)
{
    struct recovery *r = &s->r;
    struct record record;
    arena_reset(&r->arena);
    enum wire_err err = record_decode(bytes, &r->arena, &record, r->fault);
    if (err || record.kind == RECORD_SKIP)
        return err;
    const struct submission *sent = &record.submission;
    uint64_t old = record.verdict.record;
    if (recovery_skips(r, old)) {
        say(s, "left out: record %" PRIu64 ", which ended two starts", old);
        s->done.lost++;
        return WIRE_OK;
    }
    if (record.kind == RECORD_ADMIN && admin_derived(record.admin.verb))
        return WIRE_OK;
    if (judge_submission_id(f->txn, r->p->index, sent->source, sent->id))
        return WIRE_OK;
    err = judge_again(s, f, &record);
    s->done.anew += !err;
    return err ? fault_set(r->fault, err, FAULT_NOWHERE, "",
                     "record %" PRIu64 " can't be filed again", old)
               : WIRE_OK;
}

static enum wire_err
batch_anew(struct salvage *s, const struct log_batch *batch)
{
    struct recovery *r = &s->r;
    struct pipeline *p = r->p;
    struct filing f = {.txn = p->writer.txn, .index = p->index, .hash = r->meta.hash};
    enum wire_err err = store_batch_begin(f.txn);
    for (uint32_t i = 0; i < batch->count && !err; i++)
        err = file_anew(s, &f, batch->records[i]);
    if (!err)
        err = store_batch_end(f.txn);
    r->meta.hash = f.hash;
    r->meta.oldest_seq = r->meta.seq ? 1 : 0;
    return err;
}

// A batch that holds a skip holds nothing else, and no number of its own.
static enum wire_err
found(void *salvage, const struct log_batch *batch)
{
    struct salvage *s = salvage;
    struct recovery *r = &s->r;
    bool numbered = record_skipped(batch->records[0]) == 0;
    enum wire_err err = WIRE_OK;
    if (numbered && batch->first_record > s->next_record)
        note_loss(s, batch);
    if (s->parted)
        err = batch_anew(s, batch);
    else {
        uint64_t before = r->records;
        err = recovery_batch(r, batch);
        s->done.filed += r->records - before;
        r->p->writer.next = (struct judge_numbers){.record = r->meta.records + 1,
            .item = r->meta.items + 1,
            .seq = r->meta.seq + 1};
    }
    s->next_record = batch->first_record + (numbered ? batch->count : 0);
    s->seq = batch->seq;
    s->end = batch->end;
    s->end_file = s->wreck.file;
    s->end_at = s->wreck.at + (batch->end - batch->position);
    s->end_known = true;
    return err;
}

static void
say_end(struct salvage *s)
{
    char place[160];
    say_place(s, s->wreck.known_synced, place);
    if (s->wreck.segment_bytes == 0)
        say(s, "lost: the whole log; no file begins with a batch, so nothing in it can "
               "be told from what was sent");
    else if (s->end < s->wreck.known_synced)
        say(s, "lost: what followed record %" PRIu64 " and change %" PRIu64 ", at %s",
            s->next_record - 1, s->seq, place);
    if (s->wreck.unreadable_blocks)
        say(s, "the disk did not give %" PRIu64 " blocks of %u bytes",
            s->wreck.unreadable_blocks, LOG_BLOCK);
    say(s,
        "found: %" PRIu64 " records as receipted, %" PRIu64 " to be judged again; "
        "lost for certain: %" PRIu64,
        s->done.filed, s->done.anew, s->done.lost);
}

// ---- the whole

static enum wire_err
replace(struct salvage *s, struct fault *fault)
{
    char aside[4096 + 32];
    enum wire_err err = recovery_new_log(&s->r, aside, fault);
    if (!err)
        say(s,
            "written: %" PRIu64 " records up to change %" PRIu64
            " are in the store, under a new epoch; the damaged log is kept as %s",
            s->r.meta.records, s->r.meta.seq, aside);
    return err;
}

static enum wire_err
work(struct salvage *s, bool write, struct fault *fault)
{
    struct recovery *r = &s->r;
    struct log_driver driver = {0};
    struct log_settings settings = {0};
    uint64_t from = r->meta.log_position;
    struct fault why = FAULT_NONE;
    enum wire_err err = recovery_driver(r->p, &driver, &settings, fault);
    if (!err)
        err = log_check(driver, &settings, from, &why);
    s->done.whole = !err;
    if (err != WIRE_DAMAGED)
        return err ? fault_set(fault, err, why.at, why.field, "%s", why.words) : err;
    say(s, "damaged: %s at %s", why.words, why.field);
    s->next_record = r->meta.records + 1;
    s->seq = r->meta.seq;
    s->end = from;
    err = recovery_driver(r->p, &driver, &settings, fault);
    settings.peek = recovery_find_skips;
    if (!err)
        err = log_salvage(driver, &settings, from, found, s, &s->wreck, fault);
    if (!err)
        say_end(s);
    return err || !write ? err : replace(s, fault);
}

// All of it is one commit, or none.
static struct pipeline *
pipeline_of(const struct pipeline_settings *settings)
{
    struct pipeline *p = calloc(1, sizeof *p);
    if (!p)
        return NULL;
    p->settings = *settings;
    p->settings.checkpoint_bytes = UINT64_MAX;
    p->lock_fd = p->wake = p->space.directory = -1;
    p->pool.intake_epoll = p->pool.writer_epoll = p->pool.alarm_fd = -1;
    (void)pthread_mutex_init(&p->durable_lock, NULL);
    return p;
}

enum wire_err
pipeline_salvage(const struct pipeline_settings *settings, bool write,
    store_finding_fn *tell, void *context, struct salvaged *out, struct fault *fault)
{
    struct salvage s = {.say = tell, .context = context};
    struct pipeline *p = pipeline_of(settings);
    if (!p || !hash_init())
        return fault_set(fault, WIRE_NO_MEMORY, FAULT_NOWHERE, "", "out of memory");
    enum wire_err err = opening_lock(settings->path, &p->lock_fd, fault);
    if (!err) {
        err = recovery_begin(&s.r, p, fault);
        if (!err)
            err = work(&s, write, fault);
        deaths_end(&s.r.deaths, !err && write && !s.done.whole);
        recovery_end(&s.r);
    }
    pipeline_close(&p);
    if (!err)
        *out = s.done;
    return err ? fault_set(fault, err, FAULT_NOWHERE, "", "cannot salvage") : WIRE_OK;
}
