// RabbitMQ, AMQP 0-9-1 with publisher confirms: a fanout exchange into one quorum queue,
// which syncs before it confirms. It compares no keys. Followers have queues of their own
// on the same exchange.
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "speaker.h"

#define METHOD(class, method) ((uint32_t)(class) << 16 | (method))
#define FRAME_END 0xce

struct own {
    uint32_t *tags; // article of each delivery tag, a ring as long as the window
    uint64_t sent, confirmed; // tags, from 1; all up to confirmed are answered
};

static void
put_short(struct wire_writer *w, const char *text)
{
    uint8_t size = (uint8_t)strlen(text);
    wire_put_raw(w, slice_of(&size, 1));
    wire_put_raw(w, slice_str(text));
}

static void
put_frame(struct stream *s, uint8_t type, uint16_t channel, struct slice payload)
{
    stream_put_number(s, type, 1);
    stream_put_number(s, channel, 2);
    stream_put_number(s, payload.size, 4);
    stream_put(s, payload.data, payload.size);
    stream_put_number(s, FRAME_END, 1);
}

static void
put_method(struct stream *s, uint16_t channel, uint32_t method, struct slice arguments)
{
    stream_put_number(s, 1, 1);
    stream_put_number(s, channel, 2);
    stream_put_number(s, 4 + arguments.size, 4);
    stream_put_number(s, method, 4);
    stream_put(s, arguments.data, arguments.size);
    stream_put_number(s, FRAME_END, 1);
}

// next gives the next whole frame's payload; its type, or 0.
static uint8_t
next(struct stream *s, struct slice *payload_out)
{
    struct slice unread = stream_unread(s);
    if (unread.size < 7)
        return 0;
    size_t size = stream_number(unread.data + 3, 4);
    if (unread.size < size + 8)
        return 0;
    *payload_out = slice_of(unread.data + 7, size);
    stream_take(s, size + 8);
    return unread.data[0];
}

static uint32_t
method_of(struct slice payload)
{
    uint32_t method = (uint32_t)stream_number(payload.data, 4);
    if (method != METHOD(10, 50) && method != METHOD(20, 40))
        return method;
    (void)fprintf(stderr, "load: rabbitmq: %.*s\n", SLICE_ARG(slice_from(payload, 7)));
    bench_fail("rabbitmq closes the connection");
}

static void
wait_for(struct stream *s, uint32_t method)
{
    struct slice payload;
    for (;;) {
        uint8_t type = next(s, &payload);
        if (type == 1 && method_of(payload) == method)
            return;
        if (!type)
            stream_exchange(s, stream_unread(s).size + 1);
    }
}

static void
ask(struct stream *s, uint32_t method, struct slice arguments)
{
    put_method(s, 1, method, arguments);
    wait_for(s, method + 1); // every -ok is the next number
}

static void
log_in(struct stream *s)
{
    static const char start_ok[] =
        "\0\0\0\0\5PLAIN\0\0\0\14\0guest\0guest\5en_US"; // properties, mechanism, ...
    static const char tune_ok[] = "\7\377\0\2\0\0\0\0";  // 2,047 channels, 128 KiB
    stream_put(s, "AMQP\0\0\11\1", 8);
    wait_for(s, METHOD(10, 10));
    put_method(s, 0, METHOD(10, 11), slice_of(start_ok, sizeof start_ok - 1));
    wait_for(s, METHOD(10, 30));
    put_method(s, 0, METHOD(10, 31), slice_of(tune_ok, sizeof tune_ok - 1));
    put_method(s, 0, METHOD(10, 40), slice_of("\1/\0\0", 4));
    wait_for(s, METHOD(10, 41));
    put_method(s, 1, METHOD(20, 10), slice_of("\0", 1));
    wait_for(s, METHOD(20, 11));
}

static void
declare_queue(struct stream *s, const char *name, struct slice flags_and_table)
{
    struct wire_writer w = {0};
    wire_put_raw(&w, slice_of("\0\0", 2));
    put_short(&w, name);
    wire_put_raw(&w, flags_and_table);
    ask(s, METHOD(50, 10), wire_written(&w));
    wire_writer_reset(&w);
    wire_put_raw(&w, slice_of("\0\0", 2));
    put_short(&w, name);
    put_short(&w, "art");
    wire_put_raw(&w, slice_of("\0\0\0\0\0\0", 6)); // routing key, wait, no arguments
    ask(s, METHOD(50, 20), wire_written(&w));
    wire_writer_fini(&w);
}

static void
prepare(const char *endpoint)
{
    static const char exchange[] = "\0\0\3art\6fanout\2\0\0\0"; // durable
    static const char quorum[] = "\2\0\0\0\30\14x-queue-typeS\0\0\0\6quorum";
    struct stream s;
    if (!stream_connect(&s, endpoint))
        bench_fail("rabbitmq does not listen");
    log_in(&s);
    ask(&s, METHOD(40, 10), slice_of(exchange, sizeof exchange));
    declare_queue(&s, "store", slice_of(quorum, sizeof quorum - 1));
    stream_close(&s);
}

static void
greet(struct session *c)
{
    struct own *own = c->own = calloc(1, sizeof *own);
    if (!own || !(own->tags = calloc(c->corpus->count + 1, sizeof *own->tags)))
        bench_fail("out of memory");
    log_in(&c->s);
    ask(&c->s, METHOD(85, 10), slice_of("\0", 1));
}

static void
follow(struct session *c)
{
    struct wire_writer w = {0};
    char name[32];
    (void)snprintf(name, sizeof name, "s%d-%d", (int)getpid(), c->s.fd);
    log_in(&c->s);
    declare_queue(&c->s, name, slice_of("\14\0\0\0\0", 5)); // exclusive, auto-delete
    wire_put_raw(&w, slice_of("\0\0", 2));
    put_short(&w, name);
    put_short(&w, "c");
    wire_put_raw(&w, slice_of("\2\0\0\0\0", 5)); // no acks
    ask(&c->s, METHOD(60, 20), wire_written(&w));
    wire_writer_fini(&w);
}

static void
send_article(struct session *c, uint32_t i)
{
    struct own *own = c->own;
    struct slice document = c->corpus->articles[i].document;
    static struct wire_writer header;
    uint8_t size[8] = {0};
    for (int k = 0; k < 4; k++)
        size[4 + k] = (uint8_t)(document.size >> (24 - 8 * k));
    put_method(&c->s, 1, METHOD(60, 40), slice_of("\0\0\3art\0\0", 8));
    wire_writer_reset(&header);
    wire_put_raw(&header, slice_of("\0\74\0\0", 4)); // of class basic
    wire_put_raw(&header, slice_of(size, sizeof size));
    wire_put_raw(&header, slice_of("\20\0\2", 3)); // delivery mode: persistent
    put_frame(&c->s, 2, 1, wire_written(&header));
    put_frame(&c->s, 3, 1, document);
    own->tags[++own->sent] = i;
}

static void
confirm(struct session *c, uint64_t tag)
{
    struct own *own = c->own;
    if (tag == 0 || tag > own->sent)
        bench_fail("rabbitmq confirms what was not sent");
    if (own->tags[tag] == UINT32_MAX)
        return; // one by one before, now with all up to a later one
    session_answered(c, own->tags[tag], OUTCOME_NEW);
    own->tags[tag] = UINT32_MAX;
}

static void
take(struct session *c)
{
    struct own *own = c->own;
    struct slice payload;
    for (uint8_t type; (type = next(&c->s, &payload));) {
        if (type != 1)
            continue;
        if (method_of(payload) != METHOD(60, 80))
            bench_fail("rabbitmq does not confirm");
        uint64_t tag = stream_number(payload.data + 4, 8);
        bool all = payload.data[12] & 1;
        while (all && own->confirmed < tag)
            confirm(c, ++own->confirmed);
        if (!all)
            confirm(c, tag);
    }
}

const struct speaker speak_rabbitmq = {.name = "rabbitmq",
    .prepare = prepare,
    .greet = greet,
    .follow = follow,
    .send = send_article,
    .take = take};
