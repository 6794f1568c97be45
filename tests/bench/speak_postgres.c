// PostgreSQL, protocol 3.0, pipelined: one prepared INSERT, and a Sync (a commit) after
// every half window, at most 64 rows, which was its fastest way. With followers a NOTIFY
// goes with each row.
#include <stdio.h>
#include <stdlib.h>

#include "speaker.h"

#define BATCH_MOST 64U
#define OID_TEXT 25U
#define OID_BYTEA 17U

static const char table[] = "CREATE TABLE IF NOT EXISTS article(id bigserial PRIMARY "
                            "KEY, source text, guid text, "
                            "version text, rec bytea, UNIQUE(source, guid, version))";
#define INSERT                                                                \
    "INSERT INTO article(source, guid, version, rec) VALUES($1, $2, $3, $4) " \
    "ON CONFLICT DO NOTHING"
static const char insert[] = INSERT;
static const char insert_notify[] = "WITH i AS (" INSERT " RETURNING guid) "
                                    "SELECT pg_notify('chg', guid) FROM i";

struct own {
    uint32_t *sent; // articles in the order sent, a ring as long as the window
    uint32_t head, tail, done, batch, unsynced;
};

static void
put_message(struct stream *s, char type, const void *bytes, size_t size)
{
    if (type)
        stream_put(s, &type, 1);
    stream_put_number(s, size + 4, 4);
    stream_put(s, bytes, size);
}

// next gives the next whole message; its type, or 0.
static char
next(struct stream *s, struct slice *body_out)
{
    struct slice unread = stream_unread(s);
    if (unread.size < 5)
        return 0;
    size_t size = stream_number(unread.data + 1, 4);
    if (unread.size < size + 1)
        return 0;
    *body_out = slice_of(unread.data + 5, size - 4);
    if (unread.data[0] == 'E') {
        (void)fprintf(stderr, "load: postgres: %.*s\n", SLICE_ARG(*body_out));
        bench_fail("postgres answers with an error");
    }
    stream_take(s, size + 1);
    return (char)unread.data[0];
}

static void
wait_for(struct stream *s, char type)
{
    struct slice body;
    for (char got = 0; got != type;) {
        got = next(s, &body);
        if (!got)
            stream_exchange(s, stream_unread(s).size + 1);
    }
}

static void
log_in(struct stream *s)
{
    static const char words[] = "\0\3\0\0user\0bench\0database\0postgres\0";
    put_message(s, 0, words, sizeof words);
    wait_for(s, 'Z');
}

static void
ask(struct stream *s, const char *question)
{
    put_message(s, 'Q', question, strlen(question) + 1);
    wait_for(s, 'Z');
}

static void
prepare(const char *endpoint)
{
    struct stream s;
    if (!stream_connect(&s, endpoint))
        bench_fail("postgres does not listen");
    log_in(&s);
    ask(&s, table);
    stream_close(&s);
}

static void
prepare_insert(struct session *c)
{
    struct wire_writer parse = {0};
    const char *text = c->notifies ? insert_notify : insert;
    static const uint8_t types[] = {0, 4, 0, 0, 0, OID_TEXT, 0, 0, 0, OID_TEXT, 0, 0, 0,
        OID_TEXT, 0, 0, 0, OID_BYTEA};
    wire_put_raw(&parse, slice_of("ins", 4));
    wire_put_raw(&parse, slice_of(text, strlen(text) + 1));
    wire_put_raw(&parse, slice_of(types, sizeof types));
    put_message(&c->s, 'P', parse.data, parse.size);
    put_message(&c->s, 'S', "", 0);
    wire_writer_fini(&parse);
    wait_for(&c->s, 'Z');
}

static void
greet(struct session *c)
{
    struct own *own = c->own = calloc(1, sizeof *own);
    if (!own || !(own->sent = calloc(c->depth, sizeof *own->sent)))
        bench_fail("out of memory");
    log_in(&c->s);
    prepare_insert(c);
    own->batch = c->depth / 2 > BATCH_MOST ? BATCH_MOST : c->depth / 2;
    own->batch = own->batch ? own->batch : 1;
}

static void
follow(struct session *c)
{
    log_in(&c->s);
    ask(&c->s, "LISTEN chg");
}

static void
put_value(struct stream *s, struct slice value)
{
    stream_put_number(s, value.size, 4);
    stream_put(s, value.data, value.size);
}

static void
put_bind(struct stream *s, const struct corpus_article *a)
{
    struct slice values[] = {
        slice_str(a->source), slice_str(a->uri), slice_str(a->version), a->document};
    // names, four formats, four values with their lengths, no formats of results
    size_t size = 1 + 4 + 2 + 4 * 2 + 2 + 2;
    for (int i = 0; i < 4; i++)
        size += 4 + values[i].size;
    stream_put(s, "B", 1);
    stream_put_number(s, size + 4, 4);
    stream_put(s, "\0ins\0\0\4\0\0\0\0\0\0\0\1\0\4", 17);
    for (int i = 0; i < 4; i++)
        put_value(s, values[i]);
    stream_put_number(s, 0, 2);
}

static void
send_article(struct session *c, uint32_t i)
{
    struct own *own = c->own;
    put_bind(&c->s, &c->corpus->articles[i]);
    put_message(&c->s, 'E', "\0\0\0\0\0", 5);
    own->sent[own->tail++ % c->depth] = i;
    own->unsynced++;
    bool last = c->corpus->count - i <= c->stride;
    if (own->unsynced < own->batch && !last)
        return;
    put_message(&c->s, 'S', "", 0);
    own->unsynced = 0;
}

// A row is done when its command completes, and answered when its transaction is.
static void
take(struct session *c)
{
    struct own *own = c->own;
    struct slice body;
    for (char type; (type = next(&c->s, &body));) {
        if (type == 'C') {
            if (slice_is(body, "INSERT 0 0") || slice_starts(body, SLICE("SELECT 0")))
                bench_fail("postgres had an article already");
            own->done++;
        }
        while (type == 'Z' && own->head != own->done)
            session_answered(c, own->sent[own->head++ % c->depth], OUTCOME_NEW);
    }
}

const struct speaker speak_postgres = {.name = "postgres",
    .prepare = prepare,
    .greet = greet,
    .follow = follow,
    .send = send_article,
    .take = take};
