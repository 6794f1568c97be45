// The words that dates are made of, in the languages whose feeds write them.
#ifndef FORMATS_DATES_NAMES_H
#define FORMATS_DATES_NAMES_H

#include "proto/proto.h"

#define DATE_WORD_MAX 40U // bytes of a word, folded

enum date_word {
    DATE_WORD_NONE,
    DATE_WORD_MONTH, // value: 1 to 12
    DATE_WORD_DAY,   // of the week; says nothing that the date does not
    DATE_WORD_ZONE,  // value: seconds east
    DATE_WORD_AM,
    DATE_WORD_PM,
    DATE_WORD_FILLER, // "of", "de", "at", "Uhr"
    // units of East Asian dates, behind their number
    DATE_WORD_YEAR_UNIT,
    DATE_WORD_MONTH_UNIT,
    DATE_WORD_DAY_UNIT,
    DATE_WORD_HOUR_UNIT,
    DATE_WORD_MINUTE_UNIT,
    DATE_WORD_SECOND_UNIT,
};

// A word at the start of text: what it is and how many bytes it takes; size 0: no letter
// stands there. folded is the word in lower case without accents.
struct date_name {
    enum date_word word;
    int value;
    bool korean, also_day;
    uint8_t letters;
    size_t size;
    char folded[DATE_WORD_MAX];
};
struct date_name date_name_at(struct slice text);

// date_zone_named gives the offset of a folded zone word: "est", "met", "utc", a letter.
bool date_zone_named(const char *folded, int *seconds_out);

#endif
