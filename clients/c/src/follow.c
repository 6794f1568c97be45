// Following: changes in order under our credit, from where it was after a lost connection.
#include "handle.h"

#define GRANT_BYTES ((int64_t)1 << 20)
#define GRANT_MESSAGES 64U
#define PATIENCE_MS 200

// ---- connecting

// After a lost connection it goes on behind the last change given. A snapshot that was not
// finished begins anew.
static void
go_on_here(struct follow *f)
{
    if (!f->opened || f->in_snapshot)
        return;
    f->place = (struct wireroom_place){
        .after = f->last, .epoch = f->epoch, .bodies = f->place.bodies};
}

static void
lose_feed(struct wireroom *w)
{
    struct follow *f = &w->follow;
    link_close(&w->feed);
    go_on_here(f);
    if (f->opened)
        f->away_us = link_now_us();
    f->opened = false;
    f->left = 0;
}

static void
set_place(const struct wireroom_place *place, struct wire_open *m)
{
    static const char *const modes[] = {"rows", "headers", "full"};
    WIRE_SET(open, m, bodies, slice_str(modes[place->bodies]));
    if (place->cursor)
        WIRE_SET(open, m, cursor, slice_of(place->cursor, CURSOR_BYTES));
    else if (place->snapshot)
        WIRE_SET(open, m, snapshot, true);
    else if (place->has_since)
        WIRE_SET(open, m, since, place->since_us);
    else {
        WIRE_SET(open, m, after, place->after);
        if (place->epoch)
            WIRE_SET(open, m, epoch, place->epoch);
    }
}

static void
grant(struct wireroom *w)
{
    struct follow *f = &w->follow;
    struct wire_credit credit = {.bytes = (uint64_t)(GRANT_BYTES - f->credit_bytes),
        .messages = GRANT_MESSAGES - f->credit_messages};
    (void)link_say(&w->feed, WIRE_MSG_CREDIT, &credit);
    f->credit_bytes = GRANT_BYTES;
    f->credit_messages = GRANT_MESSAGES;
}

static enum wireroom_status
unreadable(struct wireroom *w, const char *what)
{
    w->follow.wanted = false;
    lose_feed(w);
    return handle_fail(w, WIREROOM_PROTOCOL, "%s from the daemon can't be read", what);
}

static enum wireroom_status
take_welcome(struct wireroom *w)
{
    struct wire_open m = {0};
    if (handle_welcome(w, &w->feed))
        return unreadable(w, "a greeting");
    set_place(&w->follow.place, &m);
    (void)link_say(&w->feed, WIRE_MSG_OPEN, &m);
    return WIREROOM_OK;
}

static enum wireroom_status
take_opened(struct wireroom *w)
{
    struct wire_opened m;
    struct fault fault = FAULT_NONE;
    struct follow *f = &w->follow;
    if (wire_decode(w->letter.header, WIRE_MSG_OPENED, &m, &fault))
        return unreadable(w, "OPENED");
    f->opened = true;
    f->epoch = m.epoch;
    f->head = m.head;
    f->last = f->acked = m.after;
    f->in_snapshot = f->place.snapshot && !f->place.cursor;
    f->credit_bytes = 0;
    f->credit_messages = 0;
    grant(w);
    return WIREROOM_OK;
}

// ---- what comes

static enum wireroom_status
gap(struct wireroom *w, uint64_t first)
{
    unsigned long long last = w->follow.last;
    w->follow.wanted = false;
    lose_feed(w);
    return handle_fail(w, WIREROOM_PROTOCOL,
        "the daemon left a gap: after #%llu came #%llu", last,
        (unsigned long long)first);
}

static enum wireroom_status
take_event(struct wireroom *w)
{
    struct wire_event m;
    struct fault fault = FAULT_NONE;
    struct follow *f = &w->follow;
    if (!f->opened)
        return WIREROOM_OK;
    if (wire_decode(w->letter.header, WIRE_MSG_EVENT, &m, &fault) ||
        !value_sound(w->letter.body))
        return unreadable(w, "EVENT");
    if (!f->in_snapshot && m.first != f->last + 1)
        return gap(w, m.first);
    (void)zmq_msg_move(&f->event, &w->letter.frames[2]); // what changes borrow from
    struct slice body = slice_of(zmq_msg_data(&f->event), zmq_msg_size(&f->event));
    f->changes = wire_reader(body);
    f->left = wire_peek(&f->changes) == WIRE_ARRAY ? wire_read_array(&f->changes) : 0;
    memcpy(f->event_cursor, m.cursor.data, sizeof f->event_cursor);
    f->credit_bytes -= (int64_t)body.size;
    f->credit_messages -= f->credit_messages > 0;
    if (!f->in_snapshot && m.last > f->head)
        f->head = m.last;
    return WIREROOM_OK;
}

static enum wireroom_status
take_snapshot_end(struct wireroom *w)
{
    struct wire_snapshot_end m;
    struct fault fault = FAULT_NONE;
    if (wire_decode(w->letter.header, WIRE_MSG_SNAPSHOT_END, &m, &fault))
        return unreadable(w, "SNAPSHOT_END");
    w->follow.in_snapshot = false;
    w->follow.last = w->follow.acked = m.seq;
    return WIREROOM_OK;
}

static enum wireroom_status
take_head(struct wireroom *w)
{
    struct wire_head m;
    struct fault fault = FAULT_NONE;
    if (wire_decode(w->letter.header, WIRE_MSG_HEAD, &m, &fault))
        return unreadable(w, "HEAD");
    w->follow.head = m.seq;
    return WIREROOM_OK;
}

// A refusal that may pass is tried again; any other ends the following.
static enum wireroom_status
take_refusal(struct wireroom *w)
{
    enum wireroom_status status = handle_refused(w, w->letter.header);
    bool passes = status == WIREROOM_REFUSED && w->fault.transient;
    lose_feed(w);
    if (!passes) {
        w->follow.wanted = false;
        return status;
    }
    uint64_t ms = w->fault.retry_after_ms ? w->fault.retry_after_ms : PATIENCE_MS;
    if (w->fault.code != WIRE_NO_HELLO)
        w->follow.not_before_us = link_now_us() + (int64_t)ms * 1000;
    return WIREROOM_OK;
}

static enum wireroom_status
take(struct wireroom *w)
{
    switch (w->letter.number) {
    case WIRE_MSG_WELCOME:
        return take_welcome(w);
    case WIRE_MSG_OPENED:
        return take_opened(w);
    case WIRE_MSG_EVENT:
        return take_event(w);
    case WIRE_MSG_SNAPSHOT_END:
        return take_snapshot_end(w);
    case WIRE_MSG_HEAD:
        return take_head(w);
    case WIRE_MSG_REFUSED:
        return take_refusal(w);
    case WIRE_MSG_BYE:
        lose_feed(w);
        return WIREROOM_OK;
    default:
        return WIREROOM_OK;
    }
}

// The feed's address is in the greeting of the submit socket. What comes is left with
// libzmq, bounded by our credit, while the changes of one EVENT are being given.
enum wireroom_status
follow_turn(struct wireroom *w)
{
    struct follow *f = &w->follow;
    enum wireroom_status status = WIREROOM_OK;
    if (!f->wanted || w->submit.state != LINK_READY || link_now_us() < f->not_before_us)
        return WIREROOM_OK;
    if (w->feed.state == LINK_CLOSED &&
        !link_open(&w->feed, &w->home, w->greeting.feed))
        return handle_fail(w, WIREROOM_PROTOCOL,
            "the daemon names a feed that is no address: \"%s\"", w->greeting.feed);
    while (!status && f->left == 0 && link_hear(&w->feed, &w->letter))
        status = take(w);
    if (!status && f->wanted && f->left == 0 && !link_alive(&w->feed, !f->opened))
        lose_feed(w);
    else if (f->left > 0 && w->feed.state == LINK_READY)
        (void)link_alive(&w->feed, false); // it may have spoken: that is in the queue
    return status;
}

// ---- giving

enum wireroom_status
wireroom_follow(struct wireroom *w, const struct wireroom_place *place)
{
    struct follow *f = &w->follow;
    link_close(&w->feed);
    (void)zmq_msg_close(&f->event);
    *f = (struct follow){.wanted = true, .place = *place, .away_us = link_now_us()};
    (void)zmq_msg_init(&f->event);
    if (!place->cursor)
        return WIREROOM_OK;
    memcpy(f->cursor, place->cursor, sizeof f->cursor);
    f->place.cursor = f->cursor;
    return WIREROOM_OK;
}

static void
settle(struct wireroom *w)
{
    struct follow *f = &w->follow;
    struct wire_ack ack = {.seq = f->last};
    if (!f->opened || f->left > 0)
        return;
    if (!f->in_snapshot && f->last > f->acked) {
        (void)link_say(&w->feed, WIRE_MSG_ACK, &ack);
        f->acked = f->last;
    }
    if (f->credit_bytes < GRANT_BYTES / 2 || f->credit_messages < GRANT_MESSAGES / 2)
        grant(w);
}

static void
give(struct wireroom *w, struct wireroom_change *out)
{
    struct follow *f = &w->follow;
    struct wireroom_value map = value_of(wire_skip(&f->changes));
    f->left--;
    *out = (struct wireroom_change){.map = map,
        .seq = wireroom_uint(wireroom_member(map, "seq")),
        .epoch = f->epoch,
        .snapshot = f->in_snapshot,
        .has_cursor = f->left == 0 && !f->in_snapshot};
    handle_seen(w, out->seq);
    if (!f->in_snapshot)
        f->last = out->seq;
    if (out->has_cursor)
        memcpy(out->cursor, f->event_cursor, sizeof out->cursor);
}

bool
wireroom_at_head(const struct wireroom *w)
{
    const struct follow *f = &w->follow;
    return f->opened && f->left == 0 && !f->in_snapshot && f->last >= f->head;
}

uint64_t
wireroom_head(const struct wireroom *w)
{
    return w->follow.head;
}

enum wireroom_status
wireroom_next(struct wireroom *w, int timeout_ms, struct wireroom_change *out)
{
    struct follow *f = &w->follow;
    int64_t until_us = link_now_us() + timeout_ms * 1000LL;
    if (!f->wanted)
        return handle_fail(w, WIREROOM_USAGE, "nothing is followed");
    settle(w);
    while (f->left == 0) {
        enum wireroom_status status = handle_turn(w);
        int64_t left_us = until_us - link_now_us();
        if (status)
            return status;
        if (f->left == 0 && left_us <= 0) {
            status = handle_reachable(w);
            return status ? status
                          : handle_fail(w, WIREROOM_TIMEOUT, "nothing changed");
        }
        if (f->left == 0)
            handle_sleep(w, left_us / 1000 + 1);
    }
    give(w, out);
    return WIREROOM_OK;
}
