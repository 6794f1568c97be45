// Walking a store that no daemon runs on: every row, every index entry, the log's tail;
// with replay, every logged record is judged again and must come out as it did.
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "pipeline/opening.h"

uint64_t
pipeline_verify(const struct pipeline_settings *settings, bool replay,
    store_finding_fn *finding, void *context, struct fault *fault)
{
    uint64_t rows = 0;
    struct pipeline *p = calloc(1, sizeof *p);
    if (!p) {
        (void)fault_set(fault, WIRE_NO_MEMORY, FAULT_NOWHERE, "", "out of memory");
        return 0;
    }
    p->settings = *settings;
    p->lock_fd = p->wake = p->space.directory = -1;
    p->pool.intake_epoll = p->pool.writer_epoll = p->pool.alarm_fd = -1;
    p->replay = replay;
    (void)pthread_mutex_init(&p->durable_lock, NULL);
    enum wire_err err = hash_init() ? WIRE_OK : WIRE_INTERNAL;
    if (!err)
        err = opening_lock(settings->path, &p->lock_fd, fault);
    if (!err)
        err = opening_recover(p, fault);
    if (!err) {
        rows += store_verify(p->store, finding, context);
        rows += index_verify(p->index, finding, context);
    }
    pipeline_close(&p);
    return rows;
}
