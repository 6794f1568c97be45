// The fold by tables. Where a code point folds to several, or may act on what stands
// before it, the segment from the last plain code point on goes through utf8proc.
#include "normalize/fold.h"

#include "normalize/fold_ascii.h"
#include "normalize/nfc.h"
#include "normalize/unicode.h"

struct folding {
    struct slice text;
    struct buffer *out;
    size_t at;
    // The last plain code point: where a segment that joins to the left begins, in the
    // text and in what was written.
    size_t plain_at, plain_size;
};

static void
put_mark(struct folding *f, size_t length, int32_t form)
{
    if (!fold_keeps_mark(f->text, f->at, length, form))
        return;
    buffer_put(f->out, form == 0x2013 || form == 0x2212 ? '-' : form);
}

// Inside an expansion (one half is 1 U+2044 2) the neighbours are those of the expansion.
static void
put_part(struct folding *f, const struct points *points, size_t i)
{
    int32_t point = points->at[i];
    if (unicode_class(point) & UNICODE_KEEP)
        buffer_put(f->out, point);
    else if (point == 0x2044 && i > 0 && i + 1 < points->count &&
             unicode_class(points->at[i - 1]) & UNICODE_DIGIT &&
             unicode_class(points->at[i + 1]) & UNICODE_DIGIT)
        buffer_put(f->out, '/');
}

static size_t
segment_end(struct slice text, size_t at)
{
    while (at < text.size && text.data[at] >= 0x80) {
        int32_t point;
        unsigned length = utf8_take(text.data + at, text.size - at, &point);
        if (unicode_fold(point) != FOLD_JOIN)
            break;
        at += length;
    }
    return at;
}

// A segment of a sign and nothing but ignorables keeps the sign's own rule.
static bool
put_lone_mark(struct folding *f, const struct points *points)
{
    if (points->count != 1 || !fold_is_mark(points->at[0]))
        return false;
    int32_t first;
    unsigned length = utf8_take(f->text.data + f->at, f->text.size - f->at, &first);
    put_mark(f, length, fold_mark_form(points->at[0]));
    return true;
}

static void
fold_segment(struct folding *f, size_t begin, size_t end)
{
    struct points points;
    points_init(&points, f->out->arena);
    for (size_t at = begin; at < end;) {
        int32_t point;
        at += utf8_take(f->text.data + at, end - at, &point);
        points_decompose(&points, point, UNICODE_FOLD_OPTIONS | UTF8PROC_COMPOSE);
    }
    points_compose(&points);
    f->at = begin;
    if (!put_lone_mark(f, &points))
        for (size_t i = 0; i < points.count; i++)
            put_part(f, &points, i);
    f->at = f->plain_at = end;
    f->plain_size = f->out->size;
}

static void
fold_odd(struct folding *f, size_t length, uint32_t fold)
{
    size_t begin = f->at;
    if (fold == FOLD_JOIN && f->plain_at < f->at) {
        begin = f->plain_at;
        f->out->size = f->plain_size;
    }
    fold_segment(f, begin, segment_end(f->text, f->at + length));
}

static void
fold_plain(struct folding *f, size_t length, uint32_t fold)
{
    f->plain_at = f->at;
    f->plain_size = f->out->size;
    if (fold == FOLD_SELF && buffer_need(f->out, length))
        for (size_t i = 0; i < length; i++)
            f->out->data[f->out->size++] = f->text.data[f->at + i];
    else if (fold & FOLD_MARK)
        put_mark(f, length, (int32_t)(fold & ~(uint32_t)FOLD_MARK));
    else if (fold != FOLD_DROP)
        buffer_put(f->out, (int32_t)fold);
    f->at += length;
}

static void
fold_run(struct folding *f)
{
    const struct slice text = f->text;
    if (!buffer_need(f->out, text.size - f->at + FOLD_ASCII_ROOM))
        return;
    uint8_t *to = f->out->data + f->out->size, *last = to;
    size_t begin = f->at;
    f->at = fold_ascii(text, begin, &to, &last);
    f->out->size = (size_t)(to - f->out->data);
    if (f->at > begin) {
        f->plain_at = f->at - 1;
        f->plain_size = (size_t)(last - f->out->data);
    }
    if (f->at < text.size && text.data[f->at] < 0x80)
        fold_plain(f, 1, unicode_fold(text.data[f->at]));
}

// may_be_kept says no of a sign that is kept between two digits only (all that fold to '.')
// and stands before a common ideograph.
static inline bool
may_be_kept(struct slice text, size_t end, uint32_t fold)
{
    return fold != (FOLD_MARK | '.') || text.size - end < 2 ||
           !utf8_is_ideograph(text.data + end);
}

// fold_wide goes over characters of three bytes, as long as each is kept or dropped whole:
// ideographs, kana and their punctuation, which alternate too often to guess at.
static void
fold_wide(struct folding *f)
{
    const struct slice text = f->text;
    if (!buffer_need(f->out, text.size - f->at + 4))
        return;
    const uint8_t *p = text.data + f->at, *end = text.data + text.size;
    uint8_t *to = f->out->data + f->out->size, *last = to;
    while (end - p >= 4 && (*p & 0xf0) == 0xe0) {
        int32_t point = (p[0] & 0x0f) << 12 | (p[1] & 0x3f) << 6 | (p[2] & 0x3f);
        uint32_t fold = unicode_fold(point);
        if (fold > FOLD_SELF) {
            if (may_be_kept(text, (size_t)(p + 3 - text.data), fold))
                break;
            fold = FOLD_DROP;
        }
        memcpy(to, p, 4);
        last = to;
        to += fold == FOLD_SELF ? 3 : 0;
        p += 3;
    }
    size_t at = (size_t)(p - text.data);
    if (at > f->at) {
        f->plain_at = at - 3;
        f->plain_size = (size_t)(last - f->out->data);
        f->out->size = (size_t)(to - f->out->data);
        f->at = at;
    }
}

static void
fold_point(struct folding *f)
{
    int32_t point;
    unsigned length = utf8_take(f->text.data + f->at, f->text.size - f->at, &point);
    uint32_t fold = unicode_fold(point);
    if (fold == FOLD_SLOW || fold == FOLD_JOIN)
        fold_odd(f, length, fold);
    else
        fold_plain(f, length, fold);
}

void
fold_text(struct slice text, struct buffer *out)
{
    struct folding f = {.text = text, .out = out, .plain_size = out->size};
    if (!buffer_need(out, text.size + 16))
        return;
    while (f.at < text.size && !out->arena->failed) {
        size_t begin = f.at;
        if (text.data[f.at] < 0x80)
            fold_run(&f);
        else if ((text.data[f.at] & 0xf0) == 0xe0)
            fold_wide(&f);
        if (f.at == begin)
            fold_point(&f);
    }
}
