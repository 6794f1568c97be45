// Why a document was taken for what it was taken for: looked up after the fact, in the
// bytes and in what the readers noted, so that nobody who does not ask pays for it.
#include "formats/decode.h"
#include "formats/formats.h"
#include "formats/recognise.h"

#define NAME_BYTES 40U

static bool
is_name(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '-' || c == ':' || c == '_' || c == '.';
}

static struct slice
name_at(struct slice text)
{
    size_t size = 0;
    while (size < text.size && size < NAME_BYTES && is_name(text.data[size]))
        size++;
    return slice_until(text, size);
}

static struct slice
skip_space(struct slice text)
{
    while (text.size && (text.data[0] == ' ' || text.data[0] == '\t' ||
                            text.data[0] == '\r' || text.data[0] == '\n'))
        text = slice_from(text, 1);
    return text;
}

// first_element gives the name of the first tag that is no declaration or comment.
static struct slice
first_element(struct slice text)
{
    for (unsigned looks = 0; looks < 64; looks++) {
        const uint8_t *open = text.size ? memchr(text.data, '<', text.size) : NULL;
        if (!open)
            break;
        text = slice_from(text, (size_t)(open - text.data) + 1);
        struct slice name = name_at(text);
        if (name.size)
            return name;
    }
    return slice_of(NULL, 0);
}

// header_name gives the name of a mail header that the text begins with.
static struct slice
header_name(struct slice text)
{
    struct slice name = slice_of(NULL, 0);
    const uint8_t *colon = memchr(text.data, ':', text.size < 80 ? text.size : 80);
    if (colon)
        name = slice_until(text, (size_t)(colon - text.data));
    for (size_t i = 0; i < name.size; i++)
        if (!is_name(name.data[i]) || name.data[i] == ':')
            return slice_of(NULL, 0);
    return name;
}

static struct slice
page_evidence(const struct format_input *input, struct slice text, struct arena *arena)
{
    uint32_t lines = 0;
    for (size_t i = 0; i < text.size; i++)
        lines += text.data[i] == '\n';
    return arena_printf(arena, "%u lines, %s no wider than a newspaper's column%s",
        lines + 1, input->issue_date.size || input->page.size ? "most" : "nine in ten",
        input->issue_date.size ? ", and a day of issue came with it"
        : input->page.size     ? ", and a page was named with it"
                               : "");
}

static struct slice
by_beginning(struct slice text, uint32_t items, struct arena *arena)
{
    struct slice start = skip_space(text), name;
    if (start.data[0] == '{' && items > 1)
        return slice_str("each of its lines is a JSON object");
    if (start.data[0] == '{')
        return slice_str("it begins with {, as a JSON object does");
    if (start.data[0] == '[')
        return slice_str("it begins with [, as a JSON array does");
    if (start.data[0] == '<' && (name = first_element(start)).size)
        return arena_printf(arena, "its first element is <%.*s>", SLICE_ARG(name));
    return slice_str("its first characters are those of that format");
}

// What is known by its bytes, before any charset.
static struct slice
by_bytes(const char *word, struct slice raw, struct arena *arena)
{
    struct slice name = header_name(skip_space(raw));
    if (strcmp(word, "anpa1312") == 0)
        return slice_str("a frame that begins with SOH (0x01) and has US (0x1f) in its "
                         "first line");
    if (strcmp(word, "iptc7901") == 0)
        return slice_str("a frame that begins with SOH (0x01), letters and a number");
    if (strcmp(word, "email") != 0)
        return slice_str("its bytes are one msgpack map or list, wireroom's own form");
    if (name.size)
        return arena_printf(arena,
            "it begins with the header lines of a mail, the first is %.*s:",
            SLICE_ARG(name));
    return slice_str("it begins with the header lines of a mail");
}

struct slice
format_evidence(const struct format_input *input, const struct format_output *read,
    struct arena *arena)
{
    struct decoded decoded;
    struct fault fault = FAULT_NONE;
    const char *word, *read_as = read->format ? read->format : "";
    if (input->format.size && !slice_is(input->format, "auto"))
        return arena_printf(arena, "the sender says that it is %.*s",
            (int)(input->format.size < 32 ? input->format.size : 32),
            (const char *)input->format.data);
    if ((word = recognise_bytes(input->raw)))
        return by_bytes(word, input->raw, arena);
    if (recognise_binary(input->raw, &fault) ||
        !decode_text(input->raw, input->charset, arena, &decoded, &fault))
        return slice_str("its bytes are no text");
    if (!skip_space(decoded.text).size)
        return slice_str("there is nothing in it");
    if (strcmp(read_as, "newsprint") == 0)
        return page_evidence(input, decoded.text, arena);
    if (strcmp(read_as, "text") == 0)
        return slice_str("nothing in it speaks for another format: no JSON, no markup, "
                         "no header lines, no columns of a page");
    return by_beginning(decoded.text, read->count, arena);
}

// ---- charset

static bool
warned(const struct article *a, const char *code)
{
    for (uint32_t i = 0; i < a->wr.warnings_count; i++)
        if (strcmp(a->wr.warnings[i].code, code) == 0)
            return true;
    return false;
}

static struct slice
undeclared(struct slice raw, const struct article *a)
{
    if (warned(a, "charset-guessed"))
        return slice_str("not declared; guessed from the bytes");
    if (warned(a, "charset-default"))
        return slice_str(
            "not declared, and the bytes are those of no charset that can be "
            "told: what most old systems wrote");
    if (slice_starts(raw, SLICE("\xef\xbb\xbf")) ||
        slice_starts(raw, SLICE("\xff\xfe")) || slice_starts(raw, SLICE("\xfe\xff")))
        return slice_str("it begins with a byte order mark");
    if (slice_is(a->wr.charset, "utf-8"))
        return slice_str("every byte is well-formed UTF-8");
    return slice_str("not declared; the bytes have the marks of it");
}

struct slice
charset_evidence(
    const struct format_input *input, const struct article *a, struct arena *arena)
{
    struct slice declared = slice_until(a->wr.declared_charset, 40);
    if (!a->wr.charset.size)
        return slice_of(NULL, 0);
    if (!declared.size)
        return undeclared(input->raw, a);
    const char *who = input->charset.size && slice_equal(input->charset, declared)
                          ? "the sender"
                          : "the document";
    if (warned(a, "charset-contradicted"))
        return arena_printf(arena,
            slice_is(a->wr.charset, "utf-8")
                ? "%s declares %.*s, but every byte is well-formed UTF-8"
                : "%s declares %.*s, but no byte beyond ASCII is; taken from the bytes",
            who, SLICE_ARG(declared));
    if (warned(a, "charset-unknown"))
        return arena_printf(arena,
            "%s declares %.*s, which is not known here; taken from "
            "the bytes",
            who, SLICE_ARG(declared));
    return arena_printf(arena, "%s declares %.*s", who, SLICE_ARG(declared));
}

struct slice
format_text(const struct format_input *input, struct arena *arena)
{
    struct decoded decoded;
    struct fault fault = FAULT_NONE;
    if (recognise_bytes(input->raw) || slice_is(input->format, "article") ||
        !decode_text(input->raw, input->charset, arena, &decoded, &fault))
        return input->raw;
    return decoded.text;
}
