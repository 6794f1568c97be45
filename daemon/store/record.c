// Records: the receipt and what finds it again; and what of a record could not be filed.
#include "store/record.h"

#define RECORD_ROW_LAYOUT 1
#define RECORD_EXTRA_LAYOUT 2 // the same, and behind the texts what is extra
#define RECORD_FIXED \
    (1 + 1 + 2 + 2 + 4 + SUBMISSION_ID_BYTES + 2 * 32 + 5 * 8) // then the texts
#define QUARANTINE_LAYOUT 1
#define QUARANTINE_FIXED (1 + 1 + 2 + 4 + 4 + 8) // then field, words

void
store_put_record(struct store_txn *txn, const struct store_record *record)
{
    struct row_writer w;
    if (record->format.size > UINT8_MAX || record->principal.size > UINT16_MAX ||
        record->receipt.size > UINT32_MAX) {
        row_too_long(txn, TABLE_RECORDS, record->record);
        return;
    }
    size_t bytes = RECORD_FIXED + record->format.size + record->principal.size +
                   record->receipt.size + record->extra.size;
    if (!row_begin(txn, TABLE_RECORDS, key_of(record->record), bytes, PUT_AT_END, &w))
        return;
    row_u8(&w, record->extra.size ? RECORD_EXTRA_LAYOUT : RECORD_ROW_LAYOUT);
    row_u8(&w, (uint8_t)record->format.size);
    row_u16(&w, (uint16_t)record->principal.size);
    row_u16(&w, record->source);
    row_u32(&w, (uint32_t)record->receipt.size);
    row_bytes(&w, record->id, sizeof record->id);
    row_digest(&w, &record->request_digest);
    row_digest(&w, &record->raw_digest);
    row_u64(&w, record->raw_bytes);
    row_u64(&w, record->first_seq);
    row_u64(&w, record->last_seq);
    row_i64(&w, record->house_us);
    row_i64(&w, record->wall_us);
    row_text(&w, record->format);
    row_text(&w, record->principal);
    row_text(&w, record->receipt);
    row_text(&w, record->extra);
    row_end(&w);
}

static void
unpack_record(struct row_reader *r, struct store_record *record)
{
    uint8_t format_bytes = read_u8(r);
    uint16_t principal_bytes = read_u16(r);
    record->source = read_u16(r);
    uint32_t receipt_bytes = read_u32(r);
    memcpy(record->id, read_bytes(r, sizeof record->id), sizeof record->id);
    record->request_digest = read_digest(r);
    record->raw_digest = read_digest(r);
    record->raw_bytes = read_u64(r);
    record->first_seq = read_u64(r);
    record->last_seq = read_u64(r);
    record->house_us = read_i64(r);
    record->wall_us = read_i64(r);
    record->format = read_text(r, format_bytes);
    record->principal = read_text(r, principal_bytes);
    record->receipt = read_text(r, receipt_bytes);
}

enum wire_err
store_get_record(struct store_txn *txn, uint64_t number, struct store_record *out)
{
    struct row_reader r;
    struct store_record record = {.record = number};
    struct table_key key = key_of(number);
    enum wire_err err = row_open_either(
        txn, TABLE_RECORDS, key, RECORD_ROW_LAYOUT, RECORD_EXTRA_LAYOUT, &r);
    if (err)
        return err;
    unpack_record(&r, &record);
    if (r.bytes.data[0] == RECORD_EXTRA_LAYOUT)
        record.extra = read_rest(&r);
    err = row_close(txn, TABLE_RECORDS, &key, &r);
    if (!err)
        *out = record;
    return err;
}

void
store_put_quarantine(struct store_txn *txn, const struct store_quarantine *q)
{
    struct row_writer w;
    if (q->field.size > UINT16_MAX || q->words.size > UINT32_MAX) {
        row_too_long(txn, TABLE_QUARANTINE, q->record);
        return;
    }
    size_t bytes = QUARANTINE_FIXED + q->field.size + q->words.size;
    struct table_key key = quarantine_key(q->record, q->item);
    if (!row_begin(txn, TABLE_QUARANTINE, key, bytes, PUT_AT_END, &w))
        return;
    row_u8(&w, QUARANTINE_LAYOUT);
    row_u8(&w, (uint8_t)q->fate);
    row_u16(&w, (uint16_t)q->field.size);
    row_u32(&w, (uint32_t)q->words.size);
    row_u32(&w, (uint32_t)q->code);
    row_u64(&w, q->at);
    row_text(&w, q->field);
    row_text(&w, q->words);
    row_end(&w);
}

enum wire_err
store_get_quarantine(
    struct store_txn *txn, uint64_t record, uint32_t item, struct store_quarantine *out)
{
    struct row_reader r;
    struct store_quarantine q = {.record = record, .item = item};
    struct table_key key = quarantine_key(record, item);
    enum wire_err err = row_open(txn, TABLE_QUARANTINE, key, QUARANTINE_LAYOUT, &r);
    if (err)
        return err;
    q.fate = (enum item_fate)read_u8(&r);
    uint16_t field_bytes = read_u16(&r);
    uint32_t words_bytes = read_u32(&r);
    q.code = (enum wire_err)read_u32(&r);
    q.at = read_u64(&r);
    q.field = read_text(&r, field_bytes);
    q.words = read_text(&r, words_bytes);
    err = row_close(txn, TABLE_QUARANTINE, &key, &r);
    if (!err)
        *out = q;
    return err;
}
