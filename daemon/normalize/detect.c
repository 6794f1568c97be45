#include "normalize/detect.h"

#include "normalize/cld2.h"
#include "normalize/utf8.h"

#define LEAST_BYTES 200U // of a body: less is no evidence
#define DOUBT_BYTES 512U // in which words are counted
#define CLD2_BYTES 1024U // that CLD2 is shown: 45 us

// What a text of the language is full of, and what it never has but its nearest sisters
// do. percent: of the words, at least so many are common ones.
static const struct common {
    const char *language;
    unsigned percent;
    const char *words, *foreign;
} commons[] = {
  // clang-format off
    {"en", 12, "the of and to in a is that for was with on by at from", ""},
    {"de", 10, "der die und in den von zu das mit dem des ist im für auf ein eine", ""},
    {"fr", 12, "de la le les et des en un une du que est dans pour par sur au à", ""},
    {"es", 12, "de la que el en y los del las por con un una se para a no",
               "não um em ao os dos das uma les des et du est dans pour che di della"},
    {"pt", 12, "de a o que e do da em um os para com não uma as dos na por se",
               "el los las del y una con en"},
    {"it", 10, "di e il la che in a per è del un della i le con non si al", ""},
    {"nl", 12, "de van het een en in is dat op te zijn met voor niet", ""},
    {"sv", 10, "och i att en som på det är av för till med den har om", "og ikke af ikkje"},
    {"no", 10, "og i det som på er av til en for med å har at om ikke",
               "af efter nu mere sig blev hvad havde uden siger och är från"},
    {"da", 10, "og i at det er en til af på for med der som den har ikke",
               "av etter seg ble hva hadde uten sier och är från"},
    {"fi", 4,  "ja on ei että se oli hän mutta kun myös ovat joka jos tai", ""},
    {"pl", 8,  "w i na z się do nie że jest o to po jak od za przez", ""},
    {"cs", 8,  "a v na se je že s z do o to i pro by za jako k", "sa sú pre ako bol nie"},
    {"hu", 10, "a az és hogy nem is egy ez volt meg", ""},
    {"ro", 10, "de și în a la cu pe care nu un o din se sau", ""},
    {"tr", 4,  "ve bir bu da de için ile olarak olan çok", ""},
    {"el", 10, "και το του η να της την οι με για στο τα των είναι", ""},
    {"ru", 8,  "и в не на что с по он как из а для это или к", "і та що від є да се са ще"},
    {"uk", 8,  "і в на що не з до та за у по для або від й", "и что это или"},
    {"ar", 5,  "في من على إلى أن عن التي الذي أو هذا", ""},
  // clang-format on
};

// The languages of one literature, which CLD2 and agencies name differently.
static const char *const same[][2] = {
    {"nb",  "no" },
    {"nn",  "no" },
    {"iw",  "he" },
    {"bs",  "hr" },
    {"sr",  "hr" },
    {"sh",  "hr" },
    {"me",  "hr" },
    {"id",  "ms" },
    {"tl",  "fil"},
    {"jw",  "jv" },
    {"mo",  "ro" },
    {"prs", "fa" },
    {"cmn", "zh" },
    {"yue", "zh" },
};

static struct slice
primary(struct slice tag)
{
    const uint8_t *end = tag.size ? memchr(tag.data, '-', tag.size) : NULL;
    if (end)
        tag = slice_until(tag, (size_t)(end - tag.data));
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        if (slice_is(tag, same[i][0]))
            return slice_str(same[i][1]);
    return tag;
}

// Words are told apart by first byte and length before they are compared.
static uint64_t
bit_of(struct slice word)
{
    return 1ULL << ((word.data[0] * 5U + word.size) & 63U);
}

static bool
is_letter(uint32_t c)
{
    return c >= 0x80 || (c | 0x20U) - 'a' <= 25U;
}

static bool
next_word(struct slice *rest, struct slice *word_out)
{
    size_t size = 0;
    while (rest->size && !is_letter(rest->data[0]))
        *rest = slice_from(*rest, 1);
    while (size < rest->size && is_letter(rest->data[size]))
        size++;
    *word_out = slice_until(*rest, size);
    *rest = slice_from(*rest, size);
    return size > 0;
}

static uint64_t
bits_of(const char *list)
{
    struct slice rest = slice_str(list), word;
    uint64_t bits = 0;
    while (next_word(&rest, &word))
        bits |= bit_of(word);
    return bits;
}

static bool
holds(const char *list, uint64_t bits, struct slice word)
{
    struct slice rest = slice_str(list), one;
    if (!(bits & bit_of(word)))
        return false;
    while (next_word(&rest, &one))
        if (slice_equal(one, word))
            return true;
    return false;
}

static bool
doubts_words(const struct common *common, struct slice text)
{
    uint64_t own = bits_of(common->words), other = bits_of(common->foreign);
    unsigned words = 0, good = 0, foreign = 0;
    struct slice word;
    while (next_word(&text, &word)) {
        words++;
        if (holds(common->words, own, word))
            good++;
        else if (holds(common->foreign, other, word))
            foreign++;
    }
    return good * 100 < words * common->percent || (foreign > 1 && foreign * 20 > good);
}

// Han, kana and Hangul tell three languages apart by themselves.
static bool
doubts_script(struct slice language, struct slice text)
{
    unsigned han = 0, kana = 0, hangul = 0, all = 0;
    for (size_t at = 0; at < text.size;) {
        int32_t point = 0;
        unsigned length = utf8_next(text.data + at, text.size - at, &point);
        at += length ? length : 1;
        all += is_letter((uint32_t)point);
        han += point >= 0x4e00 && point <= 0x9fff;
        kana += point >= 0x3041 && point <= 0x30fe;
        hangul += point >= 0xac00 && point <= 0xd7a3;
    }
    if (slice_is(language, "zh"))
        return han * 2 < all || kana * 50 > han;
    if (slice_is(language, "ja"))
        return kana * 8 < all || (han + kana) * 2 < all;
    return hangul * 2 < all;
}

bool
detect_doubts(struct slice language, struct slice text)
{
    language = primary(language);
    text = slice_until(text, DOUBT_BYTES);
    if (slice_is(language, "zh") || slice_is(language, "ja") ||
        slice_is(language, "ko"))
        return doubts_script(language, text);
    for (size_t i = 0; i < sizeof commons / sizeof *commons; i++)
        if (slice_is(language, commons[i].language))
            return doubts_words(&commons[i], text);
    return true; // not known here: nothing speaks for it
}

#ifdef WIREROOM_CLD2
static void
ask(struct article *a, struct slice declared, struct slice text)
{
    bool sure = false;
    text = slice_until(text, CLD2_BYTES);
    if (text.size == CLD2_BYTES) // not in the middle of a character
        text.size = utf8_back(text.data, text.size);
    const char *found = cld2_detect((const char *)text.data, text.size, &sure);
    if (!found)
        return;
    a->wr.detected = found;
    a->wr.detected_sure = sure;
    if (sure && !slice_equal(primary(slice_str(found)), primary(declared)))
        article_warn(a, "language-differs", slice_str("language"));
}

void
detect_language(struct article *a)
{
    struct slice declared = article_text(a, ARTICLE_LANGUAGE), text = article_body(a);
    if (declared.size && text.size >= LEAST_BYTES && !slice_is(declared, "und") &&
        !slice_is(declared, "mul") && detect_doubts(declared, text))
        ask(a, declared, text);
}
#else
void
detect_language(struct article *a)
{
    (void)a;
}
#endif
