#include "normalize/language.h"

// RFC 5646 §2.2.1: where a language has a code of two letters, that is the one to use.
// The languages that agencies write with three, both of ISO 639-2's lists.
static const char shorter[][2][4] = {
    {"ara", "ar"},
    {"bul", "bg"},
    {"cat", "ca"},
    {"ces", "cs"},
    {"chi", "zh"},
    {"cze", "cs"},
    {"dan", "da"},
    {"deu", "de"},
    {"dut", "nl"},
    {"ell", "el"},
    {"eng", "en"},
    {"est", "et"},
    {"fas", "fa"},
    {"fin", "fi"},
    {"fra", "fr"},
    {"fre", "fr"},
    {"ger", "de"},
    {"gre", "el"},
    {"heb", "he"},
    {"hin", "hi"},
    {"hrv", "hr"},
    {"hun", "hu"},
    {"ind", "id"},
    {"isl", "is"},
    {"ita", "it"},
    {"jpn", "ja"},
    {"kor", "ko"},
    {"lav", "lv"},
    {"lit", "lt"},
    {"nld", "nl"},
    {"nob", "nb"},
    {"nor", "no"},
    {"per", "fa"},
    {"pol", "pl"},
    {"por", "pt"},
    {"ron", "ro"},
    {"rum", "ro"},
    {"rus", "ru"},
    {"slk", "sk"},
    {"slo", "sk"},
    {"slv", "sl"},
    {"spa", "es"},
    {"srp", "sr"},
    {"swe", "sv"},
    {"tha", "th"},
    {"tur", "tr"},
    {"ukr", "uk"},
    {"vie", "vi"},
    {"zho", "zh"},
};
#define SHORTER (sizeof shorter / sizeof *shorter)

static bool
is_alpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static char
lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static char
upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c & ~0x20) : c;
}

// One subtag: where it stands in the tag, lower case.
struct subtag {
    char *text;
    size_t size;
    bool alpha, digits;
};

// The subtags still to be read; each step takes one if it is of the kind asked for.
struct tag {
    char *text; // ends in NUL
    size_t at;
};

static struct subtag
peek(const struct tag *tag)
{
    struct subtag s = {.text = tag->text + tag->at, .alpha = true, .digits = true};
    while (s.text[s.size] && s.text[s.size] != '-') {
        s.alpha &= is_alpha(s.text[s.size]);
        s.digits &= is_digit(s.text[s.size]);
        s.size++;
    }
    return s;
}

static void
take(struct tag *tag, struct subtag s)
{
    tag->at += s.size + (s.text[s.size] == '-');
}

static bool
take_language(struct tag *tag)
{
    struct subtag s = peek(tag);
    if (!s.alpha || s.size < 2 || s.size > 3)
        return false; // four letters and more are reserved, and no list has any
    take(tag, s);
    for (int i = 0; i < 3 && s.size <= 3; i++) {
        struct subtag extended = peek(tag);
        if (!extended.alpha || extended.size != 3)
            break;
        take(tag, extended);
    }
    return true;
}

static void
take_script(struct tag *tag)
{
    struct subtag s = peek(tag);
    if (!s.alpha || s.size != 4)
        return;
    s.text[0] = upper(s.text[0]);
    take(tag, s);
}

static void
take_region(struct tag *tag)
{
    struct subtag s = peek(tag);
    if (!(s.alpha && s.size == 2) && !(s.digits && s.size == 3))
        return;
    for (size_t i = 0; i < s.size; i++)
        s.text[i] = upper(s.text[i]);
    take(tag, s);
}

static void
take_variants(struct tag *tag)
{
    for (;;) {
        struct subtag s = peek(tag);
        bool is_variant =
            (s.size >= 5 && s.size <= 8) || (s.size == 4 && is_digit(s.text[0]));
        if (!is_variant)
            return;
        take(tag, s);
    }
}

// A single letter or digit and the subtags behind it; "x" takes all that follow.
static bool
take_extension(struct tag *tag)
{
    struct subtag single = peek(tag);
    if (single.size != 1)
        return false;
    bool private_use = single.text[0] == 'x';
    take(tag, single);
    unsigned count = 0;
    for (;; count++) {
        struct subtag s = peek(tag);
        if (s.size == 0 || s.size > 8 || (s.size < 2 && !private_use))
            break;
        take(tag, s);
    }
    return count > 0;
}

static bool
is_well_formed(char *text)
{
    struct tag tag = {.text = text};
    if (text[0] == 'x' && text[1] == '-')
        return take_extension(&tag) && text[tag.at] == '\0';
    if (!take_language(&tag))
        return false;
    take_script(&tag);
    take_region(&tag);
    take_variants(&tag);
    while (text[tag.at])
        if (!take_extension(&tag))
            return false;
    return true;
}

static size_t
shorten(char *text, size_t size)
{
    if (size < 3 || (text[3] != '\0' && text[3] != '-'))
        return size;
    for (size_t i = 0; i < SHORTER; i++)
        if (memcmp(text, shorter[i][0], 3) == 0) {
            text[0] = shorter[i][1][0];
            text[1] = shorter[i][1][1];
            memmove(text + 2, text + 3, size - 2); // with the NUL
            return size - 1;
        }
    return size;
}

size_t
language_tag(struct slice tag, char out[LANGUAGE_MAX + 1])
{
    char text[LANGUAGE_MAX + 1];
    if (tag.size == 0 || tag.size > LANGUAGE_MAX)
        return 0;
    for (size_t i = 0; i < tag.size; i++) {
        char c = lower((char)tag.data[i]);
        text[i] = (char)(c == '_' ? '-' : c);
        bool doubled = text[i] == '-' && (i == 0 || text[i - 1] == '-');
        if ((!is_alpha(c) && !is_digit(c) && text[i] != '-') || doubled)
            return 0;
    }
    text[tag.size] = '\0';
    if (text[tag.size - 1] == '-' || !is_well_formed(text))
        return 0;
    size_t size = shorten(text, tag.size);
    memcpy(out, text, size + 1);
    return size;
}
