#include "normalize/markup.h"

#include "normalize/buffer.h"

static const struct {
    const char *name;
    int32_t point;
} references[] = {
    {"&amp;",  '&' },
    {"&lt;",   '<' },
    {"&gt;",   '>' },
    {"&quot;", '"' },
    {"&apos;", '\''},
    {"&nbsp;", 0xa0},
};

static int
digit_of(uint8_t c, int base)
{
    int d = c >= '0' && c <= '9'   ? c - '0'
            : c >= 'a' && c <= 'f' ? c - 'a' + 10
            : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                   : 99;
    return d < base ? d : -1;
}

// read_number reads "&#8212;" or "&#x2014;"; gives its length, 0 if it is none.
static size_t
read_number(struct slice at, int32_t *point_out)
{
    if (at.size < 4 || at.data[1] != '#')
        return 0;
    int base = at.data[2] == 'x' || at.data[2] == 'X' ? 16 : 10;
    size_t i = base == 16 ? 3 : 2, first = i;
    int32_t point = 0;
    for (; i < at.size && i < first + 7 && digit_of(at.data[i], base) >= 0; i++)
        point = point * base + digit_of(at.data[i], base);
    bool is_point =
        point > 0 && point < 0x110000 && !(point >= 0xd800 && point < 0xe000);
    if (i == first || i == at.size || at.data[i] != ';' || !is_point)
        return 0;
    *point_out = point;
    return i + 1;
}

static size_t
read_reference(struct slice at, int32_t *point_out)
{
    for (size_t i = 0; i < sizeof references / sizeof *references; i++)
        if (slice_starts(at, slice_str(references[i].name))) {
            *point_out = references[i].point;
            return strlen(references[i].name);
        }
    return read_number(at, point_out);
}

static size_t
tag_size(struct slice at)
{
    const uint8_t *end = memchr(at.data, '>', at.size);
    return end ? (size_t)(end - at.data) + 1 : at.size;
}

struct slice
markup_strip(struct slice html, struct arena *arena)
{
    struct buffer out;
    buffer_init(&out, arena, html.size);
    for (size_t at = 0; at < html.size;) {
        struct slice rest = slice_from(html, at);
        int32_t point = ' ';
        size_t size = 0;
        if (rest.data[0] == '<')
            size = tag_size(rest);
        else if (rest.data[0] == '&')
            size = read_reference(rest, &point);
        if (size == 0)
            size = utf8_take(rest.data, rest.size, &point);
        buffer_put(&out, point);
        at += size;
    }
    return buffer_slice(&out);
}
