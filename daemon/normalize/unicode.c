// The tables are two-stage: pages of 256 code points, equal neighbours stored once, so that
// all of Han is one page that stays in the cache.
#include "normalize/unicode.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "normalize/fold.h"
#include "normalize/fold_ascii.h"

#define POINT_END 0x110000
#define HANGUL 0xac00
#define HANGUL_END 0xd7a4
#define CANONICAL (UTF8PROC_STABLE | UTF8PROC_COMPOSE)

uint8_t unicode_class_of_page[UNICODE_PAGES];
uint8_t unicode_class_pages[256][256];
uint8_t unicode_fold_of_page[UNICODE_PAGES];
uint32_t unicode_fold_pages[256][256];
uint16_t unicode_pairs[64][112];

struct range {
    int32_t first, last;
};
#define IN(ranges, point) in_ranges(ranges, sizeof(ranges) / sizeof *(ranges), point)

static bool
in_ranges(const struct range *ranges, size_t count, int32_t point)
{
    for (size_t i = 0; i < count; i++)
        if (point >= ranges[i].first && point <= ranges[i].last)
            return true;
    return false;
}

static const struct range joining[] = {
    {0x0600,  0x08ff }, // Arabic, Syriac, Thaana, NKo, Mandaic
    {0x0900,  0x0dff }, // Devanagari to Sinhala
    {0x0f00,  0x109f }, // Tibetan, Myanmar
    {0x1780,  0x18af }, // Khmer, Mongolian
    {0x1cd0,  0x1cff }, // Vedic
    {0xa8e0,  0xa8ff }, // Devanagari extended
    {0xfb50,  0xfdff }, // Arabic presentation forms
    {0xfe70,  0xfefe },
    {0x11000, 0x1134f}, // Brahmi to Grantha
    {0x2190,  0x21ff }, // arrows and signs that are emoji
    {0x2300,  0x23ff },
    {0x25a0,  0x27bf },
    {0x2b00,  0x2bff },
    {0x1f000, 0x1faff},
};
static const struct range han[] = {
    {0x3005,  0x3007 },
    {0x3041,  0x3096 },
    {0x309d,  0x309f },
    {0x30a1,  0x30fa },
    {0x30fc,  0x30ff },
    {0x31f0,  0x31ff },
    {0x3400,  0x4dbf },
    {0x4e00,  0x9fff },
    {0xf900,  0xfaff },
    {0xff66,  0xff9d },
    {0x20000, 0x323af},
};
// Punctuation that stands between words without a space beside it.
static const struct range wide_punctuation[] = {
    {0x3001, 0x3003},
    {0x3008, 0x3011},
    {0x3014, 0x301f},
    {0x30fb, 0x30fb},
    {0xff01, 0xff0f},
    {0xff1a, 0xff20},
    {0xff3b, 0xff40},
    {0xff5b, 0xff65},
};
// Marks that Latin, Greek and Cyrillic are written with: what does not compose with its
// letter (a stress accent) is not part of the key. Vowel signs of other scripts are.
static const struct range diacritics[] = {
    {0x0300, 0x036f},
    {0x0483, 0x0489},
    {0x1ab0, 0x1aff},
    {0x1dc0, 0x1dff},
    {0x20d0, 0x20ff},
    {0x2de0, 0x2dff},
    {0xa66f, 0xa672},
    {0xa674, 0xa67d},
    {0xfe20, 0xfe2f},
};
// Dropped, changed or looked at by the rules of text.c, besides all white space.
static const struct range ruled[] = {
    {0x0000,  0x0009 },
    {0x000b,  0x001f },
    {0x007f,  0x009f },
    {0x00ad,  0x00ad },
    {0x061c,  0x061c },
    {0x180e,  0x180e },
    {0x200b,  0x200f },
    {0x2028,  0x202e },
    {0x2060,  0x206f },
    {0xfdd0,  0xfdef },
    {0xfeff,  0xfeff },
    {0xfff9,  0xfffb },
    {0xe0000, 0xe007f},
};

// Vowels and finals, which compose with what stands before them.
static const struct range hangul_parts[] = {
    {0x1161, 0x1175},
    {0x11a8, 0x11c2},
};

bool
unicode_is_joining(int32_t point)
{
    return IN(joining, point);
}

bool
unicode_is_han(int32_t point)
{
    return IN(han, point);
}

bool
unicode_is_mark(int32_t point)
{
    utf8proc_category_t category = utf8proc_category(point);
    return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_MC ||
           category == UTF8PROC_CATEGORY_ME;
}

static bool
is_letter_or_number(utf8proc_category_t c)
{
    return (c >= UTF8PROC_CATEGORY_LU && c <= UTF8PROC_CATEGORY_LO) ||
           (c >= UTF8PROC_CATEGORY_ND && c <= UTF8PROC_CATEGORY_NO);
}

static bool
is_white_space(int32_t point, utf8proc_category_t category)
{
    return category == UTF8PROC_CATEGORY_ZS || point == ' ' || point == '\t' ||
           point == '\n';
}

static uint8_t
class_by_category(int32_t point, utf8proc_category_t category)
{
    unsigned class = 0;
    if (is_letter_or_number(category))
        class |= UNICODE_ALNUM | UNICODE_KEEP;
    if (category == UTF8PROC_CATEGORY_ND)
        class |= UNICODE_DIGIT;
    if ((category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_MC) &&
        !IN(diacritics, point))
        class |= UNICODE_KEEP;
    if (is_white_space(point, category))
        class |= UNICODE_SPACE | UNICODE_GAP;
    if (is_white_space(point, category) && point != ' ' && point != '\n')
        class |= UNICODE_RULE;
    return (uint8_t) class;
}

// Tables are built flat, then cut into pages.
struct flat {
    uint8_t class[POINT_END];
    uint32_t fold[POINT_END];
};

static void
note_pair(int32_t base, int32_t mark, int32_t composed)
{
    uint32_t row = (uint32_t)base - UNICODE_BASES;
    uint32_t column = (uint32_t)mark - UNICODE_DIACRITICS;
    if (row < 64 && column < 112 && composed <= UINT16_MAX)
        unicode_pairs[row][column] = (uint16_t)composed;
}

// A code point is plainly NFC when it has combining class 0, stays itself, and never
// stands behind another in a decomposition. utf8proc decomposes nothing without one of
// its flags DECOMPOSE and COMPOSE.
static void
mark_unplain(struct flat *flat, int32_t point)
{
    if (utf8proc_get_property(point)->combining_class)
        flat->class[point] |= UNICODE_NFC;
    if (point >= HANGUL && point < HANGUL_END)
        return;
    int32_t parts[32];
    int last = 0;
    utf8proc_ssize_t count = utf8proc_decompose_char(
        point, parts, 32, UTF8PROC_STABLE | UTF8PROC_DECOMPOSE, &last);
    if (count == 1 && parts[0] == point)
        return;
    for (utf8proc_ssize_t i = 1; i < count; i++)
        flat->class[parts[i]] |= UNICODE_NFC;
    int32_t base = parts[0], mark = count == 2 ? parts[1] : 0;
    count = utf8proc_normalize_utf32(parts, count, CANONICAL);
    if (count != 1 || parts[0] != point)
        flat->class[point] |= UNICODE_NFC;
    else
        note_pair(base, mark, point);
}

#define PAINT(flat, ranges, bit) \
    paint(flat, ranges, sizeof(ranges) / sizeof *(ranges), bit)

static void
paint(struct flat *flat, const struct range *ranges, size_t count, uint8_t bit)
{
    for (size_t i = 0; i < count; i++)
        for (int32_t point = ranges[i].first; point <= ranges[i].last; point++)
            flat->class[point] |= bit;
}

// Large blocks of which is known that each member is a letter and nothing else.
static bool
is_uniform(int32_t point)
{
    return (point >= 0x3400 && point < 0x4dc0) || (point >= 0x4e00 && point < 0xa000) ||
           (point >= 0x20000 && point < 0x2f800);
}

// Unassigned, private or a surrogate: most of the code space.
static bool
is_void(utf8proc_category_t category)
{
    return category == UTF8PROC_CATEGORY_CN || category == UTF8PROC_CATEGORY_CO ||
           category == UTF8PROC_CATEGORY_CS;
}

static void
build_classes(struct flat *flat)
{
    for (int32_t point = 0; point < POINT_END; point++) {
        utf8proc_category_t category = utf8proc_category(point);
        if (!is_void(category))
            flat->class[point] |= class_by_category(point, category);
        if (point >= 0x80 && !is_void(category) && !is_uniform(point))
            mark_unplain(flat, point);
        if ((point & 0xfffe) == 0xfffe) // noncharacters
            flat->class[point] |= UNICODE_RULE;
    }
    PAINT(flat, ruled, UNICODE_RULE);
    PAINT(flat, han, UNICODE_WORD);
    PAINT(flat, wide_punctuation, UNICODE_GAP);
    PAINT(flat, hangul_parts, UNICODE_NFC);
}

static uint32_t
fold_one(const struct flat *flat, int32_t from, int32_t to)
{
    if (fold_is_mark(to))
        return FOLD_MARK | (uint32_t)fold_mark_form(to);
    if (!(flat->class[to] & UNICODE_KEEP))
        return FOLD_DROP;
    return to == from ? (uint32_t)FOLD_SELF : (uint32_t)to;
}

// What a code point folds to joins to the left if its first part would, or if nothing is
// left of it (it may stand between a base and its mark).
static void
build_fold(struct flat *flat, int32_t point)
{
    int32_t parts[64];
    int last = 0;
    utf8proc_ssize_t count = utf8proc_decompose_char(
        point, parts, 64, UNICODE_FOLD_OPTIONS | UTF8PROC_COMPOSE, &last);
    if (count <= 0 || count > 64) {
        flat->fold[point] = FOLD_JOIN;
        return;
    }
    bool joins =
        flat->class[point] & UNICODE_NFC || flat->class[parts[0]] & UNICODE_NFC;
    count = utf8proc_normalize_utf32(parts, count, CANONICAL);
    bool odd = false;
    for (utf8proc_ssize_t i = 0; i < count; i++)
        odd |= flat->class[parts[i]] & UNICODE_NFC;
    if (flat->class[parts[0]] & UNICODE_DIGIT ||
        flat->class[parts[count - 1]] & UNICODE_DIGIT)
        flat->class[point] |= UNICODE_DIGIT;
    flat->fold[point] = joins               ? (uint32_t)FOLD_JOIN
                        : odd || count != 1 ? (uint32_t)FOLD_SLOW
                                            : fold_one(flat, point, parts[0]);
}

static void
build_folds(struct flat *flat)
{
    for (int32_t point = 0; point < POINT_END; point++) {
        utf8proc_category_t category = utf8proc_category(point);
        bool hangul = point >= HANGUL && point < HANGUL_END;
        if (is_void(category) && !utf8proc_get_property(point)->ignorable)
            flat->fold[point] = FOLD_DROP;
        else if (hangul || is_uniform(point))
            flat->fold[point] = FOLD_SELF;
        else
            build_fold(flat, point);
    }
}

// cut_pages stores each page unless one of the last few is its equal.
#define PAGES_BACK 6
static bool
cut_pages(const void *flat, size_t width, void *pages, uint8_t *of_page)
{
    size_t size = 256 * width, count = 0;
    for (size_t page = 0; page < UNICODE_PAGES; page++) {
        const uint8_t *from = (const uint8_t *)flat + page * size;
        size_t same = count;
        for (size_t i = count > PAGES_BACK ? count - PAGES_BACK : 0; i < count; i++)
            if (memcmp((uint8_t *)pages + i * size, from, size) == 0)
                same = i;
        if (same == 256)
            return false;
        if (same == count)
            memcpy((uint8_t *)pages + count++ * size, from, size);
        of_page[page] = (uint8_t)same;
    }
    return true;
}

bool
unicode_load(void)
{
    if (unicode_class_pages[0]['a'])
        return true;
    fold_ascii_load();
    struct flat *flat = calloc(1, sizeof *flat);
    if (!flat)
        return false;
    build_classes(flat);
    build_folds(flat);
    bool fits = cut_pages(flat->class, 1, unicode_class_pages, unicode_class_of_page) &&
                cut_pages(flat->fold, sizeof(uint32_t), unicode_fold_pages,
                    unicode_fold_of_page);
    free(flat);
    return fits;
}
