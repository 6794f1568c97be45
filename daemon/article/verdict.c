// Verdict and receipt: what the writer decided, for recovery and for the producer.
#include "article/part.h"

#define VERDICT_ELEMENTS 6
#define ITEM_ELEMENTS 14

static void
put_item(struct wire_writer *w, const struct item_verdict *v)
{
    wire_put_array(w, ITEM_ELEMENTS);
    wire_put_uint(w, v->outcome);
    wire_put_uint(w, v->change_class);
    wire_put_uint(w, v->item);
    wire_put_uint(w, v->seq);
    wire_put_uint(w, v->previous);
    wire_put_uint(w, v->current);
    wire_put_uint(w, v->content);
    wire_put_uint(w, v->of_item);
    wire_put_uint(w, v->of_seq);
    wire_put_uint(w, v->story);
    wire_put_uint(w, v->axes.pub_status);
    wire_put_bool(w, v->axes.advisory);
    put_time_or_nil(w, v->axes.embargoed_until_us);
    put_time_or_nil(w, v->axes.expires_us);
}

void
verdict_encode(const struct verdict *v, struct wire_writer *w)
{
    wire_put_array(w, VERDICT_ELEMENTS);
    wire_put_uint(w, VERDICT_LAYOUT);
    wire_put_uint(w, v->record);
    wire_put_uint(w, v->first_seq);
    wire_put_uint(w, v->last_seq);
    wire_put_array(w, v->count);
    for (uint32_t i = 0; i < v->count; i++)
        put_item(w, &v->items[i]);
    wire_put_bin(w, v->receipt);
}

static uint64_t
take_number(struct part *p, const char *element)
{
    return part_uint(p, element, 0, UINT64_MAX);
}

static void
take_item(struct part *p, const struct verdict *of, struct item_verdict *v)
{
    (void)part_array(p, "head", ITEM_ELEMENTS, ITEM_ELEMENTS);
    v->outcome = (enum outcome)part_uint(p, "outcome", OUTCOME_NEW, OUTCOME_DROPPED);
    v->change_class =
        (enum change_class)part_uint(p, "change_class", CHANGE_NONE, CHANGE_ARCHIVE);
    v->item = take_number(p, "item");
    v->seq = take_number(p, "seq");
    v->previous = take_number(p, "previous");
    v->current = take_number(p, "current");
    v->content = take_number(p, "content");
    v->of_item = take_number(p, "of_item");
    v->of_seq = take_number(p, "of_seq");
    v->story = take_number(p, "story");
    v->axes.pub_status = (uint8_t)part_uint(p, "pub_status", PUB_USABLE, PUB_CANCELED);
    v->axes.advisory = part_bool(p, "advisory");
    v->axes.embargoed_until_us = part_time(p, "embargoed_until_us");
    v->axes.expires_us = part_time(p, "expires_us");
    if (part_failed(p))
        return;
    bool in_run = v->seq >= of->first_seq && v->seq <= of->last_seq && v->seq != 0;
    if (outcome_files(v->outcome) ? !in_run : v->seq != 0)
        part_fail(p, "seq", "does not fit the outcome");
}

void
verdict_take(struct part *p, struct arena *arena, struct verdict *out)
{
    part_begin(p, VERDICT_ELEMENTS, VERDICT_LAYOUT);
    out->record = part_uint(p, "record", 1, UINT64_MAX);
    out->first_seq = take_number(p, "first_seq");
    out->last_seq = take_number(p, "last_seq");
    out->count = part_array(p, "items", 0, ARTICLE_ITEMS_MAX);
    out->items = arena_array(arena, out->count ? out->count : 1, sizeof *out->items);
    if (!out->items) {
        p->code = WIRE_NO_MEMORY;
        part_fail(p, "items", "do not fit into memory");
        return;
    }
    for (uint32_t i = 0; i < out->count && !part_failed(p); i++) {
        p->item = i;
        take_item(p, out, &out->items[i]);
    }
    p->item = -1;
    out->receipt = part_bin(p, "receipt", SIZE_MAX); // as long as was written
}
