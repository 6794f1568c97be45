// The connections of one ROUTER that said HELLO, found by the address that ROUTER gave
// them. Each HELLO makes a new peer, even on a connection that had one: what an earlier one
// still has inside is answered to nobody. A peer that left stays in memory until the last
// holder has let it go.
#ifndef NET_PEERS_H
#define NET_PEERS_H

#include "net/auth.h"
#include "net/grants.h"
#include "net/socket.h"

struct follower;

// A message that the peer's queue in libzmq had no room for.
struct outgoing {
    struct outgoing *next;
    zmq_msg_t part[3]; // prefix, header, body
    unsigned count;
    size_t bytes;
};

struct peer {
    struct peer *chain;           // of its hash
    struct peer *next, *previous; // of all, the oldest first
    uint64_t connection;          // number, unique while the daemon runs
    uint32_t holders;             // the table, and every job inside
    bool gone;                    // not in the table any more
    bool ignored;                 // until HELLO
    struct caller caller;
    const struct net_principal *who; // auth's; under --open the name is `name`
    char name[NET_PRINCIPAL_MAX + 1];
    int64_t heard_us, told_us; // monotonic: last message from it, to it
    struct window window;      // submit
    uint64_t turn;             // submit: number of the last job handed on
    struct follower *follower; // feed: owned by it
    struct outgoing *first, **last;
    size_t waiting_bytes, waiting;
    uint8_t address_size;
    uint8_t address[255];
};

struct peers {
    struct peer **buckets;
    size_t mask, count, limit;
    size_t blocked; // peers with something waiting
    struct peer *first, *last;
    uint64_t connections; // handed out
};

bool peers_init(struct peers *peers, size_t limit);
void peers_fini(struct peers *peers); // lets every peer go

struct peer *peers_find(const struct peers *peers, struct slice address);
// peers_add gives NULL out of memory or over the limit. The address is not in the table.
struct peer *peers_add(struct peers *peers, struct slice address);
// peers_remove takes a peer out of the table and lets it go.
void peers_remove(struct peers *peers, struct peer *peer);

void peer_hold(struct peer *peer);
void peer_release(struct peer *peer);
struct slice peer_address(const struct peer *peer);

// outbox_put keeps a message for later; it takes the parts over in any case. False: the
// peer has OUTBOX_BYTES or OUTBOX_MESSAGES waiting, or memory is out; it should go.
#define OUTBOX_BYTES (4U << 20)
#define OUTBOX_MESSAGES 4096U
bool outbox_put(
    struct peers *peers, struct peer *peer, zmq_msg_t *parts, unsigned count);
// outbox_flush sends what waits, as far as the peer takes it.
enum sent outbox_flush(struct peers *peers, struct peer *peer, void *socket);

#endif
