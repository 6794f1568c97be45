#include "formats/ninjs_first.h"

struct lift {
    struct arena *arena;
    struct value out; // the item as 3.1 has it
    struct value headlines, descriptions, bodies;
};

// The lists that gather texts have room for every property of the item.
static struct value
empty_list(struct arena *arena, uint32_t room)
{
    struct value list = value_list(arena, room);
    list.list.count = 0;
    return list;
}

static void
put_slice(struct value *map, const char *key, struct slice text, struct arena *arena)
{
    if (text.size)
        value_set(map, key, value_of_text(text), arena);
}

static void
add_text(struct lift *l, struct value *list, struct slice role,
    const char *content_type, const struct value *value)
{
    struct value entry = value_map(l->arena, 3);
    if (!list->list.items || !entry.map.pairs)
        return;
    put_slice(&entry, "contentType", slice_str(content_type), l->arena);
    put_slice(&entry, "role", role, l->arena);
    value_set(&entry, "value", *value, l->arena);
    list->list.items[list->list.count++] = entry;
}

// What stands behind body_ and description_ is a content type or a role. Longer words
// come first; body_html5 is met and means html.
static const struct {
    const char *suffix, *content_type;
} content_types[] = {
    {"xhtml", "application/xhtml+xml"},
    {"html",  "text/html"            },
    {"text",  "text/plain"           },
};

static void
add_typed(struct lift *l, struct value *list, struct slice suffix, const char *role,
    const struct value *value)
{
    for (size_t i = 0; i < sizeof content_types / sizeof *content_types; i++)
        if (slice_starts(suffix, slice_str(content_types[i].suffix))) {
            add_text(l, list, slice_str(role), content_types[i].content_type, value);
            return;
        }
    bool main = slice_is(suffix, "main");
    add_text(l, list, main ? slice_str(role) : suffix, "", value);
}

static bool
lift_text(struct lift *l, const struct value_pair *pair)
{
    static const struct slice headline = {(const uint8_t *)"headline_", 9};
    static const struct slice description = {(const uint8_t *)"description_", 12};
    static const struct slice body = {(const uint8_t *)"body_", 5};
    if (slice_is(pair->key, "headline"))
        add_text(l, &l->headlines, SLICE("main"), "", pair->value);
    else if (slice_starts(pair->key, headline))
        add_text(
            l, &l->headlines, slice_from(pair->key, headline.size), "", pair->value);
    else if (slice_starts(pair->key, description))
        add_typed(l, &l->descriptions, slice_from(pair->key, description.size), "",
            pair->value);
    else if (slice_starts(pair->key, body))
        add_typed(l, &l->bodies, slice_from(pair->key, body.size), "main", pair->value);
    else
        return false;
    return true;
}

static bool
ends_open(struct slice scheme)
{
    return scheme.size && strchr("/#:=", scheme.data[scheme.size - 1]);
}

// A scheme that ends where a code begins makes a uri of the two, unless there is one; else
// the code stays a literal beside its scheme. full names the key of the whole identifier.
static void
lift_concept(struct value *concept, const char *full, struct arena *arena)
{
    struct slice scheme = value_text(value_get(concept, "scheme"));
    struct slice code = value_text(value_get(concept, "code"));
    if (!code.size || value_get(concept, "literal"))
        return;
    bool whole = ends_open(scheme) && !value_get(concept, full);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < concept->map.count; i++) {
        struct value_pair pair = concept->map.pairs[i];
        if (whole && slice_is(pair.key, "scheme"))
            continue;
        if (slice_is(pair.key, "code")) {
            pair.key = slice_str(whole ? full : "literal");
            if (whole)
                pair.value->text =
                    arena_printf(arena, "%.*s%.*s", SLICE_ARG(scheme), SLICE_ARG(code));
        }
        concept->map.pairs[kept++] = pair;
    }
    concept->map.count = kept;
}

static bool
is_concepts(struct slice name)
{
    static const char *const names[] = {"people", "organisations", "places", "subjects",
        "events", "objects", "infoSources", "genres"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (slice_is(name, names[i]))
            return true;
    return false;
}

static void
lift_concepts(struct lift *l, const struct value_pair *pair)
{
    bool trust = slice_is(pair->key, "trustIndicators");
    if (!trust && !is_concepts(pair->key))
        return;
    for (uint32_t i = 0; pair->value->type == WIRE_ARRAY && i < pair->value->list.count;
         i++)
        lift_concept(&pair->value->list.items[i], trust ? "role" : "uri", l->arena);
}

// {"name": {...}} becomes [{"name": "name", ...}].
static void
lift_table(struct lift *l, const char *name, struct value *table, bool items)
{
    struct value list = empty_list(l->arena, table->map.count);
    for (uint32_t i = 0; list.list.items && i < table->map.count; i++) {
        struct value *member = table->map.pairs[i].value;
        if (member->type != WIRE_MAP)
            continue;
        if (items)
            ninjs_first_lift(member, l->arena);
        struct value entry = value_map(l->arena, member->map.count + 1);
        if (!entry.map.pairs)
            return;
        value_set(&entry, "name", value_of_text(table->map.pairs[i].key), l->arena);
        memcpy(entry.map.pairs + entry.map.count, member->map.pairs,
            member->map.count * sizeof *member->map.pairs);
        entry.map.count += member->map.count;
        list.list.items[list.list.count++] = entry;
    }
    value_set(&l->out, name, list, l->arena);
}

static void
lift_alternative_ids(struct lift *l, struct value *table)
{
    struct value list = empty_list(l->arena, table->map.count);
    for (uint32_t i = 0; list.list.items && i < table->map.count; i++) {
        struct value entry = value_map(l->arena, 2);
        if (!entry.map.pairs)
            return;
        value_set(&entry, "role", value_of_text(table->map.pairs[i].key), l->arena);
        value_set(&entry, "value", *table->map.pairs[i].value, l->arena);
        list.list.items[list.list.count++] = entry;
    }
    value_set(&l->out, "altIds", list, l->arena);
}

static void
lift_pair(struct lift *l, const struct value_pair *pair)
{
    if (lift_text(l, pair))
        return;
    bool table = pair->value->type == WIRE_MAP;
    if (table && slice_is(pair->key, "renditions"))
        lift_table(l, "renditions", pair->value, false);
    else if (table && slice_is(pair->key, "associations"))
        lift_table(l, "associations", pair->value, true);
    else if (table && slice_is(pair->key, "altids"))
        lift_alternative_ids(l, pair->value);
    else {
        lift_concepts(l, pair);
        l->out.map.pairs[l->out.map.count++] = *pair;
    }
}

static void
put_list(struct lift *l, const char *name, struct value list)
{
    if (list.list.count)
        value_set(&l->out, name, list, l->arena);
}

void
ninjs_first_lift(struct value *item, struct arena *arena)
{
    uint32_t room = item->map.count;
    struct lift l = {arena, value_map(arena, room + 3), empty_list(arena, room),
        empty_list(arena, room), empty_list(arena, room)};
    if (!l.out.map.pairs)
        return;
    for (uint32_t i = 0; i < item->map.count; i++)
        lift_pair(&l, &item->map.pairs[i]);
    put_list(&l, "headlines", l.headlines);
    put_list(&l, "descriptions", l.descriptions);
    put_list(&l, "bodies", l.bodies);
    *item = l.out;
}
