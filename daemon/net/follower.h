// A follower: one open feed on one connection. It keeps a place and credit, never rows: what
// goes with a row is decided when it is sent.
#ifndef NET_FOLLOWER_H
#define NET_FOLLOWER_H

#include "net/events.h"
#include "net/station.h"

enum following {
    FOLLOWING_NOTHING, // no OPEN yet
    FOLLOWING_SNAPSHOT,
    FOLLOWING_HISTORY,
};

struct follower {
    enum following following;
    enum bodies bodies;
    uint64_t sent; // seq of the last change sent; in a snapshot the seq it was begun at
    bool has_cursor;      // false only where the row at `sent` is not kept any more
    struct cursor cursor; // at sent
    uint64_t item, items; // snapshot: last item looked at, last one there is
    // Credit. An EVENT goes out while both are above 0 and may overdraw bytes by itself.
    int64_t credit_bytes;
    uint64_t credit_messages;
};

// follower_open reads an OPEN and finds its place, or says in refusal why there is none;
// then the follower is as it was.
bool follower_open(struct follower *follower, struct view *view,
    const struct wire_open *message, struct refusal *refusal);

// follower_ack checks an ACK, or says in refusal what is wrong with it.
bool follower_ack(
    const struct follower *follower, uint64_t seq, struct refusal *refusal);

void follower_grant(struct follower *follower, uint64_t bytes, uint64_t messages);
bool follower_has_credit(const struct follower *follower);
void follower_spend(struct follower *follower, size_t bytes);

// follower_deliver sends the next message of a feed if there is one and credit for it.
enum delivered {
    DELIVERED_NOTHING, // up to date, or no credit
    DELIVERED_ONE,
    DELIVERED_LATER, // the peer's queue is full
    DELIVERED_NEVER, // the peer is gone
};
// A failure is the store's: the feed can't go on.
enum wire_err follower_deliver(struct station *station, struct peer *peer,
    struct events *events, struct view *view, enum delivered *out);

// follower_head sends HEAD: how far it was sent and what the head is.
void follower_head(struct station *station, struct peer *peer, struct view *view);

#endif
