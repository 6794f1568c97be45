// HTML read as it comes: a page or a piece of one, in any state. The elements go by in a
// form that is nested well; what is not shown never comes.
#ifndef FORMATS_HTML_H
#define FORMATS_HTML_H

#include "formats/blocks.h"
#include "formats/html_token.h"

#define HTML_DEPTH_MAX 256U // of elements that are followed; deeper ones are flat

// What html_walk tells. start says what becomes of an element: HTML_DROP is to leave it out
// with all that is in it, any mark over 0 is given back at its end. Text has its references
// resolved; raw is the content of script, style, title and others that hold text alone.
#define HTML_DROP (-1)
struct html_events {
    void *data; // whose magic the callbacks check
    int (*start)(void *data, const struct html_token *tag);
    void (*end)(void *data, struct slice name, int mark);
    void (*text)(void *data, struct slice text);
    void (*raw)(void *data, const struct html_token *tag, struct slice content);
};

// html_walk gives whether references were resolved twice: a document all of whose escaped
// ampersands begin a reference was escaped once too often.
bool html_walk(
    struct slice html, struct arena *arena, const struct html_events *events);

// html_hidden says that a browser would not show the element, or that it is not of the
// content, by its attributes: hidden, aria-hidden, style, and the landmark roles of WAI-ARIA.
bool html_hidden(const struct html_token *tag, struct arena *arena);

// html_blocks reads a piece of HTML as it stands in other formats. A caption stays in the
// text, where its sender put it; a page's goes with its picture, and html_set_pictures makes
// associations of those.
#define HTML_PICTURES_MAX 32U
struct html_picture {
    struct slice src, alt, caption; // src http or https, else empty
};
struct html_done {
    struct blocks_done blocks;
    struct html_picture *pictures; // arena
    uint32_t pictures_count;
    bool twice; // see html_walk
};
struct html_done html_blocks(struct slice html, struct arena *arena);
// html_blocks_at is html_blocks with relative addresses joined to base.
struct html_done html_blocks_at(
    struct slice html, struct slice base, struct arena *arena);
void html_set_pictures(struct article *a, const struct html_done *done);

// html_line gives the text of html as one line, for headlines and names.
struct slice html_line(struct slice html, struct arena *arena);

#endif
