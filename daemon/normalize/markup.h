// The text inside sanitized markup, for counting and comparing where an article came with
// no other body.
#ifndef NORMALIZE_MARKUP_H
#define NORMALIZE_MARKUP_H

#include "base/arena.h"

// markup_strip leaves tags out (a space where one stood) and reads the references that a
// sanitizer writes: &amp; &lt; &gt; &quot; &apos; &nbsp; and numbers. Others stay as they are.
struct slice markup_strip(struct slice html, struct arena *arena);

#endif
