// A program under test says what it promises: crash_say reaches the recorder when that is
// preloaded, and nobody otherwise.
#ifndef CRASH_MARK_H
#define CRASH_MARK_H

#include <dlfcn.h>
#include <stddef.h>
#include <unistd.h>

#include "events.h"

typedef void crash_mark_fn(int kind, uint64_t value, const void *bytes, size_t size);
typedef void crash_die_fn(int status);

static inline void
crash_say_bytes(enum crash_mark kind, uint64_t value, const void *bytes, size_t size)
{
    crash_mark_fn *mark = NULL;
    // dlsym gives an object pointer; POSIX promises that it may be called.
    *(void **)&mark = dlsym(RTLD_DEFAULT, "crash_mark");
    if (mark)
        mark((int)kind, value, bytes, size);
}

static inline void
crash_say(enum crash_mark kind, uint64_t value)
{
    crash_say_bytes(kind, value, NULL, 0);
}

// crash_exit ends the process at once, as by kill -9, with nothing half recorded.
static inline _Noreturn void
crash_exit(int status)
{
    crash_die_fn *die = NULL;
    *(void **)&die = dlsym(RTLD_DEFAULT, "crash_die");
    if (die)
        die(status);
    _exit(status);
}

#endif
