// What a follower is sent next: EVENTs of history, pages of a snapshot, its end, HEAD.
#include "net/follower.h"

#define SNAPSHOT_LOOKS 512U // items looked at for one page

static enum delivered
delivered(enum sent sent)
{
    switch (sent) {
    case SENT:
        return DELIVERED_ONE;
    case SENT_LATER:
        return DELIVERED_LATER;
    case SENT_NEVER:
        return DELIVERED_NEVER;
    }
    return DELIVERED_LATER;
}

static struct wire_event
event_message(uint64_t first, uint64_t last, const struct cursor *cursor,
    uint8_t token[CURSOR_BYTES])
{
    cursor_write(cursor, token);
    return (struct wire_event){
        .first = first, .last = last, .cursor = slice_of(token, CURSOR_BYTES)};
}

static enum wire_err
deliver_history(struct station *station, struct peer *peer, struct events *events,
    struct view *view, enum delivered *out)
{
    struct follower *follower = peer->follower;
    const struct event *event = NULL;
    if (!follower_has_credit(follower) || follower->sent >= view->durable.seq)
        return WIRE_OK;
    enum wire_err err =
        events_get(events, view, follower->sent, follower->bodies, &event);
    if (err || !event)
        return err;
    uint8_t token[CURSOR_BYTES];
    struct wire_event message =
        event_message(event->first, event->last, &event->cursor, token);
    size_t bytes = frame_bytes(&event->body).size;
    zmq_msg_t body;
    (void)zmq_msg_init(&body);
    if (zmq_msg_copy(&body, (zmq_msg_t *)(uintptr_t)&event->body) != 0)
        return WIRE_NO_MEMORY;
    *out = delivered(station_try(station, peer, WIRE_MSG_EVENT, &message, &body));
    (void)zmq_msg_close(&body);
    if (*out == DELIVERED_ONE) {
        follower_spend(follower, bytes);
        follower->sent = event->last;
        follower->cursor = event->cursor;
        follower->has_cursor = true;
    }
    return WIRE_OK;
}

struct page {
    uint64_t item, first, last;
    uint32_t count;
};

static enum wire_err
page_add(
    struct events *events, struct view *view, enum bodies bodies, struct page *page)
{
    struct store_item item;
    struct tail_row row = {0};
    enum wire_err err = store_get_item(view->txn, page->item, &item);
    if (!err)
        err = store_get_change(view->txn, item.current, &row.change);
    if (!err)
        err = view_show(view, &row, bodies, &events->rows);
    if (err)
        return err == WIRE_NOT_FOUND ? WIRE_DAMAGED : err;
    if (page->count++ == 0)
        page->first = item.current;
    page->last = item.current;
    return WIRE_OK;
}

static enum wire_err
page_fill(struct events *events, struct view *view, const struct follower *follower,
    struct page *page)
{
    *page = (struct page){.item = follower->item};
    wire_writer_reset(&events->rows);
    while (page->item < follower->items && page->count < SNAPSHOT_LOOKS &&
           events->rows.size < EVENT_BYTES) {
        page->item++;
        enum wire_err err = page_add(events, view, follower->bodies, page);
        if (err)
            return err;
    }
    return WIRE_OK;
}

static enum wire_err
deliver_page(struct station *station, struct peer *peer, struct events *events,
    struct view *view, enum delivered *out)
{
    struct follower *follower = peer->follower;
    struct page page;
    zmq_msg_t body;
    if (!follower_has_credit(follower))
        return WIRE_OK;
    enum wire_err err = page_fill(events, view, follower, &page);
    if (err)
        return err;
    if (!events_list(&events->list, wire_written(&events->rows), page.count, &body))
        return WIRE_NO_MEMORY;
    uint8_t token[CURSOR_BYTES];
    struct wire_event message =
        event_message(page.first, page.last, &follower->cursor, token);
    WIRE_SET(event, &message, snapshot, true);
    size_t bytes = zmq_msg_size(&body);
    *out = delivered(station_try(station, peer, WIRE_MSG_EVENT, &message, &body));
    (void)zmq_msg_close(&body);
    if (*out == DELIVERED_ONE) {
        follower_spend(follower, bytes);
        follower->item = page.item;
    }
    return WIRE_OK;
}

static enum wire_err
deliver_end(struct station *station, struct peer *peer, enum delivered *out)
{
    struct follower *follower = peer->follower;
    uint8_t token[CURSOR_BYTES];
    cursor_write(&follower->cursor, token);
    struct wire_snapshot_end message = {
        .seq = follower->sent, .cursor = slice_of(token, sizeof token)};
    *out = delivered(station_try(station, peer, WIRE_MSG_SNAPSHOT_END, &message, NULL));
    if (*out == DELIVERED_ONE)
        follower->following = FOLLOWING_HISTORY;
    return WIRE_OK;
}

enum wire_err
follower_deliver(struct station *station, struct peer *peer, struct events *events,
    struct view *view, enum delivered *out)
{
    const struct follower *follower = peer->follower;
    *out = DELIVERED_NOTHING;
    if (follower->following == FOLLOWING_HISTORY)
        return deliver_history(station, peer, events, view, out);
    if (follower->following != FOLLOWING_SNAPSHOT)
        return WIRE_OK;
    if (follower->item < follower->items)
        return deliver_page(station, peer, events, view, out);
    return deliver_end(station, peer, out);
}

void
follower_head(struct station *station, struct peer *peer, struct view *view)
{
    const struct follower *follower = peer->follower;
    struct durable durable;
    uint8_t token[CURSOR_BYTES];
    pipeline_durable(view->pipeline, &durable);
    struct wire_head message = {.epoch = view->epoch,
        .seq = durable.seq,
        .sent = follower->sent,
        .time = pipeline_house_us(view->pipeline)};
    cursor_write(&follower->cursor, token);
    if (follower->has_cursor)
        WIRE_SET(head, &message, cursor, slice_of(token, sizeof token));
    station_say(station, peer, WIRE_MSG_HEAD, &message, NULL);
}
