// What stands before the text proper: bylines in blocks of their own, then a desk mark or
// dateline, the reporter in brackets, and the dash behind them.
#include "normalize/sender.h"
#include "normalize/unicode.h"
#include "normalize/view.h"

#define BYLINES_MAX 3
#define BYLINE_MAX 80 // code points, as are the others
#define HAN_BYLINE_MAX 24
#define MARK_MAX 30 // a desk's name, place and day before 讯 or 电
#define BRACKET_MAX 48
#define PLACE_MAX 70 // place and day before an agency's bracket or the dash

static bool
is_dash(int32_t c)
{
    return c == '-' || c == '_' || (c >= 0x2010 && c <= 0x2015) || c == 0x2500;
}

static bool
is_separator(int32_t c)
{
    return is_dash(c) || c == ' ' || c == ':' || c == ',' || c == '=' || c == '|' ||
           c == '/' || c == 0x4e28 || c == 0x3001 || c == 0x2022 || c == 0xb7;
}

static bool
is_upper(int32_t c)
{
    return unicode_class(c) & UNICODE_ALNUM && unicode_fold(c) > FOLD_JOIN &&
           !(unicode_class(c) & UNICODE_DIGIT);
}

// Folds to itself: a small letter, or one of a script without case.
static bool
is_small(int32_t c)
{
    return unicode_class(c) & UNICODE_ALNUM && !(unicode_class(c) & UNICODE_DIGIT) &&
           !is_upper(c);
}

static bool
starts_with_any(const struct view *v, size_t at, const char *const *words)
{
    for (; *words; words++)
        if (view_starts(v, at, *words))
            return true;
    return false;
}

// "By Jane Doe", "本报记者 张三", or what the article gives as byline.
static bool
is_byline(const struct article *a, const struct view *v)
{
    if (!v->whole || v->count == 0 || v->count > BYLINE_MAX)
        return false;
    if (sender_names(a, v, 0, v->count))
        return true;
    int32_t last = v->at[v->count - 1];
    if (last == '.' || last == '!' || last == '?' || last == 0x3002)
        return false;
    for (const char *const *by = sender_by; *by; by++) {
        size_t count = view_starts(v, 0, *by);
        if (count && count < v->count &&
            (is_upper(v->at[count]) || sender_names(a, v, count, v->count)))
            return true;
    }
    if (v->count > HAN_BYLINE_MAX || view_closes(v, 0, BRACKET_MAX))
        return false;
    bool desk = starts_with_any(v, 0, sender_desks) && v->count > 2;
    return starts_with_any(v, 0, sender_reporters) ||
           (desk && starts_with_any(v, 2, sender_reporters));
}

// mark_end gives where a desk's mark that begins at `at` ends: 本报讯, 新华社北京8月2日电.
static size_t
mark_end(const struct view *v, size_t at)
{
    if (!starts_with_any(v, at, sender_desks))
        return at;
    for (size_t i = at + 2; i < v->count && i < at + MARK_MAX; i++) {
        int32_t c = v->at[i];
        if (c == ',' || c == 0x3002 || c == 0x201c || c == '!' || c == '?' || c == ';')
            return at;
        for (const char *const *mark = sender_marks; *mark; mark++) {
            size_t end = i + view_starts(v, i, *mark);
            bool sure = c == 0x8baf || c == 0x8a0a; // 讯 訊
            if (end > i && (sure || end >= v->count || !unicode_is_han(v->at[end])))
                return end;
        }
    }
    return at;
}

// bracket_end gives where a bracket that names desk or reporter ends. The Korean form is
// (PLACE=AGENCY), the Japanese 【PLACE＝NAME】 or 【PLACE共同】.
static size_t
bracket_end(const struct article *a, const struct view *v, size_t at)
{
    size_t close = view_closes(v, at, BRACKET_MAX);
    if (!close)
        return at;
    bool known = sender_names(a, v, at + 1, close) ||
                 starts_with_any(v, at + 1, sender_desks) ||
                 view_has(v, at + 1, close, sender_reporters);
    for (size_t i = at + 1; at == 0 && i < close; i++)
        known |= v->at[i] == '=';
    return known ? close + 1 : at;
}

// 홍길동 기자 =
static size_t
korean_reporter_end(const struct view *v, size_t at)
{
    for (size_t i = at; i < v->count && i < at + 16; i++)
        if (v->at[i] == '=')
            return view_has(v, at, i, sender_reporters) ? i + 1 : at;
    return at;
}

// dash_end gives where a dash that stands apart at `at` ends: " – ", "—", " -- ", " _ ".
static size_t
dash_end(const struct view *v, size_t at)
{
    size_t i = view_skip_spaces(v, at);
    size_t first = i;
    while (i < v->count && is_dash(v->at[i]))
        i++;
    bool apart = i > first && (v->at[first] >= 0x2013 || i - first > 1 ||
                                  (first > at && i < v->count && v->at[i] == ' '));
    return apart ? i : at;
}

// A place: capitals up to the first comma; behind it (region, day, agency) every word
// begins with a capital or a digit.
static bool
is_place(const struct view *v, size_t from, size_t to)
{
    unsigned letters = 0;
    bool comma = false;
    for (size_t i = from; i < to; i++) {
        comma |= v->at[i] == ',';
        bool begins = i > 0 && (v->at[i - 1] == ' ' || v->at[i - 1] == ',');
        if (is_small(v->at[i]) && (!comma || begins))
            return false;
        letters += is_upper(v->at[i]) && !comma;
    }
    return letters >= 2;
}

// place_is_known: what stands before the dash is the article's own dateline or place.
static bool
place_is_known(const struct article *a, const struct view *v, size_t to)
{
    struct slice known[] = {a->wr.dateline, article_text(a, ARTICLE_LOCATED)};
    for (size_t i = 0; i < 2; i++) {
        size_t count = known[i].size ? view_spells(v, 0, known[i]) : 0;
        if (count && count <= to && view_skip_spaces(v, count) >= to)
            return true;
    }
    return false;
}

// Only a bracket or a dash, spaces before it, can end a dateline.
static bool
may_end_dateline(int32_t c)
{
    return c == ' ' || c == '(' || c == '[' || c == '<' || c == 0x3010 || c == 0x3014 ||
           is_dash(c);
}

// dateline_end: "BERLIN (dpa) –", "London/Paris (Reuters) -", "SEOUL, Nov 26 AFP - ",
// "(AP) —", "PARIS —".
static size_t
dateline_end(const struct article *a, const struct view *v)
{
    for (size_t i = 0; i < v->count && i < PLACE_MAX; i++) {
        if (!may_end_dateline(v->at[i]))
            continue;
        size_t close = view_closes(v, i, BRACKET_MAX);
        if (close) {
            size_t end = dash_end(v, close + 1);
            bool colon = close + 1 < v->count && v->at[close + 1] == ':';
            bool agency = view_has(v, i + 1, close, sender_agencies);
            if ((end > close + 1 || colon) && (agency || is_place(v, 0, i)))
                return colon ? close + 2 : end;
            i = close;
            continue;
        }
        size_t end = dash_end(v, i);
        if (end > i && i > 0)
            return is_place(v, 0, i) || place_is_known(a, v, i) ||
                           view_has(v, 0, i, sender_agencies)
                       ? end
                       : 0;
    }
    return 0;
}

static size_t
known_mark_end(const struct article *a, const struct view *v)
{
    size_t mark = a->wr.desk_mark.size ? view_spells(v, 0, a->wr.desk_mark) : 0;
    size_t line = a->wr.dateline.size ? view_spells(v, 0, a->wr.dateline) : 0;
    return mark > line ? mark : line;
}

// 本报讯 记者 张三: without brackets only where the article knows the name.
static size_t
named_reporter_end(const struct article *a, const struct view *v, size_t at)
{
    for (const char *const *word = sender_reporters; *word; word++) {
        size_t count = view_starts(v, at, *word);
        size_t from = view_skip_spaces(v, at + count);
        for (size_t to = from + 1; count && to <= v->count && to < from + 30; to++)
            if (sender_names(a, v, from, to))
                return to;
    }
    return at;
}

static size_t
first_mark_end(const struct article *a, const struct view *v)
{
    size_t end = known_mark_end(a, v);
    if (end == 0)
        end = mark_end(v, 0);
    size_t dateline = dateline_end(a, v);
    return dateline > end ? dateline : end;
}

// lead_end gives where, in the view of the first block, the text proper begins.
static size_t
lead_end(const struct article *a, const struct view *v)
{
    size_t end = first_mark_end(a, v);
    for (int i = 0; i < 3; i++) {
        size_t at = view_skip_spaces(v, end);
        size_t next = bracket_end(a, v, at);
        if (next == at && at > 0)
            next = named_reporter_end(a, v, at);
        if (next == at && at > 0)
            next = korean_reporter_end(v, at);
        if (next == at)
            break;
        end = next;
    }
    while (end > 0 && end < v->count && is_separator(v->at[end]))
        end++;
    return end;
}

size_t
sender_lead(const struct article *a, struct slice body)
{
    struct view v;
    size_t done = 0;
    view_first(body, &v);
    for (int i = 0; i < BYLINES_MAX && is_byline(a, &v); i++) {
        size_t next = done + v.from[v.count];
        if (next >= body.size)
            break;
        done = next;
        view_first(slice_from(body, done), &v);
    }
    size_t end = lead_end(a, &v);
    return end ? done + v.from[end] : done;
}
