// Sixteen bytes at a time where the processor can move bytes about (SSSE3): what stays is
// closed up by a table of the 256 ways in which eight bytes may stay or go.
#include "normalize/fold_ascii.h"

#include <stdbool.h>

#ifdef __x86_64__
#include <immintrin.h>
#endif

// What ASCII folds to: itself or its lower case, 0 dropped, 1 a sign.
// clang-format off
static const uint8_t folds[128] = {
    ['$'] = 1, ['%'] = 1, ['+'] = 1, [','] = 1, ['-'] = 1, ['.'] = 1, ['/'] = 1,
    ['0'] = '0', '1', '2', '3', '4', '5', '6', '7', '8', '9',
    ['A'] = 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm',
    'n', 'o', 'p', 'q', 'r', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z',
    ['a'] = 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm',
    'n', 'o', 'p', 'q', 'r', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z',
};
// clang-format on

// is_punctuation says at one look that a sign belongs to no number, which nearly all do
// not: . , / and - need a digit behind them, or - a currency sign.
static inline bool
is_punctuation(const uint8_t *p, const uint8_t *end)
{
    if (*p < ',')
        return false;
    return p + 1 == end || (p[1] < 0x80 && (p[1] < '0' || p[1] > '9') && p[1] != '$');
}

static size_t
fold_bytes(struct slice text, size_t at, uint8_t **to, uint8_t **last)
{
    const uint8_t *p = text.data + at, *end = text.data + text.size;
    for (; p < end && *p < 0x80; p++) {
        uint8_t fold = folds[*p];
        if (fold == 1 && !is_punctuation(p, end))
            break;
        *last = *to;
        **to = fold;
        *to += fold > 1;
    }
    return (size_t)(p - text.data);
}

#ifdef __x86_64__
static uint8_t closed_up[256][8]; // by the bits of eight bytes: which of them stay
static uint8_t counts[256];

void
fold_ascii_load(void)
{
    for (unsigned bits = 0; bits < 256; bits++) {
        counts[bits] = 0;
        for (uint8_t i = 0; i < 8; i++)
            if (bits >> i & 1)
                closed_up[bits][counts[bits]++] = i;
    }
}

// v >= low and v <= high, byte by byte; for bytes of ASCII.
#define WITHIN(v, low, high)                                 \
    _mm_and_si128(_mm_cmpgt_epi8(v, _mm_set1_epi8((low)-1)), \
        _mm_cmplt_epi8(v, _mm_set1_epi8((high) + 1)))
#define IS(v, byte) _mm_cmpeq_epi8(v, _mm_set1_epi8(byte))
#define ANY(a, b) _mm_or_si128(a, b)
#define BITS_OF(mask) ((unsigned)_mm_movemask_epi8(mask))
#define LOAD(p) _mm_loadu_si128((const __m128i *)(const void *)(p))
#define LOAD_EIGHT(p) _mm_loadl_epi64((const __m128i *)(const void *)(p))
#define STORE_EIGHT(p, v) _mm_storel_epi64((__m128i *)(void *)(p), v)

// signs gives a bit for each sign that is_punctuation would not answer for. A byte that is
// not ASCII is negative here.
static inline unsigned
signs(__m128i v, __m128i next)
{
    __m128i amount = ANY(WITHIN(next, '0', '9'),
        ANY(IS(next, '$'), _mm_cmplt_epi8(next, _mm_setzero_si128())));
    __m128i between = _mm_and_si128(WITHIN(v, ',', '/'), amount);
    return BITS_OF(ANY(between, ANY(IS(v, '+'), WITHIN(v, '$', '%'))));
}

__attribute__((target("ssse3"))) static inline uint8_t *
close_up(__m128i v, unsigned kept, uint8_t *to)
{
    unsigned low = kept & 0xff, high = kept >> 8;
    STORE_EIGHT(to, _mm_shuffle_epi8(v, LOAD_EIGHT(closed_up[low])));
    to += counts[low];
    STORE_EIGHT(
        to, _mm_shuffle_epi8(_mm_srli_si128(v, 8), LOAD_EIGHT(closed_up[high])));
    return to + counts[high];
}

// Stops where fewer than 17 bytes are left: each byte's next is looked at.
__attribute__((target("ssse3"))) static size_t
fold_blocks(struct slice text, size_t at, uint8_t **to, uint8_t **last)
{
    unsigned live = 16;
    while (live == 16 && text.size - at > 16) {
        __m128i v = LOAD(text.data + at);
        unsigned stop = BITS_OF(v) | signs(v, LOAD(text.data + at + 1));
        live = (unsigned)__builtin_ctz(stop | 1U << 16);
        if (live == 0)
            break;
        __m128i upper = _mm_and_si128(WITHIN(v, 'A', 'Z'), _mm_set1_epi8(0x20));
        v = _mm_or_si128(v, upper);
        unsigned kept = BITS_OF(ANY(WITHIN(v, 'a', 'z'), WITHIN(v, '0', '9')));
        *to = close_up(v, kept & ((1U << live) - 1), *to);
        *last = *to - (kept >> (live - 1) & 1);
        at += live;
    }
    return at;
}

size_t
fold_ascii(struct slice text, size_t at, uint8_t **to, uint8_t **last)
{
    if (__builtin_cpu_supports("ssse3"))
        at = fold_blocks(text, at, to, last);
    return fold_bytes(text, at, to, last);
}
#else
void
fold_ascii_load(void)
{
}

size_t
fold_ascii(struct slice text, size_t at, uint8_t **to, uint8_t **last)
{
    return fold_bytes(text, at, to, last);
}
#endif
