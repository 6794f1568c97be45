// How far everything is filed: one row, written once a batch.
#include "store/table.h"

#define PROGRESS_LAYOUT 1
#define PROGRESS_BYTES (1 + 4 * 8 + 32 + 2 * 8)

void
store_put_meta(struct store_txn *txn, const struct store_meta *meta)
{
    struct row_writer w;
    if (!row_begin(
            txn, TABLE_META, key_of(META_PROGRESS), PROGRESS_BYTES, PUT_AT_END, &w))
        return;
    row_u8(&w, PROGRESS_LAYOUT);
    row_u64(&w, meta->records);
    row_u64(&w, meta->items);
    row_u64(&w, meta->seq);
    row_u64(&w, meta->oldest_seq);
    row_digest(&w, &meta->hash);
    row_u64(&w, meta->log_position);
    row_i64(&w, meta->house_us);
    row_end(&w);
}

void
store_get_meta(struct store_txn *txn, struct store_meta *out)
{
    struct row_reader r;
    struct store_meta meta;
    struct table_key key = key_of(META_PROGRESS);
    enum wire_err err = row_open(txn, TABLE_META, key, PROGRESS_LAYOUT, &r);
    if (err == WIRE_NOT_FOUND)
        (void)txn_damaged(txn, TABLE_META, META_PROGRESS, "the row is missing");
    if (err)
        return;
    meta.records = read_u64(&r);
    meta.items = read_u64(&r);
    meta.seq = read_u64(&r);
    meta.oldest_seq = read_u64(&r);
    meta.hash = read_digest(&r);
    meta.log_position = read_u64(&r);
    meta.house_us = read_i64(&r);
    if (row_close(txn, TABLE_META, &key, &r) == WIRE_OK)
        *out = meta;
}
