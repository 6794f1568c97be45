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
        at += utf8_take(text.data + at, text.size - at, &point);
        sequence_out[count] = byte_of(point);
        if (sequence_out[count] == 0)
            break;
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
        if (count >= 3)
            return true;
        int32_t point;
        at += utf8_take(text.data + at, text.size - at, &point);
    }
    return false;
}
