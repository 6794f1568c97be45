// What can be seen of the store: the last checkpoint in a read transaction, and the durable
// rows behind it in the tail. A view is made anew as soon as there was a checkpoint: a record
// that closes a gate has one before its receipt leaves, so a text that was gated then is
// never shown afterwards.
#ifndef NET_VIEW_H
#define NET_VIEW_H

#include "net/change_map.h"
#include "pipeline/pipeline.h"

struct view {
    struct pipeline *pipeline;
    uint64_t epoch;
    struct store_txn *txn;  // NULL: not begun
    struct store_meta meta; // of the checkpoint
    uint64_t begun;         // counts transactions: what was read in another is stale
    uint64_t checkpoint_record;
    struct durable durable;
    int64_t house_us;
    struct wire_writer scratch, of;
    uint8_t *text; // of view_article
    size_t text_room;
};

void view_init(struct view *view, struct pipeline *pipeline, uint64_t epoch);
void view_fini(struct view *view);

// view_refresh looks what is durable, and begins a transaction if there is none or there
// was a checkpoint since. Slices from before are stale then.
enum wire_err view_refresh(struct view *view);
// view_end lets the transaction go, so that it keeps no pages from being used again.
void view_end(struct view *view);

// view_rows gives rows from seq `from` on, at most max, from the tail or the checkpoint:
// only durable ones. Let them go with rows_release. 0 and WIRE_OK: `from` is after the head.
struct rows {
    struct tail_row *row;
    size_t count;
    bool held; // by the tail
};
enum wire_err view_rows(struct view *view, uint64_t from, struct tail_row *room,
    size_t max, struct rows *out);
void rows_release(struct rows *rows);

// view_change gives one row; NOT_FOUND past the head or before the oldest.
enum wire_err view_change(
    struct view *view, uint64_t seq, struct tail_row *room, struct rows *out);

// view_state is the state of the item of a row now: as the checkpoint knows it, or, for a
// row behind that, as the row says.
enum wire_err view_state(
    struct view *view, const struct store_change *change, enum state *state_out);

// view_show appends the CHANGE map of a row as it may be shown now. A damaged text is a
// failure; the writer then holds half a map and must be thrown away.
enum wire_err view_show(struct view *view, const struct tail_row *row,
    enum bodies bodies, struct wire_writer *w);

// view_block unpacks the block of a revision: article, then raw. Borrowed until the next.
enum wire_err view_block(
    struct view *view, const struct store_revision *revision, struct slice *out);

#endif
