// Characters of a page as code points: what class each belongs to, how wide it is set,
// and comparisons that do not care how it was set (full or half width, spread or not).
#ifndef FORMATS_NEWSPRINT_TEXT_H
#define FORMATS_NEWSPRINT_TEXT_H

#include "base/arena.h"

// A run of code points, borrowed from the page or from a text built in its arena.
struct span {
    const uint32_t *cp;
    uint32_t size;
};

bool char_is_odd_space(uint32_t c);
// char_is_space: White_Space and what is as good as nothing. Nearly all letters of a page
// are beyond the first bounds.
static inline bool
char_is_space(uint32_t c)
{
    if (c > 0x3000)
        return c == 0xfeff;
    return (c <= 0x20 || c >= 0x85) && char_is_odd_space(c);
}
bool char_is_han(uint32_t c); // ideographs
bool char_is_kana(uint32_t c);
bool char_is_hangul(uint32_t c);
bool char_is_wide(uint32_t c);      // set on a full em: letters and marks of East Asia
bool char_is_ambiguous(uint32_t c); // quotes, dashes, dots: as wide as their page is
bool char_is_digit(uint32_t c);     // 0-9, full width too
bool char_is_letter(uint32_t c);    // of an alphabet, not East Asian
bool char_is_upper(uint32_t c);
bool char_is_mark(uint32_t c);  // punctuation of either width
bool char_opens(uint32_t c);    // an opening quote or bracket
bool char_closes(uint32_t c);   // a closing one
bool char_ends(uint32_t c);     // ends a sentence by itself: 。！？
uint32_t char_fold(uint32_t c); // to the width a word is written in; for matching only

struct span span_of(const uint32_t *cp, uint32_t size);
struct span span_cut(struct span s, uint32_t from, uint32_t to);
struct span span_trim(struct span s);
uint32_t span_letters(struct span s); // characters that are not space

// span_stops: does the mark at `at` end a sentence? A full stop of ASCII stands for 。
// behind an ideograph, a bracket or a quote; in 9.6 or at the end of a word it does not.
bool span_stops(struct span s, uint32_t at);
bool span_is_full_stop(struct span s, uint32_t at); // the same of 。 alone
bool span_has_stop(struct span s);                  // 。 or ; stands in it

// span_match compares literal with s from at on, folded, skipping space in s; gives the
// place after the match, 0 if it isn't there. span_find gives the place of the first
// match at or after from, span.size if there is none.
uint32_t span_match(struct span s, uint32_t at, const char *literal);
uint32_t span_find(struct span s, uint32_t from, const char *literal);
bool span_ends_with(struct span s, const char *literal);

// A list of words ends with NULL. words_match gives the end of the longest word at `at`.
uint32_t words_match(struct span s, uint32_t at, const char *const *words);
bool words_within(struct span s, const char *const *words);
// words_fold_match gives the end of the first word s begins with, letter case aside.
uint32_t words_fold_match(struct span s, const char *const *words);

// A text that grows in an arena. Out of memory is remembered by the arena.
struct text {
    struct arena *arena;
    uint32_t *cp;
    uint32_t size, room;
};
void text_put(struct text *t, uint32_t c);
struct span text_span(const struct text *t);

uint32_t utf8_next(struct slice s, size_t *at); // U+FFFD for what is not UTF-8
struct slice utf8_of(struct span s, struct arena *arena);

#endif
