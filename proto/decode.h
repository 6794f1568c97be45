// Reading msgpack that a stranger sent. First wire_scan walks the bytes once, allocating
// nothing, and refuses everything that could hurt later (msgpack spec, "Formats");
// then a wire_reader reads values in place. wire_reader is only for scanned bytes.
#ifndef PROTO_DECODE_H
#define PROTO_DECODE_H

#include "proto/error.h"
#include "proto/slice.h"

struct wire_limits {
    uint32_t depth;  // containers inside containers; at most WIRE_DEPTH_MAX
    uint32_t values; // values in all, keys counted
    uint32_t map;    // keys of one map: duplicates are looked for among them
};
#define WIRE_DEPTH_MAX 64
#define WIRE_OPEN_KEYS_MAX 4096 // keys of the maps that are open at once
extern const struct wire_limits wire_limits_header;  // headers of messages
extern const struct wire_limits wire_limits_article; // documents

// wire_scan says whether bytes are exactly one msgpack value within the limits: every
// count and length against what is left, str is UTF-8, map keys are str and unique, no
// ext types, no 0xc1, nothing behind the value. On failure at_out is the byte offset of
// the offending value; for bytes behind the value, of the first of them.
enum wire_err wire_scan(
    struct slice bytes, const struct wire_limits *limits, uint64_t *at_out);

enum wire_type {
    WIRE_NIL,
    WIRE_BOOL,
    WIRE_INT,  // fits int64
    WIRE_UINT, // only where it does not fit int64
    WIRE_FLOAT,
    WIRE_STR,
    WIRE_BIN,
    WIRE_ARRAY,
    WIRE_MAP,
};

// A place in scanned bytes. Reads are sticky: after the first failure (BAD_FIELD for a
// value of another type or range, BAD_MSGPACK for the end) every read fails, gives zeros
// and moves nothing. wire_peek at the end gives WIRE_NIL.
struct wire_reader {
    struct slice bytes; // borrowed from the caller until the last read
    size_t at;
    enum wire_err err;
};

struct wire_reader wire_reader(struct slice scanned);
enum wire_type wire_peek(const struct wire_reader *r);
// wire_read_nil moves on and gives true if the next value is nil; false is no failure.
bool wire_read_nil(struct wire_reader *r);
bool wire_read_bool(struct wire_reader *r);
int64_t wire_read_int(struct wire_reader *r);
uint64_t wire_read_uint(struct wire_reader *r); // refuses negatives
double wire_read_float(struct wire_reader *r);  // takes integers too
struct slice wire_read_str(struct wire_reader *r);
struct slice wire_read_bin(struct wire_reader *r);
uint32_t wire_read_array(struct wire_reader *r); // count of elements that follow
uint32_t wire_read_map(struct wire_reader *r);   // count of key-value pairs that follow
// wire_skip passes over one whole value and gives its bytes.
struct slice wire_skip(struct wire_reader *r);

#endif
