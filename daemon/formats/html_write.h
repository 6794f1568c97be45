// From what html_walk tells to blocks, with pictures and their captions put aside: for pieces
// of HTML and for pages alike.
#ifndef FORMATS_HTML_WRITE_H
#define FORMATS_HTML_WRITE_H

#include "formats/html.h"

struct html_write {
    struct arena *arena;
    struct blocks *blocks;
    struct slice base;      // address that links are relative to; empty: not known
    struct blocks *caption; // of the figure that is open; NULL: none has begun
    bool apart;             // captions are put aside
    bool in_caption, media; // media: the figure holds a picture, a video or the like
    uint32_t kept;          // tables, lists and quotes that are open in the figure
    struct slice source;    // the first address of a source in a picture
    struct html_picture picture, *pictures;
    uint32_t figures, pictures_count; // figures: open ones
};

bool html_write_begin(struct html_write *w, struct arena *arena, struct slice base);
void html_write_start(struct html_write *w, const struct html_token *tag);
void html_write_end(struct html_write *w, struct slice name);
void html_write_text(struct html_write *w, struct slice text);
struct html_done html_write_done(struct html_write *w);

// html_image gives the address of the picture that an img shows, the one that it is to load
// later if it has one; empty if it has none that may be kept.
struct slice html_image(
    const struct html_token *tag, struct slice base, struct arena *arena);
// html_join gives href as an absolute address: as it is if it has a scheme, else joined to
// base (RFC 3986, 5.2); empty if that is not possible.
struct slice html_join(struct slice base, struct slice href, struct arena *arena);

#endif
