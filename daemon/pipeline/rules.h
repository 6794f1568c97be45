// The rules in force: what each source's submissions are read by, and the number of the
// record that says so. Set by records alone, so that what was prepared by them comes behind.
#ifndef PIPELINE_RULES_H
#define PIPELINE_RULES_H

#include "pipeline/inside.h"

// rules_open takes what the store says; rules_close frees it.
enum wire_err rules_open(struct pipeline *p, struct fault *fault);
void rules_close(struct pipeline *p);

// rules_give tells a job that is to be read by which rules. False: out of memory.
bool rules_give(struct pipeline *p, struct job *job);
// rules_number gives the number of a source's rules, 0 for none. rules_packed copies them
// into room and gives how long they are.
uint64_t rules_number(struct pipeline *p, struct slice source);
size_t rules_packed(struct pipeline *p, struct slice source,
    uint8_t room[RULES_PACKED_MAX], uint64_t *number_out);

#endif
