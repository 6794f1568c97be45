#include "net/station.h"

#include <assert.h>

#include "base/logline.h"
#include "net/refuse.h"
#include "net/welcome.h"

#define GIVEN_UP_AFTER 5 // heartbeats
#define FULL_RETRY_MS 1000

bool
station_init(struct station *station, enum station_kind kind, struct shared *shared,
    const struct station_calls *calls, void *owner)
{
    static const char *const names[] = {"submit", "feed", "query", "admin"};
    *station = (struct station){.kind = kind,
        .name = names[kind],
        .shared = shared,
        .calls = calls,
        .owner = owner};
    return peers_init(&station->peers, shared->settings.peers);
}

void
station_fini(struct station *station)
{
    while (station->peers.first)
        station_forget(station, station->peers.first);
    peers_fini(&station->peers);
    wire_writer_fini(&station->writer);
    socket_close(&station->socket);
}

void
station_forget(struct station *station, struct peer *peer)
{
    if (peer->gone)
        return;
    if (station->calls->left)
        station->calls->left(station, peer);
    peers_remove(&station->peers, peer);
}

// ---- what goes out

// A message that could not even be built is a peer's loss, not ours: it asks again.
static unsigned
build(struct station *station, zmq_msg_t parts[3], enum wire_message number,
    const void *message, zmq_msg_t *body)
{
    uint8_t prefix[WIRE_PREFIX_BYTES];
    wire_prefix_write(prefix, number);
    wire_writer_reset(&station->writer);
    wire_encode(&station->writer, number, message);
    if (station->writer.failed ||
        !frame_copy(&parts[0], slice_of(prefix, sizeof prefix)))
        return 0;
    if (!frame_copy(&parts[1], wire_written(&station->writer))) {
        (void)zmq_msg_close(&parts[0]);
        return 0;
    }
    if (!body)
        return 2;
    (void)zmq_msg_init(&parts[2]);
    (void)zmq_msg_move(&parts[2], body);
    return 3;
}

static void
close_parts(zmq_msg_t *parts, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        (void)zmq_msg_close(&parts[i]);
}

enum sent
station_try(struct station *station, struct peer *peer, enum wire_message number,
    const void *message, zmq_msg_t *body)
{
    zmq_msg_t parts[3];
    if (peer->first)
        return SENT_LATER;
    unsigned count = build(station, parts, number, message, body);
    if (count == 0)
        return SENT_LATER;
    enum sent sent = frames_send(station->socket, peer_address(peer), parts, count);
    if (sent == SENT) {
        peer->told_us = clock_monotonic_us();
    } else {
        if (body)
            (void)zmq_msg_move(body, &parts[2]);
        close_parts(parts, count);
    }
    return sent;
}

void
station_say(struct station *station, struct peer *peer, enum wire_message number,
    const void *message, zmq_msg_t *body)
{
    zmq_msg_t parts[3];
    unsigned count = build(station, parts, number, message, body);
    if (body)
        (void)zmq_msg_close(body);
    if (count == 0 || peer->gone) {
        close_parts(parts, count);
        return;
    }
    enum sent sent = SENT_LATER;
    if (!peer->first)
        sent = frames_send(station->socket, peer_address(peer), parts, count);
    if (sent == SENT) {
        peer->told_us = clock_monotonic_us();
    } else if (sent == SENT_NEVER) {
        close_parts(parts, count);
        station_forget(station, peer);
    } else if (!outbox_put(&station->peers, peer, parts, count)) {
        log_warn("socket=%s principal=%s why=\"does not read its answers\"",
            station->name, peer->name);
        station_forget(station, peer);
    }
}

// To one that has not said HELLO: what can't be sent at once is not sent.
static void
say_stranger(struct station *station, struct slice address, enum wire_message number,
    const void *message)
{
    zmq_msg_t parts[3];
    unsigned count = build(station, parts, number, message, NULL);
    if (count > 0 && frames_send(station->socket, address, parts, count) != SENT)
        close_parts(parts, count);
}

void
station_refuse(
    struct station *station, struct peer *peer, const struct refusal *refusal)
{
    struct wire_refused message;
    char words[REFUSED_WORDS_MAX];
    refuse_fill(refusal, words, &message);
    station_say(station, peer, WIRE_MSG_REFUSED, &message, NULL);
}

void
letter_refuse_with(
    struct station *station, struct letter *letter, struct refusal *refusal)
{
    if (!refusal->has_n)
        refusal->has_n = refuse_find_n(letter->header, &refusal->n);
    if (letter->peer) {
        station_refuse(station, letter->peer, refusal);
        return;
    }
    struct wire_refused message;
    char words[REFUSED_WORDS_MAX];
    refuse_fill(refusal, words, &message);
    say_stranger(station, letter->address, WIRE_MSG_REFUSED, &message);
}

void
letter_refuse(struct station *station, struct letter *letter, const struct fault *fault)
{
    letter_refuse_with(station, letter, &(struct refusal){.fault = *fault});
}

static void
refuse_code(struct station *station, struct letter *letter, enum wire_err code)
{
    letter_refuse(station, letter, &(struct fault){.code = code, .at = FAULT_NOWHERE});
}

// Most often an address of ours that was taken for that of another socket.
static void
refuse_misdirected(struct station *station, struct letter *letter)
{
    struct fault fault = FAULT_NONE;
    const char *name = wire_message_name(letter->number);
    if (name)
        (void)fault_set(&fault, WIRE_UNKNOWN_MESSAGE, FAULT_NOWHERE, "",
            "this is the %s socket, which takes no %s", station->name, name);
    else
        (void)fault_set(&fault, WIRE_UNKNOWN_MESSAGE, FAULT_NOWHERE, "",
            "no message has the number 0x%02x", letter->number);
    letter_refuse(station, letter, &fault);
}

bool
letter_decode(struct station *station, struct letter *letter, void *message_out)
{
    struct fault fault = FAULT_NONE;
    if (wire_decode(letter->header, letter->number, message_out, &fault) == WIRE_OK)
        return true;
    letter_refuse(station, letter, &fault);
    return false;
}

bool
letter_allowed(struct station *station, struct letter *letter, enum net_role role)
{
    struct fault fault = FAULT_NONE;
    if (auth_role(letter->peer->who, role, &fault) == WIRE_OK)
        return true;
    letter_refuse(station, letter, &fault);
    return false;
}

// ---- what comes in

// A station takes the messages of its own socket and of ANY that a client may send; admin
// takes STATUS, which messages.def counts to QUERY.
static bool
takes(enum station_kind kind, unsigned number)
{
    static const struct {
        unsigned number;
        unsigned stations; // bits of station_kind
    } table[] = {
    // clang-format off
#define SOCKET_ANY    15U
#define SOCKET_SUBMIT (1U << STATION_SUBMIT)
#define SOCKET_FEED   (1U << STATION_FEED)
#define SOCKET_QUERY  (1U << STATION_QUERY)
#define SENDER_CLIENT 15U
#define SENDER_BOTH   15U
#define SENDER_SERVER 0U
#define MESSAGE(NAME, name, number, socket, sender, body, doc) {number, SOCKET_##socket & SENDER_##sender},
#define FIELD(message, type, field, presence, min, max, doc)
#define END(name)
#include "proto/messages.def"
#undef MESSAGE
#undef FIELD
#undef END
        // clang-format on
    };
    if (kind == STATION_ADMIN && number == WIRE_MSG_STATUS)
        return true;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (table[i].number == number)
            return (table[i].stations >> kind) & 1U;
    return false;
}

static void
refuse_busy(struct station *station, struct letter *letter)
{
    struct refusal busy = {.retry_after_ms = FULL_RETRY_MS, .fault = FAULT_NONE};
    (void)fault_set(&busy.fault, WIRE_BUSY, FAULT_NOWHERE, "",
        "%zu connections are open on this socket", station->peers.count);
    letter_refuse_with(station, letter, &busy);
}

static void
hello(struct station *station, struct letter *letter)
{
    struct wire_hello message;
    struct slice claimed = {0};
    if (!letter_decode(station, letter, &message))
        return;
    if (letter->peer)
        station_forget(station, letter->peer);
    letter->peer = NULL;
    struct peer *peer = peers_add(&station->peers, letter->address);
    if (!peer) {
        refuse_busy(station, letter);
        return;
    }
    if (WIRE_HAS(hello, &message, principal))
        claimed = message.principal;
    welcome_peer(station->shared, peer, letter->caller, claimed);
    peer->heard_us = clock_monotonic_us();
    if (station->calls->came && !station->calls->came(station, peer)) {
        station_forget(station, peer);
        refuse_busy(station, letter);
        return;
    }
    welcome_say(station, peer);
}

static void
ping(struct station *station, struct letter *letter)
{
    struct wire_ping message;
    if (!letter_decode(station, letter, &message))
        return;
    struct wire_pong pong = {.n = message.n};
    if (letter->peer)
        station_say(station, letter->peer, WIRE_MSG_PONG, &pong, NULL);
    else
        say_stranger(station, letter->address, WIRE_MSG_PONG, &pong);
}

// The address alone proves nothing: a stranger can take the address of one that left. So a
// peer is who it was only while the same user speaks.
static struct peer *
peer_of(struct station *station, const struct letter *letter)
{
    struct peer *peer = peers_find(&station->peers, letter->address);
    if (!peer || caller_equal(peer->caller, letter->caller))
        return peer;
    station_forget(station, peer);
    return NULL;
}

static void
dispatch(struct station *station, struct letter *letter)
{
    switch (letter->number) {
    case WIRE_MSG_HELLO:
        hello(station, letter);
        return;
    case WIRE_MSG_PING:
        ping(station, letter);
        return;
    default:
        break;
    }
    if (!letter->peer) {
        refuse_code(station, letter, WIRE_NO_HELLO);
        return;
    }
    switch (letter->number) {
    case WIRE_MSG_HEARTBEAT:
        return;
    case WIRE_MSG_BYE:
        station_forget(station, letter->peer);
        return;
    default:
        station->calls->handle(station, letter);
    }
}

// open_letter takes the frames apart; false: not ours, say nothing.
static bool
open_letter(struct station *station, struct frames *frames, struct letter *out)
{
    if (frames->count < 2)
        return false;
    const char *from = NULL;
    if (station->ipc)
        from = zmq_msg_gets(&frames->part[1], "Peer-Address");
    *out = (struct letter){.frames = frames, .address = frame_bytes(&frames->part[0])};
    out->caller = auth_caller(from);
    if (frames->count > LETTER_HEADER)
        out->header = frame_bytes(&frames->part[LETTER_HEADER]);
    if (frames->count > LETTER_BODY)
        out->body = frame_bytes(&frames->part[LETTER_BODY]);
    return true;
}

static void
take(struct station *station, struct frames *frames)
{
    struct letter letter;
    if (!open_letter(station, frames, &letter))
        return;
    enum wire_err err = wire_prefix_read(frame_bytes(&frames->part[1]), &letter.number);
    if (err == WIRE_BAD_FRAME)
        return;
    letter.peer = peer_of(station, &letter);
    if (letter.peer) {
        letter.peer->heard_us = clock_monotonic_us();
        if (letter.peer->ignored && (err || letter.number != WIRE_MSG_HELLO))
            return;
    }
    if (!err && !takes(station->kind, letter.number)) {
        refuse_misdirected(station, &letter);
        return;
    }
    unsigned wanted = 3;
    if (!err && wire_message_body(letter.number) != WIRE_BODY_NONE)
        wanted = 4;
    if (!err && (frames->flood || frames->count != wanted))
        err = WIRE_MISSING_FRAME;
    if (err)
        refuse_code(station, &letter, err);
    else
        dispatch(station, &letter);
}

size_t
station_receive(struct station *station, size_t max)
{
    size_t count = 0;
    struct frames frames;
    while (station->socket && count < max && frames_receive(station->socket, &frames)) {
        take(station, &frames);
        frames_close(&frames);
        count++;
    }
    return count;
}

// ---- time

static void
flush_blocked(struct station *station)
{
    struct peer *next;
    for (struct peer *peer = station->peers.first; peer && station->peers.blocked > 0;
         peer = next) {
        next = peer->next;
        if (peer->first &&
            outbox_flush(&station->peers, peer, station->socket) == SENT_NEVER)
            station_forget(station, peer);
    }
}

static void
tell_silent(struct station *station, struct peer *peer)
{
    static const struct wire_heartbeat heartbeat;
    if (station->calls->tell_silent)
        station->calls->tell_silent(station, peer);
    else
        station_say(station, peer, WIRE_MSG_HEARTBEAT, &heartbeat, NULL);
}

void
station_tick(struct station *station)
{
    int64_t now_us = clock_monotonic_us(),
            beat_us = shared_heartbeat_us(station->shared);
    struct peer *next;
    if (station->peers.blocked > 0)
        flush_blocked(station);
    if (now_us - station->ticked_us < beat_us / 4)
        return;
    station->ticked_us = now_us;
    for (struct peer *peer = station->peers.first; peer; peer = next) {
        next = peer->next;
        if (now_us - peer->heard_us > GIVEN_UP_AFTER * beat_us)
            station_forget(station, peer);
        else if (now_us - peer->told_us >= beat_us && !peer->first)
            tell_silent(station, peer);
    }
}

long
station_timeout_ms(const struct station *station)
{
    long beat_ms = (long)station->shared->settings.heartbeat_ms / 4;
    return station->peers.blocked > 0 && beat_ms > 5 ? 5 : beat_ms;
}

void
station_bye(struct station *station, const char *reason)
{
    struct wire_bye message;
    memset(&message, 0, sizeof message);
    WIRE_SET(bye, &message, reason, slice_str(reason));
    struct peer *next;
    for (struct peer *peer = station->peers.first; peer; peer = next) {
        next = peer->next;
        station_say(station, peer, WIRE_MSG_BYE, &message, NULL);
    }
}
