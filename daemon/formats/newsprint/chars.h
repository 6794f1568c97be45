// What class a character belongs to and in which width a word writes it.
#ifndef FORMATS_NEWSPRINT_CHARS_H
#define FORMATS_NEWSPRINT_CHARS_H

#include <stdbool.h>
#include <stdint.h>

enum {
    CHAR_SPACE = 1 << 0,
    CHAR_HAN = 1 << 1,
    CHAR_KANA = 1 << 2,
    CHAR_HANGUL = 1 << 3,
    CHAR_WIDE = 1 << 4,
    CHAR_AMBIGUOUS = 1 << 5,
    CHAR_LETTER = 1 << 6,
    CHAR_UPPER = 1 << 7,
    CHAR_OPENS = 1 << 8,
    CHAR_CLOSES = 1 << 9,
    CHAR_ENDS = 1 << 10,
    CHAR_MARK = 1 << 11,
};
#define CHARS_KNOWN 0x10000U

// chars_load fills char_classes, once, from whichever thread comes first; char_classify
// gives the same of any character.
void chars_load(void);
extern uint16_t char_classes[CHARS_KNOWN];
uint32_t char_classify(uint32_t c);
uint32_t char_fold_wide(uint32_t c);

static inline uint32_t
char_class(uint32_t c) // all of them
{
    return c < CHARS_KNOWN ? char_classes[c] : char_classify(c);
}

// char_is gives whether c is of one of the classes.
static inline bool
char_is(uint32_t c, uint32_t classes)
{
    return char_class(c) & classes;
}

static inline bool
char_is_ligature(uint32_t c) // letters set as one: ﬁ
{
    return c >= 0xfb00 && c <= 0xfb06;
}

// char_fold gives the width a word is written in; for matching only.
static inline uint32_t
char_fold(uint32_t c)
{
    if (c < 0xa0 || (c > 0x30fb && c < 0xff01))
        return c;
    return char_fold_wide(c);
}

static inline bool
char_is_digit(uint32_t c) // 0-9, full width too
{
    c = char_fold(c);
    return c >= '0' && c <= '9';
}

static inline bool
char_is_space(uint32_t c) // White_Space and what is as good as nothing
{
    return char_is(c, CHAR_SPACE);
}

static inline bool
char_is_han(uint32_t c) // ideographs
{
    return char_is(c, CHAR_HAN);
}

static inline bool
char_is_kana(uint32_t c)
{
    return char_is(c, CHAR_KANA);
}

static inline bool
char_is_hangul(uint32_t c)
{
    return char_is(c, CHAR_HANGUL);
}

static inline bool
char_is_wide(uint32_t c) // set on a full em: letters and marks of East Asia
{
    return char_is(c, CHAR_WIDE);
}

static inline bool
char_is_ambiguous(uint32_t c) // quotes, dashes, dots: as wide as their page is
{
    return char_is(c, CHAR_AMBIGUOUS);
}

static inline bool
char_is_letter(uint32_t c) // of an alphabet, not East Asian
{
    return char_is(c, CHAR_LETTER);
}

static inline bool
char_is_upper(uint32_t c)
{
    return char_is(c, CHAR_UPPER);
}

static inline bool
char_opens(uint32_t c) // an opening quote or bracket
{
    return char_is(c, CHAR_OPENS);
}

static inline bool
char_closes(uint32_t c) // a closing one
{
    return char_is(c, CHAR_CLOSES);
}

static inline bool
char_ends(uint32_t c) // ends a sentence by itself: 。！？
{
    return char_is(c, CHAR_ENDS);
}

static inline bool
char_is_mark(uint32_t c) // punctuation of either width
{
    return char_is(c, CHAR_MARK);
}

#endif
