// A slice borrows bytes that somebody else owns. Wherever a struct keeps one, the
// comment beside it says whose bytes they are and until when.
#ifndef PROTO_SLICE_H
#define PROTO_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct slice {
    const uint8_t *data; // may be NULL when size is 0
    size_t size;
};

#define SLICE(literal) ((struct slice){(const uint8_t *)(literal), sizeof(literal) - 1})

static inline struct slice
slice_of(const void *data, size_t size)
{
    return (struct slice){data, size};
}

static inline struct slice
slice_str(const char *text)
{
    return (struct slice){(const uint8_t *)text, text ? strlen(text) : 0};
}

static inline bool
slice_equal(struct slice a, struct slice b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

// Names are looked for in tables all day: most differ in their first letter.
static inline bool
slice_is(struct slice a, const char *text)
{
    if (a.size && text && (uint8_t)text[0] != a.data[0])
        return false;
    return slice_equal(a, slice_str(text));
}

// slice_from gives what follows the first `offset` bytes, empty past the end.
static inline struct slice
slice_from(struct slice a, size_t offset)
{
    return offset < a.size ? slice_of(a.data + offset, a.size - offset)
                           : slice_of(NULL, 0);
}

static inline struct slice
slice_until(struct slice a, size_t size)
{
    return size < a.size ? slice_of(a.data, size) : a;
}

static inline bool
slice_starts(struct slice a, struct slice prefix)
{
    return a.size >= prefix.size && slice_equal(slice_until(a, prefix.size), prefix);
}

// For printf: "%.*s" takes SLICE_ARG(s). Only for text known to be printable.
#define SLICE_ARG(s) (int)(s).size, (const char *)(s).data

#endif
