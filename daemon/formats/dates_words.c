// Dates in words and in orders of their own: RFC 822 and 2822, asctime, RFC 850, what
// East Asian, Greek and Hungarian systems write, and the slips of all of these. The text
// is taken token by token; each is put where it can only belong, and numbers that could
// be day or year are told apart when all is seen. What is left over makes it no date.
#include "formats/dates_names.h"
#include "formats/dates_parts.h"

#define NUMBERS_MAX 4U

struct number {
    int value;
    size_t digits;
    char behind; // the character behind it, which tells 4.3.2026 from 4/3/2026
};
struct words {
    struct cursor c;
    const uint8_t *start;
    struct civil t; // month 0, day 0, year -1: not seen
    struct number numbers[NUMBERS_MAX];
    size_t count;
    bool timed, zoned, zone_word, korean, am, pm, month_may_be_day;
    int offset;
};

static struct slice
rest(const struct words *w)
{
    return slice_of(w->c.at, (size_t)(w->c.end - w->c.at));
}

static bool
next_is(const struct words *w, char wanted)
{
    return w->c.at < w->c.end && *w->c.at == (uint8_t)wanted;
}

// "h:mm", "h:mm:ss" and a fraction; the hour is read.
static bool
take_clock(struct words *w, int hour)
{
    if (w->timed)
        return false;
    w->timed = true;
    w->t.hour = hour;
    if (!take(&w->c, ':') || digits_ahead(&w->c) != 2 || !two(&w->c, &w->t.minute))
        return false;
    if (!take(&w->c, ':'))
        return true;
    if (digits_ahead(&w->c) != 2 || !two(&w->c, &w->t.second))
        return false;
    bool fraction = (next_is(w, '.') || next_is(w, ',')) && w->c.end - w->c.at > 1 &&
                    is_digit(w->c.at[1]);
    if (fraction) {
        w->c.at++;
        read_fraction(&w->c, &w->t);
    }
    return true;
}

// A number with its unit behind it, as 2026年3月4日 15时05分.
static bool
take_unit(struct words *w, int value, enum date_word unit)
{
    int *const places[] = {
        &w->t.year, &w->t.month, &w->t.day, &w->t.hour, &w->t.minute, &w->t.second};
    *places[unit - DATE_WORD_YEAR_UNIT] = value;
    w->timed |= unit >= DATE_WORD_HOUR_UNIT;
    return true;
}

static bool
take_number(struct words *w)
{
    size_t digits = digits_ahead(&w->c);
    if (digits > 8)
        return false;
    int value = number(&w->c, digits);
    if (digits <= 2 && next_is(w, ':'))
        return take_clock(w, value);
    struct cursor behind = w->c;
    while (take(&behind, ' '))
        ;
    struct date_name name =
        date_name_at(slice_of(behind.at, (size_t)(behind.end - behind.at)));
    if (name.word >= DATE_WORD_YEAR_UNIT) {
        w->c.at = behind.at + name.size;
        w->korean |= name.korean;
        return take_unit(w, value, name.word);
    }
    if (w->count == NUMBERS_MAX)
        return false;
    char c = w->c.at < w->c.end ? (char)*w->c.at : '\0';
    w->numbers[w->count++] = (struct number){value, digits, c};
    return true;
}

static bool
take_month(struct words *w, const struct date_name *name)
{
    if (w->t.month && w->t.month != name->value && !w->month_may_be_day)
        return false;
    w->t.month = name->value; // "mar, 04 feb": the first was the day of the week
    w->month_may_be_day = name->also_day && w->count == 0;
    return true;
}

// Behind a zone's name an offset from it may follow: GMT-01:01, UTC+8. The names of the
// Etc area count the other way round (IANA tz, file etcetera).
static bool
take_zone(struct words *w, const struct date_name *name)
{
    bool etc = strncmp(name->folded, "etc/", 4) == 0;
    int more = 0, seconds = 0;
    bool known = date_zone_named(name->folded, &seconds);
    if (next_is(w, '+') || next_is(w, '-')) {
        if (!read_offset(&w->c, &more))
            return false;
        seconds += etc ? -more : more;
    }
    if (w->zone_word)
        return w->zoned && known; // "+0000 (UTC)", "+0100 CET": the first stands
    w->zone_word = true;
    if (known && !w->zoned)
        w->offset = seconds;
    w->zoned |= known;
    return true;
}

static bool
take_offset(struct words *w)
{
    if (!w->timed || w->c.end - w->c.at < 2 || !is_digit(w->c.at[1]))
        return false;
    w->zoned = true;
    return read_offset(&w->c, &w->offset);
}

// T between day and time.
static bool
is_separator(const struct words *w, const struct date_name *name)
{
    return strcmp(name->folded, "t") == 0 && !w->timed && at_digit(&w->c) && w->count &&
           w->numbers[w->count - 1].digits;
}

// The first word before a comma or point is a day of the week, in whatever language.
static bool
is_first(const struct words *w, const uint8_t *from)
{
    return from == w->start && (next_is(w, ',') || next_is(w, '.'));
}

static bool
take_word_by_kind(struct words *w, const struct date_name *name, const uint8_t *from)
{
    bool zone_place = w->timed && name->size && !name->korean;
    int seconds;
    switch (name->word) {
    case DATE_WORD_MONTH:
        return take_month(w, name);
    case DATE_WORD_AM:
        return w->am = true;
    case DATE_WORD_PM:
        return w->pm = true;
    case DATE_WORD_DAY:
    case DATE_WORD_FILLER:
        if (is_separator(w, name) || !zone_place)
            return strcmp(name->folded, "t") != 0 || is_separator(w, name);
        return !date_zone_named(name->folded, &seconds) || take_zone(w, name);
    default:
        return zone_place ? take_zone(w, name) : is_first(w, from);
    }
}

static bool
take_name(struct words *w)
{
    const uint8_t *from = w->c.at;
    struct date_name name = date_name_at(rest(w));
    if (name.size == 0 || name.word >= DATE_WORD_YEAR_UNIT)
        return false;
    w->c.at += name.size;
    w->korean |= name.korean;
    bool dotted = name.folded[1] == '\0' && next_is(w, '.') && w->c.end - w->c.at > 1 &&
                  (w->c.at[1] | 0x20) == 'm';
    if (dotted && (name.folded[0] == 'a' || name.folded[0] == 'p')) { // a.m., p.m.
        w->c.at += 2;
        w->am |= name.folded[0] == 'a';
        w->pm |= name.folded[0] == 'p';
        return true;
    }
    return take_word_by_kind(w, &name, from);
}

// A comment of RFC 2822 says nothing that counts.
static bool
skip_comment(struct words *w)
{
    while (w->c.at < w->c.end && *w->c.at != ')')
        w->c.at++;
    return take(&w->c, ')');
}

static bool
take_token(struct words *w)
{
    uint8_t c = *w->c.at;
    if (is_digit(c))
        return take_number(w);
    bool sign = c == '+' || c == '-';
    if (sign && w->timed)
        return take_offset(w);
    if (c == '(')
        return skip_comment(w);
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ',' || c == '.' ||
        c == '/' || c == '-') {
        w->c.at++;
        return true;
    }
    return take_name(w);
}

// RFC 2822 4.3: two digits below 50 are of this century, three count from 1900.
static int
year_of(const struct number *n)
{
    if (n->digits == 2)
        return n->value + (n->value < 50 ? 2000 : 1900);
    return n->digits == 3 ? n->value + 1900 : n->value;
}

static bool
could_be_day(const struct number *n)
{
    return n->digits <= 2 && n->value <= 31;
}

// Day and year beside a month's name, in either order; a month and a year alone are the
// first of it.
static bool
place_by_month(struct words *w)
{
    const struct number *n = w->numbers;
    if (w->count == 1 && n[0].digits == 4) {
        w->t.year = n[0].value;
        w->t.day = 1;
        return true;
    }
    if (w->count != 2)
        return false;
    bool day_first = could_be_day(&n[0]);
    const struct number *day = &n[day_first ? 0 : 1], *year = &n[day_first ? 1 : 0];
    if (day->digits > 2 || year->digits < 2 || year->digits > 4)
        return false;
    w->t.day = day->value;
    w->t.year = year_of(year);
    return true;
}

static void
place(struct words *w, const struct number *year, const struct number *month,
    const struct number *day)
{
    w->t.year = year_of(year);
    w->t.month = month->value;
    w->t.day = day->value;
}

// Three numbers: year first; or year last, where points mean the day comes first and
// with strokes only a number over 12 tells.
static bool
place_numbers(struct words *w)
{
    const struct number *n = w->numbers;
    if (n[0].digits == 4 && n[1].digits <= 3 && n[2].digits <= 2)
        return place(w, &n[0], &n[1], &n[2]), true;
    if (n[2].digits != 4 || n[0].digits > 2 || n[1].digits > 2)
        return false;
    bool day_first = n[0].behind == '.' || n[0].value > 12;
    if (!day_first && n[1].value <= 12 && n[0].value != n[1].value)
        return false;
    place(w, &n[2], &n[day_first ? 1 : 0], &n[day_first ? 0 : 1]);
    return true;
}

// 8 digits are a day, though the rest is no ISO 8601. 6 digits in front of zone, month
// and year are IPTC 7901's day, hour and minute.
static bool
place_run(struct words *w)
{
    struct number *n = w->numbers;
    if (w->count == 1 && n[0].digits == 8 && !w->t.month) {
        w->t.year = n[0].value / 10000;
        w->t.month = n[0].value / 100 % 100;
        w->t.day = n[0].value % 100;
        return true;
    }
    if (w->count != 2 || n[0].digits != 6 || !w->t.month || w->timed)
        return false;
    w->t.day = n[0].value / 10000;
    w->t.hour = n[0].value / 100 % 100;
    w->t.minute = n[0].value % 100;
    w->t.year = year_of(&n[1]);
    return true;
}

static bool
place_all(struct words *w)
{
    if (w->t.year >= 0) // units said it all
        return w->count == 0 && w->t.month && (w->t.day || (w->t.day = 1));
    if (place_run(w))
        return true;
    if (w->t.month)
        return place_by_month(w);
    return w->count == 3 && place_numbers(w);
}

// Hours of a clock of twelve. Some write 下午15时: then the word adds nothing.
static bool
place_half(struct words *w)
{
    if (w->am && w->pm)
        return false;
    if (w->pm && w->timed && w->t.hour < 12)
        w->t.hour += 12;
    if (w->am && w->t.hour == 12)
        w->t.hour = 0;
    return true;
}

// 7901 puts the zone before the month, where no time has been seen yet.
static bool
zone_behind_run(const struct words *w)
{
    return w->count == 1 && w->numbers[0].digits == 6;
}

bool
dates_words(struct cursor c, struct dated *out)
{
    struct words w = {.c = c, .start = c.at, .t = {.year = -1}};
    while (w.c.at < w.c.end) {
        struct date_name name = {.word = DATE_WORD_NONE};
        if (zone_behind_run(&w))
            name = date_name_at(rest(&w));
        if (name.word == DATE_WORD_ZONE) {
            w.c.at += name.size;
            if (!take_zone(&w, &name))
                return false;
        } else if (!take_token(&w)) {
            return false;
        }
    }
    if (!place_all(&w) || !place_half(&w))
        return false;
    bool korean =
        w.korean && !w.zoned; // Korea has one zone, and writes its dates alone
    *out = (struct dated){w.t, korean ? 9 * 3600 : w.offset, w.zoned, korean};
    return true;
}
