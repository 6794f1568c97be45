// What may be said anew of a revision, whose own row is part of a chain and stays: by which
// rules its text was made, and under which key it is found. And the rules of each source,
// and how far a renewal of history has come.
#include "store/table.h"

#define STAMP_LAYOUT 1
#define STAMP_ROW (1 + 8 + 2 + 2 + 1 + 32)
#define RULES_LAYOUT 1
#define RULES_FIXED (1 + 8 + 8 + 2) // then the rules
#define RENEWAL_LAYOUT 1

void
store_put_stamp(struct store_txn *txn, const struct stamp *stamp)
{
    struct row_writer w;
    struct table_key key = key_of(stamp->seq);
    if (!row_begin(txn, TABLE_STAMPS, key, STAMP_ROW, PUT_AT_END, &w))
        return;
    row_u8(&w, STAMP_LAYOUT);
    row_u64(&w, stamp->rules);
    row_u16(&w, stamp->normalizer);
    row_u16(&w, stamp->key_version);
    row_u8(&w, stamp->has_key);
    row_digest(&w, &stamp->key_digest);
    row_end(&w);
}

enum wire_err
store_get_stamp(struct store_txn *txn, uint64_t seq, struct stamp *out)
{
    struct row_reader r;
    struct stamp stamp = {.seq = seq};
    struct table_key key = key_of(seq);
    enum wire_err err = row_open(txn, TABLE_STAMPS, key, STAMP_LAYOUT, &r);
    if (err)
        return err;
    stamp.rules = read_u64(&r);
    stamp.normalizer = read_u16(&r);
    stamp.key_version = read_u16(&r);
    stamp.has_key = read_bool(&r);
    stamp.key_digest = read_digest(&r);
    err = row_close(txn, TABLE_STAMPS, &key, &r);
    if (!err)
        *out = stamp;
    return err;
}

enum wire_err
store_stamp_of(
    struct store_txn *txn, const struct store_change *change, struct stamp *out)
{
    enum wire_err err = store_get_stamp(txn, change->seq, out);
    if (err != WIRE_NOT_FOUND)
        return err;
    *out = (struct stamp){.seq = change->seq,
        .normalizer = change->normalizer,
        .key_version = change->key_version,
        .has_key = !digest_is_zero(&change->key_digest),
        .key_digest = change->key_digest};
    return WIRE_OK;
}

void
store_put_rules(struct store_txn *txn, const struct store_rules *rules)
{
    struct row_writer w;
    struct table_key key = key_of(rules->source);
    if (rules->rules.size > RULES_PACKED_MAX) {
        row_too_long(txn, TABLE_RULES, rules->source);
        return;
    }
    size_t bytes = RULES_FIXED + rules->rules.size;
    if (!row_begin(txn, TABLE_RULES, key, bytes, PUT_ANYWHERE, &w))
        return;
    row_u8(&w, RULES_LAYOUT);
    row_u64(&w, rules->number);
    row_u64(&w, rules->record);
    row_u16(&w, (uint16_t)rules->rules.size);
    row_text(&w, rules->rules);
    row_end(&w);
}

enum wire_err
store_get_rules(struct store_txn *txn, uint16_t source, struct store_rules *out)
{
    struct row_reader r;
    struct store_rules rules = {.source = source};
    struct table_key key = key_of(source);
    enum wire_err err = row_open(txn, TABLE_RULES, key, RULES_LAYOUT, &r);
    if (err)
        return err;
    rules.number = read_u64(&r);
    rules.record = read_u64(&r);
    rules.rules = read_text(&r, read_u16(&r));
    err = row_close(txn, TABLE_RULES, &key, &r);
    if (!err)
        *out = rules;
    return err;
}

void
store_put_renewal(struct store_txn *txn, struct slice run)
{
    struct row_writer w;
    if (run.size > UINT16_MAX) {
        row_too_long(txn, TABLE_META, META_RENEWAL);
        return;
    }
    struct table_key key = key_of(META_RENEWAL);
    if (!row_begin(txn, TABLE_META, key, 1 + run.size, PUT_ANYWHERE, &w))
        return;
    row_u8(&w, RENEWAL_LAYOUT);
    row_text(&w, run);
    row_end(&w);
}

enum wire_err
store_get_renewal(struct store_txn *txn, struct slice *run_out)
{
    struct row_reader r;
    struct table_key key = key_of(META_RENEWAL);
    enum wire_err err = row_open(txn, TABLE_META, key, RENEWAL_LAYOUT, &r);
    if (err)
        return err;
    struct slice run = read_rest(&r);
    err = row_close(txn, TABLE_META, &key, &r);
    if (!err)
        *run_out = run;
    return err;
}
