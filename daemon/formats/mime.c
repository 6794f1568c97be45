#include "formats/mime.h"

#include "formats/ascii.h"

struct parsing {
    struct arena *arena;
    struct fault *fault;
    uint32_t parts;
};

bool
mime_nocase(struct slice text, const char *word)
{
    size_t size = strlen(word);
    for (size_t i = 0; i < size && i < text.size; i++) {
        uint8_t c = text.data[i];
        if (c >= 'A' && c <= 'Z')
            c = (uint8_t)(c | 0x20);
        if (c != (uint8_t)word[i])
            return false;
    }
    return text.size == size;
}

struct slice
mime_lower(struct slice text, struct arena *arena)
{
    uint8_t *copy = text.size ? arena_alloc(arena, text.size) : NULL;
    if (!copy)
        return slice_of(NULL, 0);
    for (size_t i = 0; i < text.size; i++) {
        uint8_t c = text.data[i];
        copy[i] = (uint8_t)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
    }
    return slice_of(copy, text.size);
}

// The next line with its end; without is its size before that.
static struct slice
line_of(struct slice text, size_t *without)
{
    const uint8_t *end = text.size ? memchr(text.data, '\n', text.size) : NULL;
    struct slice line = end ? slice_until(text, (size_t)(end - text.data) + 1) : text;
    *without = line.size - (end != NULL);
    if (*without && line.data[*without - 1] == '\r')
        --*without;
    return line;
}

static bool
is_header_line(struct slice line)
{
    size_t n = 0;
    while (n < line.size && line.data[n] > ' ' && line.data[n] < 0x7f &&
           line.data[n] != ':')
        n++;
    while (n < line.size && (line.data[n] == ' ' || line.data[n] == '\t'))
        n++;
    return n > 0 && n < line.size && line.data[n] == ':' && line.data[0] > ' ';
}

// A header with the lines folded under it.
static struct slice
folded(struct slice text)
{
    size_t without, size = line_of(text, &without).size;
    for (;;) {
        struct slice rest = slice_from(text, size);
        struct slice line = line_of(rest, &without);
        if (!without || (line.data[0] != ' ' && line.data[0] != '\t'))
            return slice_until(text, size);
        size += line.size;
    }
}

static uint32_t
count_headers(struct slice text)
{
    uint32_t n = 0;
    size_t without;
    while (text.size && n < MIME_HEADERS_MAX) {
        struct slice line = line_of(text, &without);
        if (!is_header_line(line))
            break;
        n++;
        text = slice_from(text, folded(text).size);
    }
    return n;
}

// The headers of part; what is left is its content. A line that is none and not empty
// ends them, too, and belongs to the content.
static struct slice
read_headers(struct mime_part *part, struct slice text, struct arena *arena)
{
    uint32_t count = count_headers(text);
    size_t without;
    part->headers = arena_array(arena, (size_t)count + 1, sizeof *part->headers);
    if (!part->headers)
        return text;
    for (uint32_t i = 0; i < count; i++) {
        struct slice field = folded(text);
        size_t colon =
            (size_t)((const uint8_t *)memchr(field.data, ':', field.size) - field.data);
        part->headers[i].name = ascii_trim(slice_until(field, colon));
        part->headers[i].value = ascii_trim(slice_from(field, colon + 1));
        text = slice_from(text, field.size);
    }
    part->headers_count = count;
    while (count == MIME_HEADERS_MAX && text.size && is_header_line(text))
        text = slice_from(text, folded(text).size);
    struct slice blank = line_of(text, &without);
    return ascii_trim(slice_until(blank, without)).size ? text
                                                       : slice_from(text, blank.size);
}

static struct slice
unfolded(struct slice value, struct arena *arena)
{
    if (!value.size || !memchr(value.data, '\n', value.size))
        return value;
    uint8_t *copy = arena_alloc(arena, value.size);
    size_t size = 0;
    for (size_t i = 0; copy && i < value.size; i++)
        if (value.data[i] != '\r' && value.data[i] != '\n')
            copy[size++] = value.data[i];
    return slice_of(copy, size);
}

struct slice
mime_headers(
    const struct mime_part *part, const char *name, uint32_t n, struct arena *arena)
{
    for (uint32_t i = 0; i < part->headers_count; i++)
        if (mime_nocase(part->headers[i].name, name) && n-- == 0)
            return mime_utf8(unfolded(part->headers[i].value, arena), arena);
    return slice_of(NULL, 0);
}

struct slice
mime_header(const struct mime_part *part, const char *name, struct arena *arena)
{
    return mime_headers(part, name, 0, arena);
}

bool
mime_is(const struct mime_part *part, const char *type)
{
    size_t size = strlen(type);
    return type[size - 1] == '/' ? slice_starts(part->type, slice_str(type))
                                 : slice_is(part->type, type);
}

static struct slice
before(struct slice value, char mark)
{
    const uint8_t *at = value.size ? memchr(value.data, mark, value.size) : NULL;
    return ascii_trim(at ? slice_until(value, (size_t)(at - value.data)) : value);
}

static struct slice
unbracketed(struct slice value)
{
    value = ascii_trim(value);
    if (value.size > 2 && value.data[0] == '<' && value.data[value.size - 1] == '>')
        value = slice_of(value.data + 1, value.size - 2);
    return value;
}

static void
describe(struct mime_part *part, struct slice type_default, struct arena *arena)
{
    struct slice type = mime_header(part, "content-type", arena);
    struct slice disposition = mime_header(part, "content-disposition", arena);
    struct slice encoding =
        before(mime_header(part, "content-transfer-encoding", arena), ';');
    part->type = mime_lower(before(type, ';'), arena);
    if (!part->type.size || !memchr(part->type.data, '/', part->type.size))
        part->type = part->type.size && slice_is(part->type, "text")
                         ? SLICE("text/plain")
                         : type_default;
    part->charset = mime_parameter(type, "charset", arena);
    part->disposition = mime_lower(before(disposition, ';'), arena);
    part->name = mime_parameter(disposition, "filename", arena);
    if (!part->name.size)
        part->name = mime_parameter(type, "name", arena);
    part->id = unbracketed(mime_header(part, "content-id", arena));
    part->flowed = mime_nocase(mime_parameter(type, "format", arena), "flowed");
    part->delsp = mime_nocase(mime_parameter(type, "delsp", arena), "yes");
    if (mime_nocase(encoding, "quoted-printable"))
        part->encoding = MIME_QUOTED_PRINTABLE;
    else if (mime_nocase(encoding, "base64"))
        part->encoding = MIME_BASE64;
}

static struct mime_part *parse(
    struct parsing *p, struct slice bytes, struct slice type_default, unsigned depth);

static bool
add_child(struct parsing *p, struct mime_part *part, struct slice bytes, unsigned depth)
{
    struct slice type = mime_is(part, "multipart/digest") ? SLICE("message/rfc822")
                                                          : SLICE("text/plain");
    struct mime_part *child = parse(p, bytes, type, depth + 1);
    if (!child)
        return false;
    if (part->last)
        part->last->next = child;
    else
        part->first = child;
    part->last = child;
    return true;
}

// 1: a delimiter, 2: the last one, 0: none.
static int
delimiter(struct slice line, struct slice boundary)
{
    if (line.size < boundary.size + 2 || line.data[0] != '-' || line.data[1] != '-' ||
        memcmp(line.data + 2, boundary.data, boundary.size) != 0)
        return 0;
    struct slice rest = slice_from(line, boundary.size + 2);
    bool last = slice_starts(rest, SLICE("--"));
    return ascii_trim(slice_from(rest, last ? 2 : 0)).size ? 0 : last ? 2 : 1;
}

// The line end before a delimiter belongs to it.
static struct slice
without_end(struct slice part)
{
    if (part.size && part.data[part.size - 1] == '\n')
        part.size--;
    if (part.size && part.data[part.size - 1] == '\r')
        part.size--;
    return part;
}

static bool
split(struct parsing *p, struct mime_part *part, struct slice boundary, unsigned depth)
{
    struct slice text = part->raw;
    size_t start = 0, at = 0, without;
    bool inside = false;
    while (at < text.size) {
        struct slice line = line_of(slice_from(text, at), &without);
        int mark = delimiter(slice_until(line, without), boundary);
        if (mark && inside &&
            !add_child(
                p, part, without_end(slice_of(text.data + start, at - start)), depth))
            return false;
        at += line.size;
        if (mark) {
            start = at;
            inside = mark == 1;
        }
        if (mark == 2)
            return true;
    }
    return !inside || add_child(p, part, slice_from(text, start), depth); // cut off
}

static bool
parse_content(struct parsing *p, struct mime_part *part, unsigned depth)
{
    if (mime_is(part, "multipart/")) {
        struct slice type = mime_header(part, "content-type", p->arena);
        struct slice boundary = mime_parameter(type, "boundary", p->arena);
        if (boundary.size && boundary.size <= 200)
            return split(p, part, boundary, depth);
    } else if (mime_is(part, "message/rfc822") || mime_is(part, "message/global")) {
        return add_child(p, part, mime_bytes(part, p->arena), depth);
    }
    return true;
}

static struct mime_part *
parse(struct parsing *p, struct slice bytes, struct slice type_default, unsigned depth)
{
    if (depth > MIME_DEPTH_MAX) {
        (void)fault_set(p->fault, WIRE_TOO_DEEP, FAULT_NOWHERE, "",
            "parts in parts, more than %u deep", MIME_DEPTH_MAX);
        return NULL;
    }
    if (++p->parts > MIME_PARTS_MAX) {
        (void)fault_set(p->fault, WIRE_TOO_MANY_VALUES, FAULT_NOWHERE, "",
            "more than %u parts", MIME_PARTS_MAX);
        return NULL;
    }
    struct mime_part *part = ARENA_NEW(p->arena, struct mime_part);
    if (!part)
        return NULL;
    part->raw = read_headers(part, bytes, p->arena);
    describe(part, type_default, p->arena);
    return parse_content(p, part, depth) ? part : NULL;
}

struct mime_part *
mime_parse(struct slice bytes, struct arena *arena, struct fault *fault)
{
    struct parsing p = {.arena = arena, .fault = fault};
    return parse(&p, bytes, SLICE("text/plain"), 1);
}
