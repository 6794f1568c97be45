// "Did you mean": the field whose name is nearest to one that nobody knows.
#ifndef FORMATS_GUESS_H
#define FORMATS_GUESS_H

#include "proto/proto.h"

// guess_name gives a name of fields.def that differs in case, or in at most two letters;
// NULL if none is that near.
const char *guess_name(struct slice unknown);

#endif
