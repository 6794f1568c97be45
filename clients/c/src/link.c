#include "link.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define WAITING_US 100000

int64_t
link_now_us(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

static bool
hello(struct link *l, const char *client, const char *principal)
{
    struct wire_hello message = {0};
    if (client)
        WIRE_SET(hello, &message, client, slice_until(slice_str(client), 128));
    if (principal && *principal)
        WIRE_SET(hello, &message, principal, slice_str(principal));
    l->state = LINK_GREETING;
    return link_say(l, WIRE_MSG_HELLO, &message, NULL);
}

bool
link_open(struct link *l, void *context, const char *address, const char *client,
    const char *principal)
{
    int none = 0, linger = 200;
    *l = (struct link){.heartbeat_us = 1000000};
    (void)snprintf(l->address, sizeof l->address, "%s", address);
    l->socket = zmq_socket(context, ZMQ_DEALER);
    if (!l->socket)
        return false;
    (void)zmq_setsockopt(l->socket, ZMQ_SNDHWM, &none, sizeof none); // credit bounds it
    (void)zmq_setsockopt(l->socket, ZMQ_RCVHWM, &none, sizeof none);
    (void)zmq_setsockopt(l->socket, ZMQ_LINGER, &linger, sizeof linger);
    l->heard_us = link_now_us();
    if (zmq_connect(l->socket, address) == 0 && hello(l, client, principal))
        return true;
    link_close(l);
    return false;
}

void
link_close(struct link *l)
{
    if (l->socket)
        (void)zmq_close(l->socket);
    l->socket = NULL;
    l->state = LINK_CLOSED;
}

static bool
send_frame(struct link *l, struct slice bytes, int more)
{
    return zmq_send(l->socket, bytes.data, bytes.size, more | ZMQ_DONTWAIT) >= 0;
}

bool
link_say(struct link *l, enum wire_message number, const void *message,
    const struct slice *body)
{
    uint8_t prefix[WIRE_PREFIX_BYTES];
    struct wire_writer header = {0};
    wire_prefix_write(prefix, number);
    wire_encode(&header, number, message);
    bool sent = !header.failed &&
                send_frame(l, slice_of(prefix, sizeof prefix), ZMQ_SNDMORE) &&
                send_frame(l, wire_written(&header), body ? ZMQ_SNDMORE : 0) &&
                (!body || send_frame(l, *body, 0));
    wire_writer_fini(&header);
    l->sent_us = link_now_us();
    return sent;
}

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

bool
link_hear(struct link *l, struct letter *letter)
{
    int count;
    while (l->socket && (count = receive(l, letter)) > 0) {
        if (count < 2 || count > 3 ||
            wire_prefix_read(bytes_of(&letter->frames[0]), &letter->number))
            continue; // not of the protocol: nothing to say
        l->heard_us = link_now_us();
        letter->header = bytes_of(&letter->frames[1]);
        letter->has_body = count == 3;
        letter->body = count == 3 ? bytes_of(&letter->frames[2]) : slice_of(NULL, 0);
        return true;
    }
    return false;
}

bool
link_keep(struct link *l, bool waiting)
{
    struct wire_heartbeat beat = {0};
    int64_t now_us = link_now_us();
    int64_t every_us =
        waiting && l->heartbeat_us > WAITING_US ? WAITING_US : l->heartbeat_us;
    if (l->state == LINK_READY && now_us - l->sent_us >= every_us)
        (void)link_say(l, WIRE_MSG_HEARTBEAT, &beat, NULL);
    return l->state != LINK_READY || now_us - l->heard_us < 5 * l->heartbeat_us;
}
