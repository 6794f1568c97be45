#include "formats/ninjs_shape.h"

#include <math.h>
#include <stdio.h>

#include "formats/dates.h"

#define QUOTED 40U // bytes of a text at fault that are shown

struct shaping {
    struct article *a;
    enum ninjs_family family;
};

static bool read_object(const struct shaping *s, struct value *object,
    const struct shape *shape, const struct path *path);

static bool
wrong(const struct shaping *s, const struct path *path, const char *what)
{
    return path_invalid(s->a, path, what);
}

// wrong_text quotes the text that is at fault, cut short.
static bool
wrong_text(const struct shaping *s, const struct path *path, struct slice said,
    const char *what)
{
    struct slice shown = slice_until(said, QUOTED);
    shown = slice_until(shown, utf8_valid_bytes(shown));
    struct slice words = arena_printf(s->a->arena, "\"%.*s%s\" %s", SLICE_ARG(shown),
        shown.size < said.size ? "..." : "", what);
    return wrong(s, path, words.size ? (const char *)words.data : what);
}

static bool
is_number(const struct value *v)
{
    return v->type == WIRE_INT || v->type == WIRE_UINT ||
           (v->type == WIRE_FLOAT && isfinite(v->real));
}

static bool
read_urgency(const struct shaping *s, const struct value *v, const struct path *path)
{
    if (!is_number(v))
        return wrong(s, path, "is not a number");
    bool small = v->type == WIRE_INT && v->integer >= 1 && v->integer <= 9;
    return s->family < NINJS_3 || small || wrong(s, path, "is not 1 to 9");
}

static bool
read_percent(const struct shaping *s, const struct value *v, const struct path *path)
{
    bool fits = v->type == WIRE_INT && v->integer >= 0 && v->integer <= 100;
    return fits || wrong(s, path, "is not a whole number from 0 to 100");
}

static bool
read_word(const struct shaping *s, const struct prop *prop, const struct value *v,
    const struct path *path)
{
    char what[160] = "is none of ";
    if (v->type != WIRE_STR)
        return wrong(s, path, "is not text");
    for (const char *const *word = prop->words; *word; word++) {
        size_t at = strlen(what);
        if (slice_is(v->text, *word))
            return true;
        (void)snprintf(what + at, sizeof what - at, "%s%s",
            word == prop->words ? "" : ", ", *word);
    }
    return wrong_text(s, path, v->text, what);
}

static bool
read_time(const struct shaping *s, const struct value *v, const struct path *path)
{
    struct date_read date;
    if (v->type != WIRE_STR)
        return wrong(s, path, "is not a date and time");
    return date_read_iso(v->text, &date) ||
           wrong_text(s, path, v->text, "is not a date and time");
}

static bool
read_list(const struct shaping *s, const struct prop *prop, struct value *v,
    const struct path *path)
{
    if (v->type != WIRE_ARRAY)
        return wrong(s, path, "is not a list");
    for (uint32_t i = 0; i < v->list.count; i++) {
        struct path below = path_index(path, i);
        struct value *entry = &v->list.items[i];
        if (prop->kind == PROP_LIST && !read_object(s, entry, prop->shape, &below))
            return false;
        if (prop->kind == PROP_TEXTS && entry->type != WIRE_STR)
            return wrong(s, &below, "is not text");
    }
    return true;
}

static bool
read_table(const struct shaping *s, const struct prop *prop, struct value *v,
    const struct path *path)
{
    if (v->type != WIRE_MAP)
        return wrong(s, path, "is not an object");
    for (uint32_t i = 0; i < v->map.count; i++) {
        struct path below = path_key(path, v->map.pairs[i].key);
        struct value *member = v->map.pairs[i].value;
        if (member->type != WIRE_NIL && !read_object(s, member, prop->shape, &below))
            return false;
    }
    return true;
}

static bool
read_prop(const struct shaping *s, const struct prop *prop, struct value *v,
    const struct path *path)
{
    switch (prop->kind) {
    case PROP_TEXT:
        return v->type == WIRE_STR || wrong(s, path, "is not text");
    case PROP_NUMBER:
        return is_number(v) || wrong(s, path, "is not a number");
    case PROP_INTEGER:
        return v->type == WIRE_INT || wrong(s, path, "is not a whole number");
    case PROP_PERCENT:
        return read_percent(s, v, path);
    case PROP_URGENCY:
        return read_urgency(s, v, path);
    case PROP_TIME:
    case PROP_DAY:
        return read_time(s, v, path);
    case PROP_WORD:
        return read_word(s, prop, v, path);
    case PROP_OBJECT:
        return read_object(s, v, prop->shape, path);
    case PROP_LIST:
    case PROP_TEXTS:
        return read_list(s, prop, v, path);
    case PROP_TABLE:
        return read_table(s, prop, v, path);
    case PROP_ANY:
        return v->type == WIRE_MAP || v->type == WIRE_ARRAY ||
               wrong(s, path, "is neither an object nor a list");
    }
    return true;
}

static bool
is_name_byte(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '_';
}

// 1.x: the schemas' pattern is not anchored at its end, so one good character is enough.
static bool
has_prefix(struct slice key, const char *prefix)
{
    size_t size = strlen(prefix);
    return key.size > size && memcmp(key.data, prefix, size) == 0 &&
           is_name_byte(key.data[size]);
}

const struct prop *
shape_prop(const struct shape *shape, enum ninjs_family family, struct slice key)
{
    for (size_t i = 0; i < shape->count; i++) {
        const struct prop *prop = &shape->props[i];
        const char *name = prop->name[family];
        if (!name || key.size == 0 || (uint8_t)name[0] != key.data[0])
            continue;
        if (prop->prefix ? has_prefix(key, name) : slice_is(key, name))
            return prop;
    }
    return NULL;
}

// A name that this family does not have but the canonical form does: kept as given it
// would stand beside the property that is renamed to it.
static bool
collides(const struct shape *shape, struct slice key)
{
    for (size_t i = 0; i < shape->count; i++)
        if (shape->props[i].name[NINJS_3] &&
            slice_is(key, shape->props[i].name[NINJS_3]))
            return true;
    return false;
}

static bool
read_pairs(const struct shaping *s, struct value *object, const struct shape *shape,
    const struct path *path)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < object->map.count; i++) {
        struct value_pair pair = object->map.pairs[i];
        struct path below = path_key(path, pair.key);
        const struct prop *prop = shape_prop(shape, s->family, pair.key);
        if (pair.value->type == WIRE_NIL) // null says nothing, and some wires write it
            continue;
        if (prop && !read_prop(s, prop, pair.value, &below))
            return false;
        if (!prop)
            path_warn(s->a, "unknown-field", &below);
        if (!prop && (!path || collides(shape, pair.key)))
            continue;
        if (prop && !prop->prefix && prop->name[NINJS_3])
            pair.key = slice_str(prop->name[NINJS_3]);
        object->map.pairs[kept++] = pair;
    }
    object->map.count = kept;
    return true;
}

// ninjs 2.0 lets an association go by a name alone; 2.1 does not. Which it is, is not always
// declared.
static bool
goes_by_name(const struct shaping *s, const struct value *object,
    const struct shape *shape, const struct path *path)
{
    struct slice word = s->a->wr.format_version; // "2.0", "2.1", "2", "2.x"
    bool may = word.size < 3 || word.data[2] == '0' || word.data[2] == 'x';
    if (!path || s->family != NINJS_2 || shape != &ninjs_item || !may ||
        value_text(value_get(object, "name")).size == 0)
        return false;
    path_warn(s->a, "no-uri", path);
    return true;
}

static bool
read_object(const struct shaping *s, struct value *object, const struct shape *shape,
    const struct path *path)
{
    if (object->type != WIRE_MAP)
        return wrong(s, path, "is not an object");
    if (!read_pairs(s, object, shape, path))
        return false;
    if (shape->required && s->family >= shape->required_from &&
        !value_get(object, shape->required) && !goes_by_name(s, object, shape, path)) {
        struct path missing = path_key(path, slice_str(shape->required));
        return wrong(s, &missing, "is missing");
    }
    const char *broken = shape->rule ? shape->rule(object) : NULL;
    return !broken || wrong(s, path, broken);
}

bool
shape_read(struct article *a, struct value *object, const struct shape *shape,
    enum ninjs_family family)
{
    struct shaping s = {a, family};
    return read_object(&s, object, shape, NULL);
}
