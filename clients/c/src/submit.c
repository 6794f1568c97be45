// The door for submissions: into the queue, and the waiting kind of it.
#include <stdlib.h>
#include <sys/random.h>

#include "handle.h"

#define PENDING_MAX 1024U
#define PENDING_BYTES (64U << 20)

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

// A dry run has the fields of a submission, but for the id.
static void
encode_dry(struct pending *p, const struct wireroom_submission *s,
    const struct wire_submit *submit)
{
    struct wire_dryrun m = {.n = submit->n};
#define SAME(field)                      \
    if (WIRE_HAS(submit, submit, field)) \
    WIRE_SET(dryrun, &m, field, submit->field)
    SAME(source);
    SAME(format);
    SAME(issue_date);
    SAME(page);
    SAME(language);
    SAME(zone);
    SAME(charset);
    SAME(all_or_nothing);
#undef SAME
    if (s->explain)
        WIRE_SET(dryrun, &m, explain, true);
    p->number = WIRE_MSG_DRYRUN;
    wire_encode(&p->header, p->number, &m);
}

static bool
choose_id(struct pending *p, const uint8_t *id)
{
    if (!id)
        return getrandom(p->id, sizeof p->id, 0) == (ssize_t)sizeof p->id;
    memcpy(p->id, id, sizeof p->id);
    return true;
}

static struct pending *
pending_new(struct wireroom *w, const struct wireroom_submission *s)
{
    struct wire_submit message = {.n = w->last_n + 1};
    struct pending *p = calloc(1, sizeof *p);
    if (!p || !choose_id(p, s->id)) {
        pending_free(p);
        return NULL;
    }
    p->n = message.n;
    message.id = slice_of(p->id, sizeof p->id);
    set_hints(s, &message);
    p->number = WIRE_MSG_SUBMIT;
    if (s->dry_run)
        encode_dry(p, s, &message);
    else
        wire_encode(&p->header, p->number, &message);
    wire_put_raw(&p->document, slice_of(s->bytes, s->size));
    if (!p->header.failed && !p->document.failed)
        return p;
    pending_free(p);
    return NULL;
}

static bool
room_for(const struct outbox *o, size_t size)
{
    uint64_t messages = o->waiting.amount.messages + o->inside.amount.messages;
    uint64_t bytes = o->waiting.amount.bytes + o->inside.amount.bytes;
    return messages == 0 || (messages < PENDING_MAX && bytes + size <= PENDING_BYTES);
}

enum wireroom_status
wireroom_submit(struct wireroom *w, const struct wireroom_submission *s,
    wireroom_answer_fn *fn, void *user)
{
    if (w->welcome.server && s->size > w->welcome.submission_bytes)
        return handle_fail(w, WIREROOM_USAGE,
            "the submission has %zu bytes, this wireroom takes at most %llu", s->size,
            (unsigned long long)w->welcome.submission_bytes);
    if (!room_for(&w->outbox, s->size))
        return handle_fail(
            w, WIREROOM_FULL, "%zu submissions wait already", wireroom_pending(w));
    struct pending *p = pending_new(w, s);
    if (!p)
        return handle_fail(w, WIREROOM_MEMORY, "out of memory");
    p->context = s->context;
    p->fn = fn;
    p->user = user;
    w->last_n = p->n;
    queue_insert(&w->outbox.waiting, p);
    return WIREROOM_OK;
}

size_t
wireroom_pending(const struct wireroom *w)
{
    return w->outbox.waiting.amount.messages + w->outbox.inside.amount.messages;
}

// ---- waiting for one

struct waiting {
    struct wireroom *w;
    wireroom_answer_fn *fn;
    void *user;
    bool done, refused;
    struct trouble why; // what comes behind the answer must not hide it
};

static void
waited(void *user, const struct wireroom_answer *answer)
{
    struct waiting *wait = user;
    wait->done = true;
    wait->refused = !answer->receipt.size;
    if (wait->refused)
        trouble_copy(&wait->why, &wait->w->trouble);
    if (wait->fn)
        wait->fn(wait->user, answer);
}

// What is not waited for any longer may still be answered: it stays in the window.
static void
forget(struct wireroom *w, uint64_t n)
{
    struct pending *p = queue_take(&w->outbox.waiting, n);
    if (p) {
        pending_free(p);
        return;
    }
    p = queue_take(&w->outbox.inside, n);
    if (!p)
        return;
    p->fn = NULL;
    queue_insert(&w->outbox.inside, p);
}

const struct wireroom_fault *
wireroom_put_off(const struct wireroom *w)
{
    const struct pending *first = w->outbox.waiting.first;
    if (!first || !first->refused || w->outbox.inside.first)
        return NULL;
    for (const struct pending *p = first; p; p = p->next)
        if (p->unsure)
            return NULL;
    return &first->refused->fault;
}

// The last refusal is told where it is all that happened: then nothing was stored.
static enum wireroom_status
no_receipt(struct wireroom *w, uint64_t n)
{
    const struct pending *p = w->outbox.waiting.first;
    while (p && p->n != n)
        p = p->next;
    if (!p || !p->refused || p->unsure)
        return handle_fail(w, WIREROOM_TIMEOUT, "no receipt in %d.%d s",
            w->timeout_ms / 1000, w->timeout_ms % 1000 / 100);
    trouble_copy(&w->trouble, p->refused);
    w->trouble.fault.status = WIREROOM_TIMEOUT;
    return WIREROOM_TIMEOUT;
}

static enum wireroom_status
wait_for(struct wireroom *w, const struct waiting *wait)
{
    enum wireroom_status status = WIREROOM_OK;
    uint64_t n = w->last_n;
    int64_t until_us = link_now_us() + w->timeout_ms * 1000LL;
    while (status == WIREROOM_OK && !wait->done) {
        status = wireroom_process(w, 100);
        if (status == WIREROOM_OK && !wait->done && link_now_us() > until_us)
            status = no_receipt(w, n);
    }
    if (!wait->done)
        forget(w, n);
    if (wait->refused)
        trouble_copy(&w->trouble, &wait->why);
    return wait->refused ? WIREROOM_REFUSED : wait->done ? WIREROOM_OK : status;
}

enum wireroom_status
wireroom_submit_wait(struct wireroom *w, const struct wireroom_submission *submission,
    wireroom_answer_fn *fn, void *user)
{
    struct waiting wait = {.w = w, .fn = fn, .user = user};
    trouble_none(&w->trouble);
    enum wireroom_status status = wireroom_submit(w, submission, waited, &wait);
    return status ? status : wait_for(w, &wait);
}

enum wireroom_status
wireroom_settle(struct wireroom *w, uint64_t record, const char *verb,
    wireroom_answer_fn *fn, void *user)
{
    struct waiting wait = {.w = w, .fn = fn, .user = user};
    struct wire_settle m = {
        .n = w->last_n + 1, .record = record, .verb = slice_str(verb)};
    struct pending *p = calloc(1, sizeof *p);
    trouble_none(&w->trouble);
    if (p) {
        *p = (struct pending){
            .n = m.n, .number = WIRE_MSG_SETTLE, .fn = waited, .user = &wait};
        wire_encode(&p->header, p->number, &m);
    }
    if (!p || p->header.failed) {
        pending_free(p);
        return handle_fail(w, WIREROOM_MEMORY, "out of memory");
    }
    w->last_n = p->n;
    queue_insert(&w->outbox.waiting, p);
    return wait_for(w, &wait);
}
