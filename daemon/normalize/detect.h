// Does the text of an article speak the language that was declared for it? A check only:
// what was declared stands, and where nothing was declared there is nothing to check.
#ifndef NORMALIZE_DETECT_H
#define NORMALIZE_DETECT_H

#include "article/article.h"

// detect_language warns language-differs where CLD2 is sure that the body, 200 bytes or
// more, is in another language, and notes in wr what it was asked and answered. CLD2 costs
// more than the rest of the text rules together, so it is asked only where the words of the
// text leave doubt. Without CLD2 in the build it does nothing.
void detect_language(struct article *a);

// detect_doubts says whether the commonest words of a language are missing in text.
bool detect_doubts(struct slice language, struct slice text);

#endif
