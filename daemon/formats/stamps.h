// Stamps of date and time as wires set them at the end of a message:
//   AP-WF-06-29-17 2350GMT     Reut12:44 06-29-17     -0- Jun/29/2017 23:50 GMT
//   242200 GMT Jun 17          19:44ET 29-06-17
#ifndef FORMATS_STAMPS_H
#define FORMATS_STAMPS_H

#include "article/article.h"

struct stamp {
    struct slice text;   // as it stands there
    struct slice agency; // "AP", "Reut"; may be empty
    int64_t us;          // UTC; where the stamp has no zone, as if it were UTC
    int year, month, day;
    bool zoned;
    bool assumed; // month or year are the issue date's
};

// stamps_read gives true if line is a stamp and nothing else but space and rails around
// it. A stamp without year or month takes them from issue_date (YYYY-MM-DD), so that it
// lies as near to that day as can be; without that date it is none.
bool stamps_read(struct slice line, struct slice issue_date, struct stamp *out);
// stamps_set makes it the article's firstCreated; zone is the hint.
void stamps_set(const struct stamp *stamp, struct slice zone, struct article *a);

#endif
