// The measure of a column: the width most of its lines have. It is looked for on both
// sides of a line apart, because at the border of two columns each side has its own.
#include "formats/newsprint/page.h"

#define SCAN 9U      // lines looked at on either side
#define AGREE 3U     // lines that must share a width
#define TOLERANCE 2U // half ems: marks hung out or pushed in, digits
#define INDENT 4U    // half ems: two characters

static bool
near(uint32_t a, uint32_t b, uint32_t tolerance)
{
    return a > b ? a - b <= tolerance : b - a <= tolerance;
}

// A line that stands alone is a headline as often as not and says nothing about the width
// of its column.
static bool
is_solid(const struct page *page, uint32_t i)
{
    return !page->cjk || page->lines[i].together > 1;
}

static void
count_together(struct page *page)
{
    for (uint32_t i = 0, end; i < page->lines_count; i = end) {
        for (end = i + 1; end < page->lines_count && !page->lines[end].blanks; end++)
            ;
        for (uint32_t k = i; k < end; k++)
            page->lines[k].together = end - i;
    }
}

struct sample {
    uint32_t widths[SCAN];
    uint32_t count;
};

static void
add_width(struct sample *s, const struct page *page, uint32_t i)
{
    if (is_solid(page, i) && s->count < SCAN)
        s->widths[s->count++] = page->lines[i].width;
}

// A ragged column is as wide as its lines get; the widest may be a headline's, so it is
// the one behind it that counts.
static uint32_t
second_widest(const struct sample *s)
{
    uint32_t widest = 0, second = 0;
    for (uint32_t i = 0; i < s->count; i++) {
        uint32_t width = s->widths[i];
        second = width > widest ? widest : width > second ? width : second;
        widest = width > widest ? width : widest;
    }
    return s->count >= AGREE ? second : 0;
}

static bool
is_repeated(const struct sample *s, uint32_t i)
{
    for (uint32_t k = 0; k < i; k++)
        if (s->widths[k] == s->widths[i])
            return true;
    return false;
}

static bool
is_even(const struct sample *s) // one width, and enough lines that have it
{
    uint32_t same = 1;
    while (same < s->count && s->widths[same] == s->widths[0])
        same++;
    return same == s->count && s->count >= AGREE;
}

// most_common gives the width that most lines of the sample share, one that they have to
// the half em counting more than one near it, and first lines of paragraphs speaking for
// the width two ems above their own; of equals the widest.
static uint32_t
most_common(const struct page *page, const struct sample *s)
{
    if (!page->cjk)
        return second_widest(s);
    uint32_t best = 0, best_width = 0;
    if (is_even(s))
        return s->widths[0];
    for (uint32_t i = 0; i < s->count; i++) {
        uint32_t width = s->widths[i], around = 0, exact = 0, starts = 0;
        if (is_repeated(s, i))
            continue;
        for (uint32_t k = 0; k < s->count; k++) {
            around += near(s->widths[k], width, TOLERANCE);
            exact += s->widths[k] == width;
            starts += near(s->widths[k] + INDENT, width, 1);
        }
        uint32_t score = around + 2 * exact + starts;
        bool better = score > best || (score == best && width > best_width);
        if (around + starts >= AGREE && around > 1 && better) {
            best = score;
            best_width = width;
        }
    }
    return best_width;
}

// The lines up to this one are those from another one on, where enough stand before it,
// and a sample's measure does not ask for their order.
static uint32_t
measure_above(const struct page *page, uint32_t i)
{
    struct sample s = {0};
    if (i + 1 >= SCAN)
        return page->lines[i + 1 - SCAN].below;
    for (uint32_t n = 0; n < SCAN && n <= i; n++)
        add_width(&s, page, i - n);
    return most_common(page, &s);
}

static uint32_t
measure_below(const struct page *page, uint32_t i)
{
    struct sample s = {0};
    for (uint32_t n = 0; n < SCAN && i + n < page->lines_count; n++)
        add_width(&s, page, i + n);
    return most_common(page, &s);
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
    struct sample s = {0};
    for (uint32_t i = block->first; i < block->end && s.count < SCAN; i++)
        add_width(&s, page, i);
    return most_common(page, &s);
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
    count_together(page);
    for (uint32_t i = 0; i < page->lines_count; i++) {
        page->lines[i].below = measure_below(page, i);
        page->lines[i].above = measure_above(page, i);
    }
    find_indent(page);
}
