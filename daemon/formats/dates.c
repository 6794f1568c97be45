#include "formats/dates.h"

#include "formats/calendar.h"

struct cursor {
    const uint8_t *at, *end;
};

static bool
is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static bool
is_space(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool
take(struct cursor *c, char wanted)
{
    if (c->at >= c->end || *c->at != (uint8_t)wanted)
        return false;
    c->at++;
    return true;
}

static bool
at_digit(const struct cursor *c)
{
    return c->at < c->end && is_digit(*c->at);
}

static size_t
digits_ahead(const struct cursor *c)
{
    size_t n = 0;
    while (c->at + n < c->end && is_digit(c->at[n]))
        n++;
    return n;
}

// The next n digits as a number; the caller has counted them.
static int
number(struct cursor *c, size_t n)
{
    int value = 0;
    for (size_t i = 0; i < n; i++)
        value = value * 10 + (*c->at++ - '0');
    return value;
}

static bool
two(struct cursor *c, int *out)
{
    if (digits_ahead(c) < 2)
        return false;
    *out = number(c, 2);
    return true;
}

// ISO 8601 forms without separators, by the count of digits that come before T, a zone
// or the end. Two-digit years belong to this century.
static const struct {
    uint8_t digits, year, month, day_of_year, day;
} basic_forms[] = {
    {4, 4, 0, 0, 0}, // 2003
    {5, 2, 0, 3, 0}, // 03335
    {6, 2, 2, 0, 2}, // 031231
    {7, 4, 0, 3, 0}, // 2003335
    {8, 4, 2, 0, 2}, // 20031231
};

static bool
read_basic(struct cursor *c, struct civil *t, size_t digits)
{
    for (size_t i = 0; i < sizeof basic_forms / sizeof *basic_forms; i++) {
        if (basic_forms[i].digits != digits)
            continue;
        t->year = number(c, basic_forms[i].year);
        if (basic_forms[i].year == 2)
            t->year += 2000;
        if (basic_forms[i].month)
            t->month = number(c, basic_forms[i].month);
        if (basic_forms[i].day)
            t->day = number(c, basic_forms[i].day);
        return !basic_forms[i].day_of_year || civil_set_day_of_year(t, number(c, 3));
    }
    return false;
}

// After "YYYY-": MM, MM-DD, DDD, and 0MM-DD, which is met in the wild (2003-012-31).
static bool
read_extended(struct cursor *c, struct civil *t)
{
    size_t digits = digits_ahead(c);
    if (digits == 3 && (c->end - c->at == 3 || c->at[3] != '-'))
        return civil_set_day_of_year(t, number(c, 3));
    if (digits == 3 && *c->at != '0')
        return false;
    if (digits != 2 && digits != 3)
        return false;
    t->month = number(c, digits);
    return !take(c, '-') || two(c, &t->day);
}

static bool
read_day(struct cursor *c, struct civil *t)
{
    size_t digits = digits_ahead(c);
    if (digits == 4 && c->end - c->at > 4 && c->at[4] == '-') {
        t->year = number(c, 4);
        c->at++;
        return read_extended(c, t);
    }
    return read_basic(c, t, digits);
}

static void
read_fraction(struct cursor *c, struct civil *t)
{
    int scale = 100000;
    while (at_digit(c)) {
        t->micro += (*c->at++ - '0') * scale;
        scale /= 10;
    }
}

// HH, HH:MM, HHMM, HH:MM:SS, HHMMSS and fractions of the second behind a point or comma.
static bool
read_time(struct cursor *c, struct civil *t)
{
    if (!two(c, &t->hour))
        return false;
    bool colon = take(c, ':');
    if (!colon && !at_digit(c))
        return true;
    if (!two(c, &t->minute))
        return false;
    if (colon ? !take(c, ':') : !at_digit(c))
        return true;
    if (!two(c, &t->second))
        return false;
    if (take(c, '.') || take(c, ',')) {
        if (!at_digit(c))
            return false;
        read_fraction(c, t);
    }
    return true;
}

static bool
read_offset(struct cursor *c, int *seconds)
{
    int hours = 0, minutes = 0, sign = *c->at++ == '-' ? -1 : 1;
    size_t digits = digits_ahead(c);
    if (digits == 1)
        hours = number(c, 1);
    else if (!two(c, &hours))
        return false;
    if (take(c, ':') || at_digit(c))
        if (!two(c, &minutes))
            return false;
    if (hours > 23 || minutes > 59)
        return false;
    *seconds = sign * (hours * 3600 + minutes * 60);
    return true;
}

// A zone at the cursor, if there is one; false only for one that is ill-formed.
static bool
read_zone(struct cursor *c, bool *zoned, int *seconds)
{
    *zoned = true;
    if (c->at >= c->end) {
        *zoned = false;
        return true;
    }
    if (*c->at == '+' || *c->at == '-')
        return read_offset(c, seconds);
    struct slice rest = slice_of(c->at, (size_t)(c->end - c->at));
    if (take(c, 'Z') || take(c, 'z'))
        return true;
    if (!slice_is(rest, "UTC") && !slice_is(rest, "GMT"))
        return false;
    c->at = c->end;
    return true;
}

static struct slice
trimmed(struct slice text)
{
    while (text.size && is_space(text.data[0]))
        text = slice_from(text, 1);
    while (text.size && is_space(text.data[text.size - 1]))
        text.size--;
    return text;
}

static struct cursor
cursor_of(struct slice text)
{
    static const uint8_t nothing[1];
    text = trimmed(text);
    if (text.size == 0) // an empty slice may be NULL, which must not be added to
        return (struct cursor){nothing, nothing};
    return (struct cursor){text.data, text.data + text.size};
}

bool
date_read(struct slice text, struct date_read *out)
{
    struct cursor c = cursor_of(text);
    struct civil t = {.month = 1, .day = 1};
    int offset = 0;
    bool zoned = false;
    if (!read_day(&c, &t))
        return false;
    if (take(&c, 'T') || take(&c, 't') || take(&c, ' ')) {
        if (!read_time(&c, &t))
            return false;
        (void)take(&c, ' ');
    }
    if (!read_zone(&c, &zoned, &offset) || c.at != c.end || !civil_settle(&t))
        return false;
    int64_t seconds =
        civil_days(&t) * 86400 + t.hour * 3600LL + t.minute * 60LL + t.second - offset;
    *out = (struct date_read){seconds * SECOND_US + t.micro, zoned};
    return true;
}

bool
date_zone(struct slice text, int *seconds_out)
{
    struct cursor c = cursor_of(text);
    bool zoned = false;
    int seconds = 0;
    if (!read_zone(&c, &zoned, &seconds) || !zoned || c.at != c.end)
        return false;
    *seconds_out = seconds;
    return true;
}

bool
date_set(
    struct article *a, enum article_field field, struct slice text, struct slice hint)
{
    struct date_read date;
    int offset = 0;
    if (!date_read(text, &date))
        return false;
    if (date.zoned) {
        article_set_time(a, field, date.us, "given", text);
    } else if (date_zone(hint, &offset)) {
        article_set_time(a, field, date.us - offset * SECOND_US, "assumed", text);
    } else {
        article_set_time(a, field, date.us, "missing", text);
        article_warn(a, "zone-missing", slice_str(article_rows[field].name));
    }
    return true;
}
