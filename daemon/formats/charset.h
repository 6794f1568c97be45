// Charsets by the names that documents use, each with one converter of iconv's. A name
// from outside only ever picks a row of the table; it never reaches iconv.
#ifndef FORMATS_CHARSET_H
#define FORMATS_CHARSET_H

#include "proto/proto.h"

struct charset;

// charset_load opens every converter. iconv loads them from files, which the sandbox
// closes, so they are held as long as the process lives.
bool charset_load(void);

// charset_find gives the row of a name, in any case, spaces and quotes around it ignored;
// NULL: no charset known here.
const struct charset *charset_find(struct slice name);
static inline const struct charset *
charset_named(const char *name)
{
    return charset_find(slice_str(name));
}
const char *charset_name(const struct charset *charset); // "windows-1252", lower case
bool charset_single_byte(const struct charset *charset);
bool charset_is_utf8(const struct charset *charset);

// charset_convert writes bytes as UTF-8 into out, which must have room for three times
// their size and 16 more. A malformed byte (or unit of UTF-16 and UTF-32) becomes U+FFFD
// and is counted. Returns the bytes written.
size_t charset_convert(const struct charset *charset, struct slice bytes, uint8_t *out,
    uint64_t *malformed_out);

// charset_high gives the code points of bytes 0x80 to 0xff in a single-byte charset, 0 for
// those that are none.
void charset_high(const struct charset *charset, uint32_t high_out[128]);

// charset_rune reads the code point that well-formed, non-empty UTF-8 begins with, and
// gives its length.
unsigned charset_rune(struct slice text, uint32_t *rune_out);

#endif
