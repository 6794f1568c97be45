// Verbs of the daemon's own: jobs that no peer sent, judged in turn with those that came.
#ifndef PIPELINE_INNER_H
#define PIPELINE_INNER_H

#include "pipeline/inside.h"

// inner_verb makes a job of a verb and its arguments, with nothing read to it; it files
// under an id made of both. NULL: out of memory. Its answer comes to box.
struct job *inner_verb(
    struct slice source, const char *verb, struct slice args, struct mailbox *box);
// inner_arguments gives a job a verb and copies of source and arguments; false: no memory.
bool inner_arguments(
    struct job *job, struct slice source, const char *verb, struct slice args);
// inner_submit hands a job that needs no reading to the writer, from any thread.
void inner_submit(struct pipeline *p, struct job *job);
// inner_wait waits for one answer in box; NULL: after ms without one.
struct job *inner_wait(struct mailbox *box, int ms);

#endif
