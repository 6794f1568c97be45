// The place that a dateline names, without the day and the agency that stand behind it:
// "LE HAVRE, 3 fév 2011 (COTE) --" is of LE HAVRE.
#ifndef FORMATS_DATELINE_H
#define FORMATS_DATELINE_H

#include "proto/proto.h"

// dateline_place gives a part of printed; empty: it is a date and names no place.
struct slice dateline_place(struct slice printed);

#endif
