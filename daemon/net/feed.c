#include "net/feed.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/logline.h"
#include "net/follower.h"
#include "net/notice.h"

#define RECEIVE_ROUND 64U
#define BLOCKED_MS 5 // how soon to try again a follower whose queue was full
#define DRAIN_US SECOND_US

struct feed {
    unsigned magic;
#define FEED_MAGIC 0x66656564U
    struct station station;
    struct shared *shared;
    struct view view;
    struct events events;
    struct notice notice;
    struct watch watch; // rung when there is more that is durable
    unsigned blocked;   // followers whose queue was full in the last round
    bool stopping;
};

static struct feed *
feed_of(struct station *station)
{
    struct feed *feed = station->owner;
    assert(feed->magic == FEED_MAGIC);
    return feed;
}

// ---- what followers say

static void
opened(struct feed *feed, struct peer *peer)
{
    struct wire_opened message = {.epoch = feed->view.epoch,
        .after = peer->follower->sent,
        .head = feed->view.durable.seq,
        .oldest = feed->view.durable.oldest_seq};
    station_say(&feed->station, peer, WIRE_MSG_OPENED, &message, NULL);
}

static void
handle_open(struct feed *feed, struct letter *letter)
{
    struct wire_open message;
    struct refusal refusal = {.fault = FAULT_NONE};
    struct follower *follower = letter->peer->follower;
    if (!letter_decode(&feed->station, letter, &message) ||
        !letter_allowed(&feed->station, letter, ROLE_FOLLOW))
        return;
    bool was_open = follower->following != FOLLOWING_NOTHING;
    refusal.fault.code = view_refresh(&feed->view);
    if (refusal.fault.code ||
        !follower_open(follower, &feed->view, &message, &refusal)) {
        letter_refuse_with(&feed->station, letter, &refusal);
        return;
    }
    if (!was_open)
        atomic_fetch_add(&feed->shared->followers, 1U);
    opened(feed, letter->peer);
}

static void
handle_ack(struct feed *feed, struct letter *letter)
{
    struct wire_ack message;
    struct refusal refusal = {.fault = FAULT_NONE};
    if (letter_decode(&feed->station, letter, &message) &&
        !follower_ack(letter->peer->follower, message.seq, &refusal))
        letter_refuse_with(&feed->station, letter, &refusal);
}

static void
handle_credit(struct feed *feed, struct letter *letter)
{
    struct wire_credit message;
    if (letter_decode(&feed->station, letter, &message))
        follower_grant(letter->peer->follower, message.bytes, message.messages);
}

static void
handle(struct station *station, struct letter *letter)
{
    struct feed *feed = feed_of(station);
    struct fault unknown = {.code = WIRE_UNKNOWN_MESSAGE, .at = FAULT_NOWHERE};
    switch (letter->number) {
    case WIRE_MSG_OPEN:
        handle_open(feed, letter);
        break;
    case WIRE_MSG_ACK:
        handle_ack(feed, letter);
        break;
    case WIRE_MSG_CREDIT:
        handle_credit(feed, letter);
        break;
    default:
        letter_refuse(station, letter, &unknown);
    }
}

static bool
peer_came(struct station *station, struct peer *peer)
{
    (void)station;
    peer->follower = calloc(1, sizeof *peer->follower);
    return peer->follower != NULL;
}

static void
stop_following(struct feed *feed, struct peer *peer)
{
    if (peer->follower && peer->follower->following != FOLLOWING_NOTHING) {
        peer->follower->following = FOLLOWING_NOTHING;
        atomic_fetch_sub(&feed->shared->followers, 1U);
    }
}

static void
peer_left(struct station *station, struct peer *peer)
{
    stop_following(feed_of(station), peer);
    free(peer->follower);
    peer->follower = NULL;
}

static void
tell_silent(struct station *station, struct peer *peer)
{
    static const struct wire_heartbeat heartbeat;
    if (peer->follower->following == FOLLOWING_NOTHING)
        station_say(station, peer, WIRE_MSG_HEARTBEAT, &heartbeat, NULL);
    else
        follower_head(station, peer, &feed_of(station)->view);
}

// ---- what they are sent

// The store could not give what comes next: the feed is over, in words.
static void
break_off(struct feed *feed, struct peer *peer, enum wire_err err)
{
    struct refusal refusal = {
        .has_seq = true,
        .seq = peer->follower->sent,
        .fault = {.code = err, .at = FAULT_NOWHERE}
    };
    log_error("socket=feed principal=%s after=%llu error=%s", peer->name,
        (unsigned long long)peer->follower->sent, wire_error_name(err));
    stop_following(feed, peer);
    station_refuse(&feed->station, peer, &refusal);
}

// One message for each follower in turn, so that one far behind holds nobody back. The view
// is looked at again before each: nothing is shown that a receipted kill has closed.
static bool
deliver_round(struct feed *feed)
{
    bool progress = false;
    struct peer *next;
    feed->blocked = 0;
    for (struct peer *peer = feed->station.peers.first; peer; peer = next) {
        enum delivered delivered = DELIVERED_NOTHING;
        next = peer->next;
        if (peer->follower->following == FOLLOWING_NOTHING)
            continue;
        enum wire_err err = view_refresh(&feed->view);
        if (!err)
            err = follower_deliver(
                &feed->station, peer, &feed->events, &feed->view, &delivered);
        if (err == WIRE_BUSY || err == WIRE_NO_MEMORY)
            feed->blocked++; // later
        else if (err)
            break_off(feed, peer, err);
        progress = progress || delivered == DELIVERED_ONE;
        feed->blocked += delivered == DELIVERED_LATER;
        if (delivered == DELIVERED_NEVER)
            station_forget(&feed->station, peer);
    }
    return progress;
}

static bool
ring(struct feed *feed)
{
    if (!feed->notice.socket || view_refresh(&feed->view) != WIRE_OK)
        return false;
    int64_t now_us = clock_monotonic_us();
    if (now_us - feed->notice.beat_us >= shared_heartbeat_us(feed->shared)) {
        feed->notice.beat_us = now_us;
        notice_beat(&feed->notice, &feed->view, feed->view.durable.seq);
    }
    return notice_ring(&feed->notice, &feed->view);
}

// ---- the thread

static const struct station_calls calls = {
    .handle = handle, .came = peer_came, .left = peer_left, .tell_silent = tell_silent};

static bool
open_sockets(struct feed *feed, void *context, struct fault *fault)
{
    const struct net_settings *settings = &feed->shared->settings;
    // Few messages are queued: a follower that grants credit and does not read would
    // otherwise have us keep what it was granted.
    struct socket_plan plan = {.type = ZMQ_ROUTER,
        .frame_bytes = SOCKET_FRAME_BYTES,
        .send_messages = 16,
        .receive_messages = 256};
    feed->station.socket = socket_open(context, &plan, fault);
    if (!feed->station.socket)
        return false;
    if (!settings->notice || !*settings->notice)
        return true;
    plan.type = ZMQ_XPUB;
    plan.send_messages = 10000;
    feed->notice.socket = socket_open(context, &plan, fault);
    return feed->notice.socket != NULL;
}

struct feed *
feed_open(struct shared *shared, void *context, struct fault *fault)
{
    struct durable durable;
    struct feed *feed = calloc(1, sizeof *feed);
    pipeline_durable(shared->pipeline, &durable);
    if (feed) {
        feed->magic = FEED_MAGIC;
        feed->shared = shared;
        feed->watch.eventfd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
        view_init(&feed->view, shared->pipeline, shared->identity.epoch);
        events_init(&feed->events);
    }
    if (!feed || feed->watch.eventfd < 0 ||
        !station_init(&feed->station, STATION_FEED, shared, &calls, feed) ||
        !notice_init(&feed->notice, durable.seq))
        (void)fault_set(fault, WIRE_NO_MEMORY, FAULT_NOWHERE, "", "no memory for feed");
    else if (open_sockets(feed, context, fault)) {
        pipeline_watch(shared->pipeline, &feed->watch);
        return feed;
    }
    feed_close(&feed);
    return NULL;
}

struct station *
feed_station(struct feed *feed)
{
    return &feed->station;
}

void *
feed_notice_socket(struct feed *feed)
{
    return feed->notice.socket;
}

void
feed_close(struct feed **feedp)
{
    struct feed *feed = *feedp;
    if (!feed)
        return;
    station_fini(&feed->station);
    notice_fini(&feed->notice);
    events_fini(&feed->events);
    view_fini(&feed->view);
    if (feed->watch.eventfd >= 0)
        (void)close(feed->watch.eventfd);
    free(feed);
    *feedp = NULL;
}

static void
listen_round(struct feed *feed, int stop, long timeout_ms)
{
    zmq_pollitem_t items[] = {
        {feed->station.socket, 0,                   ZMQ_POLLIN, 0},
        {NULL,                 feed->watch.eventfd, ZMQ_POLLIN, 0},
        {NULL,                 stop,                ZMQ_POLLIN, 0},
        {feed->notice.socket,  0,                   ZMQ_POLLIN, 0},
    };
    (void)zmq_poll(items, feed->notice.socket ? 4 : 3, timeout_ms);
    uint64_t rung;
    if (items[1].revents) {
        ssize_t n = read(feed->watch.eventfd, &rung, sizeof rung);
        (void)n;
    }
    feed->stopping = items[2].revents != 0;
    if (feed->notice.socket)
        notice_listen(&feed->notice);
    (void)station_receive(&feed->station, RECEIVE_ROUND);
    // With nobody there, a look a heartbeat keeps up what notices say was before.
    atomic_store(&feed->watch.wanted,
        feed->notice.heard || atomic_load(&feed->shared->followers) > 0);
}

static bool
send_round(struct feed *feed)
{
    bool more = ring(feed);
    more = deliver_round(feed) || more;
    if (!more)
        view_end(&feed->view);
    station_tick(&feed->station);
    return more;
}

void
feed_run(struct feed *feed, int stop)
{
    bool more = true;
    while (!feed->stopping) {
        long wait_ms = station_timeout_ms(&feed->station);
        if (feed->blocked > 0 && wait_ms > BLOCKED_MS)
            wait_ms = BLOCKED_MS;
        listen_round(feed, stop, more ? 0 : wait_ms);
        more = send_round(feed);
    }
    int64_t until_us = clock_monotonic_us() + DRAIN_US;
    while (send_round(feed) && clock_monotonic_us() < until_us)
        ;
    station_bye(&feed->station, "the daemon is stopping");
    view_end(&feed->view);
}
