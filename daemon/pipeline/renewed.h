// What the verbs rules, renewed and renewal do, judged and filed in the writer's
// transaction and by recovery alike.
#ifndef PIPELINE_RENEWED_H
#define PIPELINE_RENEWED_H

#include "pipeline/filing.h"

// renewed_judge files, of a submission that was read again, each item that is still at the
// revision it is to take the place of; the others are UNCHANGED. Axes, story and place in
// the order of versions stay the item's.
enum wire_err renewed_judge(struct filing *f, const struct record *r,
    struct judge_numbers *next, struct arena *arena, struct verdict *out);

enum wire_err renewed_file_rules(struct filing *f, const struct record *r);
enum wire_err renewed_file_step(struct filing *f, const struct record *r);

#endif
