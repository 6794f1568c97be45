// The body of an article, as elements of HTML go by: a writer of blocks of plain text and,
// beside it, of the HTML that may be stored. One piece for every format with markup; those
// with names of their own (NITF's hl2, NewsML's p) call it with the name HTML has.
//
// Allowed in stored HTML: p br h2 h3 h4 ul ol li blockquote strong em a[href] table tr td
// th pre; all others give their content alone, script style head template noscript iframe
// object svg form nav nothing at all. href is http, https or mailto, else the a goes.
#ifndef FORMATS_BLOCKS_H
#define FORMATS_BLOCKS_H

#include "article/article.h"

struct blocks; // lives in the arena it was begun with

struct blocks *blocks_begin(struct arena *arena); // NULL: out of memory
// name is HTML's, in lower case; href that of an a, else empty.
void blocks_open(struct blocks *b, struct slice name, struct slice href);
void blocks_text(struct blocks *b, struct slice text); // references already resolved
void blocks_close(struct blocks *b, struct slice name);

struct blocks_done {
    struct slice plain; // blocks parted by an empty line; empty: there is no text
    struct slice html;  // empty where nothing but paragraphs was marked up
    uint32_t dropped;   // elements that may not be stored and had content
};
struct blocks_done blocks_end(struct blocks *b);

// blocks_set adds what is in done to the article: the plain body, and the HTML if any.
void blocks_set(struct article *a, const struct blocks_done *done);

#endif
