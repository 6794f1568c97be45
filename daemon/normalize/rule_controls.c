// What can't be seen and does no work: other systems' line ends, controls,
// noncharacters, zero-width characters. Joiners stay where a script needs them.
#include "normalize/rules.h"
#include "normalize/unicode.h"

#define ZWNJ 0x200c
#define ZWJ 0x200d
#define TAG_FLAG 0x1f3f4 // a black flag; tags behind it spell a region
#define TAG_END 0xe007f

// VT and FF end lines on printers and pages, so they count as line ends here too.
void
rule_newlines(struct points *points, struct text_changes *changes)
{
    size_t kept = 0;
    for (size_t i = 0; i < points->count; i++) {
        int32_t c = points->at[i];
        bool pair = c == '\r' && i + 1 < points->count && points->at[i + 1] == '\n';
        bool ends = c == '\r' || c == '\v' || c == '\f' || c == 0x85 || c == 0x2028 ||
                    c == 0x2029;
        changes->count[TEXT_RULE_NEWLINE] += ends;
        if (!pair)
            points->at[kept++] = ends ? '\n' : c;
    }
    points->count = kept;
}

static bool
is_tag(int32_t c)
{
    return c >= 0xe0000 && c <= TAG_END;
}

static bool
is_unstorable(int32_t c)
{
    return (c < ' ' && c != '\t' && c != '\n') || (c >= 0x7f && c < 0xa0) ||
           c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb) ||
           (c >= 0xfdd0 && c <= 0xfdef) || (c & 0xfffe) == 0xfffe;
}

// flag_end gives where the tags of an emoji flag that begins at i end; i if it is none.
static size_t
flag_end(const struct points *points, size_t i)
{
    size_t end = i + 1;
    if (points->at[i] != TAG_FLAG)
        return i;
    while (
        end < points->count && points->at[end] >= 0xe0020 && points->at[end] < TAG_END)
        end++;
    bool closed = end > i + 1 && end < points->count && points->at[end] == TAG_END;
    return closed ? end + 1 : i;
}

void
rule_controls(struct points *points, struct text_changes *changes)
{
    size_t kept = 0;
    for (size_t i = 0; i < points->count; i++)
        if (!is_unstorable(points->at[i]))
            points->at[kept++] = points->at[i];
    changes->count[TEXT_RULE_CONTROL] += (uint32_t)(points->count - kept);
    points->count = kept;
    kept = 0;
    for (size_t i = 0; i < points->count; i++) {
        for (size_t end = flag_end(points, i); i < end; i++)
            points->at[kept++] = points->at[i];
        if (i < points->count && !is_tag(points->at[i]))
            points->at[kept++] = points->at[i];
        else if (i < points->count)
            changes->count[TEXT_RULE_CONTROL]++;
    }
    points->count = kept;
}

static bool
is_joiner(int32_t c)
{
    return c == ZWJ || c == ZWNJ;
}

static bool
is_dropped(int32_t c)
{
    return c == 0xad || c == 0x180e || c == 0x200b || (c >= 0x2060 && c <= 0x2064) ||
           (c >= 0x206a && c <= 0x206f);
}

// Marks are looked through: canonical order may move them, bases stay.
static bool
is_looked_through(int32_t c)
{
    return is_joiner(c) || unicode_is_mark(c);
}

// run_end gives where the joiners and marks that begin at i end.
static size_t
run_end(const struct points *points, size_t i)
{
    while (i < points->count && is_looked_through(points->at[i]))
        i++;
    return i;
}

// Joiners of one run share their fate, so that dropping one never decides about another.
static void
drop_joiners(struct points *points, struct text_changes *changes)
{
    size_t kept = 0;
    int32_t base = 0;
    for (size_t i = 0; i < points->count;) {
        size_t end = run_end(points, i);
        int32_t next = end < points->count ? points->at[end] : 0;
        bool keep = unicode_is_joining(base) || unicode_is_joining(next);
        for (; i < end; i++) {
            bool drop = is_joiner(points->at[i]) && !keep;
            changes->count[TEXT_RULE_INVISIBLE] += drop;
            if (!drop)
                points->at[kept++] = points->at[i];
        }
        if (i < points->count)
            base = points->at[kept++] = points->at[i++];
    }
    points->count = kept;
}

void
rule_invisible(struct points *points, struct text_changes *changes)
{
    size_t kept = 0;
    bool joiners = false;
    for (size_t i = 0; i < points->count; i++) {
        joiners |= is_joiner(points->at[i]);
        if (!is_dropped(points->at[i]))
            points->at[kept++] = points->at[i];
    }
    changes->count[TEXT_RULE_INVISIBLE] += (uint32_t)(points->count - kept);
    points->count = kept;
    if (joiners)
        drop_joiners(points, changes);
}
