#include "net/find.h"

#define CANDIDATES 32U
#define VERSIONS 256U // revisions of one item with the same word that are looked at

// An index that could not be read gives no miss.
static enum wire_err
missing(struct view *view)
{
    enum wire_err err = index_fault(pipeline_index(view->pipeline));
    return err ? err : WIRE_NOT_FOUND;
}

enum wire_err
find_item(
    struct view *view, struct slice source, struct slice uri, struct store_item *out)
{
    uint64_t items[CANDIDATES];
    uint16_t number = store_source_number(view->txn, source);
    if (number == 0)
        return WIRE_NOT_FOUND;
    size_t count = index_find(pipeline_index(view->pipeline), INDEX_ITEM,
        index_hash_item(number, uri), items, CANDIDATES);
    for (size_t i = 0; i < count && i < CANDIDATES; i++) {
        struct store_item item;
        enum wire_err err = store_get_item(view->txn, items[i], &item);
        if (err && err != WIRE_NOT_FOUND)
            return err;
        if (!err && item.source == number && slice_equal(item.uri, uri)) {
            *out = item;
            return WIRE_OK;
        }
    }
    return missing(view);
}

enum wire_err
find_change(struct view *view, uint64_t seq, struct store_change *out)
{
    return seq == 0 ? WIRE_NOT_FOUND : store_get_change(view->txn, seq, out);
}

enum wire_err
find_version(struct view *view, const struct store_item *item, struct slice version,
    struct store_change *out)
{
    uint64_t seqs[VERSIONS];
    size_t count = index_find(pipeline_index(view->pipeline), INDEX_VERSION,
        index_hash_version(item->item, version, TIME_NONE), seqs, VERSIONS);
    bool found = false;
    for (size_t i = 0; i < count && i < VERSIONS; i++) {
        struct store_change change;
        enum wire_err err = find_change(view, seqs[i], &change);
        if (err && err != WIRE_NOT_FOUND)
            return err;
        if (err || change.item != item->item || !slice_equal(change.version, version))
            continue;
        if (!found || sort_key_compare(&change.key, &out->key) > 0)
            *out = change;
        found = true;
    }
    return found ? WIRE_OK : missing(view);
}

static enum wire_err
gate_of_uri(
    struct view *view, struct slice source, struct slice uri, enum state *state_out)
{
    struct store_item item;
    enum wire_err err = find_item(view, source, uri, &item);
    if (!err)
        *state_out = state_of(&item.axes, view->house_us);
    return err == WIRE_NOT_FOUND ? WIRE_OK : err;
}

// uri_of gives the uri in one item's map of a receipt, empty if it has none.
static struct slice
uri_of(struct wire_reader *r)
{
    struct slice uri = {0};
    for (uint32_t pairs = wire_read_map(r); pairs > 0 && !r->err; pairs--) {
        if (slice_is(wire_read_str(r), "uri"))
            uri = wire_read_str(r);
        else
            (void)wire_skip(r);
    }
    return uri;
}

static enum wire_err
gate_of_items(struct view *view, struct slice source, struct wire_reader *r,
    enum state *state_out)
{
    for (uint32_t items = wire_read_array(r); items > 0 && !r->err; items--) {
        struct slice uri = uri_of(r);
        enum wire_err err = r->err || uri.size == 0
                                ? WIRE_OK
                                : gate_of_uri(view, source, uri, state_out);
        if (err || *state_out != STATE_OPEN)
            return err;
    }
    return WIRE_OK;
}

enum wire_err
find_gate(struct view *view, const struct store_record *record, enum state *state_out)
{
    struct slice source = store_source_name(view->txn, record->source);
    struct wire_reader r = wire_reader(record->receipt);
    *state_out = STATE_OPEN;
    for (uint32_t pairs = wire_read_map(&r); pairs > 0 && !r.err; pairs--) {
        if (!slice_is(wire_read_str(&r), "items")) {
            (void)wire_skip(&r);
            continue;
        }
        enum wire_err err = gate_of_items(view, source, &r, state_out);
        if (err || *state_out != STATE_OPEN)
            return err;
    }
    return r.err ? WIRE_DAMAGED : WIRE_OK;
}
