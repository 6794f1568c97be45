// The tokens of JSON (RFC 8259): strings and numbers, checked and turned into values, and
// where any other token ends, for the words of a fault. Private.
#ifndef PROTO_JSON_TOKEN_H
#define PROTO_JSON_TOKEN_H

#include "proto/encode.h"
#include "proto/error.h"

// What is wrong with a token: a code, words, the place to point at, and where that which
// was read ends.
struct json_wrong {
    enum wire_err code; // WIRE_OK: nothing
    const char *why;
    size_t at, end;
};

// json_string writes the string whose quote stands at `at` and gives where it ends.
// scratch is kept between calls: a string with escapes is put together there.
size_t json_string(struct slice text, size_t at, struct wire_writer *scratch,
    struct wire_writer *w, struct json_wrong *wrong);

// json_number writes the number at `at`, which begins with '-' or a digit.
size_t json_number(struct slice text, size_t at, struct wire_writer *scratch,
    struct wire_writer *w, struct json_wrong *wrong);

// json_token_end gives where the token at `at` ends, whatever it is; wrong if it is a
// string or number that is ill-formed by itself.
size_t json_token_end(struct slice text, size_t at, struct json_wrong *wrong);

#endif
