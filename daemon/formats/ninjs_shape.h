// The shapes that the published ninjs schemas give to a news item, as tables: for each
// property its name in the three families (1.x: lower case and singular, 2.x: lower case,
// 3.x: camelCase) and what it may hold. Minor versions only ever added properties, so a
// family's table is that of its last; what a schema does not know is a warning, because
// real wires add their own.
#ifndef FORMATS_NINJS_SHAPE_H
#define FORMATS_NINJS_SHAPE_H

#include "formats/path.h"

enum ninjs_family {
    NINJS_1,
    NINJS_2,
    NINJS_3,
    NINJS_FAMILIES,
};

enum prop_kind {
    PROP_TEXT,
    PROP_NUMBER,
    PROP_INTEGER,
    PROP_PERCENT, // integer 0 to 100
    PROP_URGENCY, // number; from 3.0 an integer 1 to 9
    PROP_TIME,
    PROP_DAY,    // a time that may leave out its smaller parts
    PROP_WORD,   // one of words
    PROP_OBJECT, // shape
    PROP_LIST,   // of objects of shape
    PROP_TEXTS,  // list of text
    PROP_TABLE,  // object whose every member is an object of shape (1.x)
    PROP_ANY,    // an object or list that no schema looks into
};

struct shape;
struct prop {
    const char *name[NINJS_FAMILIES]; // NULL: not in this family. Canonical is the last,
                                      // where there is one
    enum prop_kind kind;
    const struct shape *shape;
    const char *const *words;
    bool prefix; // 1.x: any property that begins with the name ("body_")
};
struct shape {
    const struct prop *props;
    size_t count;
    const char *required; // by its canonical name; NULL: none
    enum ninjs_family required_from;
    // A rule that the table can't say, over canonical names: NULL, or what is wrong.
    const char *(*rule)(const struct value *object);
};
extern const struct shape ninjs_item;

// shape_read holds a tree against shape and gives its properties their canonical names, in
// place. False: INVALID with the path. Unknown properties warn; at the top of the item
// they are taken out, below they stay as given.
bool shape_read(struct article *a, struct value *object, const struct shape *shape,
    enum ninjs_family family);

// shape_prop finds the property of a name in a family; NULL if there is none.
const struct prop *shape_prop(
    const struct shape *shape, enum ninjs_family family, struct slice key);

#endif
