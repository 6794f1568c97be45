// The slips that make most ill-formed feeds so, mended: an ampersand or a less-than sign
// that was never escaped, a reference with a capital X, a control character. Only done to
// a feed that can't be read without; what it changes is counted.
#include "formats/blocks_write.h"
#include "formats/entities.h"
#include "formats/feed_parts.h"

static bool
is_name_start(uint8_t c)
{
    return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_' || c == ':' ||
           c >= 0x80;
}

// XML 1.0, 2.2, of what a reference may stand for.
static bool
is_char(uint32_t code)
{
    return code == '\t' || code == '\n' || code == '\r' ||
           (code >= 0x20 && code < 0xd800) || (code >= 0xe000 && code < 0xfffe) ||
           (code >= 0x10000 && code <= 0x10ffff);
}

// Bytes of the well-formed reference that rest begins with, else 0.
static size_t
reference(struct slice rest)
{
    uint32_t code;
    size_t size = entity_read(rest, &code);
    return size && rest.data[size - 1] == ';' && is_char(code) ? size : 0;
}

static size_t
mend_ampersand(struct sink *s, struct slice rest, uint32_t *count)
{
    size_t size = reference(rest);
    if (size > 2 && rest.data[1] == '#' && rest.data[2] == 'X') {
        sink_put(s, SLICE("&#x"));
        sink_put(s, slice_of(rest.data + 3, size - 3));
        ++*count;
    } else if (size) {
        sink_put(s, slice_until(rest, size));
    } else {
        sink_put(s, SLICE("&amp;"));
        ++*count;
    }
    return size ? size : 1;
}

// What is copied as it stands: CDATA and comments, to their end or the document's.
static size_t
verbatim(struct slice rest)
{
    static const struct {
        const char *start, *end;
    } kinds[] = {
        {"<![CDATA[", "]]>"},
        {"<!--",      "-->"},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (!slice_starts(rest, slice_str(kinds[i].start)))
            continue;
        const uint8_t *end = memmem(rest.data, rest.size, kinds[i].end, 3);
        return end ? (size_t)(end - rest.data) + 3 : rest.size;
    }
    return 0;
}

static size_t
mend_angle(struct sink *s, struct slice rest, uint32_t *count)
{
    size_t size = verbatim(rest);
    uint8_t next = rest.size > 1 ? rest.data[1] : ' ';
    bool tag = is_name_start(next) || next == '/' || next == '!' || next == '?';
    if (!size && !tag) {
        sink_put(s, SLICE("&lt;"));
        ++*count;
        return 1;
    }
    for (size_t i = 0; i < size; i++)
        if (is_char(rest.data[i]))
            sink_byte(s, rest.data[i]);
        else
            ++*count;
    if (!size)
        sink_byte(s, '<');
    return size ? size : 1;
}

struct slice
feed_mend(struct slice text, struct arena *arena, uint32_t *count_out)
{
    struct sink s = {.arena = arena, .limit = text.size * 2 + 64};
    uint32_t count = 0;
    for (size_t at = 0; at < text.size;) {
        struct slice rest = slice_from(text, at);
        if (rest.data[0] == '&') {
            at += mend_ampersand(&s, rest, &count);
        } else if (rest.data[0] == '<') {
            at += mend_angle(&s, rest, &count);
        } else {
            if (is_char(rest.data[0]))
                sink_byte(&s, rest.data[0]);
            else
                count++;
            at++;
        }
    }
    *count_out = s.full ? 0 : count;
    return sink_slice(&s);
}
