#include "pipeline/filing.h"

#include "pipeline/admin.h"

enum wire_err
filing_begin_record(struct filing *f, const struct record *r)
{
    f->closed_gate = false;
    f->source = store_source_number(f->txn, r->submission.source);
    if (f->source == 0)
        f->source = store_add_source(f->txn, r->submission.source);
    return store_txn_fault(f->txn);
}

static bool
closes(const struct axes *before, const struct axes *after)
{
    bool withheld =
        after->pub_status != PUB_USABLE && after->pub_status != before->pub_status;
    bool embargoed =
        after->embargoed_until_us != TIME_NONE &&
        after->embargoed_until_us > before->embargoed_until_us; // TIME_NONE is least
    bool expires =
        after->expires_us != TIME_NONE && after->expires_us != before->expires_us;
    return withheld || embargoed || expires;
}

static void
put_item(struct filing *f, const struct prepared_item *item,
    const struct item_verdict *v, const struct sort_key *key)
{
    struct store_item row = {.item = v->item,
        .source = f->source,
        .has_id = item->has_id,
        .uri = item->uri,
        .axes = v->axes};
    if (v->previous) {
        if (store_get_item(f->txn, v->item, &row))
            return;
        if (closes(&row.axes, &v->axes))
            f->closed_gate = true;
    }
    row.last = v->seq;
    row.current = v->current;
    if (v->current == v->seq)
        row.current_key = *key;
    row.axes = v->axes;
    row.story = v->story;
    store_put_item(f->txn, &row);
}

static struct store_change
change_of(const struct record *r, const struct prepared_item *item,
    const struct item_verdict *v, const struct sort_key *key)
{
    return (struct store_change){.seq = v->seq,
        .record = r->verdict.record,
        .item = v->item,
        .story = v->story,
        .previous = v->previous,
        .current = v->current,
        .content = v->content,
        .of_seq = v->of_seq,
        .change_class = v->change_class,
        .source = r->submission.source,
        .uri = item->uri,
        .version = item->version,
        .language = item->language,
        .subjects = item->subjects,
        .urgency = item->urgency,
        .has_id = item->has_id,
        .key = *key,
        .axes = v->axes,
        .house_us = r->submission.house_us,
        .article_digest = item->article_digest,
        .key_digest = item->key_digest,
        .raw_digest = r->submission.raw_digest,
        .normalizer = r->prepared.normalizer,
        .key_version = r->prepared.key_version};
}

// The row of a change says which normalizer and key made it, but knows no rules.
static void
put_stamp(struct filing *f, const struct record *r, const struct prepared_item *item,
    uint64_t seq)
{
    struct stamp stamp = {.seq = seq,
        .rules = r->rules,
        .normalizer = r->prepared.normalizer,
        .key_version = r->prepared.key_version,
        .has_key = item->has_key,
        .key_digest = item->key_digest};
    store_put_stamp(f->txn, &stamp);
}

enum wire_err
filing_item(
    void *filing, const struct record *r, uint32_t i, const struct item_verdict *v)
{
    struct filing *f = filing;
    const struct prepared_item *item = &r->prepared.items[i];
    struct sort_key key = dedupe_sort_key(item, v->seq);
    struct store_change change = change_of(r, item, v, &key);
    struct store_header header = {
        .seq = v->seq, .headline = item->headline, .slugline = item->slugline};
    struct store_revision revision = {.seq = v->seq,
        .codec = item->codec,
        .article_bytes = item->article_bytes,
        .raw_bytes = item->raw_bytes,
        .block = item->block};
    if (v->content != v->seq && item->raw_bytes == 0)
        revision =
            (struct store_revision){.seq = v->seq}; // slim: the text is at content
    put_item(f, item, v, &key);
    store_put_change(f->txn, &change, &f->hash);
    store_put_header(f->txn, &header);
    store_put_revision(f->txn, &revision);
    f->hash = change.hash;
    if (r->rules)
        put_stamp(f, r, item, v->seq);
    if (f->index && dedupe_entries_of_item(f->index, f->source, item, v))
        return WIRE_NO_MEMORY;
    if (f->batch && !batch_add_row(f->batch, &change, &header, &revision))
        return WIRE_NO_MEMORY;
    return store_txn_fault(f->txn);
}

// The submission is kept as it came, so that it can be read again in the same way.
static void
put_entry(struct filing *f, const struct record *r, uint32_t unread)
{
    struct wire_writer sent = {0};
    submission_encode(&r->submission, &sent);
    struct store_entry entry = {.record = r->verdict.record,
        .unread = unread,
        .sent = sent.failed ? slice_of(NULL, 0) : wire_written(&sent)};
    store_put_entry(f->txn, &entry);
    wire_writer_fini(&sent);
}

static void
put_quarantined(struct filing *f, const struct record *r)
{
    uint32_t unread = 0;
    if (r->kind == RECORD_ADMIN && !admin_quarantines(r->admin.verb))
        return; // its errors are those of what it is about
    for (uint32_t i = 0; i < r->prepared.count; i++) {
        const struct prepared_item *item = &r->prepared.items[i];
        if (item->fate == ITEM_READ)
            continue;
        struct store_quarantine row = {.record = r->verdict.record,
            .item = i,
            .fate = item->fate,
            .code = item->code,
            .at = item->at,
            .field = item->field,
            .words = item->words};
        store_put_quarantine(f->txn, &row);
        unread++;
    }
    if (unread)
        put_entry(f, r, unread);
}

// A single-item submission carries its raw inside the revision's block. Where nothing was
// filed (UNCHANGED, DEAD), its digest and size are enough: the source can send it again.
static void
put_raw(struct filing *f, const struct record *r)
{
    if (r->prepared.raw_bytes == 0)
        return;
    bool kept = false;
    for (uint32_t i = 0; i < r->verdict.count; i++)
        kept = kept || (r->verdict.items[i].outcome != OUTCOME_UNCHANGED);
    if (!kept)
        return;
    struct store_raw row = {.record = r->verdict.record,
        .codec = r->prepared.raw_codec,
        .raw_bytes = r->prepared.raw_bytes,
        .block = r->prepared.raw_block};
    store_put_raw(f->txn, &row);
}

enum wire_err
filing_end_record(struct filing *f, const struct record *r)
{
    struct store_record row = {.record = r->verdict.record,
        .source = f->source,
        .principal = r->submission.principal,
        .format = r->prepared.format,
        .request_digest = r->submission.request_digest,
        .raw_digest = r->submission.raw_digest,
        .raw_bytes = r->submission.raw_bytes,
        .first_seq = r->verdict.first_seq,
        .last_seq = r->verdict.last_seq,
        .house_us = r->submission.house_us,
        .wall_us = r->submission.wall_us,
        .receipt = r->verdict.receipt};
    memcpy(row.id, r->submission.id, sizeof row.id);
    struct wire_writer extra = {0};
    extra_encode(r, &extra);
    row.extra = wire_written(&extra);
    if (!extra.failed)
        store_put_record(f->txn, &row);
    bool failed = extra.failed;
    wire_writer_fini(&extra);
    if (failed)
        return WIRE_NO_MEMORY;
    row.extra = slice_of(NULL, 0);
    put_raw(f, r);
    put_quarantined(f, r);
    if (f->index && dedupe_entries_of_record(f->index, &row))
        return WIRE_NO_MEMORY;
    if (r->kind == RECORD_ADMIN)
        return admin_file(f, r);
    return store_txn_fault(f->txn);
}

enum wire_err
filing_record(struct filing *f, const struct record *r)
{
    (void)filing_begin_record(f, r);
    for (uint32_t i = 0; i < r->verdict.count; i++)
        if (r->verdict.items[i].seq)
            (void)filing_item(f, r, i, &r->verdict.items[i]);
    return filing_end_record(f, r);
}
