#include "formats/entry.h"

#include <strings.h>

#include "formats/dates.h"

void
entry_put(struct article *a, struct value *map, const char *key, struct slice text)
{
    if (map && text.size)
        value_set(map, key, value_of_text(text), a->arena);
}

static bool
same_text(const struct value *entry, const char *key, struct slice text)
{
    return slice_equal(value_text(value_get(entry, key)), text);
}

static bool
is_there(const struct article *a, enum article_field field, const struct concept *c)
{
    const struct value *list = &a->field[field];
    for (uint32_t i = 0; list->type == WIRE_ARRAY && i < list->list.count; i++) {
        const struct value *entry = &list->list.items[i];
        if (same_text(entry, "uri", c->uri) &&
            same_text(entry, "literal", c->literal) &&
            same_text(entry, "rel", c->rel) && same_text(entry, "role", c->role) &&
            same_text(entry, "scheme", c->scheme) &&
            (c->literal.size || c->uri.size || same_text(entry, "name", c->name)))
            return true;
    }
    return false;
}

bool
entry_full(const struct article *a, enum article_field field)
{
    const struct value *list = &a->field[field];
    return list->type == WIRE_ARRAY && list->list.count > article_rows[field].limit;
}

void
concept_add(struct article *a, enum article_field field, const struct concept *c)
{
    if ((!c->uri.size && !c->literal.size && !c->name.size) || entry_full(a, field) ||
        is_there(a, field, c))
        return;
    struct value *entry = article_add(a, field, 7);
    entry_put(a, entry, "uri", c->uri);
    entry_put(a, entry, "literal", c->literal);
    entry_put(a, entry, "name", c->name);
    entry_put(a, entry, "rel", c->rel);
    entry_put(a, entry, "role", c->role);
    entry_put(a, entry, "scheme", c->scheme);
    entry_put(a, entry, "creator", c->creator);
}

void
entry_add_id(struct article *a, const char *role, struct slice value)
{
    struct value *entry = value.size ? article_add(a, ARTICLE_ALT_IDS, 2) : NULL;
    entry_put(a, entry, "role", slice_str(role));
    entry_put(a, entry, "value", value);
}

void
entry_add_description(struct article *a, const char *role, struct slice text)
{
    const struct value *list = &a->field[ARTICLE_DESCRIPTIONS];
    for (uint32_t i = 0; list->type == WIRE_ARRAY && i < list->list.count; i++)
        if (same_text(&list->list.items[i], "value", text))
            return;
    struct value *entry = text.size ? article_add(a, ARTICLE_DESCRIPTIONS, 2) : NULL;
    entry_put(a, entry, "role", slice_str(role));
    entry_put(a, entry, "value", text);
}

void
entry_join(struct article *a, enum article_field field, struct slice text,
    const char *separator)
{
    struct slice before = article_text(a, field);
    if (!text.size)
        return;
    if (before.size && before.size + text.size <= 2 * (size_t)article_rows[field].limit)
        text = arena_printf(
            a->arena, "%.*s%s%.*s", SLICE_ARG(before), separator, SLICE_ARG(text));
    article_set_text(a, field, text);
}

bool
entry_set(struct article *a, enum article_field field, struct slice text)
{
    if (!text.size || a->field[field].type != WIRE_NIL)
        return false;
    article_set_text(a, field, text);
    return true;
}

void
entry_time(
    struct article *a, enum article_field field, struct slice text, struct slice zone)
{
    if (text.size)
        (void)date_set(a, field, text, zone);
}

void
entry_urgency(struct article *a, struct slice text)
{
    if (!text.size)
        return;
    if (text.size == 1 && text.data[0] >= '1' && text.data[0] <= '9')
        article_set_number(a, ARTICLE_URGENCY, text.data[0] - '0');
    else
        article_warn(a, "urgency-unknown", text);
}

static const struct {
    const char *word, *status;
    enum entry_status kind;
} statuses[] = {
    {"usable",    "usable",   ENTRY_USABLE   },
    {"open",      "usable",   ENTRY_USABLE   },
    {"released",  "usable",   ENTRY_USABLE   },
    {"published", "usable",   ENTRY_USABLE   },
    {"embargoed", "usable",   ENTRY_EMBARGOED},
    {"embargo",   "usable",   ENTRY_EMBARGOED},
    {"withheld",  "withheld", ENTRY_WITHHELD },
    {"withhold",  "withheld", ENTRY_WITHHELD },
    {"canceled",  "canceled", ENTRY_CANCELED },
    {"cancelled", "canceled", ENTRY_CANCELED },
    {"killed",    "canceled", ENTRY_CANCELED },
    {"deleted",   "canceled", ENTRY_CANCELED },
};

static bool
is_word(struct slice text, const char *word)
{
    return text.size == strlen(word) &&
           strncasecmp((const char *)text.data, word, text.size) == 0;
}

enum entry_status
entry_status(struct article *a, struct slice word)
{
    a->wr.declared_status = word;
    for (size_t i = 0; word.size && i < sizeof statuses / sizeof *statuses; i++)
        if (is_word(word, statuses[i].word)) {
            article_set_text(a, ARTICLE_PUB_STATUS, slice_str(statuses[i].status));
            return statuses[i].kind;
        }
    if (!word.size)
        return ENTRY_USABLE;
    article_warn(a, "status-unknown", word);
    article_set_text(a, ARTICLE_PUB_STATUS, SLICE("withheld"));
    return ENTRY_WITHHELD;
}

void
entry_embargo(struct article *a, struct slice until, struct slice zone)
{
    if (until.size && date_set(a, ARTICLE_EMBARGOED_UNTIL, until, zone))
        return;
    article_warn(a, "embargo-without-end", until);
    if (article_pub_status(a) != PUB_CANCELED)
        article_set_text(a, ARTICLE_PUB_STATUS, SLICE("withheld"));
}
