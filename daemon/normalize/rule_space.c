// White space: one kind, one at a time, none at the ends. Kept: the no-break spaces of
// French before ; : ! ? and inside quotes, and those that hold a number and its unit
// together; the columns of a table; the blank line between blocks.
#include "normalize/rules.h"
#include "normalize/unicode.h"

#define NBSP 0x00a0
#define NNBSP 0x202f

static bool
is_space(int32_t c)
{
    return c != '\n' && unicode_class(c) & UNICODE_SPACE;
}

static bool
is_no_break(int32_t c)
{
    return c == NBSP || c == NNBSP;
}

static bool
keeps_no_break(int32_t before, int32_t after)
{
    switch (after) {
    case ';':
    case ':':
    case '!':
    case '?':
    case 0xbb:   // »
    case 0x203a: // ›
        return true;
    case '%':
    case 0xb0: // degree
    case 0x2030:
        return unicode_class(before) & UNICODE_DIGIT;
    default:
        break;
    }
    if (before == 0xab || before == 0x2039) // « ‹
        return true;
    unsigned class = unicode_class(after);
    bool unit = class & UNICODE_ALNUM || (after >= 0x20a0 && after <= 0x20cf) ||
                after == '$' || after == 0xa3 || after == 0xa5;
    return unicode_class(before) & UNICODE_DIGIT && unit;
}

struct spacing {
    struct points *points;
    size_t kept;
    uint32_t changed;
};

static void
keep(struct spacing *s, int32_t c, int32_t was)
{
    s->points->at[s->kept++] = c;
    s->changed += c != was;
}

// collapse writes points [from, to) as one line; line ends inside count as spaces.
static void
collapse(struct spacing *s, size_t from, size_t to)
{
    int32_t *at = s->points->at;
    size_t begin = s->kept;
    for (size_t i = from; i < to;) {
        size_t run = i;
        bool no_break = true;
        for (; i < to && (at[i] == '\n' || is_space(at[i])); i++)
            no_break &= is_no_break(at[i]);
        if (run < i && i < to && s->kept > begin) {
            int32_t was = at[run], next = at[i];
            bool kept = no_break && keeps_no_break(at[s->kept - 1], next);
            keep(s, kept ? was : ' ', was);
        }
        if (i < to) {
            int32_t c = at[i++];
            keep(s, c, c);
        }
    }
}

static void
finish(struct spacing *s, struct text_changes *changes)
{
    changes->count[TEXT_RULE_SPACE] +=
        s->changed + (uint32_t)(s->points->count - s->kept);
    s->points->count = s->kept;
}

void
rule_space_line(struct points *points, struct text_changes *changes)
{
    struct spacing s = {.points = points};
    collapse(&s, 0, points->count);
    finish(&s, changes);
}

static size_t
line_end(const struct points *points, size_t at)
{
    while (at < points->count && points->at[at] != '\n')
        at++;
    return at;
}

static bool
is_blank(const struct points *points, size_t from, size_t to)
{
    while (from < to && is_space(points->at[from]))
        from++;
    return from == to;
}

// A tab, or three spaces and more, between what is printed.
static void
look_for_columns(
    const struct points *points, size_t from, size_t to, bool *tab_out, bool *gap_out)
{
    const int32_t *at = points->at;
    while (to > from && is_space(at[to - 1]))
        to--;
    while (from < to && is_space(at[from]))
        from++;
    size_t run = 0;
    for (size_t i = from; i < to; i++) {
        *tab_out |= at[i] == '\t';
        run = is_space(at[i]) ? run + 1 : 0;
        *gap_out |= run >= 3;
    }
}

// A block is a table when a line of it holds a tab, or two lines hold wide gaps.
static bool
is_table(const struct points *points, size_t from, size_t to)
{
    unsigned gaps = 0;
    bool tab = false;
    while (from < to) {
        size_t end = line_end(points, from);
        bool gap = false;
        look_for_columns(points, from, end, &tab, &gap);
        gaps += gap;
        from = end + 1;
    }
    return tab || gaps >= 2;
}

// Lines of a table keep their spaces, but of one kind and none at the end.
static void
keep_table_line(struct spacing *s, size_t from, size_t to)
{
    int32_t *at = s->points->at;
    while (to > from && is_space(at[to - 1]))
        to--;
    for (size_t i = from; i < to; i++) {
        int32_t c = at[i];
        keep(s, is_space(c) && c != '\t' ? ' ' : c, c);
    }
}

static size_t
block_end(const struct points *points, size_t from)
{
    size_t end = from;
    while (end < points->count) {
        size_t next = line_end(points, end);
        if (is_blank(points, end, next))
            break;
        end = next + 1;
    }
    return end < points->count ? end : points->count;
}

static void
space_block(struct spacing *s, size_t from, size_t to)
{
    bool table = is_table(s->points, from, to);
    bool first = true;
    while (from < to) {
        size_t end = line_end(s->points, from);
        if (!first)
            keep(s, '\n', '\n');
        first = false;
        if (table)
            keep_table_line(s, from, end);
        else
            collapse(s, from, end);
        from = end + 1;
    }
}

void
rule_space_prose(struct points *points, struct text_changes *changes)
{
    struct spacing s = {.points = points};
    for (size_t at = 0; at < points->count;) {
        size_t end = line_end(points, at);
        if (is_blank(points, at, end)) {
            at = end + 1;
            continue;
        }
        end = block_end(points, at);
        if (s.kept) {
            keep(&s, '\n', '\n');
            keep(&s, '\n', '\n');
        }
        space_block(&s, at, end);
        at = end;
    }
    finish(&s, changes);
}
