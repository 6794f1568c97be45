#include "normalize/view.h"

#include "normalize/unicode.h"

// closing_of gives the bracket that closes the one given, 0 if it opens nothing.
static inline int32_t
closing_of(int32_t point)
{
    switch (point) {
    case '(':
        return ')';
    case '[':
        return ']';
    case '<':
        return '>';
    case 0x3010: // 【】
    case 0x3014: // 〔〕
        return point + 1;
    default:
        return 0;
    }
}

static bool
is_space(int32_t point)
{
    return unicode_class(point) & UNICODE_SPACE;
}

static size_t
skip_white(struct slice text)
{
    size_t at = 0;
    while (at < text.size) {
        int32_t point;
        unsigned length = utf8_take(text.data + at, text.size - at, &point);
        if (!is_space(point))
            break;
        at += length;
    }
    return at;
}

static size_t
trim_white(struct slice text)
{
    while (text.size) {
        int32_t point;
        size_t at = utf8_back(text.data, text.size);
        (void)utf8_take(text.data + at, text.size - at, &point);
        if (!is_space(point))
            break;
        text.size = at;
    }
    return text.size;
}

static inline void
show(struct view *v, int32_t point, size_t place)
{
    if (point > ' ' && point < 0x7f) {
        v->at[v->count] = point;
        v->from[v->count++] = place;
        return;
    }
    bool space = is_space(point);
    if (space && v->count && v->at[v->count - 1] == ' ')
        return;
    v->at[v->count] = space ? ' ' : unicode_narrow(point);
    v->from[v->count++] = place;
}

static bool
ends_block(struct slice text, size_t at)
{
    return at + 1 < text.size && text.data[at] == '\n' && text.data[at + 1] == '\n';
}

void
view_first(struct slice text, struct view *out)
{
    out->count = 0;
    size_t at = skip_white(text);
    while (at < text.size && out->count < VIEW_MAX && !ends_block(text, at)) {
        int32_t point;
        size_t place = at;
        at += utf8_take(text.data + at, text.size - at, &point);
        show(out, point, place);
    }
    out->from[out->count] = at;
    out->whole = at == text.size || ends_block(text, at);
}

// last_begin gives where the last block begins, or where a view's length before the end.
static size_t
last_begin(struct slice text, size_t end)
{
    size_t at = end;
    for (size_t i = 0; at > 0 && i < VIEW_LAST_MAX; i++) {
        size_t before = utf8_back(text.data, at);
        if (before > 0 && text.data[before] == '\n' && text.data[before - 1] == '\n')
            break;
        at = before;
    }
    return at;
}

void
view_last(struct slice text, struct view *out)
{
    size_t end = trim_white(text);
    size_t at = last_begin(text, end);
    out->count = 0;
    out->whole = at == 0 || text.data[at - 1] == '\n';
    while (at < end) {
        int32_t point;
        size_t place = at;
        at += utf8_take(text.data + at, end - at, &point);
        show(out, point, place);
    }
    out->from[out->count] = end;
}

static int32_t
lower(int32_t point)
{
    return point >= 'A' && point <= 'Z' ? point | 0x20 : point;
}

// Most words fail at their first letter, and there are many words. (A word's NUL ends the
// reading of a code point as any other byte would.)
static inline bool
may_start(const struct view *v, size_t at, const char *word)
{
    int32_t first = (uint8_t)word[0];
    if (at >= v->count)
        return false;
    if (first < 0x80) // a letter, or a sign that is its own neighbour with the bit set
        return (v->at[at] | 0x20) == (first | 0x20);
    if (v->at[at] < 0x80)
        return false;
    (void)utf8_take((const uint8_t *)word, 4, &first);
    return lower(v->at[at]) == lower(first);
}

size_t
view_starts(const struct view *v, size_t at, const char *word)
{
    if (!may_start(v, at, word))
        return 0;
    size_t size = strlen(word), count = 0;
    for (size_t i = 0; i < size; count++) {
        int32_t point;
        i += utf8_take((const uint8_t *)word + i, size - i, &point);
        if (at + count >= v->count || lower(v->at[at + count]) != lower(point))
            return 0;
    }
    return count;
}

size_t
view_spells(const struct view *v, size_t at, struct slice text)
{
    size_t i = at;
    for (size_t k = 0; k < text.size;) {
        int32_t point;
        unsigned length = utf8_next(text.data + k, text.size - k, &point);
        if (length == 0)
            return 0;
        k += length;
        point = unicode_narrow(point);
        if (is_space(point))
            continue;
        i = view_skip_spaces(v, i);
        if (i >= v->count || lower(v->at[i]) != lower(point))
            return 0;
        i++;
    }
    return i - at;
}

static bool
is_letter(const struct view *v, size_t at)
{
    return at < v->count && unicode_class(v->at[at]) & UNICODE_ALNUM;
}

// A word of an alphabet must stand alone; one in Han stands between others.
static bool
stands_alone(const struct view *v, size_t at, size_t count)
{
    if (v->at[at] >= 0x2e80 || !is_letter(v, at))
        return true;
    return (at == 0 || !is_letter(v, at - 1)) && !is_letter(v, at + count);
}

// Within a word of an alphabet nothing begins that could stand alone.
static bool
is_within_word(const struct view *v, size_t at)
{
    return at > 0 && v->at[at] < 0x2e80 && is_letter(v, at) && is_letter(v, at - 1);
}

bool
view_has(const struct view *v, size_t from, size_t to, const char *const *words)
{
    for (size_t at = from; at < to; at++) {
        if (is_within_word(v, at))
            continue;
        for (const char *const *word = words; *word; word++) {
            size_t count = view_starts(v, at, *word);
            if (count && at + count <= to && stands_alone(v, at, count))
                return true;
        }
    }
    return false;
}

size_t
view_closes(const struct view *v, size_t at, size_t max)
{
    int32_t closing = at < v->count ? closing_of(v->at[at]) : 0;
    for (size_t end = at + 1; closing && end < v->count && end <= at + max; end++)
        if (v->at[end] == closing)
            return end;
    return 0;
}

size_t
view_skip_spaces(const struct view *v, size_t at)
{
    while (at < v->count && v->at[at] == ' ')
        at++;
    return at;
}
