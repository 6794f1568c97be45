// Dates as machines and desks write them: ISO 8601 in all its forms, RFC 822 and its
// descendants with what is met instead, and dates in words of several languages. By hand
// and by tables, because strptime follows the locale and takes what no calendar has.
#ifndef FORMATS_DATES_H
#define FORMATS_DATES_H

#include "article/article.h"

#define DATE_BYTES_MAX 128U // a longer text is no date

struct date_read {
    int64_t us; // UTC; where the text has no zone, as if it were UTC
    bool zoned;
    bool implied; // no zone, but the language of the form has one: implied_seconds east
    int implied_seconds;
};

// date_read gives true for one date and nothing else but white space around it. A form
// that leaves out month, day or time means the first; a day or hour that does not exist
// is no date, and a form that could be two days is none either (03/04/2026).
bool date_read(struct slice text, struct date_read *out);

// date_read_iso is date_read for ISO 8601 alone, for formats whose schema says so.
bool date_read_iso(struct slice text, struct date_read *out);

// date_zone reads "Z", "UTC", "GMT", "+08:00", "+0800" or "-5" as seconds east of UTC.
bool date_zone(struct slice text, int *seconds_out);

// date_set reads text into a TIME field. Without a zone the hint's is assumed, or, where
// that is empty, UTC is taken and the article warned; what is before 1990 is kept with a
// warning. False: no date, nothing is set, and the article is warned of the field unless
// text is blank. text is kept: it must live as long as the arena.
bool date_set(
    struct article *a, enum article_field field, struct slice text, struct slice hint);

#endif
