// MIME (RFC 2045 to 2049, 2231, 3676): a mail as a tree of parts that borrow from its
// bytes. By hand and not GMime's: that opens a converter for whatever charset a header
// names while it parses, which a sandbox without files doesn't live through (decision 0007).
#ifndef FORMATS_MIME_H
#define FORMATS_MIME_H

#include "article/article.h"

#define MIME_DEPTH_MAX 32U
#define MIME_PARTS_MAX 1000U
#define MIME_HEADERS_MAX 1000U // of one part; the rest is not looked at

enum mime_encoding {
    MIME_IDENTITY,
    MIME_QUOTED_PRINTABLE,
    MIME_BASE64,
};
struct mime_header {
    struct slice name, value; // value as it stands, folds and all
};
struct mime_part {
    struct mime_header *headers;
    uint32_t headers_count;
    struct slice type;        // "text/plain": lower case; never empty
    struct slice charset;     // may be empty, as are the three below
    struct slice name;        // of the file, decoded
    struct slice disposition; // "attachment", lower case
    struct slice id;          // Content-ID without brackets
    enum mime_encoding encoding;
    bool flowed, delsp;
    struct slice raw; // below the headers, not decoded
    struct mime_part *first, *last,
        *next; // of a multipart; the message of message/rfc822
};

// mime_parse gives the tree, or NULL with fault set: TOO_DEEP or TOO_MANY_VALUES past the
// limits above. What is ill-formed is text: mail has no syntax errors, only surprises.
struct mime_part *mime_parse(
    struct slice bytes, struct arena *arena, struct fault *fault);

// mime_header gives the first of that name (any case), unfolded and in UTF-8, white space
// and encoded words as they stand; empty: absent.
struct slice mime_header(
    const struct mime_part *part, const char *name, struct arena *arena);
// mime_headers gives the n-th of that name.
struct slice mime_headers(
    const struct mime_part *part, const char *name, uint32_t n, struct arena *arena);
// mime_is says whether a type is "text/plain", or with "multipart/" begins so.
bool mime_is(const struct mime_part *part, const char *type);
// mime_bytes undoes the transfer encoding.
struct slice mime_bytes(const struct mime_part *part, struct arena *arena);
// mime_unflow undoes format=flowed in decoded text.
struct slice mime_unflow(struct slice text, bool delsp, struct arena *arena);

// mime_words decodes the encoded words of a header to UTF-8. Words in a charset that is
// not known here stay as they are.
struct slice mime_words(struct slice value, struct arena *arena);
// mime_parameter gives a parameter of a header's value, split and charset-marked forms
// (RFC 2231) put together; empty: absent.
struct slice mime_parameter(struct slice value, const char *name, struct arena *arena);

// The pieces shared by the files of this reader.
bool mime_nocase(struct slice text, const char *word); // equal but for case
struct slice mime_lower(struct slice text, struct arena *arena);
struct slice mime_to_utf8(
    struct slice bytes, struct slice charset, struct arena *arena);
struct slice mime_utf8(struct slice bytes, struct arena *arena); // as they are, or 1252
int mime_hex(uint8_t c);                                         // -1: no digit
size_t mime_unquote(struct slice text, bool header, uint8_t *out);

#endif
