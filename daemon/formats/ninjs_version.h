// Which ninjs a document is: by its word (standard.version, or the schema it names), else
// by its shape.
#ifndef FORMATS_NINJS_VERSION_H
#define FORMATS_NINJS_VERSION_H

#include "formats/ninjs_shape.h"

// ninjs_version gives the family, and in word_out the version as the document says it, or
// "1.x" and so on where it says nothing.
enum ninjs_family ninjs_version(const struct value *item, struct slice *word_out);

// ninjs_likeness counts the properties of object, and of the first entries of its lists,
// that a family knows.
unsigned ninjs_likeness(
    const struct value *object, const struct shape *shape, enum ninjs_family family);

#endif
