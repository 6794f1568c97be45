// Pages in alphabets. Their columns are ragged on the right, so the shape of lines says
// little; what says more is whether the next line's first word would have gone into the
// line before: no setter leaves that room but at the end of a paragraph or headline.
#include "formats/newsprint_page.h"

#define LEAD_MAX 80U // characters of a dateline
#define BYLINE_MAX 72U

// ---- lines

bool
ragged_starts(const struct page *page, const struct line *line)
{
    uint32_t c = page->cp[line->begin];
    if (line->indent >= 2 || char_is_digit(c) || char_opens(c) || c == '"' || c == '\'')
        return true;
    return char_is_upper(c) || c == 0x2013 || c == 0x2014 || c == 0xbf || c == 0xa1;
}

static uint32_t
first_word(const struct page *page, const struct line *line)
{
    uint32_t i = line->begin;
    while (i < line->end && !char_is_space(page->cp[i]))
        i++;
    return i - line->begin;
}

bool
ragged_has_room(
    const struct page *page, const struct line *line, const struct line *next)
{
    uint32_t width = line->above > line->below ? line->above : line->below;
    return width && line->width + 1 + first_word(page, next) <= width;
}

// A paragraph ends where a sentence does and the next line begins one, if there was room
// for that line's first word or the page left a blank line.
static bool
ends_paragraph(
    const struct page *page, const struct line *line, const struct line *next)
{
    if (next->indent >= 2 && !line->indent && line->closed)
        return true;
    if (!line->closed || !ragged_starts(page, next))
        return false;
    return next->blanks > 0 || ragged_has_room(page, line, next);
}

void
ragged_find_ends(struct page *page, const struct item *item, bool *ends)
{
    for (uint32_t i = 0; i + 1 < item->lines_count; i++)
        ends[i] = ends_paragraph(
            page, &page->lines[item->lines[i]], &page->lines[item->lines[i + 1]]);
}

// ---- words

static bool
is_capital(struct span s)
{
    uint32_t upper = 0;
    for (uint32_t i = 0; i < s.size && !char_is_space(s.cp[i]) && s.cp[i] != ','; i++) {
        if (!char_is_upper(s.cp[i]) && char_is_letter(s.cp[i]))
            return false;
        upper += char_is_upper(s.cp[i]);
    }
    return upper >= 3;
}

static uint32_t
dash_end(struct span s, uint32_t at)
{
    uint32_t c = at < s.size ? s.cp[at] : 0;
    if (c == 0x2013 || c == 0x2014 || c == '=')
        return at + 1;
    if (c != '-')
        return 0;
    return at + 1 < s.size && s.cp[at + 1] == '-' ? at + 2 : at + 1;
}

// BEIRUT (Reuters) -   Athen (dpa) –   WINNIPEG, Manitoba, Dec. 3 (WIRE) --   PARIS —
uint32_t
ragged_lead_extent(struct span s)
{
    bool bracket = false, capital = is_capital(s);
    if (!s.size || !char_is_upper(s.cp[0]))
        return 0;
    for (uint32_t i = 1; i < s.size && i < LEAD_MAX; i++) {
        uint32_t end = char_is_space(s.cp[i - 1]) ? dash_end(s, i) : 0;
        bool parted = end && (end == s.size || char_is_space(s.cp[end]));
        if (parted && i > 1)
            return bracket || capital ? end : 0;
        if (!char_is_space(s.cp[i]))
            bracket = s.cp[i] == ')';
        if (char_ends(s.cp[i]) || s.cp[i] == ';' || s.cp[i] == ':')
            return 0;
    }
    return 0;
}

static bool
is_name_word(struct span s, uint32_t *at)
{
    static const char *const small[] = {"de ", "van ", "von ", "der ", "den ", "di ",
        "da ", "del ", "la ", "le ", "al-", "bin ", "and ", "und ", "et ", "y ", "e ",
        "og ", "och ", "ja ", "en ", "i ", NULL};
    uint32_t end = words_match(s, *at, small);
    if (end) {
        *at = end;
        return true;
    }
    if (!char_is_upper(s.cp[*at]))
        return false;
    while (*at < s.size && !char_is_space(s.cp[*at]) && s.cp[*at] != ',')
        (*at)++;
    return true;
}

// Names and nothing else: two words and more, each with a capital.
static bool
is_names(struct span s)
{
    uint32_t words = 0;
    for (uint32_t at = 0; at < s.size;) {
        uint32_t c = s.cp[at];
        if (char_is_space(c) || c == ',' || c == '/' || c == '&' || c == '|') {
            at++;
        } else if (is_name_word(s, &at)) {
            words++;
        } else {
            return false;
        }
    }
    return words >= 1 && words <= 8;
}

// NTB-AFP-DPA, (AFP), Reuters: agencies sign with their names alone.
static bool
is_agencies(struct span s)
{
    static const char *const agencies[] = {"AFP", "AP", "DPA", "dpa", "Reuters",
        "REUTERS", "ANSA", "EFE", "NTB", "TT", "STT", "Ritzau", "APA", "Belga", "ANP",
        "TASS", "PTI", "Lusa", "AAP", "PA", "UPI", "Kyodo", "Xinhua", "ATS", "SDA",
        "KNA", "epd", "sid", NULL};
    uint32_t found = 0;
    for (uint32_t at = 0; at < s.size;) {
        uint32_t end = words_match(s, at, agencies);
        if (end && (end == s.size || !char_is_letter(s.cp[end]))) {
            found++;
            at = end;
        } else if (char_is_letter(s.cp[at])) {
            return false;
        } else {
            at++;
        }
    }
    return found > 0;
}

bool
ragged_is_byline(struct span s)
{
    static const char *const by[] = {"By ", "BY ", "by ", "Von ", "VON ", "Par ",
        "PAR ", "Por ", "POR ", "Di ", "DI ", "Av ", "AV ", "Af ", "Door ",
        "Text: ", "Tekst: ", "Texte: ", "Od ", NULL};
    if (span_letters(s) > BYLINE_MAX || span_closed(s))
        return false;
    if (is_agencies(s))
        return true;
    uint32_t end = words_match(s, 0, by);
    return end && end < s.size && is_names(span_cut(s, end, s.size));
}

bool
ragged_is_credit(struct span s)
{
    static const char *const photo[] = {"Photo: ", "PHOTO: ", "Photo by ",
        "Foto: ", "FOTO: ", "Foto ",
        "Bild: ", "Kuva: ", "Photograph: ", "Photographs by ",
        "Photos: ", "Fotos: ", "Photo ", "Crédit: ", NULL};
    uint32_t end = words_match(s, 0, photo);
    return end && end < s.size && span_letters(s) <= BYLINE_MAX && !span_closed(s) &&
           is_names(span_cut(s, end, s.size));
}
