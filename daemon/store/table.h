// Rows in tables: the one place where keys, checksums and LMDB's puts and gets meet.
//
// A key is a big-endian number (by_source: source, then seq; quarantine: record, then
// item), so that tables are in order of number and most grow at their end. A row is
//
//   layout (1 byte), fields packed without gaps, little-endian; texts last; checksum (8)
//
// with checksum = XXH3-64(row before it, seed = XXH3-64(key, seed = number of the table)):
// a row read under another key or in another table is damage like a flipped bit.
// Rows of by_source are empty: verify holds that list against changes.
#ifndef STORE_TABLE_H
#define STORE_TABLE_H

#include "base/bytes.h"
#include "store/inside.h"

#define ROW_CHECK_BYTES 8
#define KEY_MAX 12
#define LMDB_PAGE 4096U

struct table_key {
    uint8_t bytes[KEY_MAX];
    size_t size;
};

static inline struct table_key
key_of(uint64_t number)
{
    struct table_key key = {.size = 8};
    put_be64(key.bytes, number);
    return key;
}

static inline uint64_t
key_number(const struct table_key *key)
{
    return get_be64(key->bytes);
}

const char *table_name(enum table table);

enum put_how {
    PUT_ANYWHERE, // makes or replaces
    PUT_AT_END,   // mostly the greatest key so far; else makes or replaces
    PUT_ONCE,     // must be the greatest key so far: INTERNAL if not
};

// ---- writing a row: row_begin reserves exactly `bytes` (the checksum not counted), the
// row_* calls fill them in order, row_end seals. row_begin gives false with the fault in
// txn; then the row is not to be filled.
struct row_writer {
    struct table_key key;
    enum table table;
    uint8_t *data; // in LMDB's page, until the next put
    size_t at, bytes;
};
bool row_begin(struct store_txn *txn, enum table table, struct table_key key,
    size_t bytes, enum put_how how, struct row_writer *out);
void row_end(struct row_writer *w);

static inline void
row_u8(struct row_writer *w, uint8_t v)
{
    w->data[w->at++] = v;
}

static inline void
row_u16(struct row_writer *w, uint16_t v)
{
    put_le16(w->data + w->at, v);
    w->at += 2;
}

static inline void
row_u32(struct row_writer *w, uint32_t v)
{
    put_le32(w->data + w->at, v);
    w->at += 4;
}

static inline void
row_u64(struct row_writer *w, uint64_t v)
{
    put_le64(w->data + w->at, v);
    w->at += 8;
}

static inline void
row_i64(struct row_writer *w, int64_t v)
{
    row_u64(w, (uint64_t)v);
}

static inline void
row_bytes(struct row_writer *w, const void *bytes, size_t size)
{
    if (size)
        memcpy(w->data + w->at, bytes, size);
    w->at += size;
}

static inline void
row_text(struct row_writer *w, struct slice text)
{
    row_bytes(w, text.data, text.size);
}

static inline void
row_digest(struct row_writer *w, const struct digest *digest)
{
    row_bytes(w, digest->bytes, sizeof digest->bytes);
}

void row_sort_key(struct row_writer *w, const struct sort_key *key);
void row_axes(struct row_writer *w, const struct axes *axes);
#define ROW_SORT_KEY_BYTES 25
#define ROW_AXES_BYTES 18

// row_too_long is for texts whose length does not fit its field in the row.
void row_too_long(struct store_txn *txn, enum table table, uint64_t number);

// ---- reading a row: row_open checks checksum and layout, read_* take fields in order,
// row_close says whether the row had exactly those. NOT_FOUND is not sticky.
struct row_reader {
    struct slice bytes; // without checksum; borrowed from the map
    size_t at;
    bool overrun;
};
enum wire_err row_open(struct store_txn *txn, enum table table, struct table_key key,
    uint8_t layout, struct row_reader *out);
// row_open_either takes a row of a layout or of the one that came after it.
enum wire_err row_open_either(struct store_txn *txn, enum table table,
    struct table_key key, uint8_t layout, uint8_t later, struct row_reader *out);
enum wire_err row_close(struct store_txn *txn, enum table table,
    const struct table_key *key, const struct row_reader *r);

static inline const uint8_t *
read_bytes(struct row_reader *r, size_t size)
{
    static const uint8_t none[64];
    if (size > r->bytes.size - r->at) {
        r->overrun = true;
        return none; // size is that of a number or digest: texts come through read_text
    }
    const uint8_t *bytes = r->bytes.data + r->at;
    r->at += size;
    return bytes;
}

static inline uint8_t
read_u8(struct row_reader *r)
{
    return *read_bytes(r, 1);
}

static inline uint16_t
read_u16(struct row_reader *r)
{
    return get_le16(read_bytes(r, 2));
}

static inline uint32_t
read_u32(struct row_reader *r)
{
    return get_le32(read_bytes(r, 4));
}

static inline uint64_t
read_u64(struct row_reader *r)
{
    return get_le64(read_bytes(r, 8));
}

static inline int64_t
read_i64(struct row_reader *r)
{
    return (int64_t)read_u64(r);
}

static inline bool
read_bool(struct row_reader *r)
{
    return read_u8(r) != 0;
}

static inline struct digest
read_digest(struct row_reader *r)
{
    struct digest digest;
    memcpy(digest.bytes, read_bytes(r, sizeof digest.bytes), sizeof digest.bytes);
    return digest;
}

static inline struct slice
read_text(struct row_reader *r, size_t size)
{
    if (size > r->bytes.size - r->at) {
        r->overrun = true;
        return slice_of(NULL, 0);
    }
    return slice_of(read_bytes(r, size), size);
}

static inline struct slice
read_rest(struct row_reader *r)
{
    return read_text(r, r->bytes.size - r->at);
}

struct sort_key read_sort_key(struct row_reader *r);
struct axes read_axes(struct row_reader *r);

// ---- below rows: what lists, verify and tests need
// table_put puts bytes as they are. table_get gives them unchecked. table_from gives the
// first key at or after `from`, table_last the greatest; NOT_FOUND if there is none.
void table_put(struct store_txn *txn, enum table table, struct table_key key,
    struct slice bytes, enum put_how how);
enum wire_err table_get(
    struct store_txn *txn, enum table table, struct table_key key, struct slice *out);
enum wire_err table_from(struct store_txn *txn, enum table table, struct table_key from,
    struct table_key *key_out);
// table_before gives the greatest key below `below`.
enum wire_err table_before(struct store_txn *txn, enum table table,
    struct table_key below, struct table_key *key_out);
enum wire_err table_last(
    struct store_txn *txn, enum table table, struct table_key *key_out);
uint64_t table_rows(struct store_txn *txn, enum table table);
// table_dirtied says about how much of the file a row dirties, but for the leaf it is on.
uint64_t table_dirtied(size_t key, size_t row);

#endif
