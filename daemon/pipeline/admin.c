#include "pipeline/admin.h"

#include <stdio.h>

#include "pipeline/renewed.h"

#define SENT_BYTES 4096U

static const struct {
    const char *verb;
    enum entry_state state;
} verbs[] = {
    {"retry",   ENTRY_RETRIED },
    {"release", ENTRY_RELEASED},
    {"drop",    ENTRY_DROPPED },
};
#define VERBS (sizeof verbs / sizeof *verbs)

enum entry_state
admin_settles(struct slice verb)
{
    for (size_t i = 0; i < VERBS; i++)
        if (slice_is(verb, verbs[i].verb))
            return verbs[i].state;
    return ENTRY_OPEN;
}

// ---- arguments

void
admin_put_entry(const struct admin_entry *entry, struct wire_writer *w)
{
    wire_put_map(w, 2);
    wire_put_key(w, "record");
    wire_put_uint(w, entry->record);
    wire_put_key(w, "id");
    wire_put_bin(w, slice_of(entry->id, sizeof entry->id));
}

// The arguments are scanned when the record is decoded.
bool
admin_take_entry(const struct admin *admin, struct admin_entry *out)
{
    struct wire_reader r = wire_reader(admin->args);
    struct slice id = {0};
    out->record = 0;
    if (wire_peek(&r) != WIRE_MAP)
        return false;
    for (uint32_t n = wire_read_map(&r); n > 0 && !r.err; n--) {
        struct slice key = wire_read_str(&r);
        if (slice_is(key, "record"))
            out->record = wire_read_uint(&r);
        else if (slice_is(key, "id"))
            id = wire_read_bin(&r);
        else
            (void)wire_skip(&r);
    }
    if (r.err || id.size != sizeof out->id || out->record == 0)
        return false;
    memcpy(out->id, id.data, sizeof out->id);
    return true;
}

void
admin_id(struct slice verb, const struct admin_entry *entry,
    uint8_t id_out[SUBMISSION_ID_BYTES])
{
    struct digest_state state;
    digest_begin(&state);
    digest_add(&state, SLICE("wireroom:quarantine:"));
    digest_add(&state, verb);
    digest_add(&state, SLICE(":"));
    digest_add(&state, slice_of(entry->id, sizeof entry->id));
    struct digest digest = digest_end(&state);
    memcpy(id_out, digest.bytes, SUBMISSION_ID_BYTES);
}

// ---- judging

static enum wire_err
judge_nothing(const struct record *r, struct judge_numbers *next, struct arena *arena,
    struct verdict *out)
{
    *out = (struct verdict){.record = next->record,
        .count = r->prepared.count,
        .items = arena_array(arena, r->prepared.count + 1U, sizeof *out->items)};
    for (uint32_t i = 0; out->items && i < out->count; i++)
        out->items[i].outcome = OUTCOME_DROPPED;
    if (!out->items)
        return WIRE_NO_MEMORY;
    next->record++;
    return WIRE_OK;
}

enum wire_err
admin_judge(struct filing *f, struct index *index, const struct record *r,
    struct judge_numbers *next, struct arena *arena, struct verdict *verdict_out,
    struct fault *fault)
{
    bool dropped =
        r->kind == RECORD_ADMIN && admin_settles(r->admin.verb) == ENTRY_DROPPED;
    if (dropped || (r->kind == RECORD_ADMIN && r->prepared.count == 0))
        return judge_nothing(r, next, arena, verdict_out);
    if (r->kind == RECORD_ADMIN && slice_is(r->admin.verb, VERB_RENEWED))
        return renewed_judge(f, r, next, arena, verdict_out);
    return judge(f->txn, index, r, next, filing_item, f, arena, verdict_out, fault);
}

// ---- filing

static bool
is_of(struct store_txn *txn, uint64_t record, const uint8_t id[SUBMISSION_ID_BYTES])
{
    struct store_record row;
    return store_get_record(txn, record, &row) == WIRE_OK &&
           memcmp(row.id, id, SUBMISSION_ID_BYTES) == 0;
}

// find_entry gives the record of the entry that is meant; 0: it is gone, as after a loss.
static uint64_t
find_entry(struct filing *f, const struct record *r, const struct admin_entry *entry)
{
    if (is_of(f->txn, entry->record, entry->id))
        return entry->record;
    return f->index
               ? judge_submission_id(f->txn, f->index, r->submission.source, entry->id)
               : 0;
}

bool
admin_quarantines(struct slice verb)
{
    enum entry_state state = admin_settles(verb);
    return state != ENTRY_OPEN && state != ENTRY_DROPPED;
}

bool
admin_derived(struct slice verb)
{
    return slice_is(verb, VERB_RENEWED) || slice_is(verb, VERB_RENEWAL);
}

static enum wire_err
settle(struct filing *f, const struct record *r)
{
    uint8_t sent[SENT_BYTES];
    struct admin_entry named;
    struct store_entry entry;
    enum entry_state state = admin_settles(r->admin.verb);
    if (state == ENTRY_OPEN || !admin_take_entry(&r->admin, &named))
        return WIRE_INTERNAL;
    uint64_t record = find_entry(f, r, &named);
    if (record == 0 || store_get_entry(f->txn, record, &entry) ||
        entry.state != ENTRY_OPEN || entry.sent.size > sizeof sent)
        return store_txn_fault(f->txn); // nothing is there to settle any more
    entry.state = state;
    entry.settled_by = r->verdict.record;
    if (entry.sent.size)
        memcpy(sent, entry.sent.data, entry.sent.size); // the put moves the map's pages
    entry.sent.data = sent;
    store_put_entry(f->txn, &entry);
    return store_txn_fault(f->txn);
}

enum wire_err
admin_file(struct filing *f, const struct record *r)
{
    if (slice_is(r->admin.verb, VERB_RULES))
        return renewed_file_rules(f, r);
    if (slice_is(r->admin.verb, VERB_RENEWAL))
        return renewed_file_step(f, r);
    if (slice_is(r->admin.verb, VERB_RENEWED))
        return store_txn_fault(f->txn); // its items said it all
    return settle(f, r);
}

// ---- asking

static uint32_t
unread(const struct prepared *p)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < p->count; i++)
        count += p->items[i].fate != ITEM_READ;
    return count;
}

static void
still_unread(const struct record *r, uint64_t record, struct fault *fault)
{
    for (uint32_t i = 0; i < r->prepared.count; i++) {
        const struct prepared_item *item = &r->prepared.items[i];
        if (item->fate == ITEM_READ)
            continue;
        (void)fault_set(fault, WIRE_STILL_UNREAD, item->at, "",
            "record %llu still can't be read, and is kept: %.*s",
            (unsigned long long)record, SLICE_ARG(item->words));
        (void)snprintf(
            fault->field, sizeof fault->field, "%.*s", SLICE_ARG(item->field));
        return;
    }
}

bool
admin_may(struct store_txn *txn, const struct record *r, struct fault *fault)
{
    struct admin_entry named;
    struct store_entry entry;
    if (admin_settles(r->admin.verb) == ENTRY_OPEN)
        return true; // of the daemon's own
    if (!admin_take_entry(&r->admin, &named) ||
        store_get_entry(txn, named.record, &entry)) {
        (void)fault_set(fault, WIRE_NOT_FOUND, FAULT_NOWHERE, "record",
            "nothing of record %llu is in the quarantine",
            (unsigned long long)named.record);
        return false;
    }
    if (entry.state != ENTRY_OPEN)
        (void)fault_set(fault, WIRE_SETTLED, FAULT_NOWHERE, "record",
            "record %llu was %s as record %llu", (unsigned long long)named.record,
            entry_state_name(entry.state), (unsigned long long)entry.settled_by);
    else if (admin_settles(r->admin.verb) != ENTRY_DROPPED &&
             unread(&r->prepared) >= entry.unread)
        still_unread(r, named.record, fault);
    return fault->code == WIRE_OK;
}
