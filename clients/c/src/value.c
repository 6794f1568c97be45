// Reading values in place: the public face of wire_reader, for values checked on arrival.
#include "value.h"

#include <stdlib.h>

// A document may be 32 deep; a list of changes with articles in them goes round it.
static const struct wire_limits limits = {.depth = 40, .values = 400000, .map = 256};

bool
value_sound(struct slice bytes)
{
    uint64_t at;
    return wire_scan(bytes, &limits, &at) == WIRE_OK;
}

struct wireroom_value
value_of(struct slice bytes)
{
    return (struct wireroom_value){bytes.data, bytes.size};
}

static struct wire_reader
reader(struct wireroom_value value)
{
    return wire_reader(slice_of(value.data, value.size));
}

static bool
is(struct wireroom_value value, enum wire_type type)
{
    struct wire_reader r = reader(value);
    return value.size > 0 && wire_peek(&r) == type;
}

struct wireroom_value
wireroom_member(struct wireroom_value map, const char *key)
{
    struct wire_reader r = reader(map);
    if (!is(map, WIRE_MAP))
        return value_of(slice_of(NULL, 0));
    for (uint32_t left = wire_read_map(&r); left > 0 && !r.err; left--) {
        bool found = slice_is(wire_read_str(&r), key);
        struct slice value = wire_skip(&r);
        if (found)
            return value_of(value);
    }
    return value_of(slice_of(NULL, 0));
}

const char *
wireroom_text(struct wireroom_value value, size_t *size_out)
{
    struct wire_reader r = reader(value);
    struct slice text = slice_of(NULL, 0);
    if (is(value, WIRE_STR))
        text = wire_read_str(&r);
    else if (is(value, WIRE_BIN))
        text = wire_read_bin(&r);
    *size_out = text.size;
    return (const char *)text.data;
}

const char *
wireroom_copy_text(struct wireroom_value value, char *to, size_t size)
{
    size_t length;
    const char *text = wireroom_text(value, &length);
    if (size == 0)
        return to;
    if (length >= size)
        for (length = size - 1; length > 0 && (text[length] & 0xc0) == 0x80;)
            length--; // not in the middle of a character
    if (length > 0)
        memcpy(to, text, length);
    to[length] = '\0';
    return to;
}

uint64_t
wireroom_uint(struct wireroom_value value)
{
    struct wire_reader r = reader(value);
    return is(value, WIRE_INT) || is(value, WIRE_UINT) ? wire_read_uint(&r) : 0;
}

int64_t
wireroom_int(struct wireroom_value value)
{
    struct wire_reader r = reader(value);
    return is(value, WIRE_INT) ? wire_read_int(&r) : 0;
}

bool
wireroom_bool(struct wireroom_value value)
{
    struct wire_reader r = reader(value);
    return is(value, WIRE_BOOL) && wire_read_bool(&r);
}

struct wireroom_elements
wireroom_elements(struct wireroom_value list)
{
    struct wire_reader r = reader(list);
    if (!is(list, WIRE_ARRAY))
        return (struct wireroom_elements){NULL, 0, 0};
    uint32_t count = wire_read_array(&r);
    struct slice rest = slice_from(r.bytes, r.at);
    return (struct wireroom_elements){rest.data, rest.size, count};
}

bool
wireroom_element(struct wireroom_elements *elements, struct wireroom_value *out)
{
    struct wire_reader r = wire_reader(slice_of(elements->at, elements->size));
    if (elements->left == 0)
        return false;
    struct slice one = wire_skip(&r);
    struct slice rest = slice_from(r.bytes, r.at);
    *elements = (struct wireroom_elements){rest.data, rest.size, elements->left - 1};
    *out = value_of(one);
    return one.size > 0;
}

char *
wireroom_explanation(struct wireroom_value explanation)
{
    struct wire_writer text = {0};
    struct slice bytes = slice_of(explanation.data, explanation.size);
    if (!value_sound(bytes))
        return NULL;
    explanation_text(bytes, &text);
    wire_put_raw(&text, slice_of("", 1));
    if (!text.failed)
        return (char *)text.data;
    wire_writer_fini(&text);
    return NULL;
}

char *
wireroom_json(struct wireroom_value value, bool pretty)
{
    struct wire_writer text = {0};
    struct slice bytes = slice_of(value.data, value.size);
    if (!value_sound(bytes))
        return NULL;
    wire_to_json(bytes, pretty ? WIRE_JSON_PRETTY : WIRE_JSON_COMPACT, &text);
    wire_put_raw(&text, slice_of("", 1));
    if (!text.failed)
        return (char *)text.data;
    wire_writer_fini(&text);
    return NULL;
}
