#include "formats/dates.h"

#include "formats/dates_parts.h"

#define YEAR_1_US (-62135596800LL * SECOND_US)
#define YEAR_10000_US (253402300800LL * SECOND_US)
#define YEAR_1990_US (631152000LL * SECOND_US)

static bool
is_space(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
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

static bool
settle(struct dated *d, struct date_read *out)
{
    if (!civil_settle(&d->t))
        return false;
    int64_t seconds = civil_days(&d->t) * 86400 + d->t.hour * 3600LL +
                      d->t.minute * 60LL + d->t.second;
    int64_t us = seconds * SECOND_US + d->t.micro;
    if (d->zoned)
        us -= d->offset * SECOND_US;
    if (us < YEAR_1_US || us >= YEAR_10000_US)
        return false;
    *out = (struct date_read){us, d->zoned, d->implied, d->implied ? d->offset : 0};
    return true;
}

bool
date_read_iso(struct slice text, struct date_read *out)
{
    struct dated d;
    struct cursor c = cursor_of(text);
    return c.at < c.end && dates_iso(c, &d) && settle(&d, out);
}

bool
date_read(struct slice text, struct date_read *out)
{
    struct dated d;
    struct cursor c = cursor_of(text);
    if (c.at == c.end || (size_t)(c.end - c.at) > DATE_BYTES_MAX)
        return false;
    return (dates_iso(c, &d) || dates_words(c, &d)) && settle(&d, out);
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

// Where the text names no zone: the hint's, else the one the language lives in, else none.
static void
set_unzoned(struct article *a, enum article_field field, const struct date_read *date,
    struct slice text, struct slice hint)
{
    int offset = date->implied_seconds;
    bool assumed = date_zone(hint, &offset) || date->implied;
    article_set_time(a, field, date->us - (assumed ? offset * SECOND_US : 0),
        assumed ? "assumed" : "missing", text);
    if (!assumed)
        article_warn(a, "zone-missing", slice_str(article_rows[field].name));
}

bool
date_set(
    struct article *a, enum article_field field, struct slice text, struct slice hint)
{
    struct date_read date;
    struct slice name = slice_str(article_rows[field].name);
    if (!date_read(text, &date)) {
        if (trimmed(text).size)
            article_warn(a, "not-a-date", name);
        return false;
    }
    if (date.zoned)
        article_set_time(a, field, date.us, "given", text);
    else
        set_unzoned(a, field, &date, text, hint);
    if (date.us < YEAR_1990_US)
        article_warn(a, "date-before-1990", name);
    return true;
}
