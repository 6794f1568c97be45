// ninjs 1.x says the same as later versions in other places: text in properties with
// prefixes, lists as tables, scheme and code for what became uri and literal.
#ifndef FORMATS_NINJS_FIRST_H
#define FORMATS_NINJS_FIRST_H

#include "base/value.h"

// ninjs_first_lift rebuilds a 1.x item that shape_read has passed as ninjs 3.1 has it, its
// associations too. Text stays where it is; new parts live in arena.
void ninjs_first_lift(struct value *item, struct arena *arena);

#endif
