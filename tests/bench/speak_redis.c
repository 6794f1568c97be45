// Redis: one script does what the daemon must do at least: is the key new? then the
// document goes into a stream and the key to whoever subscribes. With appendfsync always
// the answer follows the sync.
#include <stdio.h>
#include <stdlib.h>

#include "speaker.h"

static const char script[] =
    "if redis.call('SET',KEYS[1],'1','NX') then "
    "redis.call('XADD',KEYS[2],'*','d',ARGV[1]) "
    "redis.call('PUBLISH','chg',KEYS[1]) return 1 else return 0 end";

#define SHA_SIZE 40

struct own {
    char sha[SHA_SIZE + 1];
    uint32_t *sent; // articles in the order sent, a ring as long as the window
    uint32_t head, tail;
};

static void
greet(struct session *c)
{
    struct own *own = c->own = calloc(1, sizeof *own);
    char text[64];
    int n = snprintf(text, sizeof text, "*3\r\n$6\r\nSCRIPT\r\n$4\r\nLOAD\r\n$%zu\r\n",
        sizeof script - 1);
    if (!own || !(own->sent = calloc(c->depth, sizeof *own->sent)))
        bench_fail("out of memory");
    stream_put(&c->s, text, (size_t)n);
    stream_put(&c->s, script, sizeof script - 1);
    stream_put(&c->s, "\r\n", 2);
    stream_exchange(&c->s, 5 + SHA_SIZE + 2); // $40, the digest, each with its line end
    struct slice answer = stream_unread(&c->s);
    if (answer.data[0] != '$')
        bench_fail("redis does not take the script");
    memcpy(own->sha, answer.data + 5, SHA_SIZE);
    stream_take(&c->s, answer.size);
}

static void
follow(struct session *c)
{
    static const char subscribe[] = "*2\r\n$9\r\nSUBSCRIBE\r\n$3\r\nchg\r\n";
    static const char answer[] = "*3\r\n$9\r\nsubscribe\r\n$3\r\nchg\r\n:1\r\n";
    stream_put(&c->s, subscribe, sizeof subscribe - 1);
    stream_exchange(&c->s, sizeof answer - 1);
    stream_take(&c->s, sizeof answer - 1);
}

static void
send_article(struct session *c, uint32_t i)
{
    struct own *own = c->own;
    const struct corpus_article *a = &c->corpus->articles[i];
    char key[80], text[256];
    int length = snprintf(key, sizeof key, "%s/%s", a->source, a->uri);
    int n = snprintf(text, sizeof text,
        "*6\r\n$7\r\nEVALSHA\r\n$40\r\n%s\r\n$1\r\n2\r\n$%d\r\n%s\r\n$3\r\nart\r\n$%"
        "zu\r\n",
        own->sha, length, key, a->document.size);
    stream_put(&c->s, text, (size_t)n);
    stream_put(&c->s, a->document.data, a->document.size);
    stream_put(&c->s, "\r\n", 2);
    own->sent[own->tail++ % c->depth] = i;
}

static void
take(struct session *c)
{
    struct own *own = c->own;
    struct slice unread = stream_unread(&c->s);
    const uint8_t *end;
    while (unread.size && (end = memchr(unread.data, '\n', unread.size))) {
        if (unread.data[0] != ':')
            bench_fail("redis answers with an error");
        session_answered(c, own->sent[own->head++ % c->depth],
            unread.data[1] == '1' ? OUTCOME_NEW : OUTCOME_KNOWN);
        size_t line = (size_t)(end - unread.data) + 1;
        stream_take(&c->s, line);
        unread = slice_from(unread, line);
    }
}

const struct speaker speak_redis = {.name = "redis",
    .greet = greet,
    .follow = follow,
    .send = send_article,
    .take = take};
