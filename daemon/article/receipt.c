// The body of RECEIPT: what a producer is told, once, and byte-equal ever after. Maps, so
// that keys may be added; keys that say nothing are left out.
#include "article/record.h"

// What the item is to the one named in `of`, in the words of the receipt.
static const char *
relation_of(enum outcome outcome)
{
    switch (outcome) {
    case OUTCOME_DUPLICATE:
        return "duplicate";
    case OUTCOME_CONFLICT:
        return "conflict";
    case OUTCOME_STALE:
        return "stale";
    default:
        return "";
    }
}

struct receipt_item {
    const struct prepared_item *prepared;
    const struct item_verdict *verdict;
    struct slice of; // "SOURCE:URI", may be empty
    const char *relation;
    int64_t house_us;
};

static void
put_text(struct wire_writer *w, const char *key, struct slice text)
{
    if (!text.size)
        return;
    wire_put_key(w, key);
    wire_put_str(w, text);
}

static void
put_number(struct wire_writer *w, const char *key, uint64_t n)
{
    if (!n)
        return;
    wire_put_key(w, key);
    wire_put_uint(w, n);
}

static bool
has_warnings(const struct prepared_item *item)
{
    return item->warnings.size && item->warnings.data[0] != 0x90; // an empty array
}

// The revision that holds what was sent: its own, or for UNCHANGED the one found.
static uint64_t
revision_of(const struct item_verdict *v)
{
    return v->outcome == OUTCOME_UNCHANGED ? v->of_seq : v->seq;
}

static bool
has_state(const struct item_verdict *v)
{
    return v->item != 0;
}

static uint32_t
score_of(const struct receipt_item *item)
{
    return item->verdict->outcome == OUTCOME_DUPLICATE ? 1000 : 0; // per mille
}

// An item that was read is refused only with others: all_or_nothing.
static enum wire_err
error_of(const struct receipt_item *item)
{
    if (item->prepared->fate != ITEM_READ)
        return item->prepared->code;
    return item->verdict->outcome == OUTCOME_REJECTED ? WIRE_ALL_OR_NOTHING : WIRE_OK;
}

static uint32_t
item_pairs(const struct receipt_item *item)
{
    const struct prepared_item *p = item->prepared;
    const struct item_verdict *v = item->verdict;
    return 1U + has_state(v) + (p->uri.size != 0) + (p->version.size != 0) +
           (revision_of(v) != 0) + (v->seq != 0) + (v->story != 0) +
           (item->of.size != 0) + (item->relation[0] != 0) + (score_of(item) != 0) +
           has_warnings(p) + (error_of(item) != WIRE_OK);
}

static void
put_error(struct wire_writer *w, const struct prepared_item *item, enum wire_err code)
{
    bool placed = item->fate != ITEM_READ && item->at != FAULT_NOWHERE;
    wire_put_key(w, "error");
    wire_put_map(
        w, 3U + (item->field.size != 0) + (uint32_t)placed + (item->words.size != 0));
    put_number(w, "code", code);
    wire_put_key(w, "error");
    wire_put_str(w, slice_str(wire_error_name(code)));
    wire_put_key(w, "transient");
    wire_put_bool(w, wire_error_transient(code));
    put_text(w, "field", item->field);
    if (placed) {
        wire_put_key(w, "at");
        wire_put_uint(w, item->at);
    }
    put_text(w, "words", item->words);
}

static void
put_item(struct wire_writer *w, const struct receipt_item *item)
{
    const struct prepared_item *p = item->prepared;
    const struct item_verdict *v = item->verdict;
    wire_put_map(w, item_pairs(item));
    put_text(w, "outcome", slice_str(outcome_name(v->outcome)));
    if (has_state(v))
        put_text(w, "state", slice_str(state_name(state_of(&v->axes, item->house_us))));
    put_text(w, "uri", p->uri);
    put_text(w, "version", p->version);
    put_number(w, "revision", revision_of(v));
    put_number(w, "seq", v->seq);
    put_number(w, "story", v->story);
    put_text(w, "of", item->of);
    put_text(w, "relation", slice_str(item->relation));
    put_number(w, "score", score_of(item));
    if (has_warnings(p)) {
        wire_put_key(w, "warnings");
        wire_put_encoded(w, p->warnings);
    }
    if (error_of(item))
        put_error(w, p, error_of(item));
}

static void
put_items(struct wire_writer *w, const struct submission *s, const struct prepared *p,
    const struct verdict *v, const struct slice *of_uris)
{
    wire_put_key(w, "items");
    wire_put_array(w, v->count);
    for (uint32_t i = 0; i < v->count; i++) {
        struct receipt_item item = {&p->items[i], &v->items[i],
            of_uris ? of_uris[i] : slice_of(NULL, 0), relation_of(v->items[i].outcome),
            s->house_us};
        put_item(w, &item);
    }
}

static void
put_head(struct wire_writer *w, const struct submission *s, const struct verdict *v)
{
    wire_put_key(w, "submission");
    wire_put_bin(w, slice_of(s->id, sizeof s->id));
    wire_put_key(w, "source");
    wire_put_str(w, s->source);
    wire_put_key(w, "record");
    wire_put_uint(w, v->record);
    wire_put_key(w, "time");
    wire_put_int(w, s->house_us);
}

void
receipt_encode(const struct submission *s, const struct prepared *p,
    const struct verdict *v, const struct slice *of_uris, struct wire_writer *w)
{
    wire_put_map(w, 5);
    put_head(w, s, v);
    put_items(w, s, p, v, of_uris);
}

void
receipt_encode_settled(const struct record *r, uint64_t entry,
    const struct slice *of_uris, struct wire_writer *w)
{
    wire_put_map(w, 7);
    put_head(w, &r->submission, &r->verdict);
    put_text(w, "verb", r->admin.verb);
    put_number(w, "entry", entry);
    put_items(w, &r->submission, &r->prepared, &r->verdict, of_uris);
}

void
advice_encode(const struct advice *a, struct wire_writer *w)
{
    wire_put_map(w, 5U + (a->explained.size != 0));
    wire_put_key(w, "source");
    wire_put_str(w, a->submission->source);
    wire_put_key(w, "format");
    wire_put_str(w, a->prepared->format);
    wire_put_key(w, "seq");
    wire_put_uint(w, a->seq);
    wire_put_key(w, "time");
    wire_put_int(w, a->submission->house_us);
    put_items(w, a->submission, a->prepared, a->verdict, a->of_uris);
    if (a->explained.size) {
        wire_put_key(w, "explanation");
        wire_put_encoded(w, a->explained);
    }
}
