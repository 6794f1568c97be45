// A record: its items one after another, or none where all_or_nothing asks so.
//
// Runs on: writer.
#include "dedupe/revision.h"

// What all_or_nothing asks of the whole before anything is filed: an item that was not
// read, or that is dead, or that this very submission kills before it comes again.
static bool
is_dead(struct lookup *l, const struct prepared *p, uint32_t i, struct item_verdict *v)
{
    struct store_item known;
    const struct prepared_item *item = &p->items[i];
    bool dead = lookup_item(l, item, &known) && known.axes.pub_status == PUB_CANCELED;
    if (dead)
        *v = (struct item_verdict){.item = known.item,
            .current = known.current,
            .story = known.story,
            .axes = known.axes};
    for (uint32_t j = 0; j < i && !dead; j++)
        dead = p->items[j].axes.pub_status == PUB_CANCELED &&
               slice_equal(p->items[j].uri, item->uri);
    return dead;
}

static bool
not_read(const struct prepared_item *item, struct item_verdict *v)
{
    if (item->fate == ITEM_READ)
        return false;
    v->outcome = item->fate == ITEM_REJECTED ? OUTCOME_REJECTED : OUTCOME_QUARANTINED;
    return true;
}

// Marks what refuses the whole, and everything else REJECTED if something does.
static bool
refuse_whole(struct lookup *l, const struct prepared *p, struct verdict *v)
{
    bool refused = false;
    for (uint32_t i = 0; i < p->count; i++) {
        struct item_verdict *item = &v->items[i];
        if (not_read(&p->items[i], item)) {
            refused = true;
        } else if (is_dead(l, p, i, item)) {
            item->outcome = OUTCOME_DEAD;
            refused = true;
        }
    }
    for (uint32_t i = 0; i < p->count && refused; i++)
        if (v->items[i].outcome == OUTCOME_NONE)
            v->items[i].outcome = OUTCOME_REJECTED;
    return refused;
}

static enum wire_err
judge_item(struct lookup *l, const struct record *r, uint32_t i,
    struct judge_numbers *next, struct verdict *verdict)
{
    struct item_verdict *v = &verdict->items[i];
    const struct prepared_item *item = &r->prepared.items[i];
    if (not_read(item, v))
        return WIRE_OK;
    lookup_refresh(l);
    revision_judge(l, item, r->submission.house_us, next, v);
    enum wire_err err = lookup_fault(l);
    if (err || v->seq == 0)
        return err;
    if (verdict->first_seq == 0)
        verdict->first_seq = v->seq;
    verdict->last_seq = v->seq;
    next->seq++;
    if (v->item == next->item)
        next->item++;
    return WIRE_OK;
}

static enum wire_err
judge_items(struct lookup *l, const struct record *r, struct judge_numbers *next,
    judge_file_fn *file, void *context, struct verdict *verdict)
{
    enum wire_err err = WIRE_OK;
    for (uint32_t i = 0; i < r->prepared.count && !err; i++) {
        err = judge_item(l, r, i, next, verdict);
        if (!err && verdict->items[i].seq)
            err = file(context, r, i, &verdict->items[i]);
    }
    return err;
}

enum wire_err
judge(struct store_txn *txn, struct index *index, const struct record *r,
    struct judge_numbers *next, judge_file_fn *file, void *context, struct arena *arena,
    struct verdict *verdict_out, struct fault *fault)
{
    struct judge_numbers numbers = *next;
    struct lookup l = {.txn = txn,
        .index = index,
        .arena = arena,
        .source_name = r->submission.source,
        .key_version = r->prepared.key_version};
    lookup_refresh(&l);
    *verdict_out = (struct verdict){.record = numbers.record++,
        .count = r->prepared.count,
        .items = arena_array(arena, r->prepared.count, sizeof *verdict_out->items)};
    enum wire_err err = verdict_out->items ? WIRE_OK : WIRE_NO_MEMORY;
    bool refused = !err && r->submission.all_or_nothing &&
                   refuse_whole(&l, &r->prepared, verdict_out);
    if (!err && !refused)
        err = judge_items(&l, r, &numbers, file, context, verdict_out);
    if (!err)
        err = lookup_fault(&l);
    if (err)
        return fault_set(fault, err, FAULT_NOWHERE, "", "record %llu can't be judged",
            (unsigned long long)verdict_out->record);
    *next = numbers;
    return WIRE_OK;
}

uint64_t
judge_submission_id(struct store_txn *txn, struct index *index, struct slice source,
    const uint8_t id[16])
{
    uint16_t number = store_source_number(txn, source);
    if (number == 0)
        return 0;
    // More ids of one hash can only be made on purpose, by the source whose own they are.
    uint64_t records[16];
    size_t max = sizeof records / sizeof *records;
    size_t count = index_find(
        index, INDEX_SUBMISSION, index_hash_submission(number, id), records, max);
    for (size_t i = 0; i < count && i < max; i++) {
        struct store_record row;
        if (store_get_record(txn, records[i], &row) == WIRE_OK &&
            row.source == number && memcmp(row.id, id, sizeof row.id) == 0)
            return records[i];
    }
    return 0;
}
