// Strict UTF-8. The same rule stands on the floor of proto/, behind its door; readers need
// it for whole documents, so this one runs over ASCII eight bytes at a time.
#include "formats/decode.h"

static bool
ascii_run(const uint8_t *at, const uint8_t *end)
{
    uint64_t eight;
    if (end - at < 8)
        return false;
    memcpy(&eight, at, sizeof eight);
    return (eight & 0x8080808080808080ULL) == 0;
}

// Length of the well-formed sequence at `at`, 0 if there is none. Lead bytes narrow the
// second byte so that overlong forms, surrogates and what is past U+10FFFF are out.
static size_t
sequence(const uint8_t *at, const uint8_t *end)
{
    uint8_t lead = at[0];
    if (lead < 0x80)
        return 1;
    size_t size = lead < 0xc2   ? 0
                  : lead < 0xe0 ? 2
                  : lead < 0xf0 ? 3
                  : lead < 0xf5 ? 4
                                : 0;
    if (size == 0 || (size_t)(end - at) < size)
        return 0;
    uint8_t low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    uint8_t high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    if (at[1] < low || at[1] > high)
        return 0;
    for (size_t i = 2; i < size; i++)
        if ((at[i] & 0xc0) != 0x80)
            return 0;
    return size;
}

size_t
utf8_length(struct slice bytes)
{
    if (bytes.size == 0)
        return 0;
    const uint8_t *at = bytes.data, *end = bytes.data + bytes.size;
    while (at < end) {
        if (ascii_run(at, end)) {
            at += 8;
            continue;
        }
        size_t size = sequence(at, end);
        if (size == 0)
            break;
        at += size;
    }
    return (size_t)(at - bytes.data);
}
