#include "formats/html_token.h"

#include "formats/entities.h"

static bool
is_space(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool
is_letter(uint8_t c)
{
    uint8_t lower = c | 0x20;
    return lower >= 'a' && lower <= 'z';
}

static uint8_t
lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}

void
html_begin(struct html_tokens *t, struct slice html)
{
    const uint8_t *close = html.size ? memrchr(html.data, '>', html.size) : NULL;
    *t = (struct html_tokens){.html = html};
    t->last_close = close ? (size_t)(close - html.data) : 0;
}

static uint8_t
byte_at(const struct html_tokens *t, size_t at)
{
    return at < t->html.size ? t->html.data[at] : 0;
}

// Behind the first '>' from at on; there is one, as at is before the last.
static size_t
first_close(const struct html_tokens *t, size_t at)
{
    const uint8_t *close = memchr(t->html.data + at, '>', t->html.size - at);
    return close ? (size_t)(close - t->html.data) + 1 : t->html.size;
}

// Behind the '>' that ends the tag whose attributes begin at from. One in a quoted value
// ends nothing. Where that leads to the end of the document a quote is broken, and as
// nobody knows which, none counts from there on: looking again would be quadratic.
static size_t
tag_end(struct html_tokens *t, size_t from)
{
    bool value = false; // behind a '=', where a quote opens
    for (size_t at = from; !t->quotes_broken && at < t->html.size; at++) {
        uint8_t c = t->html.data[at];
        if (c == '>')
            return at + 1;
        if (value && (c == '"' || c == '\'')) {
            const uint8_t *close =
                memchr(t->html.data + at + 1, c, t->html.size - at - 1);
            if (!close)
                break;
            at = (size_t)(close - t->html.data);
        }
        value = c == '=' || (value && is_space(c));
    }
    t->quotes_broken = true;
    return first_close(t, from);
}

static size_t
read_name(struct html_tokens *t, size_t at, struct slice *name_out)
{
    size_t size = 0;
    uint8_t c;
    for (; (c = byte_at(t, at)) && !is_space(c) && c != '/' && c != '>'; at++)
        if (size < HTML_NAME_MAX)
            t->name[size++] = lower(c);
    *name_out = slice_of(t->name, size);
    return at;
}

// Takes the '/' of "/>" off what is behind a tag's name. One at the end of a value without
// quotes is part of that.
static bool
is_empty(struct slice *text)
{
    size_t size = text->size;
    if (size == 0 || text->data[size - 1] != '/')
        return false;
    uint8_t before = size > 1 ? text->data[size - 2] : ' ';
    if (!is_space(before) && before != '"' && before != '\'' &&
        memchr(text->data, '=', size))
        return false;
    text->size--;
    return true;
}

static void
read_tag(struct html_tokens *t, struct html_token *out)
{
    bool closing = byte_at(t, t->at + 1) == '/';
    size_t from = read_name(t, t->at + 1 + closing, &out->name);
    size_t end = tag_end(t, from);
    out->kind = closing ? HTML_END : HTML_START;
    out->text = slice_of(t->html.data + from, end > from ? end - from - 1 : 0);
    out->empty = is_empty(&out->text);
    t->at = end;
}

// Comments, and what browsers take for one: "<!", "<?" and "</" before anything else.
static void
skip_comment(struct html_tokens *t)
{
    struct slice rest = slice_from(t->html, t->at);
    bool look = slice_starts(rest, SLICE("<!--")) && !t->no_comment_end;
    if (slice_starts(rest, SLICE("<!-->")) || slice_starts(rest, SLICE("<!--->")))
        look = false; // already closed
    const uint8_t *end = look ? memmem(rest.data + 4, rest.size - 4, "-->", 3) : NULL;
    t->no_comment_end |= look && !end;
    t->at = end ? (size_t)(end - t->html.data) + 3 : first_close(t, t->at);
}

static bool
read_cdata(struct html_tokens *t, struct html_token *out)
{
    struct slice rest = slice_from(t->html, t->at);
    if (t->no_cdata_end || !slice_starts(rest, SLICE("<![CDATA[")))
        return false;
    rest = slice_from(rest, 9);
    const uint8_t *end = rest.size ? memmem(rest.data, rest.size, "]]>", 3) : NULL;
    t->no_cdata_end = !end;
    if (!end)
        return false;
    out->kind = HTML_TEXT;
    out->verbatim = true;
    out->text = slice_of(rest.data, (size_t)(end - rest.data));
    t->at = (size_t)(end - t->html.data) + 3;
    return true;
}

enum sign { SIGN_TEXT, SIGN_TAG, SIGN_COMMENT };

static enum sign
sign_at(const struct html_tokens *t, size_t at)
{
    uint8_t next = byte_at(t, at + 1);
    if (at >= t->last_close)
        return at + 4 <= t->html.size && memcmp(t->html.data + at, "<!--", 4) == 0
                   ? SIGN_COMMENT
                   : SIGN_TEXT;
    if (is_letter(next) || (next == '/' && is_letter(byte_at(t, at + 2))))
        return SIGN_TAG;
    return next == '!' || next == '?' || next == '/' ? SIGN_COMMENT : SIGN_TEXT;
}

static void
read_text(struct html_tokens *t, struct html_token *out)
{
    size_t from = t->at;
    do {
        const uint8_t *next =
            memchr(t->html.data + t->at + 1, '<', t->html.size - t->at - 1);
        t->at = next ? (size_t)(next - t->html.data) : t->html.size;
    } while (t->at < t->html.size && sign_at(t, t->at) == SIGN_TEXT);
    out->kind = HTML_TEXT;
    out->text = slice_of(t->html.data + from, t->at - from);
}

bool
html_next(struct html_tokens *t, struct html_token *out)
{
    while (t->at < t->html.size) {
        *out = (struct html_token){.at = t->at};
        enum sign sign = t->html.data[t->at] == '<' ? sign_at(t, t->at) : SIGN_TEXT;
        if (sign == SIGN_COMMENT && !read_cdata(t, out)) {
            skip_comment(t);
            continue;
        }
        if (sign == SIGN_TAG)
            read_tag(t, out);
        else if (sign == SIGN_TEXT)
            read_text(t, out);
        return true;
    }
    return false;
}

static bool
is_named(struct html_tokens *t, size_t at, struct slice name)
{
    for (size_t i = 0; i < name.size; i++)
        if (lower(byte_at(t, at + i)) != name.data[i])
            return false;
    uint8_t next = byte_at(t, at + name.size);
    return is_space(next) || next == '/' || next == '>';
}

bool
html_raw(struct html_tokens *t, struct slice name, struct slice *content_out)
{
    for (size_t at = t->at; at < t->html.size;) {
        const uint8_t *open = memmem(t->html.data + at, t->html.size - at, "</", 2);
        if (!open)
            break;
        at = (size_t)(open - t->html.data) + 2;
        if (at > t->last_close || !is_named(t, at, name))
            continue;
        *content_out = slice_of(t->html.data + t->at, at - 2 - t->at);
        t->at = first_close(t, at);
        return true;
    }
    return false;
}

// One attribute off the front of what is behind a tag's name; false at the end.
static bool
take_attr(struct slice *rest, struct slice *name_out, struct slice *value_out)
{
    size_t at = 0, size = rest->size;
    const uint8_t *b = rest->data;
    while (at < size && (is_space(b[at]) || b[at] == '/'))
        at++;
    size_t from = at;
    while (
        at < size && !is_space(b[at]) && b[at] != '/' && (b[at] != '=' || at == from))
        at++;
    *name_out = slice_of(b + from, at - from);
    *value_out = slice_of(NULL, 0);
    size_t behind = at;
    while (behind < size && is_space(b[behind]))
        behind++;
    if (behind < size && b[behind] == '=') {
        for (at = behind + 1; at < size && is_space(b[at]); at++)
            ;
        uint8_t quote = at < size && (b[at] == '"' || b[at] == '\'') ? b[at] : 0;
        const uint8_t *end = quote ? memchr(b + at + 1, quote, size - at - 1) : NULL;
        from = end ? at + 1 : at;
        at = end ? (size_t)(end - b) : at;
        while (!end && at < size && !is_space(b[at]))
            at++;
        *value_out = slice_of(b + from, at - from);
        at += end != NULL;
    }
    *rest = slice_from(*rest, at);
    return name_out->size != 0;
}

static bool
same_name(struct slice have, const char *name)
{
    size_t i = 0;
    for (; i < have.size && name[i]; i++)
        if (lower(have.data[i]) != (uint8_t)name[i])
            return false;
    return i == have.size && !name[i];
}

bool
html_attr(const struct html_token *tag, const char *name, struct arena *arena,
    struct slice *value_out)
{
    struct slice rest = tag->text, have, value;
    while (rest.size && take_attr(&rest, &have, &value))
        if (same_name(have, name)) {
            *value_out = html_resolve(value, false, arena);
            return true;
        }
    return false;
}

// "&amp;" and behind it what is left of a reference that was escaped twice.
static size_t
reference_twice(struct slice text, uint32_t *code_out)
{
    uint8_t once[24] = "&";
    struct slice rest = slice_until(slice_from(text, 5), sizeof once - 1);
    if (!slice_starts(text, SLICE("&amp;")) || rest.size == 0)
        return 0;
    memcpy(once + 1, rest.data, rest.size);
    size_t size = entity_read(slice_of(once, rest.size + 1), code_out);
    return size ? size + 4 : 0;
}

size_t
html_reference(struct slice text, bool twice, uint32_t *code_out)
{
    size_t size = twice ? reference_twice(text, code_out) : 0;
    return size ? size : entity_read(text, code_out);
}

struct slice
html_resolve(struct slice text, bool twice, struct arena *arena)
{
    if (text.size == 0 || !memchr(text.data, '&', text.size))
        return text;
    uint8_t *out = arena_alloc(arena, text.size + 4);
    size_t size = 0;
    for (size_t at = 0, taken; out && at < text.size; at += taken) {
        uint32_t code = 0;
        struct slice rest = slice_from(text, at);
        taken = rest.data[0] == '&' ? html_reference(rest, twice, &code) : 0;
        if (taken) {
            size += utf8_put(code, out + size);
        } else {
            out[size++] = rest.data[0];
            taken = 1;
        }
    }
    return out ? slice_of(out, size) : slice_of(NULL, 0);
}
