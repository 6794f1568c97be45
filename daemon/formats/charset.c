#include "formats/charset.h"

#include <errno.h>
#include <iconv.h>

struct charset {
    const char *name;    // what we call it
    const char *iconv;   // what glibc calls it
    uint8_t unit;        // bytes skipped for a malformed unit
    bool single;         // a byte is a character
    const char *aliases; // separated by spaces, lower case
};

// The readings follow the WHATWG Encoding Standard, "Names and labels": what calls itself
// iso-8859-1 is windows-1252, gb2312 is GB18030, ks_c_5601 is cp949, shift_jis is cp932.
// Not here on purpose: ISO-2022-CN-EXT and UTF-7, which glibc has had holes in, and which
// no wire sends.
// clang-format off
static const struct charset charsets[] = {
    {"utf-8",        "UTF-8",        1, false, "utf8 unicode-1-1-utf-8"},
    {"windows-1252", "CP1252",       1, true,  "cp1252 iso-8859-1 iso8859-1 iso_8859-1 latin1 l1 ascii us-ascii ansi_x3.4-1968 x-cp1252"},
    {"utf-16le",     "UTF-16LE",     2, false, "utf-16 utf16 unicode ucs-2 iso-10646-ucs-2"},
    {"utf-16be",     "UTF-16BE",     2, false, "unicodefffe"},
    {"utf-32le",     "UTF-32LE",     4, false, "utf-32 utf32 ucs-4"},
    {"utf-32be",     "UTF-32BE",     4, false, ""},
    {"gb18030",      "GB18030",      1, false, "gb2312 gbk cp936 ms936 gb_2312-80 x-gbk euc-cn windows-936"},
    {"big5",         "BIG5-HKSCS",   1, false, "big5-hkscs cp950 cn-big5 x-x-big5 windows-950"},
    {"euc-tw",       "EUC-TW",       1, false, "x-euc-tw"},
    {"cp932",        "CP932",        1, false, "shift_jis shift-jis sjis x-sjis ms_kanji windows-31j ms932"},
    {"euc-jp",       "EUC-JP",       1, false, "x-euc-jp eucjp"},
    {"iso-2022-jp",  "ISO-2022-JP-2",1, false, "csiso2022jp iso-2022-jp-2"},
    {"cp949",        "CP949",        1, false, "euc-kr ks_c_5601-1987 ks_c_5601 ksc5601 ksc_5601 windows-949 uhc korean"},
    {"iso-2022-kr",  "ISO-2022-KR",  1, false, "csiso2022kr"},
    {"iso-2022-cn",  "ISO-2022-CN",  1, false, ""},
    {"johab",        "JOHAB",        1, false, "cp1361"},
    {"iso-8859-2",   "ISO-8859-2",   1, true,  "iso8859-2 iso_8859-2 latin2 l2"},
    {"iso-8859-3",   "ISO-8859-3",   1, true,  "iso8859-3 latin3"},
    {"iso-8859-4",   "ISO-8859-4",   1, true,  "iso8859-4 latin4"},
    {"iso-8859-5",   "ISO-8859-5",   1, true,  "iso8859-5 cyrillic"},
    {"iso-8859-6",   "ISO-8859-6",   1, true,  "iso8859-6 arabic"},
    {"iso-8859-7",   "ISO-8859-7",   1, true,  "iso8859-7 greek"},
    {"iso-8859-8",   "ISO-8859-8",   1, true,  "iso8859-8 iso-8859-8-i hebrew visual logical"},
    {"iso-8859-10",  "ISO-8859-10",  1, true,  "iso8859-10 latin6"},
    {"iso-8859-13",  "ISO-8859-13",  1, true,  "iso8859-13 latin7"},
    {"iso-8859-14",  "ISO-8859-14",  1, true,  "iso8859-14 latin8"},
    {"iso-8859-15",  "ISO-8859-15",  1, true,  "iso8859-15 latin9 latin-9"},
    {"iso-8859-16",  "ISO-8859-16",  1, true,  "iso8859-16 latin10"},
    {"windows-1250", "CP1250",       1, true,  "cp1250 x-cp1250"},
    {"windows-1251", "CP1251",       1, true,  "cp1251 x-cp1251"},
    {"windows-1253", "CP1253",       1, true,  "cp1253"},
    {"windows-1254", "CP1254",       1, true,  "cp1254 iso-8859-9 iso8859-9 latin5"},
    {"windows-1255", "CP1255",       1, true,  "cp1255"},
    {"windows-1256", "CP1256",       1, true,  "cp1256"},
    {"windows-1257", "CP1257",       1, true,  "cp1257"},
    {"windows-1258", "CP1258",       1, true,  "cp1258"},
    {"windows-874",  "CP874",        1, true,  "cp874 tis-620 iso-8859-11 dos-874"},
    {"koi8-r",       "KOI8-R",       1, true,  "koi8 koi"},
    {"koi8-u",       "KOI8-U",       1, true,  ""},
    {"ibm855",       "IBM855",       1, true,  "cp855"},
    {"ibm866",       "CP866",        1, true,  "cp866 866"},
    {"ibm852",       "IBM852",       1, true,  "cp852"},
    {"ibm850",       "IBM850",       1, true,  "cp850"},
    {"ibm437",       "IBM437",       1, true,  "cp437"},
    {"macintosh",    "MACINTOSH",    1, true,  "x-mac-roman mac"},
    {"x-mac-cyrillic","MAC-CYRILLIC",1, true,  "mac-cyrillic maccyrillic"},
    {"viscii",       "VISCII",       1, true,  ""},
};
// clang-format on
#define CHARSETS (sizeof charsets / sizeof *charsets)

// The one piece of state of this room: converters, opened once, used by the one thread of
// a reader process. A converter that glibc does not have stays closed and its charset is
// then not known.
static iconv_t converters[CHARSETS];
static bool opened[CHARSETS];

bool
charset_load(void)
{
    for (size_t i = 0; i < CHARSETS; i++) {
        if (opened[i])
            continue;
        // NOLINTBEGIN(performance-no-int-to-ptr): (iconv_t)-1 is iconv's own word
        converters[i] = iconv_open("UTF-8", charsets[i].iconv);
        if (converters[i] == (iconv_t)-1 && errno != EINVAL)
            return false;
        opened[i] = converters[i] != (iconv_t)-1;
        // NOLINTEND(performance-no-int-to-ptr)
    }
    return opened[0] && opened[1]; // without these two there is nothing to fall back on
}

static bool
same_word(const char *word, size_t size, struct slice name)
{
    if (size != name.size)
        return false;
    for (size_t i = 0; i < size; i++) {
        uint8_t c = name.data[i];
        if (c >= 'A' && c <= 'Z')
            c = (uint8_t)(c | 0x20);
        if (c != (uint8_t)word[i])
            return false;
    }
    return true;
}

static bool
has_alias(const struct charset *charset, struct slice name)
{
    const char *at = charset->aliases;
    while (*at) {
        size_t size = strcspn(at, " ");
        if (same_word(at, size, name))
            return true;
        at += size + (at[size] == ' ');
    }
    return false;
}

const struct charset *
charset_find(struct slice name)
{
    while (name.size && strchr(" \t\r\n\"'", name.data[0]))
        name = slice_from(name, 1);
    while (name.size && strchr(" \t\r\n\"'", name.data[name.size - 1]))
        name.size--;
    for (size_t i = 0; name.size && i < CHARSETS; i++) {
        const struct charset *c = &charsets[i];
        if (same_word(c->name, strlen(c->name), name) || has_alias(c, name))
            return opened[i] ? c : NULL;
    }
    return NULL;
}

const char *
charset_name(const struct charset *charset)
{
    return charset->name;
}

bool
charset_single_byte(const struct charset *charset)
{
    return charset->single;
}

bool
charset_is_utf8(const struct charset *charset)
{
    return charset == &charsets[0];
}

static size_t
put_replacement(uint8_t *out)
{
    memcpy(out, "\xef\xbf\xbd", 3);
    return 3;
}

// iconv takes what UTF-8 once was, up to 31 bits, and gives it on.
static size_t
convert_utf8(struct slice bytes, uint8_t *out, uint64_t *malformed)
{
    size_t size = 0;
    while (bytes.size) {
        size_t good = utf8_valid_bytes(bytes);
        memcpy(out + size, bytes.data, good);
        size += good;
        bytes = slice_from(bytes, good);
        if (!bytes.size)
            break;
        size += put_replacement(out + size);
        bytes = slice_from(bytes, 1);
        ++*malformed;
    }
    return size;
}

// glibc reads the backslash of Johab as a won sign, as KS X 1003 does; what wrote Johab
// (cp1361) meant a backslash, and has a wide won sign besides.
static size_t
won_to_backslash(uint8_t *text, size_t size)
{
    size_t to = 0;
    for (size_t at = 0; at < size; at++) {
        bool won = at + 3 <= size && memcmp(text + at, "\xe2\x82\xa9", 3) == 0;
        text[to++] = won ? '\\' : text[at];
        at += won ? 2 : 0;
    }
    return to;
}

size_t
charset_convert(const struct charset *charset, struct slice bytes, uint8_t *out,
    uint64_t *malformed_out)
{
    *malformed_out = 0;
    if (charset_is_utf8(charset))
        return convert_utf8(bytes, out, malformed_out);
    iconv_t cd = converters[charset - charsets];
    // NOLINTNEXTLINE(performance-no-int-to-ptr): iconv takes what it only reads as char *
    char *in = (char *)(uintptr_t)bytes.data, *to = (char *)out;
    size_t left = bytes.size, room = bytes.size * 3 + 16;
    (void)iconv(cd, NULL, NULL, NULL, NULL); // back to the first shift state
    while (left > 0 && iconv(cd, &in, &left, &to, &room) == (size_t)-1) {
        if (errno == E2BIG || room < 3)
            break;
        size_t skip = left < charset->unit || errno == EINVAL ? left : charset->unit;
        in += skip;
        left -= skip;
        to += put_replacement((uint8_t *)to);
        room -= 3;
        ++*malformed_out;
    }
    if (left > 0) // would need more than three bytes a byte: in no charset here
        *malformed_out = bytes.size;
    (void)iconv(cd, NULL, NULL, &to, &room); // what a combining converter holds back
    size_t size = (size_t)((uint8_t *)to - out);
    return charset == charset_named("johab") ? won_to_backslash(out, size) : size;
}

unsigned
charset_rune(struct slice text, uint32_t *rune_out)
{
    const uint8_t *p = text.data;
    unsigned size = p[0] < 0x80 ? 1 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
    uint32_t rune = size == 1 ? p[0] : p[0] & (0xffU >> (size + 1));
    for (unsigned i = 1; i < size; i++)
        rune = rune << 6 | (p[i] & 0x3fU);
    *rune_out = rune;
    return size;
}

void
charset_high(const struct charset *charset, uint32_t high_out[128])
{
    for (unsigned i = 0; i < 128; i++) {
        uint8_t byte = (uint8_t)(i + 128), text[3 + 16];
        uint64_t malformed;
        struct slice out = slice_of(
            text, charset_convert(charset, slice_of(&byte, 1), text, &malformed));
        high_out[i] = 0;
        if (out.size && !malformed)
            (void)charset_rune(out, &high_out[i]);
    }
}
