// Items, and the order of their revisions.
#include "store/table.h"

#define ITEM_LAYOUT 1
#define ITEM_FIXED \
    (1 + 1 + 2 + 2 + 3 * 8 + ROW_SORT_KEY_BYTES + ROW_AXES_BYTES) // then the uri

static int
compare_i64(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

int
sort_key_compare(const struct sort_key *a, const struct sort_key *b)
{
    if (a->has_integer != b->has_integer)
        return a->has_integer ? 1 : -1;
    int c = a->has_integer ? compare_i64(a->integer, b->integer) : 0;
    if (c == 0)
        c = compare_i64(a->created_us == TIME_NONE ? 0 : a->created_us,
            b->created_us == TIME_NONE ? 0 : b->created_us);
    return c ? c : (a->arrival > b->arrival) - (a->arrival < b->arrival);
}

void
store_put_item(struct store_txn *txn, const struct store_item *item)
{
    struct row_writer w;
    if (item->uri.size > UINT16_MAX) {
        row_too_long(txn, TABLE_ITEMS, item->item);
        return;
    }
    size_t bytes = ITEM_FIXED + item->uri.size;
    if (!row_begin(txn, TABLE_ITEMS, key_of(item->item), bytes, PUT_AT_END, &w))
        return;
    row_u8(&w, ITEM_LAYOUT);
    row_u8(&w, item->has_id);
    row_u16(&w, item->source);
    row_u16(&w, (uint16_t)item->uri.size);
    row_u64(&w, item->current);
    row_u64(&w, item->last);
    row_u64(&w, item->story);
    row_sort_key(&w, &item->current_key);
    row_axes(&w, &item->axes);
    row_text(&w, item->uri);
    row_end(&w);
}

enum wire_err
store_get_item(struct store_txn *txn, uint64_t number, struct store_item *out)
{
    struct row_reader r;
    struct store_item item = {.item = number};
    struct table_key key = key_of(number);
    enum wire_err err = row_open(txn, TABLE_ITEMS, key, ITEM_LAYOUT, &r);
    if (err)
        return err;
    item.has_id = read_bool(&r);
    item.source = read_u16(&r);
    uint16_t uri_bytes = read_u16(&r);
    item.current = read_u64(&r);
    item.last = read_u64(&r);
    item.story = read_u64(&r);
    item.current_key = read_sort_key(&r);
    item.axes = read_axes(&r);
    item.uri = read_text(&r, uri_bytes);
    err = row_close(txn, TABLE_ITEMS, &key, &r);
    if (!err)
        *out = item;
    return err;
}
