// Which entries a filed row has in the index. The writer adds them as it files, a start
// adds those that the index had only in memory: both from what the row says, so they can't
// differ.
#include <assert.h>

#include "dedupe/dedupe.h"

enum wire_err
dedupe_change_entries(uint16_t source, const struct store_change *change,
    dedupe_entry_fn *fn, void *context)
{
    const struct store_change *c = change;
    enum wire_err err = WIRE_OK;
    if (c->previous == 0)
        err = fn(context, INDEX_ITEM, index_hash_item(source, c->uri), c->item);
    // A touch repeats a text that has its entry, from the revision that holds it.
    if (!err && c->content == c->seq && !digest_is_zero(&c->key_digest))
        err = fn(context, INDEX_KEY, index_hash_key(&c->key_digest), c->seq);
    if (!err)
        err = fn(context, INDEX_VERSION,
            index_hash_version(c->item, c->version, c->key.created_us), c->seq);
    // An item's first revision is found by its word alone: it is the first with it.
    if (!err && c->previous != 0)
        err = fn(context, INDEX_CONTENT,
            index_hash_content(
                c->item, c->version, c->key.created_us, &c->article_digest),
            c->seq);
    return err;
}

enum wire_err
dedupe_record_entries(
    const struct store_record *record, dedupe_entry_fn *fn, void *context)
{
    return fn(context, INDEX_SUBMISSION,
        index_hash_submission(record->source, record->id), record->record);
}

// Entries of one row go into the index together.
struct gathered {
    struct index_entry entries[INDEX_KINDS];
    size_t count;
};

static enum wire_err
gather(void *context, enum index_kind kind, uint64_t hash, uint64_t number)
{
    struct gathered *g = context;
    assert(g->count < INDEX_KINDS);
    g->entries[g->count++] = (struct index_entry){kind, hash, number};
    return WIRE_OK;
}

static enum wire_err
add_change(struct index *index, uint16_t source, const struct store_change *change)
{
    struct gathered g = {.count = 0};
    (void)dedupe_change_entries(source, change, gather, &g);
    return index_add_all(index, g.entries, g.count);
}

enum wire_err
dedupe_entries_of_item(struct index *index, uint16_t source,
    const struct prepared_item *item, const struct item_verdict *v)
{
    struct store_change row = {.seq = v->seq,
        .item = v->item,
        .previous = v->previous,
        .content = v->content,
        .uri = item->uri,
        .version = item->version,
        .key = dedupe_sort_key(item, v->seq),
        .article_digest = item->article_digest,
        .key_digest = item->key_digest};
    return add_change(index, source, &row);
}

enum wire_err
dedupe_entries_of_record(struct index *index, const struct store_record *record)
{
    struct gathered g = {.count = 0};
    (void)dedupe_record_entries(record, gather, &g);
    return index_add_all(index, g.entries, g.count);
}

// Under the key that its own row has it is found already.
enum wire_err
dedupe_entries_of_stamp(
    struct index *index, struct store_txn *txn, const struct stamp *stamp)
{
    struct store_change change;
    enum wire_err err =
        stamp->has_key ? store_get_change(txn, stamp->seq, &change) : WIRE_NOT_FOUND;
    if (err == WIRE_NOT_FOUND)
        return WIRE_OK;
    if (err || digest_equal(&change.key_digest, &stamp->key_digest))
        return err;
    struct index_entry entry = {
        INDEX_KEY, index_hash_key(&stamp->key_digest), stamp->seq};
    return index_add_all(index, &entry, 1);
}

static enum wire_err
add_stamps(struct index *index, struct store_txn *txn, struct slice extra)
{
    struct admin admin;
    struct renewal_step step;
    struct stamp stamp;
    enum wire_err err = WIRE_OK;
    if (!extra_verb(extra, &admin) || !slice_is(admin.verb, VERB_RENEWAL) ||
        !renewal_step_take(admin.args, &step))
        return WIRE_OK;
    while (!err && stamp_take(&step.stamps, &stamp))
        err = dedupe_entries_of_stamp(index, txn, &stamp);
    return err;
}

enum wire_err
dedupe_entries_of_stored(struct index *index, struct store_txn *txn, uint64_t record)
{
    struct store_record row;
    enum wire_err err = store_get_record(txn, record, &row);
    for (uint64_t seq = err ? 0 : row.first_seq; seq && seq <= row.last_seq; seq++) {
        struct store_change change;
        err = store_get_change(txn, seq, &change);
        if (!err)
            err = add_change(index, row.source, &change);
        if (err)
            return err;
    }
    if (!err)
        err = add_stamps(index, txn, row.extra);
    return err ? err : dedupe_entries_of_record(index, &row);
}
