#include "normalize/scan.h"

#include "normalize/unicode.h"
#include "normalize/utf8.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

struct pass {
    struct text_scan *found;
    const uint8_t *p;
    size_t size;
    unsigned gap;   // 1: the next visible character begins a word
    unsigned blank; // 1: white space, or nothing, stands before
    int32_t before; // code point before, in a run that is not ASCII; 0: none
};

static inline unsigned
ones16(unsigned bits)
{
    bits -= bits >> 1 & 0x5555U;
    bits = (bits & 0x3333U) + (bits >> 2 & 0x3333U);
    bits = (bits + (bits >> 4)) & 0x0f0fU;
    return (bits + (bits >> 8)) & 0x1fU;
}

static inline void
pass_printable(struct pass *pass, uint8_t byte)
{
    unsigned space = byte == ' ';
    pass->found->blanks |= space & pass->blank;
    pass->found->words += (space ^ 1) & pass->gap;
    pass->found->chars++;
    pass->gap = pass->blank = space;
}

// pass_ascii goes over printable ASCII and gives where it ends.
static size_t
pass_ascii(struct pass *pass, size_t at)
{
    const uint8_t *p = pass->p;
#ifdef __SSE2__
    unsigned blanks = 0, words = 0, gap = pass->gap, blank = pass->blank;
    size_t begin = at;
    bool stopped = false;
    while (at + 16 <= pass->size && !stopped) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(p + at));
        unsigned space =
            (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_set1_epi8(' ')));
        unsigned stop = (unsigned)_mm_movemask_epi8(
            _mm_or_si128(_mm_cmplt_epi8(v, _mm_set1_epi8(' ')),
                _mm_cmpeq_epi8(v, _mm_set1_epi8(0x7f))));
        unsigned live = stop ? (unsigned)__builtin_ctz(stop) : 16;
        unsigned mask = (1U << live) - 1;
        space &= mask;
        blanks |= space & (space << 1 | blank);
        words += ones16(~space & (space << 1 | gap) & mask);
        if (live)
            gap = blank = space >> (live - 1) & 1;
        stopped = stop != 0;
        at += live;
    }
    pass->gap = gap;
    pass->blank = blank;
    pass->found->blanks |= blanks != 0;
    pass->found->words += words;
    pass->found->chars += (uint32_t)(at - begin);
    if (stopped)
        return at;
#endif
    for (; at < pass->size && p[at] >= ' ' && p[at] < 0x7f; at++)
        pass_printable(pass, p[at]);
    return at;
}

static void
pass_control(struct pass *pass, size_t at)
{
    const uint8_t *p = pass->p;
    struct text_scan *found = pass->found;
    if (p[at] == '\n') {
        found->newline = true;
        bool third = at >= 2 && p[at - 1] == '\n' && p[at - 2] == '\n';
        found->blanks |= third || at == 0 || p[at - 1] == ' ' || p[at - 1] == '\t';
    } else {
        found->tab |= p[at] == '\t';
        found->odd |= p[at] != '\t';
        found->chars++;
    }
    pass->gap = pass->blank = 1;
}

// A letter that begins UTF-8 sequences in windows-1252, then a sign that goes on with one;
// the same in windows-1251, where two capitals begin all of Russian.
static inline bool
looks_mojibake(int32_t before, int32_t point)
{
    if ((uint32_t)before - 0x420U < 2)
        return point < 0x410 || point > 0x44f;
    return before >= 0xc2 && before <= 0xf4 && (point < 0xc0 || point > 0xff);
}

static inline void
pass_point(struct pass *pass, size_t at, int32_t point)
{
    struct text_scan *found = pass->found;
    unsigned class = unicode_class(point);
    if (class & UNICODE_NFC && found->nfc == pass->size)
        found->nfc = at;
    found->odd |= (class & UNICODE_RULE) != 0;
    found->mojibake |= looks_mojibake(pass->before, point);
    found->chars++;
    unsigned word = (class & UNICODE_WORD) != 0, gap = (class & UNICODE_GAP) != 0;
    found->words += word | (pass->gap & ~gap & 1U);
    pass->gap = word | gap;
    pass->before = point;
}

// pass_ideographs goes over common Han, which is all plain and all words.
static inline size_t
pass_ideographs(struct pass *pass, size_t at)
{
    size_t begin = at;
    at = utf8_skip_ideographs(pass->p, at, pass->size);
    if (at > begin) {
        pass->found->chars += (uint32_t)((at - begin) / 3);
        pass->found->words += (uint32_t)((at - begin) / 3);
        pass->gap = 1;
        pass->before = 0;
    }
    return at;
}

// pass_beyond goes over a run that is not ASCII; gives where it ends, or SIZE_MAX with
// found->bad set.
static size_t
pass_beyond(struct pass *pass, size_t at)
{
    pass->before = 0;
    for (;;) {
        at = pass_ideographs(pass, at);
        if (at >= pass->size || pass->p[at] < 0x80)
            break;
        int32_t point;
        unsigned length = utf8_next(pass->p + at, pass->size - at, &point);
        if (length == 0) {
            pass->found->bad = at;
            return SIZE_MAX;
        }
        pass_point(pass, at, point);
        at += length;
    }
    pass->blank = 0;
    return at;
}

void
text_scan(struct slice text, struct text_scan *out)
{
    *out = (struct text_scan){.bad = text.size, .nfc = text.size};
    struct pass pass = {
        .found = out, .p = text.data, .size = text.size, .gap = 1, .blank = 1};
    size_t at = 0;
    while (at < text.size) {
        if (text.data[at] >= 0x80)
            at = pass_beyond(&pass, at);
        else if (text.data[at] < ' ' || text.data[at] == 0x7f)
            pass_control(&pass, at++);
        else
            at = pass_ascii(&pass, at);
        if (at == SIZE_MAX)
            return;
    }
    out->blanks |= text.size && pass.blank;
}
