// What blocks.c writes with: growing bytes in an arena, and the characters of running text
// told apart.
#ifndef FORMATS_BLOCKS_WRITE_H
#define FORMATS_BLOCKS_WRITE_H

#include "base/arena.h"

// Bytes that grow to at most limit; past it, or out of memory, nothing more is kept and
// full is set.
struct sink {
    struct arena *arena;
    uint8_t *data;
    size_t size, room, limit;
    bool full;
};
void sink_put(struct sink *s, struct slice bytes);
void sink_byte(struct sink *s, uint8_t byte);
// sink_escape writes text as HTML has it between tags and in a quoted value.
void sink_escape(struct sink *s, struct slice text);
struct slice sink_slice(const struct sink *s);

// The next piece of running text: one white space (a single one between words is text), one character that is not seen, one
// control of writing direction, or a run of anything else. Gives its bytes, at least 1.
enum piece {
    PIECE_TEXT,
    PIECE_SPACE,  // of HTML: collapses
    PIECE_BLANK,  // a space of Unicode: stays where it stands between words
    PIECE_UNSEEN, // zero width: no reason to begin a block
    PIECE_DIRECTION,
};
size_t piece_next(struct slice text, enum piece *kind_out);

// Controls of writing direction that are open in one block of HTML. text/html is left to
// its writer by the text rules, so they are balanced here: closed where the block ends, and
// those that close nothing dropped.
#define DIRECTIONS_MAX 16U
struct directions {
    uint8_t closers[DIRECTIONS_MAX]; // last byte of what closes each
    uint32_t count;
};
// Whether the three bytes at control may be written.
bool directions_take(struct directions *d, const uint8_t *control);
void directions_close(struct directions *d, struct sink *s);

#endif
