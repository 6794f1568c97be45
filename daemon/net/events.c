#include "net/events.h"

#define ROWS_AT_ONCE 32U

void
events_init(struct events *events)
{
    *events = (struct events){0};
}

static void
forget(struct event *event)
{
    if (event->is_made)
        (void)zmq_msg_close(&event->body);
    event->is_made = false;
}

static void
forget_all(struct events *events)
{
    for (unsigned i = 0; i < EVENTS_KEPT; i++)
        forget(&events->event[i]);
}

void
events_fini(struct events *events)
{
    forget_all(events);
    wire_writer_fini(&events->rows);
    wire_writer_fini(&events->list);
}

bool
events_list(
    struct wire_writer *list, struct slice maps, uint32_t count, zmq_msg_t *body_out)
{
    wire_writer_reset(list);
    wire_put_array(list, count);
    struct slice head = wire_written(list);
    if (list->failed || zmq_msg_init_size(body_out, head.size + maps.size) != 0)
        return false;
    uint8_t *out = zmq_msg_data(body_out);
    memcpy(out, head.data, head.size);
    if (maps.size > 0)
        memcpy(out + head.size, maps.data, maps.size);
    return true;
}

// add puts rows into the event until it is full; how many went in.
static enum wire_err
add(struct events *events, struct view *view, const struct rows *rows,
    struct event *event, uint32_t *count)
{
    for (size_t i = 0; i < rows->count && events->rows.size < EVENT_BYTES; i++) {
        const struct store_change *change = &rows->row[i].change;
        enum wire_err err =
            view_show(view, &rows->row[i], event->bodies, &events->rows);
        if (err)
            return err;
        event->last = change->seq;
        event->cursor = cursor_at(view->epoch, change->seq, &change->hash);
        ++*count;
    }
    return WIRE_OK;
}

static enum wire_err
make(struct events *events, struct view *view, struct event *event)
{
    struct tail_row room[ROWS_AT_ONCE];
    struct rows rows;
    uint32_t count = 0;
    wire_writer_reset(&events->rows);
    event->first = event->after + 1;
    event->last = event->after;
    bool is_end = false;
    while (!is_end && events->rows.size < EVENT_BYTES) {
        bool is_stored = event->last < view->meta.seq; // then the tail follows
        enum wire_err err = view_rows(view, event->last + 1, room, ROWS_AT_ONCE, &rows);
        if (!err)
            err = add(events, view, &rows, event, &count);
        is_end = !is_stored && rows.count < ROWS_AT_ONCE;
        rows_release(&rows);
        if (err)
            return err;
    }
    if (count == 0)
        return WIRE_OK;
    event->is_made =
        events_list(&events->list, wire_written(&events->rows), count, &event->body);
    return event->is_made ? WIRE_OK : WIRE_NO_MEMORY;
}

static struct event *
find(struct events *events, uint64_t after, enum bodies bodies)
{
    for (unsigned i = 0; i < EVENTS_KEPT; i++) {
        struct event *event = &events->event[i];
        if (event->is_made && event->after == after && event->bodies == bodies)
            return event;
    }
    return NULL;
}

enum wire_err
events_get(struct events *events, struct view *view, uint64_t after, enum bodies bodies,
    const struct event **out)
{
    if (events->begun != view->begun)
        forget_all(events);
    events->begun = view->begun;
    struct event *event = find(events, after, bodies);
    enum wire_err err = WIRE_OK;
    if (!event) {
        event = &events->event[events->turn++ % EVENTS_KEPT];
        forget(event);
        event->after = after;
        event->bodies = bodies;
        err = make(events, view, event);
    }
    *out = event->is_made ? event : NULL;
    return err;
}
