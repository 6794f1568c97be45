// Times as people say them: "2026-11-24T08:15:00Z", "10m", "yesterday 18:00".
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli.h"

#define SECOND 1000000LL
#define DAY (86400 * SECOND)

// digits reads exactly count of them.
static bool
digits(const char **text, int count, int *out)
{
    int n = 0;
    for (int i = 0; i < count; i++, ++*text) {
        if (!isdigit((unsigned char)**text))
            return false;
        n = n * 10 + (**text - '0');
    }
    *out = n;
    return true;
}

static bool
mark(const char **text, char c)
{
    bool there = **text == c;
    *text += there;
    return there;
}

bool
when_duration(const char *text, int64_t *us_out)
{
    static const struct {
        const char *word;
        int64_t us;
    } units[] = {
        {"ms", SECOND / 1000},
        {"s",  SECOND       },
        {"m",  60 * SECOND  },
        {"h",  3600 * SECOND},
        {"d",  DAY          },
    };
    int64_t n = 0;
    const char *unit = text;
    for (; isdigit((unsigned char)*unit) && n < INT64_MAX / (10 * DAY); unit++)
        n = n * 10 + (*unit - '0');
    for (size_t i = 0; unit != text && i < sizeof units / sizeof *units; i++)
        if (strcmp(unit, units[i].word) == 0) {
            *us_out = n * units[i].us;
            return true;
        }
    return false;
}

// clock reads HH:MM or HH:MM:SS, fractions of it passed over.
static bool
clock_time(const char **text, struct tm *t)
{
    if (!digits(text, 2, &t->tm_hour) || !mark(text, ':') ||
        !digits(text, 2, &t->tm_min))
        return false;
    if (mark(text, ':') && !digits(text, 2, &t->tm_sec))
        return false;
    if (mark(text, '.')) {
        size_t fraction = strspn(*text, "0123456789");
        *text += fraction;
        if (fraction == 0)
            return false;
    }
    return t->tm_hour < 24 && t->tm_min < 60 && t->tm_sec <= 60;
}

// "today", "yesterday 18:00": what follows the word is a time of day, or nothing.
static bool
local_day(int64_t now_us, int days_back, const char *rest, int64_t *us_out)
{
    time_t now = (time_t)(now_us / SECOND);
    struct tm t, at = {0};
    if (*rest && (!mark(&rest, ' ') || !clock_time(&rest, &at) || *rest))
        return false;
    (void)localtime_r(&now, &t);
    t.tm_mday -= days_back;
    t.tm_hour = at.tm_hour;
    t.tm_min = at.tm_min;
    t.tm_sec = at.tm_sec;
    t.tm_isdst = -1;
    *us_out = (int64_t)mktime(&t) * SECOND;
    return true;
}

static bool
read_zone(const char **text, int64_t *offset_us_out)
{
    int hours, minutes, sign = **text == '-' ? -1 : 1;
    if (mark(text, 'Z') || mark(text, 'z')) {
        *offset_us_out = 0;
        return true;
    }
    if (!mark(text, '+') && !mark(text, '-'))
        return false;
    if (!digits(text, 2, &hours) || !mark(text, ':') || !digits(text, 2, &minutes) ||
        hours > 23 || minutes > 59)
        return false;
    *offset_us_out = sign * (hours * 3600LL + minutes * 60LL) * SECOND;
    return true;
}

// The 31st of June is refused: timegm would make the 1st of July of it.
static bool
day_exists(const struct tm *t)
{
    struct tm same = {
        .tm_year = t->tm_year, .tm_mon = t->tm_mon, .tm_mday = t->tm_mday};
    (void)timegm(&same);
    return t->tm_mon >= 0 && t->tm_mon < 12 && same.tm_mon == t->tm_mon &&
           same.tm_mday == t->tm_mday;
}

// RFC 3339, with a blank for the T and without seconds, a time of day or a zone if need be;
// no zone means local time.
static bool
rfc3339(const char *text, int64_t *us_out)
{
    struct tm t = {.tm_isdst = -1};
    int64_t offset_us;
    if (!digits(&text, 4, &t.tm_year) || !mark(&text, '-') ||
        !digits(&text, 2, &t.tm_mon) || !mark(&text, '-') ||
        !digits(&text, 2, &t.tm_mday))
        return false;
    t.tm_year -= 1900;
    t.tm_mon -= 1;
    bool timed = mark(&text, 'T') || mark(&text, 't') || mark(&text, ' ');
    if (!day_exists(&t) || (timed && !clock_time(&text, &t)))
        return false;
    if (*text == '\0') {
        *us_out = (int64_t)mktime(&t) * SECOND;
        return true;
    }
    if (!timed || !read_zone(&text, &offset_us) || *text)
        return false;
    *us_out = (int64_t)timegm(&t) * SECOND - offset_us;
    return true;
}

bool
when_read(const char *text, int64_t now_us, int64_t *us_out)
{
    int64_t ago_us;
    if (strcmp(text, "now") == 0) {
        *us_out = now_us;
        return true;
    }
    if (strncmp(text, "today", 5) == 0)
        return local_day(now_us, 0, text + 5, us_out);
    if (strncmp(text, "yesterday", 9) == 0)
        return local_day(now_us, 1, text + 9, us_out);
    if (!when_duration(text, &ago_us))
        return rfc3339(text, us_out);
    *us_out = now_us - ago_us;
    return true;
}

bool
cli_since(const char *text, int64_t *us_out)
{
    if (when_read(text, (int64_t)time(NULL) * SECOND, us_out))
        return true;
    (void)fprintf(
        stderr, "\"%s\" is no time (10m, 2h, yesterday 18:00, RFC 3339)\n", text);
    return false;
}
