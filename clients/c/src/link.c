#include "link.h"

#include <errno.h>
#include <sys/epoll.h>
#include <time.h>

#define WAITING_US 100000
#define GREETING_US 2000000
#define GREETING_MAX_US 16000000
#define LEAVE_MS 200
#define PAUSE_MAX_MS 3600000U

int64_t
link_now_us(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

int64_t
link_pause_us(uint64_t retry_after_ms, uint64_t else_ms)
{
    uint64_t ms = retry_after_ms ? retry_after_ms : else_ms;
    return (int64_t)(ms < PAUSE_MAX_MS ? ms : PAUSE_MAX_MS) * 1000;
}

// The socket is taken out of epoll by its closing.
static bool
tell_epoll(const struct link *l, const struct link_home *home)
{
    struct epoll_event event = {.events = EPOLLIN};
    int fd;
    size_t size = sizeof fd;
    return zmq_getsockopt(l->socket, ZMQ_FD, &fd, &size) == 0 &&
           epoll_ctl(home->epoll, EPOLL_CTL_ADD, fd, &event) == 0;
}

bool
link_attach(struct link *l, const struct link_home *home)
{
    int none = 0, most_ms = 1000;
    int64_t patience_us = l->patience_us;
    *l = (struct link){.heartbeat_us = 1000000, .patience_us = patience_us};
    l->socket = zmq_socket(home->context, ZMQ_DEALER);
    if (!l->socket)
        return false;
    (void)zmq_setsockopt(l->socket, ZMQ_SNDHWM, &none, sizeof none); // credit bounds it
    (void)zmq_setsockopt(l->socket, ZMQ_RCVHWM, &none, sizeof none);
    (void)zmq_setsockopt(l->socket, ZMQ_LINGER, &none, sizeof none);
    (void)zmq_setsockopt(l->socket, ZMQ_RECONNECT_IVL_MAX, &most_ms, sizeof most_ms);
    if (tell_epoll(l, home))
        return true;
    link_close(l);
    return false;
}

bool
link_greet(struct link *l, const struct link_home *home, const char *address)
{
    struct wire_hello hello = {0};
    WIRE_SET(hello, &hello, client, slice_until(slice_str(home->client), 128));
    if (*home->principal)
        WIRE_SET(hello, &hello, principal, slice_str(home->principal));
    l->state = LINK_GREETING;
    l->opened_us = l->heard_us = link_now_us();
    if (l->patience_us == 0)
        l->patience_us = GREETING_US;
    if (zmq_connect(l->socket, address) == 0 && link_say(l, WIRE_MSG_HELLO, &hello))
        return true;
    int why = zmq_errno();
    link_close(l);
    errno = why;
    return false;
}

bool
link_open(struct link *l, const struct link_home *home, const char *address)
{
    link_close(l);
    return link_attach(l, home) && link_greet(l, home, address);
}

void
link_close(struct link *l)
{
    if (l->socket)
        (void)zmq_close(l->socket);
    l->socket = NULL;
    l->state = LINK_CLOSED;
}

void
link_leave(struct link *l)
{
    struct wire_bye bye = {0};
    int linger_ms = LEAVE_MS;
    if (l->state == LINK_READY) {
        (void)zmq_setsockopt(l->socket, ZMQ_LINGER, &linger_ms, sizeof linger_ms);
        (void)link_say(l, WIRE_MSG_BYE, &bye);
    }
    link_close(l);
}

void
link_welcomed(struct link *l, uint64_t heartbeat_ms)
{
    l->state = LINK_READY;
    l->heartbeat_us = (int64_t)heartbeat_ms * 1000;
    l->patience_us = GREETING_US;
}

// ---- out

static bool
send_frame(struct link *l, struct slice bytes, int more)
{
    return zmq_send(l->socket, bytes.data, bytes.size, more | ZMQ_DONTWAIT) >= 0;
}

static bool
send_frames(struct link *l, enum wire_message number, struct slice header,
    const struct slice *body)
{
    uint8_t prefix[WIRE_PREFIX_BYTES];
    wire_prefix_write(prefix, number);
    l->sent_us = link_now_us();
    return l->socket && send_frame(l, slice_of(prefix, sizeof prefix), ZMQ_SNDMORE) &&
           send_frame(l, header, body ? ZMQ_SNDMORE : 0) &&
           (!body || send_frame(l, *body, 0));
}

bool
link_say(struct link *l, enum wire_message number, const void *message)
{
    struct wire_writer header = {0};
    wire_encode(&header, number, message);
    bool sent = !header.failed && send_frames(l, number, wire_written(&header), NULL);
    wire_writer_fini(&header);
    return sent;
}

bool
link_say_encoded(
    struct link *l, enum wire_message number, struct slice header, struct slice body)
{
    return send_frames(l, number, header, &body);
}

bool
link_say_header(struct link *l, enum wire_message number, struct slice header)
{
    return send_frames(l, number, header, NULL);
}

// ---- in

void
letter_init(struct letter *letter)
{
    for (int i = 0; i < 3; i++)
        (void)zmq_msg_init(&letter->frames[i]);
}

void
letter_fini(struct letter *letter)
{
    for (int i = 0; i < 3; i++)
        (void)zmq_msg_close(&letter->frames[i]);
}

static struct slice
bytes_of(zmq_msg_t *frame)
{
    return slice_of(zmq_msg_data(frame), zmq_msg_size(frame));
}

// receive takes one whole message, at most three frames of it are kept.
static int
receive(struct link *l, struct letter *letter)
{
    int count = 0;
    zmq_msg_t extra;
    (void)zmq_msg_init(&extra);
    for (bool more = true; more; count++) {
        zmq_msg_t *to = count < 3 ? &letter->frames[count] : &extra;
        if (zmq_msg_recv(to, l->socket, ZMQ_DONTWAIT) < 0)
            break;
        more = zmq_msg_more(to);
    }
    (void)zmq_msg_close(&extra);
    return count;
}

// A message is of the protocol if it has the frames that its number asks for.
static bool
read_letter(struct letter *letter, int count)
{
    if (count < 2 || count > 3 ||
        wire_prefix_read(bytes_of(&letter->frames[0]), &letter->number))
        return false;
    letter->header = bytes_of(&letter->frames[1]);
    letter->body = count == 3 ? bytes_of(&letter->frames[2]) : slice_of(NULL, 0);
    return (wire_message_body(letter->number) != WIRE_BODY_NONE) == (count == 3);
}

bool
link_hear(struct link *l, struct letter *letter)
{
    int count;
    while (l->socket && (count = receive(l, letter)) > 0) {
        if (!read_letter(letter, count))
            continue; // there is nothing to say to it
        l->heard_us = link_now_us();
        return true;
    }
    return false;
}

static bool
greeting_alive(struct link *l, int64_t now_us)
{
    if (now_us - l->opened_us < l->patience_us)
        return true;
    if (l->patience_us < GREETING_MAX_US)
        l->patience_us *= 2;
    return false;
}

bool
link_alive(struct link *l, bool waiting)
{
    struct wire_heartbeat beat = {0};
    int64_t now_us = link_now_us(), every_us = l->heartbeat_us;
    if (l->state == LINK_CLOSED)
        return false;
    if (l->state == LINK_GREETING)
        return greeting_alive(l, now_us);
    if (waiting && every_us > WAITING_US)
        every_us = WAITING_US;
    if (now_us - l->sent_us >= every_us)
        (void)link_say(l, WIRE_MSG_HEARTBEAT, &beat);
    return now_us - l->heard_us < 5 * l->heartbeat_us;
}
