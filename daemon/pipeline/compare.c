// What was read again beside what is filed: the same, or another article?
// Runs on: renewer.
#include <stdlib.h>

#include "pipeline/inner.h"

#define AROUND 40U // bytes shown before and behind a difference
#define SHOWN 120U

struct compared {
    struct renewing *r;
    struct store_txn *txn;
    struct arena *arena;
    struct chore *chore;
    struct prepared prepared;
    struct wire_writer *stamps;
};

// ---- articles

static struct slice
unpacked(struct arena *arena, enum codec codec, struct slice block, size_t size,
    size_t article_bytes)
{
    uint8_t *room = size ? arena_room(arena, size) : NULL;
    if (!room || !decompress_into(codec, block, room, size))
        return slice_of(NULL, 0);
    return slice_of(room, article_bytes);
}

// said gives what an article says, without what we say of it: the pairs before wr, which is
// the last.
static struct slice
said(struct slice article)
{
    struct wire_reader r = wire_reader(article);
    uint32_t pairs = wire_peek(&r) == WIRE_MAP ? wire_read_map(&r) : 0;
    size_t from = r.at, to = r.at;
    while (pairs-- > 0 && !r.err && !slice_is(wire_read_str(&r), "wr")) {
        (void)wire_skip(&r);
        to = r.at;
    }
    return slice_of(article.data + from, to - from);
}

// filed gives the article of a revision; empty for a touch, which has none of its own.
static struct slice
filed(struct compared *c, uint64_t seq)
{
    struct store_revision revision;
    if (store_get_revision(c->txn, seq, &revision))
        return slice_of(NULL, 0);
    return unpacked(c->arena, revision.codec, revision.block,
        (size_t)revision.article_bytes + revision.raw_bytes, revision.article_bytes);
}

static bool
is_same(struct compared *c, const struct store_change *change,
    const struct prepared_item *item)
{
    struct slice before = filed(c, change->seq);
    struct slice after = unpacked(c->arena, item->codec, item->block,
        (size_t)item->article_bytes + item->raw_bytes, item->article_bytes);
    if (before.size == 0)
        return digest_equal(&change->article_digest, &item->article_digest);
    if (slice_equal(said(before), said(after)))
        return true;
    example_add(c->r, c->txn, change, before, after, c->arena);
    return false;
}

// ---- items

static bool
is_match(const struct store_change *change, const struct prepared_item *item)
{
    return item->fate == ITEM_READ && item->has_id == change->has_id &&
           slice_equal(item->uri, change->uri);
}

// match says where in what was read an item is now: at its place or, where the document
// falls into other pieces today, where its id is.
static bool
match(struct compared *c, const struct store_change *change, uint32_t place,
    uint32_t *now_out)
{
    const struct prepared *p = &c->prepared;
    if (p->count == c->chore->count) {
        *now_out = place;
        return is_match(change, &p->items[place]);
    }
    for (uint32_t i = 0; change->has_id && i < p->count; i++)
        if (is_match(change, &p->items[i])) {
            *now_out = i;
            return true;
        }
    return false;
}

static void
stamp(struct compared *c, const struct store_change *change,
    const struct prepared_item *item)
{
    struct stamp was, now = {.seq = change->seq,
                          .rules = c->chore->job->rules,
                          .normalizer = c->prepared.normalizer,
                          .key_version = c->prepared.key_version,
                          .has_key = item->has_key,
                          .key_digest = item->key_digest};
    c->r->run.same++;
    if (store_stamp_of(c->txn, change, &was) == WIRE_OK &&
        (was.has_key != now.has_key || !digest_equal(&was.key_digest, &now.key_digest)))
        c->r->run.rekeyed++;
    stamp_encode(&now, c->stamps);
}

static bool
is_unread(const struct compared *c, uint32_t place)
{
    const struct prepared *p = &c->prepared;
    if (p->count == c->chore->count)
        return p->items[place].fate != ITEM_READ;
    return p->count == 1 && p->items[0].fate != ITEM_READ;
}

static enum wire_err
compare_item(struct compared *c, uint64_t seq, uint32_t place, uint64_t *seqs)
{
    struct store_change change;
    uint32_t now;
    enum wire_err err = store_get_change(c->txn, seq, &change);
    if (err)
        return err;
    if (is_unread(c, place)) {
        c->r->run.unread++;
    } else if (!match(c, &change, place, &now)) {
        c->r->run.unmatched++;
    } else if (is_same(c, &change, &c->prepared.items[now])) {
        stamp(c, &change, &c->prepared.items[now]);
    } else {
        c->r->run.different++;
        seqs[now] = seq;
    }
    return store_txn_fault(c->txn);
}

enum wire_err
compare_chore(struct renewing *r, struct store_txn *txn, struct chore *chore,
    struct arena *arena, struct wire_writer *stamps)
{
    struct compared c = {
        .r = r, .txn = txn, .arena = arena, .chore = chore, .stamps = stamps};
    struct fault fault = FAULT_NONE;
    const struct job *job = chore->job;
    if (job->answer != JOB_READ ||
        prepared_decode(job->prepared, arena, &c.prepared, &fault)) {
        r->run.unread++;
        chore->count = 0;
        return WIRE_OK;
    }
    uint64_t *seqs = arena_array(arena, c.prepared.count, sizeof *seqs);
    enum wire_err err = seqs ? WIRE_OK : WIRE_NO_MEMORY;
    for (uint32_t i = 0; i < chore->count && !err; i++)
        if (chore->seqs[i])
            err = compare_item(&c, chore->seqs[i], i, seqs);
    chore->seqs = seqs;
    chore->count = c.prepared.count;
    return err;
}

// ---- examples

static bool
differ(const struct value *a, const struct value *b, struct slice *before,
    struct slice *after, unsigned depth)
{
    if (!a || !b || a->type != b->type || depth == 0)
        return false;
    if (a->type == WIRE_STR && !slice_equal(a->text, b->text)) {
        *before = a->text;
        *after = b->text;
        return true;
    }
    for (uint32_t i = 0; a->type == WIRE_ARRAY && i < a->list.count; i++)
        if (i < b->list.count &&
            differ(&a->list.items[i], &b->list.items[i], before, after, depth - 1))
            return true;
    for (uint32_t i = 0; a->type == WIRE_MAP && i < a->map.count; i++) {
        char key[64] = "";
        struct slice name = slice_until(a->map.pairs[i].key, sizeof key - 1);
        memcpy(key, name.data, name.size);
        if (differ(a->map.pairs[i].value, value_get(b, key), before, after, depth - 1))
            return true;
    }
    return false;
}

static bool
continues(struct slice text, size_t at)
{
    return at < text.size && (text.data[at] & 0xc0) == 0x80;
}

// cut gives what is around byte `at` of a text, whole characters.
static struct slice
cut(struct slice text, size_t at)
{
    size_t from = at > AROUND ? at - AROUND : 0;
    size_t to = text.size - from > SHOWN ? from + SHOWN : text.size;
    while (from > 0 && continues(text, from))
        from--;
    while (to > from && continues(text, to))
        to--;
    return slice_of(text.data + from, to - from);
}

static struct slice
field_of(const struct value *a, const struct value *b, struct slice *before,
    struct slice *after)
{
    for (uint32_t i = 0; i < a->map.count; i++) {
        char key[64] = "";
        struct slice name = slice_until(a->map.pairs[i].key, sizeof key - 1);
        memcpy(key, name.data, name.size);
        if (slice_is(name, "wr"))
            continue;
        if (differ(a->map.pairs[i].value, value_get(b, key), before, after, 16))
            return name;
    }
    return slice_of(NULL, 0);
}

static void
put_text(struct wire_writer *w, const char *key, struct slice text)
{
    wire_put_key(w, key);
    wire_put_str(w, text);
}

void
example_add(struct renewing *r, struct store_txn *txn,
    const struct store_change *change, struct slice before, struct slice after,
    struct arena *arena)
{
    struct store_item item;
    struct slice a = {0}, b = {0}, field = {0};
    if (r->examples_count == RENEWAL_EXAMPLES ||
        store_get_item(txn, change->item, &item))
        return;
    bool open = state_of(&item.axes, pipeline_house_us(r->p)) == STATE_OPEN;
    struct value *was = value_decode(before, arena), *is = value_decode(after, arena);
    if (was && is && was->type == WIRE_MAP && is->type == WIRE_MAP)
        field = field_of(was, is, &a, &b);
    size_t at = 0;
    while (at < a.size && at < b.size && a.data[at] == b.data[at])
        at++;
    bool shown = open && field.size;
    wire_put_map(&r->examples, shown ? 6 : 3);
    put_text(&r->examples, "source", change->source);
    put_text(&r->examples, "uri", change->uri);
    wire_put_key(&r->examples, "revision");
    wire_put_uint(&r->examples, change->seq);
    if (shown) {
        put_text(&r->examples, "field", field);
        put_text(&r->examples, "before", cut(a, at));
        put_text(&r->examples, "after", cut(b, at));
    }
    r->examples_count++;
}
