// Rows in tables. A put reserves its room in LMDB's page and is packed there, so that a
// row is written once; most tables grow at their end, where LMDB need not search.
#include "store/table.h"

#include <assert.h>

#define LMDB_NODE_MAX 2038U // a larger row goes to pages of its own
#define LMDB_NODE 10U       // header and index entry of a row
#define LMDB_HEADER 16U     // of a page

const char *
table_name(enum table table)
{
    static const char *const names[TABLE_END] = {
#define X(name, number, text) [TABLE_##name] = (text),
        TABLES(X)
#undef X
    };
    return names[table];
}

static uint64_t
checksum(enum table table, const struct table_key *key, struct slice row)
{
    return hash64(row, hash64(slice_of(key->bytes, key->size), table));
}

// The row, and its own pages if it is large.
uint64_t
table_dirtied(size_t key, size_t row)
{
    uint64_t bytes = LMDB_NODE + key + row;
    if (bytes > LMDB_NODE_MAX)
        bytes = LMDB_NODE + key +
                (row + LMDB_HEADER + LMDB_PAGE - 1) / LMDB_PAGE * LMDB_PAGE;
    return bytes;
}

static int
reserve(struct store_txn *txn, enum table table, const struct table_key *key,
    MDB_val *value, enum put_how how)
{
    MDB_val k = env_val(key->bytes, key->size);
    MDB_dbi dbi = txn->store->tables[table];
    int rc = MDB_KEYEXIST;
    uint64_t leaf = 0;
    if (how != PUT_ANYWHERE)
        rc = mdb_put(txn_active(txn), dbi, &k, value, MDB_RESERVE | MDB_APPEND);
    if (rc == MDB_KEYEXIST && how != PUT_ONCE) {
        leaf = LMDB_PAGE;
        rc = mdb_put(txn_active(txn), dbi, &k, value, MDB_RESERVE);
    }
    if (rc == 0)
        txn->dirty += table_dirtied(key->size, value->mv_size) + leaf;
    return rc;
}

bool
row_begin(struct store_txn *txn, enum table table, struct table_key key, size_t bytes,
    enum put_how how, struct row_writer *out)
{
    assert(txn->writing);
    if (txn->fault.code)
        return false;
    MDB_val value = {bytes + ROW_CHECK_BYTES, NULL};
    int rc = reserve(txn, table, &key, &value, how);
    if (rc != 0) {
        (void)txn_fail(txn, rc, table, key_number(&key));
        return false;
    }
    *out = (struct row_writer){
        .key = key, .table = table, .data = value.mv_data, .bytes = bytes};
    return true;
}

void
row_end(struct row_writer *w)
{
    assert(w->at == w->bytes);
    put_le64(w->data + w->at, checksum(w->table, &w->key, slice_of(w->data, w->bytes)));
}

void
row_sort_key(struct row_writer *w, const struct sort_key *key)
{
    row_u8(w, key->has_integer);
    row_i64(w, key->has_integer ? key->integer : 0);
    row_i64(w, key->created_us);
    row_u64(w, key->arrival);
}

void
row_axes(struct row_writer *w, const struct axes *axes)
{
    row_u8(w, axes->pub_status);
    row_u8(w, axes->advisory);
    row_i64(w, axes->embargoed_until_us);
    row_i64(w, axes->expires_us);
}

void
row_too_long(struct store_txn *txn, enum table table, uint64_t number)
{
    (void)txn_fail(txn, MDB_BAD_VALSIZE, table, number);
}

// ---- reading

enum wire_err
table_get(
    struct store_txn *txn, enum table table, struct table_key key, struct slice *out)
{
    if (txn->fault.code)
        return txn->fault.code;
    MDB_val k = env_val(key.bytes, key.size), v;
    if (txn->store->tables[table] == 0)
        return WIRE_NOT_FOUND; // looked at only, and made before there was the table
    int rc = mdb_get(txn_active(txn), txn->store->tables[table], &k, &v);
    if (rc == MDB_NOTFOUND)
        return WIRE_NOT_FOUND;
    if (rc != 0)
        return txn_fail(txn, rc, table, key_number(&key));
    *out = slice_of(v.mv_data, v.mv_size);
    return WIRE_OK;
}

enum wire_err
row_open(struct store_txn *txn, enum table table, struct table_key key, uint8_t layout,
    struct row_reader *out)
{
    return row_open_either(txn, table, key, layout, layout, out);
}

enum wire_err
row_open_either(struct store_txn *txn, enum table table, struct table_key key,
    uint8_t layout, uint8_t later, struct row_reader *out)
{
    struct slice row;
    enum wire_err err = table_get(txn, table, key, &row);
    if (err)
        return err;
    uint64_t number = key_number(&key);
    if (row.size < 1 + ROW_CHECK_BYTES)
        return txn_damaged(txn, table, number, "the row is cut short");
    size_t size = row.size - ROW_CHECK_BYTES;
    if (get_le64(row.data + size) != checksum(table, &key, slice_until(row, size)))
        return txn_damaged(txn, table, number, "the checksum does not match the row");
    if (row.data[0] != layout && row.data[0] != later)
        return fault_set(&txn->fault, WIRE_STORE_VERSION, number, table_name(table),
            "%s %llu: layout %u is not known here", table_name(table),
            (unsigned long long)number, row.data[0]);
    *out = (struct row_reader){.bytes = slice_until(row, size), .at = 1};
    return WIRE_OK;
}

enum wire_err
row_close(struct store_txn *txn, enum table table, const struct table_key *key,
    const struct row_reader *r)
{
    if (!r->overrun && r->at == r->bytes.size)
        return WIRE_OK;
    return txn_damaged(txn, table, key_number(key),
        "the lengths in the row do not add up to its size");
}

struct sort_key
read_sort_key(struct row_reader *r)
{
    struct sort_key key;
    key.has_integer = read_bool(r);
    key.integer = read_i64(r);
    key.created_us = read_i64(r);
    key.arrival = read_u64(r);
    return key;
}

struct axes
read_axes(struct row_reader *r)
{
    struct axes axes;
    axes.pub_status = read_u8(r);
    axes.advisory = read_bool(r);
    axes.embargoed_until_us = read_i64(r);
    axes.expires_us = read_i64(r);
    return axes;
}

// ---- below rows

void
table_put(struct store_txn *txn, enum table table, struct table_key key,
    struct slice bytes, enum put_how how)
{
    if (txn->fault.code)
        return;
    MDB_val value = {bytes.size, NULL};
    int rc = reserve(txn, table, &key, &value, how);
    if (rc != 0)
        (void)txn_fail(txn, rc, table, key_number(&key));
    else if (bytes.size)
        memcpy(value.mv_data, bytes.data, bytes.size);
}

static enum wire_err
seek(struct store_txn *txn, enum table table, struct table_key *key, MDB_cursor_op op)
{
    if (txn->fault.code)
        return txn->fault.code;
    if (txn->store->tables[table] == 0)
        return WIRE_NOT_FOUND;
    MDB_cursor *cursor;
    MDB_val k = env_val(key->bytes, key->size), v;
    int rc = mdb_cursor_open(txn_active(txn), txn->store->tables[table], &cursor);
    if (rc == 0) {
        rc = mdb_cursor_get(cursor, &k, &v, op);
        mdb_cursor_close(cursor);
    }
    if (rc == MDB_NOTFOUND)
        return WIRE_NOT_FOUND;
    if (rc != 0)
        return txn_fail(txn, rc, table, key_number(key));
    if (k.mv_size > KEY_MAX || k.mv_size < 8)
        return txn_damaged(
            txn, table, key_number(key), "a key near it has a wrong size");
    memcpy(key->bytes, k.mv_data, k.mv_size);
    key->size = k.mv_size;
    return WIRE_OK;
}

enum wire_err
table_from(struct store_txn *txn, enum table table, struct table_key from,
    struct table_key *key_out)
{
    enum wire_err err = seek(txn, table, &from, MDB_SET_RANGE);
    if (!err)
        *key_out = from;
    return err;
}

// The row before the first at or after `below`; the last row where there is no such.
static int
step_back(MDB_cursor *cursor, MDB_val *k)
{
    MDB_val v;
    int rc = mdb_cursor_get(cursor, k, &v, MDB_SET_RANGE);
    return mdb_cursor_get(cursor, k, &v, rc == MDB_NOTFOUND ? MDB_LAST : MDB_PREV);
}

enum wire_err
table_before(struct store_txn *txn, enum table table, struct table_key below,
    struct table_key *key_out)
{
    if (txn->fault.code)
        return txn->fault.code;
    MDB_cursor *cursor;
    MDB_val k = env_val(below.bytes, below.size);
    int rc = mdb_cursor_open(txn_active(txn), txn->store->tables[table], &cursor);
    if (rc == 0) {
        rc = step_back(cursor, &k);
        mdb_cursor_close(cursor);
    }
    if (rc == MDB_NOTFOUND)
        return WIRE_NOT_FOUND;
    if (rc != 0)
        return txn_fail(txn, rc, table, key_number(&below));
    if (k.mv_size > KEY_MAX || k.mv_size < 8)
        return txn_damaged(
            txn, table, key_number(&below), "a key near it has a wrong size");
    memcpy(key_out->bytes, k.mv_data, k.mv_size);
    key_out->size = k.mv_size;
    return WIRE_OK;
}

enum wire_err
table_last(struct store_txn *txn, enum table table, struct table_key *key_out)
{
    struct table_key key = key_of(0);
    enum wire_err err = seek(txn, table, &key, MDB_LAST);
    if (!err)
        *key_out = key;
    return err;
}

uint64_t
table_rows(struct store_txn *txn, enum table table)
{
    MDB_stat stat;
    if (txn->fault.code)
        return 0;
    int rc = mdb_stat(txn_active(txn), txn->store->tables[table], &stat);
    if (rc != 0)
        (void)txn_fail(txn, rc, table, 0);
    return rc == 0 ? stat.ms_entries : 0;
}
