// HTML in the fields of an article that came as another format.
#ifndef FORMATS_MARKUP_H
#define FORMATS_MARKUP_H

#include "article/article.h"

// markup_resolve turns the entries of headlines, descriptions and bodies that are HTML into
// plain text, those of associations too, and puts beside that of a body the HTML that may be
// stored where it says more (blocks.h). Where a source gives both for one role, the text
// with more blocks stays, the plain one if they are even.
void markup_resolve(struct article *a);

#endif
