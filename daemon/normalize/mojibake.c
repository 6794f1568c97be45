#include "normalize/mojibake.h"

#include "normalize/utf8.h"

// Bytes 80 to 9F of windows-1252; those that it leaves open pass as C1 controls.
static const uint16_t high[32] = {0x20ac, 0x81, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020,
    0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8d, 0x017d, 0x8f, 0x90, 0x2018,
    0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a,
    0x0153, 0x9d, 0x017e, 0x0178};

// byte_of gives the byte that windows-1252 writes a code point with; 0: none, or ASCII.
static uint8_t
byte_of(int32_t point)
{
    if (point >= 0x80 && point <= 0xff)
        return (uint8_t)point;
    for (unsigned i = 0; i < 32; i++)
        if (high[i] == point)
            return (uint8_t)(0x80 + i);
    return 0;
}

// wrong_reading gives how many bytes the UTF-8 sequence has that the code points at `at`
// would be bytes of; 0 if they are none. sequence_out takes those bytes.
static unsigned
wrong_reading(struct slice text, size_t at, uint8_t sequence_out[4])
{
    unsigned count = 0;
    while (count < 4 && at < text.size) {
        int32_t point;
        unsigned length = utf8_next(text.data + at, text.size - at, &point);
        sequence_out[count] = length ? byte_of(point) : 0;
        if (sequence_out[count] == 0)
            break;
        at += length;
        count++;
    }
    int32_t point;
    return count > 1 ? utf8_next(sequence_out, count, &point) : 0;
}

// Letters of the Western languages (C3 xx) and typographic quotes and dashes (E2 80 xx).
// C2 xx is not among them: a capital letter before » is good Romanian.
static bool
is_telling(const uint8_t *sequence)
{
    return sequence[0] == 0xc3 || (sequence[0] == 0xe2 && sequence[1] == 0x80);
}

// A letter's two bytes in windows-1251: capital ER or ES (D0, D1), then any of 80 to BF.
static bool
is_russian_pair(struct slice text, size_t at, size_t *end_out)
{
    int32_t first, second;
    unsigned length = utf8_next(text.data + at, text.size - at, &first);
    if (length == 0 || (first != 0x420 && first != 0x421) || at + length >= text.size)
        return false;
    unsigned more =
        utf8_next(text.data + at + length, text.size - at - length, &second);
    *end_out = at + length + more;
    return more && second >= 0x80 && (second < 0x410 || second > 0x44f);
}

// No word has three such pairs in a row: PE for Peter is one, and so is ES before a quote.
static bool
russian_word(struct slice text, size_t at)
{
    for (unsigned i = 0; i < 3; i++)
        if (!is_russian_pair(text, at, &at))
            return false;
    return true;
}

// The text as it came may hold bytes that are no UTF-8: they are gone over.
bool
mojibake_found(struct slice text)
{
    unsigned count = 0;
    for (size_t at = 0; at < text.size;) {
        uint8_t sequence[4];
        unsigned length = 0;
        if (text.data[at] == 0xc3) // U+00C0..U+00FF: where such a sequence begins
            length = wrong_reading(text, at, sequence);
        count += length > 1 ? is_telling(sequence) ? 3 : 1 : 0;
        if (count >= 3 || (text.data[at] == 0xd0 && russian_word(text, at)))
            return true;
        int32_t point;
        length = utf8_next(text.data + at, text.size - at, &point);
        at += length ? length : 1;
    }
    return false;
}

// What GBK makes of the first two bytes of Chinese punctuation (EF BC, E3 80), of quotes and
// dashes (E2 80) and of the commonest words, DE, SHI and ZAI: characters that hardly any text
// has; and of U+FFFD twice.
static const char gbk_signs[][4] = {"\xe9\x94\x9b", "\xe9\x8a\x86", "\xe9\x88\xa5",
    "\xe9\x90\xa8", "\xe9\x8f\x84", "\xe9\x8d\xa6"};
static const char gbk_replacements[] = "\xe9\x94\x9f\xe6\x96\xa4\xe6\x8b\xb7";

bool
mojibake_gbk(struct slice text)
{
    unsigned signs = 0;
    const uint8_t *at;
    while (text.size > 3 && (at = memchr(text.data, 0xe9, text.size - 2))) {
        text = slice_from(text, (size_t)(at - text.data));
        for (size_t i = 0; i < sizeof gbk_signs / sizeof *gbk_signs; i++)
            signs += memcmp(text.data, gbk_signs[i], 3) == 0;
        if (signs > 2 || slice_starts(text, slice_str(gbk_replacements)))
            return true;
        text = slice_from(text, 3);
    }
    return false;
}
