// The fold of ASCII, which is most of what a wire carries: letters small, digits as they
// are, signs left to fold_keeps_mark, and nothing of the rest.
#ifndef NORMALIZE_FOLD_ASCII_H
#define NORMALIZE_FOLD_ASCII_H

#include "proto/proto.h"

// What fold_ascii writes past the text's own length at most.
#define FOLD_ASCII_ROOM 16U

// fold_ascii_load builds a table; before the first fold.
void fold_ascii_load(void);

// fold_ascii writes the fold of text from `at` on, up to the first byte that is not ASCII or
// is a sign that may belong to a number; gives where that stands, or the text's end. *to
// moves behind what was written, and the fold of the last byte gone over begins at *last.
// There must be room for the rest of the text and FOLD_ASCII_ROOM bytes.
size_t fold_ascii(struct slice text, size_t at, uint8_t **to, uint8_t **last);

#endif
