// From names to rows: the item of (source, uri), a revision of it by the source's own word,
// the state of what a record brought. Everything the index finds is confirmed in the store.
#ifndef NET_FIND_H
#define NET_FIND_H

#include "net/view.h"

// All give NOT_FOUND where there is none in the view's checkpoint.
enum wire_err find_item(
    struct view *view, struct slice source, struct slice uri, struct store_item *out);
// find_version: of several revisions with the same word, the one that would be current.
enum wire_err find_version(struct view *view, const struct store_item *item,
    struct slice version, struct store_change *out);
enum wire_err find_change(struct view *view, uint64_t seq, struct store_change *out);

// find_gate says how far what a record brought is closed: the first item that is not open
// now decides. Items are taken from the receipt, so that one that came after a kill, or was
// quarantined, is held against the item it names.
enum wire_err find_gate(
    struct view *view, const struct store_record *record, enum state *state_out);

#endif
