// The processes that put a server under load: one a client, and one for all followers.
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "load.h"

#define SILENCE_NS 30000000000ULL       // without an answer: given up
#define WRITE_AHEAD ((size_t)512 << 10) // bytes queued at most before more is sent
#define BEAT_NS 1000000000ULL

static uint64_t
used_us(void) // CPU of this process
{
    struct rusage u;
    (void)getrusage(RUSAGE_SELF, &u);
    return (uint64_t)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000000 +
           (uint64_t)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

void
session_answered(struct session *c, uint32_t i, enum outcome outcome)
{
    struct load *load = c->load;
    struct times *t = &load->shared->times[i];
    if (!t->sent || t->answered)
        bench_fail("an answer that nobody waits for");
    t->answered = load_now_ns();
    (void)atomic_fetch_add(&load->shared->outcomes[outcome], 1);
    c->inside--;
}

static void
note_delivery(struct load *load, const uint8_t *digits)
{
    uint64_t i = 0, now = load_now_ns();
    for (int k = 0; k < 10; k++)
        i = i * 10 + (uint64_t)(digits[k] - '0');
    if (i >= load->articles)
        bench_fail("a delivery of what was not sent");
    load->shared->times[i].seen = now; // of the last follower, in the end
    (void)atomic_fetch_add(&load->shared->deliveries, 1);
    atomic_store(&load->shared->last_seen, now);
}

size_t
session_delivered(struct session *c, struct slice bytes)
{
    static const char uri[] = "urn-wr-"; // and ten digits
    size_t at = 0, prefix = sizeof uri - 1;
    for (;;) {
        struct slice rest = slice_from(bytes, at);
        const uint8_t *found =
            rest.size ? memmem(rest.data, rest.size, uri, prefix) : NULL;
        if (!found)
            return rest.size < prefix ? at : bytes.size - (prefix - 1);
        at = (size_t)(found - bytes.data);
        if (bytes.size - at < prefix + 10)
            return at;
        note_delivery(c->load, found + prefix);
        at += prefix + 10;
    }
}

static struct session
session_begin(struct load *load, const char *endpoint)
{
    struct session c = {.endpoint = endpoint,
        .load = load,
        .corpus = &load->corpus,
        .stride = load->clients,
        .depth = load->depth,
        .notifies = load->followers > 0};
    if (!stream_connect(&c.s, endpoint))
        bench_fail("cannot connect");
    return c;
}

static bool
may_send(const struct session *c, uint32_t next)
{
    const struct load *load = c->load;
    return next < load->articles && c->inside < c->depth &&
           c->s.out.size - c->s.out_at < WRITE_AHEAD &&
           (!load->speaker->may_send || load->speaker->may_send(c, next));
}

// One turn of a session: write what is to be written, wait for an answer, take it.
static void
turn(struct session *c)
{
    const struct speaker *speaker = c->load->speaker;
    static uint64_t heard;
    heard = heard ? heard : load_now_ns();
    if (!stream_flush(&c->s))
        bench_fail("the connection was lost");
    short events = (short)(POLLIN | (stream_wants_to_write(&c->s) ? POLLOUT : 0));
    struct pollfd p = {.fd = c->s.fd, .events = events};
    if (poll(&p, 1, 1000) == 0) {
        if (load_now_ns() - heard > SILENCE_NS)
            bench_fail("no answer in 30 s");
        if (speaker->beat)
            speaker->beat(c);
        return;
    }
    heard = load_now_ns();
    if ((p.revents & ~POLLOUT) && !stream_fill(&c->s))
        bench_fail("the connection was lost");
    speaker->take(c);
}

void
client_run(struct load *load, uint32_t next)
{
    struct session c = session_begin(load, load->endpoint);
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    load->speaker->greet(&c);
    (void)atomic_fetch_add(&load->shared->ready, 1);
    while (!atomic_load(&load->shared->go))
        (void)usleep(200);
    uint64_t used = used_us();
    while (next < load->articles || c.inside) {
        while (may_send(&c, next)) {
            load->shared->times[next].sent = load_now_ns();
            load->speaker->send(&c, next);
            c.inside++;
            next += load->clients;
        }
        turn(&c);
    }
    (void)atomic_fetch_add(&load->shared->client_us, used_us() - used);
    _exit(0);
}

// ---- the followers, in one process

static struct session followers[FOLLOWERS_MOST];
static struct pollfd follower_fds[FOLLOWERS_MOST];
static uint32_t following; // how many there are by now

static void
follower_deliver(struct session *c)
{
    const struct speaker *speaker = c->load->speaker;
    if (!stream_fill(&c->s))
        bench_fail("a follower lost its connection");
    if (speaker->deliver)
        speaker->deliver(c);
    else
        stream_take(&c->s, session_delivered(c, stream_unread(&c->s)));
    if (!stream_flush(&c->s))
        bench_fail("a follower lost its connection");
}

static void
beat_all(const struct load *load)
{
    static uint64_t beaten;
    if (!load->speaker->beat || load_now_ns() - beaten < BEAT_NS)
        return;
    beaten = load_now_ns();
    for (uint32_t i = 0; i < following; i++) {
        load->speaker->beat(&followers[i]);
        if (!stream_flush(&followers[i].s))
            bench_fail("a follower lost its connection");
    }
}

static void
begin_follower(struct load *load, uint32_t i)
{
    struct session *c = &followers[i];
    *c = session_begin(load, load->feed ? load->feed : load->endpoint);
    load->speaker->follow(c);
    if (!stream_flush(&c->s))
        bench_fail("a follower lost its connection");
    follower_fds[i] = (struct pollfd){.fd = c->s.fd, .events = POLLIN};
    following++;
    beat_all(load);
}

void
followers_run(struct load *load)
{
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (uint32_t i = 0; i < load->followers; i++)
        begin_follower(load, i);
    uint64_t used = used_us();
    atomic_store(&load->shared->following, 1);
    while (!atomic_load(&load->shared->stop)) {
        beat_all(load);
        if (poll(follower_fds, load->followers, 50) <= 0)
            continue;
        for (uint32_t i = 0; i < load->followers; i++)
            if (follower_fds[i].revents)
                follower_deliver(&followers[i]);
    }
    (void)atomic_fetch_add(&load->shared->follower_us, used_us() - used);
    _exit(0);
}
