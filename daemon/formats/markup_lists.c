// Which of two tellings of one text stays: a source may give a body as plain text and as
// HTML, and the article carries it once.
#include "formats/markup.h"

static bool
is_markup(const struct value *entry)
{
    struct slice type = value_text(value_get(entry, "contentType"));
    return type.size && (memmem(type.data, type.size, "html", 4) ||
                            memmem(type.data, type.size, "xml", 3));
}

static uint32_t
blocks_of(struct slice text)
{
    uint32_t count = 1;
    for (size_t i = 1; i < text.size; i++)
        count += text.data[i] == '\n' && text.data[i - 1] == '\n';
    return count;
}

static struct value *
pair_value(struct value *map, const char *key)
{
    for (uint32_t i = 0; map->type == WIRE_MAP && i < map->map.count; i++)
        if (slice_is(map->map.pairs[i].key, key))
            return map->map.pairs[i].value;
    return NULL;
}

#define TWINS_MAX 64U // entries of a list that are looked at for twins

// A list while its markup is resolved: entries kept, and which of them were markup.
struct resolved {
    struct value *list;
    uint32_t kept;
    uint64_t markup;
};

// The kept entry of the same role that came the other way, plain for markup and markup
// for plain; NULL if there is none.
static struct value *
twin_of(const struct resolved *r, const struct value *entry, bool markup)
{
    struct slice role = value_text(value_get(entry, "role"));
    for (uint32_t i = 0; i < r->kept && i < TWINS_MAX; i++) {
        struct value *other = &r->list->list.items[i];
        if (((r->markup >> i) & 1) != markup &&
            slice_equal(value_text(value_get(other, "role")), role))
            return other;
    }
    return NULL;
}

static void
keep(struct resolved *r, struct value *entry, bool markup)
{
    if (markup && r->kept < TWINS_MAX)
        r->markup |= 1ULL << r->kept;
    r->list->list.items[r->kept++] = *entry;
}

// Markup knows its blocks; plain text beside it has often lost them.
static void
keep_better(struct value *twin, const struct value *entry, bool markup)
{
    struct slice have = value_text(value_get(twin, "value"));
    struct slice offered = value_text(value_get(entry, "value"));
    uint32_t old = have.size ? blocks_of(have) : 0;
    uint32_t new = offered.size ? blocks_of(offered) : 0;
    if (new > old || (new == old && !markup))
        *twin = *entry;
}

// Returns how many entries were markup.
static uint32_t
resolve(struct value *list, struct arena *arena)
{
    struct resolved r = {.list = list};
    uint32_t count = list && list->type == WIRE_ARRAY ? list->list.count : 0,
             changed = 0;
    for (uint32_t i = 0; i < count; i++) {
        struct value entry = list->list.items[i];
        struct value *value = pair_value(&entry, "value");
        bool markup = value && value->type == WIRE_STR && is_markup(&entry);
        if (markup) {
            value->text = markup_text(value->text, arena);
            *pair_value(&entry, "contentType") = value_of_text(SLICE("text/plain"));
            changed++;
        }
        struct value *twin = twin_of(&r, &entry, markup);
        if (twin)
            keep_better(twin, &entry, markup);
        else
            keep(&r, &entry, markup);
    }
    if (count)
        list->list.count = r.kept;
    return changed;
}

static void
resolve_field(struct article *a, enum article_field field)
{
    uint32_t changed = resolve(&a->field[field], a->arena);
    if (changed)
        article_changed(a, "html-text", article_rows[field].name, changed);
}

static uint32_t resolve_items(struct value *items, struct arena *arena);

// An association is an item with fields of its own, and associations in it.
static uint32_t
resolve_item(struct value *item, struct arena *arena)
{
    if (item->type != WIRE_MAP)
        return 0;
    return resolve(pair_value(item, "headlines"), arena) +
           resolve(pair_value(item, "descriptions"), arena) +
           resolve(pair_value(item, "bodies"), arena) +
           resolve_items(pair_value(item, "associations"), arena);
}

static uint32_t
resolve_items(struct value *items, struct arena *arena)
{
    uint32_t changed = 0;
    for (uint32_t i = 0; items && items->type == WIRE_ARRAY && i < items->list.count;
         i++)
        changed += resolve_item(&items->list.items[i], arena);
    return changed;
}

void
markup_resolve(struct article *a)
{
    resolve_field(a, ARTICLE_HEADLINES);
    resolve_field(a, ARTICLE_DESCRIPTIONS);
    resolve_field(a, ARTICLE_BODIES);
    uint32_t changed = resolve_items(&a->field[ARTICLE_ASSOCIATIONS], a->arena);
    if (changed)
        article_changed(a, "html-text", "associations", changed);
}
