// The door of normalize/: an article in, the same article clean. The text rules of every
// format live here and know no format. Display text becomes NFC with nothing folded; the
// comparison key is made apart from it and never shown.
#ifndef NORMALIZE_NORMALIZE_H
#define NORMALIZE_NORMALIZE_H

#include "article/article.h"

// Stamped on every revision. Add one to NORMALIZER_VERSION whenever the same input could
// give another article, to KEY_VERSION whenever it could give another key.
#define NORMALIZER_VERSION 1
#define KEY_VERSION 1

// normalize_load builds the tables (about 8 ms); before the sandbox closes.
bool normalize_load(void);

// normalize_article applies the text rules to every field by its kind, fills in counts,
// canonical language tag and defaults (type text, pubStatus usable), and notes in wr what
// it changed. Idempotent: a second run changes nothing.
void normalize_article(struct article *a);

// normalize_key gives the comparison key of an article: headline and body as NFKC
// case-folded letters and digits, with signs, currency and the decimal mark kept beside
// digits, without lead-in, byline and sign-off. Empty when the article has no text.
struct slice normalize_key(const struct article *a, struct arena *arena);

// utf8_check says whether bytes are well-formed UTF-8 (Unicode 15, table 3-7); where the
// first byte that is not stands goes to bad_out.
bool utf8_check(struct slice bytes, size_t *bad_out);

#endif
