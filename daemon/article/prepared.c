// Prepared: what a reader process made of a submission. The process may have been taken
// over by what it read, so every element is held against what an honest one can say.
#include "article/part.h"

#define PREPARED_ELEMENTS 8
#define ITEM_ELEMENTS 24
#define WORDS_MAX 512U // of a subjects or warnings list

static void
put_words(struct wire_writer *w, struct slice packed)
{
    if (packed.size)
        wire_put_encoded(w, packed);
    else
        wire_put_array(w, 0);
}

static void
put_fate(struct wire_writer *w, const struct prepared_item *item)
{
    wire_put_uint(w, item->fate);
    if (item->fate == ITEM_READ) {
        wire_put_nil(w);
        return;
    }
    wire_put_array(w, 4);
    wire_put_uint(w, item->code);
    wire_put_uint(w, item->at);
    wire_put_str(w, item->field);
    wire_put_str(w, item->words);
}

static void
put_item(struct wire_writer *w, const struct prepared_item *item)
{
    wire_put_array(w, ITEM_ELEMENTS);
    put_fate(w, item);
    wire_put_str(w, item->uri);
    wire_put_bool(w, item->has_id);
    wire_put_bool(w, item->has_key);
    wire_put_bool(w, item->correction);
    wire_put_str(w, item->version);
    put_time_or_nil(w, item->version_created_us);
    wire_put_uint(w, item->axes.pub_status);
    wire_put_bool(w, item->axes.advisory);
    put_time_or_nil(w, item->axes.embargoed_until_us);
    put_time_or_nil(w, item->axes.expires_us);
    wire_put_uint(w, item->urgency);
    wire_put_str(w, item->language);
    wire_put_str(w, item->headline);
    wire_put_str(w, item->slugline);
    put_words(w, item->subjects);
    put_words(w, item->warnings);
    wire_put_bin(w, slice_of(item->article_digest.bytes, DIGEST_BYTES));
    wire_put_bin(w, slice_of(item->key_digest.bytes, DIGEST_BYTES));
    wire_put_uint(w, item->codec);
    wire_put_uint(w, item->article_bytes);
    wire_put_uint(w, item->raw_bytes);
    wire_put_bin(w, item->block);
}

void
prepared_encode(const struct prepared *p, struct wire_writer *w)
{
    wire_put_array(w, PREPARED_ELEMENTS);
    wire_put_uint(w, PREPARED_LAYOUT);
    wire_put_uint(w, p->normalizer);
    wire_put_uint(w, p->key_version);
    wire_put_str(w, p->format);
    wire_put_uint(w, p->raw_codec);
    wire_put_uint(w, p->raw_bytes);
    wire_put_bin(w, p->raw_block);
    wire_put_array(w, p->count);
    for (uint32_t i = 0; i < p->count; i++)
        put_item(w, &p->items[i]);
}

static void
take_fate(struct part *p, struct prepared_item *item)
{
    item->fate = (enum item_fate)part_uint(p, "fate", ITEM_READ, ITEM_REJECTED);
    if (part_failed(p))
        return;
    if (item->fate == ITEM_READ) {
        if (!wire_read_nil(&p->r))
            part_fail(p, "fault", "stands on an item that was read");
        return;
    }
    (void)part_array(p, "fault", 4, 4);
    item->code = (enum wire_err)part_uint(p, "code", 1, 65535);
    item->at = part_uint(p, "at", 0, UINT64_MAX);
    item->field = part_str(p, "field", sizeof((struct fault *)0)->field - 1);
    item->words = part_str(p, "words", sizeof((struct fault *)0)->words - 1);
}

static void
take_axes(struct part *p, struct axes *axes)
{
    axes->pub_status = (uint8_t)part_uint(p, "pub_status", PUB_USABLE, PUB_CANCELED);
    axes->advisory = part_bool(p, "advisory");
    axes->embargoed_until_us = part_time(p, "embargoed_until_us");
    axes->expires_us = part_time(p, "expires_us");
}

// A block must be able to hold what it is said to hold, and only a stored one is as long
// as its content; decompression checks the rest.
static void
check_block(struct part *p, const char *element, enum codec codec, struct slice block,
    uint64_t bytes)
{
    if (bytes > RECORD_BYTES_MAX)
        part_fail(p, element, "holds more than a record may");
    else if ((bytes == 0) != (block.size == 0))
        part_fail(p, element, "and its size do not agree");
    else if (codec == CODEC_STORED && block.size != bytes)
        part_fail(p, element, "is stored, but not of its size");
}

static void
take_block(struct part *p, struct prepared_item *item)
{
    item->codec = (enum codec)part_uint(p, "codec", CODEC_STORED, CODEC_ZSTD);
    item->article_bytes = (uint32_t)part_uint(p, "article_bytes", 0, RECORD_BYTES_MAX);
    item->raw_bytes = (uint32_t)part_uint(p, "raw_bytes", 0, RECORD_BYTES_MAX);
    item->block = part_bin(p, "block", RECORD_BYTES_MAX);
    if (part_failed(p))
        return;
    check_block(p, "block", item->codec, item->block,
        (uint64_t)item->article_bytes + item->raw_bytes);
    if ((item->fate == ITEM_READ) != (item->article_bytes != 0))
        part_fail(p, "article_bytes", "does not fit the fate of the item");
}

static void
take_item(struct part *p, struct prepared_item *item)
{
    (void)part_array(p, "head", ITEM_ELEMENTS, ITEM_ELEMENTS);
    take_fate(p, item);
    item->uri = part_str(p, "uri", article_rows[ARTICLE_URI].limit);
    if (!part_failed(p) && item->fate == ITEM_READ && item->uri.size == 0)
        part_fail(p, "uri", "is empty");
    item->has_id = part_bool(p, "has_id");
    item->has_key = part_bool(p, "has_key");
    item->correction = part_bool(p, "correction");
    item->version = part_str(p, "version", article_rows[ARTICLE_VERSION].limit);
    item->version_created_us = part_time(p, "version_created_us");
    take_axes(p, &item->axes);
    item->urgency = (uint8_t)part_uint(p, "urgency", 0, 9);
    item->language = part_str(p, "language", article_rows[ARTICLE_LANGUAGE].limit);
    item->headline = part_str(p, "headline", ARTICLE_HEADLINE_MAX);
    item->slugline = part_str(p, "slugline", article_rows[ARTICLE_SLUGLINE].limit);
    item->subjects = part_words(p, "subjects", WORDS_MAX);
    item->warnings = part_words(p, "warnings", WORDS_MAX);
    part_exact(p, "article_digest", item->article_digest.bytes, DIGEST_BYTES);
    part_exact(p, "key_digest", item->key_digest.bytes, DIGEST_BYTES);
    take_block(p, item);
}

static void
take_items(struct part *p, struct arena *arena, struct prepared *out)
{
    out->count = part_array(p, "items", 0, ARTICLE_ITEMS_MAX);
    out->items = arena_array(arena, out->count ? out->count : 1, sizeof *out->items);
    if (!out->items) {
        p->code = WIRE_NO_MEMORY;
        part_fail(p, "items", "do not fit into memory");
        return;
    }
    for (uint32_t i = 0; i < out->count && !part_failed(p); i++) {
        p->item = i;
        take_item(p, &out->items[i]);
    }
    p->item = -1;
}

// The raw of a submission lies in the block of its only item, or apart, never twice.
static void
check_raw(struct part *p, const struct prepared *out)
{
    uint32_t holders = out->raw_bytes != 0;
    for (uint32_t i = 0; i < out->count; i++)
        holders += out->items[i].raw_bytes != 0;
    if (holders > 1 || (holders && !out->raw_bytes && out->count != 1))
        part_fail(p, "raw_bytes", "say that the raw is kept twice");
}

void
prepared_take(struct part *p, struct arena *arena, struct prepared *out)
{
    part_begin(p, PREPARED_ELEMENTS, PREPARED_LAYOUT);
    out->normalizer = (uint16_t)part_uint(p, "normalizer", 0, UINT16_MAX);
    out->key_version = (uint16_t)part_uint(p, "key_version", 0, UINT16_MAX);
    out->format = part_str(p, "format", 32);
    out->raw_codec = (enum codec)part_uint(p, "raw_codec", CODEC_STORED, CODEC_ZSTD);
    out->raw_bytes = (uint32_t)part_uint(p, "raw_bytes", 0, RECORD_BYTES_MAX);
    out->raw_block = part_bin(p, "raw_block", RECORD_BYTES_MAX);
    if (!part_failed(p))
        check_block(p, "raw_block", out->raw_codec, out->raw_block, out->raw_bytes);
    take_items(p, arena, out);
    if (!part_failed(p))
        check_raw(p, out);
}

enum wire_err
prepared_decode_own(
    struct slice bytes, struct arena *arena, struct prepared *out, struct fault *fault)
{
    struct part p;
    struct prepared prepared = {0};
    part_open(&p, bytes, "prepared", WIRE_READER_ANSWER, fault);
    prepared_take(&p, arena, &prepared);
    if (!part_failed(&p))
        *out = prepared;
    return p.err;
}

enum wire_err
prepared_decode(
    struct slice bytes, struct arena *arena, struct prepared *out, struct fault *fault)
{
    struct prepared prepared;
    enum wire_err err = prepared_decode_own(bytes, arena, &prepared, fault);
    if (!err && prepared.count == 0)
        err = fault_set(fault, WIRE_READER_ANSWER, FAULT_NOWHERE, "items",
            "prepared: items: are none");
    if (!err)
        *out = prepared;
    return err;
}
