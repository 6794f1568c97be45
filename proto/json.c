// JSON text to msgpack. jansson knows the syntax; what it does not bound is bounded before
// it sees a byte: one pass over the text counts what it would allocate for (a megabyte of
// "[" is a hundred of nodes) and refuses at the place.
//
// jansson keeps integers as int64. One outside is refused, not rounded.
#include "proto/json.h"

#include <jansson.h>

#include "proto/utf8.h"

// Line and column of a byte, both from 1; a column is a character.
static void
place_of(struct slice text, uint64_t at, unsigned *line_out, unsigned *column_out)
{
    unsigned line = 1, column = 1;
    for (size_t i = 0; i < at && i < text.size; i++) {
        if (text.data[i] == '\n') {
            line++;
            column = 1;
        } else if ((text.data[i] & 0xc0) != 0x80) {
            column++;
        }
    }
    *line_out = line;
    *column_out = column;
}

static enum wire_err
refuse(struct slice text, enum wire_err code, uint64_t at, const char *why,
    struct fault *fault)
{
    unsigned line, column;
    place_of(text, at, &line, &column);
    return fault_set(fault, code, at, "", "line %u column %u: %s", line, column, why);
}

static size_t
skip_string(struct slice text, size_t at)
{
    for (at++; at < text.size && text.data[at] != '"'; at++)
        if (text.data[at] == '\\')
            at++;
    return at;
}

// check_size holds depth and values to the limits. Each value but the first of its
// container stands behind a comma or a colon, so counting those, openers and the text
// itself counts at least all values, and for the empty container one too many.
static enum wire_err
check_size(struct slice text, const struct wire_limits *limits, struct fault *fault)
{
    uint32_t depth = 0;
    uint64_t values = 1;
    for (size_t at = 0; at < text.size; at++) {
        uint8_t c = text.data[at];
        bool opens = c == '[' || c == '{', closes = c == ']' || c == '}';
        if (c == '"')
            at = skip_string(text, at);
        values += opens || c == ',' || c == ':';
        depth += opens;
        depth -= closes && depth > 0;
        if (depth > limits->depth)
            return refuse(
                text, WIRE_TOO_DEEP, at, wire_error_text(WIRE_TOO_DEEP), fault);
        if (values > 2 * (uint64_t)limits->values)
            return refuse(
                text, WIRE_TOO_MANY_VALUES, at, "more values than the limit", fault);
    }
    return WIRE_OK;
}

static enum wire_err
code_of(const json_error_t *error)
{
    switch (json_error_code(error)) {
    case json_error_out_of_memory:
        return WIRE_NO_MEMORY;
    case json_error_stack_overflow:
        return WIRE_TOO_DEEP;
    case json_error_invalid_utf8:
    case json_error_null_character:
    case json_error_null_byte_in_key:
        return WIRE_BAD_TEXT;
    case json_error_duplicate_key:
        return WIRE_DUPLICATE_KEY;
    case json_error_numeric_overflow:
        return WIRE_BAD_FIELD;
    default:
        return WIRE_ILL_FORMED;
    }
}

static void put_value(struct wire_writer *w, json_t *value);

static void
put_array(struct wire_writer *w, json_t *array)
{
    size_t i;
    json_t *value;
    wire_put_array(w, (uint32_t)json_array_size(array));
    json_array_foreach(array, i, value) put_value(w, value);
}

static void
put_object(struct wire_writer *w, json_t *object)
{
    const char *key;
    json_t *value;
    wire_put_map(w, (uint32_t)json_object_size(object));
    json_object_foreach(object, key, value)
    {
        wire_put_key(w, key);
        put_value(w, value);
    }
}

static void
put_value(struct wire_writer *w, json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        put_object(w, value);
        break;
    case JSON_ARRAY:
        put_array(w, value);
        break;
    case JSON_STRING:
        wire_put_str(w, slice_of(json_string_value(value), json_string_length(value)));
        break;
    case JSON_INTEGER:
        wire_put_int(w, json_integer_value(value));
        break;
    case JSON_REAL:
        wire_put_float(w, json_real_value(value));
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        wire_put_bool(w, json_is_true(value));
        break;
    case JSON_NULL:
        wire_put_nil(w);
        break;
    }
}

static json_t *
load(struct slice text, enum wire_err *err_out, struct fault *fault)
{
    json_error_t error;
    json_t *root = json_loadb((const char *)text.data, text.size,
        JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    if (!root) {
        uint64_t at = error.position > 0 ? (uint64_t)error.position : 0;
        *err_out = refuse(
            text, code_of(&error), at < text.size ? at : text.size, error.text, fault);
    }
    return root;
}

// put_scanned packs the tree and lets the scan have the last word on the exact limits;
// it knows no places in the text.
static enum wire_err
put_scanned(json_t *root, const struct wire_limits *limits, struct wire_writer *w,
    struct fault *fault)
{
    size_t start = w->size;
    uint64_t at = 0;
    put_value(w, root);
    if (w->failed)
        return fault_set(fault, WIRE_NO_MEMORY, FAULT_NOWHERE, "", "out of memory");
    enum wire_err err = wire_scan(slice_from(wire_written(w), start), limits, &at);
    if (!err)
        return WIRE_OK;
    w->size = start;
    return fault_set(fault, err, FAULT_NOWHERE, "", "%s", wire_error_text(err));
}

void
wire_json_load(void)
{
    json_object_seed(0);
}

enum wire_err
wire_from_json(struct slice text, const struct wire_limits *limits,
    struct wire_writer *w, struct fault *fault)
{
    if (text.size == 0)
        return refuse(text, WIRE_ILL_FORMED, 0, "there is no JSON here", fault);
    size_t valid = utf8_valid_bytes(text);
    if (valid < text.size)
        return refuse(text, WIRE_BAD_TEXT, valid, "not UTF-8", fault);
    enum wire_err err = check_size(text, limits, fault);
    if (err)
        return err;
    json_t *root = load(text, &err, fault);
    if (!root)
        return err;
    err = put_scanned(root, limits, w, fault);
    json_decref(root);
    return err;
}
