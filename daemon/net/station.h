// A ROUTER with its peers, and what is the same on every one: frames checked, HELLO, PING,
// HEARTBEAT, BYE, refusals, heartbeats, peers given up. Everything else goes to the station's
// own handler, from a peer that said HELLO, in one piece and not yet decoded.
#ifndef NET_STATION_H
#define NET_STATION_H

#include "net/peers.h"
#include "net/shared.h"

enum station_kind {
    STATION_SUBMIT,
    STATION_FEED,
    STATION_QUERY,
    STATION_ADMIN,
};

// A message that came. Slices borrow from frames.
struct letter {
    struct frames *frames;
    struct slice address;
    struct caller caller;
    unsigned number;
    struct slice header, body;
    struct peer *peer; // NULL only inside station.c
};
#define LETTER_HEADER 2U // places in frames
#define LETTER_BODY 3U

struct station;
struct station_calls {
    // handle deals with a message of the station's own; it may move frames away.
    void (*handle)(struct station *station, struct letter *letter);
    // came is before its WELCOME; false: out of memory.
    bool (*came)(struct station *station, struct peer *peer);
    void (*left)(struct station *station, struct peer *peer);
    // tell_silent says that we are here; NULL: HEARTBEAT.
    void (*tell_silent)(struct station *station, struct peer *peer);
};

struct station {
    enum station_kind kind;
    const char *name;
    void *socket; // NULL: not served
    bool ipc;     // its peers have a uid
    struct shared *shared;
    const struct station_calls *calls;
    void *owner; // the thread's own state, which starts with its magic
    struct peers peers;
    struct wire_writer writer; // for headers
    int64_t ticked_us;
};

bool station_init(struct station *station, enum station_kind kind,
    struct shared *shared, const struct station_calls *calls, void *owner);
void station_fini(struct station *station);

// station_receive takes up to max messages and deals with each; how many there were.
size_t station_receive(struct station *station, size_t max);
// station_tick sends what waits, gives up silent peers and tells silent ones that we live.
void station_tick(struct station *station);
// station_timeout_ms: how long a poll may wait until the next tick.
long station_timeout_ms(const struct station *station);
// station_bye tells every peer that the daemon leaves.
void station_bye(struct station *station, const char *reason);

// station_say sends a message to a peer, now or from its outbox. body is taken over; NULL:
// none. A peer that can't take any more, or is gone, leaves the table.
void station_say(struct station *station, struct peer *peer, enum wire_message number,
    const void *message, zmq_msg_t *body);
// station_try sends at once or not at all; the body is the caller's unless SENT.
enum sent station_try(struct station *station, struct peer *peer,
    enum wire_message number, const void *message, zmq_msg_t *body);
void station_forget(struct station *station, struct peer *peer);

// A refusal, in words. seq and retry_after_ms: 0 is none (seq: unless has_seq).
struct refusal {
    bool has_n, has_seq;
    uint64_t n, seq;
    uint32_t retry_after_ms;
    struct fault fault;
};
void station_refuse(
    struct station *station, struct peer *peer, const struct refusal *refusal);
// letter_refuse answers a letter; n is found in it where it has one.
void letter_refuse(
    struct station *station, struct letter *letter, const struct fault *fault);
void letter_refuse_with(
    struct station *station, struct letter *letter, struct refusal *refusal);
// letter_decode reads the header into its struct, or refuses.
bool letter_decode(struct station *station, struct letter *letter, void *message_out);
// letter_allowed checks a role of the sender, or refuses.
bool letter_allowed(struct station *station, struct letter *letter, enum net_role role);

#endif
