// Values inside the library.
#ifndef VALUE_H
#define VALUE_H

#include "proto/proto.h"
#include "wireroom.h"

// value_sound says whether bytes are one well-formed value, which all that the library
// hands out must be.
bool value_sound(struct slice bytes);
struct wireroom_value value_of(struct slice bytes);

#endif
