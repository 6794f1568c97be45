// QUARANTINE: what could not be read, entry by entry, newest first; or one, with the line
// at fault. Raw bytes are never parsed here, only cut and looked through for line ends.
#include "net/answers.h"
#include "net/events.h"
#include "net/token.h"

#define LIMIT_DEFAULT 100U
#define LOOKS_MAX 10000U
#define PAGE_BYTES (1U << 20)

struct entries {
    uint64_t limit, count, looks;
    uint64_t next; // begin below this; 0: no more
    bool settled;  // those too
    uint16_t source;
    bool by_source, detail;
};

// ---- the line at fault

// Bytes that may be no text go as bin.
static void
put_bytes(struct wire_pairs *p, const char *name, struct slice bytes)
{
    if (bytes.size && utf8_valid_bytes(bytes) == bytes.size)
        wire_put_str(wire_pairs_key(p, name), bytes);
    else if (bytes.size)
        wire_put_bin(wire_pairs_key(p, name), bytes);
}

static void
put_place(struct wire_pairs *p, struct slice raw, uint64_t at)
{
    struct wire_place place;
    if (at == FAULT_NOWHERE || at > raw.size)
        return;
    wire_place_of(raw, at, &place);
    wire_pairs_number(p, "line", place.line);
    wire_pairs_number(p, "column", place.column);
    put_bytes(p, "before", place.before);
    put_bytes(p, "rest", place.at);
}

static void
put_error(struct wire_pairs *item, const struct store_quarantine *q, struct slice raw)
{
    struct wire_pairs map = {0};
    wire_pairs_number(&map, "code", q->code);
    wire_pairs_text(&map, "error", slice_str(wire_error_name(q->code)));
    wire_put_bool(wire_pairs_key(&map, "transient"), wire_error_transient(q->code));
    wire_pairs_text(&map, "field", q->field);
    wire_pairs_text(
        &map, "words", q->words.size ? q->words : slice_str(wire_error_text(q->code)));
    wire_pairs_text(&map, "next", slice_str(wire_error_next(q->code)));
    if (q->at != FAULT_NOWHERE)
        wire_put_uint(wire_pairs_key(&map, "at"), q->at);
    put_place(&map, raw, q->at);
    wire_pairs_end(&map, wire_pairs_key(item, "error"));
}

// ---- an entry

// Rows of items lie in order of their places, each at most once.
static enum wire_err
put_items(struct view *view, struct wire_pairs *map, uint64_t record, struct slice raw)
{
    struct wire_writer list = {0};
    uint32_t count = 0;
    enum wire_err err = WIRE_OK;
    for (uint32_t i = 0; i < ARTICLE_ITEMS_MAX && !err; i++) {
        struct store_quarantine q;
        struct wire_pairs item = {0};
        err = store_get_quarantine(view->txn, record, i, &q);
        if (err == WIRE_NOT_FOUND) {
            err = WIRE_OK;
            continue;
        }
        if (err)
            break;
        wire_put_uint(wire_pairs_key(&item, "item"), i);
        wire_pairs_text(&item, "outcome",
            slice_str(q.fate == ITEM_REJECTED ? "REJECTED" : "QUARANTINED"));
        put_error(&item, &q, raw);
        wire_pairs_end(&item, &list);
        count++;
    }
    struct wire_writer *w = wire_pairs_key(map, "items");
    wire_put_array(w, count);
    wire_put_raw(w, wire_written(&list));
    w->failed |= list.failed;
    wire_writer_fini(&list);
    return err;
}

static void
put_sent(struct wire_pairs *map, struct slice sent)
{
    struct submission s;
    struct fault fault = FAULT_NONE;
    if (!sent.size || submission_decode(sent, &s, &fault))
        return;
    wire_pairs_text(map, "principal", s.principal);
    wire_pairs_text(map, "format", s.format);
    wire_pairs_text(map, "page", s.page);
    wire_pairs_text(map, "charset", s.charset);
}

static enum wire_err
show(struct desk *desk, const struct store_record *record,
    const struct store_entry *entry, bool detail)
{
    struct view *view = desk->view;
    struct wire_pairs map = {0};
    struct slice raw = {0};
    wire_pairs_number(&map, "record", record->record);
    wire_pairs_text(&map, "source", store_source_name(view->txn, record->source));
    wire_put_int(wire_pairs_key(&map, "time"), record->house_us);
    wire_pairs_text(&map, "state", slice_str(entry_state_name(entry->state)));
    wire_pairs_number(&map, "settled", entry->settled_by);
    put_sent(&map, entry->sent);
    wire_put_uint(wire_pairs_key(&map, "bytes"), record->raw_bytes);
    wire_put_bin(
        wire_pairs_key(&map, "submission"), slice_of(record->id, sizeof record->id));
    wire_put_bin(wire_pairs_key(&map, "digest"),
        slice_of(record->raw_digest.bytes, DIGEST_BYTES));
    if (detail && raw_bytes_of(view, record, &raw))
        raw = slice_of(NULL, 0); // then without the line
    enum wire_err err = put_items(view, &map, record->record, raw);
    wire_pairs_end(&map, &desk->maps);
    return err;
}

// ---- pages

static enum wire_err
look(struct desk *desk, struct entries *page, uint64_t number)
{
    struct store_record record;
    struct store_entry entry;
    struct view *view = desk->view;
    enum wire_err err = store_get_entry(view->txn, number, &entry);
    if (!err)
        err = store_get_record(view->txn, number, &record);
    if (err)
        return err == WIRE_NOT_FOUND && !page->detail ? WIRE_DAMAGED : err;
    page->looks++;
    if (!page->settled && entry.state != ENTRY_OPEN)
        return WIRE_OK;
    if (page->by_source && record.source != page->source)
        return WIRE_OK;
    page->count++;
    return show(desk, &record, &entry, page->detail);
}

static enum wire_err
fill(struct desk *desk, struct entries *page)
{
    uint64_t number;
    while (page->count < page->limit && page->looks < LOOKS_MAX &&
           desk->maps.size < PAGE_BYTES) {
        enum wire_err err = store_entry_below(desk->view->txn, page->next, &number);
        if (err == WIRE_NOT_FOUND) {
            page->next = 0;
            return WIRE_OK;
        }
        if (!err)
            err = look(desk, page, number);
        if (err)
            return err;
        page->next = number;
    }
    return WIRE_OK;
}

static enum wire_err
answer_one(struct desk *desk, struct entries *page, uint64_t record)
{
    page->settled = page->detail = true;
    page->next = 0;
    return look(desk, page, record);
}

static enum wire_err
answer_many(struct desk *desk, struct entries *page, const struct wire_quarantine *q,
    uint64_t question)
{
    struct view *view = desk->view;
    page->next = view->meta.records + 1;
    page->by_source = WIRE_HAS(quarantine, q, source);
    if (page->by_source)
        page->source = store_source_number(view->txn, q->source);
    if (page->by_source && page->source == 0) {
        page->next = 0; // a source that nothing came from
        return WIRE_OK;
    }
    enum wire_err err = WIRE_OK;
    if (WIRE_HAS(quarantine, q, token))
        err = token_read(q->token, question, &page->next);
    return err ? err : fill(desk, page);
}

void
answer_quarantine(
    struct desk *desk, struct letter *letter, const struct wire_quarantine *q)
{
    uint64_t question = token_question(desk->view->epoch, q->source,
        q->settled ? SLICE("settled") : SLICE("open"), INT64_MIN, INT64_MAX);
    struct entries page = {.settled = q->settled,
        .limit = WIRE_HAS(quarantine, q, limit) ? q->limit : LIMIT_DEFAULT};
    wire_writer_reset(&desk->maps);
    enum wire_err err = WIRE_HAS(quarantine, q, record)
                            ? answer_one(desk, &page, q->record)
                            : answer_many(desk, &page, q, question);
    if (err == WIRE_NOT_FOUND)
        desk_refuse(desk, letter, q->n, err, "record",
            "nothing of that record is in the quarantine");
    else if (err)
        desk_refuse(desk, letter, q->n, err, err == WIRE_BAD_TOKEN ? "token" : "", "");
    else
        pages_say(desk, letter, q->n, page.count, page.next, question);
}
