// What readers ask of single bytes and of lines of them, without a locale.
#ifndef FORMATS_ASCII_H
#define FORMATS_ASCII_H

#include "proto/proto.h"

static inline bool
ascii_letter(uint8_t c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static inline bool
ascii_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

// ascii_trim takes blanks and controls off both ends.
static inline struct slice
ascii_trim(struct slice text)
{
    while (text.size && text.data[0] <= ' ')
        text = slice_from(text, 1);
    while (text.size && text.data[text.size - 1] <= ' ')
        text.size--;
    return text;
}

// ascii_one_of looks for a word in a list that NULL ends.
static inline bool
ascii_one_of(struct slice word, const char *const words[])
{
    for (; *words; words++)
        if (slice_is(word, *words))
            return true;
    return false;
}

#endif
