// Entries of the quarantine: one for each record of which something could not be read,
// beside the rows of its items, under a place that no item has. How many are open is kept
// in a row of meta, in the same transaction.
#include "store/record.h"

#define ENTRY_LAYOUT 1
#define ENTRY_FIXED (1 + 1 + 4 + 8 + 4) // then what was sent
#define ENTRY_SENT_MAX 4096U
#define OPEN_LAYOUT 1
#define OPEN_BYTES (1 + 8)

const char *
entry_state_name(enum entry_state state)
{
    static const char *const names[] = {"open", "retried", "released", "dropped"};
    return (size_t)state < sizeof names / sizeof *names ? names[state] : "";
}

uint64_t
store_entries_open(struct store_txn *txn)
{
    struct row_reader r;
    struct table_key key = key_of(META_ENTRIES);
    if (row_open(txn, TABLE_META, key, OPEN_LAYOUT, &r))
        return 0; // there never was one
    uint64_t open = read_u64(&r);
    return row_close(txn, TABLE_META, &key, &r) ? 0 : open;
}

static void
put_open(struct store_txn *txn, uint64_t open)
{
    struct row_writer w;
    if (!row_begin(txn, TABLE_META, key_of(META_ENTRIES), OPEN_BYTES, PUT_ANYWHERE, &w))
        return;
    row_u8(&w, OPEN_LAYOUT);
    row_u64(&w, open);
    row_end(&w);
}

static enum wire_err
get_row(struct store_txn *txn, uint64_t record, struct store_entry *out)
{
    struct row_reader r;
    struct store_entry entry = {.record = record};
    struct table_key key = quarantine_key(record, QUARANTINE_ENTRY);
    enum wire_err err = row_open(txn, TABLE_QUARANTINE, key, ENTRY_LAYOUT, &r);
    if (err)
        return err;
    entry.state = (enum entry_state)read_u8(&r);
    entry.unread = read_u32(&r);
    entry.settled_by = read_u64(&r);
    entry.sent = read_text(&r, read_u32(&r));
    err = row_close(txn, TABLE_QUARANTINE, &key, &r);
    if (!err)
        *out = entry;
    return err;
}

// A record filed before there were entries has the rows of its items alone.
static enum wire_err
from_items(struct store_txn *txn, uint64_t record, struct store_entry *out)
{
    struct table_key at = quarantine_key(record, 0);
    struct store_entry entry = {.record = record};
    enum wire_err err = WIRE_OK;
    while (!err && quarantine_item(&at) != QUARANTINE_ENTRY) {
        err = table_from(txn, TABLE_QUARANTINE, at, &at);
        if (err || key_number(&at) != record)
            break;
        entry.unread++;
        at = quarantine_key(record, quarantine_item(&at) + 1);
    }
    if (err && err != WIRE_NOT_FOUND)
        return err;
    if (entry.unread == 0)
        return WIRE_NOT_FOUND;
    *out = entry;
    return WIRE_OK;
}

enum wire_err
store_get_entry(struct store_txn *txn, uint64_t record, struct store_entry *out)
{
    enum wire_err err = get_row(txn, record, out);
    return err == WIRE_NOT_FOUND ? from_items(txn, record, out) : err;
}

void
store_put_entry(struct store_txn *txn, const struct store_entry *entry)
{
    struct row_writer w;
    struct store_entry before;
    struct table_key key = quarantine_key(entry->record, QUARANTINE_ENTRY);
    bool was_open =
        get_row(txn, entry->record, &before) == WIRE_OK && before.state == ENTRY_OPEN;
    bool is_open = entry->state == ENTRY_OPEN;
    uint64_t open = was_open == is_open ? 0 : store_entries_open(txn);
    if (entry->sent.size > ENTRY_SENT_MAX) {
        row_too_long(txn, TABLE_QUARANTINE, entry->record);
        return;
    }
    if (!row_begin(
            txn, TABLE_QUARANTINE, key, ENTRY_FIXED + entry->sent.size, PUT_AT_END, &w))
        return;
    row_u8(&w, ENTRY_LAYOUT);
    row_u8(&w, (uint8_t)entry->state);
    row_u32(&w, entry->unread);
    row_u64(&w, entry->settled_by);
    row_u32(&w, (uint32_t)entry->sent.size);
    row_text(&w, entry->sent);
    row_end(&w);
    if (was_open != is_open)
        put_open(txn, is_open ? open + 1 : open - (open > 0));
}

enum wire_err
store_entry_below(struct store_txn *txn, uint64_t below, uint64_t *record_out)
{
    struct table_key key = quarantine_key(below, 0);
    enum wire_err err = table_before(txn, TABLE_QUARANTINE, key, &key);
    if (!err)
        *record_out = key_number(&key);
    return err;
}
