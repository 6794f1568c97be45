// A program under test says what it promises: crash_say reaches the recorder when that is
// preloaded, and nobody otherwise.
#ifndef CRASH_MARK_H
#define CRASH_MARK_H

#include <dlfcn.h>

#include "events.h"

typedef void crash_mark_fn(int kind, uint64_t value);

static inline void
crash_say(enum crash_mark kind, uint64_t value)
{
    crash_mark_fn *mark = NULL;
    // dlsym gives an object pointer; POSIX promises that it may be called.
    *(void **)&mark = dlsym(RTLD_DEFAULT, "crash_mark");
    if (mark)
        mark((int)kind, value);
}

#endif
