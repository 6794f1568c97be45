// GET: one revision as a CHANGE map with its article.
#include "net/answers.h"

void
desk_refuse(struct desk *desk, struct letter *letter, uint64_t n, enum wire_err code,
    const char *field, const char *words)
{
    struct refusal refusal = {.has_n = true, .n = n, .fault = FAULT_NONE};
    (void)fault_set(&refusal.fault, code, FAULT_NOWHERE, field, "%s", words);
    letter_refuse_with(desk->station, letter, &refusal);
}

// A question names a revision, or an item by source and uri, perhaps with a version; an item
// and a revision must belong together.
static enum wire_err
find_asked(struct view *view, const struct wire_get *get, struct store_change *out)
{
    struct store_item item = {0};
    enum wire_err err = WIRE_OK;
    if (WIRE_HAS(get, get, uri))
        err = find_item(view, get->source, get->uri, &item);
    if (err)
        return err;
    if (WIRE_HAS(get, get, revision))
        err = find_change(view, get->revision, out);
    else if (WIRE_HAS(get, get, version))
        err = find_version(view, &item, get->version, out);
    else
        err = find_change(view, item.current, out);
    if (!err && item.item != 0 && out->item != item.item)
        return WIRE_NOT_FOUND;
    return err;
}

// what_is_missing gives the field without which nothing is named; NULL: all is there.
static const char *
what_is_missing(const struct wire_get *get)
{
    if (WIRE_HAS(get, get, uri) && !WIRE_HAS(get, get, source))
        return "source";
    if (WIRE_HAS(get, get, source) && !WIRE_HAS(get, get, uri))
        return "uri";
    if (WIRE_HAS(get, get, uri))
        return NULL;
    return WIRE_HAS(get, get, revision) && !WIRE_HAS(get, get, version) ? NULL : "uri";
}

void
answer_get(struct desk *desk, struct letter *letter, const struct wire_get *get)
{
    struct tail_row row = {0};
    zmq_msg_t body;
    const char *field = what_is_missing(get);
    if (field) {
        desk_refuse(desk, letter, get->n, WIRE_MISSING_FIELD, field,
            "an article is named by source and uri, or by revision");
        return;
    }
    enum wire_err err = find_asked(desk->view, get, &row.change);
    wire_writer_reset(&desk->maps);
    if (!err)
        err = view_show(desk->view, &row, BODIES_FULL, &desk->maps);
    if (!err && !frame_copy(&body, wire_written(&desk->maps)))
        err = WIRE_NO_MEMORY;
    if (err) {
        desk_refuse(desk, letter, get->n, err, "", "");
        return;
    }
    struct wire_article answer = {.n = get->n, .seq = desk->view->meta.seq};
    station_say(desk->station, letter->peer, WIRE_MSG_ARTICLE, &answer, &body);
}
