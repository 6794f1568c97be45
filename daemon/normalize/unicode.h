// What a code point is to us, in two tables that normalize_load builds from utf8proc: a
// class for the text rules and the first pass, a fold for the comparison key. utf8proc's
// own functions cost 25 to 45 times as much on whole texts; here they see odd segments only.
#ifndef NORMALIZE_UNICODE_H
#define NORMALIZE_UNICODE_H

#include <stdbool.h>
#include <stdint.h>

enum unicode_class {
    UNICODE_NFC = 1,  // not plainly NFC: has a combining class, changes, or may compose
    UNICODE_RULE = 2, // a text rule may drop or change it
    UNICODE_WORD = 4, // a word by itself: Han, kana
    UNICODE_GAP = 8,  // ends a word: white space, full-width punctuation
    UNICODE_DIGIT = 16, // a decimal digit, or folds to something that begins or ends so
    UNICODE_ALNUM = 32, // letter or digit
    UNICODE_KEEP = 64,  // stays in the comparison key, if it stands there folded
    UNICODE_SPACE = 128,
};

// A fold is one of these, or the code point it folds to.
enum unicode_fold {
    FOLD_DROP = 0, // nothing is left of it
    FOLD_SELF = 1,
    FOLD_SLOW = 2, // several code points: ask utf8proc
    FOLD_JOIN = 3, // may change what stands before it: the segment begins further left
    FOLD_MARK = 0x40000000, // with the sign it folds to; kept beside digits only
};

#define UNICODE_PAGES 0x1100U
extern uint8_t unicode_class_of_page[UNICODE_PAGES];
extern uint8_t unicode_class_pages[256][256];
extern uint8_t unicode_fold_of_page[UNICODE_PAGES];
extern uint32_t unicode_fold_pages[256][256];

// unicode_load builds the tables; false if they do not fit. Loading twice does nothing.
bool unicode_load(void);

static inline unsigned
unicode_class(int32_t point)
{
    return unicode_class_pages[unicode_class_of_page[point >> 8]][point & 0xff];
}

static inline uint32_t
unicode_fold(int32_t point)
{
    return unicode_fold_pages[unicode_fold_of_page[point >> 8]][point & 0xff];
}

// What a letter of ASCII and one mark behind it compose to: nearly all of what comes
// decomposed over a wire.
#define UNICODE_BASES 0x40       // the first of 64 code points with all letters
#define UNICODE_DIACRITICS 0x300 // the first of 112 marks
extern uint16_t unicode_pairs[64][112];

// unicode_pair gives that composition, 0 if there is none.
static inline int32_t
unicode_pair(int32_t base, int32_t mark)
{
    uint32_t row = (uint32_t)base - UNICODE_BASES;
    uint32_t column = (uint32_t)mark - UNICODE_DIACRITICS;
    return row < 64 && column < 112 ? unicode_pairs[row][column] : 0;
}

// Scripts that the rules name.
bool unicode_is_joining(
    int32_t point);                  // Arabic, Indic, emoji: ZWJ and ZWNJ matter there
bool unicode_is_han(int32_t point);  // ideographs and kana
bool unicode_is_mark(int32_t point); // Mn, Mc, Me

// unicode_narrow gives the half-width form of a full-width ASCII sign or ideographic
// space, any other code point as it is.
static inline int32_t
unicode_narrow(int32_t point)
{
    if (point >= 0xff01 && point <= 0xff5e)
        return point - 0xfee0;
    return point == 0x3000 ? ' ' : point;
}

#endif
