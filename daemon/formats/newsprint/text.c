// Spans of code points: cut, compared with literals, put together, and back to UTF-8.
#include "formats/newsprint/text.h"

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
span_point_stops(struct span s, uint32_t at)
{
    if (at == 0)
        return false;
    uint32_t left = s.cp[at - 1], right = at + 1 < s.size ? s.cp[at + 1] : 0;
    return char_is(left, CHAR_HAN | CHAR_KANA | CHAR_CLOSES) &&
           char_fold(right) != '.' && !char_is_digit(right);
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
    return 1U + (c >= 0x80) + (c >= 0x800) + (c >= 0x10000);
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

uint32_t
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

uint32_t
span_match_rest(struct span s, uint32_t at, const char *rest)
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

// A hyphen that breaks a word, a ligature that comes apart.
static bool
joining_changes(struct span s, uint32_t at)
{
    uint32_t c = s.cp[at];
    bool hyphen = c == '-' || c == 0x2010 || c == 0xad || c == 0x2e17;
    return (hyphen && at + 1 == s.size) || (c >= 0xfb00 && c <= 0xfb06);
}

bool
span_may_match_rest(struct span s, uint32_t at, const char *rest)
{
    while (*rest) {
        uint32_t c = literal_next(&rest);
        while (c != ' ' && at < s.size && char_is_space(s.cp[at]))
            at++;
        if (at >= s.size)
            return true;
        if (char_fold(s.cp[at]) != c)
            return c == ' ' || joining_changes(s, at);
        at++;
    }
    return true;
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
    return span_match_rest(s, at + 1, literal);
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
    uint32_t at, letters = 0;
    s = span_trim(s);
    for (const char *rest = literal; *rest; letters++)
        (void)literal_next(&rest);
    for (at = s.size; letters && at > 0; letters -= !char_is_space(s.cp[at]))
        at--;
    return !letters && span_match(s, at, literal) == s.size;
}

static bool
grow_to(struct text *t, uint32_t room)
{
    uint32_t *grown = arena_room(t->arena, (size_t)room * sizeof *grown);
    if (!grown)
        return false;
    if (t->size)
        memcpy(grown, t->cp, t->size * sizeof *grown);
    t->cp = grown;
    t->room = room;
    return true;
}

bool
text_grow(struct text *t)
{
    return grow_to(t, t->room ? t->room * 2 : 64);
}

void
text_reserve(struct text *t, uint32_t more)
{
    if (t->room - t->size < more)
        (void)grow_to(t, t->size + more);
}

void
text_add(struct text *t, struct span s)
{
    uint32_t room = t->room ? t->room : 64;
    while (room - t->size < s.size)
        room *= 2;
    if (room > t->room && !grow_to(t, room))
        return;
    if (s.size)
        memcpy(t->cp + t->size, s.cp, s.size * sizeof *s.cp);
    t->size += s.size;
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

size_t
utf8_write(struct span s, uint8_t *out)
{
    size_t size = 0;
    for (uint32_t i = 0; i < s.size; i++) {
        if (s.cp[i] < 0x80)
            out[size++] = (uint8_t)s.cp[i];
        else
            size += utf8_put(out + size, s.cp[i]);
    }
    return size;
}

struct slice
utf8_of(struct span s, struct arena *arena)
{
    uint8_t *out = arena_room(arena, utf8_room(s));
    return slice_of(out, out ? utf8_write(s, out) : 0);
}

// Four at a time: the sums of each are independent of the others.
size_t
utf8_room(struct span s)
{
    size_t room = s.size;
    uint32_t i = 0;
    for (; i + 4 <= s.size; i += 4) {
        const uint32_t *c = s.cp + i;
        if ((c[0] | c[1] | c[2] | c[3]) < 0x80)
            continue;
        for (uint32_t k = 0; k < 4; k++)
            room += utf8_size(c[k]) - 1;
    }
    for (; i < s.size; i++)
        room += utf8_size(s.cp[i]) - 1;
    return room;
}

uint32_t
span_words(struct span s)
{
    uint32_t words = 0;
    for (uint32_t i = 0; i < s.size; i++)
        words += !char_is_space(s.cp[i]) && (i == 0 || char_is_space(s.cp[i - 1]));
    return words;
}
