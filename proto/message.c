// One row per message and per field, expanded from messages.def, and one encoder and one
// decoder that walk them. A new field is a new row; there is nothing to write by hand.
#include "proto/message.h"

#include <assert.h>

enum field_type {
    TYPE_UINT,
    TYPE_INT,
    TYPE_BOOL,
    TYPE_STR,
    TYPE_BIN,
    TYPE_LIST,
    TYPE_MAP,
};
static const char *const type_names[] = {"an integer of 0 or more", "an integer",
    "a bool", "a str", "a bin", "an array", "a map"};

struct field {
    const char *name;
    size_t name_size, offset;
    enum field_type type;
    bool required;
    uint64_t min, max; // TYPE_INT: the bits of an int64
};
struct message {
    const char *name;
    const struct field *fields;
    uint32_t count;
    size_t size; // of its struct
    enum wire_body body;
};

#define REQUIRED true
#define OPTIONAL false
// clang-format off
// A row of its own ends each list, so that a message without fields is still an array.
#define MESSAGE(NAME, name, number, socket, sender, body, doc) static const struct field fields_##name[] = {
#define FIELD(message, type, field, presence, min, max, doc) \
    {#field, sizeof #field - 1, offsetof(struct wire_##message, field), TYPE_##type, presence, (uint64_t)(min), (uint64_t)(max)},
#define END(name) {0}};
#include "proto/messages.def"
#undef MESSAGE
#undef FIELD
#undef END

#define MESSAGE(NAME, name, number, socket, sender, body, doc) \
    [number] = {#NAME, fields_##name, WIRE_FIELDS_##name, sizeof(struct wire_##name), WIRE_BODY_##body}, \
    // the fields stand in their own lists above
#define FIELD(message, type, field, presence, min, max, doc)
#define END(name)
static const struct message messages[256] = {
#include "proto/messages.def"
};
#undef MESSAGE
#undef FIELD
#undef END

#define MESSAGE(NAME, name, number, socket, sender, body, doc) \
    _Static_assert((number) > 0 && (number) < 256, #NAME ": one byte of frame 0");
#define FIELD(message, type, field, presence, min, max, doc)
#define END(name) \
    _Static_assert(WIRE_FIELDS_##name <= 32, #name ": a bit of set for each field"); \
    _Static_assert(offsetof(struct wire_##name, set) == 0, #name ": set comes first");
#include "proto/messages.def"
#undef MESSAGE
#undef FIELD
#undef END
// clang-format on

static const struct message *
message_of(unsigned number)
{
    return number < 256 && messages[number].name ? &messages[number] : NULL;
}

void
wire_prefix_write(uint8_t out[WIRE_PREFIX_BYTES], enum wire_message number)
{
    out[0] = 'W';
    out[1] = 'R';
    out[2] = WIRE_VERSION;
    out[3] = (uint8_t)number;
}

enum wire_err
wire_prefix_read(struct slice frame, unsigned *number_out)
{
    if (frame.size != WIRE_PREFIX_BYTES || frame.data[0] != 'W' || frame.data[1] != 'R')
        return WIRE_BAD_FRAME;
    if (frame.data[2] != WIRE_VERSION)
        return WIRE_BAD_VERSION;
    *number_out = frame.data[3];
    return WIRE_OK;
}

const char *
wire_message_name(unsigned number)
{
    const struct message *m = message_of(number);
    return m ? m->name : NULL;
}

enum wire_body
wire_message_body(unsigned number)
{
    const struct message *m = message_of(number);
    return m ? m->body : WIRE_BODY_NONE;
}

static bool
has_bit(uint32_t set, uint32_t field)
{
    return set >> field & 1U;
}

// A required LIST or MAP that nobody filled is an empty one.
static void
put_container(struct wire_writer *w, const struct slice *value, enum field_type type)
{
    if (value->size > 0)
        wire_put_encoded(w, *value);
    else if (type == TYPE_LIST)
        wire_put_array(w, 0);
    else
        wire_put_map(w, 0);
}

static void
put_field(struct wire_writer *w, const struct field *f, const uint8_t *message)
{
    const void *value = message + f->offset;
    wire_put_str(w, slice_of(f->name, f->name_size));
    switch (f->type) {
    case TYPE_UINT:
        wire_put_uint(w, *(const uint64_t *)value);
        break;
    case TYPE_INT:
        wire_put_int(w, *(const int64_t *)value);
        break;
    case TYPE_BOOL:
        wire_put_bool(w, *(const bool *)value);
        break;
    case TYPE_STR:
        wire_put_str(w, *(const struct slice *)value);
        break;
    case TYPE_BIN:
        wire_put_bin(w, *(const struct slice *)value);
        break;
    case TYPE_LIST:
    case TYPE_MAP:
        put_container(w, value, f->type);
        break;
    }
}

void
wire_encode(struct wire_writer *w, enum wire_message number, const void *message)
{
    const struct message *m = message_of(number);
    assert(m);
    uint32_t set = *(const uint32_t *)message, pairs = 0;
    for (uint32_t i = 0; i < m->count; i++)
        pairs += m->fields[i].required || has_bit(set, i);
    wire_put_map(w, pairs);
    for (uint32_t i = 0; i < m->count; i++)
        if (m->fields[i].required || has_bit(set, i))
            put_field(w, &m->fields[i], message);
}

static bool
type_fits(enum field_type type, enum wire_type seen)
{
    switch (type) {
    case TYPE_UINT:
        return seen == WIRE_INT || seen == WIRE_UINT;
    case TYPE_INT:
        return seen == WIRE_INT;
    case TYPE_BOOL:
        return seen == WIRE_BOOL;
    case TYPE_STR:
        return seen == WIRE_STR;
    case TYPE_BIN:
        return seen == WIRE_BIN;
    case TYPE_LIST:
        return seen == WIRE_ARRAY;
    case TYPE_MAP:
        return seen == WIRE_MAP;
    }
    return false;
}

static bool
in_range(const struct field *f, uint64_t n)
{
    return n >= f->min && n <= f->max;
}

// Containers are kept as their bytes; the count before them is held to the row's range.
static bool
read_container(struct wire_reader *r, const struct field *f, struct slice *out)
{
    struct wire_reader inside = *r;
    uint32_t count =
        f->type == TYPE_LIST ? wire_read_array(&inside) : wire_read_map(&inside);
    *out = wire_skip(r);
    return in_range(f, count);
}

static bool
read_bytes(struct wire_reader *r, const struct field *f, struct slice *out)
{
    *out = f->type == TYPE_STR ? wire_read_str(r) : wire_read_bin(r);
    return in_range(f, out->size);
}

static bool
read_uint(struct wire_reader *r, const struct field *f, uint64_t *out)
{
    *out = wire_read_uint(r);
    return !r->err && in_range(f, *out);
}

static bool
read_int(struct wire_reader *r, const struct field *f, int64_t *out)
{
    *out = wire_read_int(r);
    return *out >= (int64_t)f->min && *out <= (int64_t)f->max;
}

// read_value fills the member of one field; false if it is out of the row's range.
static bool
read_value(struct wire_reader *r, const struct field *f, uint8_t *message)
{
    void *member = message + f->offset;
    switch (f->type) {
    case TYPE_UINT:
        return read_uint(r, f, member);
    case TYPE_INT:
        return read_int(r, f, member);
    case TYPE_BOOL:
        *(bool *)member = wire_read_bool(r);
        return true;
    case TYPE_STR:
    case TYPE_BIN:
        return read_bytes(r, f, member);
    case TYPE_LIST:
    case TYPE_MAP:
        return read_container(r, f, member);
    }
    return false;
}

// find_field looks first where the row before left off: most peers keep table order.
static const struct field *
find_field(const struct message *m, struct slice key, uint32_t *next)
{
    for (uint32_t i = 0; i < m->count; i++) {
        uint32_t at = (*next + i) % m->count;
        const struct field *f = &m->fields[at];
        if (f->name_size == key.size && memcmp(f->name, key.data, key.size) == 0) {
            *next = at + 1;
            return f;
        }
    }
    return NULL;
}

static const char *
unit_of(enum field_type type)
{
    if (type == TYPE_STR || type == TYPE_BIN)
        return " bytes";
    return type == TYPE_LIST || type == TYPE_MAP ? " elements" : "";
}

static enum wire_err
out_of_range(const struct field *f, uint64_t at, struct fault *fault)
{
    unsigned long long min = f->min, max = f->max;
    const char *unit = unit_of(f->type);
    if (f->type == TYPE_INT || max == UINT64_MAX)
        return fault_set(
            fault, WIRE_BAD_FIELD, at, f->name, "%s is out of range", f->name);
    if (min == max)
        return fault_set(fault, WIRE_BAD_FIELD, at, f->name, "%s must be %llu%s",
            f->name, min, unit);
    return fault_set(fault, WIRE_BAD_FIELD, at, f->name, "%s must be %llu to %llu%s",
        f->name, min, max, unit);
}

static enum wire_err
read_field(struct wire_reader *r, const struct message *m, uint32_t *next,
    uint8_t *message, struct fault *fault)
{
    const struct field *f = find_field(m, wire_read_str(r), next);
    if (!f) {
        (void)wire_skip(r);
        return WIRE_OK;
    }
    size_t at = r->at;
    if (!type_fits(f->type, wire_peek(r)))
        return fault_set(fault, WIRE_BAD_FIELD, at, f->name, "%s must be %s", f->name,
            type_names[f->type]);
    if (!read_value(r, f, message))
        return out_of_range(f, at, fault);
    *(uint32_t *)message |= 1U << (uint32_t)(f - m->fields);
    return WIRE_OK;
}

static enum wire_err
read_fields(
    struct slice frame, const struct message *m, uint8_t *message, struct fault *fault)
{
    struct wire_reader r = wire_reader(frame);
    if (wire_peek(&r) != WIRE_MAP)
        return fault_set(
            fault, WIRE_BAD_FIELD, 0, "", "frame 1 of %s must be a map", m->name);
    uint32_t next = 0;
    for (uint32_t pairs = wire_read_map(&r); pairs > 0; pairs--) {
        enum wire_err err = read_field(&r, m, &next, message, fault);
        if (err)
            return err;
    }
    for (uint32_t i = 0; i < m->count; i++)
        if (m->fields[i].required && !has_bit(*(uint32_t *)message, i))
            return fault_set(fault, WIRE_MISSING_FIELD, FAULT_NOWHERE,
                m->fields[i].name, "%s needs %s", m->name, m->fields[i].name);
    return WIRE_OK;
}

enum wire_err
wire_decode(struct slice frame, unsigned number, void *message, struct fault *fault)
{
    const struct message *m = message_of(number);
    if (!m)
        return fault_set(fault, WIRE_UNKNOWN_MESSAGE, FAULT_NOWHERE, "",
            "no message has the number 0x%02x", number);
    uint64_t at;
    memset(message, 0, m->size);
    enum wire_err err = wire_scan(frame, &wire_limits_header, &at);
    if (err)
        return fault_set(fault, err, at, "", "%s", wire_error_text(err));
    err = read_fields(frame, m, message, fault);
    if (err)
        memset(message, 0, m->size);
    return err;
}
