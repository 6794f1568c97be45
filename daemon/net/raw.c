// RAW: the bytes as the source sent them, for whoever may see what was made of them.
#include <stdio.h>

#include "net/answers.h"

static enum wire_err
find_record(struct view *view, const struct wire_raw *raw, struct store_record *out)
{
    struct store_item item = {0};
    struct store_change change = {0};
    uint64_t seq = raw->revision;
    enum wire_err err = WIRE_OK;
    if (WIRE_HAS(raw, raw, record))
        return store_get_record(view->txn, raw->record, out);
    if (WIRE_HAS(raw, raw, uri)) {
        err = find_item(view, raw->source, raw->uri, &item);
        if (!WIRE_HAS(raw, raw, revision))
            seq = item.current;
    }
    if (!err)
        err = find_change(view, seq, &change);
    if (!err && item.item != 0 && change.item != item.item)
        err = WIRE_NOT_FOUND;
    return err ? err : store_get_record(view->txn, change.record, out);
}

static bool
names_something(const struct wire_raw *raw)
{
    bool has_item = WIRE_HAS(raw, raw, source) && WIRE_HAS(raw, raw, uri);
    bool has_half = WIRE_HAS(raw, raw, source) != WIRE_HAS(raw, raw, uri);
    bool has_record = WIRE_HAS(raw, raw, record);
    bool has_revision = WIRE_HAS(raw, raw, revision);
    return !has_half &&
           (has_record ? !has_item && !has_revision : has_item || has_revision);
}

// The raw bytes of a submission of one item lie behind the article, in the block of the
// revision it made; others in a table of their own.
static enum wire_err
own_bytes_of(struct view *view, const struct store_record *record, struct slice *out)
{
    struct store_raw own;
    struct store_revision revision;
    struct slice block;
    *out = slice_of(NULL, 0);
    if (record->raw_bytes == 0)
        return WIRE_OK; // nothing was sent, and nothing is what is given back
    enum wire_err err = store_get_raw(view->txn, record->record, &own);
    if (!err) {
        revision = (struct store_revision){
            .codec = own.codec, .raw_bytes = own.raw_bytes, .block = own.block};
        return view_block(view, &revision, out);
    }
    if (err != WIRE_NOT_FOUND || record->first_seq == 0)
        return err;
    err = store_get_revision(view->txn, record->first_seq, &revision);
    if (err || revision.raw_bytes == 0)
        return err ? err : WIRE_NOT_FOUND;
    err = view_block(view, &revision, &block);
    if (!err)
        *out = slice_from(block, revision.article_bytes);
    return err;
}

// What was read again has its bytes with the submission that brought them.
enum wire_err
raw_bytes_of(struct view *view, const struct store_record *record, struct slice *out)
{
    struct admin admin;
    struct renewed renewed;
    struct store_record of;
    if (!extra_verb(record->extra, &admin) || !slice_is(admin.verb, VERB_RENEWED) ||
        !renewed_take(admin.args, &renewed))
        return own_bytes_of(view, record, out);
    enum wire_err err = store_get_record(view->txn, renewed.of, &of);
    return err ? err : own_bytes_of(view, &of, out);
}

static enum wire_err
fetch(struct desk *desk, const struct net_principal *who, const struct wire_raw *raw,
    struct store_record *record, enum state *state, struct slice *bytes)
{
    enum wire_err err = find_record(desk->view, raw, record);
    if (!err)
        err = find_gate(desk->view, record, state);
    if (!err && *state != STATE_OPEN && !(who->roles & ROLE_DESK))
        return WIRE_GATED;
    if (!err)
        err = raw_bytes_of(desk->view, record, bytes);
    if (err)
        return err;
    struct digest digest = digest_of(*bytes);
    return digest_equal(&digest, &record->raw_digest) ? WIRE_OK : WIRE_DAMAGED;
}

static void
refuse(struct desk *desk, struct letter *letter, uint64_t n, enum wire_err err,
    const struct store_record *record, enum state state)
{
    char words[96] = "";
    if (err == WIRE_NOT_FOUND && record->record != 0)
        (void)snprintf(words, sizeof words,
            "of a submission that changed nothing only digest and size are kept");
    if (err == WIRE_GATED)
        (void)snprintf(words, sizeof words, "the item is %s", state_name(state));
    desk_refuse(desk, letter, n, err, "", words);
}

void
answer_raw(struct desk *desk, struct letter *letter, const struct wire_raw *raw)
{
    struct store_record record = {0};
    struct slice bytes = {0};
    zmq_msg_t body;
    if (!names_something(raw)) {
        desk_refuse(desk, letter, raw->n, WIRE_MISSING_FIELD, "record",
            "a submission is named by source and uri, by revision, or by record alone");
        return;
    }
    enum state state = STATE_OPEN;
    enum wire_err err = fetch(desk, letter->peer->who, raw, &record, &state, &bytes);
    if (!err && !frame_copy(&body, bytes))
        err = WIRE_NO_MEMORY;
    if (err) {
        refuse(desk, letter, raw->n, err, &record, state);
        return;
    }
    struct wire_raw_data answer = {.n = raw->n,
        .format = record.format,
        .digest = slice_of(record.raw_digest.bytes, DIGEST_BYTES),
        .record = record.record,
        .time = record.house_us};
    station_say(desk->station, letter->peer, WIRE_MSG_RAW_DATA, &answer, &body);
}
