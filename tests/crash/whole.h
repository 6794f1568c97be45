// The daemon's whole store, at sizes so small that a short run meets every edge: segments
// that come again, checkpoints, flushes and merges of the index, zeros ahead. And what a
// newsroom sends to it: record n is the n-th submission of one connection (toy.h).
#ifndef CRASH_WHOLE_H
#define CRASH_WHOLE_H

#include "pipeline/pipeline.h"
#include "toy.h"

// whole_settings keeps the store in DIRECTORY/room; the path stands until the next call.
// CRASH_ACCEPT=1 in the environment has it accept the loss of its log.
struct pipeline_settings whole_settings(const char *directory);

// whole_submission fills all but what the pipeline stamps. Nothing in it needs freeing.
void whole_submission(uint64_t number, struct slice raw, struct submission *out);

#endif
