#include "net/follower.h"

static bool
refuse(
    struct refusal *refusal, enum wire_err code, const char *field, const char *words)
{
    refusal->fault = FAULT_NONE;
    (void)fault_set(&refusal->fault, code, FAULT_NOWHERE, field, "%s", words);
    return false;
}

static bool
refuse_at(struct refusal *refusal, enum wire_err code, uint64_t seq, const char *field,
    const char *words)
{
    refusal->has_seq = true;
    refusal->seq = seq;
    return refuse(refusal, code, field, words);
}

// place_at sets the place after seq, with its cursor where the row is still kept.
static bool
place_at(
    struct follower *follower, struct view *view, uint64_t seq, struct refusal *refusal)
{
    struct tail_row room;
    struct rows rows = {0};
    enum wire_err err = WIRE_OK;
    follower->sent = seq;
    follower->has_cursor = seq == 0 || seq == view->durable.seq;
    follower->cursor = cursor_at(view->epoch, seq, &view->durable.hash);
    if (follower->has_cursor)
        return true;
    err = view_change(view, seq, &room, &rows);
    if (err && err != WIRE_NOT_FOUND)
        return refuse(refusal, err, "", "the change at this place can't be read");
    if (!err) {
        follower->has_cursor = true;
        follower->cursor = cursor_at(view->epoch, seq, &rows.row->change.hash);
        rows_release(&rows);
    }
    return true;
}

static bool
after_seq(struct follower *follower, struct view *view, uint64_t seq, const char *field,
    struct refusal *refusal)
{
    uint64_t oldest = view->durable.oldest_seq;
    if (seq > view->durable.seq)
        return refuse_at(refusal, WIRE_AHEAD, view->durable.seq, field,
            "the place asked for is after the head");
    if (seq + 1 < oldest)
        return refuse_at(refusal, WIRE_TOO_OLD, oldest, field,
            "the changes after this place have expired");
    return place_at(follower, view, seq, refusal);
}

static bool
open_after(struct follower *follower, struct view *view,
    const struct wire_open *message, struct refusal *refusal)
{
    if (WIRE_HAS(open, message, epoch) && message->epoch != view->epoch)
        return refuse_at(refusal, WIRE_EPOCH_CHANGED, 0, "epoch",
            "this seq belongs to another epoch");
    uint64_t seq = message->after == UINT64_MAX ? view->durable.seq : message->after;
    return after_seq(follower, view, seq, "after", refusal);
}

// House time rises with seq, so the first change at or after `since` is found among what is
// stored by halving, and behind that by walking the tail.
static bool
open_since(struct follower *follower, struct view *view, int64_t since_us,
    struct refusal *refusal)
{
    uint64_t seq = store_seq_at(view->txn, since_us);
    bool is_stored = seq <= view->meta.seq;
    while (!is_stored && seq <= view->durable.seq) {
        struct tail_row room;
        struct rows rows;
        enum wire_err err = view_rows(view, seq, &room, 1, &rows);
        if (err)
            return refuse(refusal, err, "since", "the history can't be read");
        bool is_there = rows.count == 0 || rows.row->change.house_us >= since_us;
        rows_release(&rows);
        if (is_there)
            break;
        seq++;
    }
    return after_seq(follower, view, seq > 0 ? seq - 1 : 0, "since", refusal);
}

// A cursor that does not fit is of a history that was forked. Where the row it names is
// ours too, only what came after differs, and that row is the last in common.
static bool
open_cursor(struct follower *follower, struct view *view, struct slice token,
    struct refusal *refusal)
{
    struct cursor cursor = cursor_read(token);
    struct follower place = *follower;
    bool is_kept = cursor.seq <= view->durable.seq &&
                   after_seq(&place, view, cursor.seq, "cursor", refusal);
    bool is_ours = is_kept && place.has_cursor &&
                   memcmp(cursor.hash, place.cursor.hash, CURSOR_HASH_BYTES) == 0;
    if (cursor.epoch != view->epoch)
        return refuse_at(refusal, WIRE_EPOCH_CHANGED, is_ours ? cursor.seq : 0,
            "cursor", "this cursor belongs to another epoch");
    if (!is_kept)
        return after_seq(&place, view, cursor.seq, "cursor", refusal);
    if (place.has_cursor && !is_ours)
        return refuse_at(refusal, WIRE_EPOCH_CHANGED, 0, "cursor",
            "the change at this cursor is another one here");
    *follower = place;
    return true;
}

// A snapshot is of the last checkpoint; what came after it follows as history.
static void
open_snapshot(struct follower *follower, struct view *view)
{
    follower->following = FOLLOWING_SNAPSHOT;
    follower->item = 0;
    follower->items = view->meta.items;
    follower->sent = view->meta.seq;
    follower->has_cursor = true;
    follower->cursor = cursor_at(view->epoch, view->meta.seq, &view->meta.hash);
}

static bool
open_place(struct follower *follower, struct view *view,
    const struct wire_open *message, struct refusal *refusal)
{
    bool snapshot = WIRE_HAS(open, message, snapshot) && message->snapshot;
    unsigned places = WIRE_HAS(open, message, after) + WIRE_HAS(open, message, since) +
                      WIRE_HAS(open, message, cursor) + snapshot;
    if (places != 1)
        return refuse(refusal, WIRE_BAD_FIELD, "after",
            "exactly one of after, since, cursor and snapshot says where to begin");
    if (WIRE_HAS(open, message, epoch) && !WIRE_HAS(open, message, after))
        return refuse(refusal, WIRE_BAD_FIELD, "epoch", "epoch goes with after alone");
    if (snapshot) {
        open_snapshot(follower, view);
        return true;
    }
    follower->following = FOLLOWING_HISTORY;
    if (WIRE_HAS(open, message, after))
        return open_after(follower, view, message, refusal);
    if (WIRE_HAS(open, message, since))
        return open_since(follower, view, message->since, refusal);
    return open_cursor(follower, view, message->cursor, refusal);
}

bool
follower_open(struct follower *follower, struct view *view,
    const struct wire_open *message, struct refusal *refusal)
{
    struct follower opened = {.credit_bytes = follower->credit_bytes,
        .credit_messages = follower->credit_messages};
    if (WIRE_HAS(open, message, bodies) &&
        !bodies_read(message->bodies, &opened.bodies))
        return refuse(
            refusal, WIRE_BAD_FIELD, "bodies", "bodies is rows, headers or full");
    if (!open_place(&opened, view, message, refusal))
        return false;
    *follower = opened;
    return true;
}

// In a snapshot nothing is sent in order of seq, so only its end can be acked.
bool
follower_ack(const struct follower *follower, uint64_t seq, struct refusal *refusal)
{
    if (follower->following == FOLLOWING_NOTHING)
        return refuse(refusal, WIRE_NOT_OPEN, "", "no feed is open on this connection");
    uint64_t sent = follower->following == FOLLOWING_HISTORY ? follower->sent : 0;
    if (seq <= sent)
        return true;
    return refuse_at(refusal, WIRE_ACK_AHEAD, sent, "seq",
        "an ack for a change that was not delivered");
}

void
follower_grant(struct follower *follower, uint64_t bytes, uint64_t messages)
{
    int64_t more = bytes > INT64_MAX ? INT64_MAX : (int64_t)bytes;
    if (__builtin_add_overflow(follower->credit_bytes, more, &follower->credit_bytes))
        follower->credit_bytes = INT64_MAX;
    if (__builtin_add_overflow(
            follower->credit_messages, messages, &follower->credit_messages))
        follower->credit_messages = UINT64_MAX;
}

bool
follower_has_credit(const struct follower *follower)
{
    return follower->credit_bytes > 0 && follower->credit_messages > 0;
}

void
follower_spend(struct follower *follower, size_t bytes)
{
    follower->credit_bytes -= (int64_t)bytes;
    follower->credit_messages--;
}
