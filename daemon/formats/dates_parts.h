// What the files of the date reader share: a cursor over the text, small readers on it,
// and the two grammars. For dates*.c alone.
#ifndef FORMATS_DATES_PARTS_H
#define FORMATS_DATES_PARTS_H

#include "formats/calendar.h"
#include "formats/dates.h"

struct cursor {
    const uint8_t *at, *end;
};

// What a grammar found: the civil time as written, and its zone. implied: the language
// of the form is at home in one zone, so that stands where nobody says another.
struct dated {
    struct civil t;
    int offset; // seconds east
    bool zoned, implied;
};

static inline bool
is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static inline bool
take(struct cursor *c, char wanted)
{
    if (c->at >= c->end || *c->at != (uint8_t)wanted)
        return false;
    c->at++;
    return true;
}

static inline bool
at_digit(const struct cursor *c)
{
    return c->at < c->end && is_digit(*c->at);
}

size_t digits_ahead(const struct cursor *c);
int number(
    struct cursor *c, size_t n); // the next n digits; the caller has counted them
bool two(struct cursor *c, int *out);
void read_fraction(struct cursor *c, struct civil *t);
// "+08:00", "+0800", "+800", "+08" or "-5" at the cursor, which is at the sign.
bool read_offset(struct cursor *c, int *seconds);
// A zone of ISO 8601 at the cursor, if there is one; false only for one ill-formed.
bool read_zone(struct cursor *c, bool *zoned, int *seconds);

// Each reads all of the text, which is trimmed and not empty, or gives false.
bool dates_iso(struct cursor c, struct dated *out);
bool dates_words(struct cursor c, struct dated *out);

#endif
