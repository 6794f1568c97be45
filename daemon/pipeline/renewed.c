#include "pipeline/renewed.h"

// ---- judging

static bool
still_at(struct filing *f, const struct prepared_item *item, uint64_t seq,
    struct store_item *known)
{
    struct store_change change;
    return seq && item->fate == ITEM_READ &&
           store_get_change(f->txn, seq, &change) == WIRE_OK &&
           store_get_item(f->txn, change.item, known) == WIRE_OK &&
           known->current == seq && known->source == f->source &&
           slice_equal(known->uri, item->uri);
}

static void
judge_item(struct filing *f, const struct prepared_item *item, uint64_t seq,
    struct judge_numbers *next, struct item_verdict *v)
{
    struct store_item known;
    *v = (struct item_verdict){
        .outcome = OUTCOME_UNCHANGED,
        .axes = {.embargoed_until_us = TIME_NONE, .expires_us = TIME_NONE}
    };
    if (!still_at(f, item, seq, &known))
        return;
    *v = (struct item_verdict){.outcome = OUTCOME_UPDATED,
        .change_class = CHANGE_RENORMALIZED,
        .item = known.item,
        .seq = next->seq,
        .previous = known.last,
        .current = next->seq,
        .content = next->seq,
        .story = known.story,
        .axes = known.axes};
    next->seq++;
}

enum wire_err
renewed_judge(struct filing *f, const struct record *r, struct judge_numbers *next,
    struct arena *arena, struct verdict *out)
{
    struct renewed renewed;
    struct judge_numbers numbers = *next;
    if (!renewed_take(r->admin.args, &renewed))
        return WIRE_DAMAGED;
    *out = (struct verdict){.record = numbers.record++,
        .count = r->prepared.count,
        .items = arena_array(arena, r->prepared.count + 1U, sizeof *out->items)};
    enum wire_err err = out->items ? WIRE_OK : WIRE_NO_MEMORY;
    for (uint32_t i = 0; i < r->prepared.count && !err; i++) {
        struct item_verdict *v = &out->items[i];
        judge_item(f, &r->prepared.items[i], renewed_seq(&renewed, i), &numbers, v);
        if (v->seq == 0)
            continue;
        out->first_seq = out->first_seq ? out->first_seq : v->seq;
        out->last_seq = v->seq;
        err = filing_item(f, r, i, v);
    }
    if (!err)
        err = store_txn_fault(f->txn);
    if (!err)
        *next = numbers;
    return err;
}

// ---- filing

enum wire_err
renewed_file_rules(struct filing *f, const struct record *r)
{
    struct rules_set set;
    if (!rules_set_take(r->admin.args, &set))
        return WIRE_DAMAGED;
    struct store_rules row = {.source = f->source,
        .number = set.number,
        .record = r->verdict.record,
        .rules = set.rules};
    store_put_rules(f->txn, &row);
    return store_txn_fault(f->txn);
}

enum wire_err
renewed_file_step(struct filing *f, const struct record *r)
{
    struct renewal_step step;
    struct stamp stamp;
    if (!renewal_step_take(r->admin.args, &step))
        return WIRE_DAMAGED;
    store_put_renewal(f->txn, step.run);
    while (stamp_take(&step.stamps, &stamp)) {
        store_put_stamp(f->txn, &stamp);
        enum wire_err err =
            f->index ? dedupe_entries_of_stamp(f->index, f->txn, &stamp) : WIRE_OK;
        if (err)
            return err;
    }
    return store_txn_fault(f->txn);
}
