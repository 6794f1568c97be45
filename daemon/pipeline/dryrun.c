// What would become of a document: judged from the last checkpoint, filed nowhere. Advice,
// for by the time the document itself comes the store may have changed.
// Runs on: intake.
#include "pipeline/inside.h"
#include "pipeline/quarantine.h"

#define ARENA_LIMIT ((size_t)64 << 20)

struct trial {
    struct pipeline *p;
    struct store_txn *txn;
    struct arena arena;
    struct record record;
    struct store_meta meta;
};

static enum wire_err
file_nothing(
    void *context, const struct record *r, uint32_t i, const struct item_verdict *v)
{
    (void)context;
    (void)r;
    (void)i;
    (void)v;
    return WIRE_OK;
}

// An answer that breaks its contract would be quarantined, and so it is told.
static enum wire_err
take_prepared(struct trial *t, const struct job *job, struct fault *fault)
{
    struct fault *broken = ARENA_NEW(&t->arena, struct fault);
    if (!broken)
        return fault_set(fault, WIRE_NO_MEMORY, FAULT_NOWHERE, "", "out of memory");
    *broken = FAULT_NONE;
    if (prepared_decode(job->prepared, &t->arena, &t->record.prepared, broken) ==
        WIRE_OK)
        return WIRE_OK;
    broken->code = WIRE_READER_ANSWER;
    t->record.prepared = (struct prepared){.format = job->submission.format};
    quarantine_whole(&t->record.prepared, broken, slice_of(NULL, 0), &t->arena);
    return t->arena.failed
               ? fault_set(fault, WIRE_NO_MEMORY, FAULT_NOWHERE, "", "out of memory")
               : WIRE_OK;
}

// Whose text may not be seen now is not learnt by asking either: a text that is filed by
// another source and gated is told as if it were new.
static struct slice
of_uri(struct trial *t, struct item_verdict *v)
{
    struct store_item item;
    if (v->of_item == 0 || store_get_item(t->txn, v->of_item, &item))
        return slice_of(NULL, 0);
    struct slice source = store_source_name(t->txn, item.source);
    if (state_of(&item.axes, t->record.submission.house_us) == STATE_OPEN ||
        slice_equal(source, t->record.submission.source))
        return arena_printf(
            &t->arena, "%.*s:%.*s", SLICE_ARG(source), SLICE_ARG(item.uri));
    if (v->outcome == OUTCOME_DUPLICATE)
        v->outcome = OUTCOME_NEW;
    return slice_of(NULL, 0);
}

static enum wire_err
encode(struct trial *t, struct slice explained, struct wire_writer *w)
{
    struct verdict *v = &t->record.verdict;
    struct slice *uris = arena_array(&t->arena, v->count ? v->count : 1, sizeof *uris);
    struct advice advice = {.submission = &t->record.submission,
        .prepared = &t->record.prepared,
        .verdict = v,
        .of_uris = uris,
        .seq = t->meta.seq,
        .explained = explained};
    if (!uris)
        return WIRE_NO_MEMORY;
    for (uint32_t i = 0; i < v->count; i++) {
        uris[i] = of_uri(t, &v->items[i]);
        v->items[i].seq = v->items[i].story = 0; // nobody has given any
    }
    advice_encode(&advice, w);
    return w->failed ? WIRE_NO_MEMORY : WIRE_OK;
}

static enum wire_err
try(struct trial *t, const struct job *job, struct wire_writer *w, struct fault *fault)
{
    store_get_meta(t->txn, &t->meta);
    struct judge_numbers next = {.record = t->meta.records + 1,
        .item = t->meta.items + 1,
        .seq = t->meta.seq + 1};
    uint64_t at;
    struct slice explained = job->explained;
    if (explained.size && wire_scan(explained, &wire_limits_article, &at))
        explained = slice_of(NULL, 0);
    enum wire_err err = take_prepared(t, job, fault);
    if (!err)
        err = judge(t->txn, t->p->index, &t->record, &next, file_nothing, NULL,
            &t->arena, &t->record.verdict, fault);
    if (!err && (err = encode(t, explained, w)))
        (void)fault_set(fault, err, FAULT_NOWHERE, "", "out of memory");
    return err;
}

enum wire_err
pipeline_advise(struct pipeline *p, const struct job *job, struct wire_writer *w,
    struct fault *fault)
{
    struct trial t = {.p = p, .record = {.submission = job->submission}};
    if (!job->prepared.data)
        return fault_set(fault, WIRE_NO_MEMORY, FAULT_NOWHERE, "", "out of memory");
    enum wire_err err = store_begin_read(p->store, &t.txn);
    if (err)
        return fault_set(fault, err, FAULT_NOWHERE, "", "the store can't be read now");
    arena_init(&t.arena, ARENA_LIMIT);
    t.record.submission.house_us = pipeline_house_us(p);
    err = try(&t, job, w, fault);
    arena_fini(&t.arena);
    store_end_read(&t.txn);
    return err;
}
