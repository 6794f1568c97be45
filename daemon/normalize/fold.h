// Text folded for comparison: NFKC_Casefold, of which letters, digits and the marks of
// scripts that write vowels with them remain, and the signs that belong to a number:
//
//   . , and their kin    directly between two digits; all become one '.'. So 1.5 is not
//                        15, 1,5 and 1.5 and full-width forms agree, and 1,000 is neither
//                        1000 nor 1.0: which of the two a comma means can't be known
//   /                    directly between two digits (and inside fractions such as 1/2)
//   - and dashes         directly before a digit or its currency sign, unless a letter of
//                        a spaced script, a digit or a closing bracket stands before (F-16)
//   U+2212 + +-          before a digit, spaces between or not
//   % per mille          behind a digit, spaces between or not
//   currency             beside a digit, spaces between or not
//
// Spaces and line ends count alike, so re-wrapping changes nothing.
#ifndef NORMALIZE_FOLD_H
#define NORMALIZE_FOLD_H

#include <utf8proc.h>

#include "normalize/buffer.h"

#define UNICODE_FOLD_OPTIONS \
    (UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE)

// fold_text appends the fold of well-formed text.
void fold_text(struct slice text, struct buffer *out);

// fold_is_mark says whether a code point, itself already folded, is one of the signs above;
// fold_mark_form gives the one form that stands for its kin.
bool fold_is_mark(int32_t point);
int32_t fold_mark_form(int32_t point);

// fold_keeps_mark decides about a sign at `at`, `length` bytes long, in its text.
bool fold_keeps_mark(struct slice text, size_t at, size_t length, int32_t form);

#endif
