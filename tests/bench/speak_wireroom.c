// wireroomd: SUBMIT and RECEIPT under the credit it grants; followers OPEN at the head.
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

#include "speaker.h"
#include "zmtp.h"

// Credit to ask for: for a full window of the longer articles, at most what the daemon's
// default gives one connection.
#define CREDIT_ARTICLE 8192U
#define CREDIT_MOST (8U << 20)
// Credit a follower grants, and grants again when half is used.
#define FOLLOW_BYTES (4U << 20)
#define FOLLOW_MESSAGES 4096U

struct own {
    uint64_t bytes, messages; // credit left: ours on submit, what we gave on feed
    uint32_t part;            // of the message being read
    unsigned number;          // of it
    struct wire_receipt receipt;
    bool opened;
};

static void
take_refusal(struct session *c, struct slice frame)
{
    struct fault fault = FAULT_NONE;
    struct wire_refused refused;
    if (wire_decode(frame, WIRE_MSG_REFUSED, &refused, &fault))
        bench_fail("a REFUSED that can't be read");
    (void)fprintf(stderr, "load: refused: %.*s\n", SLICE_ARG(refused.words));
    if (refused.n >= c->corpus->count)
        bench_fail("what was refused is no article");
    session_answered(c, (uint32_t)refused.n, OUTCOME_REFUSED);
}

static void
take_header(struct session *c, struct slice frame)
{
    struct own *own = c->own;
    struct fault fault = FAULT_NONE;
    struct wire_credit credit;
    if (own->number == WIRE_MSG_RECEIPT)
        (void)wire_decode(frame, own->number, &own->receipt, &fault);
    if (own->number == WIRE_MSG_CREDIT &&
        !wire_decode(frame, own->number, &credit, &fault)) {
        own->bytes += credit.bytes;
        own->messages += credit.messages;
    }
    if (own->number == WIRE_MSG_REFUSED)
        take_refusal(c, frame);
    if (own->number == WIRE_MSG_BYE)
        bench_fail("the daemon says BYE");
    own->opened |= own->number == WIRE_MSG_OPENED;
}

static void
take_receipt(struct session *c, struct slice frame)
{
    struct own *own = c->own;
    if (own->receipt.n >= c->corpus->count)
        bench_fail("a receipt that nobody waits for");
    uint32_t i = (uint32_t)own->receipt.n;
    // The outcome is the only value NEW of a receipt of one item.
    bool is_new = memmem(frame.data, frame.size, "\xa3NEW", 4) != NULL;
    own->bytes += c->corpus->articles[i].document.size;
    own->messages++;
    session_answered(c, i, is_new ? OUTCOME_NEW : OUTCOME_KNOWN);
}

static void
take(struct session *c)
{
    struct own *own = c->own;
    struct slice frame;
    bool more;
    while (zmtp_next(&c->s, &frame, &more)) {
        if (own->part == 0 && wire_prefix_read(frame, &own->number))
            bench_fail("a frame that is not of the protocol");
        if (own->part == 1)
            take_header(c, frame);
        if (own->part == 2 && own->number == WIRE_MSG_RECEIPT)
            take_receipt(c, frame);
        if (own->part == 2 && own->number == WIRE_MSG_EVENT) {
            (void)session_delivered(c, frame);
            own->bytes -= frame.size < own->bytes ? frame.size : own->bytes;
            own->messages--;
        }
        own->part = more ? own->part + 1 : 0;
    }
}

static void
hello(struct session *c)
{
    struct wire_hello message = {0};
    c->own = calloc(1, sizeof(struct own));
    if (!c->own)
        bench_fail("out of memory");
    zmtp_greet(&c->s);
    zmtp_say(&c->s, WIRE_MSG_HELLO, &message, NULL);
}

static void
greet(struct session *c)
{
    hello(c);
    struct own *own = c->own;
    uint64_t bytes = (uint64_t)(c->depth + 8) * CREDIT_ARTICLE;
    struct wire_want want = {.bytes = bytes < CREDIT_MOST ? bytes : CREDIT_MOST,
        .messages = c->depth + 1024};
    zmtp_say(&c->s, WIRE_MSG_WANT, &want, NULL);
    own->bytes = 64U << 10; // the standing grant
    own->messages = 1024;
    while (own->bytes < want.bytes || own->messages < want.messages) {
        stream_exchange(&c->s, stream_unread(&c->s).size + 1);
        take(c);
    }
}

static void
grant(struct session *c)
{
    struct own *own = c->own;
    struct wire_credit credit = {.bytes = FOLLOW_BYTES - own->bytes,
        .messages = FOLLOW_MESSAGES - own->messages};
    zmtp_say(&c->s, WIRE_MSG_CREDIT, &credit, NULL);
    own->bytes = FOLLOW_BYTES;
    own->messages = FOLLOW_MESSAGES;
}

static void
follow(struct session *c)
{
    hello(c);
    struct own *own = c->own;
    struct wire_open open = {0};
    WIRE_SET(open, &open, after, UINT64_MAX);
    zmtp_say(&c->s, WIRE_MSG_OPEN, &open, NULL);
    while (!own->opened) {
        stream_exchange(&c->s, stream_unread(&c->s).size + 1);
        take(c);
    }
    grant(c);
}

static void
deliver(struct session *c)
{
    struct own *own = c->own;
    take(c);
    if (own->bytes < FOLLOW_BYTES / 2 || own->messages < FOLLOW_MESSAGES / 2)
        grant(c);
}

static void
beat(struct session *c)
{
    struct wire_heartbeat message = {0};
    zmtp_say(&c->s, WIRE_MSG_HEARTBEAT, &message, NULL);
}

static bool
may_send(const struct session *c, uint32_t i)
{
    const struct own *own = c->own;
    if (c->inside == 0)
        return true; // an empty window admits one
    return own->messages > 0 && c->corpus->articles[i].document.size <= own->bytes;
}

static void
send_article(struct session *c, uint32_t i)
{
    struct own *own = c->own;
    const struct corpus_article *a = &c->corpus->articles[i];
    uint8_t id[16];
    (void)getrandom(id, sizeof id, 0);
    struct wire_submit m = {.n = i, .id = slice_of(id, sizeof id)};
    WIRE_SET(submit, &m, source, slice_str(a->source));
    WIRE_SET(submit, &m, format, SLICE("article"));
    zmtp_say(&c->s, WIRE_MSG_SUBMIT, &m, &a->document);
    own->bytes -= a->document.size < own->bytes ? a->document.size : own->bytes;
    own->messages -= own->messages > 0;
}

const struct speaker speak_wireroom = {.name = "wireroom",
    .greet = greet,
    .follow = follow,
    .may_send = may_send,
    .send = send_article,
    .take = take,
    .deliver = deliver,
    .beat = beat};
