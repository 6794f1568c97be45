// The single rules over the code points of one text. Each works in place, shortens
// points->count as it drops, and counts what it did.
#ifndef NORMALIZE_RULES_H
#define NORMALIZE_RULES_H

#include "normalize/buffer.h"
#include "normalize/text.h"

void rule_newlines(struct points *points, struct text_changes *changes);
void rule_controls(struct points *points, struct text_changes *changes);
void rule_invisible(struct points *points, struct text_changes *changes);
void rule_bidi(struct points *points, bool one_line, struct text_changes *changes);
void rule_space_line(struct points *points, struct text_changes *changes);
void rule_space_prose(struct points *points, struct text_changes *changes);

#endif
