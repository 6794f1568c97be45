// Times as people say them: "2026-11-24T08:15:00Z", "10m", "yesterday 18:00".
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli.h"

#define SECOND 1000000LL

static bool
ago(const char *text, int64_t now_us, int64_t *us_out)
{
    char *unit;
    long long n = strtoll(text, &unit, 10);
    static const struct {
        const char *word;
        int64_t us;
    } units[] = {
        {"s", SECOND        },
        {"m", 60 * SECOND   },
        {"h", 3600 * SECOND },
        {"d", 86400 * SECOND},
    };
    for (size_t i = 0; unit != text && n >= 0 && i < sizeof units / sizeof *units; i++)
        if (strcmp(unit, units[i].word) == 0) {
            *us_out = now_us - n * units[i].us;
            return true;
        }
    return false;
}

static bool
local_day(int64_t now_us, int days_back, const char *clock, int64_t *us_out)
{
    time_t now = (time_t)(now_us / SECOND);
    struct tm t;
    int hour = 0, minute = 0, used = 0;
    (void)localtime_r(&now, &t);
    if (*clock && (sscanf(clock, " %d:%d%n", &hour, &minute, &used) != 2 ||
                      clock[used] != '\0' || hour > 23 || minute > 59))
        return false;
    t.tm_mday -= days_back;
    t.tm_hour = hour;
    t.tm_min = minute;
    t.tm_sec = 0;
    t.tm_isdst = -1;
    *us_out = (int64_t)mktime(&t) * SECOND;
    return true;
}

// The zone at the end: Z, +HH:MM, or none, which is local time.
static bool
in_zone(struct tm *t, const char *zone, int64_t *us_out)
{
    int hours, minutes, used = 0;
    char sign;
    if (*zone == '\0') {
        t->tm_isdst = -1;
        *us_out = (int64_t)mktime(t) * SECOND;
        return true;
    }
    *us_out = (int64_t)timegm(t) * SECOND;
    if (strcmp(zone, "Z") == 0)
        return true;
    if (sscanf(zone, "%c%2d:%2d%n", &sign, &hours, &minutes, &used) != 3 ||
        zone[used] != '\0' || (sign != '+' && sign != '-'))
        return false;
    int64_t offset = (hours * 60LL + minutes) * 60 * SECOND;
    *us_out -= sign == '+' ? offset : -offset;
    return true;
}

static bool
rfc3339(const char *text, int64_t *us_out)
{
    struct tm t = {0};
    int used = 0, seconds = 0, more = 0;
    if (sscanf(text, "%4d-%2d-%2d%n", &t.tm_year, &t.tm_mon, &t.tm_mday, &used) != 3)
        return false;
    t.tm_year -= 1900;
    t.tm_mon -= 1;
    text += used;
    if (*text == 'T' || *text == ' ') {
        if (sscanf(text + 1, "%2d:%2d%n", &t.tm_hour, &t.tm_min, &used) != 2)
            return false;
        text += 1 + used;
        if (sscanf(text, ":%2d%n", &seconds, &more) == 1)
            text += more;
        t.tm_sec = seconds;
        if (*text == '.')
            text += 1 + strspn(text + 1, "0123456789");
    }
    return in_zone(&t, text, us_out);
}

bool
when_read(const char *text, int64_t now_us, int64_t *us_out)
{
    if (strcmp(text, "now") == 0) {
        *us_out = now_us;
        return true;
    }
    if (strncmp(text, "today", 5) == 0)
        return local_day(now_us, 0, text + 5, us_out);
    if (strncmp(text, "yesterday", 9) == 0)
        return local_day(now_us, 1, text + 9, us_out);
    return ago(text, now_us, us_out) || rfc3339(text, us_out);
}
