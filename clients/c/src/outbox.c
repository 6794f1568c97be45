// The submit connection: what waits leaves under credit, what comes back is answered, and
// after a lost connection everything without an answer leaves again under its id.
#include <stdlib.h>

#include "handle.h"

#define PATIENCE_MS 200 // after a transient refusal that names no time

bool
submit_open(struct wireroom *w)
{
    watch_end(&w->watch);
    link_close(&w->submit);
    for (struct pending *p = w->outbox.inside.first; p; p = p->next)
        p->unsure = true;
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

static void
finish(struct pending *p, struct slice receipt, const struct wireroom_fault *fault)
{
    struct wireroom_answer answer = {
        .context = p->context, .receipt = value_of(receipt)};
    memcpy(answer.id, p->id, sizeof answer.id);
    if (fault)
        answer.fault = *fault;
    if (p->fn)
        p->fn(p->user, &answer);
    pending_free(p);
}

// The limit may have come with a greeting after the submission was queued. libzmq would drop
// the connection over it, again and again.
static void
finish_too_large(struct wireroom *w, struct pending *p)
{
    struct trouble why;
    (void)trouble_local(&why, WIRE_TOO_LARGE,
        "the submission has %zu bytes, this wireroom takes at most %llu%s",
        p->document.size, (unsigned long long)w->welcome.submission_bytes,
        p->unsure ? "; whether it was stored before is not known" : "");
    trouble_copy(&w->trouble, &why);
    finish(p, slice_of(NULL, 0), &why.fault);
}

// What leaves again is not refused any more: nobody knows.
static void
forget_refusal(struct pending *p)
{
    free(p->refused);
    p->refused = NULL;
}

static bool
say(struct link *l, const struct pending *p)
{
    return p->number == WIRE_MSG_SETTLE
               ? link_say_header(l, p->number, wire_written(&p->header))
               : link_say_encoded(l, p->number, wire_written(&p->header),
                     wire_written(&p->document));
}

// false: the first one must wait.
static bool
send_first(struct wireroom *w)
{
    struct outbox *o = &w->outbox;
    struct pending *p = o->waiting.first;
    if (p->document.size > w->welcome.submission_bytes) {
        finish_too_large(w, queue_take(&o->waiting, p->n));
        return true;
    }
    if (!credit_admits(&o->credit, p->document.size) || !say(&w->submit, p))
        return false;
    credit_take(&o->credit, p->document.size);
    forget_refusal(p);
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
    uint64_t record = wireroom_uint(wireroom_member(value_of(receipt), "record"));
    if (record > w->seen_record)
        w->seen_record = record;
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
    finish(p, receipt, NULL);
    return WIREROOM_OK;
}

static enum wireroom_status
take_advice(struct wireroom *w)
{
    struct wire_advice message;
    struct fault fault = FAULT_NONE;
    if (wire_decode(w->letter.header, WIRE_MSG_ADVICE, &message, &fault) ||
        !value_sound(w->letter.body))
        return handle_fail(w, WIREROOM_PROTOCOL, "advice that can't be read");
    struct pending *p = take_answered(w, message.n);
    if (p)
        finish(p, w->letter.body, NULL);
    return WIREROOM_OK;
}

// A transient refusal holds back what has not left, so that order is kept as far as it can
// be: what was inside already may pass.
static void
put_back(struct wireroom *w, struct pending *p, const struct trouble *why)
{
    p->refused = calloc(1, sizeof *p->refused); // without memory it is only not told
    if (p->refused)
        trouble_copy(p->refused, why);
    queue_insert(&w->outbox.waiting, p);
    w->outbox.not_before_us =
        link_now_us() + link_pause_us(why->fault.retry_after_ms, PATIENCE_MS);
}

static void
refuse(struct wireroom *w, uint64_t n, const struct trouble *why)
{
    struct pending *p = take_answered(w, n);
    if (p && why->fault.transient)
        put_back(w, p, why);
    else if (p)
        finish(p, slice_of(NULL, 0), &why->fault);
}

// NO_HELLO says nothing about a submission: what was sent may have been filed before.
static enum wireroom_status
take_refusal(struct wireroom *w)
{
    struct wire_refused refused;
    struct fault fault = FAULT_NONE;
    struct trouble why;
    enum wireroom_status status = trouble_refused(&why, w->letter.header);
    if (status == WIREROOM_REFUSED && why.fault.code == WIRE_NO_HELLO) {
        (void)submit_open(w);
        return WIREROOM_OK;
    }
    trouble_copy(&w->trouble, &why);
    if (status != WIREROOM_REFUSED)
        return status;
    if (w->submit.state != LINK_READY && !why.fault.transient)
        return WIREROOM_REFUSED; // of our HELLO
    if (!wire_decode(w->letter.header, WIRE_MSG_REFUSED, &refused, &fault) &&
        WIRE_HAS(refused, &refused, n))
        refuse(w, refused.n, &why);
    return WIREROOM_OK;
}

static enum wireroom_status
take_welcome(struct wireroom *w)
{
    enum wireroom_status status = handle_welcome(w, &w->submit, &w->trouble);
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
    case WIRE_MSG_ADVICE:
        return take_advice(w);
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
