// Housekeeping that nobody waits for: zeros ahead of LMDB's file make its commits
// shorter, but written at full load they cost more than they gain. So it is done in small
// steps, at the lowest priority, and not while the writer is pressed.
// Runs on: keeper.
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "pipeline/inside.h"

#define STEP_NS (20 * 1000 * 1000L)
#define IOPRIO_WHO_SELF 1
#define IOPRIO_IDLE (3 << 13) // ioprio_set(2)
#define PRESSED_RECORDS 256U  // a batch this large says that submissions queue up

static void
be_humble(void)
{
    (void)setpriority(PRIO_PROCESS, (id_t)gettid(), 19);
    (void)syscall(SYS_ioprio_set, IOPRIO_WHO_SELF, 0, IOPRIO_IDLE);
}

void *
keeper_main(void *pipeline)
{
    struct pipeline *p = pipeline;
    struct timespec step = {.tv_nsec = STEP_NS};
    be_humble();
    while (!atomic_load(&p->stopping)) {
        bool leave =
            atomic_load(&p->full) || atomic_load(&p->last_batch) >= PRESSED_RECORDS;
        bool more = !leave && store_zero_ahead(p->store);
        step.tv_nsec = more ? STEP_NS : 5 * STEP_NS;
        (void)nanosleep(&step, NULL);
    }
    return NULL;
}
