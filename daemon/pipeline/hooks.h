// For tests alone (WIREROOM_HOOKS): documents that make a reader misbehave on purpose, so
// that what the daemon promises about it can be shown. Compiled to nothing otherwise.
#ifndef PIPELINE_HOOKS_H
#define PIPELINE_HOOKS_H

#include "proto/proto.h"

#ifdef WIREROOM_HOOKS
// hook_misbehave looks for a document that is "!wireroom-test:" and one of crash, spin,
// eat, syscall, exit, garbage.
void hook_misbehave(struct slice raw);
#else
static inline void
hook_misbehave(struct slice raw)
{
    (void)raw;
}
#endif

#endif
