#include "formats/sniff.h"

#include <uchardet/uchardet.h>

#include "formats/alphabet.h"

#define SNIFF_BYTES 1024U   // where a declaration must stand (WHATWG: the first 1024)
#define GUESS_BYTES 65536U  // what uchardet is shown
#define PATTERN_BYTES 4096U // where NULs are counted

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

const struct charset *
sniff_mark(struct slice *raw)
{
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (!slice_starts(*raw, slice_of(marks[i].bytes, marks[i].size)))
            continue;
        *raw = slice_from(*raw, marks[i].size);
        return charset_named(marks[i].charset);
    }
    return NULL;
}

// Which of four byte places hold NULs tells UTF-16 and UTF-32 apart: text that is mostly
// below U+0100 has them in the high places and nowhere else.
const struct charset *
sniff_nuls(struct slice raw)
{
    size_t nuls[4] = {0}, size = raw.size < PATTERN_BYTES ? raw.size : PATTERN_BYTES;
    size_t quads = size / 4;
    if (quads == 0 || !memchr(raw.data, 0, quads * 4))
        return NULL;
    for (size_t i = 0; i < quads * 4; i++)
        nuls[i % 4] += raw.data[i] == 0;
    size_t many = quads - quads / 8, few = quads / 8;
    if (nuls[3] >= many && nuls[2] >= many && nuls[0] <= few)
        return charset_named("utf-32le");
    if (nuls[0] >= many && nuls[1] >= many && nuls[3] <= few)
        return charset_named("utf-32be");
    size_t low = nuls[0] + nuls[2], high = nuls[1] + nuls[3];
    if (high >= quads / 2 && low * 8 <= high)
        return charset_named("utf-16le");
    if (low >= quads / 2 && high * 8 <= low)
        return charset_named("utf-16be");
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
struct slice
sniff_markup(struct slice raw)
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

const struct charset *
sniff_escapes(struct slice raw)
{
    if (raw.size == 0 || !memchr(raw.data, 0x1b, raw.size))
        return NULL;
    for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++)
        if (find(raw, escapes[i].escape))
            return charset_named(escapes[i].charset);
    return NULL;
}

bool
sniff_some_utf8(struct slice raw)
{
    while (raw.size) {
        size_t good = utf8_valid_bytes(raw);
        for (size_t i = 0; i < good; i++)
            if (raw.data[i] >= 0x80)
                return true;
        if (good == raw.size)
            break;
        raw = slice_from(raw, good + 1);
    }
    return false;
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
    {"iso-8859-13",  true,  "windows-1257"},
    {"windows-1253", false, "iso-8859-7"  },
};

static const struct charset *
right_sibling(const struct charset *guess, struct slice raw)
{
    bool used = false;
    for (size_t i = 0; i < raw.size && !used; i++)
        used = raw.data[i] >= 0x80 && raw.data[i] < 0xa0;
    for (size_t i = 0; guess && i < sizeof siblings / sizeof *siblings; i++)
        if (guess == charset_named(siblings[i].guess) && used == siblings[i].used)
            return charset_named(siblings[i].right);
    return guess;
}

const struct charset *
sniff_guess(struct slice raw, struct arena *arena)
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
    // Strict UTF-8 has failed before: a guess of it means a few damaged bytes, or nothing.
    if (found && charset_is_utf8(found) && !sniff_some_utf8(raw))
        found = NULL;
    found = right_sibling(alphabet_choose(found, raw), raw);
    return !found && alphabet_johab(raw, arena) ? charset_named("johab") : found;
}
