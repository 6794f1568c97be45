// Runs of a page's characters as code points, and comparisons that do not care how they
// were set (full or half width, spread or not).
#ifndef FORMATS_NEWSPRINT_TEXT_H
#define FORMATS_NEWSPRINT_TEXT_H

#include "base/arena.h"
#include "formats/newsprint/chars.h"

// A run of code points, borrowed from the page or from a text built in its arena.
struct span {
    const uint32_t *cp;
    uint32_t size;
};

struct span span_of(const uint32_t *cp, uint32_t size);
struct span span_cut(struct span s, uint32_t from, uint32_t to);
struct span span_trim(struct span s);
uint32_t span_letters(struct span s); // characters that are not space
static inline bool
span_longer(struct span s, uint32_t letters) // has more than so many
{
    return s.size > letters && span_letters(s) > letters;
}

// span_stops: does the mark at `at` end a sentence? A full stop of ASCII stands for 。
// behind an ideograph, a bracket or a quote; in 9.6 or at the end of a word it does not.
bool span_point_stops(struct span s, uint32_t at); // the same of a point of ASCII
static inline bool
span_is_full_stop(struct span s, uint32_t at) // the same of 。 alone
{
    uint32_t c = char_fold(s.cp[at]);
    return c == 0x3002 || (c == '.' && span_point_stops(s, at));
}
static inline bool
span_stops(struct span s, uint32_t at)
{
    return char_ends(s.cp[at]) || span_is_full_stop(s, at);
}
bool span_has_stop(struct span s); // 。 or ; stands in it

// span_match compares literal with s from at on, folded, skipping space in s; gives the
// place after the match, 0 if it isn't there. span_find gives the place of the first
// match at or after from, span.size if there is none.
uint32_t span_match(struct span s, uint32_t at, const char *literal);
// span_match_rest does so from `at` on where what stands before has been compared;
// literal_next reads one character of a literal of ours and steps on.
uint32_t span_match_rest(struct span s, uint32_t at, const char *rest);
// span_may_match_rest: could it match once s is joined to the lines behind it?
bool span_may_match_rest(struct span s, uint32_t at, const char *rest);
uint32_t literal_next(const char **literal);
uint32_t span_find(struct span s, uint32_t from, const char *literal);
bool span_ends_with(struct span s, const char *literal);

// A text that grows in an arena. Out of memory is remembered by the arena.
struct text {
    struct arena *arena;
    uint32_t *cp;
    uint32_t size, room;
};
bool text_grow(struct text *t);
// text_reserve makes room for so many more; without it text_put makes some.
void text_reserve(struct text *t, uint32_t more);
void text_add(struct text *t, struct span s);
static inline void
text_put(struct text *t, uint32_t c)
{
    if (t->size < t->room || text_grow(t))
        t->cp[t->size++] = c;
}
struct span text_span(const struct text *t);

uint32_t utf8_next(struct slice s, size_t *at); // U+FFFD for what is not UTF-8
struct slice utf8_of(struct span s, struct arena *arena);
size_t utf8_room(struct span s);                // bytes that s takes
size_t utf8_write(struct span s, uint8_t *out); // gives how many it wrote

// span_words counts the words between spaces.
uint32_t span_words(struct span s);

#endif
