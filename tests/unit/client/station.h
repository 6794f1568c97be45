// A daemon of the test's own: ROUTER sockets that say exactly what a test wants said. It is
// opened and closed around each test (STATION_TEST), so one that fails leaves nothing.
#ifndef STATION_H
#define STATION_H

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <zmq.h>

#include "proto/proto.h"
#include "unit/check.h"
#include "wireroom.h"

#define STATION_PATIENCE_MS 30000 // for what must come: a loaded machine is slow

struct heard { // the last message that came
    zmq_msg_t frames[4];
    unsigned number;
    struct slice header, body;
};

struct station {
    void *context, *submit, *feed, *query;
    char submit_at[64], feed_at[64], query_at[64];
    uint64_t credit_bytes, credit_messages, heartbeat_ms, submission_bytes;
    int timeout_ms;     // the client's
    struct wireroom *w; // the client, turned while the station waits
    struct heard heard; // for the test
    struct heard aside; // for the first greeting and what should not come
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

static inline int
station_open(void **state)
{
    struct station *s = calloc(1, sizeof *s);
    assert_non_null(s);
    *s = (struct station){.context = zmq_ctx_new(),
        .credit_bytes = 65536,
        .credit_messages = 1024,
        .submission_bytes = 1000,
        .heartbeat_ms = 10000, // five without a word and the client gives up
        .timeout_ms = STATION_PATIENCE_MS};
    heard_init(&s->heard);
    heard_init(&s->aside);
    s->submit = station_socket(s, s->submit_at);
    s->feed = station_socket(s, s->feed_at);
    s->query = station_socket(s, s->query_at);
    *state = s;
    return 0;
}

static inline int
station_close(void **state)
{
    struct station *s = *state;
    wireroom_close(&s->w);
    heard_fini(&s->heard);
    heard_fini(&s->aside);
    (void)zmq_close(s->submit);
    (void)zmq_close(s->feed);
    (void)zmq_close(s->query);
    (void)zmq_ctx_term(s->context);
    free(s);
    return 0;
}

#define STATION_TEST(test) \
    cmocka_unit_test_setup_teardown(test, station_open, station_close)

static inline int64_t
station_now_ms(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

static inline int64_t
station_patience(void)
{
    return station_now_ms() + STATION_PATIENCE_MS;
}

// station_turn turns the client once; false: it is later than until_ms, give up. A client
// that has something to say returns at once.
static inline bool
station_turn(struct station *s, int64_t until_ms)
{
    if (wireroom_process(s->w, 5))
        (void)poll(NULL, 0, 1);
    return station_now_ms() < until_ms;
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

// station_listen turns the client until any message comes; number is what is waited for.
static inline void
station_listen(struct station *s, void *socket, unsigned number, struct heard *h)
{
    int64_t until_ms = station_patience();
    while (!heard_now(socket, h))
        if (!station_turn(s, until_ms))
            fail_msg("%s did not come", wire_message_name(number));
}

// station_hear takes the next message, which must be of this number, decoded into message.
static inline void
station_hear(
    struct station *s, void *socket, unsigned number, struct heard *h, void *message)
{
    struct fault fault = FAULT_NONE;
    station_listen(s, socket, number, h);
    assert_string_equal(wire_message_name(h->number), wire_message_name(number));
    assert_int_equal(wire_decode(h->header, number, message, &fault), WIRE_OK);
}

// station_hears_nothing gives the client time to say too much.
static inline void
station_hears_nothing(struct station *s, void *socket)
{
    int64_t until_ms = station_now_ms() + 100;
    do
        if (heard_now(socket, &s->aside))
            fail_msg("%s came", wire_message_name(s->aside.number));
    while (station_turn(s, until_ms));
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
        .submission_bytes = s->submission_bytes,
        .submission_items = 500,
        .credit_bytes = s->credit_bytes,
        .credit_messages = s->credit_messages,
        .submit = slice_str(s->submit_at),
        .feed = slice_str(s->feed_at),
        .query = slice_str(s->query_at),
        .formats = slice_of(formats, sizeof formats)};
    station_say(socket, h, WIRE_MSG_WELCOME, &m, slice_of(NULL, 0));
}

// station_greet welcomes a client until a message of this number comes. It may have to do so
// more than once: a client that had no answer for two seconds greets again, and the answer
// to its first HELLO goes nowhere.
static inline void
station_greet(
    struct station *s, void *socket, unsigned number, struct heard *h, void *message)
{
    struct fault fault = FAULT_NONE;
    for (;;) {
        station_listen(s, socket, number, h);
        if (h->number != WIRE_MSG_HELLO)
            break;
        station_welcome(s, socket, h);
    }
    assert_string_equal(wire_message_name(h->number), wire_message_name(number));
    assert_int_equal(wire_decode(h->header, number, message, &fault), WIRE_OK);
}

// station_connect opens a client and greets it.
static inline void
station_connect(struct station *s)
{
    struct wireroom_options options = {
        .address = s->submit_at, .dont_wait = true, .timeout_ms = s->timeout_ms};
    int64_t until_ms = station_patience();
    assert_int_equal(wireroom_open(&options, &s->w), WIREROOM_OK);
    while (!wireroom_welcome(s->w)) {
        if (heard_now(s->submit, &s->aside))
            station_welcome(s, s->submit, &s->aside);
        assert_true(station_turn(s, until_ms));
    }
}

#endif
