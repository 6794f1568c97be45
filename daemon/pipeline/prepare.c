// What a reader does with one submission: bytes to articles, articles clean, digests,
// canonical form, compression, and one `prepared` out. Also in-process for
// `wireroomd normalize`.
#include <stdlib.h>

#include "article/explain.h"
#include "dedupe/dedupe.h"
#include "formats/formats.h"
#include "normalize/normalize.h"
#include "pipeline/explain.h"
#include "pipeline/pipeline.h"
#include "pipeline/quarantine.h"

#define PLAIN_ROOM 2048 // what an article most often takes beyond its raw

bool
prepare_load(void)
{
    return hash_init() && formats_load() && normalize_load();
}

static struct slice
pack_subjects(const struct article *a, struct arena *arena)
{
    const struct value *list = &a->field[ARTICLE_SUBJECTS];
    struct wire_writer w = {0};
    uint32_t count = list->type == WIRE_ARRAY ? list->list.count : 0;
    wire_put_array(&w, count);
    for (uint32_t i = 0; i < count; i++) {
        struct slice uri = value_text(value_get(&list->list.items[i], "uri"));
        struct slice literal = value_text(value_get(&list->list.items[i], "literal"));
        struct slice name = value_text(value_get(&list->list.items[i], "name"));
        wire_put_str(&w, uri.size ? uri : literal.size ? literal : name);
    }
    struct slice packed = arena_copy(arena, wire_written(&w));
    wire_writer_fini(&w);
    return packed;
}

static struct slice
pack_warnings(const struct article *a, struct arena *arena)
{
    struct wire_writer w = {0};
    wire_put_array(&w, a->wr.warnings_count);
    for (uint32_t i = 0; i < a->wr.warnings_count; i++) {
        const struct article_warning *warning = &a->wr.warnings[i];
        struct slice text = warning->where.size
                                ? arena_printf(arena, "%s %.*s", warning->code,
                                      SLICE_ARG(warning->where))
                                : slice_str(warning->code);
        wire_put_str(&w, text);
    }
    struct slice packed = arena_copy(arena, wire_written(&w));
    wire_writer_fini(&w);
    return packed;
}

static void
fill_fault(const struct article *a, struct prepared_item *item, struct arena *arena)
{
    item->fate = a->rejected ? ITEM_REJECTED : ITEM_QUARANTINED;
    item->code = a->fault.code;
    item->at = a->fault.at;
    item->field = arena_copy(arena, slice_str(a->fault.field));
    item->words = arena_copy(arena, slice_str(a->fault.words));
}

static void
fill_facts(const struct article *a, struct prepared_item *item, struct arena *arena)
{
    item->version = article_text(a, ARTICLE_VERSION);
    item->version_created_us = article_time_us(a, ARTICLE_VERSION_CREATED);
    item->axes = (struct axes){
        .pub_status = (uint8_t)article_pub_status(a),
        .advisory = a->advisory,
        .embargoed_until_us = article_time_us(a, ARTICLE_EMBARGOED_UNTIL),
        .expires_us = article_time_us(a, ARTICLE_EXPIRES),
    };
    item->correction = a->correction;
    item->urgency = (uint8_t)article_number(a, ARTICLE_URGENCY);
    item->language = article_text(a, ARTICLE_LANGUAGE);
    item->headline = article_headline(a);
    item->slugline = article_text(a, ARTICLE_SLUGLINE);
    item->subjects = pack_subjects(a, arena);
    item->warnings = pack_warnings(a, arena);
}

// name_item keeps the name that an item without an id was given once, whatever it would be
// given by the key of today.
static void
name_item(struct article *a, const struct prepare_how *how, uint32_t place)
{
    if (place < how->names_count && how->names[place].size)
        article_set_text(a, ARTICLE_URI, how->names[place]);
}

static void
prepare_item(struct article *a, struct slice source, struct prepared_item *item,
    struct wire_writer *packed, const struct prepare_how *how, uint32_t place)
{
    *item = (struct prepared_item){
        .version_created_us = TIME_NONE,
        .axes = {.embargoed_until_us = TIME_NONE, .expires_us = TIME_NONE}
    };
    a->fold_dashes = how->rules.fold_dashes;
    a->fold_quotes = how->rules.fold_quotes;
    if (!a->fault.code)
        normalize_article(a);
    (void)article_check_empty(a);
    bool has_id = article_text(a, ARTICLE_URI).size > 0;
    if (!has_id)
        name_item(a, how, place);
    if (!a->fault.code)
        dedupe_digests(a, source, item, packed);
    item->has_id = has_id;
    item->uri = article_text(a, ARTICLE_URI);
    if (!a->fault.code)
        (void)article_check(a);
    fill_facts(a, item, a->arena);
    if (a->fault.code)
        fill_fault(a, item, a->arena);
}

// compress_block puts the raw, where it belongs to this item alone, behind the canonical
// article, and both into one compressed block.
static void
compress_block(struct arena *arena, struct prepared_item *item, struct slice raw,
    struct wire_writer *plain)
{
    size_t article_bytes = plain->size;
    wire_put_raw(plain, raw);
    size_t bound = compress_bound(plain->size);
    uint8_t *packed = arena_room(arena, bound);
    arena->failed |= plain->failed;
    if (arena->failed)
        return;
    item->article_bytes = (uint32_t)article_bytes;
    item->raw_bytes = (uint32_t)raw.size;
    size_t size =
        compress_into(CODEC_LZ4, wire_written(plain), packed, bound, &item->codec);
    item->block = slice_of(packed, size);
}

static void
finish_item(struct arena *arena, struct prepared_item *item, struct slice raw,
    struct wire_writer *plain, prepare_item_fn *each, void *context)
{
    if (item->fate == ITEM_READ)
        compress_block(arena, item, raw, plain);
    if (each && !arena->failed)
        each(context, slice_until(wire_written(plain), item->article_bytes), item);
}

static struct format_input
input_of(const struct submission *s, struct slice raw, const struct rules *rules)
{
    return (struct format_input){.raw = raw,
        .format = s->format,
        .source = s->source,
        .issue_date = s->issue_date,
        .page = s->page,
        .language = s->language.size ? s->language : rules->language,
        .zone = s->zone.size ? s->zone : rules->zone,
        .charset = s->charset.size ? s->charset : rules->charset};
}

static bool
prepare_items(const struct submission *s, struct slice raw, struct arena *arena,
    struct format_output *read, struct prepared *p, const struct prepare_how *how,
    prepare_item_fn *each, void *context)
{
    p->items = arena_array(arena, read->count, sizeof *p->items);
    if (!p->items)
        return false;
    p->count = read->count;
    struct wire_writer plain = {0};
    for (uint32_t i = 0; how->explained && i < read->count; i++)
        explain_begin(read->items[i]);
    for (uint32_t i = 0; how->released && i < read->count; i++)
        article_warn(read->items[i], "released-as-text", slice_of(NULL, 0));
    if (read->count == 1)
        wire_writer_reserve(&plain, 2 * raw.size + PLAIN_ROOM);
    for (uint32_t i = 0; i < read->count; i++) {
        wire_writer_reset(&plain);
        prepare_item(read->items[i], s->source, &p->items[i], &plain, how, i);
        finish_item(arena, &p->items[i],
            read->count == 1 && !how->bare ? raw : slice_of(NULL, 0), &plain, each,
            context);
    }
    wire_writer_fini(&plain);
    bool alone = read->count == 1 && p->items[0].fate == ITEM_READ;
    if (!alone && !how->bare)
        quarantine_keep_raw(p, raw, arena);
    return true;
}

void
prepare_submission(const struct submission *s, struct slice raw, struct arena *arena,
    struct wire_writer *prepared_out, prepare_item_fn *each, void *context)
{
    const struct prepare_how plainly = {0};
    prepare_how(s, raw, arena, prepared_out, &plainly, each, context);
}

void
prepare_how(const struct submission *s, struct slice raw, struct arena *arena,
    struct wire_writer *prepared_out, const struct prepare_how *how,
    prepare_item_fn *each, void *context)
{
    struct format_input input = input_of(s, raw, &how->rules);
    struct format_output read = {.fault = FAULT_NONE};
    struct prepared p = {.normalizer = NORMALIZER_VERSION, .key_version = KEY_VERSION};
    formats_read(&input, arena, &read);
    p.format = read.format ? slice_str(read.format) : s->format;
    if (!read.fault.code &&
        !prepare_items(s, raw, arena, &read, &p, how, each, context))
        arena->failed = true;
    if (arena->failed) // the limit of one submission, not of the process
        (void)fault_set(&read.fault, WIRE_READER_MEMORY, FAULT_NOWHERE, "",
            "reading took more than %zu MiB", arena->limit >> 20);
    if (read.fault.code) {
        arena_reset(arena);
        read.count = 0;
        quarantine_whole(&p, &read.fault, raw, arena);
        if (each)
            each(context, slice_of(NULL, 0), &p.items[0]);
    }
    prepared_encode(&p, prepared_out);
    if (how->explained)
        explain_encode(&input, &read, &p, arena, how->explained);
}
