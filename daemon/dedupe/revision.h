// One item against what is stored: which outcome, which class, what becomes of its axes.
#ifndef DEDUPE_REVISION_H
#define DEDUPE_REVISION_H

#include "dedupe/lookup.h"

// revision_judge decides an item that was read. An outcome that files leaves seq and, for
// an item not seen before, the item's number in v: both are taken from `next`, unchanged.
void revision_judge(struct lookup *l, const struct prepared_item *item,
    int64_t house_us, const struct judge_numbers *next, struct item_verdict *v);

// revision_class names the change. before is NULL for an item not seen before; same_text:
// the key digest is that of the revision current until now.
enum change_class revision_class(enum outcome outcome, const struct axes *before,
    const struct axes *after, bool same_text, int64_t house_us);

#endif
