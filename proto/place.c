#include "proto/place.h"

#include <stdio.h>

#include "proto/utf8.h"

#define SHOWN 60U // bytes of the line on each side
#define LENGTH_OF(array) (sizeof(array) / sizeof *(array))

static bool
inside_character(const uint8_t *p)
{
    return (*p & 0xc0) == 0x80;
}

void
wire_place_of(struct slice text, uint64_t at, struct wire_place *out)
{
    size_t place = at < text.size ? (size_t)at : text.size, begin = place;
    *out = (struct wire_place){.line = 1, .column = 1};
    while (begin > 0 && text.data[begin - 1] != '\n')
        begin--;
    for (size_t i = 0; i < begin; i++)
        out->line += text.data[i] == '\n';
    for (size_t i = begin; i < place; i++)
        out->column += !inside_character(text.data + i);
    size_t from = place - begin > SHOWN ? place - SHOWN : begin, end = place;
    while (from < place && inside_character(text.data + from))
        from++;
    while (end < text.size && end - place < SHOWN && text.data[end] != '\n' &&
           text.data[end] != '\r')
        end++;
    while (end < text.size && end > place && inside_character(text.data + end))
        end--;
    out->before = slice_until(slice_from(text, from), place - from);
    out->at = slice_until(slice_from(text, place), end - place);
}

struct range {
    uint32_t first, last;
};

static bool
within(const struct range *ranges, size_t count, uint32_t c)
{
    for (size_t i = 0; i < count; i++)
        if (c >= ranges[i].first && c <= ranges[i].last)
            return true;
    return false;
}

// Zero-width, direction and other characters that a screen shows as nothing, or as a
// blank that is none.
static const struct range unseen[] = {
    {0x00,    0x1f   },
    {0x7f,    0xa0   },
    {0xad,    0xad   },
    {0x034f,  0x034f },
    {0x061c,  0x061c },
    {0x115f,  0x1160 },
    {0x1680,  0x1680 },
    {0x17b4,  0x17b5 },
    {0x180b,  0x180f },
    {0x2000,  0x200f },
    {0x2028,  0x202f },
    {0x205f,  0x206f },
    {0x3164,  0x3164 },
    {0xe000,  0xf8ff },
    {0xfe00,  0xfe0f },
    {0xfeff,  0xfeff },
    {0xfff0,  0xfffb },
    {0xfffe,  0xffff },
    {0x1d173, 0x1d17a},
    {0xe0000, 0xe0fff},
};

// Marks that stand over or under the character before them.
static const struct range marks[] = {
    {0x0300, 0x036f},
    {0x0483, 0x0489},
    {0x0591, 0x05bd},
    {0x0610, 0x061a},
    {0x064b, 0x065f},
    {0x093c, 0x093c},
    {0x094d, 0x094d},
    {0x0e34, 0x0e3a},
    {0x0e47, 0x0e4e},
    {0x1ab0, 0x1aff},
    {0x1dc0, 0x1dff},
    {0x20d0, 0x20ff},
    {0x3099, 0x309a},
    {0xfe20, 0xfe2f},
};

// East Asian Width (UAX 11): wide and fullwidth.
static const struct range wide[] = {
    {0x1100,  0x115f },
    {0x2e80,  0x303e },
    {0x3041,  0xa4cf },
    {0xa960,  0xa97c },
    {0xac00,  0xd7a3 },
    {0xf900,  0xfaff },
    {0xfe30,  0xfe6f },
    {0xff01,  0xff60 },
    {0xffe0,  0xffe6 },
    {0x1f300, 0x1f64f},
    {0x1f680, 0x1f6ff},
    {0x1f900, 0x1f9ff},
    {0x20000, 0x3fffd},
};

static size_t
size_of(uint8_t lead)
{
    return lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

static uint32_t
point_of(struct slice character)
{
    static const uint8_t masks[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    uint32_t c = character.data[0] & masks[character.size];
    for (size_t i = 1; i < character.size; i++)
        c = c << 6 | (character.data[i] & 0x3f);
    return c;
}

// put_seen writes each character as itself, where it is below `from` and can be seen.
static void
put_seen(struct wire_writer *w, struct slice text, uint32_t from)
{
    char shown[16];
    while (text.size) {
        struct slice one = slice_until(text, size_of(text.data[0]));
        bool good = utf8_valid_bytes(one) == one.size;
        uint32_t c = good ? point_of(one) : text.data[0];
        if (good && c < from && !within(unseen, LENGTH_OF(unseen), c))
            wire_put_raw(w, one);
        else {
            (void)snprintf(shown, sizeof shown, good ? "<U+%04X>" : "<0x%02x>", c);
            wire_put_raw(w, slice_str(shown));
        }
        text = slice_from(text, good ? one.size : 1);
    }
}

void
wire_put_shown(struct wire_writer *w, struct slice text)
{
    put_seen(w, text, UINT32_MAX);
}

void
wire_put_points(struct wire_writer *w, struct slice text)
{
    put_seen(w, text, 0x80);
}

size_t
wire_columns(struct slice text)
{
    size_t columns = 0;
    while (text.size) {
        struct slice one = slice_until(text, size_of(text.data[0]));
        bool good = utf8_valid_bytes(one) == one.size;
        uint32_t c = good ? point_of(one) : 0;
        columns += within(wide, LENGTH_OF(wide), c)     ? 2
                   : within(marks, LENGTH_OF(marks), c) ? 0
                                                        : 1;
        text = slice_from(text, good ? one.size : 1);
    }
    return columns;
}
