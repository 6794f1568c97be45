// The reader of newsprint: the raw text of one page of hard-wrapped columns in, the
// page's articles out. What it guesses it says: wr.confidence, warnings, unassigned lines.
#ifndef FORMATS_NEWSPRINT_H
#define FORMATS_NEWSPRINT_H

#include "formats/formats.h"

// newsprint_load builds the tables of words; who does not call it pays at the first page.
void newsprint_load(void);

// newsprint_read cuts text (UTF-8, decoded) into items, in the order in which they begin
// on the page. Every character but space goes into one item once, or its line is listed
// in wr.unassigned; where that can't be kept, or nothing can be cut, out is one item of
// kind page with the text as it is and a warning. Everything lives in arena.
void newsprint_read(const struct format_input *input, struct slice text,
    struct arena *arena, struct format_output *out);

#endif
