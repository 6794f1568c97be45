#include "formats/mail_date.h"

#include "formats/calendar.h"

static struct slice
word(struct slice *text)
{
    while (text->size && (text->data[0] <= ' ' || text->data[0] == ','))
        *text = slice_from(*text, 1);
    size_t n = 0;
    while (n < text->size && text->data[n] > ' ' && text->data[n] != ',')
        n++;
    struct slice taken = slice_until(*text, n);
    *text = slice_from(*text, n);
    return taken;
}

// A number of one to most digits, and nothing else unless rest takes it.
static bool
number(struct slice *text, size_t most, int *out)
{
    int value = 0;
    size_t n = 0;
    while (n < text->size && n < most && text->data[n] >= '0' && text->data[n] <= '9')
        value = value * 10 + (text->data[n++] - '0');
    *text = slice_from(*text, n);
    *out = value;
    return n > 0;
}

static bool
month(struct slice name, int *out)
{
    static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";
    for (int m = 0; m < 12 && name.size >= 3; m++)
        if ((name.data[0] | 0x20) == names[m * 3] &&
            (name.data[1] | 0x20) == names[m * 3 + 1] &&
            (name.data[2] | 0x20) == names[m * 3 + 2]) {
            *out = m + 1;
            return true;
        }
    return false;
}

static bool
clock_time(struct slice text, struct civil *t)
{
    if (!number(&text, 2, &t->hour) || !slice_starts(text, SLICE(":")))
        return false;
    text = slice_from(text, 1);
    if (!number(&text, 2, &t->minute))
        return false;
    if (!text.size)
        return true;
    text = slice_from(text, 1);
    return number(&text, 2, &t->second);
}

static const struct {
    const char *name;
    int hours;
} zones[] = {
    {"GMT", 0 },
    {"UTC", 0 },
    {"UT",  0 },
    {"Z",   0 },
    {"EST", -5},
    {"EDT", -4},
    {"CST", -6},
    {"CDT", -5},
    {"MST", -7},
    {"MDT", -6},
    {"PST", -8},
    {"PDT", -7},
};

static void
zone(struct slice text, struct date_read *out, int *seconds)
{
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++)
        if (slice_is(text, zones[i].name)) {
            out->zoned = true;
            *seconds = zones[i].hours * 3600;
        }
    if (!slice_is(text, "-0000") && text.size && strchr("+-", text.data[0]))
        out->zoned = date_zone(text, seconds);
}

bool
mail_date_read(struct slice text, struct date_read *out)
{
    struct civil t = {0};
    struct date_read date = {0};
    int seconds = 0;
    struct slice day = word(&text);
    if (day.size && (day.data[0] < '0' || day.data[0] > '9'))
        day = word(&text); // behind the name of the weekday
    struct slice name, year;
    if (!number(&day, 2, &t.day) || day.size)
        return false;
    name = word(&text);
    year = word(&text);
    size_t digits = year.size;
    if (!month(name, &t.month) || !number(&year, 4, &t.year) || year.size)
        return false;
    if (digits < 4) // RFC 5322, 4.3
        t.year += digits == 2 && t.year < 50 ? 2000 : 1900;
    if (!clock_time(word(&text), &t) || !civil_settle(&t))
        return false;
    zone(word(&text), &date, &seconds);
    date.us = (civil_days(&t) * 86400 + t.hour * 3600LL + t.minute * 60LL + t.second -
                  seconds) *
              SECOND_US;
    *out = date;
    return true;
}
