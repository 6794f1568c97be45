// Most text of a wire is ASCII or CJK, so two loops carry the load: sixteen ASCII bytes at
// a time, and runs of three-byte characters by one masked compare each. Everything else
// goes through the table of Unicode 15, section 3.9, table 3-7, row by row.
#include "proto/utf8.h"

#define HIGH_BITS 0x8080808080808080ULL

static size_t
skip_ascii(const uint8_t *p, size_t at, size_t size)
{
    while (size - at >= 16) {
        uint64_t a, b;
        memcpy(&a, p + at, 8);
        memcpy(&b, p + at + 8, 8);
        if ((a | b) & HIGH_BITS)
            break;
        at += 16;
    }
    if (size - at >= 8) {
        uint64_t a;
        memcpy(&a, p + at, 8);
        at += a & HIGH_BITS ? 0 : 8;
    }
    while (at < size && p[at] < 0x80)
        at++;
    return at;
}

static inline bool
is_narrow(uint64_t lead)
{
    return (lead & 0xff) == 0xe0 || (lead & 0xff) == 0xed;
}

// E1..EC, EE and EF take any two continuation bytes. Two characters a step; looks four
// bytes ahead, so the last are left to the table. Little-endian: the lead byte is the
// lowest.
static size_t
skip_three_byte_runs(const uint8_t *p, size_t at, size_t size)
{
    while (size - at >= 8) {
        uint64_t v;
        memcpy(&v, p + at, 8);
        if ((v & 0xc0c0f0c0c0f0U) != 0x8080e08080e0U || is_narrow(v) ||
            is_narrow(v >> 24))
            break;
        at += 6;
    }
    while (size - at >= 4) {
        uint32_t v;
        memcpy(&v, p + at, 4);
        if ((v & 0x00c0c0f0) != 0x008080e0 || is_narrow(v))
            break;
        at += 3;
    }
    return at;
}

static bool
is_continuation(uint8_t byte)
{
    return (byte & 0xc0) == 0x80;
}

// sequence_bytes gives the length of the well-formed sequence at p, 0 if there is none.
static size_t
sequence_bytes(const uint8_t *p, size_t left)
{
    uint8_t lead = p[0];
    if (lead < 0x80)
        return 1;
    if (lead < 0xc2 || lead > 0xf4 || left < 2)
        return 0;
    if (lead < 0xe0)
        return is_continuation(p[1]) ? 2 : 0;
    // The second byte is narrower after E0, ED, F0 and F4.
    uint8_t low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    uint8_t high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    if (p[1] < low || p[1] > high || left < 3 || !is_continuation(p[2]))
        return 0;
    if (lead < 0xf0)
        return 3;
    return left >= 4 && is_continuation(p[3]) ? 4 : 0;
}

// Keys and most values are short: no loop is begun for them.
static bool
is_short_ascii(struct slice text)
{
    if (text.size > 16)
        return false;
    struct text_ends ends = text_ends(text.data, text.size);
    return ((ends.first | ends.last) & HIGH_BITS) == 0;
}

size_t
utf8_valid_bytes(struct slice text)
{
    if (is_short_ascii(text))
        return text.size;
    size_t at = 0;
    while ((at = skip_ascii(text.data, at, text.size)) < text.size) {
        at = skip_three_byte_runs(text.data, at, text.size);
        if (at == text.size)
            break;
        size_t bytes = sequence_bytes(text.data + at, text.size - at);
        if (bytes == 0)
            return at;
        at += bytes;
    }
    return at;
}
