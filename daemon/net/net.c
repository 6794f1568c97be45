// The door's functions: sockets made and bound before any thread runs, each thread with an
// eventfd that tells it to stop.
#include "net/net.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/logline.h"
#include "net/feed.h"
#include "net/intake.h"
#include "net/query.h"

enum thread {
    THREAD_INTAKE, // first to stop: what it is owed may still wake followers
    THREAD_FEED,
    THREAD_QUERY,
    THREADS
};

struct running {
    pthread_t thread;
    bool started;
    int stop; // eventfd
    struct net *net;
};

struct net {
    void *context;
    struct shared shared;
    struct intake *intake; // NULL: not served
    struct feed *feed;
    struct query *query;
    struct running threads[THREADS];
    struct bind_mark marks[5]; // files of the sockets that are bound
    unsigned mark_count;
};

static void
set_default64(uint64_t *setting, uint64_t value)
{
    if (*setting == 0)
        *setting = value;
}

static void
set_default32(uint32_t *setting, uint32_t value)
{
    if (*setting == 0)
        *setting = value;
}

static void
fill_settings(struct net_settings *s)
{
    set_default64(&s->submission_bytes, 4U << 20);
    set_default32(&s->submission_items, 500);
    set_default64(&s->grant_bytes, 64U << 10);
    set_default32(&s->grant_messages, 1024);
    set_default64(&s->connection_bytes, 8U << 20);
    set_default32(&s->connection_messages, 8192);
    set_default64(&s->total_bytes, 64U << 20);
    set_default32(&s->total_messages, 65536);
    set_default32(&s->heartbeat_ms, 1000);
    set_default32(&s->peers, 4096);
}

static bool
is_served(const char *endpoint)
{
    return endpoint && *endpoint;
}

enum wire_err
net_check(const struct net_settings *s, struct fault *fault)
{
    const struct {
        const char *name, *endpoint;
    } all[] = {
        {"submit", s->submit},
        {"feed",   s->feed  },
        {"notice", s->notice},
        {"query",  s->query },
        {"admin",  s->admin }
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (is_served(all[i].endpoint) &&
            bind_allowed(all[i].name, all[i].endpoint, s->open, fault) != WIRE_OK)
            return fault->code;
    return WIRE_OK;
}

static enum wire_err
open_stations(struct net *net, struct fault *fault)
{
    const struct net_settings *s = &net->shared.settings;
    if (is_served(s->submit) &&
        !(net->intake = intake_open(&net->shared, net->context, fault)))
        return fault->code;
    if ((is_served(s->feed) || is_served(s->notice)) &&
        !(net->feed = feed_open(&net->shared, net->context, fault)))
        return fault->code;
    if ((is_served(s->query) || is_served(s->admin)) &&
        !(net->query = query_open(&net->shared, net->context, fault)))
        return fault->code;
    return WIRE_OK;
}

static enum wire_err
bind_one(struct net *net, void *socket, const char *name, const char *endpoint,
    char *actual, struct fault *fault)
{
    enum wire_err err = bind_socket(socket, name, endpoint, actual, fault);
    if (!err)
        bind_mark(endpoint, &net->marks[net->mark_count++]);
    return err;
}

static enum wire_err
bind_station(struct net *net, struct station *station, const char *endpoint,
    char *actual, struct fault *fault)
{
    if (!is_served(endpoint))
        return WIRE_OK;
    station->ipc = bind_is_ipc(endpoint);
    return bind_one(net, station->socket, station->name, endpoint, actual, fault);
}

// Every socket exists before the first is bound: to make one at the limit of file
// descriptors is an abort inside libzmq.
static enum wire_err
bind_all(struct net *net, struct fault *fault)
{
    struct shared *shared = &net->shared;
    const struct net_settings *s = &shared->settings;
    enum wire_err err = WIRE_OK;
    if (net->intake)
        err = bind_station(
            net, intake_station(net->intake), s->submit, shared->at.submit, fault);
    if (!err && net->feed)
        err =
            bind_station(net, feed_station(net->feed), s->feed, shared->at.feed, fault);
    if (!err && net->feed && is_served(s->notice))
        err = bind_one(net, feed_notice_socket(net->feed), "notice", s->notice,
            shared->at.notice, fault);
    if (!err && net->query)
        err = bind_station(
            net, query_station(net->query), s->query, shared->at.query, fault);
    if (!err && net->query)
        err = bind_station(
            net, query_admin_station(net->query), s->admin, shared->at.admin, fault);
    return err;
}

static enum wire_err
open_context(struct net *net, struct fault *fault)
{
    net->context = zmq_ctx_new();
    for (int i = 0; i < THREADS; i++) {
        net->threads[i].net = net;
        net->threads[i].stop = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
        if (net->threads[i].stop < 0 || !net->context)
            return fault_set(fault, WIRE_CANNOT_LISTEN, FAULT_NOWHERE, "",
                "no memory or file descriptor for the sockets");
    }
    return WIRE_OK;
}

enum wire_err
net_open(const struct net_settings *settings, struct pipeline *pipeline,
    struct net **out, struct fault *fault)
{
    struct net *net = calloc(1, sizeof *net);
    if (!net)
        return fault_set(
            fault, WIRE_NO_MEMORY, FAULT_NOWHERE, "", "no memory for sockets");
    for (int i = 0; i < THREADS; i++)
        net->threads[i].stop = -1;
    net->shared.settings = *settings;
    fill_settings(&net->shared.settings);
    net->shared.pipeline = pipeline;
    net->shared.identity = *store_who(pipeline_store(pipeline));
    net->shared.started_us = clock_monotonic_us();
    auth_init(&net->shared.auth, &net->shared.settings);
    enum wire_err err = net_check(settings, fault);
    if (!err)
        err = open_context(net, fault);
    if (!err)
        err = open_stations(net, fault);
    if (!err)
        err = bind_all(net, fault);
    if (err)
        net_close(&net);
    else
        *out = net;
    return err;
}

static void *
intake_main(void *context)
{
    struct running *self = context;
    intake_run(self->net->intake, self->stop);
    return NULL;
}

static void *
feed_main(void *context)
{
    struct running *self = context;
    feed_run(self->net->feed, self->stop);
    return NULL;
}

static void *
query_main(void *context)
{
    struct running *self = context;
    query_run(self->net->query, self->stop);
    return NULL;
}

// Signals are the main thread's: it reads them from a signalfd.
static bool
start(struct running *running, const char *name, void *(*body)(void *))
{
    sigset_t all, before;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    running->started = pthread_create(&running->thread, NULL, body, running) == 0;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (running->started)
        (void)pthread_setname_np(running->thread, name);
    return running->started;
}

enum wire_err
net_run(struct net *net, struct fault *fault)
{
    bool ok = true;
    if (net->intake)
        ok = start(&net->threads[THREAD_INTAKE], "intake", intake_main);
    if (ok && net->feed)
        ok = start(&net->threads[THREAD_FEED], "feed", feed_main);
    if (ok && net->query)
        ok = start(&net->threads[THREAD_QUERY], "query", query_main);
    if (ok)
        return WIRE_OK;
    net_drain(net);
    return fault_set(
        fault, WIRE_NO_MEMORY, FAULT_NOWHERE, "", "a thread could not be started");
}

void
net_drain(struct net *net)
{
    for (int i = 0; i < THREADS; i++) {
        struct running *running = &net->threads[i];
        if (!running->started)
            continue;
        uint64_t one = 1;
        ssize_t n = write(running->stop, &one, sizeof one);
        (void)n;
        (void)pthread_join(running->thread, NULL);
        running->started = false;
    }
}

void
net_close(struct net **netp)
{
    struct net *net = *netp;
    if (!net)
        return;
    net_drain(net);
    for (unsigned i = 0; i < net->mark_count; i++)
        bind_unlink(&net->marks[i]);
    intake_close(&net->intake);
    feed_close(&net->feed);
    query_close(&net->query);
    if (net->context) // waits for what lingers
        while (zmq_ctx_term(net->context) != 0 && errno == EINTR)
            ;
    for (int i = 0; i < THREADS; i++)
        if (net->threads[i].stop >= 0)
            (void)close(net->threads[i].stop);
    free(net);
    *netp = NULL;
}

static const char *
where(const char *actual)
{
    return *actual ? actual : NULL;
}

void
net_endpoints(const struct net *net, struct net_endpoints *out)
{
    *out = (struct net_endpoints){.submit = where(net->shared.at.submit),
        .feed = where(net->shared.at.feed),
        .notice = where(net->shared.at.notice),
        .query = where(net->shared.at.query),
        .admin = where(net->shared.at.admin)};
}
