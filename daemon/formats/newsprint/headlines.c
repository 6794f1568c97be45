// Headlines. A text layer has lost their size, so they are known by what they lack (an
// end mark), by what stands around them (text that has come to an end before, something
// that opens behind), and by widths no column has. On which side of a headline its text
// stands is decided for the page as a whole: a paper sets all its heads one way, and a
// single headline's words mislead more easily than those of all.
#include "formats/newsprint/page.h"

#define HEAD_LINES 4U
#define HEAD_COMMAS 3U
#define HEAD_LETTERS_RAGGED 140U
#define HEAD_LETTERS 90U
#define GROUP_BLOCKS 3U
#define CAPTION_LINES 16U
#define TITLE_MARGIN 150U // per mille by which a caption's title must speak of it
#define CROSS_LETTERS 16U
#define CROSS_LETTERS_RAGGED 28U
#define CROSS_WORDS 5U
#define RAISE_BLOCKS 32U
#define REPEAT_REACH 16U  // blocks
#define WIDE_MARGIN 400U  // per mille by which one headline outvotes its page
#define EDGE_OF_PAGE 500U // a headline first or last on the page is that much evidence

static bool
is_text(const struct block *b)
{
    return b->label == LABEL_TEXT || b->label == LABEL_LEAD;
}

static const struct line *
first_line(const struct page *page, const struct block *b)
{
    return &page->lines[b->first];
}

static const struct line *
last_line(const struct page *page, const struct block *b)
{
    return &page->lines[b->end - 1];
}

static bool
looks_like_head(const struct page *page, const struct block *b)
{
    uint32_t letters = 0, commas = 0,
             most = page->cjk ? HEAD_LETTERS : HEAD_LETTERS_RAGGED;
    if (b->label != LABEL_TEXT || b->end - b->first > HEAD_LINES ||
        label_opens_caption(line_span(page, first_line(page, b))))
        return false;
    for (uint32_t i = b->first; i < b->end; i++) {
        struct span s = line_span(page, &page->lines[i]);
        letters += page->lines[i].letters;
        if (page->lines[i].stop)
            return false;
        for (uint32_t k = 0; k < s.size; k++) {
            if (!page->cjk && i + 1 < b->end && page->lines[i].closed)
                return false;
            commas += char_fold(s.cp[k]) == ',';
        }
    }
    uint32_t last = char_fold(page->cp[last_line(page, b)->end - 1]);
    bool cries = last == '!' || last == '?';
    if (last == ',' || last == 0x3001 || last == ':')
        return false;
    return letters >= 2 && letters <= most && commas <= HEAD_COMMAS &&
           (!last_line(page, b)->closed || (cries && b->end - b->first <= 2));
}

// The nearest block that is not furniture; count when there is none.
static uint32_t
before(const struct page *page, uint32_t i)
{
    while (i-- > 0)
        if (page->blocks[i].label != LABEL_FURNITURE)
            return i;
    return page->blocks_count;
}

static uint32_t
behind(const struct page *page, uint32_t i)
{
    for (i++; i < page->blocks_count; i++)
        if (page->blocks[i].label != LABEL_FURNITURE)
            break;
    return i;
}

// A chain: candidates with nothing but furniture between them.
struct chain {
    uint32_t first, last;            // blocks
    const struct block *prev, *next; // NULL at the page's edges
};

static struct chain
chain_at(const struct page *page, uint32_t i)
{
    struct chain c = {.first = i, .last = i};
    for (uint32_t n = behind(page, i);
         n < page->blocks_count && page->blocks[n].candidate; n = behind(page, n))
        c.last = n;
    uint32_t prev = before(page, i), next = behind(page, c.last);
    c.prev = prev < page->blocks_count ? &page->blocks[prev] : NULL;
    c.next = next < page->blocks_count ? &page->blocks[next] : NULL;
    return c;
}

static bool
fits_column(const struct page *page, const struct chain *c)
{
    for (uint32_t i = c->first; i <= c->last; i++)
        for (uint32_t k = page->blocks[i].first;
             page->blocks[i].candidate && k < page->blocks[i].end; k++)
            if (!line_fits(page, &page->lines[k]))
                return false;
    return true;
}

static bool
is_closed_before(const struct page *page, const struct chain *c)
{
    return !c->prev || !is_text(c->prev) || last_line(page, c->prev)->closed;
}

static bool
opens_behind(const struct page *page, const struct chain *c)
{
    if (!c->next)
        return true;
    enum label l = c->next->label;
    struct span s = line_span(page, first_line(page, c->next));
    if (l == LABEL_CREDIT && label_signs_text(s))
        return true;
    return l == LABEL_LEAD || l == LABEL_BYLINE || l == LABEL_JUMP_FROM ||
           (l == LABEL_TEXT && label_opens_caption(s));
}

// A short line inside an article, no wider than its column: 一、 or a few words.
static bool
is_near(uint32_t a, uint32_t b, uint32_t tolerance)
{
    return (a > b ? a - b : b - a) <= tolerance;
}

// The measure of a block, or its widest line where it is too short to have one.
static uint32_t
column_of(const struct page *page, const struct block *b)
{
    uint32_t measure = block_measure(page, b);
    for (uint32_t i = b->first; !block_measure(page, b) && i < b->end; i++)
        if (page->lines[i].width > measure)
            measure = page->lines[i].width;
    return measure;
}

static bool
is_crosshead(const struct page *page, const struct chain *c)
{
    const struct block *b = &page->blocks[c->first];
    struct span s = line_span(page, first_line(page, b));
    if (!c->prev || !is_text(c->prev) || c->first != c->last || b->end - b->first > 1)
        return false;
    uint32_t above = column_of(page, c->prev), below = column_of(page, c->next);
    bool sure = block_measure(page, c->prev) && block_measure(page, c->next);
    if (sure && !is_near(above, below, 5)) // a block's measure may be its first line's
        return false;
    if (first_line(page, b)->width > (above > below ? above : below))
        return false;
    return label_is_numbered(s) || span_letters(s) <= CROSS_LETTERS;
}

static bool
is_start(const struct page *page, const struct line *line, uint32_t measure)
{
    if (page->indent == INDENT_KEPT)
        return line->indent >= 3;
    return is_near(line->width + 4, measure, 2) && page->indent != INDENT_NONE;
}

// A piece of a paragraph that a column break has cut off: its first line is set like the
// first of a paragraph, or else full; all others are full.
static bool
is_piece(const struct page *page, const struct chain *c, uint32_t measure, bool starts)
{
    for (uint32_t i = c->first; measure && i <= c->last; i++) {
        const struct block *b = &page->blocks[i];
        for (uint32_t k = b->first; b->candidate && k < b->end; k++) {
            const struct line *line = &page->lines[k];
            bool first = i == c->first && k == b->first;
            bool start = first && is_start(page, line, measure);
            bool full = line->spread || is_near(line->width, measure, 2);
            if (!start && (!full || (first && starts)))
                return false;
        }
    }
    return measure;
}

// The text before has ended, so a piece of the same column may go on there or begin a
// paragraph; a piece of the next column can only begin one.
static bool
is_piece_of_text(const struct page *page, const struct chain *c)
{
    const struct line *first = first_line(page, &page->blocks[c->first]);
    uint32_t above = block_measure(page, c->prev), below = block_measure(page, c->next);
    uint32_t last = last_line(page, c->prev)->above;
    bool other_column = below && last && !is_near(last, below, 3);
    if (other_column && is_start(page, first_line(page, c->next), below))
        return false; // what comes next does not go on with it
    if (is_piece(page, c, above, other_column) || is_piece(page, c, last, other_column))
        return true;
    if (other_column)
        return is_piece(page, c, below, page->indent != INDENT_NONE);
    if (!above && !last && !below && !first->below)
        above = column_of(page, c->prev);
    return is_piece(page, c, above, false) || is_piece(page, c, below, false) ||
           is_piece(page, c, first->below, false);
}

// The same line over several texts (Lost, In Brief) heads each of them. Looked for among
// the nearest blocks only.
static bool
is_same_line(const struct page *page, const struct block *a, const struct block *b)
{
    struct span x = line_span(page, first_line(page, a));
    struct span y = line_span(page, first_line(page, b));
    return a->end - a->first == 1 && b->end - b->first == 1 && x.size == y.size &&
           memcmp(x.cp, y.cp, x.size * sizeof *x.cp) == 0;
}

static bool
is_repeated(const struct page *page, uint32_t i)
{
    const struct block *b = &page->blocks[i];
    for (uint32_t k = i > REPEAT_REACH ? i - REPEAT_REACH : 0;
         k < page->blocks_count && k <= i + REPEAT_REACH; k++)
        if (k != i &&
            (page->blocks[k].candidate || page->blocks[k].label == LABEL_HEAD) &&
            is_same_line(page, b, &page->blocks[k]))
            return true;
    return false;
}

// In a ragged column a cross-head is a few words that leave room, between two texts of one
// measure, on a page whose headlines are more than that: longer, or with a byline.
static bool
is_ragged_crosshead(const struct page *page, const struct chain *c)
{
    const struct line *line = first_line(page, &page->blocks[c->first]);
    struct span s = line_span(page, line);
    if (!page->big_heads || !c->prev || c->prev->label != LABEL_TEXT ||
        c->first != c->last ||
        page->blocks[c->first].end - page->blocks[c->first].first > 1)
        return false;
    uint32_t above = column_of(page, c->prev), below = column_of(page, c->next);
    return span_words(s) <= CROSS_WORDS && span_letters(s) <= CROSS_LETTERS_RAGGED &&
           is_near(above, below, 5) && line->width * 5 <= below * 4;
}

// How many headlines show by more than standing alone.
static uint32_t
count_big_heads(const struct page *page)
{
    uint32_t big = 0;
    for (uint32_t i = 0; i < page->blocks_count; i++) {
        if (!page->blocks[i].candidate)
            continue;
        struct chain c = chain_at(page, i);
        big += c.next && is_closed_before(page, &c) &&
               (c.last > c.first || page->blocks[i].end - page->blocks[i].first > 1 ||
                   opens_behind(page, &c));
        i = c.last;
    }
    return big;
}

// In a ragged column a headline shows by a line no column there is wide enough for, by
// room it left for a word of the next line, or by its company.
static enum label
label_ragged_chain(const struct page *page, const struct chain *c)
{
    const struct line *last = last_line(page, &page->blocks[c->last]);
    bool opens = opens_behind(page, c);
    if (!is_closed_before(page, c) && !(opens && c->next))
        return LABEL_TEXT;
    if (opens)
        return LABEL_HEAD;
    const struct line *next = first_line(page, c->next);
    if (!is_text(c->next) || !line_starts(page, next) ||
        !line_starts(page, first_line(page, &page->blocks[c->first])))
        return LABEL_TEXT;
    if (is_repeated(page, c->first))
        return LABEL_HEAD;
    if (is_ragged_crosshead(page, c))
        return LABEL_CROSSHEAD;
    bool room = ragged_has_room(page, last, next) || !c->prev;
    return room || c->last > c->first || !fits_column(page, c) ? LABEL_HEAD
                                                               : LABEL_TEXT;
}

// A page that was wrapped again, each run between blank lines for itself, has short lines
// where its columns broke; on such a page a short line says nothing. Lines are counted
// that stand before a blank line, end no sentence, and have text behind that nothing opens.
static bool
has_loose_breaks(const struct page *page)
{
    uint32_t loose = 0, full = 0;
    for (uint32_t i = 0; i + 1 < page->blocks_count; i++) {
        const struct block *b = &page->blocks[i], *next = &page->blocks[i + 1];
        const struct line *last = last_line(page, b);
        if (!is_text(b) || b->candidate || next->label != LABEL_TEXT ||
            next->candidate || last->closed || !first_line(page, next)->blanks)
            continue;
        bool alone = b->end - b->first == 1;
        uint32_t measure = alone ? last->above : column_of(page, b);
        bool is_full = measure && last->width + (alone ? 6 : 4) > measure;
        *(is_full ? &full : &loose) += 1;
    }
    return loose * 3 > full;
}

// On a page with loose breaks, what has a comma is a piece of its text, and so is what
// stands before a quotation mark; a headline there has its opener behind.
static bool
is_loose_piece(const struct page *page, const struct chain *c)
{
    uint32_t next = page->cp[first_line(page, c->next)->begin];
    bool piece = char_opens(next) || char_is_mark(next);
    for (uint32_t i = c->first; i <= c->last; i++)
        for (uint32_t k = page->blocks[i].first; k < page->blocks[i].end; k++) {
            struct span s = line_span(page, &page->lines[k]);
            piece = piece || span_find(s, 0, ",") < s.size;
        }
    return piece && page->loose_breaks && c->prev && is_text(c->prev);
}

// Three lines and more that fill their column but for the last are a paragraph that a
// blank line cut where its line was not full; no headline is set like that.
static bool
is_cut_paragraph(const struct page *page, const struct chain *c)
{
    const struct block *b = &page->blocks[c->first];
    uint32_t measure = c->prev && is_text(c->prev) ? column_of(page, c->prev) : 0;
    if (c->first != c->last || b->end - b->first < 3 || !measure)
        return false;
    for (uint32_t i = b->first; i + 1 < b->end; i++) {
        const struct line *line = &page->lines[i];
        bool start = i == b->first && is_start(page, line, measure);
        if (!start && !line->spread && !is_near(line->width, measure, 2))
            return false;
    }
    return last_line(page, b)->width <= measure;
}

// The title of a caption: what follows is one short block of text and a credit.
static bool
titles_caption(const struct page *page, uint32_t i)
{
    uint32_t next = behind(page, i);
    if (next >= page->blocks_count || page->blocks[next].label != LABEL_TEXT ||
        page->blocks[next].end - page->blocks[next].first > CAPTION_LINES)
        return false;
    uint32_t credit = behind(page, next);
    return credit < page->blocks_count && page->blocks[credit].label == LABEL_CREDIT;
}

// A piece of text before a caption goes on behind it; where nothing does, it was no piece.
static bool
goes_on_behind_caption(const struct page *page, uint32_t i)
{
    uint32_t after = behind(page, behind(page, behind(page, i)));
    return after < page->blocks_count && page->blocks[after].label == LABEL_TEXT &&
           !page->blocks[after].candidate;
}

static enum label
label_chain(const struct page *page, const struct chain *c)
{
    bool closed = is_closed_before(page, c), opens = opens_behind(page, c);
    bool fits = fits_column(page, c);
    const struct line *first = first_line(page, &page->blocks[c->first]);
    if (closed && opens) {
        bool cut_off =
            !c->next && c->prev && fits && line_starts(page, first) && is_text(c->prev);
        return cut_off ? LABEL_TEXT : LABEL_HEAD;
    }
    if (opens)
        return fits ? LABEL_TEXT : LABEL_HEAD;
    if (!closed || !is_text(c->next))
        return c->prev || !c->next || is_text(c->next) ? LABEL_TEXT : LABEL_HEAD;
    if (is_loose_piece(page, c) || is_cut_paragraph(page, c))
        return LABEL_TEXT;
    bool title = c->first == c->last && titles_caption(page, c->last);
    if (title && c->prev &&
        (!is_piece(page, c, column_of(page, c->prev), false) ||
            !goes_on_behind_caption(page, c->last)))
        return LABEL_HEAD;
    bool text_starts = line_starts(page, first_line(page, c->next));
    bool piece = c->prev && is_piece_of_text(page, c);
    const struct block *b = &page->blocks[c->first];
    if (piece && (!text_starts || c->last > c->first || b->end - b->first > 1))
        return LABEL_TEXT;

    if (!is_crosshead(page, c) || is_repeated(page, c->first))
        return LABEL_HEAD;
    // A short line with a comma is a sentence cut off sooner than a heading.
    struct span s = line_span(page, first);
    bool comma = span_find(s, label_is_numbered(s) ? 2 : 0, ",") < s.size;
    return comma ? LABEL_TEXT : LABEL_CROSSHEAD;
}

// Over a row of a table stands what its columns are: words parted by space.
static bool
heads_table(const struct page *page, const struct block *b, const struct line *next)
{
    struct span s = line_span(page, last_line(page, b));
    uint32_t spaces = 0;
    for (uint32_t i = 1; i < s.size; i++)
        spaces += char_is_space(s.cp[i]) && !char_is_space(s.cp[i - 1]);
    return spaces >= 2 && b->end - b->first == 1 && label_is_row(line_span(page, next));
}

// A line with a page number under it, or in a column with such lines, is the index; one
// over a row is the head of a table.
static void
drop_teasers(struct page *page)
{
    for (uint32_t i = 0; i + 1 < page->blocks_count; i++) {
        struct block *b = &page->blocks[i];
        const struct line *next = first_line(page, &page->blocks[i + 1]);
        if (b->candidate && page->blocks[i + 1].label == LABEL_FURNITURE &&
            !next->blanks &&
            (label_is_page_number(line_span(page, next)) ||
                heads_table(page, b, next))) {
            b->candidate = false;
            b->label = LABEL_FURNITURE;
        }
    }
}

// What a group's words say: how much of them stands above and below.
struct group {
    uint32_t first, last; // blocks
    uint32_t above, below;
    bool at_start, at_end; // nothing but furniture beyond
};

// A headline has three parts at most; what a longer group has beyond them, on the side
// away from its text, is what a page puts between articles.
static void
cut_group(struct page *page, const struct group *g, bool after)
{
    for (uint32_t i = g->first; i <= g->last; i++) {
        bool beyond =
            after ? i + GROUP_BLOCKS <= g->last : i >= g->first + GROUP_BLOCKS;
        if (beyond)
            page->blocks[i].label = LABEL_FURNITURE;
    }
}

// A name alone between a headline and its text, or behind a text that has ended, is who
// wrote it, though no word says so.
// Does the headline write small what others write large? Then capitals mean a name.
static bool
is_sentence_case(const struct page *page, const struct block *b)
{
    for (uint32_t i = b->first; i < b->end; i++)
        if (latin_is_small(line_span(page, &page->lines[i])))
            return true;
    return false;
}

static bool
is_bare_name(const struct page *page, const struct block *b, const struct block *prev)
{
    struct span s = line_span(page, first_line(page, b));
    bool sure;
    if (page->cjk)
        return people_is_bare_name(s);
    return latin_is_bare_name(s, &sure) &&
           (sure || (prev->candidate && is_sentence_case(page, prev)));
}

static void
find_bare_names(struct page *page)
{
    for (uint32_t i = 0; i < page->blocks_count; i++) {
        struct block *b = &page->blocks[i];
        uint32_t prev = before(page, i), next = behind(page, i);
        if (!b->candidate || b->end - b->first > 1 || prev >= page->blocks_count ||
            !is_bare_name(page, b, &page->blocks[prev]))
            continue;
        const struct block *p = &page->blocks[prev];
        bool text_behind = next < page->blocks_count && is_text(&page->blocks[next]) &&
                           !page->blocks[next].candidate;
        bool ended = is_text(p) && !p->candidate && last_line(page, p)->closed;
        if ((p->candidate && text_behind) || (ended && !text_behind)) {
            b->label = LABEL_BYLINE;
            b->candidate = false;
        }
    }
}

static void
label_chains(struct page *page)
{
    uint32_t group = 0;
    for (uint32_t i = 0; i < page->blocks_count; i++)
        page->blocks[i].candidate = looks_like_head(page, &page->blocks[i]);
    drop_teasers(page);
    find_bare_names(page);
    page->big_heads = page->cjk ? 0 : count_big_heads(page);
    page->loose_breaks = page->cjk && has_loose_breaks(page);
    for (uint32_t i = 0; i < page->blocks_count; i++) {
        if (!page->blocks[i].candidate)
            continue;
        struct chain c = chain_at(page, i);
        enum label label =
            page->cjk ? label_chain(page, &c) : label_ragged_chain(page, &c);
        group++;
        for (; i <= c.last; i++)
            if (page->blocks[i].candidate) {
                page->blocks[i].label = label;
                page->blocks[i].group = label == LABEL_HEAD ? group : 0;
            }
        i = c.last;
    }
}

static struct group
group_at(const struct page *page, const struct overlap *o, uint32_t i)
{
    struct group g = {.first = i, .last = i};
    uint32_t n = 0;
    while (g.last + 1 < page->blocks_count &&
           (page->blocks[g.last + 1].group == page->blocks[i].group))
        g.last++;
    for (uint32_t k = g.first; k <= g.last; k++, n++) {
        uint32_t text = overlap_text(o, k);
        g.above += text ? overlap_of(o, &page->blocks[k], text - 1) : 0;
        g.below += overlap_of(o, &page->blocks[k], text);
    }
    g.above /= n;
    g.below /= n;
    g.at_start = before(page, g.first) == page->blocks_count;
    g.at_end = behind(page, g.last) == page->blocks_count;
    return g;
}

static void
set_side(struct page *page, const struct group *g, bool after)
{
    for (uint32_t i = g->first; i <= g->last; i++)
        page->blocks[i].after = after;
    cut_group(page, g, after);
}

static bool
votes_after(const struct group *g, bool page_after)
{
    if (g->at_start || g->at_end)
        return g->at_start;
    uint32_t own = page_after ? g->below : g->above;
    uint32_t other = page_after ? g->above : g->below;
    bool outvotes = other >= own + WIDE_MARGIN && own < WIDE_MARGIN / 2;
    return outvotes ? !page_after : page_after;
}

// A group whose first blocks speak of the text above and whose last of the text below is
// two headlines, back to back.
static void
split_group(struct page *page, const struct overlap *o, const struct group *g)
{
    for (uint32_t i = g->first; i <= g->last && !g->at_start && !g->at_end; i++) {
        uint32_t text = overlap_text(o, i);
        uint32_t above = overlap_of(o, &page->blocks[i], text - 1);
        uint32_t below = overlap_of(o, &page->blocks[i], text);
        bool belongs_below = below >= above + WIDE_MARGIN && above < WIDE_MARGIN / 2;
        bool belongs_above = above >= below + WIDE_MARGIN && below < WIDE_MARGIN / 2;
        if (i == g->first && !belongs_above)
            return;
        if (i == g->first || !belongs_below)
            continue;
        for (uint32_t k = i; k <= g->last; k++) {
            page->blocks[k].after = true;
            page->blocks[k].group += page->blocks_count;
        }
        for (uint32_t k = g->first; k < i; k++)
            page->blocks[k].after = false;
        return;
    }
}

// How many different pairs of the line's letters stand in the blocks from first to end.
static uint32_t
pairs_within(const struct page *page, struct span s, uint32_t first, uint32_t end)
{
    uint32_t found = 0;
    for (uint32_t k = 0; k + 1 < s.size && k < CROSS_LETTERS; k++) {
        bool here = false;
        for (uint32_t b = first; b < end && !here; b++)
            for (uint32_t i = page->blocks[b].first; i < page->blocks[b].end && !here;
                 i++) {
                struct span t = line_span(page, &page->lines[i]);
                for (uint32_t n = 0; n + 1 < t.size && !here; n++)
                    here = t.cp[n] == s.cp[k] && t.cp[n + 1] == s.cp[k + 1];
            }
        found += here;
    }
    return found;
}

// A page whose texts open with a lead-in or a byline shows its headlines by those.
static bool
has_openers(const struct page *page)
{
    for (uint32_t i = 0; i < page->blocks_count; i++)
        if (page->blocks[i].label == LABEL_LEAD ||
            page->blocks[i].label == LABEL_BYLINE)
            return true;
    return page->loose_breaks;
}

// Where headlines stand below their text, a short line that speaks of the text above and
// not of the one below is no cross-head but the headline of the text above.
static void
raise_crossheads(struct page *page)
{
    uint32_t group = page->blocks_count * 2 + 1, from = 0;
    for (uint32_t i = 0; i < page->blocks_count; i++) {
        struct block *b = &page->blocks[i];
        uint32_t end = i + 1;
        if (b->label == LABEL_HEAD)
            from = i + 1;
        if (b->label != LABEL_CROSSHEAD || i - from > RAISE_BLOCKS)
            continue;
        struct span s = line_span(page, first_line(page, b));
        while (end < page->blocks_count && is_text(&page->blocks[end]) &&
               end - i <= RAISE_BLOCKS)
            end++;
        if (pairs_within(page, s, from, i) >
            2 * pairs_within(page, s, i + 1, end) + (label_is_numbered(s) ? 9 : 0)) {
            b->label = LABEL_HEAD;
            b->group = group++;
        }
        from = i + 1;
    }
}

void
page_find_headlines(struct page *page)
{
    label_chains(page);
    const struct overlap *o = overlap_new(page);
    int64_t after =
        1; // headlines stand above their text unless the page says otherwise
    if (!o)
        return;
    for (int pass = 0; pass < 2; pass++)
        for (uint32_t i = 0; i < page->blocks_count; i++) {
            if (page->blocks[i].label != LABEL_HEAD)
                continue;
            struct group g = group_at(page, o, i);
            if (pass == 0)
                after += (int64_t)g.below - g.above + (g.at_start ? EDGE_OF_PAGE : 0) -
                         (g.at_end ? EDGE_OF_PAGE : 0);
            else
                set_side(page, &g,
                    votes_after(&g, after > 0) ||
                        (g.first == g.last && g.below > g.above + TITLE_MARGIN &&
                            titles_caption(page, g.last)));
            if (pass == 1 && g.first < g.last)
                split_group(page, o, &g);
            i = g.last;
        }
    if (after <= 0 && page->cjk && !has_openers(page))
        raise_crossheads(page);
}
