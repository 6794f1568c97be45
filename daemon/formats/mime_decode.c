// Transfer encodings and format=flowed.
#include "formats/base64.h"
#include "formats/mime.h"

int
mime_hex(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// The bytes of a line end at text, spaces before it taken along; 0: there is none.
static size_t
soft_end(struct slice text)
{
    size_t n = 0;
    while (n < text.size && (text.data[n] == ' ' || text.data[n] == '\t'))
        n++;
    if (n < text.size && text.data[n] == '\r')
        n++;
    return n < text.size && text.data[n] == '\n' ? n + 1 : n == text.size ? n : 0;
}

// "=" that begins neither a byte nor a soft line end stands for itself.
size_t
mime_unquote(struct slice text, bool header, uint8_t *out)
{
    size_t size = 0, at = 0;
    while (at < text.size) {
        uint8_t c = text.data[at++];
        struct slice rest = slice_from(text, at);
        int high = c == '=' && rest.size > 1 ? mime_hex(rest.data[0]) : -1;
        int low = high >= 0 ? mime_hex(rest.data[1]) : -1;
        if (low >= 0) {
            out[size++] = (uint8_t)(high << 4 | low);
            at += 2;
        } else if (c == '=' && !header && (soft_end(rest) || !rest.size)) {
            at += soft_end(rest);
        } else {
            out[size++] = header && c == '_' ? ' ' : c;
        }
    }
    return size;
}

// A line of words among base64, or a rule of dashes.
static bool
is_words(struct slice line)
{
    bool rule = line.size >= 3, other = false;
    for (size_t i = 0; i < line.size; i++) {
        uint8_t c = line.data[i];
        rule &= c == line.data[0] && (c == '_' || c == '-');
        other |= base64_digit(c) < 0 && c != '=' && c != '\r' && c != '\t' && c != ' ';
    }
    return rule || other;
}

// Lists of mail put their footer as it is behind a text in base64: where it begins.
static size_t
base64_size(struct slice text)
{
    for (size_t at = 0; at < text.size;) {
        const uint8_t *end = memchr(text.data + at, '\n', text.size - at);
        size_t size = end ? (size_t)(end - text.data) - at : text.size - at;
        struct slice line = slice_of(text.data + at, size);
        if (size && line.data[size - 1] == '\r')
            line.size--;
        if (at && is_words(line))
            return at;
        at += size + 1;
    }
    return text.size;
}

struct slice
mime_bytes(const struct mime_part *part, struct arena *arena)
{
    uint8_t *out;
    if (part->encoding == MIME_IDENTITY || !part->raw.size)
        return part->raw;
    out = arena_alloc(arena, part->raw.size);
    if (!out)
        return slice_of(NULL, 0);
    if (part->encoding == MIME_BASE64) {
        bool text = slice_starts(part->type, SLICE("text/"));
        size_t coded = text ? base64_size(part->raw) : part->raw.size;
        struct slice footer = slice_from(part->raw, coded);
        size_t size = base64_read(slice_until(part->raw, coded), out);
        if (footer.size)
            memcpy(out + size, footer.data, footer.size);
        return slice_of(out, size + footer.size);
    }
    return slice_of(out, mime_unquote(part->raw, false, out));
}

static size_t
quote_depth(struct slice line)
{
    size_t n = 0;
    while (n < line.size && line.data[n] == '>')
        n++;
    return n;
}

struct flow {
    uint8_t *out;
    size_t size, depth;
    bool open; // the line before flows into this one
};

static void
put_flowed(struct flow *f, struct slice line, bool delsp)
{
    size_t depth = quote_depth(line);
    struct slice text = slice_from(line, depth);
    if (text.size && text.data[0] == ' ') // stuffed
        text = slice_from(text, 1);
    bool signature = slice_is(text, "-- ");
    bool flows = text.size && text.data[text.size - 1] == ' ' && !signature;
    if (f->open && (depth != f->depth || signature)) {
        f->out[f->size++] = '\n';
        f->open = false;
    }
    if (!f->open && depth) {
        memset(f->out + f->size, '>', depth);
        f->size += depth;
        f->out[f->size++] = ' ';
    }
    if (flows && delsp)
        text.size--;
    if (text.size)
        memcpy(f->out + f->size, text.data, text.size);
    f->size += text.size;
    if (!flows)
        f->out[f->size++] = '\n';
    f->open = flows;
    f->depth = depth;
}

struct slice
mime_unflow(struct slice text, bool delsp, struct arena *arena)
{
    struct flow f = {.out = arena_alloc(arena, text.size * 2 + 4)};
    while (f.out && text.size) {
        const uint8_t *end = memchr(text.data, '\n', text.size);
        struct slice line = end ? slice_until(text, (size_t)(end - text.data)) : text;
        text = slice_from(text, line.size + 1);
        if (line.size && line.data[line.size - 1] == '\r')
            line.size--;
        put_flowed(&f, line, delsp);
    }
    return slice_of(f.out, f.size);
}
