// Where in a text a byte stands, as a person looks for it: line and column, and the line
// itself to put a caret under. Looks at bytes alone and takes any.
#ifndef PROTO_PLACE_H
#define PROTO_PLACE_H

#include "proto/encode.h"

struct wire_place {
    uint64_t line, column; // from 1; characters, where the text is UTF-8
    struct slice before,
        at; // of the line, up to the byte and from it: borrowed, cut short
};
// wire_place_of gives the place of byte `at`; past the end it is the end.
void wire_place_of(struct slice text, uint64_t at, struct wire_place *out);

// wire_put_shown appends text so that everything in it can be seen: what does not print,
// or is no UTF-8, as <U+200B> or <0xff>, a line end as <U+000A>.
void wire_put_shown(struct wire_writer *w, struct slice text);

// wire_put_points does as well, with what is beyond ASCII as <U+0301>: where two texts look
// alike.
void wire_put_points(struct wire_writer *w, struct slice text);

// wire_columns gives how many columns of a screen text takes: two for a wide character, none
// for an accent that stands by itself.
size_t wire_columns(struct slice text);

#endif
