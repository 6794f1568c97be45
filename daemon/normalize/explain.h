// The text rules one at a time, so that each can be shown with what it found and what it
// made of it. text_clean runs them at once; this gives the same text (test_explain.c).
#ifndef NORMALIZE_EXPLAIN_H
#define NORMALIZE_EXPLAIN_H

#include "article/explain.h"
#include "normalize/text.h"

// A step of the rules: text before and after one of them.
typedef void explain_step_fn(
    void *context, enum text_rule rule, struct slice before, struct slice after);

// explain_rules gives the clean text, and each rule that made a difference to step.
struct slice explain_rules(struct slice text, enum text_kind kind, struct arena *arena,
    explain_step_fn *step, void *context);

// explain_text notes what the rules did to a text, counted as text_clean counted it.
void explain_text(struct explain *e, struct slice path, struct slice before,
    struct slice after, enum text_kind kind, const struct text_changes *changes,
    const char *const names[TEXT_RULES]);

#endif
