// The head of one msgpack value: what it is, and how many bytes or values follow. The one
// reading of the spec's table "Formats", shared by the scan and the reader. Private.
#ifndef PROTO_HEAD_H
#define PROTO_HEAD_H

#include "proto/decode.h"

struct head {
    enum wire_type type;
    uint8_t bytes;  // of the head itself, value of a number included
    uint32_t count; // bytes of a str or bin, elements of an array, pairs of a map
};

// Rows for 0xc0 to 0xdf. width: bytes of the length or number behind the first byte; 0xff
// marks what is refused (never used, ext).
struct head_row {
    uint8_t type, width;
};
#define HEAD_REFUSED 0xff
extern const struct head_row head_rows[32];

static inline uint32_t
head_length(const uint8_t *p, uint8_t width)
{
    uint32_t length = 0;
    for (uint8_t i = 0; i < width; i++)
        length = length << 8 | p[i];
    return length;
}

// head_read reads the head at p; false if it is cut off or of a kind that is refused.
static inline bool
head_read(const uint8_t *p, size_t left, struct head *out)
{
    if (left == 0)
        return false;
    uint8_t first = *p;
    if (first >= 0xa0 && first < 0xc0) {
        *out = (struct head){WIRE_STR, 1, first & 0x1fU};
        return true;
    }
    if (first < 0x80 || first >= 0xe0) {
        *out = (struct head){WIRE_INT, 1, 0};
        return true;
    }
    if (first < 0xa0) {
        *out = (struct head){first < 0x90 ? WIRE_MAP : WIRE_ARRAY, 1, first & 0x0fU};
        return true;
    }
    struct head_row row = head_rows[first - 0xc0];
    if (row.width == HEAD_REFUSED || row.width >= left)
        return false;
    enum wire_type type = row.type;
    bool counted = type >= WIRE_STR; // the length stands behind the first byte
    *out = (struct head){
        type, (uint8_t)(1 + row.width), counted ? head_length(p + 1, row.width) : 0};
    return true;
}

#endif
