// The walk from a tree of values with canonical names to an article, after fields.def.
// One piece for every format that is a tree: article and ninjs.
#ifndef FORMATS_FIELDS_H
#define FORMATS_FIELDS_H

#include "formats/formats.h"

// fields_read moves the values of map into the article. A value of another type, an
// unknown name, or a wr makes the article's fault and ends the walk; false then.
bool fields_read(
    struct article *a, struct value *map, const struct format_input *input);

// fields_named gives the field of a name, ARTICLE_FIELDS if there is none.
enum article_field fields_named(struct slice name);

#endif
