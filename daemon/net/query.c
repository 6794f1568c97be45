#include "net/query.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "net/answers.h"

#define RECEIVE_ROUND 64U
#define PARKED_MAX 256U
#define PARKED_US (5 * SECOND_US)
#define RETRY_MS 100

// What a question needs to find in the checkpoint: a change, and for RAW by record number,
// which may have no change, the record.
struct needs {
    uint64_t seq, record;
};

// A question that asks for a change which is durable but not in LMDB yet.
struct parked {
    struct parked *next;
    struct station *station;
    struct peer *peer; // held
    struct frames frames;
    unsigned number;
    struct needs needs;
    int64_t until_us;
};

struct query {
    unsigned magic;
#define QUERY_MAGIC 0x71756572U
    struct station query, admin;
    struct shared *shared;
    struct view view;
    struct desk desk;
    struct parked *first, **last;
    size_t parked;
    struct watch watch; // rung when a checkpoint was made, while questions wait for one
};

static struct query *
query_of(struct station *station)
{
    struct query *query = station->owner;
    assert(query->magic == QUERY_MAGIC);
    return query;
}

// ---- questions

union question {
    struct wire_get get;
    struct wire_list list;
    struct wire_history history;
    struct wire_raw raw;
    struct wire_quarantine quarantine;
    struct wire_status status;
};

static void
answer(struct query *query, struct letter *letter, const union question *asked)
{
    switch (letter->number) {
    case WIRE_MSG_GET:
        answer_get(&query->desk, letter, &asked->get);
        break;
    case WIRE_MSG_LIST:
        answer_list(&query->desk, letter, &asked->list);
        break;
    case WIRE_MSG_HISTORY:
        answer_history(&query->desk, letter, &asked->history);
        break;
    case WIRE_MSG_RAW:
        answer_raw(&query->desk, letter, &asked->raw);
        break;
    case WIRE_MSG_QUARANTINE:
        answer_quarantine(&query->desk, letter, &asked->quarantine);
        break;
    default:
        assert(false && "a question without an answer");
    }
}

static uint64_t
after_seq_of(unsigned number, const union question *asked)
{
    switch (number) {
    case WIRE_MSG_GET:
        return asked->get.after_seq;
    case WIRE_MSG_LIST:
        return asked->list.after_seq;
    case WIRE_MSG_HISTORY:
        return asked->history.after_seq;
    case WIRE_MSG_RAW:
        return asked->raw.after_seq;
    default:
        return 0;
    }
}

static struct needs
needs_of(unsigned number, const union question *asked)
{
    const struct wire_quarantine *q = &asked->quarantine;
    uint64_t record = 0;
    if (number == WIRE_MSG_RAW)
        record = asked->raw.record;
    if (number == WIRE_MSG_QUARANTINE)
        record = q->record > q->after_record ? q->record : q->after_record;
    return (struct needs){.seq = after_seq_of(number, asked), .record = record};
}

// A record that nobody was receipted is simply not found: nothing is waited for.
static bool
view_holds(const struct view *view, struct needs needs)
{
    bool record =
        needs.record <= view->meta.records || needs.record > view->durable.records;
    return needs.seq <= view->meta.seq && record;
}

static void
refuse_not_yet(struct station *station, struct letter *letter, uint64_t head)
{
    struct refusal refusal = {
        .has_seq = true, .seq = head, .retry_after_ms = RETRY_MS, .fault = FAULT_NONE};
    refusal.fault.code = WIRE_NOT_YET;
    letter_refuse_with(station, letter, &refusal);
}

// park keeps the question until the next checkpoint; false: there is no room.
static bool
park(struct query *query, struct station *station, struct letter *letter,
    struct needs needs)
{
    struct parked *parked = NULL;
    if (query->parked < PARKED_MAX)
        parked = calloc(1, sizeof *parked);
    if (!parked)
        return false;
    *parked = (struct parked){.station = station,
        .peer = letter->peer,
        .number = letter->number,
        .needs = needs,
        .until_us = clock_monotonic_us() + PARKED_US};
    peer_hold(letter->peer);
    zmq_msg_t *header = &parked->frames.part[LETTER_HEADER];
    for (unsigned i = 0; i < LETTER_HEADER; i++)
        (void)zmq_msg_init(&parked->frames.part[i]);
    (void)zmq_msg_init(header);
    (void)zmq_msg_move(header, &letter->frames->part[LETTER_HEADER]);
    parked->frames.count = LETTER_HEADER + 1;
    *query->last = parked;
    query->last = &parked->next;
    query->parked++;
    atomic_store(&query->watch.wanted, true);
    pipeline_want_checkpoint(query->shared->pipeline);
    return true;
}

static void
ask(struct query *query, struct station *station, struct letter *letter)
{
    union question asked;
    enum net_role role = letter->number == WIRE_MSG_QUARANTINE ? ROLE_DESK : ROLE_READ;
    if (!letter_decode(station, letter, &asked) ||
        !letter_allowed(station, letter, role))
        return;
    struct needs needs = needs_of(letter->number, &asked);
    struct fault fault = {.code = view_refresh(&query->view), .at = FAULT_NOWHERE};
    query->desk.station = station;
    if (fault.code)
        letter_refuse(station, letter, &fault);
    else if (view_holds(&query->view, needs))
        answer(query, letter, &asked);
    else if (needs.seq > query->view.durable.seq ||
             !park(query, station, letter, needs))
        refuse_not_yet(station, letter, query->view.durable.seq);
}

// ---- STATUS

static bool
may_ask_status(struct station *station, struct letter *letter)
{
    enum net_role role = station->kind == STATION_ADMIN ? ROLE_ADMIN : ROLE_READ;
    return letter_allowed(station, letter, role);
}

static void
status(struct query *query, struct station *station, struct letter *letter)
{
    struct wire_status asked;
    struct pipeline *p = query->shared->pipeline;
    struct view *view = &query->view;
    if (!letter_decode(station, letter, &asked) || !may_ask_status(station, letter))
        return;
    struct fault fault = {.code = view_refresh(view), .at = FAULT_NOWHERE};
    if (fault.code) {
        letter_refuse(station, letter, &fault);
        return;
    }
    struct wire_state state = {.n = asked.n,
        .server = SLICE("wireroomd " WIREROOM_VERSION),
        .store =
            slice_of(query->shared->identity.id, sizeof query->shared->identity.id),
        .epoch = view->epoch,
        .seq = view->durable.seq,
        .checkpoint_seq = view->durable.checkpoint_seq,
        .oldest = view->durable.oldest_seq,
        .items = view->durable.items,
        .records = view->durable.records,
        .uptime_s =
            (uint64_t)((clock_monotonic_us() - query->shared->started_us) / SECOND_US),
        .disk_free = pipeline_disk_free(p),
        .store_bytes = pipeline_store_bytes(p),
        .full = pipeline_full(p),
        .time = view->house_us,
        .sources = view->durable.sources,
        .followers = atomic_load(&query->shared->followers)};
    WIRE_SET(state, &state, quarantined, store_entries_open(view->txn));
    int renewing = pipeline_renewing(p);
    if (renewing >= 0)
        WIRE_SET(state, &state, renewing, (uint64_t)renewing);
    station_say(station, letter->peer, WIRE_MSG_STATE, &state, NULL);
}

// ---- RENORMALIZE

static void
say_renewal(
    struct query *query, struct station *station, struct letter *letter, uint64_t n)
{
    struct wire_renewal answer = {.n = n};
    struct wire_writer w = {0};
    zmq_msg_t body;
    pipeline_renewal(query->shared->pipeline, &w);
    if (!w.failed && frame_copy(&body, wire_written(&w)))
        station_say(station, letter->peer, WIRE_MSG_RENEWAL, &answer, &body);
    wire_writer_fini(&w);
}

static void
renormalize(struct query *query, struct station *station, struct letter *letter)
{
    struct wire_renormalize asked;
    struct fault fault = FAULT_NONE;
    if (!letter_decode(station, letter, &asked) ||
        !letter_allowed(station, letter, ROLE_ADMIN))
        return;
    struct pipeline_renew wanted = {.source = asked.source,
        .since_us = WIRE_HAS(renormalize, &asked, since) ? asked.since : TIME_NONE,
        .dry = asked.dry_run};
    if (!asked.ask && pipeline_renew(query->shared->pipeline, &wanted, &fault))
        letter_refuse(station, letter, &fault);
    else
        say_renewal(query, station, letter, asked.n);
}

static void
handle(struct station *station, struct letter *letter)
{
    struct query *query = query_of(station);
    struct fault unknown = {.code = WIRE_UNKNOWN_MESSAGE, .at = FAULT_NOWHERE};
    switch (letter->number) {
    case WIRE_MSG_STATUS:
        status(query, station, letter);
        break;
    case WIRE_MSG_RENORMALIZE:
        renormalize(query, station, letter);
        break;
    case WIRE_MSG_GET:
    case WIRE_MSG_LIST:
    case WIRE_MSG_HISTORY:
    case WIRE_MSG_RAW:
    case WIRE_MSG_QUARANTINE:
        ask(query, station, letter);
        break;
    default:
        letter_refuse(station, letter, &unknown);
    }
}

// ---- parked questions

static void
unpark(struct query *query, struct parked *parked, bool is_late)
{
    struct peer *peer = parked->peer;
    struct letter letter = {.frames = &parked->frames,
        .address = peer_address(peer),
        .number = parked->number,
        .header = frame_bytes(&parked->frames.part[LETTER_HEADER]),
        .peer = peer};
    query->parked--;
    if (!peer->gone && is_late)
        refuse_not_yet(parked->station, &letter, query->view.durable.seq);
    else if (!peer->gone)
        ask(query, parked->station, &letter);
    frames_close(&parked->frames);
    peer_release(peer);
    free(parked);
}

// A question that is asked again may be parked again: at the end, so each is looked at once.
static void
look_at_parked(struct query *query)
{
    struct parked *old = query->first;
    if (!old || view_refresh(&query->view) != WIRE_OK)
        return;
    int64_t now_us = clock_monotonic_us();
    query->first = NULL;
    query->last = &query->first;
    while (old) {
        struct parked *parked = old;
        old = old->next;
        parked->next = NULL;
        bool is_late = now_us >= parked->until_us;
        if (view_holds(&query->view, parked->needs) || is_late || parked->peer->gone) {
            unpark(query, parked, is_late);
            continue;
        }
        *query->last = parked;
        query->last = &parked->next;
    }
    atomic_store(&query->watch.wanted, query->first != NULL);
    if (query->first)
        pipeline_want_checkpoint(query->shared->pipeline);
}

// ---- the thread

static const struct station_calls calls = {.handle = handle};

static bool
open_sockets(struct query *query, void *context, struct fault *fault)
{
    const struct net_settings *settings = &query->shared->settings;
    struct socket_plan plan = {.type = ZMQ_ROUTER,
        .frame_bytes = SOCKET_FRAME_BYTES,
        .send_messages = 16,
        .receive_messages = 64};
    if (settings->query && *settings->query &&
        !(query->query.socket = socket_open(context, &plan, fault)))
        return false;
    return !settings->admin || !*settings->admin ||
           (query->admin.socket = socket_open(context, &plan, fault));
}

struct query *
query_open(struct shared *shared, void *context, struct fault *fault)
{
    struct query *query = calloc(1, sizeof *query);
    if (query) {
        query->magic = QUERY_MAGIC;
        query->shared = shared;
        query->last = &query->first;
        query->watch.eventfd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
        view_init(&query->view, shared->pipeline, shared->identity.epoch);
        query->desk.view = &query->view;
    }
    if (!query || query->watch.eventfd < 0 ||
        !station_init(&query->query, STATION_QUERY, shared, &calls, query) ||
        !station_init(&query->admin, STATION_ADMIN, shared, &calls, query))
        (void)fault_set(
            fault, WIRE_NO_MEMORY, FAULT_NOWHERE, "", "no memory for query");
    else if (open_sockets(query, context, fault)) {
        pipeline_watch(shared->pipeline, &query->watch);
        return query;
    }
    query_close(&query);
    return NULL;
}

struct station *
query_station(struct query *query)
{
    return &query->query;
}

struct station *
query_admin_station(struct query *query)
{
    return &query->admin;
}

void
query_close(struct query **queryp)
{
    struct query *query = *queryp;
    if (!query)
        return;
    while (query->first) {
        struct parked *parked = query->first;
        query->first = parked->next;
        frames_close(&parked->frames);
        peer_release(parked->peer);
        free(parked);
    }
    station_fini(&query->query);
    station_fini(&query->admin);
    wire_writer_fini(&query->desk.maps);
    wire_writer_fini(&query->desk.list);
    view_fini(&query->view);
    if (query->watch.eventfd >= 0)
        (void)close(query->watch.eventfd);
    free(query);
    *queryp = NULL;
}

// poll_both waits for either station, a checkpoint or the stop; true: stop.
static bool
poll_both(struct query *query, int stop)
{
    zmq_pollitem_t items[4] = {
        {NULL, query->watch.eventfd, ZMQ_POLLIN, 0},
        {NULL, stop,                 ZMQ_POLLIN, 0}
    };
    int count = 2;
    if (query->query.socket)
        items[count++] = (zmq_pollitem_t){query->query.socket, 0, ZMQ_POLLIN, 0};
    if (query->admin.socket)
        items[count++] = (zmq_pollitem_t){query->admin.socket, 0, ZMQ_POLLIN, 0};
    (void)zmq_poll(items, count, station_timeout_ms(&query->query));
    uint64_t rung;
    if (items[0].revents) {
        ssize_t n = read(query->watch.eventfd, &rung, sizeof rung);
        (void)n;
    }
    return items[1].revents != 0;
}

void
query_run(struct query *query, int stop)
{
    while (!poll_both(query, stop)) {
        (void)station_receive(&query->query, RECEIVE_ROUND);
        (void)station_receive(&query->admin, RECEIVE_ROUND);
        look_at_parked(query);
        view_end(&query->view);
        station_tick(&query->query);
        station_tick(&query->admin);
    }
    station_bye(&query->query, "the daemon is stopping");
    station_bye(&query->admin, "the daemon is stopping");
}
