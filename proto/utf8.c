// Most text of a wire is ASCII or CJK, so two loops carry the load: sixteen ASCII bytes at
// a time, and runs of three-byte characters by one masked compare each. Everything else
// goes through the table of Unicode 15, section 3.9, table 3-7, row by row.
#include "proto/utf8.h"

#include <string.h>

#ifdef __x86_64__
#include <immintrin.h>
#endif

#define HIGH_BITS 0x8080808080808080ULL

static size_t
skip_ascii(const uint8_t *p, size_t at, size_t size)
{
    while (size - at >= 16) {
        uint64_t a, b;
        memcpy(&a, p + at, 8);
        memcpy(&b, p + at + 8, 8);
        if ((a | b) & HIGH_BITS)
            break;
        at += 16;
    }
    if (size - at >= 8) {
        uint64_t a;
        memcpy(&a, p + at, 8);
        at += a & HIGH_BITS ? 0 : 8;
    }
    while (at < size && p[at] < 0x80)
        at++;
    return at;
}

static inline bool
is_narrow(uint64_t lead)
{
    return (lead & 0xff) == 0xe0 || (lead & 0xff) == 0xed;
}

// E1..EC, EE and EF take any two continuation bytes. Two characters a step; looks four
// bytes ahead, so the last are left to the table. Little-endian: the lead byte is the
// lowest.
static size_t
skip_three_byte_runs(const uint8_t *p, size_t at, size_t size)
{
    while (size - at >= 8) {
        uint64_t v;
        memcpy(&v, p + at, 8);
        if ((v & 0xc0c0f0c0c0f0U) != 0x8080e08080e0U || is_narrow(v) ||
            is_narrow(v >> 24))
            break;
        at += 6;
    }
    while (size - at >= 4) {
        uint32_t v;
        memcpy(&v, p + at, 4);
        if ((v & 0x00c0c0f0) != 0x008080e0 || is_narrow(v))
            break;
        at += 3;
    }
    return at;
}

static bool
is_continuation(uint8_t byte)
{
    return (byte & 0xc0) == 0x80;
}

// sequence_bytes gives the length of the well-formed sequence at p, 0 if there is none.
static size_t
sequence_bytes(const uint8_t *p, size_t left)
{
    uint8_t lead = p[0];
    if (lead < 0x80)
        return 1;
    if (lead < 0xc2 || lead > 0xf4 || left < 2)
        return 0;
    if (lead < 0xe0)
        return is_continuation(p[1]) ? 2 : 0;
    // The second byte is narrower after E0, ED, F0 and F4.
    uint8_t low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    uint8_t high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    if (p[1] < low || p[1] > high || left < 3 || !is_continuation(p[2]))
        return 0;
    if (lead < 0xf0)
        return 3;
    return left >= 4 && is_continuation(p[3]) ? 4 : 0;
}

// Keys and most values are short: no loop is begun for them.
static bool
is_short_ascii(struct slice text)
{
    if (text.size > 16)
        return false;
    struct text_ends ends = text_ends(text.data, text.size);
    return ((ends.first | ends.last) & HIGH_BITS) == 0;
}

static size_t
valid_step_by_step(struct slice text)
{
    size_t at = 0;
    while ((at = skip_ascii(text.data, at, text.size)) < text.size) {
        at = skip_three_byte_runs(text.data, at, text.size);
        if (at == text.size)
            break;
        size_t bytes = sequence_bytes(text.data + at, text.size - at);
        if (bytes == 0)
            return at;
        at += bytes;
    }
    return at;
}

#ifdef __x86_64__
// Keiser and Lemire, "Validating UTF-8 In Less Than One Instruction Per Byte" (2020): three
// tables, by the halves of a byte and the high half of the next, say what is wrong with the
// pair; a bit that all three have is an error. Text that alternates between one byte a
// character and more costs no wrong guesses.
enum {
    SHORT = 1 << 0,      // a lead byte, then no continuation
    LONG = 1 << 1,       // ASCII, then a continuation
    OVERLONG3 = 1 << 2,  // E0 80..9F
    LARGE = 1 << 3,      // F4 90..BF, F5..FF
    SURROGATE = 1 << 4,  // ED A0..BF
    OVERLONG2 = 1 << 5,  // C0, C1
    LARGE_1000 = 1 << 6, // F5..FF 80..8F
    OVERLONG4 = 1 << 6,  // F0 80..8F
    TWO_CONTS = 1 << 7,  // right only as third or fourth byte
    CARRY = SHORT | LONG | TWO_CONTS,
};

#define TWICE(...) _mm256_setr_epi8(__VA_ARGS__, __VA_ARGS__)
#define LONG_ (char)LONG
#define CONT_ (char)TWO_CONTS

__attribute__((target("avx2"))) static inline __m256i
looked_up(__m256i table, __m256i index)
{
    return _mm256_shuffle_epi8(table, _mm256_and_si256(index, _mm256_set1_epi8(0x0f)));
}

// wrong_pairs gives for each byte what is wrong between it and the byte before.
__attribute__((target("avx2"))) static inline __m256i
wrong_pairs(__m256i bytes, __m256i before)
{
    const __m256i high = TWICE(LONG_, LONG_, LONG_, LONG_, LONG_, LONG_, LONG_, LONG_,
        CONT_, CONT_, CONT_, CONT_, SHORT | OVERLONG2, SHORT,
        SHORT | OVERLONG3 | SURROGATE, SHORT | LARGE | LARGE_1000 | OVERLONG4);
    const __m256i low = TWICE((char)(CARRY | OVERLONG3 | OVERLONG2 | OVERLONG4),
        (char)(CARRY | OVERLONG2), (char)CARRY, (char)CARRY, (char)(CARRY | LARGE),
        (char)(CARRY | LARGE | LARGE_1000), (char)(CARRY | LARGE | LARGE_1000),
        (char)(CARRY | LARGE | LARGE_1000), (char)(CARRY | LARGE | LARGE_1000),
        (char)(CARRY | LARGE | LARGE_1000), (char)(CARRY | LARGE | LARGE_1000),
        (char)(CARRY | LARGE | LARGE_1000), (char)(CARRY | LARGE | LARGE_1000),
        (char)(CARRY | LARGE | LARGE_1000 | SURROGATE),
        (char)(CARRY | LARGE | LARGE_1000), (char)(CARRY | LARGE | LARGE_1000));
    const __m256i next = TWICE(SHORT, SHORT, SHORT, SHORT, SHORT, SHORT, SHORT, SHORT,
        (char)(LONG | OVERLONG2 | TWO_CONTS | OVERLONG3 | LARGE_1000 | OVERLONG4),
        (char)(LONG | OVERLONG2 | TWO_CONTS | OVERLONG3 | LARGE),
        (char)(LONG | OVERLONG2 | TWO_CONTS | SURROGATE | LARGE),
        (char)(LONG | OVERLONG2 | TWO_CONTS | SURROGATE | LARGE), SHORT, SHORT, SHORT,
        SHORT);
    __m256i wrong = _mm256_and_si256(
        looked_up(high, _mm256_srli_epi16(before, 4)), looked_up(low, before));
    return _mm256_and_si256(wrong, looked_up(next, _mm256_srli_epi16(bytes, 4)));
}

// wrong_in gives a byte that is not 0 for each error in bytes, of which last stood before.
__attribute__((target("avx2"))) static inline __m256i
wrong_in(__m256i bytes, __m256i last)
{
    __m256i across = _mm256_permute2x128_si256(last, bytes, 0x21);
    __m256i third = _mm256_subs_epu8(
        _mm256_alignr_epi8(bytes, across, 14), _mm256_set1_epi8(0xe0 - 0x80));
    __m256i fourth = _mm256_subs_epu8(
        _mm256_alignr_epi8(bytes, across, 13), _mm256_set1_epi8(0xf0 - 0x80));
    __m256i wanted =
        _mm256_and_si256(_mm256_or_si256(third, fourth), _mm256_set1_epi8((char)0x80));
    return _mm256_xor_si256(
        wanted, wrong_pairs(bytes, _mm256_alignr_epi8(bytes, across, 15)));
}

// The end is filled up with NUL, which no sequence goes on with.
__attribute__((target("avx2"))) static bool
all_valid(struct slice text)
{
    __m256i last = _mm256_setzero_si256(), wrong = last, bytes;
    uint8_t end[32] = {0};
    size_t at = 0;
    for (; text.size - at >= 32; at += 32, last = bytes) {
        bytes = _mm256_loadu_si256((const __m256i *)(const void *)(text.data + at));
        wrong = _mm256_or_si256(wrong, wrong_in(bytes, last));
    }
    memcpy(end, text.data + at, text.size - at);
    bytes = _mm256_loadu_si256((const __m256i *)(const void *)end);
    wrong = _mm256_or_si256(wrong, wrong_in(bytes, last));
    return _mm256_testz_si256(wrong, wrong);
}
#endif

size_t
utf8_valid_bytes(struct slice text)
{
    if (is_short_ascii(text))
        return text.size;
#ifdef __x86_64__
    if (text.size >= 64 && __builtin_cpu_supports("avx2") && all_valid(text))
        return text.size;
#endif
    return valid_step_by_step(text);
}
