// Addresses that may stand in stored HTML. A browser takes tabs and line ends out of an
// address before it looks at the scheme (WHATWG URL, basic URL parser), so they and all
// other controls go first.
#include "formats/blocks.h"

static bool
is_space(uint8_t c)
{
    return c <= ' ' || c == 0x7f;
}

// What is left is one piece: a space inside is written as %20, all else that is not seen
// goes. U+0080 to U+00A0 are two bytes, c2 80 to c2 a0.
static struct slice
without_controls(struct slice href, struct arena *arena)
{
    while (href.size && is_space(href.data[0]))
        href = slice_from(href, 1);
    while (href.size && is_space(href.data[href.size - 1]))
        href.size--;
    size_t size = 0, spaces = 0;
    for (size_t i = 0; i < href.size; i++)
        spaces += href.data[i] == ' ';
    uint8_t *out = arena_alloc(arena, href.size + 2 * spaces + 1);
    for (size_t i = 0; out && i < href.size; i++) {
        uint8_t c = href.data[i];
        bool high = c == 0xc2 && i + 1 < href.size && href.data[i + 1] <= 0xa0;
        if (c == ' ') {
            memcpy(out + size, "%20", 3);
            size += 3;
        } else if (high) {
            i++;
        } else if (!is_space(c)) {
            out[size++] = c;
        }
    }
    return slice_of(out, size);
}

static bool
has_scheme(struct slice href, const char *scheme)
{
    size_t size = strlen(scheme);
    if (href.size <= size + 1 || href.data[size] != ':')
        return false;
    for (size_t i = 0; i < size; i++)
        if ((href.data[i] | 0x20) != scheme[i])
            return false;
    return true;
}

struct slice
blocks_href(struct slice href, struct arena *arena)
{
    struct slice clean = without_controls(href, arena);
    bool web = has_scheme(clean, "http") || has_scheme(clean, "https");
    const uint8_t *colon = web ? memchr(clean.data, ':', clean.size) : NULL;
    struct slice rest =
        colon ? slice_from(clean, (size_t)(colon - clean.data) + 1) : clean;
    bool host = web && rest.size > 2 && rest.data[0] == '/' && rest.data[1] == '/' &&
                !strchr("/?#\\", rest.data[2]);
    bool mail = has_scheme(clean, "mailto");
    return host || mail ? clean : slice_of(NULL, 0);
}
