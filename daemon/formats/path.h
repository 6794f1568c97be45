// The place of a value in a document, kept as a chain on the stack while readers walk
// down and written out only when there is something to say about it.
#ifndef FORMATS_PATH_H
#define FORMATS_PATH_H

#include "article/article.h"

struct path {
    const struct path *up; // NULL: the document
    struct slice key;      // empty: an element of a list
    uint32_t index;
};

static inline struct path
path_key(const struct path *up, struct slice key)
{
    return (struct path){.up = up, .key = key};
}

static inline struct path
path_index(const struct path *up, uint32_t index)
{
    return (struct path){.up = up, .index = index};
}

// path_text writes "headlines[0].value", cut to fit out and kept printable UTF-8.
void path_text(const struct path *path, char *out, size_t size);
// path_warn warns the article of the place without indices ("renditions[].media"), so that
// one warning stands for every entry of a list.
void path_warn(struct article *a, const char *code, const struct path *path);

// path_invalid makes the item INVALID at path. Words are "PATH WHAT". Always false.
bool path_invalid(struct article *a, const struct path *path, const char *what);

#endif
