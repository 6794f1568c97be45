// A decoded tree of wire values in an arena: what readers of documents walk. Text borrows
// from the bytes decoded, everything else from the arena.
#ifndef BASE_VALUE_H
#define BASE_VALUE_H

#include "base/arena.h"
#include "proto/proto.h"

struct value;
struct value_pair {
    struct slice key;
    struct value *value;
};
struct value {
    enum wire_type type;
    union {
        bool boolean;
        int64_t integer;    // WIRE_INT
        uint64_t unsigned_; // WIRE_UINT
        double real;        // WIRE_FLOAT
        struct slice text;  // WIRE_STR, WIRE_BIN
        struct {
            struct value *items;
            uint32_t count;
        } list; // WIRE_ARRAY
        struct {
            struct value_pair *pairs;
            uint32_t count;
        } map; // WIRE_MAP
    };
};

// value_decode builds the tree of bytes that wire_scan has passed; NULL out of memory.
struct value *value_decode(struct slice scanned, struct arena *arena);
// value_encode writes a tree back as msgpack.
void value_encode(const struct value *value, struct wire_writer *w);

// value_get finds a key of a map; NULL if v is NULL, no map, or has no such key.
const struct value *value_get(const struct value *v, const char *key);
// value_text gives the text of a str, empty for anything else and for NULL.
struct slice value_text(const struct value *v);

struct value value_of_text(struct slice text);
struct value value_of_int(int64_t n);
// value_map makes an empty map with room for count pairs; value_set adds one (the caller
// does not add a key twice). value_list makes a list of count nils. Zeroed on no memory.
struct value value_map(struct arena *arena, uint32_t room);
void value_set(struct value *map, const char *key, struct value value, struct arena *arena);
struct value value_list(struct arena *arena, uint32_t count);

#endif
