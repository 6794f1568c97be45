// The readers of this room, each behind the same call: text in (for article: the bytes),
// items out. Text is UTF-8 and outlives the articles.
#ifndef FORMATS_READERS_H
#define FORMATS_READERS_H

#include "formats/formats.h"

typedef void format_reader(const struct format_input *input, struct slice text,
    struct arena *arena, struct format_output *out);

// wireroom's own: one article as a msgpack map, or a list of them.
format_reader article_read;
// ninjs 1.x, 2.x and 3.x: one item, a JSON array of items, or an item a line.
format_reader ninjs_read;
format_reader ninjs_lines_read;
// Wires of the teleprinter age: one message or several in a row; the bytes as
// sent, control characters and all.
format_reader anpa1312_read;
format_reader iptc7901_read;
// Mail with MIME, or several in an mbox; the bytes as sent, each part has its charset.
format_reader mail_read;
// NITF: one document, one article. NewsML 1.2: one article a NewsItem.
format_reader nitf_read;
format_reader newsml12_read;
// NewsML-G2: a newsMessage, or one item.
format_reader newsmlg2_read;
// A page of HTML, or a piece of one: one article.
format_reader html_page_read;
// RSS 0.90 to 2.0, Atom 0.3 and 1.0, WordPress' export: an article an entry.
format_reader feed_read;
// Plain text, one article.
format_reader text_read;

// items_begin makes room for count items and gives whether there is any: over the limit
// or out of memory is out's fault. items_add appends a new article, NULL out of memory.
bool items_begin(struct format_output *out, uint32_t count, struct arena *arena);
struct article *items_add(struct format_output *out, struct arena *arena);

#endif
