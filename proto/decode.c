// The scan that stands between a stranger's bytes and everything else. msgpack-c allocates
// what five bytes ask for and takes any bytes as text, so nothing is handed on before this
// has walked it: no allocation, no recursion, one pass, and work bounded by the input.
//
// A key is looked for among the earlier keys of its map only. The keys of open maps lie
// on one stack with a hash each; a map of 256 keys costs at most 32,640 compares of four
// bytes, and equal hashes made on purpose cost a compare of bytes that were sent 256 times
// at most. So duplicates cost a stranger's bytes a constant factor, never their square.
#include "proto/decode.h"

#include "proto/head.h"
#include "proto/utf8.h"

const struct wire_limits wire_limits_header = {.depth = 8, .values = 4096, .map = 64};
const struct wire_limits wire_limits_article = {
    .depth = 32, .values = 200000, .map = 256};

// clang-format off
const struct head_row head_rows[32] = {
    {WIRE_NIL, 0},   {0, HEAD_REFUSED}, {WIRE_BOOL, 0}, {WIRE_BOOL, 0},          // c0 c1 c2 c3
    {WIRE_BIN, 1},   {WIRE_BIN, 2},     {WIRE_BIN, 4},                           // c4 c5 c6
    {0, HEAD_REFUSED}, {0, HEAD_REFUSED}, {0, HEAD_REFUSED},                     // c7 c8 c9 ext
    {WIRE_FLOAT, 4}, {WIRE_FLOAT, 8},                                            // ca cb
    {WIRE_INT, 1},   {WIRE_INT, 2},     {WIRE_INT, 4},  {WIRE_INT, 8},           // cc cd ce cf
    {WIRE_INT, 1},   {WIRE_INT, 2},     {WIRE_INT, 4},  {WIRE_INT, 8},           // d0 d1 d2 d3
    {0, HEAD_REFUSED}, {0, HEAD_REFUSED}, {0, HEAD_REFUSED}, {0, HEAD_REFUSED},
    {0, HEAD_REFUSED},                                                           // d4 to d8 ext
    {WIRE_STR, 1},   {WIRE_STR, 2},     {WIRE_STR, 4},                           // d9 da db
    {WIRE_ARRAY, 2}, {WIRE_ARRAY, 4},   {WIRE_MAP, 2},  {WIRE_MAP, 4},           // dc dd de df
};
// clang-format on

struct key {
    uint32_t hash, at, size; // at: of the text, behind its head
};

// An open container. seen has a bit per key hash: a clear bit saves the search.
struct level {
    uint64_t seen;
    uint64_t left; // values still to come; of a map keys and values
    uint32_t keys; // where its keys begin on the stack
    bool map;
};

struct scan {
    const uint8_t *data;
    size_t size, at;
    const struct wire_limits *limits;
    uint32_t values, depth, keys;
    struct level levels[WIRE_DEPTH_MAX];
    struct key stack[WIRE_OPEN_KEYS_MAX];
};

// Length and both ends tell nearly all keys apart; the rest is left to memcmp.
static uint32_t
key_hash(const uint8_t *p, uint32_t size)
{
    struct text_ends ends = text_ends(p, size);
    uint64_t mixed = (ends.first ^ (ends.last << 23 | ends.last >> 41) ^ size) *
                     0x9e3779b97f4a7c15ULL;
    return (uint32_t)(mixed >> 32);
}

static bool
key_is_there(const struct scan *s, const struct level *map, const struct key *key)
{
    for (uint32_t i = map->keys; i < s->keys; i++) {
        const struct key *other = &s->stack[i];
        if (other->hash == key->hash && other->size == key->size &&
            memcmp(s->data + other->at, s->data + key->at, key->size) == 0)
            return true;
    }
    return false;
}

static enum wire_err
take_key(struct scan *s, struct level *map, uint32_t text_at, uint32_t size)
{
    struct key key = {key_hash(s->data + text_at, size), text_at, size};
    uint64_t bit = 1ULL << (key.hash & 63);
    if ((map->seen & bit) && key_is_there(s, map, &key))
        return WIRE_DUPLICATE_KEY;
    if (s->keys == WIRE_OPEN_KEYS_MAX)
        return WIRE_TOO_MANY_VALUES;
    map->seen |= bit;
    s->stack[s->keys++] = key;
    return WIRE_OK;
}

static enum wire_err
open_container(struct scan *s, const struct head *head)
{
    bool map = head->type == WIRE_MAP;
    uint64_t inside = map ? 2 * (uint64_t)head->count : head->count;
    if (s->depth >= s->limits->depth || s->depth >= WIRE_DEPTH_MAX)
        return WIRE_TOO_DEEP;
    // Every value takes a byte at least, so a count is held against the bytes left.
    if (inside > s->size - s->at - head->bytes ||
        inside > s->limits->values - s->values || (map && head->count > s->limits->map))
        return WIRE_TOO_MANY_VALUES;
    s->levels[s->depth++] = (struct level){0, inside, s->keys, map};
    s->at += head->bytes;
    return WIRE_OK;
}

static enum wire_err
take_bytes(struct scan *s, const struct head *head, struct level *key_of)
{
    size_t text_at = s->at + head->bytes;
    if (head->count > s->size - text_at)
        return WIRE_BAD_MSGPACK;
    struct slice bytes = slice_of(s->data + text_at, head->count);
    if (head->type == WIRE_STR && utf8_valid_bytes(bytes) != bytes.size)
        return WIRE_BAD_TEXT;
    enum wire_err err =
        key_of ? take_key(s, key_of, (uint32_t)text_at, head->count) : WIRE_OK;
    if (!err)
        s->at = text_at + head->count;
    return err;
}

static enum wire_err
scan_value(struct scan *s, struct level *key_of)
{
    struct head head;
    if (!head_read(s->data + s->at, s->size - s->at, &head))
        return WIRE_BAD_MSGPACK;
    if (s->values >= s->limits->values)
        return WIRE_TOO_MANY_VALUES;
    if (key_of && head.type != WIRE_STR)
        return WIRE_BAD_MSGPACK;
    s->values++;
    if (head.type >= WIRE_ARRAY)
        return open_container(s, &head);
    if (head.type >= WIRE_STR)
        return take_bytes(s, &head, key_of);
    s->at += head.bytes;
    return WIRE_OK;
}

static enum wire_err
scan_all(struct scan *s)
{
    enum wire_err err = scan_value(s, NULL);
    while (!err && s->depth > 0) {
        struct level *top = &s->levels[s->depth - 1];
        if (top->left == 0) {
            s->keys = top->keys;
            s->depth--;
            continue;
        }
        bool key = top->map && (top->left & 1) == 0;
        top->left--;
        err = scan_value(s, key ? top : NULL);
    }
    if (!err && s->at != s->size)
        err = WIRE_BAD_MSGPACK;
    return err;
}

enum wire_err
wire_scan(struct slice bytes, const struct wire_limits *limits, uint64_t *at_out)
{
    struct scan s; // the stacks are written before they are read, and large: not zeroed
    s.data = bytes.data;
    s.size = bytes.size;
    s.at = 0;
    s.limits = limits;
    s.values = s.depth = s.keys = 0;
    enum wire_err err = bytes.size > UINT32_MAX ? WIRE_TOO_LARGE : scan_all(&s);
    if (err)
        *at_out = s.at;
    return err;
}
