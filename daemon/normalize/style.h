// A house's style, where a source's rules ask for it: signs that wires write with what a
// typewriter has become what is meant. Everything else is left alone.
#ifndef NORMALIZE_STYLE_H
#define NORMALIZE_STYLE_H

#include "base/arena.h"
#include "normalize/text.h"

// style_fold gives text with, as dashes and quotes ask:
//   dashes  "--" and "_" that stand alone between spaces become U+2014
//   quotes  `` becomes U+201C, and '' behind one U+201D
// and adds how often. Of TEXT_HTML, tags stay as they are; an identifier and what is
// verbatim is never touched. What has nothing of it comes back as the same bytes; doing it
// twice changes nothing.
struct slice style_fold(struct slice text, enum text_kind kind, bool dashes,
    bool quotes, struct arena *arena, uint32_t *dashes_out, uint32_t *quotes_out);

#endif
