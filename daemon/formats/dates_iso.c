// ISO 8601 in its basic, extended, ordinal and week forms, and what is written for it.
#include "formats/dates_parts.h"

size_t
digits_ahead(const struct cursor *c)
{
    size_t n = 0;
    while (c->at + n < c->end && is_digit(c->at[n]))
        n++;
    return n;
}

int
number(struct cursor *c, size_t n)
{
    int value = 0;
    for (size_t i = 0; i < n; i++)
        value = value * 10 + (*c->at++ - '0');
    return value;
}

bool
two(struct cursor *c, int *out)
{
    if (digits_ahead(c) < 2)
        return false;
    *out = number(c, 2);
    return true;
}

bool
read_offset(struct cursor *c, int *seconds)
{
    int hours = 0, minutes = 0, sign = *c->at++ == '-' ? -1 : 1;
    size_t digits = digits_ahead(c);
    if (digits == 1 || digits == 3)
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

bool
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

void
read_fraction(struct cursor *c, struct civil *t)
{
    int scale = 100000;
    while (at_digit(c)) {
        t->micro += (*c->at++ - '0') * scale;
        scale /= 10;
    }
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

// Behind "W": ww, wwD, ww-D; without a day the week's Monday.
static bool
read_week(struct cursor *c, struct civil *t)
{
    int week = 0, day = 1;
    if (!two(c, &week))
        return false;
    if (take(c, '-') && !at_digit(c))
        return false;
    if (at_digit(c))
        day = number(c, 1);
    return civil_set_week(t, week, day);
}

// After "YYYY-": MM, MM-DD, DDD, Www-D, and 0MM-DD, which is met in the wild
// (2003-012-31).
static bool
read_extended(struct cursor *c, struct civil *t)
{
    if (take(c, 'W'))
        return read_week(c, t);
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

// The forms of ISO 8601:1988 that leave the century out: YY-MM-DD, -YY-MM, -YYMM.
static bool
read_short(struct cursor *c, struct civil *t, bool day)
{
    if (!two(c, &t->year))
        return false;
    t->year += 2000;
    if (take(c, '-') != day && day)
        return false;
    return two(c, &t->month) && (!day || (take(c, '-') && two(c, &t->day)));
}

static bool
read_day(struct cursor *c, struct civil *t)
{
    if (take(c, '-'))
        return read_short(c, t, false);
    size_t digits = digits_ahead(c);
    char behind = (size_t)(c->end - c->at) > digits ? (char)c->at[digits] : '\0';
    if (digits == 2 && behind == '-')
        return read_short(c, t, true);
    if (digits == 4 && behind == '-') {
        t->year = number(c, 4);
        c->at++;
        return read_extended(c, t);
    }
    if (digits == 4 && behind == 'W') {
        t->year = number(c, 4);
        c->at++;
        return read_week(c, t);
    }
    return read_basic(c, t, digits);
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

bool
dates_iso(struct cursor c, struct dated *out)
{
    struct dated d = {
        .t = {.month = 1, .day = 1}
    };
    if (!read_day(&c, &d.t))
        return false;
    if (take(&c, 'T') || take(&c, 't') || take(&c, ' ')) {
        if (!read_time(&c, &d.t))
            return false;
        (void)take(&c, ' ');
    }
    if (!read_zone(&c, &d.zoned, &d.offset) || c.at != c.end)
        return false;
    *out = d;
    return true;
}
