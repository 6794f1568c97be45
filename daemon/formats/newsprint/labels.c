// What the words of a line say it is. Lexicons of the trade only, in tables: no word here
// belongs to one paper, one city or one page.
#include "formats/newsprint/page.h"

#define JUMP_LETTERS 40U
#define SHORT_LINE 28U // characters; a byline or credit is not longer

// （何　苗） on a line of its own.
static bool
is_bracketed_name(struct span s)
{
    s = span_trim(s);
    return s.size > 3 && char_fold(s.cp[0]) == '(' &&
           char_fold(s.cp[s.size - 1]) == ')' &&
           people_is_bare_name(span_trim(span_cut(s, 1, s.size - 1)));
}

bool
label_is_byline(struct span s)
{
    uint32_t letters = span_letters(s);
    if (latin_is_byline(s))
        return true;
    if (letters < 2 || letters > 2 * SHORT_LINE || span_closed(s))
        return false;
    return people_sign(s) || is_bracketed_name(s);
}

bool
label_is_credit(struct span s)
{
    struct people_found found;
    uint32_t letters = span_letters(s);
    if (latin_is_credit(s))
        return true;
    if (letters < 2 || letters > SHORT_LINE || span_closed(s) ||
        !(words_within(s, WORDS_CREDITS) || words_within(s, WORDS_BOTH)))
        return false;
    for (uint32_t i = 0; i < s.size; i++)
        if (char_fold(s.cp[i]) == ',' || span_stops(s, i))
            return false;
    if (!people_only(s, &found))
        return found.credits && words_end(s, WORDS_CREDIT_ENDS);
    return found.credits && (found.names || words_end(s, WORDS_CREDIT_ENDS));
}

bool
label_signs_text(struct span s)
{
    return words_within(s, WORDS_TEXT_SIGNED);
}

static uint32_t
behind_marks(struct span s)
{
    uint32_t at = 0;
    while (at < s.size && char_is(s.cp[at], CHAR_MARK | CHAR_SPACE | CHAR_AMBIGUOUS))
        at++;
    return at;
}

bool
label_may_jump(struct span s)
{
    uint32_t at = behind_marks(s);
    return at == s.size || words_may_match(s, at, WORDS_JUMP_ON) ||
           words_may_match(s, at, WORDS_JUMP_FROM) ||
           words_may_match(s, at, WORDS_PAGES);
}

// Behind an arrow a page and its number say enough: ► Seite 4
static bool
points_to_page(struct span s)
{
    uint32_t at = words_match(s, 0, WORDS_PAGES), digits = 0;
    for (; at && at < s.size && s.size - at <= 6; at++)
        digits += char_is_digit(s.cp[at]);
    return at == s.size && digits > 0;
}

bool
label_is_jump(struct span s, enum label *label_out)
{
    s = span_trim(s);
    uint32_t at = behind_marks(s);
    if (span_longer(s, JUMP_LETTERS) || at >= s.size)
        return false;
    if (at > 0 && points_to_page(span_cut(s, at, s.size))) {
        *label_out = LABEL_JUMP_ON;
        return true;
    }
    bool is_on = words_match(s, at, WORDS_JUMP_ON),
         is_from = words_match(s, at, WORDS_JUMP_FROM);
    if ((!is_on && !is_from) || !words_within(s, WORDS_PAGES))
        return false;
    *label_out = is_on ? LABEL_JUMP_ON : LABEL_JUMP_FROM;
    return true;
}

bool
label_opens_caption(struct span s)
{
    return words_match(s, 0, WORDS_CAPTION) && !words_match(s, 0, WORDS_NO_CAPTION);
}

bool
label_is_numbered(struct span s)
{
    if (words_match(s, 0, WORDS_BULLETS))
        return true;
    uint32_t from = s.size && char_fold(s.cp[0]) == '(' ? 1 : 0;
    uint32_t end = words_match(s, from, WORDS_NUMBERS);
    if (!end || end >= s.size)
        return false;
    uint32_t c = char_fold(s.cp[end]);
    if (c == ',') // 一, stands for 一、 but 3,000 for itself
        return !from && end + 1 < s.size && !char_is_digit(s.cp[end + 1]);
    return from ? c == ')' : c == 0x3001 || c == '.';
}
