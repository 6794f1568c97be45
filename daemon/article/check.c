// Limits of fields.def, held against an article that is ready. What is over a limit is
// refused by name, never cut: a shortened headline is a wrong headline.
#include <stdio.h>

#include "article/article.h"

static bool
refuse(struct article *a, enum wire_err code, const char *field, const char *words,
    uint64_t have, uint64_t limit)
{
    (void)fault_set(&a->fault, code, FAULT_NOWHERE, field,
        "%s: %s is %llu, at most %llu", field, words, (unsigned long long)have,
        (unsigned long long)limit);
    a->rejected = true;
    return false;
}

static bool
check_text(struct article *a, const struct article_row *row, const struct value *v)
{
    struct slice text = value_text(v);
    if (text.size <= row->limit)
        return true;
    return refuse(
        a, WIRE_FIELD_TOO_LONG, row->name, "length in bytes", text.size, row->limit);
}

static bool
check_number(struct article *a, const struct article_row *row, const struct value *v)
{
    if (v->type != WIRE_INT || (v->integer >= 0 && v->integer <= row->limit))
        return true;
    (void)fault_set(&a->fault, WIRE_INVALID, FAULT_NOWHERE, row->name,
        "%s is %lld, not 1 to %u", row->name, (long long)v->integer, row->limit);
    a->rejected = true;
    return false;
}

static uint32_t
depth_of(const struct value *v)
{
    uint32_t deepest = 0, count = v->type == WIRE_ARRAY ? v->list.count : 0;
    if (v->type == WIRE_MAP)
        count = v->map.count;
    else if (v->type != WIRE_ARRAY)
        return 0;
    for (uint32_t i = 0; i < count; i++) {
        bool map = v->type == WIRE_MAP;
        uint32_t depth = depth_of(map ? v->map.pairs[i].value : &v->list.items[i]);
        deepest = depth > deepest ? depth : deepest;
    }
    return deepest + 1;
}

static bool
check_list(struct article *a, const struct article_row *row, const struct value *v)
{
    if (v->type == WIRE_ARRAY && v->list.count > row->limit)
        return refuse(
            a, WIRE_TOO_MANY_FIELDS, row->name, "the count", v->list.count, row->limit);
    uint32_t depth = depth_of(v);
    if (depth <= ARTICLE_DEPTH_MAX)
        return true;
    return refuse(a, WIRE_TOO_DEEP, row->name, "nesting", depth, ARTICLE_DEPTH_MAX);
}

static bool
check_field(struct article *a, uint32_t field)
{
    const struct article_row *row = &article_rows[field];
    const struct value *v = &a->field[field];
    switch (row->kind) {
    case ARTICLE_KIND_TEXT:
    case ARTICLE_KIND_PROSE:
    case ARTICLE_KIND_WORD:
        return check_text(a, row, v);
    case ARTICLE_KIND_NUMBER:
        return check_number(a, row, v);
    case ARTICLE_KIND_LIST:
        return check_list(a, row, v);
    case ARTICLE_KIND_TIME:
        return true;
    }
    return true;
}

static const struct value *
entry_value(const struct article *a, enum article_field field, uint32_t i)
{
    return value_get(&a->field[field].list.items[i], "value");
}

static uint32_t
entries(const struct article *a, enum article_field field)
{
    return a->field[field].type == WIRE_ARRAY ? a->field[field].list.count : 0;
}

static bool
check_headlines(struct article *a)
{
    for (uint32_t i = 0; i < entries(a, ARTICLE_HEADLINES); i++) {
        size_t size = value_text(entry_value(a, ARTICLE_HEADLINES, i)).size;
        if (size <= ARTICLE_HEADLINE_MAX)
            continue;
        char path[40];
        (void)snprintf(path, sizeof path, "headlines[%u].value", i);
        return refuse(a, WIRE_FIELD_TOO_LONG, path, "length in bytes", size,
            ARTICLE_HEADLINE_MAX);
    }
    return true;
}

// Blocks of plain text are parted by empty lines.
static uint32_t
count_blocks(struct slice text)
{
    uint32_t blocks = 1;
    if (text.size == 0)
        return 0;
    const uint8_t *at = text.data, *end = text.data + text.size;
    while (at < end && (at = memchr(at, '\n', (size_t)(end - at))) && at + 1 < end) {
        blocks += at[1] == '\n';
        at += 1 + (at[1] == '\n');
    }
    return blocks;
}

static bool
check_bodies(struct article *a)
{
    size_t bytes = 0;
    uint32_t blocks = 0;
    for (uint32_t i = 0; i < entries(a, ARTICLE_BODIES); i++) {
        struct slice text = value_text(entry_value(a, ARTICLE_BODIES, i));
        uint32_t here = count_blocks(text);
        bytes += text.size;
        blocks = here > blocks ? here : blocks;
    }
    if (bytes > ARTICLE_TEXT_MAX)
        return refuse(a, WIRE_FIELD_TOO_LONG, "bodies", "length in bytes of all", bytes,
            ARTICLE_TEXT_MAX);
    if (blocks > ARTICLE_BLOCKS_MAX)
        return refuse(a, WIRE_TOO_MANY_FIELDS, "bodies", "the count of blocks", blocks,
            ARTICLE_BLOCKS_MAX);
    return true;
}

bool
article_check(struct article *a)
{
    if (a->fault.code)
        return false;
    for (uint32_t i = 0; i < ARTICLE_FIELDS; i++)
        if (!check_field(a, i))
            return false;
    return check_headlines(a) && check_bodies(a);
}

static bool
has_text(const struct article *a, enum article_field field)
{
    for (uint32_t i = 0; i < entries(a, field); i++)
        if (value_text(entry_value(a, field, i)).size)
            return true;
    return false;
}

static bool
is_empty(const struct article *a)
{
    return !has_text(a, ARTICLE_HEADLINES) && !has_text(a, ARTICLE_BODIES) &&
           !has_text(a, ARTICLE_DESCRIPTIONS) && !entries(a, ARTICLE_ASSOCIATIONS) &&
           !entries(a, ARTICLE_RENDITIONS);
}

bool
article_check_empty(struct article *a)
{
    if (a->fault.code)
        return false;
    // An order to withhold or cancel needs no text, and must not fail for want of it.
    if (article_pub_status(a) != PUB_USABLE || !is_empty(a))
        return true;
    if (a->bare && article_text(a, ARTICLE_URI).size) {
        article_warn(a, "no-content", slice_of(NULL, 0));
        return true;
    }
    (void)fault_set(&a->fault, WIRE_EMPTY_ARTICLE, FAULT_NOWHERE, "",
        "no headline, body, description, association or rendition");
    return false;
}
