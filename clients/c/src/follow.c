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

// unreadable ends the following: what comes is not of the protocol.
static void
unreadable(struct wireroom *w, const char *what)
{
    w->follow.wanted = false;
    lose_feed(w);
    (void)trouble_set(&w->follow.trouble, WIREROOM_PROTOCOL,
        "%s from the daemon can't be read", what);
}

static void
take_welcome(struct wireroom *w)
{
    struct wire_open m = {0};
    struct trouble unread;
    if (handle_welcome(w, &w->feed, &unread)) {
        unreadable(w, "a greeting");
        return;
    }
    set_place(&w->follow.place, &m);
    (void)link_say(&w->feed, WIRE_MSG_OPEN, &m);
}

static void
take_opened(struct wireroom *w)
{
    struct wire_opened m;
    struct fault fault = FAULT_NONE;
    struct follow *f = &w->follow;
    if (wire_decode(w->letter.header, WIRE_MSG_OPENED, &m, &fault)) {
        unreadable(w, "OPENED");
        return;
    }
    f->opened = true;
    f->epoch = m.epoch;
    f->head = m.head;
    f->last = f->acked = m.after;
    f->in_snapshot = f->place.snapshot && !f->place.cursor;
    f->credit_bytes = 0;
    f->credit_messages = 0;
    grant(w);
}

// ---- what comes

static void
gap(struct wireroom *w, uint64_t first)
{
    unsigned long long last = w->follow.last;
    w->follow.wanted = false;
    lose_feed(w);
    (void)trouble_set(&w->follow.trouble, WIREROOM_PROTOCOL,
        "the daemon left a gap: after #%llu came #%llu", last,
        (unsigned long long)first);
}

static void
keep_event(struct wireroom *w, const struct wire_event *m)
{
    struct follow *f = &w->follow;
    (void)zmq_msg_move(&f->event, &w->letter.frames[2]); // what changes borrow from
    struct slice body = slice_of(zmq_msg_data(&f->event), zmq_msg_size(&f->event));
    f->changes = wire_reader(body);
    f->left = wire_peek(&f->changes) == WIRE_ARRAY ? wire_read_array(&f->changes) : 0;
    memcpy(f->event_cursor, m->cursor.data, sizeof f->event_cursor);
    f->credit_bytes -= (int64_t)body.size;
    f->credit_messages -= f->credit_messages > 0;
    if (!f->in_snapshot && m->last > f->head)
        f->head = m->last;
}

static void
take_event(struct wireroom *w)
{
    struct wire_event m;
    struct fault fault = FAULT_NONE;
    if (!w->follow.opened)
        return;
    if (wire_decode(w->letter.header, WIRE_MSG_EVENT, &m, &fault) ||
        !value_sound(w->letter.body))
        unreadable(w, "EVENT");
    else if (!w->follow.in_snapshot && m.first != w->follow.last + 1)
        gap(w, m.first);
    else
        keep_event(w, &m);
}

static void
take_snapshot_end(struct wireroom *w)
{
    struct wire_snapshot_end m;
    struct fault fault = FAULT_NONE;
    struct follow *f = &w->follow;
    if (wire_decode(w->letter.header, WIRE_MSG_SNAPSHOT_END, &m, &fault)) {
        unreadable(w, "SNAPSHOT_END");
        return;
    }
    f->in_snapshot = false;
    f->last = f->acked = m.seq;
    memcpy(f->behind, m.cursor.data, sizeof f->behind);
    f->has_behind = true;
}

static void
take_head(struct wireroom *w)
{
    struct wire_head m;
    struct fault fault = FAULT_NONE;
    if (wire_decode(w->letter.header, WIRE_MSG_HEAD, &m, &fault))
        unreadable(w, "HEAD");
    else
        w->follow.head = m.seq;
}

// A refusal that may pass is tried again; any other ends the following.
static void
take_refusal(struct wireroom *w)
{
    struct follow *f = &w->follow;
    struct trouble why;
    enum wireroom_status status = trouble_refused(&why, w->letter.header);
    lose_feed(w);
    if (status != WIREROOM_REFUSED || !why.fault.transient) {
        f->wanted = false;
        trouble_copy(&f->trouble, &why);
    } else if (why.fault.code != WIRE_NO_HELLO)
        f->not_before_us =
            link_now_us() + link_pause_us(why.fault.retry_after_ms, PATIENCE_MS);
}

static void
take(struct wireroom *w)
{
    switch (w->letter.number) {
    case WIRE_MSG_WELCOME:
        take_welcome(w);
        break;
    case WIRE_MSG_OPENED:
        take_opened(w);
        break;
    case WIRE_MSG_EVENT:
        take_event(w);
        break;
    case WIRE_MSG_SNAPSHOT_END:
        take_snapshot_end(w);
        break;
    case WIRE_MSG_HEAD:
        take_head(w);
        break;
    case WIRE_MSG_REFUSED:
        take_refusal(w);
        break;
    case WIRE_MSG_BYE:
        lose_feed(w);
        break;
    default:
        break;
    }
}

static bool
reach_feed(struct wireroom *w)
{
    struct follow *f = &w->follow;
    if (w->feed.state != LINK_CLOSED || link_open(&w->feed, &w->home, w->greeting.feed))
        return true;
    f->wanted = false;
    (void)trouble_set(&f->trouble, WIREROOM_PROTOCOL,
        "the daemon names a feed that is no address: \"%s\"", w->greeting.feed);
    return false;
}

// The feed's address is in the greeting of the submit socket. What comes is left with
// libzmq, bounded by our credit, while the changes of one EVENT are being given.
void
follow_turn(struct wireroom *w)
{
    struct follow *f = &w->follow;
    if (!f->wanted || w->submit.state != LINK_READY ||
        link_now_us() < f->not_before_us || !reach_feed(w))
        return;
    while (f->wanted && f->left == 0 && link_hear(&w->feed, &w->letter))
        take(w);
    if (f->wanted && f->left == 0 && !link_alive(&w->feed, !f->opened))
        lose_feed(w);
    else if (f->left > 0 && w->feed.state == LINK_READY)
        (void)link_alive(&w->feed, false); // it may have spoken: that is in the queue
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
    trouble_none(&f->trouble);
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
    f->has_behind = out->has_cursor;
    if (!out->has_cursor)
        return;
    memcpy(out->cursor, f->event_cursor, sizeof out->cursor);
    memcpy(f->behind, f->event_cursor, sizeof f->behind);
}

bool
wireroom_at_head(const struct wireroom *w)
{
    const struct follow *f = &w->follow;
    return f->opened && f->left == 0 && !f->in_snapshot && f->last >= f->head;
}

bool
wireroom_cursor(const struct wireroom *w, uint8_t cursor_out[24])
{
    if (w->follow.has_behind)
        memcpy(cursor_out, w->follow.behind, sizeof w->follow.behind);
    return w->follow.has_behind;
}

uint64_t
wireroom_head(const struct wireroom *w)
{
    return w->follow.head;
}

// What ended it is told once, behind the changes that had come before.
static enum wireroom_status
ended(struct wireroom *w)
{
    struct follow *f = &w->follow;
    if (f->wanted)
        return WIREROOM_OK;
    if (f->trouble.fault.status == WIREROOM_OK)
        return handle_fail(w, WIREROOM_USAGE, "nothing is followed");
    trouble_copy(&w->trouble, &f->trouble);
    trouble_none(&f->trouble);
    return w->trouble.fault.status;
}

static enum wireroom_status
nothing_came(struct wireroom *w)
{
    const struct follow *f = &w->follow;
    enum wireroom_status status = handle_reachable(w);
    if (status)
        return status;
    if (!f->opened && link_now_us() - f->away_us >= w->timeout_ms * 1000LL)
        return handle_fail(w, WIREROOM_NO_SERVER, "no feed at %s", w->greeting.feed);
    return handle_fail(w, WIREROOM_TIMEOUT, "nothing changed");
}

enum wireroom_status
wireroom_next(struct wireroom *w, int timeout_ms, struct wireroom_change *out)
{
    struct follow *f = &w->follow;
    int64_t until_us = link_now_us() + timeout_ms * 1000LL;
    settle(w);
    while (f->left == 0) {
        enum wireroom_status status = f->wanted ? handle_turn(w) : WIREROOM_OK;
        int64_t left_us = until_us - link_now_us();
        if (!status && f->left == 0)
            status = ended(w);
        if (status)
            return status;
        if (f->left == 0 && left_us <= 0)
            return nothing_came(w);
        if (f->left == 0)
            handle_sleep(w, left_us / 1000 + 1);
    }
    give(w, out);
    return WIREROOM_OK;
}
