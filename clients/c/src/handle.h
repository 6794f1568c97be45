// What a handle holds, and what its parts may ask of each other. Every connection is a
// machine that never waits; handle.c turns them all, and only the functions that say so in
// wireroom.h wait, by turning and sleeping.
#ifndef HANDLE_H
#define HANDLE_H

#include "follow.h"
#include "link.h"
#include "queue.h"
#include "trouble.h"
#include "value.h"
#include "watch.h"

struct greeting { // the texts of WELCOME
    char server[160], principal[72], feed[264], query[264];
    char format_words[64][40];
    const char *formats[65];
};

struct wireroom {
    struct link_home home;
    struct link submit, feed, query;
    struct letter letter;
    char *address, *client, *principal;
    int timeout_ms;
    int timer;          // wakes wireroom_fd for heartbeats
    int64_t met_us;     // when submit was last connected, or the handle opened
    int64_t looked_us;  // when the cause of an absence was last looked for
    struct watch watch; // until the first greeting
    struct greeting greeting;
    struct wireroom_welcome welcome;

    struct trouble trouble; // what went wrong last

    struct outbox outbox;
    struct follow follow;
    uint64_t last_n, seen_seq; // numbers given; highest seq receipted or shown
    uint64_t seen_record;      // highest receipted
    struct wire_writer answer; // what questions give
};

// handle_fail keeps a fault of our own and returns its status.
enum wireroom_status handle_fail(struct wireroom *w, enum wireroom_status status,
    const char *format, ...) __attribute__((format(printf, 3, 4)));
// handle_unreachable keeps the reason why nobody answers; handle_reachable does so after
// options.timeout_ms without a connection, and is OK until then.
enum wireroom_status handle_unreachable(struct wireroom *w);
enum wireroom_status handle_reachable(struct wireroom *w);
// handle_welcome reads WELCOME into the link; that of the submit socket is kept.
enum wireroom_status handle_welcome(
    struct wireroom *w, struct link *l, struct trouble *trouble);
// handle_seen notes a seq that later questions must see.
void handle_seen(struct wireroom *w, uint64_t seq);
// handle_turn gives every connection its turn. Not OK: HELLO was refused, or what came is
// not of the protocol. What befalls the feed is kept for wireroom_next.
enum wireroom_status handle_turn(struct wireroom *w);
// handle_sleep waits until a socket has something, at most ms.
void handle_sleep(struct wireroom *w, int64_t ms);

bool submit_open(struct wireroom *w); // false: the address is none
enum wireroom_status submit_turn(struct wireroom *w);
void follow_turn(struct wireroom *w);
void query_turn(struct wireroom *w);

#endif
