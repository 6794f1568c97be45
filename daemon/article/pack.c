// The canonical form: what is filed, sent and digested. Fields go in table order and keys
// of inner maps in byte order, because JSON objects have no order and the same article
// must be the same bytes whatever its source did.
//
// To change the form: old articles stay as they are in the store, so add keys, never
// change the meaning of one; a change of order or type needs a new NORMALIZER_VERSION and
// new golden bytes in tests/corpus/article/.
#include <stdlib.h>

#include "article/article.h"

#define PACK_ROOM 1024 // what most articles take beside their body

static int
key_order(struct slice a, struct slice b)
{
    size_t shorter = a.size < b.size ? a.size : b.size;
    int order = shorter ? memcmp(a.data, b.data, shorter) : 0;
    return order ? order : (a.size > b.size) - (a.size < b.size);
}

static int
pair_order(const void *a, const void *b)
{
    return key_order(
        ((const struct value_pair *)a)->key, ((const struct value_pair *)b)->key);
}

// The pairs in key order: as they are, or a sorted copy.
static const struct value_pair *
sorted_pairs(const struct value *map, struct arena *arena)
{
    uint32_t i = 1, count = map->map.count;
    while (i < count && key_order(map->map.pairs[i - 1].key, map->map.pairs[i].key) < 0)
        i++;
    if (i >= count)
        return map->map.pairs;
    struct value_pair *copy =
        arena_grow(arena, map->map.pairs, count, count, sizeof *copy);
    if (copy)
        qsort(copy, count, sizeof *copy, pair_order);
    return copy;
}

// Depth is bounded by wire_limits_article, which every tree from outside has passed.
static void
put_canonical(const struct value *v, struct arena *arena, struct wire_writer *w)
{
    if (v->type == WIRE_ARRAY) {
        wire_put_array(w, v->list.count);
        for (uint32_t i = 0; i < v->list.count; i++)
            put_canonical(&v->list.items[i], arena, w);
    } else if (v->type == WIRE_MAP) {
        const struct value_pair *pairs = sorted_pairs(v, arena);
        wire_put_map(w, pairs ? v->map.count : 0);
        for (uint32_t i = 0; pairs && i < v->map.count; i++) {
            wire_put_str(w, pairs[i].key);
            put_canonical(pairs[i].value, arena, w);
        }
    } else {
        value_encode(v, w);
    }
}

static void
put_text(struct wire_writer *w, const char *key, struct slice text)
{
    if (!text.size)
        return;
    wire_put_key(w, key);
    wire_put_str(w, text);
}

static void
put_word(struct wire_writer *w, const char *key, const char *word)
{
    put_text(w, key, slice_str(word));
}

static void
put_dates(struct wire_writer *w, const struct article_wr *wr)
{
    wire_put_key(w, "eventDates");
    wire_put_array(w, wr->dates_count);
    for (uint32_t i = 0; i < wr->dates_count; i++) {
        const struct article_date *d = &wr->dates[i];
        wire_put_map(w, 2U + (d->date[0] != 0));
        wire_put_key(w, "text");
        wire_put_str(w, d->text);
        put_word(w, "date", d->date);
        wire_put_key(w, "kind");
        wire_put_str(w, slice_str(d->kind));
    }
}

static void
put_times(struct wire_writer *w, const struct article_wr *wr)
{
    wire_put_key(w, "times");
    wire_put_map(w, wr->times_count);
    for (uint32_t i = 0; i < wr->times_count; i++) {
        const struct article_time *t = &wr->times[i];
        wire_put_key(w, article_rows[t->field].name);
        wire_put_map(w, (t->source.size != 0) + (uint32_t)(t->zone && t->zone[0]));
        put_text(w, "source", t->source);
        put_word(w, "zone", t->zone);
    }
}

static void
put_changes(struct wire_writer *w, const struct article_wr *wr)
{
    wire_put_key(w, "changes");
    wire_put_array(w, wr->changes_count);
    for (uint32_t i = 0; i < wr->changes_count; i++) {
        const struct article_change *c = &wr->changes[i];
        wire_put_map(w, 3);
        wire_put_key(w, "rule");
        wire_put_str(w, slice_str(c->rule));
        wire_put_key(w, "field");
        wire_put_str(w, slice_str(c->field));
        wire_put_key(w, "count");
        wire_put_uint(w, c->count);
    }
}

static void
put_warnings(struct wire_writer *w, const struct article_wr *wr)
{
    wire_put_key(w, "warnings");
    wire_put_array(w, wr->warnings_count);
    for (uint32_t i = 0; i < wr->warnings_count; i++) {
        const struct article_warning *warning = &wr->warnings[i];
        wire_put_map(w, 1U + (warning->where.size != 0));
        wire_put_key(w, "code");
        wire_put_str(w, slice_str(warning->code));
        put_text(w, "where", warning->where);
    }
}

static void
put_lines(struct wire_writer *w, const char *key, const struct article_lines *lines,
    uint32_t count)
{
    if (!count)
        return;
    wire_put_key(w, key);
    wire_put_array(w, count);
    for (uint32_t i = 0; i < count; i++) {
        wire_put_array(w, 2);
        wire_put_uint(w, lines[i].first);
        wire_put_uint(w, lines[i].last);
    }
}

static uint32_t
page_pairs(const struct article_wr *wr)
{
    return (wr->page.size != 0) + (wr->page_of ? 2U : 0U) + (wr->lines_count != 0) +
           (wr->unassigned_count != 0);
}

static void
put_page(struct wire_writer *w, const struct article_wr *wr)
{
    wire_put_key(w, "page");
    wire_put_map(w, page_pairs(wr));
    put_text(w, "file", wr->page);
    if (wr->page_of) {
        wire_put_key(w, "item");
        wire_put_uint(w, wr->page_item);
        wire_put_key(w, "of");
        wire_put_uint(w, wr->page_of);
    }
    put_lines(w, "lines", wr->lines, wr->lines_count);
    put_lines(w, "unassigned", wr->unassigned, wr->unassigned_count);
}

static void
put_ingest(struct wire_writer *w, const struct article_wr *wr)
{
    wire_put_key(w, "ingest");
    wire_put_map(w, (wr->format != NULL) + (uint32_t)(wr->format_version.size != 0));
    put_word(w, "format", wr->format);
    put_text(w, "formatVersion", wr->format_version);
}

static uint32_t
declared_pairs(const struct article_wr *wr)
{
    return (wr->declared_charset.size != 0) +
           (uint32_t)(wr->declared_language.size != 0) +
           (wr->declared_status.size != 0);
}

static void
put_declared(struct wire_writer *w, const struct article_wr *wr)
{
    wire_put_key(w, "declared");
    wire_put_map(w, declared_pairs(wr));
    put_text(w, "charset", wr->declared_charset);
    put_text(w, "language", wr->declared_language);
    put_text(w, "status", wr->declared_status);
}

static void
put_detected(struct wire_writer *w, const struct article_wr *wr)
{
    wire_put_key(w, "detected");
    wire_put_map(w, 2);
    put_word(w, "language", wr->detected);
    wire_put_key(w, "reliable");
    wire_put_bool(w, wr->detected_sure);
}

static uint32_t
wr_pairs(const struct article_wr *wr)
{
    return (uint32_t)(wr->kind != NULL) + (wr->desk_mark.size != 0) +
           (wr->dateline.size != 0) + (wr->dates_count != 0) + (wr->times_count != 0) +
           (wr->format || wr->format_version.size) + (wr->changes_count != 0) +
           (wr->warnings_count != 0) + (declared_pairs(wr) != 0) +
           (wr->detected != NULL) + (wr->charset.size != 0) + (page_pairs(wr) != 0) +
           (wr->confidence != 0);
}

static void
put_wr(struct wire_writer *w, const struct article_wr *wr)
{
    wire_put_key(w, "wr");
    wire_put_map(w, wr_pairs(wr));
    put_word(w, "kind", wr->kind);
    put_text(w, "deskMark", wr->desk_mark);
    put_text(w, "dateline", wr->dateline);
    if (wr->dates_count)
        put_dates(w, wr);
    if (wr->times_count)
        put_times(w, wr);
    if (wr->format || wr->format_version.size)
        put_ingest(w, wr);
    if (wr->changes_count)
        put_changes(w, wr);
    if (wr->warnings_count)
        put_warnings(w, wr);
    if (declared_pairs(wr))
        put_declared(w, wr);
    if (wr->detected)
        put_detected(w, wr);
    put_text(w, "charset", wr->charset);
    if (page_pairs(wr))
        put_page(w, wr);
    if (wr->confidence) {
        wire_put_key(w, "confidence");
        wire_put_uint(w, wr->confidence);
    }
}

static void
put_field(const struct article *a, uint32_t field, struct wire_writer *w)
{
    wire_put_key(w, article_rows[field].name);
    put_canonical(&a->field[field], a->arena, w);
}

static uint32_t
count_fields(const struct article *a, bool digested)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < ARTICLE_FIELDS; i++)
        count +=
            a->field[i].type != WIRE_NIL && (article_rows[i].in_digest || !digested);
    return count;
}

static void
put_head(const struct article *a, struct wire_writer *w)
{
    wire_put_map(w, count_fields(a, false) + (wr_pairs(&a->wr) != 0));
}

static void
put_end(const struct article *a, struct wire_writer *w)
{
    if (wr_pairs(&a->wr))
        put_wr(w, &a->wr);
    if (a->arena->failed)
        w->failed = true;
}

void
article_pack(const struct article *a, struct wire_writer *w)
{
    put_head(a, w);
    for (uint32_t i = 0; i < ARTICLE_FIELDS; i++)
        if (a->field[i].type != WIRE_NIL)
            put_field(a, i, w);
    put_end(a, w);
}

static void
digest_head(struct digest_state *state, const struct article *a)
{
    uint8_t head[8];
    struct wire_writer w = {.data = head, .capacity = sizeof head};
    wire_put_map(&w, count_fields(a, true));
    digest_begin(state);
    digest_add(state, wire_written(&w));
}

// Fields that are IN stand beside one another mostly: each run of them is one part.
struct digest
article_pack_digested(const struct article *a, struct wire_writer *w)
{
    struct digest_state state;
    digest_head(&state, a);
    put_head(a, w);
    size_t from = w->size;
    for (uint32_t i = 0; i < ARTICLE_FIELDS; i++) {
        if (a->field[i].type == WIRE_NIL)
            continue;
        if (!article_rows[i].in_digest) {
            digest_add(&state, slice_from(wire_written(w), from));
            put_field(a, i, w);
            from = w->size;
        } else {
            put_field(a, i, w);
        }
    }
    digest_add(&state, slice_from(wire_written(w), from));
    put_end(a, w);
    return digest_end(&state);
}

struct digest
article_digest(const struct article *a)
{
    struct wire_writer w = {0};
    wire_writer_reserve(&w, article_body(a).size + PACK_ROOM);
    struct digest digest = article_pack_digested(a, &w);
    if (w.failed)
        a->arena->failed = true;
    wire_writer_fini(&w);
    return digest;
}
