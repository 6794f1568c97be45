// Pages in alphabets. Their columns are ragged on the right, so the shape of lines says
// little; what says more is whether the next line's first word would have gone into the
// line before: no setter leaves that room but at the end of a paragraph or headline.
#include "formats/newsprint/page.h"

#define REACH 6U // lines of the item on either side that show its column

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

// The width of the column around line i: of the item's own lines the second widest, for
// one may stick out.
static uint32_t
column_width(const struct page *page, const struct item *item, uint32_t i)
{
    uint32_t from = i < REACH ? 0 : i - REACH, widest = 0, second = 0;
    for (uint32_t k = from; k < item->lines_count && k <= i + REACH; k++) {
        uint32_t width = page->lines[item->lines[k]].width;
        second = width > widest ? widest : width > second ? width : second;
        widest = width > widest ? width : widest;
    }
    return second;
}

// A paragraph ends where a sentence does and the next line begins one, if there was room
// for that line's first word or the page left a blank line.
static bool
ends_paragraph(const struct page *page, const struct item *item, uint32_t i)
{
    const struct line *line = &page->lines[item->lines[i]];
    const struct line *next = &page->lines[item->lines[i + 1]];
    if (!line->closed || !ragged_starts(page, next))
        return false;
    if (next->blanks > 0 || (next->indent >= 2 && !line->indent))
        return true;
    return line->width + 1 + first_word(page, next) <= column_width(page, item, i);
}

void
ragged_find_ends(const struct page *page, const struct item *item, bool *ends)
{
    for (uint32_t i = 0; i + 1 < item->lines_count; i++)
        ends[i] = ends_paragraph(page, item, i);
}
