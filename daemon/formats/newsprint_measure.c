// The measure of a column: the width most of its lines have. It is looked for on both
// sides of a line apart, because at the border of two columns each side has its own.
#include "formats/newsprint_page.h"

#define REACH 8U     // lines looked at on either side
#define AGREE 3U     // lines that must share a width
#define TOLERANCE 2U // half ems: marks hung out or pushed in, digits
#define INDENT 4U    // half ems: two characters

static bool
near(uint32_t a, uint32_t b, uint32_t tolerance)
{
    return a > b ? a - b <= tolerance : b - a <= tolerance;
}

// A ragged column is as wide as its lines get; the widest may be a headline's, so it is
// the one behind it that counts.
static uint32_t
second_widest(const struct page *page, uint32_t first, uint32_t last)
{
    uint32_t widest = 0, second = 0;
    for (uint32_t i = first; i <= last; i++) {
        uint32_t width = page->lines[i].width;
        second = width > widest ? widest : width > second ? width : second;
        widest = width > widest ? width : widest;
    }
    return last - first + 1 >= AGREE ? second : 0;
}

// most_common gives the width that most of the lines first..last share, one that they
// have to the half em counting more than one near it; of equals the widest, for lines are
// cut short more often than long.
static uint32_t
most_common(const struct page *page, uint32_t first, uint32_t last)
{
    if (!page->cjk)
        return second_widest(page, first, last);
    uint32_t best = 0, best_width = 0;
    for (uint32_t i = first; i <= last; i++) {
        uint32_t width = page->lines[i].width, around = 0, exact = 0;
        for (uint32_t k = first; k <= last; k++) {
            around += near(page->lines[k].width, width, TOLERANCE);
            exact += page->lines[k].width == width;
        }
        uint32_t score = around + 2 * exact;
        if (around >= AGREE &&
            (score > best || (score == best && width > best_width))) {
            best = score;
            best_width = width;
        }
    }
    return best_width;
}

static bool
fits(uint32_t width, uint32_t measure)
{
    return measure && (near(width, measure, 3) || near(width + INDENT, measure, 3));
}

bool
line_fits(const struct page *page, const struct line *line)
{
    if (!line->above && !line->below)
        return true; // nothing to hold it against
    if (!page->cjk)
        return line->width <=
               (line->above > line->below ? line->above : line->below) + 2;
    return line->spread || fits(line->width, line->above) ||
           fits(line->width, line->below);
}

bool
line_starts(const struct page *page, const struct line *line)
{
    if (!page->cjk)
        return ragged_starts(page, line);
    if (page->indent == INDENT_KEPT || line->indent >= INDENT - 1)
        return line->indent >= INDENT - 1;
    return line->below && near(line->width + INDENT, line->below, 2);
}

uint32_t
block_measure(const struct page *page, const struct block *block)
{
    uint32_t last = block->end - 1;
    if (last > block->first + 2 * REACH)
        last = block->first + 2 * REACH;
    return most_common(page, block->first, last);
}

// count_indent looks at a line behind a paragraph that has surely ended: closed, and
// three ems short.
static void
count_indent(const struct line *line, const struct line *next, uint32_t counts[3])
{
    if (!line->closed || !line->above || line->width + 6 > line->above || !next->below)
        return;
    if (next->indent + 1 >= INDENT)
        counts[INDENT_KEPT]++;
    else if (near(next->width + INDENT, next->below, 2))
        counts[INDENT_LOST]++;
    else if (near(next->width, next->below, 1))
        counts[INDENT_NONE]++;
}

static void
find_indent(struct page *page)
{
    uint32_t counts[3] = {0};
    for (uint32_t i = 0; i + 1 < page->lines_count; i++)
        count_indent(&page->lines[i], &page->lines[i + 1], counts);
    page->indent = INDENT_LOST;
    if (counts[INDENT_KEPT] > counts[INDENT_LOST])
        page->indent = INDENT_KEPT;
    else if (counts[INDENT_NONE] > counts[INDENT_LOST] + 1)
        page->indent = INDENT_NONE;
}

void
page_measure(struct page *page)
{
    for (uint32_t i = 0; i < page->lines_count; i++) {
        uint32_t last = page->lines_count - 1;
        uint32_t low = i < REACH ? 0 : i - REACH,
                 high = i + REACH > last ? last : i + REACH;
        page->lines[i].above = most_common(page, low, i);
        page->lines[i].below = most_common(page, i, high);
    }
    find_indent(page);
}
