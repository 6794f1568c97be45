// The lists of words.def, found by the first character: nearly all characters of a page
// begin no word of the list that is asked for, and that is known by one look.
#ifndef FORMATS_NEWSPRINT_WORDS_H
#define FORMATS_NEWSPRINT_WORDS_H

#include "formats/newsprint/text.h"

// clang-format off
enum words {
#define WORDS(name, ...) WORDS_##name,
#define FOLDED(name, ...) WORDS_##name,
#define CHARS(chars)
#include "formats/newsprint/words.def"
#undef WORDS
#undef FOLDED
#undef CHARS
    WORDS_LISTS,
};
// clang-format on

// Lists that have a word which begins with one of the characters looked at.
struct word_lists {
    uint64_t bits[2];
};
#define WORDS_ASCII 0x80U
extern struct word_lists words_ascii[WORDS_ASCII]; // by first character; words_load's
static inline bool
word_lists_has(const struct word_lists *in, enum words list)
{
    return in->bits[list / 64] >> (list % 64) & 1;
}

// words_load builds the table, once, from whichever thread comes first.
void words_load(void);

// words_match gives the end of the longest word of list at `at`; 0: there is none.
uint32_t words_match(struct span s, uint32_t at, enum words list);
// words_may_match: could a word of list stand at `at` once the line s is joined to others?
bool words_may_match(struct span s, uint32_t at, enum words list);
bool words_within(struct span s, enum words list);
bool words_end(struct span s, enum words list); // the last word of s, space aside
// words_begin: does c begin a word of one of the lists? word_lists_of gives lists that end
// with WORDS_LISTS as one.
struct word_lists word_lists_of(const enum words *some);
const struct word_lists *word_lists_at(uint32_t c); // those with a word that c begins
static inline void
word_lists_add(struct word_lists *in, uint32_t c)
{
    const struct word_lists *has =
        c < WORDS_ASCII ? &words_ascii[c] : word_lists_at(char_fold(c));
    in->bits[0] |= has->bits[0];
    in->bits[1] |= has->bits[1];
}
static inline bool
words_begin(uint32_t c, const struct word_lists *some)
{
    const struct word_lists *in =
        c < WORDS_ASCII ? &words_ascii[c] : word_lists_at(char_fold(c));
    return (in->bits[0] & some->bits[0]) || (in->bits[1] & some->bits[1]);
}
// words_fold_match gives the end of the first word s begins with, letter case aside.
uint32_t words_fold_match(struct span s, enum words list);
bool words_is_surname(struct span s); // it begins with one

#endif
