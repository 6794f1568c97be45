// HTML that stands in fields of other formats. A source may give a body as plain text and as
// HTML, and the article carries its text once, and its HTML if that says more.
#include "formats/markup.h"

#include "formats/html.h"

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

// A list while its markup is resolved: entries kept, and which of them were markup. The HTML
// of bodies is put behind all texts.
struct resolved {
    struct article *a;
    struct value *list;
    const char *field; // of the article
    struct value *html;
    bool keeps_html;
    uint32_t kept, html_count, changed;
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

static void
warn(const struct resolved *r, const char *code)
{
    article_warn(r->a, code, slice_str(r->field));
}

// What of a piece of HTML has no place in the text, or is not as it should be.
static void
say(const struct resolved *r, const struct html_done *done)
{
    if (done->twice)
        warn(r, "escaped-twice");
    if (done->blocks.dropped)
        warn(r, "markup-dropped");
}

static void
add_html(struct resolved *r, const struct value *entry, const struct blocks_done *done)
{
    struct value html = value_map(r->a->arena, 3);
    const struct value *role = value_get(entry, "role");
    if (done->html_too_long || !html.map.pairs) {
        warn(r, "not-carried");
        return;
    }
    value_set(&html, "contentType", value_of_text(SLICE("text/html")), r->a->arena);
    if (role)
        value_set(&html, "role", *role, r->a->arena);
    value_set(&html, "value", value_of_text(done->html), r->a->arena);
    r->html[r->html_count++] = html;
}

static void
read_markup(struct resolved *r, struct value *entry)
{
    struct value *value = pair_value(entry, "value");
    struct html_done done = html_blocks(value->text, r->a->arena);
    say(r, &done);
    value->text = done.blocks.plain;
    *pair_value(entry, "contentType") = value_of_text(SLICE("text/plain"));
    r->changed++;
    if (r->keeps_html && done.blocks.html.size)
        add_html(r, entry, &done.blocks);
}

static void
resolve_entry(struct resolved *r, struct value entry)
{
    const struct value *value = value_get(&entry, "value");
    bool markup = value && value->type == WIRE_STR && is_markup(&entry);
    if (markup)
        read_markup(r, &entry);
    struct value *twin = twin_of(r, &entry, markup);
    if (twin)
        keep_better(twin, &entry, markup);
    else
        keep(r, &entry, markup);
}

// The HTML goes behind the texts as far as there is room: it is the copy of the two.
static void
append_html(struct resolved *r)
{
    uint32_t limit = article_rows[ARTICLE_BODIES].limit;
    uint32_t room = r->kept < limit ? limit - r->kept : 0;
    uint32_t count = r->html_count < room ? r->html_count : room;
    struct value *items = arena_grow(
        r->a->arena, r->list->list.items, r->kept, r->kept + count, sizeof *items);
    if (count < r->html_count)
        warn(r, "not-carried");
    if (!items)
        return;
    if (count)
        memcpy(items + r->kept, r->html, count * sizeof *items);
    r->list->list.items = items;
    r->list->list.count = r->kept + count;
}

// Returns how many entries were markup.
static uint32_t
resolve(struct article *a, struct value *list, const char *field, bool keeps_html)
{
    struct resolved r = {
        .a = a, .list = list, .field = field, .keeps_html = keeps_html};
    uint32_t count = list && list->type == WIRE_ARRAY ? list->list.count : 0;
    if (count == 0)
        return 0;
    if (keeps_html && !(r.html = arena_array(a->arena, count, sizeof *r.html)))
        return 0;
    for (uint32_t i = 0; i < count; i++)
        resolve_entry(&r, list->list.items[i]);
    list->list.count = r.kept;
    if (r.html_count)
        append_html(&r);
    return r.changed;
}

static void
resolve_field(struct article *a, enum article_field field)
{
    const char *name = article_rows[field].name;
    uint32_t changed = resolve(a, &a->field[field], name, field == ARTICLE_BODIES);
    if (changed)
        article_changed(a, "html-text", name, changed);
}

static uint32_t resolve_items(struct article *a, struct value *items);

// An association is an item with fields of its own, and associations in it.
static uint32_t
resolve_item(struct article *a, struct value *item)
{
    if (item->type != WIRE_MAP)
        return 0;
    return resolve(a, pair_value(item, "headlines"), "associations", false) +
           resolve(a, pair_value(item, "descriptions"), "associations", false) +
           resolve(a, pair_value(item, "bodies"), "associations", true) +
           resolve_items(a, pair_value(item, "associations"));
}

static uint32_t
resolve_items(struct article *a, struct value *items)
{
    uint32_t changed = 0;
    for (uint32_t i = 0; items && items->type == WIRE_ARRAY && i < items->list.count;
         i++)
        changed += resolve_item(a, &items->list.items[i]);
    return changed;
}

void
markup_resolve(struct article *a)
{
    resolve_field(a, ARTICLE_HEADLINES);
    resolve_field(a, ARTICLE_DESCRIPTIONS);
    resolve_field(a, ARTICLE_BODIES);
    uint32_t changed = resolve_items(a, &a->field[ARTICLE_ASSOCIATIONS]);
    if (changed)
        article_changed(a, "html-text", "associations", changed);
}
