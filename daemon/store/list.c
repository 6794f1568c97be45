// Lists: the changes of one source, and the change at a time.
#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "store/change.h"

// Of one list, entry after entry lands on the same leaf.
static uint64_t
dirtied(struct store_txn *txn, const struct table_key *key)
{
    uint8_t *touched = &txn->lists_touched[key->bytes[1]];
    uint64_t bytes = table_dirtied(key->size, 0) + (*touched ? 0 : LMDB_PAGE);
    *touched = 1;
    return bytes;
}

void
list_add(struct store_txn *txn, uint16_t source, uint64_t seq)
{
    if (txn->listed_count == txn->listed_room) {
        size_t room = txn->listed_room ? txn->listed_room * 2 : 512;
        struct listed *grown = realloc(txn->listed, room * sizeof *grown);
        if (!grown) {
            (void)txn_fail(txn, ENOMEM, TABLE_BY_SOURCE, seq);
            return;
        }
        txn->listed = grown;
        txn->listed_room = room;
    }
    txn->listed[txn->listed_count++] = (struct listed){seq, source};
    struct table_key key = by_source_key(source, seq);
    txn->dirty += dirtied(txn, &key);
}

static int
listed_compare(const void *left, const void *right)
{
    const struct listed *a = left, *b = right;
    if (a->source != b->source)
        return a->source < b->source ? -1 : 1;
    return a->seq < b->seq ? -1 : a->seq > b->seq;
}

void
list_flush(struct store_txn *txn)
{
    MDB_cursor *cursor;
    if (txn->fault.code || txn->listed_count == 0)
        return;
    assert(!txn->batch);
    qsort(txn->listed, txn->listed_count, sizeof *txn->listed, listed_compare);
    int rc = mdb_cursor_open(txn->txn, txn->store->tables[TABLE_BY_SOURCE], &cursor);
    if (rc == 0) {
        for (size_t i = 0; i < txn->listed_count && rc == 0; i++) {
            struct table_key key =
                by_source_key(txn->listed[i].source, txn->listed[i].seq);
            MDB_val k = env_val(key.bytes, key.size), nothing = {0, NULL};
            rc = mdb_cursor_put(cursor, &k, &nothing, 0);
        }
        mdb_cursor_close(cursor);
    }
    if (rc != 0)
        (void)txn_fail(txn, rc, TABLE_BY_SOURCE, 0);
    txn->listed_count = 0;
}

// The entry that a walk backwards from just below (source, below) comes to first.
static int
step_back(MDB_cursor *cursor, const struct table_key *from, MDB_val *k)
{
    MDB_val v;
    *k = env_val(from->bytes, from->size);
    int rc = mdb_cursor_get(cursor, k, &v, MDB_SET_RANGE);
    if (rc == MDB_NOTFOUND)
        return mdb_cursor_get(cursor, k, &v, MDB_LAST); // all keys are below `from`
    return rc ? rc : mdb_cursor_get(cursor, k, &v, MDB_PREV);
}

static int
walk_back(MDB_cursor *cursor, uint16_t source, uint64_t below, uint64_t *seqs_out,
    size_t max, size_t *count_out)
{
    struct table_key key = by_source_key(source, below);
    MDB_val k, v;
    int rc = step_back(cursor, &key, &k);
    while (rc == 0 && *count_out < max) {
        if (k.mv_size != key.size)
            return MDB_CORRUPTED;
        memcpy(key.bytes, k.mv_data, key.size);
        if (by_source_number(&key) != source)
            return 0;
        seqs_out[(*count_out)++] = by_source_seq(&key);
        rc = mdb_cursor_get(cursor, &k, &v, MDB_PREV);
    }
    return rc == MDB_NOTFOUND ? 0 : rc;
}

size_t
store_source_list(struct store_txn *txn, uint16_t source, uint64_t below,
    uint64_t *seqs_out, size_t max)
{
    MDB_cursor *cursor;
    size_t count = 0;
    list_flush(txn);
    if (txn->fault.code || max == 0)
        return 0;
    int rc =
        mdb_cursor_open(txn_active(txn), txn->store->tables[TABLE_BY_SOURCE], &cursor);
    if (rc == 0) {
        rc = walk_back(cursor, source, below, seqs_out, max, &count);
        mdb_cursor_close(cursor);
    }
    if (rc == 0)
        return count;
    (void)txn_fail(txn, rc, TABLE_BY_SOURCE, source);
    return 0;
}

uint64_t
store_seq_at(struct store_txn *txn, int64_t us)
{
    struct store_meta meta = {0};
    struct store_change change;
    store_get_meta(txn, &meta);
    uint64_t low = meta.oldest_seq ? meta.oldest_seq : 1, high = meta.seq + 1;
    while (low < high) { // every seq below low is earlier, none from high on is
        uint64_t middle = low + (high - low) / 2;
        enum wire_err err = store_get_change(txn, middle, &change);
        if (err == WIRE_NOT_FOUND)
            err = txn_damaged(txn, TABLE_CHANGES, middle, "the row is missing");
        if (err)
            return meta.seq + 1;
        if (change.house_us < us)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}
