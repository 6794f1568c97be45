#include "net/view.h"

#include <assert.h>
#include <stdlib.h>

void
view_init(struct view *view, struct pipeline *pipeline, uint64_t epoch)
{
    *view = (struct view){.pipeline = pipeline, .epoch = epoch};
}

void
view_fini(struct view *view)
{
    view_end(view);
    wire_writer_fini(&view->scratch);
    wire_writer_fini(&view->of);
    free(view->text);
    view->text = NULL;
    view->text_room = 0;
}

void
view_end(struct view *view)
{
    if (view->txn)
        store_end_read(&view->txn);
}

// What is durable is asked first: the transaction then holds at least its checkpoint.
enum wire_err
view_refresh(struct view *view)
{
    pipeline_durable(view->pipeline, &view->durable);
    view->house_us = pipeline_house_us(view->pipeline);
    if (!view->txn || view->checkpoint_record != view->durable.checkpoint_record) {
        view_end(view);
        enum wire_err err =
            store_begin_read(pipeline_store(view->pipeline), &view->txn);
        if (err)
            return err;
        view->begun++;
        view->checkpoint_record = view->durable.checkpoint_record;
        store_get_meta(view->txn, &view->meta);
    }
    // A record that closes a gate is in LMDB before it is told of: then LMDB is the head.
    if (view->meta.seq > view->durable.seq) {
        view->durable.seq = view->meta.seq;
        view->durable.hash = view->meta.hash;
        view->durable.records = view->meta.records;
        view->durable.items = view->meta.items;
        view->durable.sources = store_source_count(view->txn);
    }
    return store_txn_fault(view->txn);
}

void
rows_release(struct rows *rows)
{
    if (rows->held)
        tail_release(rows->row, rows->count);
    *rows = (struct rows){0};
}

// Header and text of a row from the checkpoint are fetched when they are wanted.
static enum wire_err
stored_rows(struct view *view, uint64_t from, struct tail_row *room, size_t max,
    struct rows *out)
{
    size_t count = 0;
    for (; count < max && from + count <= view->meta.seq; count++) {
        room[count] = (struct tail_row){0};
        enum wire_err err =
            store_get_change(view->txn, from + count, &room[count].change);
        if (err)
            return err == WIRE_NOT_FOUND ? WIRE_DAMAGED : err;
    }
    *out = (struct rows){.row = room, .count = count};
    return WIRE_OK;
}

// The tail may hold rows that the last look at what is durable did not know yet; they are
// durable too, but a head that was told must not be passed by what follows it.
static void
cut_to_head(const struct view *view, struct rows *rows)
{
    size_t keep = rows->count;
    while (keep > 0 && rows->row[keep - 1].change.seq > view->durable.seq)
        keep--;
    if (keep < rows->count)
        tail_release(rows->row + keep, rows->count - keep);
    rows->count = keep;
}

enum wire_err
view_rows(struct view *view, uint64_t from, struct tail_row *room, size_t max,
    struct rows *out)
{
    *out = (struct rows){0};
    if (from > view->durable.seq)
        return WIRE_OK;
    if (from <= view->meta.seq)
        return stored_rows(view, from, room, max, out);
    size_t count = tail_take(view->pipeline, from, room, max);
    *out = (struct rows){.row = room, .count = count, .held = true};
    assert(count == 0 || room[0].change.seq == from);
    cut_to_head(view, out);
    return WIRE_OK;
}

enum wire_err
view_change(struct view *view, uint64_t seq, struct tail_row *room, struct rows *out)
{
    if (seq == 0 || seq < view->meta.oldest_seq)
        return WIRE_NOT_FOUND;
    enum wire_err err = view_rows(view, seq, room, 1, out);
    return !err && out->count == 0 ? WIRE_NOT_FOUND : err;
}

enum wire_err
view_state(struct view *view, const struct store_change *change, enum state *state_out)
{
    struct store_item item = {.axes = change->axes};
    if (change->seq <= view->meta.seq) {
        enum wire_err err = store_get_item(view->txn, change->item, &item);
        if (err)
            return err == WIRE_NOT_FOUND ? WIRE_DAMAGED : err;
    }
    *state_out = state_of(&item.axes, view->house_us);
    return WIRE_OK;
}

static uint8_t *
text_room(struct view *view, size_t size)
{
    if (view->text_room < size) {
        free(view->text);
        view->text = malloc(size);
        view->text_room = view->text ? size : 0;
    }
    return view->text;
}

enum wire_err
view_block(struct view *view, const struct store_revision *revision, struct slice *out)
{
    size_t size = (size_t)revision->article_bytes + revision->raw_bytes;
    uint8_t *room = text_room(view, size ? size : 1);
    if (!room)
        return WIRE_NO_MEMORY;
    if (!decompress_into(revision->codec, revision->block, room, size))
        return WIRE_DAMAGED;
    *out = slice_of(room, size);
    return WIRE_OK;
}

static enum wire_err
article_of(struct view *view, const struct store_revision *revision, struct slice *out)
{
    struct slice block;
    enum wire_err err = view_block(view, revision, &block);
    if (!err)
        *out = slice_until(block, revision->article_bytes);
    return err;
}

// The row that holds the text: itself, or for a touch an older one, which may be stored
// already or still be in the tail.
static enum wire_err
revision_of(struct view *view, const struct tail_row *row, struct slice *out)
{
    uint64_t seq = row->change.content;
    if (seq == row->change.seq && row->batch)
        return article_of(view, &row->revision, out);
    if (seq > view->meta.seq) {
        struct tail_row room;
        struct rows older;
        enum wire_err err = view_change(view, seq, &room, &older);
        if (err)
            return err;
        err = article_of(view, &older.row->revision, out);
        rows_release(&older);
        return err;
    }
    struct store_revision revision;
    enum wire_err err = store_get_revision(view->txn, seq, &revision);
    return err ? err : article_of(view, &revision, out);
}

static enum wire_err
headline_of(struct view *view, const struct tail_row *row, struct slice *out)
{
    if (row->batch) {
        *out = row->header.headline;
        return WIRE_OK;
    }
    struct store_header header = {0};
    enum wire_err err = store_get_header(view->txn, row->change.seq, &header);
    *out = header.headline;
    return err == WIRE_NOT_FOUND ? WIRE_OK : err;
}

// of_text names what a row is a duplicate of, unless that may not be shown: who may not see
// a text doesn't learn of it by a link.
static struct slice
of_text(struct view *view, uint64_t seq)
{
    struct tail_row room;
    struct rows of = {0};
    enum state state;
    wire_writer_reset(&view->of);
    if (view_change(view, seq, &room, &of) != WIRE_OK)
        return slice_of(NULL, 0);
    if (view_state(view, &of.row->change, &state) == WIRE_OK && state == STATE_OPEN) {
        wire_put_raw(&view->of, of.row->change.source);
        wire_put_raw(&view->of, SLICE(":"));
        wire_put_raw(&view->of, of.row->change.uri);
    }
    rows_release(&of);
    return wire_written(&view->of);
}

enum wire_err
view_show(struct view *view, const struct tail_row *row, enum bodies bodies,
    struct wire_writer *w)
{
    struct shown shown = {.change = &row->change};
    enum wire_err err = view_state(view, &row->change, &shown.state);
    bool is_open = !err && shown.state == STATE_OPEN;
    if (is_open && bodies >= BODIES_HEADERS)
        err = headline_of(view, row, &shown.headline);
    if (is_open && !err && bodies == BODIES_FULL)
        err = revision_of(view, row, &shown.article);
    if (err)
        return err;
    if (row->change.of_seq > 0 && bodies != BODIES_ROWS)
        shown.of = of_text(view, row->change.of_seq);
    change_map_put(w, &view->scratch, view->epoch, bodies, &shown);
    return w->failed ? WIRE_NO_MEMORY : WIRE_OK;
}
