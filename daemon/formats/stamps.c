#include "formats/stamps.h"

#include "formats/ascii.h"
#include "formats/calendar.h"
#include "formats/dates.h"

struct scan {
    struct slice rest;
};

static bool
skip(struct scan *s, const char *word)
{
    size_t size = strlen(word);
    if (s->rest.size < size || memcmp(s->rest.data, word, size) != 0)
        return false;
    s->rest = slice_from(s->rest, size);
    return true;
}

static void
spaces(struct scan *s)
{
    while (s->rest.size && (s->rest.data[0] == ' ' || s->rest.data[0] == '\t'))
        s->rest = slice_from(s->rest, 1);
}

// Exactly n digits, none behind them unless more may follow.
static bool
digits(struct scan *s, size_t n, int *out)
{
    int value = 0;
    if (s->rest.size < n)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (s->rest.data[i] < '0' || s->rest.data[i] > '9')
            return false;
        value = value * 10 + (s->rest.data[i] - '0');
    }
    s->rest = slice_from(s->rest, n);
    *out = value;
    return true;
}

static struct slice
letters(struct scan *s)
{
    size_t n = 0;
    while (n < s->rest.size && ascii_letter(s->rest.data[n]))
        n++;
    struct slice word = slice_until(s->rest, n);
    s->rest = slice_from(s->rest, n);
    return word;
}

static bool
same(struct slice word, const char *wanted)
{
    if (word.size != strlen(wanted))
        return false;
    for (size_t i = 0; i < word.size; i++)
        if ((word.data[i] | 0x20) != (wanted[i] | 0x20))
            return false;
    return true;
}

// English, and where they differ German, French, Spanish and Italian.
static const char *const months[12][5] = {
    {"jan", "january",   "januar",  "ene",      "gen" },
    {"feb", "february",  "februar", "fev",      NULL  },
    {"mar", "march",     "maerz",   "mrz",      "mars"},
    {"apr", "april",     "avr",     "abr",      NULL  },
    {"may", "mai",       "mag",     NULL,       NULL  },
    {"jun", "june",      "juni",    "juin",     "giu" },
    {"jul", "july",      "juli",    "lug",      "juil"},
    {"aug", "august",    "aou",     "ago",      "aout"},
    {"sep", "september", "sept",    "set",      NULL  },
    {"oct", "october",   "okt",     "oktober",  "ott" },
    {"nov", "november",  NULL,      NULL,       NULL  },
    {"dec", "december",  "dez",     "dezember", "dic" },
};

static bool
month_name(struct scan *s, int *out)
{
    if (s->rest.size >= 4 && memcmp(s->rest.data, "M\xc3\xa4r", 4) == 0) {
        s->rest = slice_from(s->rest, 4);
        (void)letters(s);
        *out = 3;
        return true;
    }
    struct slice word = letters(s);
    for (int m = 0; m < 12; m++)
        for (int i = 0; i < 5 && months[m][i]; i++)
            if (same(word, months[m][i])) {
                *out = m + 1;
                (void)skip(s, ".");
                return true;
            }
    return false;
}

static const struct {
    const char *name;
    int hours;
} zones[] = {
    {"GMT",  0 },
    {"UTC",  0 },
    {"Z",    0 },
    {"EST",  -5},
    {"EDT",  -4},
    {"CST",  -6},
    {"CDT",  -5},
    {"MST",  -7},
    {"MDT",  -6},
    {"PST",  -8},
    {"PDT",  -7},
    {"AST",  -4},
    {"ADT",  -3},
    {"BST",  1 },
    {"MEZ",  1 },
    {"CET",  1 },
    {"MESZ", 2 },
    {"CEST", 2 },
    {"AEST", 10},
    {"AEDT", 11},
    {"NZST", 12},
    {"NZDT", 13},
};

// A zone, known, unknown or left out. "ET" is no zone: it says not which of the two.
static void
zone(struct scan *s, struct stamp *out, int *hours)
{
    struct scan ahead = *s;
    spaces(&ahead);
    struct slice word = letters(&ahead);
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++)
        if (same(word, zones[i].name)) {
            out->zoned = true;
            *hours = zones[i].hours;
            *s = ahead;
            return;
        }
    if (word.size == 2 && (word.data[1] | 0x20) == 't')
        *s = ahead;
}

static int
century(int year)
{
    return year + (year < 70 ? 2000 : 1900);
}

static bool
ended(const struct scan *s)
{
    return s->rest.size == 0;
}

// MM-DD-YY, or DD-MM-YY where only that can be.
static bool
numeric_day(struct scan *s, struct civil *t)
{
    int year;
    if (!digits(s, 2, &t->month) || !(skip(s, "-") || skip(s, "/")) ||
        !digits(s, 2, &t->day) || !(skip(s, "-") || skip(s, "/")) ||
        !digits(s, 2, &year))
        return false;
    t->year = century(year);
    int more;
    struct scan ahead = *s; // four digits after all
    if (digits(&ahead, 2, &more)) {
        t->year = year * 100 + more;
        *s = ahead;
    }
    return true;
}

static void
swap_day(struct civil *t)
{
    int day = t->month;
    t->month = t->day;
    t->day = day;
}

// AP-WF-06-29-17 2350GMT
static bool
read_anpa(struct scan s, struct civil *t, struct stamp *out, int *hours,
    struct slice issue_date)
{
    (void)issue_date;
    out->agency = letters(&s);
    if (out->agency.size < 2 || out->agency.size > 8 || !skip(&s, "-"))
        return false;
    struct scan service = s;
    if (letters(&service).size && skip(&service, "-"))
        s = service;
    if (!numeric_day(&s, t))
        return false;
    spaces(&s);
    if (!digits(&s, 2, &t->hour))
        return false;
    (void)skip(&s, ":");
    if (!digits(&s, 2, &t->minute))
        return false;
    zone(&s, out, hours);
    return ended(&s);
}

// Reut12:44 06-29-17, 19:44ET 29-06-17
static bool
read_clock_first(struct scan s, struct civil *t, struct stamp *out, int *hours,
    struct slice issue_date)
{
    (void)issue_date;
    out->agency = letters(&s);
    spaces(&s);
    if (!digits(&s, 2, &t->hour) || !skip(&s, ":") || !digits(&s, 2, &t->minute))
        return false;
    zone(&s, out, hours);
    spaces(&s);
    if (!numeric_day(&s, t))
        return false;
    bool canadian = out->agency.size == 0; // day before month, as that agency writes it
    if (t->month > 12 || (canadian && t->day <= 12))
        swap_day(t);
    spaces(&s);
    zone(&s, out, hours);
    return ended(&s);
}

// -0- (BN ) Jun/29/2017 23:50 GMT
static bool
read_named_slashes(struct scan s, struct civil *t, struct stamp *out, int *hours,
    struct slice issue_date)
{
    (void)issue_date;
    if (!skip(&s, "-0-"))
        return false;
    spaces(&s);
    if (skip(&s, "(")) {
        out->agency = letters(&s);
        spaces(&s);
        if (!skip(&s, ")"))
            return false;
    }
    spaces(&s);
    if (!month_name(&s, &t->month) || !skip(&s, "/") || !digits(&s, 2, &t->day) ||
        !skip(&s, "/") || !digits(&s, 4, &t->year))
        return false;
    spaces(&s);
    if (!digits(&s, 2, &t->hour) || !skip(&s, ":") || !digits(&s, 2, &t->minute))
        return false;
    if (skip(&s, ":") && !digits(&s, 2, &t->second))
        return false;
    zone(&s, out, hours);
    return ended(&s);
}

static bool
issue_day(struct slice text, struct civil *issue)
{
    struct scan s = {text};
    return digits(&s, 4, &issue->year) && skip(&s, "-") &&
           digits(&s, 2, &issue->month) && skip(&s, "-") &&
           digits(&s, 2, &issue->day) && civil_settle(issue);
}

static int64_t
distance(const struct civil *a, const struct civil *b)
{
    int64_t days = civil_days(a) - civil_days(b);
    return days < 0 ? -days : days;
}

// The day of the stamp that lies nearest to the issue's, one month or year to either side.
static bool
nearest(struct civil *t, const struct civil *issue, bool months_too)
{
    struct civil best = {0};
    for (int step = -1; step <= 1; step++) {
        struct civil c = *t;
        c.year = issue->year + (months_too ? 0 : step);
        if (months_too) {
            c.month = issue->month + step;
            c.year += c.month > 12 ? 1 : c.month < 1 ? -1 : 0;
            c.month += c.month > 12 ? -12 : c.month < 1 ? 12 : 0;
        }
        if (!civil_settle(&c))
            continue;
        if (!best.day || distance(&c, issue) < distance(&best, issue))
            best = c;
    }
    *t = best;
    return best.day != 0;
}

static bool
year_behind(struct scan *s, struct civil *t)
{
    int year, more;
    spaces(s);
    if (!digits(s, 2, &year))
        return false;
    t->year = century(year);
    if (digits(s, 2, &more))
        t->year = year * 100 + more;
    return true;
}

// 242200 GMT Jun 17
static bool
read_day_first(struct scan s, struct civil *t, struct stamp *out, int *hours,
    struct slice issue_date)
{
    struct civil issue = {0};
    struct scan behind = s;
    struct slice agency = letters(&behind);
    if (agency.size && agency.size <= 8) { // "AFP 041512 GMT MAR 26"
        spaces(&behind);
        out->agency = agency;
        s = behind;
    }
    if (!digits(&s, 2, &t->day) || !digits(&s, 2, &t->hour))
        return false;
    (void)skip(&s, ":");
    if (!digits(&s, 2, &t->minute))
        return false;
    zone(&s, out, hours);
    spaces(&s);
    behind = s;
    bool month = month_name(&behind, &t->month);
    if (month)
        s = behind;
    if (month && year_behind(&s, t))
        return ended(&s);
    out->assumed = true;
    return ended(&s) && issue_day(issue_date, &issue) && nearest(t, &issue, !month);
}

static struct slice
without_rails(struct slice text)
{
    while (text.size && (text.data[0] <= ' ' || strchr("^", text.data[0])))
        text = slice_from(text, 1);
    while (text.size && (text.data[text.size - 1] <= ' ' ||
                            strchr("^<=\x7f", text.data[text.size - 1])))
        text.size--;
    return text;
}

typedef bool stamp_form(struct scan s, struct civil *t, struct stamp *out, int *hours,
    struct slice issue_date);

bool
stamps_read(struct slice line, struct slice issue_date, struct stamp *out)
{
    static stamp_form *const forms[] = {
        read_anpa, read_clock_first, read_named_slashes, read_day_first};
    struct slice text = without_rails(line);
    struct stamp stamp;
    struct civil t;
    int hours = 0;
    bool found = false;
    if (text.size < 6 || text.size > 64)
        return false;
    for (size_t i = 0; i < sizeof forms / sizeof *forms && !found; i++) {
        stamp = (struct stamp){.text = text};
        t = (struct civil){0};
        hours = 0;
        found = forms[i]((struct scan){text}, &t, &stamp, &hours, issue_date);
    }
    if (!found)
        return false;
    if (!civil_settle(&t))
        return false;
    stamp.year = t.year;
    stamp.month = t.month;
    stamp.day = t.day;
    stamp.us = (civil_days(&t) * 86400 + t.hour * 3600LL + t.minute * 60LL + t.second -
                   hours * 3600LL) *
               SECOND_US;
    *out = stamp;
    return true;
}

void
stamps_set(const struct stamp *stamp, struct slice zone_hint, struct article *a)
{
    int offset = 0;
    const char *zone = stamp->zoned ? "given" : "missing";
    if (!stamp->zoned && date_zone(zone_hint, &offset))
        zone = "assumed";
    if (zone[0] == 'm')
        article_warn(a, "zone-missing", SLICE("firstCreated"));
    if (stamp->assumed)
        article_warn(a, "date-assumed", SLICE("firstCreated"));
    article_set_time(
        a, ARTICLE_FIRST_CREATED, stamp->us - offset * SECOND_US, zone, stamp->text);
}
