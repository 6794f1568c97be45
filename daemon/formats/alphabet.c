#include "formats/alphabet.h"

#include <limits.h>

#define SAMPLE_BYTES 16384U
#define GOOD 990U  // of 1000 high bytes: a guess that reads so well is not contested
#define MARGIN 10U // of 1000: what another charset must be better by
#define LEAST 800U // of 1000: what any other must reach
#define SURE 950U  // of 1000: what it must reach against an exotic guess
#define HIGH 128U  // bytes with the high bit

// What of Unicode a high byte can mean in spelling.
enum sign { SIGN_NONE, SIGN_LOWER, SIGN_UPPER, SIGN_MARK, SIGN_INNER };

enum family {
    WESTERN = 1,
    CENTRAL = 2,
    BALTIC = 4,
    TURKIC = 8,
    SOUTHERN = 16,
    LATIN = 31,
    RUSSIAN = 32,
    KOI = 64
};

// The letters beyond ASCII of languages that are sent in single bytes. More languages than
// rows: Albanian spells within French, Swedish within Finnish.
// clang-format off
static const struct {
    unsigned families;
    const char *lower, *upper;
} alphabets[] = {
    {WESTERN, "àâæçèéêëîïôœùûüÿ", "ÀÂÆÇÈÉÊËÎÏÔŒÙÛÜŸ"},
    {WESTERN, "äöüßé", "ÄÖÜẞÉ"},
    {WESTERN, "áéíñóúüª", "ÁÉÍÑÓÚÜº"},
    {WESTERN, "áâãàçéêíóôõúüª", "ÁÂÃÀÇÉÊÍÓÔÕÚÜº"},
    {WESTERN, "àèéìíòóùú", "ÀÈÉÌÍÒÓÙÚ"},
    {WESTERN, "àçèéíïòóúü", "ÀÇÈÉÍÏÒÓÚÜ"},
    {WESTERN, "áäèéëïöóüú", "ÁÄÈÉËÏÖÓÜÚ"},
    {WESTERN, "åäöéü", "ÅÄÖÉÜ"},
    {WESTERN, "æøåéèêóòâôü", "ÆØÅÉÈÊÓÒÂÔÜ"},
    {WESTERN, "áðéíóúýþæö", "ÁÐÉÍÓÚÝÞÆÖ"},
    {WESTERN, "õäöüšž", "ÕÄÖÜŠŽ"},
    {WESTERN, "ëç", "ËÇ"},
    {CENTRAL, "áčďéěíňóřšťúůýž", "ÁČĎÉĚÍŇÓŘŠŤÚŮÝŽ"},
    {CENTRAL, "áäčďéíĺľňóôŕšťúýž", "ÁÄČĎÉÍĹĽŇÓÔŔŠŤÚÝŽ"},
    {CENTRAL, "ąćęłńóśźż", "ĄĆĘŁŃÓŚŹŻ"},
    {CENTRAL, "áéíóöőúüű", "ÁÉÍÓÖŐÚÜŰ"},
    {CENTRAL, "čćđšž", "ČĆĐŠŽ"},
    {CENTRAL, "ăâîşţșț", "ĂÂÎŞŢȘȚ"},
    {BALTIC, "ąčęėįšųūž", "ĄČĘĖĮŠŲŪŽ"},
    {BALTIC, "āčēģīķļņšūž", "ĀČĒĢĪĶĻŅŠŪŽ"},
    {BALTIC, "õäöüšž", "ÕÄÖÜŠŽ"},
    {TURKIC, "çğıöşüâîû", "ÇĞİÖŞÜÂÎÛ"},
    {SOUTHERN, "ĉĝĥĵŝŭ", "ĈĜĤĴŜŬ"},
    {SOUTHERN, "ċġħżàèìòù", "ĊĠĦŻÀÈÌÒÙ"},
    {RUSSIAN | KOI,
        "абвгдежзийклмнопрстуфхцчшщъыьэюяё",
        "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯЁ"},
    {KOI,
        "абвгдежзийклмнопрстуфхцчшщьюяєіїґ",
        "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЬЮЯЄІЇҐ"},
    {RUSSIAN,
        "абвгдежзийклмнопрстуфхцчшщьюяєіїґ",
        "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЬЮЯЄІЇҐ"},
    {RUSSIAN,
        "абвгдежзийклмнопрстуфхцчшыьэюяёіў",
        "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЫЬЭЮЯЁІЎ"},
    {RUSSIAN,
        "абвгдђежзијклљмнњопрстћуфхцчџш",
        "АБВГДЂЕЖЗИЈКЛЉМНЊОПРСТЋУФХЦЧЏШ"},
    {RUSSIAN,
        "абвгдѓежзѕијклљмнњопрстќуфхцчџш",
        "АБВГДЃЕЖЗЅИЈКЛЉМНЊОПРСТЌУФХЦЧЏШ"},
};
// clang-format on

// In the order of preference where two spell alike.
static const struct {
    const char *charset;
    unsigned families;
} members[] = {
    {"windows-1252",   WESTERN },
    {"windows-1250",   CENTRAL },
    {"iso-8859-2",     CENTRAL },
    {"windows-1257",   BALTIC  },
    {"iso-8859-13",    BALTIC  },
    {"windows-1254",   TURKIC  },
    {"macintosh",      WESTERN },
    {"ibm850",         WESTERN },
    {"iso-8859-15",    WESTERN },
    {"ibm852",         CENTRAL },
    {"iso-8859-3",     SOUTHERN},
    {"windows-1251",   RUSSIAN },
    {"x-mac-cyrillic", RUSSIAN },
    {"koi8-r",         KOI     },
    {"koi8-u",         KOI     },
};

// Charsets that uchardet falls on when it knows no better, besides the members.
static const char *const exotic[] = {"iso-8859-4", "iso-8859-10", "iso-8859-13",
    "ibm852", "iso-8859-14", "viscii", "windows-1258", "ibm437"};

static const char marks[] = "“”„«»–—…€£§©®°¡¿ ‹›•™‘‚´¨№±×";
static const char inner[] = "’·­"; // may stand between two letters

static bool
next_rune(const char **at, uint32_t *rune)
{
    struct slice rest = slice_str(*at);
    if (!rest.size)
        return false;
    *at += charset_rune(rest, rune);
    return true;
}

static bool
contains(const char *text, uint32_t rune)
{
    uint32_t at;
    while (next_rune(&text, &at))
        if (at == rune)
            return true;
    return false;
}

static enum sign
sign_of(uint32_t rune, size_t alphabet)
{
    if (contains(alphabets[alphabet].lower, rune))
        return SIGN_LOWER;
    if (contains(alphabets[alphabet].upper, rune))
        return SIGN_UPPER;
    if (contains(inner, rune))
        return SIGN_INNER;
    return contains(marks, rune) ? SIGN_MARK : SIGN_NONE;
}

static enum sign
ascii_sign(uint8_t c)
{
    if (c >= 'a' && c <= 'z')
        return SIGN_LOWER;
    return c >= 'A' && c <= 'Z' ? SIGN_UPPER : SIGN_MARK;
}

static bool
is_letter(enum sign sign)
{
    return sign == SIGN_LOWER || sign == SIGN_UPPER;
}

static bool
well_placed(enum sign before, enum sign sign, enum sign after)
{
    if (sign == SIGN_UPPER)
        return before != SIGN_LOWER;
    if (sign == SIGN_MARK)
        return !is_letter(before) || !is_letter(after);
    return sign != SIGN_NONE;
}

// How many of 1000 high bytes stand where the spelling of one language would put them.
static unsigned
spelling(const uint32_t high[HIGH], size_t alphabet, struct slice raw)
{
    enum sign signs[HIGH], before = SIGN_MARK, sign, after;
    size_t good = 0, all = 0;
    for (size_t i = 0; i < HIGH; i++)
        signs[i] = high[i] ? sign_of(high[i], alphabet) : SIGN_NONE;
#define SIGN_AT(i) \
    (raw.data[i] < HIGH ? ascii_sign(raw.data[i]) : signs[raw.data[i] - HIGH])
    for (size_t i = 0; i < raw.size; i++, before = sign) {
        sign = SIGN_AT(i);
        if (raw.data[i] < HIGH)
            continue;
        after = i + 1 < raw.size ? SIGN_AT(i + 1) : SIGN_MARK;
        good += well_placed(before, sign, after);
        all++;
    }
#undef SIGN_AT
    return all ? (unsigned)(good * 1000 / all) : 1000;
}

static unsigned
best_spelling(const struct charset *charset, unsigned families, struct slice raw)
{
    uint32_t high[HIGH];
    unsigned best = 0;
    charset_high(charset, high);
    for (size_t i = 0; i < sizeof alphabets / sizeof *alphabets; i++) {
        unsigned one;
        if (alphabets[i].families & families && (one = spelling(high, i, raw)) > best)
            best = one;
    }
    return best;
}

static bool
is_exotic(const struct charset *guess)
{
    for (size_t i = 0; i < sizeof exotic / sizeof *exotic; i++)
        if (guess == charset_named(exotic[i]))
            return true;
    return false;
}

static unsigned
families_of(const struct charset *guess)
{
    if (!guess || is_exotic(guess))
        return LATIN;
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (guess == charset_named(members[i].charset))
            return members[i].families & LATIN ? LATIN : members[i].families;
    return 0;
}

// What another charset must reach to be taken instead; over 1000 where guess reads well.
static unsigned
bar(const struct charset *guess, unsigned families, struct slice raw)
{
    unsigned own = guess ? best_spelling(guess, families, raw) : 0;
    unsigned least = LEAST;
    if (guess && is_exotic(guess))
        return own > SURE ? own : SURE;
    if (own >= GOOD)
        return UINT_MAX;
    return own + MARGIN > least ? own + MARGIN : least;
}

const struct charset *
alphabet_choose(const struct charset *guess, struct slice raw)
{
    const struct charset *best = guess;
    unsigned families = families_of(guess), most, one;
    raw = slice_until(raw, SAMPLE_BYTES);
    most = families ? bar(guess, families, raw) : UINT_MAX;
    for (size_t i = 0; most < UINT_MAX && i < sizeof members / sizeof *members; i++) {
        const struct charset *charset = charset_named(members[i].charset);
        if (!charset || charset == guess || !(members[i].families & families))
            continue;
        one = best_spelling(charset, members[i].families, raw);
        if (one < most || (best != guess && one == most))
            continue;
        best = charset;
        most = one;
    }
    return best;
}

bool
alphabet_johab(struct slice raw, struct arena *arena)
{
    const struct charset *johab = charset_named("johab");
    size_t hangul = 0, others = 0;
    uint64_t malformed;
    uint32_t rune;
    raw = slice_until(raw, SAMPLE_BYTES);
    uint8_t *text = johab ? arena_alloc(arena, raw.size * 3 + 16) : NULL;
    if (!text)
        return false;
    struct slice rest = slice_of(text, charset_convert(johab, raw, text, &malformed));
    while (rest.size) {
        rest = slice_from(rest, charset_rune(rest, &rune));
        hangul += rune >= 0xac00 && rune <= 0xd7a3;
        others += rune >= 0x80;
    }
    // A sample may end inside a character.
    return malformed <= 1 && hangul > 0 && hangul * 10 >= others * 9;
}
