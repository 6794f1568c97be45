// The textual face of wire values: JSON for people and tools, msgpack for the wire. Both
// directions keep numbers exact; bin becomes hex text on the way out.
#ifndef PROTO_JSON_H
#define PROTO_JSON_H

#include "proto/decode.h"
#include "proto/encode.h"

// wire_from_json appends the msgpack of one JSON text. Refused: anything behind it,
// duplicate keys, NUL and lone surrogates (\u0000, \ud800), invalid UTF-8, and what is
// over the limits. The fault gives the byte offset and words with line and column.
enum wire_err wire_from_json(struct slice text, const struct wire_limits *limits,
    struct wire_writer *w, struct fault *fault);

enum wire_json_style {
    WIRE_JSON_COMPACT, // one line, for ndjson
    WIRE_JSON_PRETTY,  // two spaces an indent
};
// How to print an integer that is a time: keys named here (NULL-terminated) become RFC 3339
// text in UTC ("2026-11-24T08:15:00Z", with as many fraction digits as are not zero).
extern const char *const wire_time_keys[];

// wire_to_json appends the text of one scanned msgpack value, without a newline. Strings
// are escaped so that the output is one line of valid UTF-8.
void wire_to_json(
    struct slice scanned, enum wire_json_style style, struct wire_writer *text);

// wire_time_text writes a time in microseconds as RFC 3339 in UTC; at most 40 bytes.
struct slice wire_time_text(int64_t us, char out[40]);

#endif
