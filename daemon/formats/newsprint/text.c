// Classes of characters. The tables hold what newspapers print; a character in none of
// them is a letter of its own width and nothing goes wrong but a guess.
#include "formats/newsprint/text.h"

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

bool
char_is_odd_space(uint32_t c)
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

bool
char_is_han(uint32_t c)
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

bool
char_is_kana(uint32_t c)
{
    return (c >= 0x3041 && c <= 0x30ff && c != 0x30fb) || (c >= 0xff66 && c <= 0xff9f);
}

bool
char_is_hangul(uint32_t c)
{
    return (c >= 0xac00 && c <= 0xd7ff) || (c >= 0x1100 && c <= 0x11ff) ||
           (c >= 0x3131 && c <= 0x318e);
}

bool
char_is_wide(uint32_t c)
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

bool
char_is_ambiguous(uint32_t c)
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

uint32_t
char_fold(uint32_t c)
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

bool
char_is_digit(uint32_t c)
{
    c = char_fold(c);
    return c >= '0' && c <= '9';
}

bool
char_is_letter(uint32_t c)
{
    c = char_fold(c);
    if ((c | 0x20) >= 'a' && (c | 0x20) <= 'z')
        return true;
    return c >= 0xaa && c < 0x2000 && c != 0xab && c != 0xad && c != 0xb7 &&
           c != 0xbb && c != 0xbf && c != 0xd7 && c != 0xf7 &&
           !(c >= 0xac && c <= 0xb4) && !char_is_hangul(c);
}

bool
char_is_upper(uint32_t c)
{
    c = char_fold(c);
    if (c >= 0x100 && c < 0x180)
        return c % 2 == (c >= 0x139 && c < 0x149 ? 1 : 0);
    return (c >= 'A' && c <= 'Z') || (c >= 0xc0 && c <= 0xde && c != 0xd7) ||
           (c >= 0x391 && c <= 0x3ab) || (c >= 0x400 && c <= 0x42f);
}

bool
char_opens(uint32_t c)
{
    static const uint32_t open[] = {'(', '[', '{', '<', 0x2018, 0x201c, 0x300a, 0x3008,
        0x300c, 0x300e, 0x3010, 0x3014, 0x3016, 0xab, 0x201e, 0x201a, 0x301d, 0};
    return in_string(char_fold(c), open);
}

bool
char_closes(uint32_t c)
{
    static const uint32_t close[] = {')', ']', '}', '>', 0x2019, 0x201d, 0x300b, 0x3009,
        0x300d, 0x300f, 0x3011, 0x3015, 0x3017, 0xbb, '"', '\'', 0x301e, 0x301f, 0};
    return in_string(char_fold(c), close);
}

bool
char_ends(uint32_t c)
{
    static const uint32_t ends[] = {
        0x3002, '!', '?', 0x203c, 0x2047, 0x2048, 0x2049, 0};
    return in_string(char_fold(c), ends);
}

bool
char_is_mark(uint32_t c)
{
    c = char_fold(c);
    if (c < 0x80)
        return c > ' ' && !char_is_digit(c) && !char_is_letter(c) && c != '%' &&
               c != '+' && c != '$' && c != '#' && c != '&' && c != '@' && c != '=';
    return (c >= 0x2010 && c <= 0x2027) || (c >= 0x3001 && c <= 0x3003) ||
           (c >= 0x3008 && c <= 0x3011) || (c >= 0x3014 && c <= 0x301f) || c == 0xb7 ||
           c == 0xab || c == 0xbb || (c >= 0xfe30 && c <= 0xfe6f);
}

struct span
span_of(const uint32_t *cp, uint32_t size)
{
    return (struct span){cp, size};
}

struct span
span_cut(struct span s, uint32_t from, uint32_t to)
{
    if (to > s.size)
        to = s.size;
    return from < to ? span_of(s.cp + from, to - from) : span_of(s.cp, 0);
}

struct span
span_trim(struct span s)
{
    while (s.size && char_is_space(s.cp[0]))
        s = span_cut(s, 1, s.size);
    while (s.size && char_is_space(s.cp[s.size - 1]))
        s.size--;
    return s;
}

uint32_t
span_letters(struct span s)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < s.size; i++)
        n += !char_is_space(s.cp[i]);
    return n;
}

bool
span_is_full_stop(struct span s, uint32_t at)
{
    uint32_t c = char_fold(s.cp[at]);
    if (c != '.' || at == 0)
        return c == 0x3002;
    uint32_t left = s.cp[at - 1], right = at + 1 < s.size ? s.cp[at + 1] : 0;
    return (char_is_han(left) || char_is_kana(left) || char_closes(left)) &&
           char_fold(right) != '.' && !char_is_digit(right);
}

bool
span_stops(struct span s, uint32_t at)
{
    return char_ends(s.cp[at]) || span_is_full_stop(s, at);
}

bool
span_has_stop(struct span s)
{
    for (uint32_t i = 0; i < s.size; i++)
        if (char_fold(s.cp[i]) == ';' || span_is_full_stop(s, i))
            return true;
    return false;
}

static size_t
utf8_size(uint32_t c)
{
    return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
}

static size_t
utf8_put(uint8_t *out, uint32_t c)
{
    if (c < 0x80) {
        out[0] = (uint8_t)c;
        return 1;
    }
    size_t size = utf8_size(c);
    for (size_t i = size - 1; i > 0; i--, c >>= 6)
        out[i] = (uint8_t)(0x80 | (c & 0x3f));
    static const uint8_t leads[] = {0, 0, 0xc0, 0xe0, 0xf0};
    out[0] = (uint8_t)(leads[size] | c);
    return size;
}

// literal_next reads one character of a literal of ours, which is valid, and steps on.
static uint32_t
literal_next(const char **literal)
{
    const uint8_t *p = (const uint8_t *)*literal;
    uint32_t size = p[0] < 0x80 ? 1 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
    uint32_t c = size == 1 ? p[0] : p[0] & (0x7fU >> size);
    for (uint32_t i = 1; i < size; i++)
        c = c << 6 | (p[i] & 0x3fU);
    *literal += size;
    return c;
}

// match_rest compares what follows a first character that has been compared.
static uint32_t
match_rest(struct span s, uint32_t at, const char *rest)
{
    while (*rest) {
        uint32_t c = literal_next(&rest);
        while (c != ' ' && at < s.size && char_is_space(s.cp[at]))
            at++;
        if (at >= s.size || char_fold(s.cp[at]) != c)
            return 0;
        at++;
    }
    return at;
}

// begins_with compares the first two bytes of a literal with those of a character: most
// words of most tables differ there, and no more of them is looked at.
static bool
begins_with(const char *literal, const uint8_t lead[4])
{
    return (uint8_t)literal[0] == lead[0] &&
           (lead[0] < 0x80 || (uint8_t)literal[1] == lead[1]);
}

uint32_t
span_match(struct span s, uint32_t at, const char *literal)
{
    uint8_t lead[4];
    if (at >= s.size)
        return 0;
    uint32_t first = char_fold(s.cp[at]);
    (void)utf8_put(lead, first);
    if (!begins_with(literal, lead) || literal_next(&literal) != first)
        return 0;
    return match_rest(s, at + 1, literal);
}

uint32_t
span_find(struct span s, uint32_t from, const char *literal)
{
    for (uint32_t i = from; i < s.size; i++)
        if (!char_is_space(s.cp[i]) && span_match(s, i, literal))
            return i;
    return s.size;
}

bool
span_ends_with(struct span s, const char *literal)
{
    s = span_trim(s);
    for (uint32_t i = s.size, tries = 0; i > 0 && tries < 24; tries++)
        if (span_match(s, --i, literal) == s.size)
            return true;
    return false;
}

uint32_t
words_match(struct span s, uint32_t at, const char *const *words)
{
    uint8_t lead[4];
    if (at >= s.size)
        return 0;
    uint32_t best = 0, first = char_fold(s.cp[at]);
    (void)utf8_put(lead, first);
    for (; *words; words++) {
        const char *rest = *words;
        if (!begins_with(rest, lead) || literal_next(&rest) != first)
            continue;
        uint32_t end = match_rest(s, at + 1, rest);
        best = end > best ? end : best;
    }
    return best;
}

bool
words_within(struct span s, const char *const *words)
{
    for (uint32_t i = 0; i < s.size; i++)
        if (words_match(s, i, words))
            return true;
    return false;
}

static uint32_t
lower(uint32_t c)
{
    c = char_fold(c);
    return char_is_upper(c) && c < 0xdf ? c + 0x20 : c;
}

uint32_t
words_fold_match(struct span s, const char *const *words)
{
    for (; *words; words++) {
        struct slice word = slice_str(*words);
        uint32_t at = 0;
        size_t w = 0;
        while (w < word.size && at < s.size) {
            size_t next = w;
            if (lower(utf8_next(word, &next)) != lower(s.cp[at]))
                break;
            w = next;
            at++;
        }
        if (w == word.size)
            return at;
    }
    return 0;
}

void
text_put(struct text *t, uint32_t c)
{
    if (t->size == t->room) {
        uint32_t room = t->room ? t->room * 2 : 64;
        uint32_t *grown = arena_grow(t->arena, t->cp, t->size, room, sizeof *grown);
        if (!grown)
            return;
        t->cp = grown;
        t->room = room;
    }
    t->cp[t->size++] = c;
}

struct span
text_span(const struct text *t)
{
    return span_of(t->cp, t->size);
}

// How many bytes a lead byte announces, and which code point is the first that needs
// so many; 0 for what is no lead byte.
static uint32_t
sequence_size(uint8_t lead)
{
    if (lead < 0x80)
        return 1;
    if (lead >= 0xc2 && lead < 0xe0)
        return 2;
    if (lead >= 0xe0 && lead < 0xf0)
        return 3;
    return lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
}

uint32_t
utf8_next(struct slice s, size_t *at)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    uint8_t lead = s.data[*at];
    uint32_t size = sequence_size(lead);
    if (size <= 1 || s.size - *at < size) {
        (*at)++;
        return size == 1 ? lead : 0xfffd;
    }
    uint32_t c = lead & (0x7fU >> size);
    for (uint32_t i = 1; i < size; i++) {
        uint8_t next = s.data[*at + i];
        if ((next & 0xc0) != 0x80) {
            (*at)++;
            return 0xfffd;
        }
        c = c << 6 | (next & 0x3fU);
    }
    *at += size;
    bool bad = c < least[size] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000);
    return bad ? 0xfffd : c;
}

struct slice
utf8_of(struct span s, struct arena *arena)
{
    size_t room = 0, size = 0;
    for (uint32_t i = 0; i < s.size; i++)
        room += utf8_size(s.cp[i]);
    uint8_t *out = arena_alloc(arena, room);
    for (uint32_t i = 0; out && i < s.size; i++)
        size += utf8_put(out + size, s.cp[i]);
    return slice_of(out, size);
}
