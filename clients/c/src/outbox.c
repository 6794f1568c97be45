// The submit connection: what waits leaves under credit, what comes back is answered, and
// after a lost connection everything without an answer leaves again under its id.
#include "handle.h"

#define PATIENCE_MS 200 // after a transient refusal that names no time

bool
submit_open(struct wireroom *w)
{
    watch_end(&w->watch);
    link_close(&w->submit);
    queue_move(&w->outbox.inside, &w->outbox.waiting);
    if (!link_attach(&w->submit, &w->home))
        return false;
    watch_begin(&w->watch, w->home.context, w->submit.socket);
    return link_greet(&w->submit, &w->home, w->address);
}

// ---- out

static void
ask_for_more(struct wireroom *w)
{
    struct amount want;
    if (!credit_want(&w->outbox.credit, w->outbox.waiting.amount, &want))
        return;
    struct wire_want message = {.bytes = want.bytes, .messages = want.messages};
    (void)link_say(&w->submit, WIRE_MSG_WANT, &message);
}

static bool
send_first(struct wireroom *w)
{
    struct outbox *o = &w->outbox;
    struct pending *p = o->waiting.first;
    if (!credit_admits(&o->credit, p->document.size) ||
        !link_say_encoded(&w->submit, WIRE_MSG_SUBMIT, wire_written(&p->header),
            wire_written(&p->document)))
        return false;
    credit_take(&o->credit, p->document.size);
    queue_insert(&o->inside, queue_take(&o->waiting, p->n));
    return true;
}

static void
send_waiting(struct wireroom *w)
{
    if (w->submit.state != LINK_READY || !w->outbox.waiting.first ||
        link_now_us() < w->outbox.not_before_us)
        return;
    ask_for_more(w);
    while (w->outbox.waiting.first && send_first(w))
        ;
}

// ---- in

static void
finish(struct wireroom *w, struct pending *p, struct slice receipt)
{
    struct wireroom_answer answer = {
        .context = p->context, .receipt = value_of(receipt)};
    memcpy(answer.id, p->id, sizeof answer.id);
    if (!receipt.size)
        answer.fault = w->fault;
    if (p->fn)
        p->fn(p->user, &answer);
    pending_free(p);
}

static struct pending *
take_answered(struct wireroom *w, uint64_t n)
{
    struct pending *p = queue_take(&w->outbox.inside, n);
    if (p)
        credit_return(&w->outbox.credit, p->document.size);
    return p;
}

// note_seqs remembers the highest seq receipted, so that questions see what was filed.
static void
note_seqs(struct wireroom *w, struct slice receipt)
{
    struct wireroom_value item;
    struct wireroom_elements items =
        wireroom_elements(wireroom_member(value_of(receipt), "items"));
    while (wireroom_element(&items, &item))
        handle_seen(w, wireroom_uint(wireroom_member(item, "seq")));
}

static enum wireroom_status
take_receipt(struct wireroom *w)
{
    struct wire_receipt message;
    struct fault fault = FAULT_NONE;
    struct slice receipt = w->letter.body;
    if (wire_decode(w->letter.header, WIRE_MSG_RECEIPT, &message, &fault) ||
        !value_sound(receipt))
        return handle_fail(w, WIREROOM_PROTOCOL, "a receipt that can't be read");
    struct pending *p = take_answered(w, message.n);
    if (!p)
        return WIREROOM_OK;
    note_seqs(w, receipt);
    finish(w, p, receipt);
    return WIREROOM_OK;
}

// A transient refusal holds everything back for a while, so that order is kept.
static void
put_back(struct wireroom *w, struct pending *p)
{
    uint64_t ms = w->fault.retry_after_ms ? w->fault.retry_after_ms : PATIENCE_MS;
    queue_insert(&w->outbox.waiting, p);
    w->outbox.not_before_us = link_now_us() + (int64_t)ms * 1000;
}

static enum wireroom_status
take_refusal(struct wireroom *w)
{
    struct wire_refused refused;
    struct fault fault = FAULT_NONE;
    enum wireroom_status status = handle_refused(w, w->letter.header);
    if (status != WIREROOM_REFUSED)
        return status;
    if (w->fault.code == WIRE_NO_HELLO) {
        (void)submit_open(w);
        return WIREROOM_OK;
    }
    if (w->submit.state != LINK_READY && !w->fault.transient)
        return WIREROOM_REFUSED; // of our HELLO
    struct pending *p = NULL;
    if (!wire_decode(w->letter.header, WIRE_MSG_REFUSED, &refused, &fault) &&
        WIRE_HAS(refused, &refused, n))
        p = take_answered(w, refused.n);
    if (p && w->fault.transient)
        put_back(w, p);
    else if (p)
        finish(w, p, slice_of(NULL, 0));
    return WIREROOM_OK;
}

static enum wireroom_status
take_welcome(struct wireroom *w)
{
    enum wireroom_status status = handle_welcome(w, &w->submit);
    watch_end(&w->watch);
    w->watch = (struct watch){.events = NULL};
    return status;
}

static void
take_credit(struct wireroom *w)
{
    struct wire_credit m;
    struct fault fault = FAULT_NONE;
    if (!wire_decode(w->letter.header, WIRE_MSG_CREDIT, &m, &fault))
        credit_grow(&w->outbox.credit,
            (struct amount){.bytes = m.bytes, .messages = m.messages});
}

static enum wireroom_status
take(struct wireroom *w)
{
    switch (w->letter.number) {
    case WIRE_MSG_WELCOME:
        return take_welcome(w);
    case WIRE_MSG_RECEIPT:
        return take_receipt(w);
    case WIRE_MSG_REFUSED:
        return take_refusal(w);
    case WIRE_MSG_CREDIT:
        take_credit(w);
        return WIREROOM_OK;
    case WIRE_MSG_BYE:
        (void)submit_open(w);
        return WIREROOM_OK;
    default:
        return WIREROOM_OK;
    }
}

// After a pass that heard something there may be more to send; a pass that hears nothing
// leaves the socket's descriptor ready to wake us.
enum wireroom_status
submit_turn(struct wireroom *w)
{
    enum wireroom_status status = WIREROOM_OK;
    for (bool heard = true; heard && !status;) {
        send_waiting(w);
        for (heard = false; !status && link_hear(&w->submit, &w->letter); heard = true)
            status = take(w);
    }
    if (!status && !link_alive(&w->submit, w->outbox.inside.first != NULL))
        (void)submit_open(w);
    return status;
}
