// Strings are nearly all of a document. The common one, without escapes, is looked at
// sixteen bytes at a time and copied once; the text as a whole is known to be UTF-8.
//
// Integers are int64, as the wire has them. One outside is refused, not rounded.
#include "proto/json_token.h"

#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

static size_t
wrong_at(struct json_wrong *wrong, enum wire_err code, const char *why, size_t at,
    size_t end)
{
    *wrong = (struct json_wrong){code, why, at, end};
    return end;
}

static inline bool
is_digit(struct slice text, size_t at)
{
    return at < text.size && text.data[at] >= '0' && text.data[at] <= '9';
}

static inline bool
ends_plain(uint8_t c)
{
    return c == '"' || c == '\\' || c < ' ';
}

// plain_end gives where a quote, an escape or a control stands, or the text's end.
static size_t
plain_end(struct slice text, size_t at)
{
#ifdef __SSE2__
    const __m128i quote = _mm_set1_epi8('"'), escape = _mm_set1_epi8('\\');
    const __m128i last_control = _mm_set1_epi8(0x1f);
    for (; text.size - at >= 16; at += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(text.data + at));
        __m128i control = _mm_cmpeq_epi8(_mm_max_epu8(v, last_control), last_control);
        __m128i stop = _mm_or_si128(
            control, _mm_or_si128(_mm_cmpeq_epi8(v, quote), _mm_cmpeq_epi8(v, escape)));
        unsigned bits = (unsigned)_mm_movemask_epi8(stop);
        if (bits)
            return at + (unsigned)__builtin_ctz(bits);
    }
#endif
    while (at < text.size && !ends_plain(text.data[at]))
        at++;
    return at;
}

// hex4 gives the four hexadecimal digits at `at`, -1 if they are none.
static int32_t
hex4(struct slice text, size_t at)
{
    int32_t value = 0;
    for (size_t i = at; i < at + 4; i++) {
        uint8_t c = i < text.size ? text.data[i] : 0, low = c | 0x20;
        if (c >= '0' && c <= '9')
            value = value << 4 | (c - '0');
        else if (low >= 'a' && low <= 'f')
            value = value << 4 | (low - 'a' + 10);
        else
            return -1;
    }
    return value;
}

static const char letters[] = "\"\\/bfnrt";
static const char meanings[] = "\"\\/\b\f\n\r\t";

// string_end gives where the string at `at` ends, behind its quote. escapes_out says whether
// it has any; they are well-formed, but may mean what text can't hold.
static size_t
string_end(struct slice text, size_t at, bool *escapes_out, struct json_wrong *wrong)
{
    *escapes_out = false;
    for (at = plain_end(text, at + 1); at < text.size; at = plain_end(text, at)) {
        if (text.data[at] == '"')
            return at + 1;
        if (text.data[at] == '\n')
            return wrong_at(wrong, WIRE_ILL_FORMED, "unexpected newline", at, at);
        if (text.data[at] != '\\')
            return wrong_at(wrong, WIRE_ILL_FORMED, "control character", at, at);
        *escapes_out = true;
        uint8_t c = at + 1 < text.size ? text.data[at + 1] : 0;
        bool unicode = c == 'u' && hex4(text, at + 2) >= 0;
        if (!unicode && (c == 0 || !strchr(letters, c)))
            return wrong_at(wrong, WIRE_ILL_FORMED, "invalid escape", at,
                at + 1 < text.size ? at + 2 : at + 1);
        at += unicode ? 6 : 2;
    }
    return wrong_at(
        wrong, WIRE_ILL_FORMED, "premature end of input", text.size, text.size);
}

static void
put_point(struct wire_writer *out, uint32_t c)
{
    uint8_t bytes[4];
    size_t more = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    static const uint8_t leads[] = {0, 0xc0, 0xe0, 0xf0};
    for (size_t i = more; i > 0; i--, c >>= 6)
        bytes[i] = (uint8_t)(0x80 | (c & 0x3f));
    bytes[0] = (uint8_t)(leads[more] | c);
    wire_put_raw(out, slice_of(bytes, more + 1));
}

static bool
is_surrogate(int32_t unit, int32_t half)
{
    return (unit & 0xfc00) == half;
}

// unescape_unicode reads \uXXXX, or two that are one character.
static size_t
unescape_unicode(
    struct slice text, size_t at, struct wire_writer *out, struct json_wrong *wrong)
{
    int32_t unit = hex4(text, at + 2);
    size_t next = at + 6;
    if (unit == 0)
        return wrong_at(wrong, WIRE_BAD_TEXT, "\\u0000 is not allowed", at, next);
    if (is_surrogate(unit, 0xd800)) {
        bool escaped = text.size - next >= 6 && text.data[next] == '\\' &&
                       text.data[next + 1] == 'u';
        int32_t low = escaped ? hex4(text, next + 2) : 0;
        if (!is_surrogate(low, 0xdc00))
            return wrong_at(
                wrong, WIRE_ILL_FORMED, "a surrogate stands alone", at, next);
        put_point(
            out, 0x10000U + (((uint32_t)unit & 0x3ff) << 10 | ((uint32_t)low & 0x3ff)));
        return next + 6;
    }
    if (is_surrogate(unit, 0xdc00))
        return wrong_at(wrong, WIRE_ILL_FORMED, "a surrogate stands alone", at, next);
    put_point(out, (uint32_t)unit);
    return next;
}

// unescape puts [at, end), whose escapes are well-formed, together in out.
static void
unescape(struct slice text, size_t at, size_t end, struct wire_writer *out,
    struct json_wrong *wrong)
{
    while (at < end && !wrong->code) {
        size_t stop = plain_end(slice_until(text, end), at);
        wire_put_raw(out, slice_of(text.data + at, stop - at));
        at = stop;
        if (at == end)
            break;
        if (text.data[at + 1] == 'u') {
            at = unescape_unicode(text, at, out, wrong);
            continue;
        }
        const char *letter = strchr(letters, text.data[at + 1]);
        wire_put_raw(out, slice_of(&meanings[letter - letters], 1));
        at += 2;
    }
}

size_t
json_string(struct slice text, size_t at, struct wire_writer *scratch,
    struct wire_writer *w, struct json_wrong *wrong)
{
    bool escapes;
    size_t end = string_end(text, at, &escapes, wrong);
    if (wrong->code)
        return end;
    if (!escapes) {
        wire_put_str(w, slice_of(text.data + at + 1, end - at - 2));
        return end;
    }
    wire_writer_reset(scratch);
    wire_writer_reserve(scratch, end - at);
    unescape(text, at + 1, end - 1, scratch, wrong);
    w->failed |= scratch->failed;
    wire_put_str(w, wire_written(scratch));
    wrong->end = end; // it is the string that can't be, and it ends there
    return end;
}

static size_t
digits_end(struct slice text, size_t at)
{
    while (is_digit(text, at))
        at++;
    return at;
}

static inline bool
is_one_of(struct slice text, size_t at, char a, char b)
{
    return at < text.size &&
           (text.data[at] == (uint8_t)a || text.data[at] == (uint8_t)b);
}

// number_end gives where the number at `at` ends. whole_out: it has neither fraction nor
// exponent.
static size_t
number_end(struct slice text, size_t at, bool *whole_out, struct json_wrong *wrong)
{
    static const char invalid[] = "invalid token";
    size_t first = at + is_one_of(text, at, '-', '-'), end = digits_end(text, first);
    *whole_out = true;
    if (end == first || (text.data[first] == '0' && end > first + 1))
        return wrong_at(
            wrong, WIRE_ILL_FORMED, invalid, at, end == first ? end : first + 1);
    if (is_one_of(text, end, '.', '.')) {
        *whole_out = false;
        first = end + 1;
        end = digits_end(text, first);
        if (end == first)
            return wrong_at(wrong, WIRE_ILL_FORMED, invalid, at, end);
    }
    if (is_one_of(text, end, 'e', 'E')) {
        *whole_out = false;
        first = end + 1 + is_one_of(text, end + 1, '+', '-');
        end = digits_end(text, first);
        if (end == first)
            return wrong_at(wrong, WIRE_ILL_FORMED, invalid, at, end);
    }
    return end;
}

static void
put_integer(
    struct slice digits, struct wire_writer *w, struct json_wrong *wrong, size_t end)
{
    bool minus = digits.data[0] == '-';
    uint64_t value = 0, most = (uint64_t)INT64_MAX + minus;
    for (size_t i = minus; i < digits.size; i++) {
        uint64_t digit = digits.data[i] - (uint64_t)'0';
        if (value > (most - digit) / 10) {
            (void)wrong_at(wrong, WIRE_BAD_FIELD,
                minus ? "too big negative integer" : "too big integer",
                end - digits.size, end);
            return;
        }
        value = value * 10 + digit;
    }
    wire_put_int(w, minus ? (int64_t)(0 - value) : (int64_t)value);
}

// strtod wants a NUL behind the number, and a point whatever the host's language writes.
static void
put_real(struct slice digits, struct wire_writer *scratch, struct wire_writer *w,
    struct json_wrong *wrong, size_t end)
{
    locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0); // glibc's own, not made
    wire_writer_reset(scratch);
    wire_put_raw(scratch, digits);
    wire_put_raw(scratch, slice_of("", 1));
    w->failed |= scratch->failed || !plain;
    if (w->failed)
        return;
    double value = strtod_l((const char *)scratch->data, NULL, plain);
    if (isfinite(value))
        wire_put_float(w, value);
    else
        (void)wrong_at(
            wrong, WIRE_BAD_FIELD, "real number overflow", end - digits.size, end);
    freelocale(plain);
}

size_t
json_number(struct slice text, size_t at, struct wire_writer *scratch,
    struct wire_writer *w, struct json_wrong *wrong)
{
    bool whole;
    size_t end = number_end(text, at, &whole, wrong);
    struct slice digits = slice_of(text.data + at, end - at);
    if (wrong->code)
        return end;
    if (whole)
        put_integer(digits, w, wrong, end);
    else
        put_real(digits, scratch, w, wrong, end);
    return end;
}

static bool
is_letter(uint8_t c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

size_t
json_token_end(struct slice text, size_t at, struct json_wrong *wrong)
{
    bool unused;
    if (at >= text.size)
        return text.size;
    uint8_t c = text.data[at];
    if (c == '"')
        return string_end(text, at, &unused, wrong);
    if (c == '-' || is_digit(text, at))
        return number_end(text, at, &unused, wrong);
    size_t end = at + 1;
    while (end < text.size &&
           (is_letter(c) ? is_letter(text.data[end])
                         : c >= 0xc0 && (text.data[end] & 0xc0) == 0x80))
        end++;
    return end;
}
