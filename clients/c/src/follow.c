// Following: changes in order under our credit, from where it was after a lost connection.
#include <stdio.h>
#include <stdlib.h>

#include "handle.h"

#define GRANT_BYTES (1U << 20)
#define GRANT_MESSAGES 64U

void
follow_fini(struct wireroom *w)
{
    (void)zmq_msg_close(&w->follow.event);
}

static void
grant(struct wireroom *w, uint64_t bytes, uint64_t messages)
{
    struct wire_credit credit = {.bytes = bytes, .messages = messages};
    (void)link_say(&w->feed, WIRE_MSG_CREDIT, &credit, NULL);
    w->follow.credit_bytes += bytes;
    w->follow.credit_messages += messages;
}

static void
set_place(const struct follow *f, struct wire_open *m)
{
    static const char *const modes[] = {"rows", "headers", "full"};
    const struct wireroom_place *place = &f->place;
    WIRE_SET(open, m, bodies, slice_str(modes[place->bodies]));
    if (f->has_cursor)
        WIRE_SET(open, m, cursor, slice_of(f->cursor, sizeof f->cursor));
    else if (place->snapshot)
        WIRE_SET(open, m, snapshot, true);
    else if (place->has_since)
        WIRE_SET(open, m, since, place->since_us);
    else if (place->cursor)
        WIRE_SET(open, m, cursor, slice_of(place->cursor, 24));
    else
        WIRE_SET(open, m, after, place->after);
}

static enum wireroom_status
take_opened(struct wireroom *w)
{
    struct wire_opened m;
    struct fault fault = FAULT_NONE;
    struct follow *f = &w->follow;
    if (wire_decode(w->letter.header, WIRE_MSG_OPENED, &m, &fault))
        return handle_fail(w, WIREROOM_PROTOCOL, "OPENED: %s", fault.words);
    f->open = true;
    f->epoch = m.epoch;
    f->head = m.head;
    f->in_snapshot = f->place.snapshot && !f->has_cursor;
    if (!f->in_snapshot && m.after > f->last)
        f->last = m.after;
    return WIREROOM_OK;
}

static enum wireroom_status
wait_opened(struct wireroom *w)
{
    int64_t until_us = link_now_us() + w->timeout_ms * 1000LL;
    while (link_now_us() < until_us) {
        while (link_hear(&w->feed, &w->letter)) {
            if (w->letter.number == WIRE_MSG_OPENED)
                return take_opened(w);
            if (w->letter.number == WIRE_MSG_REFUSED)
                return handle_refused(w, w->letter.header);
        }
        (void)handle_wait(&w->feed, 100);
    }
    return handle_fail(w, WIREROOM_NO_SERVER, "no answer from %s", w->feed.address);
}

static enum wireroom_status
open_feed(struct wireroom *w)
{
    struct wire_open m = {0};
    link_close(&w->feed);
    w->follow.open = false;
    w->follow.left = 0;
    w->follow.credit_bytes = w->follow.credit_messages = 0;
    if (!link_open(&w->feed, w->context, w->feed_address, w->client, w->principal))
        return handle_fail(
            w, WIREROOM_NO_SERVER, "cannot connect to %s", w->feed_address);
    enum wireroom_status status = handle_greet(w, &w->feed);
    if (status)
        return status;
    set_place(&w->follow, &m);
    (void)link_say(&w->feed, WIRE_MSG_OPEN, &m, NULL);
    status = wait_opened(w);
    if (status == WIREROOM_OK)
        grant(w, GRANT_BYTES, GRANT_MESSAGES);
    return status;
}

enum wireroom_status
wireroom_follow(struct wireroom *w, const struct wireroom_place *place)
{
    (void)zmq_msg_close(&w->follow.event);
    w->follow = (struct follow){.wanted = true, .place = *place};
    (void)zmq_msg_init(&w->follow.event);
    return open_feed(w);
}

// ---- what comes

static enum wireroom_status
take_event(struct wireroom *w)
{
    struct wire_event m;
    struct fault fault = FAULT_NONE;
    struct follow *f = &w->follow;
    uint64_t at;
    if (wire_decode(w->letter.header, WIRE_MSG_EVENT, &m, &fault))
        return handle_fail(w, WIREROOM_PROTOCOL, "EVENT: %s", fault.words);
    (void)zmq_msg_move(&f->event, &w->letter.frames[2]); // what changes borrows from
    struct slice body = slice_of(zmq_msg_data(&f->event), zmq_msg_size(&f->event));
    if (wire_scan(body, &wire_limits_article, &at))
        return handle_fail(w, WIREROOM_PROTOCOL, "EVENT: its changes are not msgpack");
    f->changes = wire_reader(body);
    f->left = wire_read_array(&f->changes);
    memcpy(f->event_cursor, m.cursor.data, sizeof f->event_cursor);
    f->credit_bytes -= body.size < f->credit_bytes ? body.size : f->credit_bytes;
    f->credit_messages -= f->credit_messages > 0;
    if (m.last > f->head)
        f->head = m.last;
    return WIREROOM_OK;
}

static void
take_snapshot_end(struct wireroom *w)
{
    struct wire_snapshot_end m;
    struct fault fault = FAULT_NONE;
    struct follow *f = &w->follow;
    if (wire_decode(w->letter.header, WIRE_MSG_SNAPSHOT_END, &m, &fault))
        return;
    f->in_snapshot = false;
    f->last = m.seq;
    memcpy(f->cursor, m.cursor.data, sizeof f->cursor);
    f->has_cursor = true;
}

static void
take_head(struct wireroom *w)
{
    struct wire_head m;
    struct fault fault = FAULT_NONE;
    if (wire_decode(w->letter.header, WIRE_MSG_HEAD, &m, &fault))
        return;
    w->follow.head = m.seq;
}

static enum wireroom_status
hear(struct wireroom *w)
{
    switch (w->letter.number) {
    case WIRE_MSG_EVENT:
        return take_event(w);
    case WIRE_MSG_SNAPSHOT_END:
        take_snapshot_end(w);
        return WIREROOM_OK;
    case WIRE_MSG_HEAD:
        take_head(w);
        return WIREROOM_OK;
    case WIRE_MSG_REFUSED:
        return handle_refused(w, w->letter.header);
    case WIRE_MSG_BYE:
        return handle_fail(w, WIREROOM_NO_SERVER, "the daemon is stopping");
    default:
        return WIREROOM_OK;
    }
}

static void
settle(struct wireroom *w)
{
    struct follow *f = &w->follow;
    struct wire_ack ack = {.seq = f->last};
    if (!f->in_snapshot && f->has_cursor)
        (void)link_say(&w->feed, WIRE_MSG_ACK, &ack, NULL);
    if (f->credit_bytes < GRANT_BYTES / 2 || f->credit_messages < GRANT_MESSAGES / 2)
        grant(w,
            GRANT_BYTES -
                (f->credit_bytes < GRANT_BYTES ? f->credit_bytes : GRANT_BYTES),
            GRANT_MESSAGES);
}

static void
read_place(struct slice change, uint64_t *seq_out, uint64_t *epoch_out)
{
    struct wire_reader r = wire_reader(change);
    for (uint32_t keys = wire_read_map(&r); keys > 0 && !r.err; keys--) {
        struct slice key = wire_read_str(&r);
        if (slice_is(key, "seq"))
            *seq_out = wire_read_uint(&r);
        else if (slice_is(key, "epoch"))
            *epoch_out = wire_read_uint(&r);
        else
            (void)wire_skip(&r);
    }
}

static void
give(struct wireroom *w, struct wireroom_change *out)
{
    struct follow *f = &w->follow;
    struct slice change = wire_skip(&f->changes);
    *out = (struct wireroom_change){.map = change.data,
        .size = change.size,
        .epoch = f->epoch,
        .snapshot = f->in_snapshot};
    read_place(change, &out->seq, &out->epoch);
    f->left--;
    if (!f->in_snapshot)
        f->last = out->seq;
    if (out->seq > w->seen_seq)
        w->seen_seq = out->seq;
    if (f->left == 0 && !f->in_snapshot) {
        memcpy(f->cursor, f->event_cursor, sizeof f->cursor);
        f->has_cursor = true;
    }
    out->at_head = wireroom_at_head(w);
    out->has_cursor = f->left == 0 && !f->in_snapshot;
    if (out->has_cursor)
        memcpy(out->cursor, f->cursor, sizeof out->cursor);
}

bool
wireroom_at_head(const struct wireroom *w)
{
    const struct follow *f = &w->follow;
    return f->left == 0 && !f->in_snapshot && f->last >= f->head;
}

// A connection that is lost in the middle of an event begins again at the last cursor, or
// at the last change given if there is none yet.
static enum wireroom_status
go_on(struct wireroom *w)
{
    struct follow *f = &w->follow;
    bool partly = f->left > 0 || !f->has_cursor;
    if (partly && !f->in_snapshot && f->last) {
        f->place = (struct wireroom_place){.after = f->last, .bodies = f->place.bodies};
        f->has_cursor = false;
    }
    return open_feed(w);
}

static enum wireroom_status
listen(struct wireroom *w, int64_t until_us)
{
    struct follow *f = &w->follow;
    enum wireroom_status status = WIREROOM_OK;
    while (f->left == 0 && link_hear(&w->feed, &w->letter)) {
        status = hear(w);
        if (status == WIREROOM_REFUSED && w->fault.code == WIRE_NO_HELLO)
            return go_on(w);
        if (status == WIREROOM_REFUSED || status == WIREROOM_PROTOCOL)
            return status;
        if (status == WIREROOM_NO_SERVER)
            return go_on(w);
    }
    if (f->left > 0)
        return WIREROOM_OK;
    if (!link_keep(&w->feed, false))
        return go_on(w);
    int64_t left_us = until_us - link_now_us();
    if (left_us <= 0)
        return WIREROOM_TIMEOUT;
    (void)handle_wait(&w->feed, left_us / 1000 < 500 ? left_us / 1000 + 1 : 500);
    return WIREROOM_OK;
}

enum wireroom_status
wireroom_next(struct wireroom *w, int timeout_ms, struct wireroom_change *out)
{
    struct follow *f = &w->follow;
    int64_t until_us = link_now_us() + timeout_ms * 1000LL;
    if (!f->wanted)
        return handle_fail(w, WIREROOM_USAGE, "call wireroom_follow first");
    if (f->left == 0)
        settle(w);
    while (f->left == 0) {
        enum wireroom_status status = listen(w, until_us);
        if (status)
            return status;
    }
    give(w, out);
    return WIREROOM_OK;
}
