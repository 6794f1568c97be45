#include "handle.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

const char *
wireroom_version(void)
{
    return WIREROOM_VERSION;
}

enum wireroom_status
handle_fail(struct wireroom *w, enum wireroom_status status, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)vsnprintf(w->words, sizeof w->words, format, args);
    va_end(args);
    w->fault = (struct wireroom_fault){
        .status = status, .name = "", .words = w->words, .next = ""};
    return status;
}

void
handle_fault_of(const struct wire_refused *r, struct wireroom *w)
{
    bool known = strcmp(wire_error_name((enum wire_err)r->code), "UNKNOWN") != 0;
    (void)snprintf(w->words, sizeof w->words, "%.*s", SLICE_ARG(r->words));
    (void)snprintf(w->fault_name, sizeof w->fault_name, "%.*s", SLICE_ARG(r->error));
    (void)snprintf(w->next, sizeof w->next, "%s",
        known ? wire_error_next((enum wire_err)r->code) : "");
    w->fault = (struct wireroom_fault){.status = WIREROOM_REFUSED,
        .code = (unsigned)r->code,
        .name = w->fault_name,
        .transient = r->transient,
        .retry_after_ms = WIRE_HAS(refused, r, retry_after_ms) ? r->retry_after_ms : 0,
        .seq = WIRE_HAS(refused, r, seq) ? r->seq : 0,
        .words = w->words,
        .next = w->next};
}

enum wireroom_status
handle_refused(struct wireroom *w, struct slice header)
{
    struct wire_refused refused;
    struct fault fault = FAULT_NONE;
    if (wire_decode(header, WIRE_MSG_REFUSED, &refused, &fault))
        return handle_fail(
            w, WIREROOM_PROTOCOL, "a refusal that can't be read: %s", fault.words);
    handle_fault_of(&refused, w);
    return WIREROOM_REFUSED;
}

bool
handle_wait(struct link *l, int64_t ms)
{
    zmq_pollitem_t item = {.socket = l->socket, .events = ZMQ_POLLIN};
    return l->socket && zmq_poll(&item, 1, (long)(ms > 0 ? ms : 0)) > 0;
}

static void
keep_text(struct slice from, char *to, size_t size)
{
    (void)snprintf(to, size, "%.*s", SLICE_ARG(from));
}

static void
keep_formats(struct wireroom *w, struct slice list)
{
    struct wire_reader r = wire_reader(list);
    uint32_t count = wire_read_array(&r), kept = 0;
    for (; kept < count && kept < 64; kept++) {
        keep_text(wire_read_str(&r), w->format_words[kept], sizeof w->format_words[0]);
        w->formats[kept] = w->format_words[kept];
    }
    w->formats[kept] = NULL;
}

static void
keep_welcome(struct wireroom *w, const struct wire_welcome *m)
{
    keep_text(m->server, w->server, sizeof w->server);
    keep_text(m->principal, w->name, sizeof w->name);
    keep_text(m->feed, w->feed_address, sizeof w->feed_address);
    keep_text(m->query, w->query_address, sizeof w->query_address);
    keep_formats(w, m->formats);
    w->welcome = (struct wireroom_welcome){.server = w->server,
        .principal = w->name,
        .epoch = m->epoch,
        .seq = m->seq,
        .submission_bytes = m->submission_bytes,
        .submission_items = m->submission_items,
        .formats = w->formats};
    w->credit_bytes = m->credit_bytes;
    w->credit_messages = m->credit_messages;
}

static enum wireroom_status
take_welcome(struct wireroom *w, struct link *l)
{
    struct wire_welcome m;
    struct fault fault = FAULT_NONE;
    if (wire_decode(w->letter.header, WIRE_MSG_WELCOME, &m, &fault))
        return handle_fail(w, WIREROOM_PROTOCOL,
            "%s greets in a way not understood: %s", l->address, fault.words);
    l->state = LINK_READY;
    l->heartbeat_us = (int64_t)m.heartbeat_ms * 1000;
    if (l == &w->submit)
        keep_welcome(w, &m);
    return WIREROOM_OK;
}

enum wireroom_status
handle_greet(struct wireroom *w, struct link *l)
{
    int64_t until_us = link_now_us() + w->timeout_ms * 1000LL;
    for (;;) {
        while (link_hear(l, &w->letter)) {
            if (w->letter.number == WIRE_MSG_WELCOME)
                return take_welcome(w, l);
            if (w->letter.number == WIRE_MSG_REFUSED)
                return handle_refused(w, w->letter.header);
        }
        int64_t left_us = until_us - link_now_us();
        if (left_us <= 0)
            return handle_fail(w, WIREROOM_NO_SERVER,
                "no wireroom at %s: no answer in %d.%d s", l->address,
                w->timeout_ms / 1000, w->timeout_ms % 1000 / 100);
        (void)handle_wait(l, left_us / 1000 + 1);
    }
}

static enum wireroom_status
begin(struct wireroom *w, const struct wireroom_options *o)
{
    const char *address = o->address ? o->address : getenv("WIREROOM_SERVER");
    if (!address || !*address)
        return handle_fail(w, WIREROOM_USAGE,
            "no address: name the submit socket, or set WIREROOM_SERVER");
    w->client = strdup(o->client ? o->client : "libwireroom " WIREROOM_VERSION);
    w->principal = strdup(o->principal ? o->principal : "");
    w->context = zmq_ctx_new();
    if (!w->client || !w->principal || !w->context)
        return handle_fail(w, WIREROOM_MEMORY, "out of memory");
    if (!link_open(&w->submit, w->context, address, w->client, w->principal))
        return handle_fail(w, WIREROOM_USAGE, "\"%s\" is no address of a socket (%s)",
            address, zmq_strerror(zmq_errno()));
    return handle_greet(w, &w->submit);
}

enum wireroom_status
wireroom_open(const struct wireroom_options *options, struct wireroom **out)
{
    struct wireroom *w = calloc(1, sizeof *w);
    *out = w;
    if (!w)
        return WIREROOM_MEMORY;
    letter_init(&w->letter);
    (void)zmq_msg_init(&w->follow.event);
    w->timeout_ms = options->timeout_ms > 0 ? options->timeout_ms : 5000;
    w->pending_last = &w->pending;
    w->fault = (struct wireroom_fault){.name = "", .words = "", .next = ""};
    return begin(w, options);
}

void
wireroom_close(struct wireroom **wp)
{
    struct wireroom *w = *wp;
    if (!w)
        return;
    struct wire_bye bye = {0};
    struct link *links[] = {&w->submit, &w->feed, &w->query};
    for (int i = 0; i < 3; i++) {
        if (links[i]->state == LINK_READY)
            (void)link_say(links[i], WIRE_MSG_BYE, &bye, NULL);
        link_close(links[i]);
    }
    submit_fini(w);
    follow_fini(w);
    letter_fini(&w->letter);
    wire_writer_fini(&w->answer);
    if (w->context)
        (void)zmq_ctx_term(w->context);
    free(w->client);
    free(w->principal);
    free(w);
    *wp = NULL;
}

const struct wireroom_fault *
wireroom_fault(const struct wireroom *w)
{
    return &w->fault;
}

const struct wireroom_welcome *
wireroom_welcome(const struct wireroom *w)
{
    return &w->welcome;
}

char *
wireroom_json(const void *value, size_t size, bool pretty)
{
    struct wire_writer text = {0};
    uint64_t at;
    struct slice bytes = slice_of(value, size);
    if (wire_scan(bytes, &wire_limits_article, &at))
        return NULL;
    wire_to_json(bytes, pretty ? WIRE_JSON_PRETTY : WIRE_JSON_COMPACT, &text);
    wire_put_raw(&text, slice_of("", 1));
    if (!text.failed)
        return (char *)text.data;
    wire_writer_fini(&text);
    return NULL;
}
