// What a revision holds: its slim header, its text, and raw bytes kept apart.
#include "store/table.h"

#define HEADER_LAYOUT 1
#define HEADER_FIXED (1 + 2 + 4) // then headline, slugline
#define REVISION_LAYOUT 1
#define REVISION_FIXED (1 + 1 + 4 + 4) // then the block
#define RAW_LAYOUT 1
#define RAW_FIXED (1 + 1 + 4) // then the block

void
store_put_header(struct store_txn *txn, const struct store_header *header)
{
    struct row_writer w;
    if (header->headline.size > UINT32_MAX || header->slugline.size > UINT16_MAX) {
        row_too_long(txn, TABLE_HEADERS, header->seq);
        return;
    }
    size_t bytes = HEADER_FIXED + header->headline.size + header->slugline.size;
    if (!row_begin(txn, TABLE_HEADERS, key_of(header->seq), bytes, PUT_AT_END, &w))
        return;
    row_u8(&w, HEADER_LAYOUT);
    row_u16(&w, (uint16_t)header->slugline.size);
    row_u32(&w, (uint32_t)header->headline.size);
    row_text(&w, header->headline);
    row_text(&w, header->slugline);
    row_end(&w);
}

enum wire_err
store_get_header(struct store_txn *txn, uint64_t seq, struct store_header *out)
{
    struct row_reader r;
    struct store_header header = {.seq = seq};
    struct table_key key = key_of(seq);
    enum wire_err err = row_open(txn, TABLE_HEADERS, key, HEADER_LAYOUT, &r);
    if (err)
        return err;
    uint16_t slugline_bytes = read_u16(&r);
    header.headline = read_text(&r, read_u32(&r));
    header.slugline = read_text(&r, slugline_bytes);
    err = row_close(txn, TABLE_HEADERS, &key, &r);
    if (!err)
        *out = header;
    return err;
}

void
store_put_revision(struct store_txn *txn, const struct store_revision *revision)
{
    struct row_writer w;
    size_t bytes = REVISION_FIXED + revision->block.size;
    if (!row_begin(txn, TABLE_REVISIONS, key_of(revision->seq), bytes, PUT_AT_END, &w))
        return;
    row_u8(&w, REVISION_LAYOUT);
    row_u8(&w, (uint8_t)revision->codec);
    row_u32(&w, revision->article_bytes);
    row_u32(&w, revision->raw_bytes);
    row_text(&w, revision->block);
    row_end(&w);
}

enum wire_err
store_get_revision(struct store_txn *txn, uint64_t seq, struct store_revision *out)
{
    struct row_reader r;
    struct store_revision revision = {.seq = seq};
    struct table_key key = key_of(seq);
    enum wire_err err = row_open(txn, TABLE_REVISIONS, key, REVISION_LAYOUT, &r);
    if (err)
        return err;
    revision.codec = (enum codec)read_u8(&r);
    revision.article_bytes = read_u32(&r);
    revision.raw_bytes = read_u32(&r);
    revision.block = read_rest(&r);
    err = row_close(txn, TABLE_REVISIONS, &key, &r);
    if (!err)
        *out = revision;
    return err;
}

void
store_put_raw(struct store_txn *txn, const struct store_raw *raw)
{
    struct row_writer w;
    size_t bytes = RAW_FIXED + raw->block.size;
    if (!row_begin(txn, TABLE_RAWS, key_of(raw->record), bytes, PUT_AT_END, &w))
        return;
    row_u8(&w, RAW_LAYOUT);
    row_u8(&w, (uint8_t)raw->codec);
    row_u32(&w, raw->raw_bytes);
    row_text(&w, raw->block);
    row_end(&w);
}

enum wire_err
store_get_raw(struct store_txn *txn, uint64_t record, struct store_raw *out)
{
    struct row_reader r;
    struct store_raw raw = {.record = record};
    struct table_key key = key_of(record);
    enum wire_err err = row_open(txn, TABLE_RAWS, key, RAW_LAYOUT, &r);
    if (err)
        return err;
    raw.codec = (enum codec)read_u8(&r);
    raw.raw_bytes = read_u32(&r);
    raw.block = read_rest(&r);
    err = row_close(txn, TABLE_RAWS, &key, &r);
    if (!err)
        *out = raw;
    return err;
}
