// Blocks: runs of lines that belong together. Blank lines part them, and so do lines
// that are something else by their words (a byline, a credit, a jump line, a folio) or
// that no column of this measure can hold, which is how a headline set hard against its
// text shows.
#include "formats/newsprint/page.h"

#define HEAD_LINES 4U // a headline is not longer
#define BOX_LINES 24U // nor a box of furniture
#define BYLINE_LINES 4U
#define NAMES_LETTERS 80U // more are no names; hyphens at line ends are among them

static void
join_lines(struct page *page, uint32_t first, uint32_t end, struct text *out)
{
    for (uint32_t i = first; i < end; i++) {
        if (i > first)
            join_break(page, &page->lines[i], out);
        join_line(page, &page->lines[i], out, false);
    }
}

struct span
block_join(struct page *page, const struct block *block)
{
    struct text out = {.arena = page->arena};
    join_lines(page, block->first, block->end, &out);
    return text_span(&out);
}

// lines_join gives a few lines as one text, to be looked at until the next call.
static struct span
lines_join(struct page *page, uint32_t first, uint32_t end)
{
    if (end - first == 1)
        return line_span(page, &page->lines[first]);
    page->scratch.arena = page->arena;
    page->scratch.size = 0;
    join_lines(page, first, end, &page->scratch);
    return text_span(&page->scratch);
}

static void
add_block(struct page *page, uint32_t first, uint32_t end, enum label label)
{
    if (first < end)
        page->blocks[page->blocks_count++] =
            (struct block){.first = first, .end = end, .label = label};
}

// What stands at line i: its label, and how many lines it takes.
struct sign {
    enum label label;
    uint32_t lines; // 0: plain text
};

// Before a byline or credit the text must have come to an end.
static bool
is_open_before(const struct page *page, uint32_t i, uint32_t region)
{
    return i > region && !page->lines[i - 1].closed &&
           line_fits(page, &page->lines[i - 1]);
}

// The number of the page stands alone; a bare one is a folio only at the edge of a page,
// for numbers cut out of their line are many.
static bool
is_folio_number(const struct page *page, uint32_t i)
{
    const struct line *line = &page->lines[i];
    bool bare, last = i + 1 == page->lines_count;
    bool edge = i == 0 || last || line->feed || page->lines[i + 1].feed;
    if (line->together > 1 && !edge)
        return false;
    return label_is_folio_number(line_span(page, line), &bare) &&
           (line->together == 1 || !bare) && (edge || !bare);
}

static struct sign
whole_line_sign(struct page *page, uint32_t i, uint32_t region_end)
{
    enum label jump;
    bool may = label_may_jump(line_span(page, &page->lines[i]));
    for (uint32_t n = 1; may && n <= 2 && i + n <= region_end; n++) {
        if (n == 2 && page->lines[i].width > 30)
            break;
        if (label_is_jump(lines_join(page, i, i + n), &jump))
            return (struct sign){jump, n};
    }
    if (page->lines[i].furniture || is_folio_number(page, i))
        return (struct sign){LABEL_FURNITURE, 1};
    return (struct sign){0};
}

// could_sign looks at n lines without joining them: is there any word of those that a
// byline or credit must have?
static bool
could_sign(const struct page *page, uint32_t i, uint32_t n, bool credit)
{
    uint32_t letters = 0, most = NAMES_LETTERS;
    bool said = false, letter = false;
    if (page->lines[i].tells)
        most = 2 * NAMES_LETTERS;
    else if (n > 2 && !credit)
        return false;
    else if (n == 2 && !credit && !page->cjk &&
             !latin_names_go_on(line_span(page, &page->lines[i]),
                 line_span(page, &page->lines[i + 1])))
        return false;
    for (uint32_t k = i; k < i + n; k++) {
        const struct line *line = &page->lines[k];
        letters += line->letters;
        said = said || (!letter && line->signs);
        letter = letter || line->latin;
        said = said || (credit ? word_lists_has(&line->may, WORDS_CREDITS) ||
                                     word_lists_has(&line->may, WORDS_BOTH)
                               : line->titled);
    }
    return said && letters <= most;
}

static struct sign
names_sign(struct page *page, uint32_t i, uint32_t region_end)
{
    for (uint32_t n = 1; n <= 3 && i + n <= region_end; n++)
        if (could_sign(page, i, n, true) && label_is_credit(lines_join(page, i, i + n)))
            return (struct sign){LABEL_CREDIT, n};
    for (uint32_t n = BYLINE_LINES; n >= 1; n--)
        if (i + n <= region_end && could_sign(page, i, n, false) &&
            label_is_byline(lines_join(page, i, i + n)))
            return (struct sign){LABEL_BYLINE, n};
    return (struct sign){0};
}

// A lead-in may run over two lines of a narrow column.
static bool
leads(struct page *page, uint32_t i, uint32_t region_end, bool open)
{
    struct span line = line_span(page, &page->lines[i]);
    if (open && !words_match(line, 0, WORDS_DESK_SURE))
        return false;
    if (label_may_lead(page, i, i + 1) && label_is_lead(line))
        return true;
    if (i + 1 >= region_end || page->lines[i].width > 40 || page->lines[i].closed)
        return false;
    return label_may_lead(page, i, i + 2) && label_is_lead(lines_join(page, i, i + 2));
}

// A line that ends in a comma is nobody's last.
static bool
goes_on(const struct page *page, uint32_t i)
{
    uint32_t last = char_fold(page->cp[page->lines[i].end - 1]);
    return last == ',' || last == 0x3001 || last == ':';
}

static bool
has_no_stop(const struct page *page, uint32_t first, uint32_t end)
{
    for (uint32_t i = first; i < end; i++)
        if (page->lines[i].closed || page->lines[i].stop)
            return false;
    return true;
}

// In a ragged column a headline's line is no wider than the text's: a few lines without a
// sentence, at the top of a run or behind a sentence's end, may be one.
static bool
is_under_head(const struct page *page, uint32_t i, uint32_t region)
{
    uint32_t from = i;
    while (from > region && i - from <= 2 * HEAD_LINES &&
           !page->lines[from - 1].closed && !page->lines[from - 1].stop)
        from--;
    return !page->cjk && from < i && i - from <= 2 * HEAD_LINES &&
           !goes_on(page, i - 1) && ragged_starts(page, &page->lines[i]) &&
           ragged_starts(page, &page->lines[from]);
}

// A name without any word that says so, between a headline and its text.
static bool
is_set_name(struct page *page, uint32_t i, uint32_t region, uint32_t region_end)
{
    bool sure;
    const struct line *line = &page->lines[i];
    if (page->cjk || i + 1 >= region_end ||
        !latin_is_bare_name(line_span(page, line), &sure) || !sure ||
        !is_under_head(page, i, region))
        return false;
    return ragged_starts(page, line + 1) && line[1].width > line->width + 4;
}

static struct sign
sign_at(struct page *page, uint32_t i, uint32_t region, uint32_t region_end)
{
    struct sign s = whole_line_sign(page, i, region_end);
    if (s.lines)
        return s;
    bool may = page->lines[i].signs || char_is_upper(page->cp[page->lines[i].begin]) ||
               label_may_lead(page, i, i + 1);
    bool open =
        is_open_before(page, i, region) && !(may && is_under_head(page, i, region));
    if (is_set_name(page, i, region, region_end))
        return (struct sign){LABEL_BYLINE, 1};
    if (leads(page, i, region_end, open))
        return (struct sign){LABEL_LEAD, 1};
    return open ? s : names_sign(page, i, region_end);
}

// A headline's last line may have the column's width by chance: go on to where the next
// line is set like the first of a paragraph.
static uint32_t
over_to_start(const struct page *page, uint32_t at, uint32_t end)
{
    if (at + 1 >= end || line_starts(page, &page->lines[at]) ||
        page->lines[at].closed || page->lines[at].stop)
        return at;
    return line_starts(page, &page->lines[at + 1]) ? at + 1 : at;
}

// head_run gives the end of a run of lines from i on that could be a headline and that
// the column cannot hold; i if there is none.
static uint32_t
head_run(const struct page *page, uint32_t i, uint32_t end)
{
    uint32_t at = i;
    while (at < end && at - i <= HEAD_LINES) {
        const struct line *line = &page->lines[at];
        if (line_fits(page, line) || line->closed || line->stop)
            break;
        at++;
    }
    if (at == i || at - i > HEAD_LINES || goes_on(page, at - 1))
        return i;
    if (end - at == 1 || (at < end && !line_fits(page, &page->lines[at])))
        return i; // what comes behind is no column
    return over_to_start(page, at, end);
}

// A bracket that opened in the line goes on in the next.
static bool
leaves_bracket_open(const struct page *page, uint32_t i)
{
    struct span s = line_span(page, &page->lines[i]);
    for (uint32_t k = s.size; k > 0; k--) {
        uint32_t c = char_fold(s.cp[k - 1]);
        if (c == '(' || c == ')')
            return c == '(';
    }
    return false;
}

// A deck under a headline whose words are all large writes its own small.
static uint32_t
deck_start(const struct page *page, uint32_t first, uint32_t end)
{
    for (uint32_t i = first; !page->cjk && i < end; i++)
        if (latin_is_small(line_span(page, &page->lines[i])))
            return i > first && i - first <= HEAD_LINES ? i : end;
    return end;
}

// The lines behind the last sentence of a run that an opener follows: a headline that
// stands on its text without a blank line.
static uint32_t
tail_run(const struct page *page, uint32_t first, uint32_t end)
{
    uint32_t at = end;
    while (at > first && !page->lines[at - 1].closed && !page->lines[at - 1].stop)
        at--;
    if (at > first && at < end && leaves_bracket_open(page, at - 1))
        return end;
    bool decked = deck_start(page, at, end) < end && end - at <= 2 * HEAD_LINES;
    return end - at <= HEAD_LINES || decked ? at : end;
}

// Behind closed text, where the measure below is another than the measure above: a
// column begins here, maybe a caption's.
static bool
changes_measure(const struct page *page, uint32_t from, uint32_t i)
{
    const struct block before = {.first = from, .end = i};
    uint32_t below = page->lines[i].below;
    if (!page->lines[i - 1].closed || !below || page->lines[i].width > below + 3)
        return false;
    uint32_t above = block_measure(page, &before);
    return above && (above > below ? above - below : below - above) > 6;
}

static void
add_text(struct page *page, uint32_t first, uint32_t end, enum label label, bool opener)
{
    uint32_t tail = opener ? tail_run(page, first, end) : end;
    if (tail == first && label == LABEL_LEAD)
        tail = end;
    uint32_t from = first, i = first;
    if (label == LABEL_TEXT && tail - first <= HEAD_LINES &&
        has_no_stop(page, first, tail))
        i = tail;
    while (i < tail) {
        bool fresh = i == first ? label == LABEL_TEXT : page->lines[i - 1].closed;
        uint32_t run = fresh ? head_run(page, i, tail) : i;
        if (run > i && tail - i <= HEAD_LINES && has_no_stop(page, i, tail))
            run = tail;
        if (run == i) {
            if (i > from && changes_measure(page, from, i)) {
                add_block(page, from, i, label);
                label = LABEL_TEXT;
                from = i;
            }
            i++;
            continue;
        }
        add_block(page, from, i, label);
        add_block(page, i, run, LABEL_TEXT);
        from = i = run;
        label = LABEL_TEXT;
    }
    add_block(page, from, tail, label);
    uint32_t deck = opener ? deck_start(page, tail, end) : end;
    add_block(page, tail, deck, LABEL_TEXT);
    add_block(page, deck, end, LABEL_TEXT);
}

// Does the next region begin with something that opens an item, or is there none?
static bool
opens_region(struct page *page, uint32_t i)
{
    uint32_t end = i + 4;
    if (i >= page->lines_count)
        return false;
    struct sign s =
        sign_at(page, i, i, end < page->lines_count ? end : page->lines_count);
    return s.label == LABEL_LEAD || s.label == LABEL_BYLINE ||
           s.label == LABEL_JUMP_FROM;
}

// No text ends on a short line without an end mark, but a headline set hard under it.
static bool
ends_short(const struct line *last)
{
    return !last->closed && last->above && last->width + 6 <= last->above;
}

static void
cut_region(struct page *page, uint32_t first, uint32_t end)
{
    uint32_t from = first;
    enum label label = LABEL_TEXT;
    for (uint32_t i = first; i < end;) {
        struct sign s = sign_at(page, i, first, end);
        if (!s.lines) {
            i++;
            continue;
        }
        bool opener = s.label == LABEL_LEAD || s.label == LABEL_BYLINE ||
                      s.label == LABEL_JUMP_FROM;
        add_text(page, from, i, label, opener);
        label = LABEL_TEXT;
        if (s.label == LABEL_LEAD)
            label = LABEL_LEAD;
        else
            add_block(page, i, i + s.lines, s.label);
        from = s.label == LABEL_LEAD ? i : i + s.lines;
        i += s.lines;
    }
    bool opener = opens_region(page, end) || ends_short(&page->lines[end - 1]);
    add_text(page, from, end, label, opener);
}

void
page_cut_blocks(struct page *page)
{
    page->blocks = arena_array(page->arena, page->lines_count, sizeof *page->blocks);
    for (uint32_t i = 0, end; page->blocks && i < page->lines_count; i = end) {
        for (end = i + 1; end < page->lines_count && !page->lines[end].blanks; end++)
            ;
        if (page_has_box(page, i, end))
            add_block(page, i, end, LABEL_FURNITURE);
        else
            cut_region(page, i, end);
    }
}
