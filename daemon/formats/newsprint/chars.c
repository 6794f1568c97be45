// Classes of characters. The tables hold what newspapers print; a character in none of
// them is a letter of its own width and nothing goes wrong but a guess. What the tables
// say is written into one array, for a page asks it of every character many times over.
#include "formats/newsprint/chars.h"

#include <threads.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

struct range {
    uint32_t first, last;
};

static bool
in_ranges(uint32_t c, const struct range *ranges, size_t count)
{
    for (size_t i = 0; i < count && c >= ranges[i].first; i++)
        if (c <= ranges[i].last)
            return true;
    return false;
}

static bool
in_string(uint32_t c, const uint32_t *chars)
{
    for (; *chars; chars++)
        if (*chars == c)
            return true;
    return false;
}

uint32_t
char_fold_wide(uint32_t c)
{
    if (c >= 0xff01 && c <= 0xff5e)
        return c - 0xfee0;
    if (c == 0x3000 || c == 0xa0)
        return ' ';
    static const uint32_t half[] = {0x3002, 0x300c, 0x300d, 0x3001, 0xb7}; // ｡｢｣､･
    if (c >= 0xff61 && c <= 0xff65)
        return half[c - 0xff61];
    return c == 0x30fb || c == 0x2022 ? 0xb7 : c;
}

static bool
find_space(uint32_t c)
{
    static const struct range spaces[] = {
        {0x09,   0x0d  },
        {0x20,   0x20  },
        {0x85,   0x85  },
        {0xa0,   0xa0  },
        {0x1680, 0x1680},
        {0x2000, 0x200b},
        {0x2028, 0x2029},
        {0x202f, 0x202f},
        {0x205f, 0x2060},
        {0x3000, 0x3000},
        {0xfeff, 0xfeff}
    };
    return in_ranges(c, spaces, LENGTH(spaces));
}

static bool
find_han(uint32_t c)
{
    static const struct range han[] = {
        {0x2e80,  0x2fdf },
        {0x3005,  0x3007 },
        {0x3021,  0x3029 },
        {0x3400,  0x4dbf },
        {0x4e00,  0x9fff },
        {0xf900,  0xfaff },
        {0x20000, 0x3ffff}
    };
    return in_ranges(c, han, LENGTH(han));
}

static bool
find_kana(uint32_t c)
{
    return (c >= 0x3041 && c <= 0x30ff && c != 0x30fb) || (c >= 0xff66 && c <= 0xff9f);
}

static bool
find_hangul(uint32_t c)
{
    return (c >= 0xac00 && c <= 0xd7ff) || (c >= 0x1100 && c <= 0x11ff) ||
           (c >= 0x3131 && c <= 0x318e);
}

static bool
find_wide(uint32_t c)
{
    static const struct range wide[] = {
        {0x1100,  0x115f },
        {0x2e80,  0x303e },
        {0x3041,  0xa4cf },
        {0xac00,  0xd7a3 },
        {0xf900,  0xfaff },
        {0xfe30,  0xfe6f },
        {0xff01,  0xff60 },
        {0xffe0,  0xffe6 },
        {0x1f300, 0x1faff},
        {0x20000, 0x3ffff}
    };
    return in_ranges(c, wide, LENGTH(wide));
}

static bool
find_ambiguous(uint32_t c)
{
    static const struct range ambiguous[] = {
        {0xb7,   0xb7  },
        {0xd7,   0xd7  },
        {0x2010, 0x2027},
        {0x2030, 0x203b},
        {0x2103, 0x2103},
        {0x2160, 0x217f},
        {0x2190, 0x21ff},
        {0x2200, 0x22ff},
        {0x2460, 0x24ff},
        {0x2500, 0x27bf}
    };
    return in_ranges(c, ambiguous, LENGTH(ambiguous));
}

static bool
find_letter(uint32_t c)
{
    c = char_fold(c);
    if ((c | 0x20) >= 'a' && (c | 0x20) <= 'z')
        return true;
    return c >= 0xaa && c < 0x2000 && c != 0xab && c != 0xad && c != 0xb7 &&
           c != 0xbb && c != 0xbf && c != 0xd7 && c != 0xf7 &&
           !(c >= 0xac && c <= 0xb4) && !find_hangul(c);
}

static bool
find_upper(uint32_t c)
{
    c = char_fold(c);
    if (c >= 0x100 && c < 0x180)
        return c % 2 == (c >= 0x139 && c < 0x149 ? 1 : 0);
    return (c >= 'A' && c <= 'Z') || (c >= 0xc0 && c <= 0xde && c != 0xd7) ||
           (c >= 0x391 && c <= 0x3ab) || (c >= 0x400 && c <= 0x42f);
}

static bool
find_opens(uint32_t c)
{
    static const uint32_t open[] = {'(', '[', '{', '<', 0x2018, 0x201c, 0x300a, 0x3008,
        0x300c, 0x300e, 0x3010, 0x3014, 0x3016, 0xab, 0x201e, 0x201a, 0x301d, 0};
    return in_string(char_fold(c), open);
}

static bool
find_closes(uint32_t c)
{
    static const uint32_t close[] = {')', ']', '}', '>', 0x2019, 0x201d, 0x300b, 0x3009,
        0x300d, 0x300f, 0x3011, 0x3015, 0x3017, 0xbb, '"', '\'', 0x301e, 0x301f, 0};
    return in_string(char_fold(c), close);
}

static bool
find_ends(uint32_t c)
{
    static const uint32_t ends[] = {
        0x3002, '!', '?', 0x203c, 0x2047, 0x2048, 0x2049, 0};
    return in_string(char_fold(c), ends);
}

static bool
find_mark(uint32_t c)
{
    c = char_fold(c);
    if (c < 0x80)
        return c > ' ' && !char_is_digit(c) && !find_letter(c) && c != '%' &&
               c != '+' && c != '$' && c != '#' && c != '&' && c != '@' && c != '=';
    return (c >= 0x2010 && c <= 0x2027) || (c >= 0x3001 && c <= 0x3003) ||
           (c >= 0x3008 && c <= 0x3011) || (c >= 0x3014 && c <= 0x301f) || c == 0xb7 ||
           c == 0xab || c == 0xbb || (c >= 0xfe30 && c <= 0xfe6f);
}

uint16_t char_classes[CHARS_KNOWN];

uint32_t
char_classify(uint32_t c)
{
    uint32_t class = 0;
    class |= find_space(c) ? CHAR_SPACE : 0;
    class |= find_han(c) ? CHAR_HAN : 0;
    class |= find_kana(c) ? CHAR_KANA : 0;
    class |= find_hangul(c) ? CHAR_HANGUL : 0;
    class |= find_wide(c) ? CHAR_WIDE : 0;
    class |= find_ambiguous(c) ? CHAR_AMBIGUOUS : 0;
    class |= find_letter(c) ? CHAR_LETTER : 0;
    class |= find_upper(c) ? CHAR_UPPER : 0;
    class |= find_opens(c) ? CHAR_OPENS : 0;
    class |= find_closes(c) ? CHAR_CLOSES : 0;
    class |= find_ends(c) ? CHAR_ENDS : 0;
    class |= find_mark(c) ? CHAR_MARK : 0;
    return class;
}

static void
build(void)
{
    for (uint32_t c = 0; c < CHARS_KNOWN; c++)
        char_classes[c] = (uint16_t)char_classify(c);
}

void
chars_load(void)
{
    static once_flag once = ONCE_FLAG_INIT;
    call_once(&once, build);
}
