#include "normalize/nfc.h"

#include <utf8proc.h>

#include "normalize/unicode.h"

#define CANONICAL (UTF8PROC_STABLE | UTF8PROC_COMPOSE)
#define PARTS_MAX 32 // U+FDFA has 18, the longest

void
points_decompose(struct points *points, int32_t point, int options)
{
    int last = 0;
    if (!points_need(points, PARTS_MAX))
        return;
    utf8proc_ssize_t count = utf8proc_decompose_char(point, points->at + points->count,
        PARTS_MAX, (utf8proc_option_t)options, &last);
    if (count > 0 && count <= PARTS_MAX)
        points->count += (size_t)count;
}

static unsigned
combining(int32_t point)
{
    return (unsigned)utf8proc_get_property(point)->combining_class & 0xff;
}

static void
order_short(int32_t *at, size_t count)
{
    for (size_t i = 1; i < count; i++)
        for (size_t j = i; j > 0 && combining(at[j - 1]) > combining(at[j]); j--) {
            int32_t swap = at[j];
            at[j] = at[j - 1];
            at[j - 1] = swap;
        }
}

// A stranger may send a million marks on one letter: utf8proc's exchange sort would take
// hours there, a counting sort takes as long as the copy.
static void
order_long(int32_t *at, size_t count, struct arena *arena)
{
    size_t begin[257] = {0};
    int32_t *sorted = arena_array(arena, count, sizeof *sorted);
    if (!sorted)
        return;
    for (size_t i = 0; i < count; i++)
        begin[combining(at[i]) + 1]++;
    for (size_t c = 1; c < 257; c++)
        begin[c] += begin[c - 1];
    for (size_t i = 0; i < count; i++)
        sorted[begin[combining(at[i])]++] = at[i];
    memcpy(at, sorted, count * sizeof *sorted);
}

void
points_order(struct points *points, size_t from)
{
    for (size_t i = from; i < points->count;) {
        size_t end = i;
        while (end < points->count && combining(points->at[end]))
            end++;
        if (end - i > 24)
            order_long(points->at + i, end - i, points->arena);
        else if (end - i > 1)
            order_short(points->at + i, end - i);
        i = end + 1;
    }
}

void
points_compose(struct points *points)
{
    points_order(points, 0);
    utf8proc_ssize_t count = utf8proc_normalize_utf32(
        points->at, (utf8proc_ssize_t)points->count, (utf8proc_option_t)CANONICAL);
    if (count >= 0)
        points->count = (size_t)count;
}

// A segment is a starter that is plainly NFC and all behind it up to the next such one:
// nothing in it can act on what stands outside.
static size_t
segment_end(struct slice text, size_t at)
{
    int32_t point;
    while (at < text.size && text.data[at] >= 0x80) {
        unsigned length = utf8_take(text.data + at, text.size - at, &point);
        if (!(unicode_class(point) & UNICODE_NFC))
            break;
        at += length;
    }
    return at;
}

static size_t
next_unplain(struct slice text, size_t at)
{
    for (;;) {
        int32_t point;
        at = utf8_skip_ascii(text.data, at, text.size);
        at = utf8_skip_ideographs(text.data, at, text.size);
        if (at == text.size)
            return at;
        unsigned length = utf8_take(text.data + at, text.size - at, &point);
        if (unicode_class(point) & UNICODE_NFC)
            return at;
        at += length;
    }
}

// A text being composed. While all that was changed are letters and marks in the midst of
// ASCII, `joined` of them, the text is known to count as before otherwise.
struct fixing {
    struct slice text;
    struct buffer out;
    uint32_t joined;
    bool only_joined;
};

static bool
stands_in_ascii(struct slice text, size_t begin, size_t end)
{
    return (begin == 0 || text.data[begin - 1] < 0x80) &&
           (end == text.size || text.data[end] < 0x80);
}

// compose_pair sees to a letter and a mark; false for any other segment.
static bool
compose_pair(struct fixing *f, size_t begin, size_t end)
{
    const uint8_t *p = f->text.data + begin;
    int32_t mark;
    if (end - begin != 3 || p[0] >= 0x80 || utf8_next(p + 1, 2, &mark) != 2)
        return false;
    int32_t composed = unicode_pair(p[0], mark);
    if (composed == 0)
        return false;
    buffer_put(&f->out, composed);
    f->joined++;
    f->only_joined &= stands_in_ascii(f->text, begin, end);
    return true;
}

static void
compose_segment(struct fixing *f, size_t begin, size_t end)
{
    struct points points;
    if (compose_pair(f, begin, end))
        return;
    f->only_joined = false;
    points_init(&points, f->out.arena);
    for (size_t at = begin; at < end;) {
        int32_t point;
        at += utf8_take(f->text.data + at, end - at, &point);
        points_decompose(&points, point, UTF8PROC_STABLE | UTF8PROC_DECOMPOSE);
    }
    points_compose(&points);
    for (size_t i = 0; i < points.count; i++)
        buffer_put(&f->out, points.at[i]);
}

static struct slice
fix(struct fixing *f, size_t first)
{
    struct slice text = f->text;
    size_t done = 0;
    while (first < text.size) {
        size_t begin = first > done ? utf8_back(text.data, first) : first;
        size_t end = segment_end(text, first);
        buffer_add(&f->out, text.data + done, begin - done);
        compose_segment(f, begin, end);
        done = end;
        first = next_unplain(text, end);
    }
    buffer_add(&f->out, text.data + done, text.size - done);
    return slice_equal(buffer_slice(&f->out), text) ? text : buffer_slice(&f->out);
}

struct slice
nfc_fix(struct slice text, struct text_scan *scan, struct arena *arena)
{
    struct fixing f = {.text = text, .only_joined = true};
    if (scan->nfc >= text.size)
        return text;
    buffer_init(&f.out, arena, text.size + 64);
    struct slice fixed = fix(&f, scan->nfc);
    if (fixed.data == text.data)
        return text;
    if (f.only_joined && !arena->failed) {
        scan->chars -= f.joined;
        scan->bad = scan->nfc = fixed.size;
    } else {
        text_scan(fixed, scan);
    }
    return fixed;
}
