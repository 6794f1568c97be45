// Dates that a text speaks of. One that opens the story is what it reports (event, or
// event-relative: 昨日); others are mentions; years and halves of them are periods. The
// day is given where the text has month and day, the year being that which lies nearest
// to the issue's date; words like 昨日 mean a day only with an issue date.
#include <stdio.h>

#include "formats/newsprint/page.h"

struct found_date {
    uint32_t at, end;
    int year, month, day; // 0: not said
    const char *kind;     // NULL: by where it stands
    int offset;           // days from the issue, for a relative one
    bool relative, dated; // dated: offset holds
};

// Lists of words that say a day by its distance from the issue's.
static const struct {
    enum words list;
    bool dated;
    int offset;
} relative_words[] = {
    {WORDS_YESTERDAY,  true,  -1},
    {WORDS_TODAY,      true,  0 },
    {WORDS_DAY_BEFORE, true,  -2},
    {WORDS_TOMORROW,   true,  1 },
    {WORDS_LATELY,     false, 0 },
};

static const enum words day_words[] = {WORDS_PERIODS, WORDS_YEARS, WORDS_YESTERDAY,
    WORDS_TODAY, WORDS_DAY_BEFORE, WORDS_TOMORROW, WORDS_LATELY, WORDS_LISTS};

static uint32_t
read_number(struct span s, uint32_t at, int *n_out)
{
    uint32_t i = at;
    int n = 0;
    while (i < s.size && i - at < 4 && char_is_digit(s.cp[i]))
        n = n * 10 + (int)(char_fold(s.cp[i++]) - '0');
    if (i < s.size && char_is_digit(s.cp[i]))
        return 0;
    *n_out = n;
    return i > at ? i : 0;
}

static uint32_t
skip_part_of_day(struct span s, uint32_t at)
{
    uint32_t end = words_match(s, at, WORDS_PARTS_OF_DAY);
    return end ? end : at;
}

// 8月2日 and what it may go on to: 至5日, 上午.
static uint32_t
day_end(struct span s, uint32_t at, struct found_date *d)
{
    int n;
    uint32_t number = read_number(s, at, &n);
    uint32_t end = number ? words_match(s, number, WORDS_DAY_UNITS) : 0;
    if (!end || n < 1 || n > 31)
        return at;
    d->day = n;
    uint32_t until = words_match(s, end, WORDS_DAYS_TO), day;
    if (until && (number = read_number(s, until, &n)) &&
        (day = words_match(s, number, WORDS_DAY_UNITS)))
        return day;
    return skip_part_of_day(s, end);
}

static uint32_t
month_end(struct span s, uint32_t at, struct found_date *d)
{
    int n;
    uint32_t number = read_number(s, at, &n);
    uint32_t end = number ? words_match(s, number, WORDS_MONTH_UNITS) : 0;
    if (!end || n < 1 || n > 12)
        return at;
    d->month = n;
    return day_end(s, end, d);
}

static bool
read_numbered(struct span s, uint32_t at, struct found_date *d)
{
    int n;
    if (!char_is_digit(s.cp[at]))
        return false;
    if (at > 0 && (char_is_digit(s.cp[at - 1]) || char_fold(s.cp[at - 1]) == '.'))
        return false;
    uint32_t number = read_number(s, at, &n);
    uint32_t end = number ? words_match(s, number, WORDS_YEAR_UNITS) : 0;
    *d = (struct found_date){.at = at};
    if (end && n >= 1000 && n < 2200) {
        d->year = n;
        d->end = month_end(s, end, d);
        uint32_t period = words_match(s, number, WORDS_PERIOD_ENDS);
        if (period > d->end) {
            d->end = period;
            d->kind = "period";
        }
        return true;
    }
    d->end = month_end(s, at, d);
    return d->end > at && d->day;
}

static bool
read_words(struct span s, uint32_t at, struct found_date *d)
{
    *d = (struct found_date){.at = at};
    uint32_t end = words_match(s, at, WORDS_PERIODS);
    if (end) {
        d->end = end;
        d->kind = "period";
        return true;
    }
    end = words_match(s, at, WORDS_YEARS);
    if (end) {
        d->end = month_end(s, end, d);
        return d->end > end;
    }
    for (size_t i = 0; i < sizeof relative_words / sizeof relative_words[0]; i++)
        if ((end = words_match(s, at, relative_words[i].list))) {
            d->relative = true;
            d->dated = relative_words[i].dated;
            d->offset = relative_words[i].offset;
            d->end = skip_part_of_day(s, end);
            return true;
        }
    return false;
}

// Days since 1970-01-01 of the Gregorian calendar, and back.
static int
days_of(int year, int month, int day)
{
    int y = year - (month <= 2), era = (y >= 0 ? y : y - 399) / 400;
    int of_era = y - era * 400;
    int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static void
day_text(int days, char out[11])
{
    int z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097;
    int of_era = z - era * 146097;
    int y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int of_year = of_era - (365 * y + y / 4 - y / 100), m = (5 * of_year + 2) / 153;
    int month = m < 10 ? m + 3 : m - 9, day = of_year - (153 * m + 2) / 5 + 1;
    unsigned year = (unsigned)(y + era * 400 + (month <= 2));
    (void)snprintf(out, 11, "%04u-%02u-%02u", year % 10000, (unsigned)month % 100,
        (unsigned)day % 100);
}

static bool
read_issue(struct slice text, int *days_out)
{
    static const char shape[] = "dddd-dd-dd";
    int n[3] = {0}, part = 0;
    if (text.size != 10)
        return false;
    for (int i = 0; i < 10; i++) {
        if (shape[i] == '-') {
            part++;
            if (text.data[i] != '-')
                return false;
        } else if (text.data[i] < '0' || text.data[i] > '9') {
            return false;
        } else {
            n[part] = n[part] * 10 + text.data[i] - '0';
        }
    }
    *days_out = days_of(n[0], n[1], n[2]);
    return n[1] >= 1 && n[1] <= 12 && n[2] >= 1 && n[2] <= 31;
}

static bool
is_day(int year, int month, int day)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return year >= 0 && year < 10000 && day >= 1 &&
           day <= days[month - 1] + (month == 2 && leap);
}

// Of the three years around the issue that in which the day lies nearest to it.
static int
nearest_year(int month, int day, int issue)
{
    char text[11];
    day_text(issue, text);
    int year = (text[0] - '0') * 1000 + (text[1] - '0') * 100 + (text[2] - '0') * 10 +
               text[3] - '0';
    int best = year, least = 100000;
    for (int y = year - 1; y <= year + 1; y++) {
        int off = days_of(y, month, day) - issue;
        off = off < 0 ? -off : off;
        if (off < least && is_day(y, month, day)) {
            least = off;
            best = y;
        }
    }
    return best;
}

static void
resolve(const struct found_date *d, bool has_issue, int issue, char out[11])
{
    out[0] = '\0';
    if (d->relative && d->dated && has_issue)
        day_text(issue + d->offset, out);
    if (!d->month || !d->day || (!d->year && !has_issue))
        return;
    int year = d->year ? d->year : nearest_year(d->month, d->day, issue);
    if (is_day(year, d->month, d->day))
        day_text(days_of(year, d->month, d->day), out);
}

static uint32_t
sentence_end(struct span s)
{
    uint32_t i = 0;
    while (i < s.size && !span_stops(s, i))
        i++;
    return i;
}

// What the walk over an item's dates has to remember: an event has been found.
struct dating {
    const struct page *page;
    struct article *article;
    bool has_issue, event, relative;
    int issue;
};

static void
add_date(struct dating *w, struct span s, const struct found_date *d, bool opening,
    bool first_sentence)
{
    char day[11];
    const char *kind = d->kind;
    bool whole = d->month && d->day;
    if (!kind && d->relative) {
        kind = first_sentence && !w->relative ? "event-relative" : "mention";
        w->relative = w->relative || first_sentence;
    } else if (!kind) {
        bool event = whole && opening && !w->event;
        kind = event ? "event" : "mention";
        w->event = w->event || event;
    }
    resolve(d, w->has_issue, w->issue, day);
    article_add_date(
        w->article, utf8_of(span_cut(s, d->at, d->end), w->page->arena), day, kind);
}

void
item_add_dates(const struct page *page, const struct item *item, struct article *a)
{
    enum { DATES_MAX = 64 };
    struct dating w = {.page = page, .article = a};
    struct found_date d;
    const struct word_lists says_day = word_lists_of(day_words);
    w.has_issue = read_issue(page->input->issue_date, &w.issue);
    for (uint32_t p = 0, n = 0; p < item->paragraphs_count; p++) {
        struct span s = item->paragraphs[p].text, mark, names;
        uint32_t from = p == 0 ? lead_extent(s, &mark, &names) : 0;
        uint32_t end = p == 0 ? sentence_end(s) : 0;
        for (uint32_t i = from; i < s.size && n < DATES_MAX; i++) {
            bool word = words_begin(s.cp[i], &says_day);
            if (!word && !char_is_digit(s.cp[i]))
                continue;
            if (!read_numbered(s, i, &d) && !(word && read_words(s, i, &d)))
                continue;
            add_date(&w, s, &d, p == 0, p == 0 && i < end);
            i = d.end - 1;
            n++;
        }
    }
}
