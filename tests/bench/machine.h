// What the machine did while a row was measured: CPU of the server by stage, of all, and
// what was synced.
#ifndef BENCH_MACHINE_H
#define BENCH_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define STAGES_MOST 32

struct stage {
    char name[16]; // of the thread; "readers": all child processes together
    double seconds;
};

struct machine {
    double busy, steal; // CPU seconds of the whole machine
    double server;      // of the server's processes
    struct stage stages[STAGES_MOST];
    size_t stages_count;
};

// machine_read fills out; server is its first process, 0 if there is none.
void machine_read(pid_t server, struct machine *out);
// machine_stage gives the seconds of a thread of that name, 0 if it is not there.
double machine_stage(const struct machine *m, const char *name);
// machine_memory is the memory of the server's processes in bytes, as smaps_rollup has it
// under a name: "Pss" counts mapped files too, "Pss_Anon" does not.
size_t machine_memory(pid_t server, const char *name);

#endif
