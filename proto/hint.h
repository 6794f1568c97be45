// The hints of SUBMIT that have a form of their own: one rule for who sends and who takes.
#ifndef PROTO_HINT_H
#define PROTO_HINT_H

#include "proto/slice.h"

// wire_day_ok says whether text is a day that exists, YYYY-MM-DD.
bool wire_day_ok(struct slice text);
// wire_zone_ok says whether text is UTC, GMT, Z or an offset: +08:00, +0800, +08.
bool wire_zone_ok(struct slice text);

#endif
