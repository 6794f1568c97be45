// What syncs.so counts inside a daemon, in a file that the load program maps.
#ifndef BENCH_SYNCS_H
#define BENCH_SYNCS_H

#include <stdatomic.h>
#include <stdint.h>

enum sync_part { SYNCS_LOG, SYNCS_MAIN, SYNCS_INDEX, SYNCS_OTHER, SYNCS_PARTS };

struct syncs { // one page at most; the file is made by who starts the daemon
    struct {
        _Atomic uint64_t count, ns;
    } part[SYNCS_PARTS];
};

#endif
