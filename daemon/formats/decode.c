#include "formats/decode.h"

#include <uchardet/uchardet.h>

#include "formats/charset.h"

#define SNIFF_BYTES 1024U   // where a declaration must stand (WHATWG: the first 1024)
#define GUESS_BYTES 65536U  // what uchardet is shown
#define PATTERN_BYTES 4096U // where NULs are counted

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

static bool
has_high_byte(struct slice bytes)
{
    for (size_t i = 0; i < bytes.size; i++)
        if (bytes.data[i] >= 0x80)
            return true;
    return false;
}

static const struct charset *
named(const char *name)
{
    return charset_find(slice_str(name));
}

// The longer marks first: UTF-32LE begins with the mark of UTF-16LE.
static const struct {
    const char *charset;
    uint8_t size, bytes[4];
} marks[] = {
    {"utf-8",    3, {0xef, 0xbb, 0xbf}      },
    {"utf-32le", 4, {0xff, 0xfe, 0x00, 0x00}},
    {"utf-32be", 4, {0x00, 0x00, 0xfe, 0xff}},
    {"utf-16le", 2, {0xff, 0xfe}            },
    {"utf-16be", 2, {0xfe, 0xff}            },
};

static const struct charset *
from_mark(struct slice *raw)
{
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (!slice_starts(*raw, slice_of(marks[i].bytes, marks[i].size)))
            continue;
        *raw = slice_from(*raw, marks[i].size);
        return named(marks[i].charset);
    }
    return NULL;
}

// Which of four byte places hold NULs tells UTF-16 and UTF-32 apart: text that is mostly
// below U+0100 has them in the high places and nowhere else.
static const struct charset *
from_nuls(struct slice raw)
{
    size_t nuls[4] = {0}, size = raw.size < PATTERN_BYTES ? raw.size : PATTERN_BYTES;
    size_t quads = size / 4;
    if (quads == 0 || !memchr(raw.data, 0, quads * 4))
        return NULL;
    for (size_t i = 0; i < quads * 4; i++)
        nuls[i % 4] += raw.data[i] == 0;
    size_t many = quads - quads / 8, few = quads / 8;
    if (nuls[3] >= many && nuls[2] >= many && nuls[0] <= few)
        return named("utf-32le");
    if (nuls[0] >= many && nuls[1] >= many && nuls[3] <= few)
        return named("utf-32be");
    size_t low = nuls[0] + nuls[2], high = nuls[1] + nuls[3];
    if (high >= quads / 2 && low * 8 <= high)
        return named("utf-16le");
    if (low >= quads / 2 && high * 8 <= low)
        return named("utf-16be");
    return NULL;
}

static const uint8_t *
find(struct slice in, const char *word)
{
    return memmem(in.data, in.size, word, strlen(word));
}

// Of charset names (IANA): what else stands there ends the name, and never gets into wr.
static bool
is_name_byte(uint8_t c)
{
    bool letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
    return letter || (c >= '0' && c <= '9') || (c && strchr("-_.:+()", c));
}

// The value behind encoding= or charset= in the head of a document that is markup.
static struct slice
from_markup(struct slice raw)
{
    struct slice head = slice_until(raw, SNIFF_BYTES);
    while (head.size && strchr(" \t\r\n", head.data[0]) && head.data[0])
        head = slice_from(head, 1);
    if (!head.size || head.data[0] != '<')
        return slice_of(NULL, 0);
    const uint8_t *at =
        slice_starts(head, SLICE("<?xml")) ? find(head, "encoding=") : NULL;
    const uint8_t *mark_end = at ? memchr(head.data, '>', head.size) : NULL;
    if (at && mark_end && at > mark_end)
        at = NULL;
    if (!at)
        at = find(head, "charset=");
    if (!at)
        return slice_of(NULL, 0);
    at = (const uint8_t *)memchr(at, '=', 16) + 1;
    const uint8_t *end = head.data + head.size;
    while (at < end && (*at == '"' || *at == '\'' || *at == ' '))
        at++;
    size_t size = 0;
    while (at + size < end && size < 40 && is_name_byte(at[size]))
        size++;
    return slice_of(at, size);
}

static const struct {
    const char *escape, *charset;
} escapes[] = {
    {"\x1b$)C", "iso-2022-kr"},
    {"\x1b$)A", "iso-2022-cn"},
    {"\x1b$)G", "iso-2022-cn"},
    {"\x1b$B",  "iso-2022-jp"},
    {"\x1b$@",  "iso-2022-jp"},
    {"\x1b(J",  "iso-2022-jp"},
    {"\x1b$A",  "iso-2022-jp"},
    {"\x1b$(C", "iso-2022-jp"},
    {"\x1b$(D", "iso-2022-jp"},
};

static const struct charset *
from_escapes(struct slice raw)
{
    if (raw.size == 0 || !memchr(raw.data, 0x1b, raw.size))
        return NULL;
    for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++)
        if (find(raw, escapes[i].escape))
            return named(escapes[i].charset);
    return NULL;
}

// Sibling charsets differ in a few letters, and in whether bytes 0x80 to 0x9f are used: a
// windows one has quotes and dashes there, an ISO one nothing that text has. Where
// uchardet's guess and that fact disagree, the sibling is right.
static const struct {
    const char *guess;
    bool used;
    const char *right;
} siblings[] = {
    {"iso-8859-16",  true,  "windows-1250"},
    {"iso-8859-7",   true,  "windows-1253"},
    {"windows-1253", false, "iso-8859-7"  },
};

static const struct charset *
right_sibling(const struct charset *guess, struct slice raw)
{
    bool used = false;
    for (size_t i = 0; i < raw.size && !used; i++)
        used = raw.data[i] >= 0x80 && raw.data[i] < 0xa0;
    for (size_t i = 0; guess && i < sizeof siblings / sizeof *siblings; i++)
        if (guess == named(siblings[i].guess) && used == siblings[i].used)
            return named(siblings[i].right);
    return guess;
}

static const struct charset *
from_uchardet(struct slice raw)
{
    const struct charset *found = NULL;
    uchardet_t detector = uchardet_new();
    if (!detector)
        return NULL;
    size_t size = raw.size < GUESS_BYTES ? raw.size : GUESS_BYTES;
    if (uchardet_handle_data(detector, (const char *)raw.data, size) == 0) {
        uchardet_data_end(detector);
        found = charset_find(slice_str(uchardet_get_charset(detector)));
    }
    uchardet_delete(detector);
    return right_sibling(found, raw);
}

// What hint or document declare, if it is a charset known here.
static const struct charset *
from_declaration(struct slice raw, struct slice hint, struct decoded *out)
{
    const struct charset *charset = NULL;
    out->declared = hint;
    if (hint.size)
        charset = charset_find(hint);
    if (!charset) {
        struct slice markup = from_markup(raw);
        charset = charset_find(markup);
        if (!hint.size || charset)
            out->declared = markup;
    }
    if (out->declared.size && !charset)
        out->warning = "charset-unknown";
    return charset;
}

// A declaration of UTF-16 in bytes that can be read one by one is a lie: whoever wrote it
// stored the document in something else.
static bool
contradicted(const struct charset *declared, struct slice raw, bool utf8)
{
    if (charset_single_byte(declared))
        return utf8 && has_high_byte(raw);
    bool wide = slice_starts(slice_str(charset_name(declared)), SLICE("utf-16")) ||
                slice_starts(slice_str(charset_name(declared)), SLICE("utf-32"));
    return wide && !from_nuls(raw) && utf8 && raw.size &&
           !memchr(raw.data, 0, raw.size);
}

static const struct charset *
choose(struct slice raw, struct slice hint, struct decoded *out)
{
    bool utf8 = utf8_length(raw) == raw.size;
    const struct charset *charset = from_declaration(raw, hint, out);
    if (charset && contradicted(charset, raw, utf8)) {
        out->warning = "charset-contradicted";
        return named("utf-8");
    }
    if (!charset)
        charset = from_escapes(raw);
    if (!charset)
        charset = from_nuls(raw);
    if (!charset && utf8)
        charset = named("utf-8");
    if (charset)
        return charset;
    charset = from_uchardet(raw);
    if (!out->warning)
        out->warning = charset ? "charset-guessed" : "charset-default";
    return charset ? charset : named("windows-1252");
}

static bool
convert(const struct charset *charset, struct slice raw, struct arena *arena,
    struct decoded *out, struct fault *fault)
{
    uint8_t *text = arena_alloc(arena, raw.size * 3 + 16);
    if (!text) {
        (void)fault_set(fault, WIRE_READER_MEMORY, FAULT_NOWHERE, "",
            "no memory to convert %zu bytes from %s", raw.size, charset_name(charset));
        return false;
    }
    out->text = slice_of(text, charset_convert(charset, raw, text, &out->malformed));
    if (out->malformed == 0)
        return true;
    if (out->malformed * 100 > raw.size || utf8_length(out->text) != out->text.size) {
        (void)fault_set(fault, WIRE_NOT_TEXT, FAULT_NOWHERE, "",
            "%llu of %zu bytes are malformed in %s, more than 1 %%",
            (unsigned long long)out->malformed, raw.size, charset_name(charset));
        return false;
    }
    out->warning = "charset-malformed";
    return true;
}

bool
decode_text(struct slice raw, struct slice hint, struct arena *arena,
    struct decoded *out, struct fault *fault)
{
    *out = (struct decoded){.charset = "utf-8"};
    const struct charset *charset = from_mark(&raw);
    if (!charset)
        charset = choose(raw, hint, out);
    out->charset = charset_name(charset);
    if (!charset_is_utf8(charset) || utf8_length(raw) != raw.size)
        return convert(charset, raw, arena, out, fault);
    out->text = raw;
    return true;
}

void
decode_note(const struct decoded *out, struct article *a)
{
    a->wr.charset = slice_str(out->charset);
    a->wr.declared_charset = out->declared;
    if (out->warning)
        article_warn(a, out->warning, out->declared);
    if (out->malformed) {
        uint64_t count = out->malformed < UINT32_MAX ? out->malformed : UINT32_MAX;
        article_changed(a, "malformed", "raw", (uint32_t)count);
    }
}
