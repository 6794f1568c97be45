// Questions and their answers, one at a time.
#include "handle.h"

#define WAIT_MS 50

// What comes while no question is out is a heartbeat, or the answer to one given up.
void
query_turn(struct wireroom *w)
{
    if (w->query.state != LINK_READY)
        return;
    while (link_hear(&w->query, &w->letter))
        ;
    if (!link_alive(&w->query, false))
        link_close(&w->query);
}

// The other connections say that they are here; what they hear waits for process.
static void
sleep_for_answer(struct wireroom *w)
{
    zmq_pollitem_t item = {.socket = w->query.socket, .events = ZMQ_POLLIN};
    (void)zmq_poll(&item, 1, WAIT_MS);
    if (w->submit.state == LINK_READY)
        (void)link_alive(&w->submit, false);
    if (w->feed.state == LINK_READY)
        (void)link_alive(&w->feed, false);
}

static enum wireroom_status
no_answer(struct wireroom *w)
{
    bool met = w->query.state == LINK_READY;
    link_close(&w->query);
    return handle_fail(w, met ? WIREROOM_TIMEOUT : WIREROOM_NO_SERVER,
        "no answer from %s in %d.%d s", w->greeting.query, w->timeout_ms / 1000,
        w->timeout_ms % 1000 / 100);
}

// Answers carry the number of their question; so do refusals, but for those of no message
// in particular.
static bool
answers(struct slice header, uint64_t n)
{
    struct wireroom_value number =
        value_sound(header) ? wireroom_member(value_of(header), "n") : value_of(header);
    return number.size == 0 || wireroom_uint(number) == n;
}

struct question {
    enum wire_message number, answer;
    const void *message;
    uint64_t n;
    int64_t until_us;
};

// hear_answer waits for one letter that ends the question: OK its answer, or a failure.
static enum wireroom_status
hear_answer(struct wireroom *w, const struct question *q)
{
    while (link_now_us() < q->until_us) {
        while (link_hear(&w->query, &w->letter)) {
            bool ours = answers(w->letter.header, q->n);
            if (w->letter.number == WIRE_MSG_WELCOME)
                return handle_welcome(w, &w->query, &w->trouble);
            if (w->letter.number == WIRE_MSG_REFUSED && ours)
                return trouble_refused(&w->trouble, w->letter.header);
            if (w->letter.number == (unsigned)q->answer && ours)
                return WIREROOM_OK;
        }
        if (!link_alive(&w->query, true))
            link_close(&w->query);
        if (w->query.state == LINK_CLOSED)
            return handle_fail(w, WIREROOM_NO_SERVER, "the connection was lost");
        sleep_for_answer(w);
    }
    return no_answer(w);
}

static enum wireroom_status
greet(struct wireroom *w, const struct question *q)
{
    if (w->query.state == LINK_READY)
        return WIREROOM_OK;
    if (!link_open(&w->query, &w->home, w->greeting.query))
        return handle_fail(w, WIREROOM_PROTOCOL,
            "the daemon names a query socket that is no address: \"%s\"",
            w->greeting.query);
    return hear_answer(w, q); // ends with WELCOME
}

static enum wireroom_status
ask_once(struct wireroom *w, const struct question *q)
{
    enum wireroom_status status = greet(w, q);
    if (status)
        return status;
    if (!link_say(&w->query, q->number, q->message))
        return handle_fail(w, WIREROOM_MEMORY, "the question could not be sent");
    return hear_answer(w, q);
}

// Asked again until the time is up: after a connection that was lost or is not known any
// more, and where the daemon says that it can't answer yet.
static enum wireroom_status
ask(struct wireroom *w, enum wire_message number, const void *message, uint64_t n,
    enum wire_message answer)
{
    struct question q = {.number = number,
        .answer = answer,
        .message = message,
        .n = n,
        .until_us = link_now_us() + w->timeout_ms * 1000LL};
    if (!w->welcome.server)
        return handle_unreachable(w);
    for (;;) {
        enum wireroom_status status = ask_once(w, &q);
        const struct wireroom_fault *fault = &w->trouble.fault;
        bool refused = status == WIREROOM_REFUSED;
        bool forgotten = refused && fault->code == WIRE_NO_HELLO;
        bool lost = status == WIREROOM_NO_SERVER || forgotten;
        bool again = lost || (refused && fault->transient);
        int64_t pause_us = link_pause_us(fault->retry_after_ms, WAIT_MS);
        if (!status || !again || link_now_us() + pause_us >= q.until_us)
            return status;
        if (lost)
            link_close(&w->query);
        if (!forgotten)
            (void)zmq_poll(NULL, 0, (long)(pause_us / 1000));
    }
}

static enum wireroom_status
keep(struct wireroom *w, struct slice bytes, struct slice *kept_out)
{
    wire_writer_reset(&w->answer);
    wire_put_raw(&w->answer, bytes);
    if (w->answer.failed)
        return handle_fail(w, WIREROOM_MEMORY, "out of memory");
    *kept_out = wire_written(&w->answer);
    return WIREROOM_OK;
}

static enum wireroom_status
keep_value(struct wireroom *w, struct slice bytes, struct wireroom_value *out)
{
    struct slice kept = {NULL, 0};
    if (!value_sound(bytes))
        return handle_fail(w, WIREROOM_PROTOCOL, "an answer that can't be read");
    enum wireroom_status status = keep(w, bytes, &kept);
    if (!status)
        *out = value_of(kept);
    return status;
}

enum wireroom_status
wireroom_get(struct wireroom *w, const char *source, const char *uri, uint64_t revision,
    const char *version, struct wireroom_value *change_out)
{
    struct wire_get m = {.n = ++w->last_n};
    if (source)
        WIRE_SET(get, &m, source, slice_str(source));
    if (uri)
        WIRE_SET(get, &m, uri, slice_str(uri));
    if (revision)
        WIRE_SET(get, &m, revision, revision);
    if (version)
        WIRE_SET(get, &m, version, slice_str(version));
    if (w->seen_seq)
        WIRE_SET(get, &m, after_seq, w->seen_seq);
    enum wireroom_status status = ask(w, WIRE_MSG_GET, &m, m.n, WIRE_MSG_ARTICLE);
    return status ? status : keep_value(w, w->letter.body, change_out);
}

static enum wireroom_status
keep_page(struct wireroom *w, struct wireroom_page *page)
{
    struct wire_page m;
    struct fault fault = FAULT_NONE;
    if (wire_decode(w->letter.header, WIRE_MSG_PAGE, &m, &fault))
        return handle_fail(w, WIREROOM_PROTOCOL, "an answer that can't be read");
    page->more = WIRE_HAS(page, &m, token);
    page->token_size = page->more ? m.token.size : 0;
    if (page->more)
        memcpy(page->token, m.token.data, m.token.size);
    return keep_value(w, w->letter.body, &page->changes);
}

enum wireroom_status
wireroom_list(struct wireroom *w, const char *source, const int64_t *since_us,
    unsigned limit, struct wireroom_page *page)
{
    struct wire_list m = {.n = ++w->last_n};
    if (source)
        WIRE_SET(list, &m, source, slice_str(source));
    if (since_us)
        WIRE_SET(list, &m, since, *since_us);
    if (limit)
        WIRE_SET(list, &m, limit, limit);
    if (page->token_size)
        WIRE_SET(list, &m, token, slice_of(page->token, page->token_size));
    if (w->seen_seq)
        WIRE_SET(list, &m, after_seq, w->seen_seq);
    enum wireroom_status status = ask(w, WIRE_MSG_LIST, &m, m.n, WIRE_MSG_PAGE);
    return status ? status : keep_page(w, page);
}

enum wireroom_status
wireroom_history(struct wireroom *w, const char *source, const char *uri,
    unsigned limit, struct wireroom_page *page)
{
    struct wire_history m = {
        .n = ++w->last_n, .source = slice_str(source), .uri = slice_str(uri)};
    if (limit)
        WIRE_SET(history, &m, limit, limit);
    if (page->token_size)
        WIRE_SET(history, &m, token, slice_of(page->token, page->token_size));
    if (w->seen_seq)
        WIRE_SET(history, &m, after_seq, w->seen_seq);
    enum wireroom_status status = ask(w, WIRE_MSG_HISTORY, &m, m.n, WIRE_MSG_PAGE);
    return status ? status : keep_page(w, page);
}

static enum wireroom_status
ask_entries(struct wireroom *w, struct wire_quarantine *m)
{
    m->n = ++w->last_n;
    if (w->seen_record)
        WIRE_SET(quarantine, m, after_record, w->seen_record);
    return ask(w, WIRE_MSG_QUARANTINE, m, m->n, WIRE_MSG_PAGE);
}

enum wireroom_status
wireroom_quarantine(struct wireroom *w, const char *source, bool settled,
    unsigned limit, struct wireroom_page *page)
{
    struct wire_quarantine m = {0};
    if (source)
        WIRE_SET(quarantine, &m, source, slice_str(source));
    if (settled)
        WIRE_SET(quarantine, &m, settled, true);
    if (limit)
        WIRE_SET(quarantine, &m, limit, limit);
    if (page->token_size)
        WIRE_SET(quarantine, &m, token, slice_of(page->token, page->token_size));
    enum wireroom_status status = ask_entries(w, &m);
    return status ? status : keep_page(w, page);
}

enum wireroom_status
wireroom_quarantined(
    struct wireroom *w, uint64_t record, struct wireroom_value *entry_out)
{
    struct wire_quarantine m = {0};
    struct wireroom_value list, entry = {NULL, 0};
    WIRE_SET(quarantine, &m, record, record);
    enum wireroom_status status = ask_entries(w, &m);
    if (!status)
        status = keep_value(w, w->letter.body, &list);
    if (status)
        return status;
    struct wireroom_elements all = wireroom_elements(list);
    if (!wireroom_element(&all, &entry))
        return handle_fail(w, WIREROOM_PROTOCOL, "an answer without an entry");
    *entry_out = entry;
    return WIREROOM_OK;
}

enum wireroom_status
wireroom_raw(struct wireroom *w, const char *source, const char *uri, uint64_t revision,
    uint64_t record, struct wireroom_bytes *raw_out)
{
    struct wire_raw m = {.n = ++w->last_n};
    struct slice kept = {NULL, 0};
    if (source)
        WIRE_SET(raw, &m, source, slice_str(source));
    if (uri)
        WIRE_SET(raw, &m, uri, slice_str(uri));
    if (revision)
        WIRE_SET(raw, &m, revision, revision);
    if (record)
        WIRE_SET(raw, &m, record, record);
    if (w->seen_seq)
        WIRE_SET(raw, &m, after_seq, w->seen_seq);
    enum wireroom_status status = ask(w, WIRE_MSG_RAW, &m, m.n, WIRE_MSG_RAW_DATA);
    if (!status)
        status = keep(w, w->letter.body, &kept);
    if (!status)
        *raw_out = (struct wireroom_bytes){kept.data, kept.size};
    return status;
}

static enum wireroom_status
ask_renewal(struct wireroom *w, struct wire_renormalize *m, struct wireroom_value *out)
{
    m->n = ++w->last_n;
    enum wireroom_status status =
        ask(w, WIRE_MSG_RENORMALIZE, m, m->n, WIRE_MSG_RENEWAL);
    return status ? status : keep_value(w, w->letter.body, out);
}

enum wireroom_status
wireroom_renormalize(struct wireroom *w, const char *source, const int64_t *since_us,
    bool dry, struct wireroom_value *map_out)
{
    struct wire_renormalize m = {0};
    if (source)
        WIRE_SET(renormalize, &m, source, slice_str(source));
    if (since_us)
        WIRE_SET(renormalize, &m, since, *since_us);
    if (dry)
        WIRE_SET(renormalize, &m, dry_run, true);
    return ask_renewal(w, &m, map_out);
}

enum wireroom_status
wireroom_renewal(struct wireroom *w, struct wireroom_value *map_out)
{
    struct wire_renormalize m = {0};
    WIRE_SET(renormalize, &m, ask, true);
    return ask_renewal(w, &m, map_out);
}

enum wireroom_status
wireroom_state(struct wireroom *w, struct wireroom_value *map_out)
{
    struct wire_status m = {.n = ++w->last_n};
    enum wireroom_status status = ask(w, WIRE_MSG_STATUS, &m, m.n, WIRE_MSG_STATE);
    return status ? status : keep_value(w, w->letter.header, map_out);
}

enum wireroom_status
wireroom_ping(struct wireroom *w, int64_t *us_out)
{
    struct wire_ping m = {.n = ++w->last_n};
    enum wireroom_status status = WIREROOM_OK;
    if (w->query.state != LINK_READY) // connecting is not to be measured
        status = ask(w, WIRE_MSG_PING, &m, m.n, WIRE_MSG_PONG);
    m.n = ++w->last_n;
    int64_t begun_us = link_now_us();
    if (!status)
        status = ask(w, WIRE_MSG_PING, &m, m.n, WIRE_MSG_PONG);
    if (!status)
        *us_out = link_now_us() - begun_us;
    return status;
}
