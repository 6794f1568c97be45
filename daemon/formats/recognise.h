// What a document is, by its content alone.
#ifndef FORMATS_RECOGNISE_H
#define FORMATS_RECOGNISE_H

#include "formats/formats.h"

// recognise_bytes looks at the bytes as sent: "article" for wireroom's own, else NULL.
const char *recognise_bytes(struct slice raw);

// recognise_binary says whether the bytes are of a kind that holds no text; fault is set.
bool recognise_binary(struct slice raw, struct fault *fault);

// recognise_text looks at decoded text and gives a format word; NULL with fault set for
// what is plainly of a kind that no reader here knows.
const char *recognise_text(
    struct slice text, const struct format_input *input, struct fault *fault);

#endif
