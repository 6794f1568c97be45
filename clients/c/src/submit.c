// Submissions on their way: kept until answered, sent as credit allows, sent again after a
// lost connection, since the same id is always safe.
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

#include "handle.h"

#define SILENT_MS 200 // one turn of a waiting loop
#define WANT_BYTES (4U << 20)

static void
free_pending(struct pending *p)
{
    wire_writer_fini(&p->bytes);
    wire_writer_fini(&p->hints);
    free(p);
}

void
submit_fini(struct wireroom *w)
{
    for (struct pending *p = w->pending, *next; p; p = next) {
        next = p->next;
        free_pending(p);
    }
    w->pending = NULL;
}

// ---- queueing

static void
set_hints(const struct wireroom_submission *s, struct wire_submit *m)
{
    if (s->source)
        WIRE_SET(submit, m, source, slice_str(s->source));
    if (s->format)
        WIRE_SET(submit, m, format, slice_str(s->format));
    if (s->issue_date)
        WIRE_SET(submit, m, issue_date, slice_str(s->issue_date));
    if (s->page)
        WIRE_SET(submit, m, page, slice_str(s->page));
    if (s->language)
        WIRE_SET(submit, m, language, slice_str(s->language));
    if (s->zone)
        WIRE_SET(submit, m, zone, slice_str(s->zone));
    if (s->charset)
        WIRE_SET(submit, m, charset, slice_str(s->charset));
    if (s->all_or_nothing)
        WIRE_SET(submit, m, all_or_nothing, true);
}

static struct pending *
pending_of(struct wireroom *w, const struct wireroom_submission *s)
{
    struct wire_submit message = {0};
    struct pending *p = calloc(1, sizeof *p);
    if (!p)
        return NULL;
    p->n = ++w->next_n;
    if (s->id)
        memcpy(p->id, s->id, sizeof p->id);
    else if (getrandom(p->id, sizeof p->id, 0) != sizeof p->id) {
        free(p);
        return NULL;
    }
    message.n = p->n;
    message.id = slice_of(p->id, sizeof p->id);
    set_hints(s, &message);
    wire_encode(&p->hints, WIRE_MSG_SUBMIT, &message);
    wire_put_raw(&p->bytes, slice_of(s->bytes, s->size));
    if (!p->hints.failed && !p->bytes.failed)
        return p;
    free_pending(p);
    return NULL;
}

enum wireroom_status
wireroom_submit(struct wireroom *w, const struct wireroom_submission *s,
    wireroom_answer_fn *fn, void *user)
{
    if (s->size > w->welcome.submission_bytes)
        return handle_fail(w, WIREROOM_USAGE,
            "the submission has %zu bytes, this wireroom takes at most %llu", s->size,
            (unsigned long long)w->welcome.submission_bytes);
    if (w->pending_count >= PENDING_MAX)
        return handle_fail(
            w, WIREROOM_TIMEOUT, "%u submissions wait already", PENDING_MAX);
    struct pending *p = pending_of(w, s);
    if (!p)
        return handle_fail(w, WIREROOM_MEMORY, "out of memory");
    p->context = s->context;
    p->fn = fn;
    p->user = user;
    *w->pending_last = p;
    w->pending_last = &p->next;
    w->pending_count++;
    return WIREROOM_OK;
}

size_t
wireroom_pending(const struct wireroom *w)
{
    return w->pending_count;
}

int
wireroom_fd(const struct wireroom *w)
{
    int fd = -1;
    size_t size = sizeof fd;
    if (w->submit.socket)
        (void)zmq_getsockopt(w->submit.socket, ZMQ_FD, &fd, &size);
    return fd;
}

// ---- sending

// An empty window always admits one submission, whatever its size.
static bool
credit_for(const struct wireroom *w, const struct pending *p)
{
    return w->sent_count == 0 ||
           (w->credit_messages > 0 && p->bytes.size <= w->credit_bytes);
}

static void
take_credit(struct wireroom *w, const struct pending *p)
{
    uint64_t bytes = p->bytes.size;
    w->credit_bytes -= bytes < w->credit_bytes ? bytes : w->credit_bytes;
    w->credit_messages -= w->credit_messages > 0;
    w->sent_count++;
}

static void
give_back(struct wireroom *w, const struct pending *p)
{
    w->credit_bytes += p->bytes.size;
    w->credit_messages++;
    w->sent_count--;
}

static bool
send_one(struct wireroom *w, struct pending *p)
{
    struct wire_submit message;
    struct fault fault = FAULT_NONE;
    struct slice body = wire_written(&p->bytes);
    if (wire_decode(wire_written(&p->hints), WIRE_MSG_SUBMIT, &message, &fault))
        return false;
    if (!link_say(&w->submit, WIRE_MSG_SUBMIT, &message, &body))
        return false;
    p->sent = true;
    take_credit(w, p);
    return true;
}

static void
want_more(struct wireroom *w)
{
    struct wire_want want = {.bytes = WANT_BYTES, .messages = PENDING_MAX};
    if (!w->wants_more)
        (void)link_say(&w->submit, WIRE_MSG_WANT, &want, NULL);
    w->wants_more = true;
}

static void
send_ready(struct wireroom *w)
{
    int64_t now_us = link_now_us();
    for (struct pending *p = w->pending; p; p = p->next) {
        if (p->sent || p->not_before_us > now_us)
            continue;
        if (!credit_for(w, p)) {
            want_more(w);
            return;
        }
        if (!send_one(w, p))
            return;
    }
}

void
submit_connected(struct wireroom *w)
{
    for (struct pending *p = w->pending; p; p = p->next)
        p->sent = false;
    w->sent_count = 0;
    w->wants_more = false;
}

// ---- answers

static struct pending **
find(struct wireroom *w, uint64_t n)
{
    struct pending **at = &w->pending;
    while (*at && (*at)->n != n)
        at = &(*at)->next;
    return at;
}

static void
finish(struct wireroom *w, struct pending **at, const struct slice *receipt)
{
    struct pending *p = *at;
    struct wireroom_answer answer = {.context = p->context};
    memcpy(answer.id, p->id, sizeof answer.id);
    if (receipt) {
        answer.receipt = receipt->data;
        answer.receipt_size = receipt->size;
    } else
        answer.fault = w->fault;
    *at = p->next;
    if (!p->next)
        w->pending_last = at;
    w->pending_count--;
    if (p->fn)
        p->fn(p->user, &answer);
    free_pending(p);
}

// note_seq remembers the highest seq receipted, so that questions see what was filed.
static void
note_seq(struct wireroom *w, struct slice receipt)
{
    uint64_t at;
    if (wire_scan(receipt, &wire_limits_article, &at))
        return;
    struct wire_reader r = wire_reader(receipt);
    for (uint32_t keys = wire_read_map(&r); keys > 0 && !r.err; keys--) {
        bool items = slice_is(wire_read_str(&r), "items");
        if (!items) {
            (void)wire_skip(&r);
            continue;
        }
        for (uint32_t n = wire_read_array(&r); n > 0 && !r.err; n--)
            for (uint32_t k = wire_read_map(&r); k > 0 && !r.err; k--) {
                bool seq = slice_is(wire_read_str(&r), "seq");
                uint64_t value = seq ? wire_read_uint(&r) : 0;
                if (!seq)
                    (void)wire_skip(&r);
                if (value > w->seen_seq)
                    w->seen_seq = value;
            }
    }
}

static void
take_receipt(struct wireroom *w)
{
    struct wire_receipt message;
    struct fault fault = FAULT_NONE;
    struct slice receipt = w->letter.body;
    if (wire_decode(w->letter.header, WIRE_MSG_RECEIPT, &message, &fault))
        return;
    struct pending **at = find(w, message.n);
    if (!*at)
        return;
    if ((*at)->sent)
        give_back(w, *at);
    note_seq(w, receipt);
    finish(w, at, &receipt);
}

static void
take_refusal(struct wireroom *w)
{
    struct wire_refused refused;
    struct fault fault = FAULT_NONE;
    if (wire_decode(w->letter.header, WIRE_MSG_REFUSED, &refused, &fault))
        return;
    handle_fault_of(&refused, w);
    struct pending **at = WIRE_HAS(refused, &refused, n) ? find(w, refused.n) : NULL;
    if (!at || !*at)
        return;
    if ((*at)->sent)
        give_back(w, *at);
    if (!refused.transient) {
        finish(w, at, NULL);
        return;
    }
    uint64_t patience_ms =
        w->fault.retry_after_ms ? w->fault.retry_after_ms : SILENT_MS;
    (*at)->sent = false;
    (*at)->not_before_us = link_now_us() + (int64_t)patience_ms * 1000;
}

static void
take_more_credit(struct wireroom *w)
{
    struct wire_credit credit;
    struct fault fault = FAULT_NONE;
    if (wire_decode(w->letter.header, WIRE_MSG_CREDIT, &credit, &fault))
        return;
    w->credit_bytes += credit.bytes;
    w->credit_messages += credit.messages;
}

static enum wireroom_status
connect_again(struct wireroom *w)
{
    char address[sizeof w->submit.address];
    memcpy(address, w->submit.address, sizeof address);
    link_close(&w->submit);
    if (!link_open(&w->submit, w->context, address, w->client, w->principal))
        return handle_fail(
            w, WIREROOM_NO_SERVER, "cannot connect to %s again", address);
    enum wireroom_status status = handle_greet(w, &w->submit);
    if (status == WIREROOM_OK)
        submit_connected(w);
    return status;
}

static bool
take(struct wireroom *w)
{
    switch (w->letter.number) {
    case WIRE_MSG_RECEIPT:
        take_receipt(w);
        return true;
    case WIRE_MSG_REFUSED:
        take_refusal(w);
        return w->fault.code != WIRE_NO_HELLO;
    case WIRE_MSG_CREDIT:
        take_more_credit(w);
        return true;
    case WIRE_MSG_BYE:
        return false;
    default:
        return true;
    }
}

enum wireroom_status
wireroom_pump(struct wireroom *w, int timeout_ms)
{
    send_ready(w);
    bool alive = link_keep(&w->submit, w->sent_count > 0);
    if (alive && timeout_ms > 0)
        (void)handle_wait(&w->submit, timeout_ms);
    while (alive && link_hear(&w->submit, &w->letter))
        alive = take(w);
    if (!alive)
        return connect_again(w);
    send_ready(w);
    return WIREROOM_OK;
}

struct waiting {
    wireroom_answer_fn *fn;
    void *user;
    bool done, refused;
};

static void
waited(void *user, const struct wireroom_answer *answer)
{
    struct waiting *wait = user;
    wait->done = true;
    wait->refused = answer->receipt == NULL;
    if (wait->fn)
        wait->fn(wait->user, answer);
}

enum wireroom_status
wireroom_submit_wait(struct wireroom *w, const struct wireroom_submission *submission,
    wireroom_answer_fn *fn, void *user)
{
    struct waiting wait = {.fn = fn, .user = user};
    enum wireroom_status status = wireroom_submit(w, submission, waited, &wait);
    while (status == WIREROOM_OK && !wait.done)
        status = wireroom_pump(w, SILENT_MS);
    if (status == WIREROOM_OK && wait.refused)
        return WIREROOM_REFUSED;
    return status;
}
