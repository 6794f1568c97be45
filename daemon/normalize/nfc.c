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
    int32_t point;
    while (at < text.size) {
        unsigned length = 1;
        if (text.size - at >= 3 && utf8_is_ideograph(text.data + at)) {
            length = 3;
        } else if (text.data[at] >= 0x80) {
            length = utf8_take(text.data + at, text.size - at, &point);
            if (unicode_class(point) & UNICODE_NFC)
                return at;
        }
        at += length;
    }
    return text.size;
}

static void
compose_segment(struct slice segment, struct buffer *out)
{
    struct points points;
    points_init(&points, out->arena);
    for (size_t at = 0; at < segment.size;) {
        int32_t point;
        at += utf8_take(segment.data + at, segment.size - at, &point);
        points_decompose(&points, point, UTF8PROC_STABLE | UTF8PROC_DECOMPOSE);
    }
    points_compose(&points);
    for (size_t i = 0; i < points.count; i++)
        buffer_put(out, points.at[i]);
}

struct slice
nfc_fix(struct slice text, size_t first, struct arena *arena)
{
    if (first >= text.size)
        return text;
    struct buffer out;
    buffer_init(&out, arena, text.size + 64);
    size_t done = 0;
    while (first < text.size) {
        size_t begin = first > done ? utf8_back(text.data, first) : first;
        size_t end = segment_end(text, first);
        buffer_add(&out, text.data + done, begin - done);
        compose_segment(slice_of(text.data + begin, end - begin), &out);
        done = end;
        first = next_unplain(text, end);
    }
    buffer_add(&out, text.data + done, text.size - done);
    return slice_equal(buffer_slice(&out), text) ? text : buffer_slice(&out);
}
