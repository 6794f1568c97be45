#include "formats/fields.h"

#include <math.h>

#include "formats/dates.h"
#include "formats/guess.h"
#include "formats/path.h"

enum article_field
fields_named(struct slice name)
{
    for (uint32_t i = 0; i < ARTICLE_FIELDS; i++)
        if (article_rows[i].name[0] == (char)(name.size ? name.data[0] : 0) &&
            slice_is(name, article_rows[i].name))
            return (enum article_field)i;
    return ARTICLE_FIELDS;
}

static bool
unknown_name(struct article *a, struct slice name)
{
    struct path path = path_key(NULL, name);
    char text[96];
    if (slice_is(name, "wr")) {
        (void)fault_set(&a->fault, WIRE_WR_FROM_OUTSIDE, FAULT_NOWHERE, "wr", "wr %s",
            "is written by wireroom alone");
        a->rejected = true;
        return false;
    }
    const char *meant = guess_name(name);
    path_text(&path, text, sizeof text);
    if (!meant)
        return path_invalid(a, &path, "is not a field of an article");
    (void)fault_set(&a->fault, WIRE_INVALID, FAULT_NOWHERE, text,
        "%s is not a field of an article; did you mean %s?", text, meant);
    return false;
}

// What a list entry may hold: anything JSON has. Nils are taken out, because absent and
// null mean the same and must pack alike.
static bool clean(struct article *a, struct value *v, const struct path *path);

static bool
clean_map(struct article *a, struct value *v, const struct path *path)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < v->map.count; i++) {
        struct value_pair pair = v->map.pairs[i];
        struct path below = path_key(path, pair.key);
        if (pair.value->type == WIRE_NIL)
            continue;
        if (!clean(a, pair.value, &below))
            return false;
        v->map.pairs[kept++] = pair;
    }
    v->map.count = kept;
    return true;
}

static bool
clean(struct article *a, struct value *v, const struct path *path)
{
    if (v->type == WIRE_BIN)
        return path_invalid(a, path, "is bytes, where JSON has none");
    if (v->type == WIRE_FLOAT && !isfinite(v->real))
        return path_invalid(a, path, "is not a finite number");
    if (v->type == WIRE_MAP)
        return clean_map(a, v, path);
    for (uint32_t i = 0; v->type == WIRE_ARRAY && i < v->list.count; i++) {
        struct path below = path_index(path, i);
        if (!clean(a, &v->list.items[i], &below))
            return false;
    }
    return true;
}

// Texts of headlines, descriptions and bodies are what people read: they must be text.
static bool
check_value(struct article *a, const struct value *entry, enum article_field field,
    const struct path *path)
{
    struct path below = path_key(path, SLICE("value"));
    const struct value *value = value_get(entry, "value");
    bool wanted = field == ARTICLE_HEADLINES || field == ARTICLE_DESCRIPTIONS ||
                  field == ARTICLE_BODIES;
    if (!wanted || (value && value->type == WIRE_STR))
        return true;
    return path_invalid(a, &below, value ? "is not text" : "is missing");
}

static bool
read_list(struct article *a, enum article_field field, struct value *v,
    const struct path *path)
{
    if (v->type == WIRE_MAP) { // one alone: standard, rightsInfo
        struct value list = value_list(a->arena, 1);
        if (!list.list.count)
            return true; // the arena remembers
        list.list.items[0] = *v;
        *v = list;
    }
    if (v->type != WIRE_ARRAY)
        return path_invalid(a, path, "is not a list");
    for (uint32_t i = 0; i < v->list.count; i++) {
        struct path below = path_index(path, i);
        struct value *entry = &v->list.items[i];
        if (entry->type != WIRE_MAP)
            return path_invalid(a, &below, "is not an object");
        if (!clean(a, entry, &below) || !check_value(a, entry, field, &below))
            return false;
    }
    if (v->list.count)
        a->field[field] = *v;
    return true;
}

static bool
read_number(struct article *a, enum article_field field, const struct value *v,
    const struct path *path)
{
    double n = v->type == WIRE_INT     ? (double)v->integer
               : v->type == WIRE_FLOAT ? v->real
                                       : -1;
    if (!(n >= 1 && n <= 1e6) || n != floor(n))
        return path_invalid(a, path, "is not a whole number from 1 up");
    article_set_number(a, field, (uint32_t)n);
    return true;
}

// A time is RFC 3339 text, or microseconds since 1970 UTC.
static bool
read_time(struct article *a, enum article_field field, const struct value *v,
    const struct format_input *input, const struct path *path)
{
    if (v->type == WIRE_INT && v->integer != TIME_NONE)
        article_set_time(a, field, v->integer, NULL, slice_of(NULL, 0));
    else if (v->type != WIRE_STR || !date_set(a, field, v->text, input->zone))
        return path_invalid(a, path, "is not a date");
    return true;
}

static bool
read_field(struct article *a, enum article_field field, struct value *v,
    const struct format_input *input, const struct path *path)
{
    switch (article_rows[field].kind) {
    case ARTICLE_KIND_TEXT:
    case ARTICLE_KIND_PROSE:
    case ARTICLE_KIND_WORD:
        if (v->type != WIRE_STR)
            return path_invalid(a, path, "is not text");
        article_set_text(a, field, v->text);
        return true;
    case ARTICLE_KIND_TIME:
        return read_time(a, field, v, input, path);
    case ARTICLE_KIND_NUMBER:
        return read_number(a, field, v, path);
    case ARTICLE_KIND_LIST:
        return read_list(a, field, v, path);
    }
    return true;
}

// Words with a fixed set of values; an unknown status must not pass for usable.
static const struct {
    enum article_field field;
    const char *const *words;
    const char *what;
} closed[] = {
    {ARTICLE_PUB_STATUS, (const char *const[]){"usable", "withheld", "canceled", NULL},
     "is not usable, withheld or canceled"},
    {ARTICLE_TYPE,
     (const char *const[]){"text", "picture", "audio", "video", "graphic",
            "composite", "component", "event", "planning", NULL},
     "is not a type that ninjs has"       },
};

static bool
check_words(struct article *a)
{
    for (size_t i = 0; i < sizeof closed / sizeof *closed; i++) {
        struct slice text = article_text(a, closed[i].field);
        const char *const *word = closed[i].words;
        while (*word && !slice_is(text, *word))
            word++;
        struct path path =
            path_key(NULL, slice_str(article_rows[closed[i].field].name));
        if (text.size && !*word)
            return path_invalid(a, &path, closed[i].what);
    }
    return true;
}

// Signals come as uri, name or bare value: "correction", "sig:correction", ".../correction".
static bool
says(const struct value *signal, const char *word)
{
    static const char *const keys[] = {"name", "uri", "literal", "value", "role"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct slice text = value_text(value_get(signal, keys[i]));
        size_t size = strlen(word);
        if (text.size < size || memcmp(text.data + text.size - size, word, size) != 0)
            continue;
        if (text.size == size || strchr(":/#", text.data[text.size - size - 1]))
            return true;
    }
    return false;
}

static void
read_signals(struct article *a)
{
    const struct value *signals = &a->field[ARTICLE_SIGNALS];
    for (uint32_t i = 0; signals->type == WIRE_ARRAY && i < signals->list.count; i++) {
        a->correction |= says(&signals->list.items[i], "correction");
        a->advisory |= says(&signals->list.items[i], "advisory");
    }
}

bool
fields_read(struct article *a, struct value *map, const struct format_input *input)
{
    if (map->type != WIRE_MAP)
        return path_invalid(a, NULL, "is not an object");
    for (uint32_t i = 0; i < map->map.count; i++) {
        struct value_pair *pair = &map->map.pairs[i];
        enum article_field field = fields_named(pair->key);
        struct path path = path_key(NULL, pair->key);
        if (field == ARTICLE_FIELDS)
            return unknown_name(a, pair->key);
        if (pair->value->type == WIRE_NIL)
            continue;
        if (!read_field(a, field, pair->value, input, &path))
            return false;
    }
    read_signals(a);
    return check_words(a);
}
