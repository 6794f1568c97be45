// HTML as it comes inside other formats, as text: blocks parted by an empty line, breaks
// as line ends, table cells by tabs. Nothing of the markup is kept, so nothing in it can
// run anywhere; the raw document keeps it all.
#ifndef FORMATS_MARKUP_H
#define FORMATS_MARKUP_H

#include "article/article.h"

// markup_text gives the text of html; empty if there is none. One pass, never longer than
// its input but for a few bytes, whatever the input is. Lives in arena.
struct slice markup_text(struct slice html, struct arena *arena);

// markup_resolve turns the entries of headlines, descriptions and bodies that are HTML
// into plain text, those of associations too. Where a source gives both for one role, the one with more blocks stays,
// the plain one if they are even.
void markup_resolve(struct article *a);

#endif
