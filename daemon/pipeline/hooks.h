// For tests alone (WIREROOM_HOOKS): documents that make a reader misbehave on purpose, so
// that what the daemon promises about it can be shown, and another program to read with.
// Compiled to nothing otherwise.
#ifndef PIPELINE_HOOKS_H
#define PIPELINE_HOOKS_H

#include "proto/proto.h"

#ifdef WIREROOM_HOOKS
// hook_misbehave looks for a document that is "!wireroom-test:" and one of crash, spin,
// eat, syscall, exit, garbage.
void hook_misbehave(struct slice raw);
// hook_reader gives $WIREROOM_READER, the program to run as a reader, or NULL: under
// valgrind /proc/self/exe is valgrind's own.
const char *hook_reader(void);
// hook_filing ends a start that files an article with the headline
// "!wireroom-test:filing".
void hook_filing(struct slice headline);
#else
static inline void
hook_misbehave(struct slice raw)
{
    (void)raw;
}

static inline const char *
hook_reader(void)
{
    return NULL;
}

static inline void
hook_filing(struct slice headline)
{
    (void)headline;
}
#endif

#endif
