// Dates as machines write them: RFC 3339 and the other forms of ISO 8601 that are met in
// feeds. By hand, because strptime follows the locale and takes what no calendar has.
#ifndef FORMATS_DATES_H
#define FORMATS_DATES_H

#include "article/article.h"

struct date_read {
    int64_t us; // UTC; where the text has no zone, as if it were UTC
    bool zoned;
};

// date_read gives true for one date and nothing else but white space around it. A form
// that leaves out month, day or time means the first; a day or hour that does not exist
// is no date.
bool date_read(struct slice text, struct date_read *out);

// date_zone reads "Z", "UTC", "GMT", "+08:00", "+0800" or "-5" as seconds east of UTC.
bool date_zone(struct slice text, int *seconds_out);

// date_set reads text into a TIME field; without a zone the hint's is assumed, or, where
// that is empty, UTC is taken and the article warned. False: no date, nothing is set.
bool date_set(
    struct article *a, enum article_field field, struct slice text, struct slice hint);

#endif
