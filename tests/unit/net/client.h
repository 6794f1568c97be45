// A client of the tests: one DEALER, messages as their structs.
#ifndef UNIT_NET_CLIENT_H
#define UNIT_NET_CLIENT_H

#include <zmq.h>

#include "proto/proto.h"
#include "unit/net/unit.h"

#define CLIENT_WAIT_MS 5000

struct client {
    void *socket;
    zmq_msg_t header, body; // of the last message received
    struct slice body_bytes;
};

// Every open socket, so that a test that failed half way can be ended.
static void *client_sockets[16];

static inline void
client_remember(void *old, void *new)
{
    size_t i = 0;
    while (i < LENGTH(client_sockets) && client_sockets[i] != old)
        i++;
    assert_true(i < LENGTH(client_sockets));
    client_sockets[i] = new;
}

static inline void
client_close_all(void)
{
    for (size_t i = 0; i < LENGTH(client_sockets); i++)
        if (client_sockets[i])
            (void)zmq_close(client_sockets[i]);
    memset(client_sockets, 0, sizeof client_sockets);
}

static inline struct client
client_open(void *context, int type, const char *endpoint)
{
    struct client c = {.socket = zmq_socket(context, type)};
    int linger = 0;
    assert_non_null(c.socket);
    client_remember(NULL, c.socket);
    (void)zmq_setsockopt(c.socket, ZMQ_LINGER, &linger, sizeof linger);
    if (type == ZMQ_SUB)
        (void)zmq_setsockopt(c.socket, ZMQ_SUBSCRIBE, "", 0);
    assert_int_equal(zmq_connect(c.socket, endpoint), 0);
    (void)zmq_msg_init(&c.header);
    (void)zmq_msg_init(&c.body);
    return c;
}

static inline void
client_close(struct client *c)
{
    (void)zmq_msg_close(&c->header);
    (void)zmq_msg_close(&c->body);
    client_remember(c->socket, NULL);
    (void)zmq_close(c->socket);
}

// client_say sends a message; body.data NULL: none.
static inline void
client_say(
    struct client *c, enum wire_message number, const void *message, struct slice body)
{
    uint8_t prefix[WIRE_PREFIX_BYTES];
    struct wire_writer w = {0};
    wire_prefix_write(prefix, number);
    wire_encode(&w, number, message);
    struct slice header = wire_written(&w);
    int more = body.data ? ZMQ_SNDMORE : 0;
    assert_true(zmq_send(c->socket, prefix, sizeof prefix, ZMQ_SNDMORE) >= 0);
    assert_true(zmq_send(c->socket, header.data, header.size, more) >= 0);
    if (body.data)
        assert_true(zmq_send(c->socket, body.data, body.size, 0) >= 0);
    wire_writer_fini(&w);
}

// client_hear gives the number of the next message that is no HEARTBEAT, 0 if none comes
// in wait_ms. Its frames stay until the next.
static inline unsigned
client_hear(struct client *c, long wait_ms)
{
    zmq_pollitem_t item = {c->socket, 0, ZMQ_POLLIN, 0};
    unsigned number = WIRE_MSG_HEARTBEAT;
    while (number == WIRE_MSG_HEARTBEAT) {
        uint8_t prefix[WIRE_PREFIX_BYTES];
        if (zmq_poll(&item, 1, wait_ms) <= 0)
            return 0;
        assert_int_equal(zmq_recv(c->socket, prefix, sizeof prefix, 0), sizeof prefix);
        assert_int_equal(
            wire_prefix_read(slice_of(prefix, sizeof prefix), &number), WIRE_OK);
        assert_true(zmq_msg_recv(&c->header, c->socket, 0) >= 0);
        if (zmq_msg_more(&c->header))
            assert_true(zmq_msg_recv(&c->body, c->socket, 0) >= 0);
        c->body_bytes = slice_of(zmq_msg_data(&c->body), zmq_msg_size(&c->body));
    }
    return number;
}

// client_expect waits for a message of this number and reads it.
static inline void
client_expect(struct client *c, enum wire_message number, void *message_out)
{
    struct fault fault = FAULT_NONE;
    assert_int_equal(client_hear(c, CLIENT_WAIT_MS), number);
    struct slice header = slice_of(zmq_msg_data(&c->header), zmq_msg_size(&c->header));
    assert_int_equal(wire_decode(header, number, message_out, &fault), WIRE_OK);
}

static inline struct wire_welcome
client_hello(struct client *c)
{
    struct wire_welcome welcome;
    client_say(c, WIRE_MSG_HELLO, &(struct wire_hello){0}, slice_of(NULL, 0));
    client_expect(c, WIRE_MSG_WELCOME, &welcome);
    return welcome;
}

static inline void
client_expect_refused(struct client *c, enum wire_err code)
{
    struct wire_refused refused;
    client_expect(c, WIRE_MSG_REFUSED, &refused);
    assert_int_equal(refused.code, code);
}

#endif
