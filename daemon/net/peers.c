#include "net/peers.h"

#include <assert.h>
#include <stdlib.h>

#include "base/hash.h"

bool
peers_init(struct peers *peers, size_t limit)
{
    size_t size = 64;
    while (size < limit)
        size *= 2;
    *peers = (struct peers){.mask = size - 1, .limit = limit};
    peers->buckets = calloc(size, sizeof(struct peer *));
    return peers->buckets != NULL;
}

void
peers_fini(struct peers *peers)
{
    while (peers->first)
        peers_remove(peers, peers->first);
    free(peers->buckets);
    peers->buckets = NULL;
}

static struct peer **
bucket(const struct peers *peers, struct slice address)
{
    return &peers->buckets[hash64(address, 0) & peers->mask];
}

struct slice
peer_address(const struct peer *peer)
{
    return slice_of(peer->address, peer->address_size);
}

struct peer *
peers_find(const struct peers *peers, struct slice address)
{
    struct peer *peer = *bucket(peers, address);
    while (peer && !slice_equal(peer_address(peer), address))
        peer = peer->chain;
    return peer;
}

static void
join(struct peers *peers, struct peer *peer)
{
    struct peer **slot = bucket(peers, peer_address(peer));
    peer->chain = *slot;
    *slot = peer;
    peer->previous = peers->last;
    if (peers->last)
        peers->last->next = peer;
    else
        peers->first = peer;
    peers->last = peer;
    peers->count++;
}

struct peer *
peers_add(struct peers *peers, struct slice address)
{
    struct peer *peer = NULL;
    if (peers->count < peers->limit && address.size <= sizeof peer->address)
        peer = calloc(1, sizeof *peer);
    if (!peer)
        return NULL;
    peer->connection = ++peers->connections;
    peer->holders = 1;
    peer->last = &peer->first;
    peer->address_size = (uint8_t)address.size;
    memcpy(peer->address, address.data, address.size);
    join(peers, peer);
    return peer;
}

static void
leave(struct peers *peers, struct peer *peer)
{
    struct peer **slot = bucket(peers, peer_address(peer));
    while (*slot != peer)
        slot = &(*slot)->chain;
    *slot = peer->chain;
    if (peer->previous)
        peer->previous->next = peer->next;
    else
        peers->first = peer->next;
    if (peer->next)
        peer->next->previous = peer->previous;
    else
        peers->last = peer->previous;
    peers->count--;
}

static void
outgoing_free(struct outgoing *out)
{
    for (unsigned i = 0; i < out->count; i++)
        (void)zmq_msg_close(&out->part[i]);
    free(out);
}

static void
outbox_empty(struct peers *peers, struct peer *peer)
{
    if (peer->first)
        peers->blocked--;
    while (peer->first) {
        struct outgoing *out = peer->first;
        peer->first = out->next;
        outgoing_free(out);
    }
    peer->last = &peer->first;
    peer->waiting = peer->waiting_bytes = 0;
}

void
peers_remove(struct peers *peers, struct peer *peer)
{
    assert(!peer->gone);
    leave(peers, peer);
    outbox_empty(peers, peer);
    peer->gone = true;
    peer_release(peer);
}

void
peer_hold(struct peer *peer)
{
    peer->holders++;
}

void
peer_release(struct peer *peer)
{
    assert(peer->holders > 0);
    if (--peer->holders == 0)
        free(peer);
}

static struct outgoing *
outgoing_new(zmq_msg_t *parts, unsigned count)
{
    struct outgoing *out = calloc(1, sizeof *out);
    for (unsigned i = 0; i < count; i++) {
        if (out) {
            (void)zmq_msg_init(&out->part[i]);
            (void)zmq_msg_move(&out->part[i], &parts[i]);
            out->bytes += zmq_msg_size(&out->part[i]);
            out->count++;
        }
        (void)zmq_msg_close(&parts[i]);
    }
    return out;
}

// One message may always wait, however large: else no large answer could be given at all.
bool
outbox_put(struct peers *peers, struct peer *peer, zmq_msg_t *parts, unsigned count)
{
    struct outgoing *out = outgoing_new(parts, count);
    if (!out)
        return false;
    if (peer->waiting > 0 && (peer->waiting >= OUTBOX_MESSAGES ||
                                 peer->waiting_bytes + out->bytes > OUTBOX_BYTES)) {
        outgoing_free(out);
        return false;
    }
    if (!peer->first)
        peers->blocked++;
    *peer->last = out;
    peer->last = &out->next;
    peer->waiting++;
    peer->waiting_bytes += out->bytes;
    return true;
}

enum sent
outbox_flush(struct peers *peers, struct peer *peer, void *socket)
{
    while (peer->first) {
        struct outgoing *out = peer->first;
        enum sent sent = frames_send(socket, peer_address(peer), out->part, out->count);
        if (sent != SENT)
            return sent;
        peer->first = out->next;
        peer->waiting--;
        peer->waiting_bytes -= out->bytes;
        outgoing_free(out);
        if (!peer->first) {
            peer->last = &peer->first;
            peers->blocked--;
        }
    }
    return SENT;
}
