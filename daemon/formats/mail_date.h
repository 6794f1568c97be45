// Dates of mail headers (RFC 5322, 3.3 and 4.3): "Thu, 5 Mar 2026 04:11:45 +0100 (CET)".
#ifndef FORMATS_MAIL_DATE_H
#define FORMATS_MAIL_DATE_H

#include "formats/dates.h"

// mail_date_read gives true for such a date; "-0000" and a zone that is not known are
// read as UTC that nobody gave (zoned is false).
bool mail_date_read(struct slice text, struct date_read *out);

#endif
