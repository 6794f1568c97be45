#include <stdlib.h>

#include "pipeline/chunk.h"

struct job *
job_new(void)
{
    struct job *job = calloc(1, sizeof *job);
    if (!job)
        return NULL;
    job->magic = JOB_MAGIC;
    job->fault = FAULT_NONE;
    return job;
}

bool
job_prepared(struct job *job, struct slice bytes)
{
    job->chunk = chunk_new(bytes.size);
    if (!job->chunk)
        return false;
    memcpy(job->chunk->bytes, bytes.data, bytes.size);
    job->prepared = slice_of(job->chunk->bytes, bytes.size);
    return true;
}

void
job_free(struct job **job)
{
    if (!*job)
        return;
    if ((*job)->release)
        (*job)->release(*job);
    free((void *)(uintptr_t)(*job)->receipt.data);
    free((void *)(uintptr_t)(*job)->hop.data);
    free((void *)(uintptr_t)(*job)->how.data);
    free((*job)->kept);
    free((*job)->hints);
    free((*job)->args);
    chunk_let_go(&(*job)->chunk);
    (*job)->magic = 0;
    free(*job);
    *job = NULL;
}

void
job_free_all(struct job *jobs)
{
    for (struct job *job = jobs, *next; job; job = next) {
        next = job->next;
        job_free(&job);
    }
}
