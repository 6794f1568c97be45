// How a submission is to be read, beside what it says itself: a packed array of the rules
// of its source (packed, as bin; empty: none) and the names of its items by their place
// ("": one that names itself). Made by the daemon for its readers.
#ifndef PIPELINE_HOW_H
#define PIPELINE_HOW_H

#include "pipeline/pipeline.h"

void how_encode(struct slice rules, const struct slice *names, uint32_t count,
    struct wire_writer *w);
// how_decode fills rules and names of out; false: broken, or the arena is full.
bool how_decode(struct slice bytes, struct arena *arena, struct prepare_how *out);

#endif
