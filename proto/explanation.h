// The map EXPLANATION of docs/protocol.txt as text for people: what a desk editor reads
// when a document was not read, or was changed.
#ifndef PROTO_EXPLANATION_H
#define PROTO_EXPLANATION_H

#include "proto/encode.h"

// explanation_text appends the text of a map that wire_scan has passed. What it doesn't
// know of the map is left out.
void explanation_text(struct slice map, struct wire_writer *out);

// explanation_error appends, indented, an error map of a receipt or an explanation: the
// words, the line with a caret under the place, the next step.
void explanation_error(struct slice error, struct wire_writer *out);

#endif
