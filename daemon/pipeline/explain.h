// The map EXPLANATION of docs/protocol.txt: how a document was read and what was done to
// it, for an editor who asks.
#ifndef PIPELINE_EXPLAIN_H
#define PIPELINE_EXPLAIN_H

#include "article/record.h"
#include "formats/formats.h"

// explain_encode appends the map of what was read, whole or item by item. p holds the same
// items as read, or the one that says why nothing could be read.
void explain_encode(const struct format_input *input, const struct format_output *read,
    const struct prepared *p, struct arena *arena, struct wire_writer *w);

#endif
