// A daemon of the test's own: ROUTER sockets that say exactly what a test wants said.
#ifndef STATION_H
#define STATION_H

#include <stdio.h>
#include <stdlib.h>
#include <zmq.h>

#include "proto/proto.h"
#include "unit/check.h"
#include "wireroom.h"

#define STATION_TURNS 400 // of 5 ms: what a test waits for at most

struct station {
    void *context, *submit, *feed, *query;
    char submit_at[64], feed_at[64], query_at[64];
    uint64_t credit_bytes, credit_messages, heartbeat_ms;
    struct wireroom *w; // the client, turned while the station waits
};

struct heard { // the last message that came
    zmq_msg_t frames[4];
    unsigned number;
    struct slice header, body;
};

static inline void *
station_socket(struct station *s, char at[64])
{
    size_t size = 64;
    int none = 0;
    void *socket = zmq_socket(s->context, ZMQ_ROUTER);
    (void)zmq_setsockopt(socket, ZMQ_LINGER, &none, sizeof none);
    assert_int_equal(zmq_bind(socket, "tcp://127.0.0.1:*"), 0);
    assert_int_equal(zmq_getsockopt(socket, ZMQ_LAST_ENDPOINT, at, &size), 0);
    return socket;
}

static inline void
station_open(struct station *s)
{
    *s = (struct station){.context = zmq_ctx_new(),
        .credit_bytes = 65536,
        .credit_messages = 1024,
        .heartbeat_ms = 1000};
    s->submit = station_socket(s, s->submit_at);
    s->feed = station_socket(s, s->feed_at);
    s->query = station_socket(s, s->query_at);
}

static inline void
station_close(struct station *s)
{
    wireroom_close(&s->w);
    (void)zmq_close(s->submit);
    (void)zmq_close(s->feed);
    (void)zmq_close(s->query);
    (void)zmq_ctx_term(s->context);
}

static inline void
heard_init(struct heard *h)
{
    for (int i = 0; i < 4; i++)
        (void)zmq_msg_init(&h->frames[i]);
}

static inline void
heard_fini(struct heard *h)
{
    for (int i = 0; i < 4; i++)
        (void)zmq_msg_close(&h->frames[i]);
}

// heard_now takes the next message that is no heartbeat, if there is one.
static inline bool
heard_now(void *socket, struct heard *h)
{
    for (;;) {
        int count = 0;
        for (bool more = true; more && count < 4; count++) {
            if (zmq_msg_recv(&h->frames[count], socket, ZMQ_DONTWAIT) < 0)
                return false;
            more = zmq_msg_more(&h->frames[count]);
        }
        struct slice prefix =
            slice_of(zmq_msg_data(&h->frames[1]), zmq_msg_size(&h->frames[1]));
        assert_int_equal(wire_prefix_read(prefix, &h->number), WIRE_OK);
        h->header = slice_of(zmq_msg_data(&h->frames[2]), zmq_msg_size(&h->frames[2]));
        h->body = count == 4 ? slice_of(zmq_msg_data(&h->frames[3]),
                                   zmq_msg_size(&h->frames[3]))
                             : slice_of(NULL, 0);
        if (h->number != WIRE_MSG_HEARTBEAT)
            return true;
    }
}

// station_hear turns the client until a message of this number comes, decoded into message.
static inline void
station_hear(
    struct station *s, void *socket, unsigned number, struct heard *h, void *message)
{
    struct fault fault = FAULT_NONE;
    for (int i = 0; i < STATION_TURNS; i++) {
        (void)wireroom_process(s->w, 5);
        if (!heard_now(socket, h))
            continue;
        assert_string_equal(wire_message_name(h->number), wire_message_name(number));
        assert_int_equal(wire_decode(h->header, number, message, &fault), WIRE_OK);
        return;
    }
    fail_msg("%s did not come", wire_message_name(number));
}

// station_hears_nothing gives the client time to say too much.
static inline void
station_hears_nothing(struct station *s, void *socket)
{
    struct heard h;
    heard_init(&h);
    for (int i = 0; i < 20; i++) {
        (void)wireroom_process(s->w, 5);
        if (heard_now(socket, &h))
            fail_msg("%s came", wire_message_name(h.number));
    }
    heard_fini(&h);
}

// station_say answers whoever the message in h came from.
static inline void
station_say(void *socket, struct heard *h, enum wire_message number,
    const void *message, struct slice body)
{
    uint8_t prefix[WIRE_PREFIX_BYTES];
    struct wire_writer header = {0};
    wire_prefix_write(prefix, number);
    wire_encode(&header, number, message);
    assert_false(header.failed);
    (void)zmq_send(
        socket, zmq_msg_data(&h->frames[0]), zmq_msg_size(&h->frames[0]), ZMQ_SNDMORE);
    (void)zmq_send(socket, prefix, sizeof prefix, ZMQ_SNDMORE);
    (void)zmq_send(socket, header.data, header.size, body.data ? ZMQ_SNDMORE : 0);
    if (body.data)
        (void)zmq_send(socket, body.data, body.size, 0);
    wire_writer_fini(&header);
}

static inline void
station_refuse(void *socket, struct heard *h, enum wire_err code, const uint64_t *n,
    uint64_t retry_after_ms, uint64_t seq)
{
    struct wire_refused refused = {.code = code,
        .error = slice_str(wire_error_name(code)),
        .transient = wire_error_transient(code),
        .words = slice_str(wire_error_text(code))};
    if (n)
        WIRE_SET(refused, &refused, n, *n);
    if (retry_after_ms)
        WIRE_SET(refused, &refused, retry_after_ms, retry_after_ms);
    if (seq)
        WIRE_SET(refused, &refused, seq, seq);
    station_say(socket, h, WIRE_MSG_REFUSED, &refused, slice_of(NULL, 0));
}

static inline void
station_welcome(struct station *s, void *socket, struct heard *h)
{
    static const uint8_t store[16] = {1}, formats[] = {0x92, 0xa4, 'a', 'u', 't', 'o',
                                              0xa4, 't', 'e', 'x', 't'};
    struct wire_welcome m = {.server = SLICE("station 1"),
        .version = WIRE_VERSION,
        .principal = SLICE("test"),
        .store = slice_of(store, sizeof store),
        .epoch = 7,
        .seq = 10,
        .heartbeat_ms = s->heartbeat_ms,
        .submission_bytes = 1000,
        .submission_items = 500,
        .credit_bytes = s->credit_bytes,
        .credit_messages = s->credit_messages,
        .submit = slice_str(s->submit_at),
        .feed = slice_str(s->feed_at),
        .query = slice_str(s->query_at),
        .formats = slice_of(formats, sizeof formats)};
    station_say(socket, h, WIRE_MSG_WELCOME, &m, slice_of(NULL, 0));
}

static inline void
station_greet(struct station *s, void *socket)
{
    struct heard h;
    struct wire_hello hello;
    heard_init(&h);
    station_hear(s, socket, WIRE_MSG_HELLO, &h, &hello);
    station_welcome(s, socket, &h);
    heard_fini(&h);
}

// station_connect opens a client and greets it.
static inline void
station_connect(struct station *s)
{
    struct wireroom_options options = {
        .address = s->submit_at, .dont_wait = true, .timeout_ms = 2000};
    assert_int_equal(wireroom_open(&options, &s->w), WIREROOM_OK);
    station_greet(s, s->submit);
    for (int i = 0; i < STATION_TURNS && !wireroom_welcome(s->w); i++)
        (void)wireroom_process(s->w, 5);
    assert_non_null(wireroom_welcome(s->w));
}

#endif
