// What each element of HTML is to blocks.c.
#ifndef FORMATS_BLOCKS_TAGS_H
#define FORMATS_BLOCKS_TAGS_H

#include "proto/proto.h"

enum tag_kind {
    TAG_NONE,   // its content alone
    TAG_BLOCK,  // parts blocks, and that is all
    TAG_BREAK,  // br
    TAG_QUOTED, // q: shown in quotes, so written with them
    TAG_STRONG,
    TAG_EM,
    TAG_LINK,
    TAG_RAISED,       // sup
    TAG_RUBY,         // ruby and rb: what has its reading beside it
    TAG_READING,      // rt
    TAG_READING_MARK, // rp: the brackets round a reading, where they are written
    TAG_PARAGRAPH,    // from here to TAG_PRE: what running text stands in
    TAG_H2,
    TAG_H3,
    TAG_H4,
    TAG_PRE,
    TAG_LIST, // from here on: what holds others
    TAG_LIST_NUMBERED,
    TAG_ITEM,
    TAG_QUOTE,
    TAG_TABLE,
    TAG_ROW,
    TAG_CELL,
    TAG_CELL_HEAD,
    TAG_HIDDEN, // dropped with what is in it, and parts blocks
    TAG_SCRIPT, // dropped with what is in it, as if it were not there
    TAG_KINDS
};

struct tag {
    const char *name;
    enum tag_kind kind;
    bool counted; // hidden, and its text was meant for people
};

// tag_find gives the element of a name in lower case; for one that is not known, an entry
// of kind TAG_NONE.
const struct tag *tag_find(struct slice name);

// The name under which a kind is stored, "" if it is not.
extern const char *const tag_stored[TAG_KINDS];

#endif
