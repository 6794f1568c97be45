#include "base/value.h"

static struct value read_value(struct wire_reader *r, struct arena *arena);

static void
read_list(struct wire_reader *r, struct arena *arena, struct value *out)
{
    out->list.count = wire_read_array(r);
    out->list.items = arena_array(arena, out->list.count, sizeof *out->list.items);
    for (uint32_t i = 0; out->list.items && i < out->list.count; i++)
        out->list.items[i] = read_value(r, arena);
}

static void
read_map(struct wire_reader *r, struct arena *arena, struct value *out)
{
    out->map.count = wire_read_map(r);
    out->map.pairs = arena_array(arena, out->map.count, sizeof *out->map.pairs);
    struct value *values = arena_array(arena, out->map.count, sizeof *values);
    for (uint32_t i = 0; out->map.pairs && values && i < out->map.count; i++) {
        out->map.pairs[i].key = wire_read_str(r);
        out->map.pairs[i].value = &values[i];
        values[i] = read_value(r, arena);
    }
}

static struct value
read_value(struct wire_reader *r, struct arena *arena)
{
    struct value v = {.type = wire_peek(r)};
    switch (v.type) {
    case WIRE_NIL:
        (void)wire_read_nil(r);
        break;
    case WIRE_BOOL:
        v.boolean = wire_read_bool(r);
        break;
    case WIRE_INT:
        v.integer = wire_read_int(r);
        break;
    case WIRE_UINT:
        v.unsigned_ = wire_read_uint(r);
        break;
    case WIRE_FLOAT:
        v.real = wire_read_float(r);
        break;
    case WIRE_STR:
        v.text = wire_read_str(r);
        break;
    case WIRE_BIN:
        v.text = wire_read_bin(r);
        break;
    case WIRE_ARRAY:
        read_list(r, arena, &v);
        break;
    case WIRE_MAP:
        read_map(r, arena, &v);
        break;
    }
    return v;
}

struct value *
value_decode(struct slice scanned, struct arena *arena)
{
    struct wire_reader r = wire_reader(scanned);
    struct value *v = ARENA_NEW(arena, struct value);
    if (!v)
        return NULL;
    *v = read_value(&r, arena);
    return arena->failed || r.err ? NULL : v;
}

void
value_encode(const struct value *v, struct wire_writer *w)
{
    switch (v->type) {
    case WIRE_NIL:
        wire_put_nil(w);
        break;
    case WIRE_BOOL:
        wire_put_bool(w, v->boolean);
        break;
    case WIRE_INT:
        wire_put_int(w, v->integer);
        break;
    case WIRE_UINT:
        wire_put_uint(w, v->unsigned_);
        break;
    case WIRE_FLOAT:
        wire_put_float(w, v->real);
        break;
    case WIRE_STR:
        wire_put_str(w, v->text);
        break;
    case WIRE_BIN:
        wire_put_bin(w, v->text);
        break;
    case WIRE_ARRAY:
        wire_put_array(w, v->list.count);
        for (uint32_t i = 0; i < v->list.count; i++)
            value_encode(&v->list.items[i], w);
        break;
    case WIRE_MAP:
        wire_put_map(w, v->map.count);
        for (uint32_t i = 0; i < v->map.count; i++) {
            wire_put_str(w, v->map.pairs[i].key);
            value_encode(v->map.pairs[i].value, w);
        }
        break;
    }
}

const struct value *
value_get(const struct value *v, const char *key)
{
    if (!v || v->type != WIRE_MAP)
        return NULL;
    for (uint32_t i = 0; i < v->map.count; i++)
        if (slice_is(v->map.pairs[i].key, key))
            return v->map.pairs[i].value;
    return NULL;
}

struct slice
value_text(const struct value *v)
{
    return v && v->type == WIRE_STR ? v->text : slice_of(NULL, 0);
}

struct value
value_of_text(struct slice text)
{
    return (struct value){.type = WIRE_STR, .text = text};
}

struct value
value_of_int(int64_t n)
{
    return (struct value){.type = WIRE_INT, .integer = n};
}

struct value
value_map(struct arena *arena, uint32_t room)
{
    struct value v = {.type = WIRE_MAP};
    v.map.pairs = arena_array(arena, room, sizeof *v.map.pairs);
    return v;
}

void
value_set(struct value *map, const char *key, struct value value, struct arena *arena)
{
    struct value *kept = ARENA_NEW(arena, struct value);
    if (!kept || !map->map.pairs)
        return;
    *kept = value;
    map->map.pairs[map->map.count++] = (struct value_pair){slice_str(key), kept};
}

struct value
value_list(struct arena *arena, uint32_t count)
{
    struct value v = {.type = WIRE_ARRAY};
    v.list.items = arena_array(arena, count, sizeof *v.list.items);
    v.list.count = v.list.items ? count : 0;
    return v;
}
