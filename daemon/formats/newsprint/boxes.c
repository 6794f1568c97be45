// Boxes: runs of lines between blank lines that are nobody's article as a whole, by how
// most of their lines look: rows of a table, teasers with their page, pieces of the
// masthead, digits under a barcode.
#include "formats/newsprint/page.h"

#define BOX_LINES 24U // a box is not longer
#define BARCODE_DIGITS 5U
#define ROW_LETTERS 30U

static bool
is_digits(struct span s, uint32_t *digits)
{
    for (uint32_t i = 0; i < s.size; i++) {
        uint32_t c = char_fold(s.cp[i]);
        if (!char_is_digit(c) && !char_is_space(c) && c != '-' && c != '>' && c != '<')
            return false;
        *digits += char_is_digit(c);
    }
    return true;
}

// Digits alone, more than a number cut out of its line has: a barcode's.
static bool
is_barcode(const struct page *page, uint32_t first, uint32_t end)
{
    uint32_t digits = 0;
    for (uint32_t i = first; i < end; i++)
        if (!is_digits(line_span(page, &page->lines[i]), &digits))
            return false;
    return digits >= BARCODE_DIGITS;
}

// 3 8 17 22, Zusatzzahl 9, 白菜 2.4: a short line that ends in a number with space before.
static bool
is_short_row(struct span s)
{
    uint32_t at = s.size, digits = 0;
    while (at > 0 && !char_is_space(s.cp[at - 1]))
        digits += char_is_digit(s.cp[--at]);
    return at > 0 && digits && (s.size - at) <= 2 * digits + 2 &&
           !span_longer(s, ROW_LETTERS);
}

// QINGXI RIBAO: an East Asian paper's name in letters.
static bool
is_romanised(struct span s)
{
    for (uint32_t i = 0; i < s.size; i++)
        if (!char_is_space(s.cp[i]) &&
            !(char_fold(s.cp[i]) >= 'A' && char_fold(s.cp[i]) <= 'Z'))
            return false;
    return span_letters(s) >= 4;
}

static bool
is_box_line(const struct page *page, const struct line *line)
{
    struct span s = line_span(page, line);
    if (line->digits && (label_is_row(s) || latin_is_teaser(s) || is_short_row(s)))
        return true;
    return line->furniture || label_is_folio_piece(s) || (page->cjk && is_romanised(s));
}

// Most lines are a box's, and none goes on from one to the next as sentences do.
static bool
is_mostly_box(const struct page *page, uint32_t first, uint32_t end)
{
    uint32_t of_box = 0, sentences = 0;
    if (end - first < 2)
        return false;
    for (uint32_t i = first; i < end; i++)
        sentences +=
            page->lines[i].closed && !latin_is_teaser(line_span(page, &page->lines[i]));
    for (uint32_t i = first; i < end && sentences * 4 <= end - first; i++)
        of_box += is_box_line(page, &page->lines[i]);
    return of_box * 2 >= end - first && of_box >= 2;
}

// The line before ended no sentence, fills its column and goes on here.
static bool
is_inside_text(const struct page *page, uint32_t first)
{
    return first > 0 && page->blocks[page->blocks_count - 1].label != LABEL_FURNITURE &&
           !page->lines[first - 1].closed && line_fits(page, &page->lines[first - 1]) &&
           page->lines[first - 1].width > 24;
}

bool
page_has_box(const struct page *page, uint32_t first, uint32_t end)
{
    struct span s = line_span(page, &page->lines[first]);
    if (end - first > BOX_LINES)
        return false;
    if (is_barcode(page, first, end))
        return true; // not even text that is open goes on in five digits and more
    if (is_inside_text(page, first))
        return false;
    return label_opens_box(s) || is_mostly_box(page, first, end);
}
