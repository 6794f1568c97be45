// The door of normalize/: an article in, the same article clean. The text rules of every
// format live here and know no format. Display text becomes NFC with nothing folded; the
// comparison key is made apart from it and never shown.
#ifndef NORMALIZE_NORMALIZE_H
#define NORMALIZE_NORMALIZE_H

#include "article/article.h"

// Stamped on every revision. Add one to NORMALIZER_VERSION whenever the same input could
// give another article, to KEY_VERSION whenever it could give another key.
#define NORMALIZER_VERSION 4
#define KEY_VERSION 1

// normalize_load builds the tables (about 20 ms); before the sandbox closes.
bool normalize_load(void);

// normalize_article applies the text rules to every field by its kind, fills in counts
// (characters without line ends; words as printed between spaces, Han and kana one each),
// canonical language tag and defaults (type text, pubStatus usable), and notes in wr what
// it changed. Idempotent: a second run changes nothing. Blank lines part the blocks of
// plain text; a single line end inside a block is the author's and stays.
void normalize_article(struct article *a);

// normalize_key gives the comparison key of a normalized article: headline, LF, body as
// NFKC case-folded letters and digits with the signs that belong to a number (fold.h has
// the rule: 1.5 is not 15, nor -5 5, nor $5 5; a comma or point stays where it stands
// between two digits, as '.'), without what names the sender at either end (sender.h).
// The body is the plain one, else the text of the markup, else the first description.
// Empty when the article has no text.
struct slice normalize_key(const struct article *a, struct arena *arena);

// utf8_check says whether bytes are well-formed UTF-8 (Unicode 15, table 3-7); where the
// first byte that is not stands goes to bad_out.
bool utf8_check(struct slice bytes, size_t *bad_out);

#endif
