// One run of the load program: what it was asked for, and what its processes share.
#ifndef BENCH_LOAD_H
#define BENCH_LOAD_H

#include "machine.h"
#include "speaker.h"
#include "syncs.h"

struct times { // of one article, 0: not yet
    uint64_t sent, answered, seen;
};

struct shared { // by all processes
    atomic_uint ready, following, go, stop;
    atomic_ullong outcomes[OUTCOMES], deliveries, last_seen;
    atomic_ullong client_us, follower_us; // CPU, from go on
    struct times times[];
};

struct load {
    const struct speaker *speaker;
    const char *endpoint, *feed, *syncs_file;
    uint32_t clients, depth, articles, followers, patience_ms;
    uint64_t seed;
    bool html;
    pid_t pid; // of the server, 0: not known
    struct corpus corpus;
    struct shared *shared;
    struct syncs *syncs; // NULL: not counted
};

struct measured {
    struct machine before, after;
    struct syncs syncs; // before
    uint64_t begun, answered, ended;
};

uint64_t load_now_ns(void);

// client_run is a client process that sends every so manieth article from next on;
// followers_run one that holds all followers. Neither returns.
_Noreturn void client_run(struct load *load, uint32_t next);
_Noreturn void followers_run(struct load *load);

// row_print says as JSON what was measured.
void row_print(const struct load *load, const struct measured *m);

#endif
