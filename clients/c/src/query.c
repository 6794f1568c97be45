// Questions and their answers, one at a time.
#include <stdio.h>
#include <stdlib.h>

#include "handle.h"

static enum wireroom_status
connect(struct wireroom *w)
{
    if (w->query.state == LINK_READY && link_keep(&w->query, false))
        return WIREROOM_OK;
    link_close(&w->query);
    if (!link_open(&w->query, w->context, w->query_address, w->client, w->principal))
        return handle_fail(
            w, WIREROOM_NO_SERVER, "cannot connect to %s", w->query_address);
    return handle_greet(w, &w->query);
}

// wait gives the answer with the number wanted in w->letter.
static enum wireroom_status
wait(struct wireroom *w, unsigned wanted)
{
    int64_t until_us = link_now_us() + w->timeout_ms * 1000LL;
    while (link_now_us() < until_us) {
        while (link_hear(&w->query, &w->letter)) {
            if (w->letter.number == wanted)
                return WIREROOM_OK;
            if (w->letter.number == WIRE_MSG_REFUSED)
                return handle_refused(w, w->letter.header);
        }
        (void)handle_wait(&w->query, 50);
    }
    return handle_fail(w, WIREROOM_NO_SERVER, "no answer from %s in %d ms",
        w->query.address, w->timeout_ms);
}

// ask sends a question and waits; a connection that was given up meanwhile is made again
// once, and NOT_YET is asked again until the time is up.
static enum wireroom_status
ask(struct wireroom *w, enum wire_message question, const void *message,
    unsigned answer)
{
    for (int tries = 0;; tries++) {
        enum wireroom_status status = connect(w);
        if (status)
            return status;
        (void)link_say(&w->query, question, message, NULL);
        status = wait(w, answer);
        bool lost = status == WIREROOM_REFUSED && w->fault.code == WIRE_NO_HELLO;
        if (!lost || tries > 0)
            return status;
        link_close(&w->query);
    }
}

static struct wireroom_bytes
keep_body(struct wireroom *w)
{
    wire_writer_reset(&w->answer);
    wire_put_raw(&w->answer, w->letter.body);
    struct slice kept = wire_written(&w->answer);
    return (struct wireroom_bytes){kept.data, kept.size};
}

enum wireroom_status
wireroom_get(struct wireroom *w, const char *source, const char *uri, uint64_t revision,
    const char *version, struct wireroom_bytes *map_out)
{
    struct wire_get m = {.n = ++w->next_n};
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
    enum wireroom_status status = ask(w, WIRE_MSG_GET, &m, WIRE_MSG_ARTICLE);
    if (status == WIREROOM_OK)
        *map_out = keep_body(w);
    return status;
}

static enum wireroom_status
keep_page(struct wireroom *w, struct wireroom_token *token,
    struct wireroom_bytes *maps_out, bool *more_out)
{
    struct wire_page page;
    struct fault fault = FAULT_NONE;
    if (wire_decode(w->letter.header, WIRE_MSG_PAGE, &page, &fault))
        return handle_fail(w, WIREROOM_PROTOCOL, "PAGE: %s", fault.words);
    *more_out = WIRE_HAS(page, &page, token);
    token->size = *more_out ? page.token.size : 0;
    if (*more_out)
        memcpy(token->bytes, page.token.data, page.token.size);
    *maps_out = keep_body(w);
    return WIREROOM_OK;
}

enum wireroom_status
wireroom_list(struct wireroom *w, const char *source, const int64_t *since_us,
    unsigned limit, struct wireroom_token *token, struct wireroom_bytes *maps_out,
    bool *more_out)
{
    struct wire_list m = {.n = ++w->next_n};
    if (source)
        WIRE_SET(list, &m, source, slice_str(source));
    if (since_us)
        WIRE_SET(list, &m, since, *since_us);
    if (limit)
        WIRE_SET(list, &m, limit, limit);
    if (token->size)
        WIRE_SET(list, &m, token, slice_of(token->bytes, token->size));
    if (w->seen_seq)
        WIRE_SET(list, &m, after_seq, w->seen_seq);
    enum wireroom_status status = ask(w, WIRE_MSG_LIST, &m, WIRE_MSG_PAGE);
    return status ? status : keep_page(w, token, maps_out, more_out);
}

enum wireroom_status
wireroom_history(struct wireroom *w, const char *source, const char *uri,
    unsigned limit, struct wireroom_token *token, struct wireroom_bytes *maps_out,
    bool *more_out)
{
    struct wire_history m = {
        .n = ++w->next_n, .source = slice_str(source), .uri = slice_str(uri)};
    if (limit)
        WIRE_SET(history, &m, limit, limit);
    if (token->size)
        WIRE_SET(history, &m, token, slice_of(token->bytes, token->size));
    if (w->seen_seq)
        WIRE_SET(history, &m, after_seq, w->seen_seq);
    enum wireroom_status status = ask(w, WIRE_MSG_HISTORY, &m, WIRE_MSG_PAGE);
    return status ? status : keep_page(w, token, maps_out, more_out);
}

enum wireroom_status
wireroom_raw(struct wireroom *w, const char *source, const char *uri, uint64_t revision,
    uint64_t record, struct wireroom_bytes *raw_out)
{
    struct wire_raw m = {.n = ++w->next_n};
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
    enum wireroom_status status = ask(w, WIRE_MSG_RAW, &m, WIRE_MSG_RAW_DATA);
    if (status == WIREROOM_OK)
        *raw_out = keep_body(w);
    return status;
}

enum wireroom_status
wireroom_state(struct wireroom *w, struct wireroom_bytes *map_out)
{
    struct wire_status m = {.n = ++w->next_n};
    enum wireroom_status status = ask(w, WIRE_MSG_STATUS, &m, WIRE_MSG_STATE);
    if (status)
        return status;
    wire_writer_reset(&w->answer);
    wire_put_raw(&w->answer, w->letter.header);
    struct slice kept = wire_written(&w->answer);
    *map_out = (struct wireroom_bytes){kept.data, kept.size};
    return WIREROOM_OK;
}

enum wireroom_status
wireroom_ping(struct wireroom *w, int64_t *us_out)
{
    struct wire_ping m = {.n = ++w->next_n};
    enum wireroom_status status = connect(w);
    int64_t begun_us = link_now_us();
    if (status == WIREROOM_OK)
        status = ask(w, WIRE_MSG_PING, &m, WIRE_MSG_PONG);
    if (status == WIREROOM_OK)
        *us_out = link_now_us() - begun_us;
    return status;
}
