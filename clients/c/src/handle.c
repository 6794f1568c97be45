#include "handle.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#define TICK_NS 250000000

const char *
wireroom_version(void)
{
    return WIREROOM_VERSION;
}

const struct wireroom_fault *
wireroom_fault(const struct wireroom *w)
{
    return &w->trouble.fault;
}

const struct wireroom_welcome *
wireroom_welcome(const struct wireroom *w)
{
    return w->welcome.server ? &w->welcome : NULL;
}

int
wireroom_fd(const struct wireroom *w)
{
    return w->home.epoll;
}

void
handle_seen(struct wireroom *w, uint64_t seq)
{
    if (seq > w->seen_seq)
        w->seen_seq = seq;
}

// ---- faults

enum wireroom_status
handle_fail(struct wireroom *w, enum wireroom_status status, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)trouble_vset(&w->trouble, status, format, args);
    va_end(args);
    return status;
}

static enum wireroom_status
fail_with_next(struct wireroom *w, enum wireroom_status status, const char *words,
    const char *next)
{
    enum wireroom_status failed = handle_fail(w, status, "%s", words);
    trouble_next(&w->trouble, next);
    return failed;
}

static enum wireroom_status
look_why(struct wireroom *w)
{
    char words[512], why[128] = "no answer";
    double waited_s = (double)(link_now_us() - w->met_us) / 1e6;
    int cause = watch_cause(w->address);
    if (cause)
        (void)snprintf(why, sizeof why, "%s", strerrordesc_np(cause));
    why[0] = (char)tolower((unsigned char)why[0]);
    if (w->watch.misbehaved && !w->watch.handshaken)
        return handle_fail(w, WIREROOM_PROTOCOL,
            "%s did not complete the handshake: it is no wireroom server, or wants a "
            "key",
            w->address);
    if (w->watch.tries > 1)
        (void)snprintf(words, sizeof words,
            "no wireroom at %s: %s (tried %u times in %.1f s)", w->address, why,
            w->watch.tries, waited_s);
    else
        (void)snprintf(words, sizeof words, "no wireroom at %s: %s (waited %.1f s)",
            w->address, why, waited_s);
    if (cause == EACCES || cause == EPERM)
        return fail_with_next(w, WIREROOM_DENIED, words,
            "ask the operator for the group that owns the socket");
    return fail_with_next(
        w, WIREROOM_NO_SERVER, words, "is it running? systemctl status wireroomd");
}

// Whoever asks again and again is told the same for a second: looking takes time.
enum wireroom_status
handle_unreachable(struct wireroom *w)
{
    int64_t now_us = link_now_us();
    if (w->trouble.fault.status == WIREROOM_NO_SERVER &&
        now_us - w->looked_us < 1000000)
        return WIREROOM_NO_SERVER;
    w->looked_us = now_us;
    return look_why(w);
}

// ---- WELCOME

static void
keep_text(struct slice from, char *to, size_t size)
{
    (void)snprintf(to, size, "%.*s", SLICE_ARG(from));
}

static void
keep_formats(struct greeting *g, struct slice list)
{
    struct wire_reader r = wire_reader(list);
    uint32_t count = wire_read_array(&r), kept = 0;
    for (; kept < count && kept < 64; kept++) {
        keep_text(wire_read_str(&r), g->format_words[kept], sizeof g->format_words[0]);
        g->formats[kept] = g->format_words[kept];
    }
    g->formats[kept] = NULL;
}

static void
keep_welcome(struct wireroom *w, const struct wire_welcome *m)
{
    struct greeting *g = &w->greeting;
    keep_text(m->server, g->server, sizeof g->server);
    keep_text(m->principal, g->principal, sizeof g->principal);
    keep_text(m->feed, g->feed, sizeof g->feed);
    keep_text(m->query, g->query, sizeof g->query);
    keep_formats(g, m->formats);
    w->welcome = (struct wireroom_welcome){.server = g->server,
        .principal = g->principal,
        .epoch = m->epoch,
        .seq = m->seq,
        .submission_bytes = m->submission_bytes,
        .submission_items = m->submission_items,
        .formats = g->formats};
    credit_begin(&w->outbox.credit,
        (struct amount){.bytes = m->credit_bytes, .messages = m->credit_messages});
}

enum wireroom_status
handle_welcome(struct wireroom *w, struct link *l, struct trouble *trouble)
{
    struct wire_welcome m;
    struct fault fault = FAULT_NONE;
    if (wire_decode(w->letter.header, WIRE_MSG_WELCOME, &m, &fault))
        return trouble_set(trouble, WIREROOM_PROTOCOL,
            "a greeting that can't be read: %s", fault.words);
    link_welcomed(l, m.heartbeat_ms);
    if (l == &w->submit)
        keep_welcome(w, &m);
    return WIREROOM_OK;
}

// ---- turning

enum wireroom_status
handle_turn(struct wireroom *w)
{
    uint64_t ticks;
    (void)!read(w->timer, &ticks, sizeof ticks);
    watch_read(&w->watch);
    enum wireroom_status status = submit_turn(w);
    if (status == WIREROOM_OK)
        follow_turn(w);
    query_turn(w);
    return status;
}

void
handle_sleep(struct wireroom *w, int64_t ms)
{
    struct epoll_event event;
    (void)epoll_wait(w->home.epoll, &event, 1, ms > 0 ? (int)ms : 0);
}

enum wireroom_status
handle_reachable(struct wireroom *w)
{
    int64_t now_us = link_now_us();
    if (w->submit.state == LINK_READY)
        w->met_us = now_us;
    return now_us - w->met_us >= w->timeout_ms * 1000LL ? handle_unreachable(w)
                                                        : WIREROOM_OK;
}

enum wireroom_status
wireroom_process(struct wireroom *w, int timeout_ms)
{
    enum wireroom_status status = handle_turn(w);
    if (status == WIREROOM_OK && timeout_ms > 0) {
        handle_sleep(w, timeout_ms);
        status = handle_turn(w);
    }
    return status ? status : handle_reachable(w);
}

// ---- opening and closing

static bool
open_fds(struct wireroom *w)
{
    struct itimerspec every = {
        {0, TICK_NS},
        {0, TICK_NS}
    };
    struct epoll_event event = {.events = EPOLLIN};
    w->home.epoll = epoll_create1(EPOLL_CLOEXEC);
    w->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    return w->home.epoll >= 0 && w->timer >= 0 &&
           timerfd_settime(w->timer, 0, &every, NULL) == 0 &&
           epoll_ctl(w->home.epoll, EPOLL_CTL_ADD, w->timer, &event) == 0;
}

// A daemon that isn't there is known after a few tries; one that is there may take its time.
static bool
hopeless(struct wireroom *w, int64_t begun_us)
{
    return w->watch.tries >= 3 && !w->watch.connected &&
           link_now_us() - begun_us > 2000000;
}

static enum wireroom_status
wait_welcome(struct wireroom *w)
{
    int64_t begun_us = link_now_us();
    while (w->submit.state != LINK_READY) {
        enum wireroom_status status = wireroom_process(w, 20);
        if (status)
            return status;
        if (w->submit.state != LINK_READY && hopeless(w, begun_us))
            return handle_unreachable(w);
    }
    return WIREROOM_OK;
}

static enum wireroom_status
begin(struct wireroom *w, const struct wireroom_options *o)
{
    const char *address = o->address ? o->address : getenv("WIREROOM_SERVER");
    if (!address || !*address)
        return fail_with_next(w, WIREROOM_USAGE, "no address of a wireroom was given",
            "name its submit socket, or set WIREROOM_SERVER");
    w->address = strdup(address);
    w->client = strdup(o->client ? o->client : "libwireroom " WIREROOM_VERSION);
    w->principal = strdup(o->principal ? o->principal : "");
    w->home.context = zmq_ctx_new();
    w->home.client = w->client;
    w->home.principal = w->principal;
    if (!w->address || !w->client || !w->principal || !w->home.context || !open_fds(w))
        return handle_fail(w, WIREROOM_MEMORY, "out of memory or file descriptors");
    if (!submit_open(w))
        return handle_fail(w, WIREROOM_USAGE, "\"%s\" is no address of a socket (%s)",
            address, zmq_strerror(zmq_errno()));
    return o->dont_wait ? WIREROOM_OK : wait_welcome(w);
}

enum wireroom_status
wireroom_open(const struct wireroom_options *options, struct wireroom **out)
{
    struct wireroom *w = calloc(1, sizeof *w);
    *out = w;
    if (!w)
        return WIREROOM_MEMORY;
    w->home.epoll = w->timer = -1;
    w->met_us = link_now_us();
    letter_init(&w->letter);
    (void)zmq_msg_init(&w->follow.event);
    w->timeout_ms = options->timeout_ms > 0 ? options->timeout_ms : 5000;
    trouble_none(&w->trouble);
    trouble_none(&w->follow.trouble);
    return begin(w, options);
}

void
wireroom_close(struct wireroom **wp)
{
    struct wireroom *w = *wp;
    if (!w)
        return;
    watch_end(&w->watch);
    link_leave(&w->submit);
    link_leave(&w->feed);
    link_leave(&w->query);
    letter_fini(&w->letter);
    (void)zmq_msg_close(&w->follow.event);
    queue_fini(&w->outbox.waiting);
    queue_fini(&w->outbox.inside);
    wire_writer_fini(&w->answer);
    if (w->home.context)
        (void)zmq_ctx_term(w->home.context);
    if (w->timer >= 0)
        (void)close(w->timer);
    if (w->home.epoll >= 0)
        (void)close(w->home.epoll);
    free(w->address);
    free(w->client);
    free(w->principal);
    free(w);
    *wp = NULL;
}
