#include "formats/ninjs_version.h"

static bool
family_of_word(struct slice version, enum ninjs_family *out)
{
    if (version.size == 0 || version.data[0] < '1' || version.data[0] > '3')
        return false;
    if (version.size > 1 && version.data[1] != '.')
        return false;
    *out = (enum ninjs_family)(version.data[0] - '1');
    return true;
}

// ".../ninjs-schema_2.1.json#" and the like; the word is "2.1".
static struct slice
word_of_schema(struct slice schema)
{
    static const char mark[] = "ninjs-schema_";
    const uint8_t *at =
        schema.size ? memmem(schema.data, schema.size, mark, sizeof mark - 1) : NULL;
    if (!at)
        return slice_of(NULL, 0);
    struct slice word =
        slice_from(schema, (size_t)(at - schema.data) + sizeof mark - 1);
    size_t size = 0;
    while (size < word.size && size < 8 &&
           ((word.data[size] >= '0' && word.data[size] <= '9') ||
               (word.data[size] == '.' && size + 1 < word.size &&
                   word.data[size + 1] >= '0' && word.data[size + 1] <= '9')))
        size++;
    return slice_until(word, size);
}

static bool
declared(const struct value *item, enum ninjs_family *family, struct slice *word)
{
    const struct value *standard = value_get(item, "standard");
    if (!standard)
        standard = value_get(item, "$standard");
    struct slice name = value_text(value_get(standard, "name"));
    if (name.size && !slice_is(name, "ninjs"))
        return false;
    *word = value_text(value_get(standard, "version"));
    if (family_of_word(*word, family))
        return true;
    *word = word_of_schema(value_text(value_get(standard, "schema")));
    return family_of_word(*word, family);
}

static unsigned
like_prop(const struct prop *prop, const struct value *v, enum ninjs_family family)
{
    bool list = v->type == WIRE_ARRAY, map = v->type == WIRE_MAP;
    if ((prop->kind == PROP_TABLE && !map) || (prop->kind == PROP_LIST && map))
        return 0;
    if (prop->kind == PROP_LIST && list && v->list.count &&
        prop->shape != &ninjs_item) // one level is enough to tell
        return 1 + ninjs_likeness(&v->list.items[0], prop->shape, family);
    return 1;
}

unsigned
ninjs_likeness(
    const struct value *object, const struct shape *shape, enum ninjs_family family)
{
    unsigned count = 0;
    for (uint32_t i = 0; object->type == WIRE_MAP && i < object->map.count; i++) {
        const struct prop *prop = shape_prop(shape, family, object->map.pairs[i].key);
        if (prop)
            count += like_prop(prop, object->map.pairs[i].value, family);
    }
    return count;
}

enum ninjs_family
ninjs_version(const struct value *item, struct slice *word_out)
{
    static const char *const words[NINJS_FAMILIES] = {"1.x", "2.x", "3.x"};
    enum ninjs_family family = NINJS_3;
    if (declared(item, &family, word_out))
        return family;
    unsigned best = ninjs_likeness(item, &ninjs_item, NINJS_3);
    for (int f = NINJS_2; f >= NINJS_1; f--) {
        unsigned like = ninjs_likeness(item, &ninjs_item, (enum ninjs_family)f);
        if (like > best) {
            best = like;
            family = (enum ninjs_family)f;
        }
    }
    *word_out = slice_str(words[family]);
    return family;
}
