// The article in memory: a value for each row of fields.def, got and set by kind.
#include "article/article.h"

// clang-format off
const struct article_row article_rows[ARTICLE_FIELDS] = {
#define IN true
#define OUT false
#define FIELD(id, name, kind, limit, digest, doc) {name, ARTICLE_KIND_##kind, limit, digest},
#include "article/fields.def"
#undef FIELD
#undef OUT
#undef IN
};
// clang-format on

struct article *
article_new(struct arena *arena)
{
    struct article *a = ARENA_NEW(arena, struct article);
    if (!a)
        return NULL;
    a->arena = arena;
    a->fault = FAULT_NONE;
    return a;
}

struct slice
article_text(const struct article *a, enum article_field field)
{
    return value_text(&a->field[field]);
}

int64_t
article_time_us(const struct article *a, enum article_field field)
{
    const struct value *v = &a->field[field];
    return v->type == WIRE_INT ? v->integer : TIME_NONE;
}

uint32_t
article_number(const struct article *a, enum article_field field)
{
    const struct value *v = &a->field[field];
    bool fits = v->type == WIRE_INT && v->integer > 0 && v->integer <= UINT32_MAX;
    return fits ? (uint32_t)v->integer : 0;
}

enum pub_status
article_pub_status(const struct article *a)
{
    struct slice word = article_text(a, ARTICLE_PUB_STATUS);
    if (slice_is(word, "canceled"))
        return PUB_CANCELED;
    return slice_is(word, "withheld") ? PUB_WITHHELD : PUB_USABLE;
}

static uint32_t
list_count(const struct article *a, enum article_field field)
{
    const struct value *v = &a->field[field];
    return v->type == WIRE_ARRAY ? v->list.count : 0;
}

// The value of the first entry whose key is word; of the first entry with a value at all
// when key is NULL.
static struct slice
first_value(const struct article *a, enum article_field field, const char *key,
    const char *word)
{
    for (uint32_t i = 0; i < list_count(a, field); i++) {
        const struct value *entry = &a->field[field].list.items[i];
        struct slice text = value_text(value_get(entry, "value"));
        if (text.size && (!key || slice_is(value_text(value_get(entry, key)), word)))
            return text;
    }
    return slice_of(NULL, 0);
}

struct slice
article_headline(const struct article *a)
{
    struct slice text = first_value(a, ARTICLE_HEADLINES, "role", "main");
    return text.size ? text : first_value(a, ARTICLE_HEADLINES, NULL, NULL);
}

static bool
is_plain(const struct value *body)
{
    struct slice type = value_text(value_get(body, "contentType"));
    return type.size == 0 || slice_is(type, "text/plain");
}

struct slice
article_body(const struct article *a)
{
    struct slice first = slice_of(NULL, 0);
    for (uint32_t i = 0; i < list_count(a, ARTICLE_BODIES); i++) {
        const struct value *body = &a->field[ARTICLE_BODIES].list.items[i];
        struct slice text = value_text(value_get(body, "value"));
        if (text.size == 0 || !is_plain(body))
            continue;
        if (slice_is(value_text(value_get(body, "role")), "main"))
            return text;
        if (first.size == 0)
            first = text;
    }
    return first;
}

void
article_set_text(struct article *a, enum article_field field, struct slice text)
{
    a->field[field] =
        text.size ? value_of_text(text) : (struct value){.type = WIRE_NIL};
}

void
article_set_number(struct article *a, enum article_field field, uint32_t n)
{
    a->field[field] = n ? value_of_int(n) : (struct value){.type = WIRE_NIL};
}

struct value *
article_add(struct article *a, enum article_field field, uint32_t pairs)
{
    struct value *list = &a->field[field];
    uint32_t count = list_count(a, field);
    if (count > article_rows[field].limit) // article_check will say so; grow no further
        return NULL;
    struct value *items = arena_grow(
        a->arena, count ? list->list.items : NULL, count, count + 1, sizeof *items);
    if (!items)
        return NULL;
    items[count] = value_map(a->arena, pairs);
    *list = (struct value){
        .type = WIRE_ARRAY, .list = {items, count + 1}
    };
    return items[count].map.pairs || !pairs ? &items[count] : NULL;
}

static void
add_value(struct article *a, enum article_field field, const char *key,
    const char *word, const char *content_type, struct slice text)
{
    struct value *entry = article_add(a, field, 3);
    if (!entry)
        return;
    if (content_type)
        value_set(
            entry, "contentType", value_of_text(slice_str(content_type)), a->arena);
    value_set(entry, key, value_of_text(slice_str(word)), a->arena);
    value_set(entry, "value", value_of_text(text), a->arena);
}

void
article_add_headline(struct article *a, const char *role, struct slice text)
{
    add_value(a, ARTICLE_HEADLINES, "role", role, NULL, text);
}

void
article_add_body(struct article *a, const char *content_type, struct slice text)
{
    add_value(a, ARTICLE_BODIES, "role", "main", content_type, text);
}

void
article_add_person(struct article *a, const char *rel, struct slice name)
{
    struct value *person = article_add(a, ARTICLE_PEOPLE, 2);
    if (!person)
        return;
    value_set(person, "name", value_of_text(name), a->arena);
    value_set(person, "rel", value_of_text(slice_str(rel)), a->arena);
}
