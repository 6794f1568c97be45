// The body of an article, as elements of HTML go by: a writer of blocks of plain text and,
// beside it, of the HTML that may be stored. One piece for every format with markup; those
// with names of their own (NITF's hl2, NewsML's p) call it with the name HTML has.
//
// Allowed in stored HTML: p br h2 h3 h4 ul ol li blockquote strong em a[href] table tr td
// th pre; b is written as strong, i as em, h1 as h2, h5 and h6 as h4. All others give their
// content alone; script style head template noscript iframe object svg form nav aside and
// what else is no text (blocks.c has the table) give nothing at all. href is http, https or
// mailto, else the a goes. White space is HTML's, but in pre.
//
// Calls may come in any order and number: what is written is balanced and at most
// BLOCKS_NEST deep, and work and memory are in proportion to what came in.
#ifndef FORMATS_BLOCKS_H
#define FORMATS_BLOCKS_H

#include "article/article.h"

#define BLOCKS_NEST 32U // lists, quotes and tables in each other; deeper ones are flat

struct blocks; // lives in the arena it was begun with

struct blocks *blocks_begin(struct arena *arena); // NULL: out of memory
// name is HTML's, in lower case; href that of an a, absolute, else empty. Both are read
// during the call alone. A void element (br, hr) needs no close.
void blocks_open(struct blocks *b, struct slice name, struct slice href);
void blocks_text(struct blocks *b, struct slice text); // references already resolved
void blocks_close(struct blocks *b, struct slice name);

struct blocks_done {
    struct slice plain; // blocks parted by an empty line; empty: there is no text
    struct slice html;  // empty where nothing but paragraphs and breaks was marked up
    uint32_t dropped; // elements with text for people that may not be stored: nav, form
    bool too_long, html_too_long; // past ARTICLE_TEXT_MAX: only the start is there
};
struct blocks_done blocks_end(struct blocks *b);

// blocks_set adds what is in done to the article: the plain body, and the HTML if any and
// if both fit the limit of bodies; where they don't, the HTML is left out with a warning.
// A text that is too long alone rejects the article.
void blocks_set(struct article *a, const struct blocks_done *done);

// blocks_href gives the address as it may stand in stored HTML, unescaped: without control
// characters, its scheme http, https or mailto; empty if it is no such address.
struct slice blocks_href(struct slice href, struct arena *arena);

#endif
