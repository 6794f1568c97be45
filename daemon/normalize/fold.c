// The fold by tables. Where a code point folds to several, or may act on what stands
// before it, the segment from the last plain code point on goes through utf8proc.
#include "normalize/fold.h"

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
    if (fold == FOLD_SELF)
        buffer_add(f->out, f->text.data + f->at, length);
    else if (fold & FOLD_MARK)
        put_mark(f, length, (int32_t)(fold & ~(uint32_t)FOLD_MARK));
    else if (fold != FOLD_DROP)
        buffer_put(f->out, (int32_t)fold);
    f->at += length;
}

// What ASCII folds to: itself or its lower case, 0 dropped, 1 a sign.
static const uint8_t ascii_folds[128] = {
    ['$'] = 1,
    ['%'] = 1,
    ['+'] = 1,
    [','] = 1,
    ['-'] = 1,
    ['.'] = 1,
    ['/'] = 1,
    ['0'] = '0',
    '1',
    '2',
    '3',
    '4',
    '5',
    '6',
    '7',
    '8',
    '9',
    ['A'] = 'a',
    'b',
    'c',
    'd',
    'e',
    'f',
    'g',
    'h',
    'i',
    'j',
    'k',
    'l',
    'm',
    'n',
    'o',
    'p',
    'q',
    'r',
    's',
    't',
    'u',
    'v',
    'w',
    'x',
    'y',
    'z',
    ['a'] = 'a',
    'b',
    'c',
    'd',
    'e',
    'f',
    'g',
    'h',
    'i',
    'j',
    'k',
    'l',
    'm',
    'n',
    'o',
    'p',
    'q',
    'r',
    's',
    't',
    'u',
    'v',
    'w',
    'x',
    'y',
    'z',
};

// is_punctuation says at one look that a sign belongs to no number, which nearly all do
// not: . , / and - need a digit behind them, or - a currency sign.
static inline bool
is_punctuation(const uint8_t *p, const uint8_t *end)
{
    if (*p < ',')
        return false;
    return p + 1 == end || (p[1] < 0x80 && (p[1] < '0' || p[1] > '9') && p[1] != '$');
}

static void
fold_ascii(struct folding *f)
{
    const struct slice text = f->text;
    size_t until = utf8_skip_ascii(text.data, f->at, text.size);
    if (!buffer_need(f->out, until - f->at + 8))
        return;
    const uint8_t *p = text.data + f->at, *end = text.data + until;
    uint8_t *to = f->out->data + f->out->size, *last = to;
    for (; p < end; p++) {
        uint8_t fold = ascii_folds[*p];
        last = to;
        *to = fold;
        to += fold > 1;
        if (fold == 1 && !is_punctuation(p, text.data + text.size)) {
            f->at = (size_t)(p - f->text.data);
            f->out->size = (size_t)(to - f->out->data);
            put_mark(f, 1, fold_mark_form(*p));
            to = f->out->data + f->out->size;
        }
    }
    f->at = (size_t)(p - f->text.data);
    f->out->size = (size_t)(to - f->out->data);
    f->plain_at = f->at - 1;
    f->plain_size = (size_t)(last - f->out->data);
}

// The common ideographs fold to themselves.
static void
fold_ideographs(struct folding *f)
{
    const uint8_t *p = f->text.data;
    size_t begin = f->at, end = utf8_skip_ideographs(p, begin, f->text.size);
    buffer_add(f->out, p + begin, end - begin);
    f->at = end;
    f->plain_at = end - 3;
    f->plain_size = f->out->size >= 3 ? f->out->size - 3 : 0;
}

void
fold_text(struct slice text, struct buffer *out)
{
    struct folding f = {.text = text, .out = out, .plain_size = out->size};
    if (!buffer_need(out, text.size + 16))
        return;
    while (f.at < text.size && !out->arena->failed) {
        uint8_t byte = text.data[f.at];
        if (byte < 0x80) {
            fold_ascii(&f);
            continue;
        }
        if (text.size - f.at >= 3 && utf8_is_ideograph(text.data + f.at)) {
            fold_ideographs(&f);
            continue;
        }
        int32_t point;
        unsigned length = utf8_take(text.data + f.at, text.size - f.at, &point);
        uint32_t fold = unicode_fold(point);
        if (fold == FOLD_SLOW || fold == FOLD_JOIN)
            fold_odd(&f, length, fold);
        else
            fold_plain(&f, length, fold);
    }
}
