// Judging again what was judged: the answer must be the one in the log.
#include "pipeline/admin.h"
#include "pipeline/opening.h"

static bool
same_verdict(const struct item_verdict *a, const struct item_verdict *b)
{
    return a->outcome == b->outcome && a->change_class == b->change_class &&
           a->item == b->item && a->seq == b->seq && a->previous == b->previous &&
           a->current == b->current && a->content == b->content &&
           a->of_item == b->of_item && a->of_seq == b->of_seq && a->story == b->story &&
           a->axes.pub_status == b->axes.pub_status &&
           a->axes.advisory == b->axes.advisory &&
           a->axes.embargoed_until_us == b->axes.embargoed_until_us &&
           a->axes.expires_us == b->axes.expires_us;
}

static enum wire_err
compare(const struct verdict *logged, const struct verdict *again, struct fault *fault)
{
    bool same = logged->record == again->record && logged->count == again->count &&
                logged->first_seq == again->first_seq &&
                logged->last_seq == again->last_seq;
    for (uint32_t i = 0; same && i < logged->count; i++)
        same = same_verdict(&logged->items[i], &again->items[i]);
    if (same)
        return WIRE_OK;
    return fault_set(fault, WIRE_DAMAGED, FAULT_NOWHERE, "log",
        "record %llu is judged otherwise than it was receipted",
        (unsigned long long)logged->record);
}

enum wire_err
replay_record(struct pipeline *p, struct filing *f, const struct record *logged,
    struct arena *arena, struct fault *fault)
{
    struct record r = *logged;
    struct judge_numbers next = p->writer.next;
    enum wire_err err = filing_begin_record(f, &r);
    if (!err)
        err = admin_judge(f, p->index, &r, &next, arena, &r.verdict, fault);
    if (!err)
        err = compare(&logged->verdict, &r.verdict, fault);
    r.verdict.receipt = logged->verdict.receipt;
    if (!err)
        err = filing_end_record(f, &r);
    p->writer.next = next;
    return err;
}
