// Bytes to UTF-8, the first text rule: byte order mark, then what the transport says,
// then what the document says, then ISO-2022 escapes, then strict UTF-8, then uchardet,
// then windows-1252 with a warning. What was declared is evidence, and kept.
#ifndef FORMATS_DECODE_H
#define FORMATS_DECODE_H

#include "article/article.h"

struct decoded {
    struct slice text; // well-formed UTF-8, no BOM; borrows from raw or lives in arena
    const char *charset;   // what it was read as
    struct slice declared; // by hint or document, as it stands there; may be empty
    const char *warning;   // NULL, or a code for the article's warnings
    uint64_t malformed;    // bytes that became U+FFFD
};

// decode_text fills out, or sets fault: NOT_TEXT when more than 1 % is malformed.
bool decode_text(struct slice raw, struct slice hint, struct arena *arena,
    struct decoded *out, struct fault *fault);

// decode_note writes what out says into an article's wr.
void decode_note(const struct decoded *out, struct article *a);

#endif
