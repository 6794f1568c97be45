// The fields that are facts, not text: status, urgency, language, times, and what an
// article is when nothing is said.
#ifndef NORMALIZE_FACTS_H
#define NORMALIZE_FACTS_H

#include "article/article.h"

void facts_language(struct article *a);
void facts_status(struct article *a);
void facts_urgency(struct article *a);
void facts_times(struct article *a);
void facts_defaults(struct article *a);

#endif
