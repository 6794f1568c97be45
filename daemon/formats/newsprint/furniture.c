// Furniture: what a page carries that is nobody's article. A folio line is made of
// pieces that are each a date, a page number, a paper's name or the people who made the
// page up; a line is furniture when it is made of nothing else.
#include "formats/newsprint/page.h"

bool
label_opens_box(struct span s)
{
    uint32_t at = 0;
    if (latin_opens_box(s))
        return true;
    while (at < s.size && (char_opens(s.cp[at]) || char_is_ambiguous(s.cp[at])))
        at++;
    return words_match(s, at, WORDS_BOXES) != 0;
}

// Lines that tell who prints the paper and where, wherever they stand.
static bool
is_imprint(struct span s)
{
    uint32_t end = words_match(s, 0, WORDS_IMPRINT);
    return end && (end == s.size || !char_is_letter(s.cp[end]));
}

// date_end reads 2020年8月3日 and the like; 0 if there is none.
static uint32_t
date_end(struct span s, uint32_t at)
{
    uint32_t digits = 0, found = 0, i = at;
    for (; i < s.size; i++) {
        if (char_is_digit(s.cp[i]))
            digits++;
        else if (digits && words_match(s, i, WORDS_DATE_UNITS))
            found++, digits = 0;
        else if (!char_is_space(s.cp[i]))
            break;
    }
    return found >= 2 && !digits ? i : 0;
}

static uint32_t
page_number_end(struct span s, uint32_t at)
{
    uint32_t i = at, digits = 0;
    if (i < s.size && char_fold(s.cp[i]) >= 'A' && char_fold(s.cp[i]) <= 'H')
        i++;
    while (i < s.size && char_is_digit(s.cp[i]))
        i++, digits++;
    return digits && digits <= 5 ? i : 0;
}

static uint32_t
han_run(struct span s, uint32_t at)
{
    while (at < s.size && char_is_han(s.cp[at]))
        at++;
    return at;
}

// What a walk over a line has seen: signs that only a folio line has, and others.
struct folio {
    uint32_t strong, weak, pieces;
    bool own;   // one of them says it alone: a paper's name, an editor's word
    bool names; // an editor's word came: names may follow
};

static uint32_t
paper_end(struct span s, uint32_t at)
{
    uint32_t end = han_run(s, at);
    struct span run = span_cut(s, at, end);
    if (end - at >= 3 && end - at <= 8 && words_end(run, WORDS_PAPER_ENDS))
        return end;
    return 0;
}

static uint32_t
folio_piece(struct span s, uint32_t at, struct folio *f)
{
    uint32_t end;
    if ((end = words_match(s, at, WORDS_EDITORS))) {
        f->strong++;
        f->own = f->names = true;
    } else if (f->names && (end = han_run(s, at)) > at && end - at <= 4) {
        f->weak++;
    } else if ((end = paper_end(s, at))) {
        f->strong++;
        f->own = true;
    } else if ((end = date_end(s, at))) {
        f->weak++;
    } else if ((end = words_match(s, at, WORDS_SECTIONS))) {
        f->weak++;
    } else if ((end = words_match(s, at, WORDS_FOLIO))) {
        f->strong++;
        bool lunar = words_match(s, at, WORDS_LUNAR);
        uint32_t day = lunar ? han_run(s, end) : words_match(s, end, WORDS_WEEKDAYS);
        end = day ? day : end;
    } else if ((end = page_number_end(s, at))) {
        f->weak++;
    }
    f->pieces += end > at;
    return end > at ? end : 0;
}

// Rows of a table: pieces parted by space, digits in most of them. Those of a date set
// apart (7 月 27 日) are none.
static bool
is_date_unit(uint32_t c)
{
    return c == 0x5e74 || c == 0x6708 || c == 0x65e5; // 年月日
}

static bool
is_prose(struct span s)
{
    for (uint32_t i = 0; i < s.size; i++)
        if (span_is_full_stop(s, i) ||
            (char_fold(s.cp[i]) == ',' && (i == 0 || !char_is_digit(s.cp[i - 1]))))
            return true;
    return false;
}

bool
label_is_row(struct span s)
{
    uint32_t pieces = 0, numbers = 0, digits = 0, length = 0;
    for (uint32_t i = 0; i <= s.size; i++) {
        if (i < s.size && !char_is_space(s.cp[i])) {
            if (is_date_unit(s.cp[i]) && numbers && !length)
                numbers--; // what stands before it is no number of a table
            digits += char_is_digit(s.cp[i]);
            length += is_date_unit(s.cp[i]) ? 4 : 1;
            continue;
        }
        pieces += length > 0;
        numbers += length && digits * 2 >= length;
        digits = length = 0;
    }
    return pieces >= 3 && numbers * 2 >= pieces && !is_prose(s);
}

// A full date with its weekday stands nowhere but in the line that dates the page.
static bool
is_date_line(struct span s)
{
    for (uint32_t i = 0; i < s.size; i++)
        if (char_is_digit(s.cp[i]) && date_end(s, i))
            return words_within(s, WORDS_WEEKS);
    return false;
}

bool
label_is_page_number(struct span s)
{
    uint32_t at = span_match(s, 0, "第");
    uint32_t number = page_number_end(s, at),
             unit = words_match(s, number, WORDS_PAGE_UNITS);
    return number && (unit ? unit == s.size : number == s.size && s.size <= 4);
}

// What may stand beside the number, apart from marks: 第3页 共8页, Page 3 of 8.
static uint32_t
folio_number_word(struct span s, uint32_t at)
{
    return words_match(s, at, WORDS_FOLIO_NUMBER);
}

bool
label_is_folio_number(struct span s, bool *bare_out)
{
    uint32_t numbers = 0, words = 0, end;
    s = span_trim(s);
    for (uint32_t at = 0; at < s.size; at = end) {
        end = at + 1;
        if (char_is_space(s.cp[at]) || char_is_mark(s.cp[at]) ||
            char_is_ambiguous(s.cp[at]))
            continue;
        if ((end = page_number_end(s, at)))
            numbers++;
        else if ((end = folio_number_word(s, at)))
            words++;
        else
            return false;
    }
    bool framed = s.size && char_fold(s.cp[0]) != '(' && !char_is_digit(s.cp[0]) &&
                  !char_is_letter(s.cp[0]) && !char_is_digit(s.cp[s.size - 1]);
    *bare_out = !words && !framed;
    return numbers == 1 || (numbers == 2 && s.size <= 16);
}

// 茶农盼好价 03版: a line of the index.
static bool
is_teaser(struct span s)
{
    uint32_t from = s.size;
    if (!s.size || s.cp[s.size - 1] != 0x7248 || span_longer(s, 28)) // 版
        return false;
    while (from > 0 && !char_is_space(s.cp[from - 1]))
        from--;
    return from > 2 && label_is_page_number(span_cut(s, from, s.size));
}

// A line of pieces that each stand in a folio, whether or not any of them says so alone.
static bool
has_only_pieces(struct span s, struct folio *f)
{
    for (uint32_t at = 0; at < s.size;) {
        uint32_t end = folio_piece(s, at, f);
        if (!end && !char_is(s.cp[at], CHAR_SPACE | CHAR_MARK | CHAR_AMBIGUOUS))
            return false;
        at = end ? end : at + 1;
    }
    return true;
}

// 清 溪 日 报: a paper's name spread over the page.
static bool
is_spread_paper(struct span s)
{
    uint32_t letters = span_letters(s);
    for (uint32_t i = 0; i < s.size; i++)
        if (!char_is_han(s.cp[i]) && !char_is_space(s.cp[i]))
            return false;
    return letters >= 3 && letters <= 8 && words_end(s, WORDS_PAPER_ENDS);
}

bool
label_is_folio_piece(struct span s)
{
    struct folio f = {0};
    return !span_longer(s, 48) && (is_spread_paper(s) || is_imprint(s) ||
                                      (has_only_pieces(s, &f) && f.pieces));
}

// Most lines begin with a small letter, which no name of a paper does and no piece of a
// folio: only those lists, digits and 版 at the end could make one furniture.
static bool
is_inside_prose(struct span s, bool digits)
{
    static const enum words first[] = {
        WORDS_IMPRINT, WORDS_EDITORS, WORDS_SECTIONS, WORDS_FOLIO, WORDS_LISTS};
    const struct word_lists lists = word_lists_of(first);
    uint32_t last = s.size ? s.cp[s.size - 1] : 0;
    return s.size && s.cp[0] >= 'a' && s.cp[0] <= 'z' && last > ' ' && last < 0x80 &&
           !words_begin(s.cp[0], &lists) && !digits;
}

bool
label_is_furniture(struct span s, bool digits)
{
    struct folio f = {0};
    if (is_inside_prose(s, digits))
        return false;
    if (span_longer(s, 48) || span_closed(s))
        return false;
    if (digits && (label_is_row(s) || is_date_line(s)))
        return true;
    if (is_imprint(s) || is_teaser(s) || latin_is_furniture(s, digits))
        return true;
    return has_only_pieces(s, &f) && ((f.strong && (f.own || f.pieces > 1)) ||
                                         (f.weak && words_match(s, 0, WORDS_SECTIONS)));
}
