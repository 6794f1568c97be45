// Is it UTF-8? The one rule for text on the wire (Unicode 15, table 3-7: no overlong
// forms, no surrogates, nothing after U+10FFFF). On the lowest floor.
#ifndef PROTO_UTF8_H
#define PROTO_UTF8_H

#include "proto/slice.h"

// utf8_valid_bytes gives how many bytes from the start are well-formed: text.size if all
// are, else the offset of the sequence at fault.
size_t utf8_valid_bytes(struct slice text);

// The ends of a short text as two numbers, which together hold all of its bytes if there
// are at most 16 (they overlap where there are fewer): one look instead of a loop.
struct text_ends {
    uint64_t first, last;
};
static inline struct text_ends
text_ends(const uint8_t *p, size_t size)
{
    struct text_ends ends = {0, 0};
    if (size >= 8) {
        memcpy(&ends.first, p, 8);
        memcpy(&ends.last, p + size - 8, 8);
    } else if (size >= 4) {
        uint32_t first, last;
        memcpy(&first, p, 4);
        memcpy(&last, p + size - 4, 4);
        ends = (struct text_ends){first, last};
    } else if (size > 0) {
        ends.first = (uint64_t)p[0] << 16 | (uint64_t)p[size / 2] << 8 | p[size - 1];
    }
    return ends;
}

#endif
