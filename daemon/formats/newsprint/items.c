// Blocks to items. The page is walked once from top to bottom with one item in hand; a
// block either belongs to it, ends it, or begins the next. A caption is known only when
// its credit comes, and is then taken off the end of the item in hand.
#include "formats/newsprint/page.h"

#define CAPTION_LETTERS 280U // an item of more is not a caption
#define CAPTION_BLOCK \
    160U // letters of a block that a credit claims without other signs

#define ITEMS_ROOM 16U // to begin with

struct maker {
    struct page *page;
    uint32_t cur;      // item in hand
    bool sealed;       // it has ended: what comes next begins another
    bool captioned;    // ... with a caption; the article before may go on behind it
    uint32_t resume;   // that article; items_count when there is none
    bool full;         // no room for another item
    bool overflow;     // ... because the page has too many
    bool signed_below; // bylines stand under the headline of the text above
};

static struct item *
item_at(struct maker *m, uint32_t i)
{
    return &m->page->items[i];
}

static bool
is_text(enum label label)
{
    return label == LABEL_TEXT || label == LABEL_LEAD || label == LABEL_CROSSHEAD;
}

static void
count_block(struct item *item, const struct block *b, uint32_t n)
{
    item->texts += is_text(b->label) ? n : 0;
    item->heads += b->label == LABEL_HEAD ? n : 0;
    item->names += b->label == LABEL_BYLINE || b->label == LABEL_LEAD ? n : 0;
}

static void
add_to(struct maker *m, uint32_t item_index, uint32_t block)
{
    struct item *item = item_at(m, item_index);
    if (item->blocks_count == item->blocks_room) {
        uint32_t room = item->blocks_room ? item->blocks_room * 2 : 8;
        uint32_t *grown = arena_grow(
            m->page->arena, item->blocks, item->blocks_count, room, sizeof *grown);
        if (!grown)
            return;
        item->blocks = grown;
        item->blocks_room = room;
    }
    item->blocks[item->blocks_count++] = block;
    count_block(item, &m->page->blocks[block], 1);
}

// make_room for one more item; false: past the limit, or out of memory.
static bool
make_room(struct page *page)
{
    if (page->items_count < page->items_room)
        return true;
    uint32_t room = page->items_room * 2;
    room = room < ARTICLE_ITEMS_MAX ? room : ARTICLE_ITEMS_MAX;
    if (room == page->items_count)
        return false;
    struct item *grown =
        arena_grow(page->arena, page->items, page->items_count, room, sizeof *grown);
    if (!grown)
        return false;
    page->items = grown;
    page->items_room = room;
    return true;
}

static void
begin_item(struct maker *m)
{
    m->sealed = m->captioned = false;
    if (item_at(m, m->cur)->blocks_count == 0)
        return;
    if (!make_room(m->page)) {
        m->overflow = m->page->items_count == ARTICLE_ITEMS_MAX;
        m->full = true;
        return;
    }
    m->cur = m->page->items_count++;
}

static const struct block *
next_block(const struct page *page, uint32_t i)
{
    for (i++; i < page->blocks_count; i++)
        if (page->blocks[i].label != LABEL_FURNITURE)
            return &page->blocks[i];
    return NULL;
}

static bool
has_group(struct maker *m, const struct item *item, uint32_t group)
{
    for (uint32_t k = 0; k < item->blocks_count; k++)
        if (m->page->blocks[item->blocks[k]].group == group)
            return true;
    return false;
}

// A headline below its text finds the article behind a caption that came between, and
// joins a headline that stands above.
static bool
wants_head(struct maker *m, uint32_t i, uint32_t group)
{
    const struct item *item = item_at(m, i);
    if (!item->texts || (item->heads && m->sealed && !has_group(m, item, group)))
        return false;
    bool article_before =
        i > 0 && item_at(m, i - 1)->texts && !item_at(m, i - 1)->heads;
    return !(item->caption && article_before);
}

static void
take_head_of_text_above(struct maker *m, uint32_t i)
{
    uint32_t group = m->page->blocks[i].group;
    for (uint32_t back = 0; back < 2 && back <= m->cur; back++)
        if (wants_head(m, m->cur - back, group)) {
            add_to(m, m->cur - back, i);
            m->sealed = true;
            return;
        }
    begin_item(m);
    add_to(m, m->cur, i);
}

static void
take_head(struct maker *m, uint32_t i)
{
    const struct block *b = &m->page->blocks[i];
    if (!b->after) {
        take_head_of_text_above(m, i);
        return;
    }
    struct item *item = item_at(m, m->cur);
    bool other = item->heads && !has_group(m, item, b->group);
    if (item->texts || other || m->sealed)
        begin_item(m);
    add_to(m, m->cur, i);
}

// A byline after text ends it where a headline, a lead-in or the page's end follows;
// before more text it begins the next item.
static bool
signs_headline(struct maker *m, uint32_t i)
{
    const struct block *b = &m->page->blocks[i];
    while (b > m->page->blocks && (--b)->label == LABEL_FURNITURE)
        ;
    return m->signed_below && b->label == LABEL_HEAD && !b->after;
}

static bool
is_signed(struct maker *m, const struct item *item)
{
    struct span mark, names;
    for (uint32_t k = 0; k < item->blocks_count; k++) {
        const struct block *b = &m->page->blocks[item->blocks[k]];
        struct span s = line_span(m->page, &m->page->lines[b->first]);
        if (b->label == LABEL_BYLINE ||
            (b->label == LABEL_LEAD && lead_extent(s, &mark, &names) && names.size))
            return true;
    }
    return false;
}

// A byline that stands between a text which says already who wrote it and a headline whose
// text does not, signs what is below.
static bool
signs_text_below(struct maker *m, uint32_t i)
{
    const struct page *page = m->page;
    const struct block *b = next_block(page, i);
    if (!b || b->label != LABEL_HEAD || !b->after)
        return false;
    while (b && b->label == LABEL_HEAD)
        b = next_block(page, (uint32_t)(b - page->blocks));
    return b && b->label == LABEL_TEXT && is_signed(m, item_at(m, m->cur));
}

static void
take_byline(struct maker *m, uint32_t i)
{
    if (signs_headline(m, i)) {
        add_to(m, m->cur, i);
        return;
    }
    if (signs_text_below(m, i)) {
        begin_item(m);
        add_to(m, m->cur, i);
        return;
    }
    const struct block *next = next_block(m->page, i);
    bool text_follows = next && next->label == LABEL_TEXT;
    if (m->sealed || (item_at(m, m->cur)->texts && text_follows)) {
        begin_item(m);
        add_to(m, m->cur, i);
        return;
    }
    add_to(m, m->cur, i);
    if (item_at(m, m->cur)->texts && next && next->label != LABEL_HEAD)
        m->sealed = true;
}

static bool
resumes(struct maker *m, const struct block *b)
{
    if (!m->captioned || m->resume >= m->page->items_count || b->label != LABEL_TEXT)
        return false;
    const struct item *item = item_at(m, m->resume);
    for (uint32_t k = 0; k < item->blocks_count; k++) {
        const struct block *h = &m->page->blocks[item->blocks[k]];
        if (h->label == LABEL_HEAD && !h->after)
            return false;
    }
    return true;
}

static void
take_text(struct maker *m, uint32_t i)
{
    const struct block *b = &m->page->blocks[i];
    struct item *item = item_at(m, m->cur);
    struct span first = line_span(m->page, &m->page->lines[b->first]);
    bool caption = b->label == LABEL_TEXT && label_opens_caption(first);
    if (m->sealed && !caption && resumes(m, b)) {
        m->cur = m->resume;
        m->sealed = m->captioned = false;
    } else if (m->sealed || (item->texts && (caption || b->label == LABEL_LEAD))) {
        m->resume = m->sealed ? m->resume : m->cur;
        begin_item(m);
    }
    add_to(m, m->cur, i);
    item = item_at(m, m->cur);
    item->caption = item->caption || (caption && item->texts == 1);
    if (item->caption && m->page->lines[b->end - 1].closed) {
        const struct block *next = next_block(m->page, i);
        m->sealed = !next || next->label != LABEL_CREDIT;
        m->captioned = m->sealed;
    }
}

static uint32_t
letters_from(struct maker *m, const struct item *item, uint32_t from)
{
    uint32_t letters = 0;
    for (uint32_t k = from; k < item->blocks_count; k++) {
        const struct block *b = &m->page->blocks[item->blocks[k]];
        for (uint32_t i = b->first; is_text(b->label) && i < b->end; i++)
            letters += m->page->lines[i].letters;
    }
    return letters;
}

static bool
closes(struct maker *m, const struct item *item, uint32_t k)
{
    const struct block *b = &m->page->blocks[item->blocks[k]];
    return !is_text(b->label) || m->page->lines[b->end - 1].closed;
}

// Does block a stand in another column than one of this measure? A block too short to
// have a measure does when one of its lines would not go in.
static bool
leaves_measure(const struct page *page, const struct block *a, uint32_t measure)
{
    uint32_t own = block_measure(page, a);
    if (own)
        return (own > measure ? own - measure : measure - own) > 3;
    for (uint32_t i = a->first; i < a->end; i++)
        if (page->lines[i].indent + page->lines[i].width > measure + 3)
            return true;
    return false;
}

static bool
fits_caption(struct maker *m, const struct item *item, uint32_t from)
{
    return letters_from(m, item, from) <= CAPTION_LETTERS;
}

// caption_start finds among the blocks of the item in hand the first of the caption that
// a credit has just closed: where the measure changes behind closed text, else the last
// block when it is short; blocks_count when the credit is the article's own.
static uint32_t
caption_start(struct maker *m, const struct item *item)
{
    const struct page *page = m->page;
    uint32_t last = item->blocks_count - 1, none = item->blocks_count;
    const struct block *b = &page->blocks[item->blocks[last]];
    uint32_t measure = block_measure(page, b);
    measure = measure ? measure : page->lines[b->first].above;
    for (uint32_t k = last; k > 0; k--) {
        const struct block *a = &page->blocks[item->blocks[k - 1]];
        if (page->blocks[item->blocks[k]].label != LABEL_TEXT)
            break;
        if (a->label == LABEL_HEAD)
            continue;
        if (!is_text(a->label) && fits_caption(m, item, k))
            return k;
        if (!is_text(a->label))
            break;
        if (measure && leaves_measure(page, a, measure)) {
            uint32_t start = closes(m, item, k - 1) || k == last ? k : k + 1;
            return fits_caption(m, item, start) ? start : none;
        }
    }
    if (!item->names && fits_caption(m, item, 0))
        return 0;
    bool alone = last > 0 && b->label == LABEL_TEXT && closes(m, item, last - 1) &&
                 is_text(page->blocks[item->blocks[last - 1]].label);
    return alone && letters_from(m, item, last) <= CAPTION_BLOCK ? last : none;
}

static void
split_caption(struct maker *m, uint32_t start)
{
    uint32_t article = m->cur, count = item_at(m, article)->blocks_count;
    begin_item(m);
    if (m->full)
        return;
    m->resume = article;
    struct item *from = item_at(m, article);
    for (uint32_t k = start; k < count; k++) {
        count_block(from, &m->page->blocks[from->blocks[k]], (uint32_t)-1);
        add_to(m, m->cur, from->blocks[k]);
    }
    from->blocks_count = start;
}

static void
take_credit(struct maker *m, uint32_t i)
{
    if (m->sealed)
        begin_item(m);
    struct item *item = item_at(m, m->cur);
    if (!item->texts) { // the credit comes first
        add_to(m, m->cur, i);
        item->caption = !item->heads;
        return;
    }
    uint32_t start = item->caption ? 0 : caption_start(m, item);
    bool caption = start < item->blocks_count;
    if (start > 0 && caption)
        split_caption(m, start);
    item_at(m, m->cur)->caption = caption;
    add_to(m, m->cur, i);
    m->sealed = true;
    m->captioned = item_at(m, m->cur)->caption;
}

static void
take_jump(struct maker *m, uint32_t i)
{
    bool from = m->page->blocks[i].label == LABEL_JUMP_FROM;
    if (from && (m->sealed || item_at(m, m->cur)->texts))
        begin_item(m);
    add_to(m, m->cur, i);
    const struct block *next = next_block(m->page, i);
    bool head_below = next && next->label == LABEL_HEAD && !next->after;
    if (!from && item_at(m, m->cur)->texts && !head_below)
        m->sealed = true;
}

static void
take_block(struct maker *m, uint32_t i)
{
    switch (m->page->blocks[i].label) {
    case LABEL_TEXT:
    case LABEL_LEAD:
    case LABEL_CROSSHEAD:
        take_text(m, i);
        break;
    case LABEL_HEAD:
        take_head(m, i);
        break;
    case LABEL_BYLINE:
        take_byline(m, i);
        break;
    case LABEL_CREDIT:
        take_credit(m, i);
        break;
    case LABEL_JUMP_ON:
    case LABEL_JUMP_FROM:
        take_jump(m, i);
        break;
    case LABEL_FURNITURE:
        break;
    }
}

static bool
holds_full_stop(const struct page *page, uint32_t line)
{
    struct span s = line_span(page, &page->lines[line]);
    for (uint32_t i = 0; i < s.size; i++)
        if (span_is_full_stop(s, i))
            return true;
    return false;
}

// Text without a single sentence in it, between texts that have ended, is an index, a
// table or an advertisement: nobody's text.
static void
drop_loose_text(struct page *page)
{
    const struct block *prev = NULL;
    for (uint32_t i = 0; i < page->blocks_count; i++) {
        struct block *b = &page->blocks[i];
        const struct block *next = next_block(page, i);
        bool ends = false, fits = true;
        for (uint32_t k = b->first; k < b->end; k++) {
            ends = ends || page->lines[k].closed || holds_full_stop(page, k);
            bool last = k + 1 == b->end && k > b->first + 1; // may be short
            fits = fits && (last || line_fits(page, &page->lines[k]));
        }
        bool open = prev && is_text(prev->label) && !page->lines[prev->end - 1].closed;
        bool goes_on =
            next && !page->cjk
                ? is_text(next->label)
                : next &&
                      (next->label == LABEL_JUMP_ON ||
                          (next->label == LABEL_TEXT && (fits || page->loose_breaks)));
        bool hard_set =
            (prev && is_text(prev->label) && !page->lines[b->first].blanks) ||
            (next && is_text(next->label) && !page->lines[next->first].blanks);
        if (b->label == LABEL_TEXT && !ends && !open && !goes_on && !hard_set &&
            page->blocks_count > 1)
            b->label = LABEL_FURNITURE;
        if (b->label != LABEL_FURNITURE)
            prev = b;
    }
}

static void
collect_lines(struct page *page, struct item *item)
{
    uint32_t count = 0;
    for (uint32_t k = 0; k < item->blocks_count; k++) {
        const struct block *b = &page->blocks[item->blocks[k]];
        count += is_text(b->label) ? b->end - b->first : 0;
    }
    item->lines = arena_array(page->arena, count + 1, sizeof *item->lines);
    for (uint32_t k = 0; item->lines && k < item->blocks_count; k++) {
        const struct block *b = &page->blocks[item->blocks[k]];
        for (uint32_t i = b->first; is_text(b->label) && i < b->end; i++) {
            page->lines[i].heading = b->label == LABEL_CROSSHEAD;
            item->lines[item->lines_count++] = i;
        }
    }
}

// Where headlines stand below, a byline behind one is that headline's or the next text's.
// The page's first or last block says which; else each script has its habit.
static bool
signs_below(const struct page *page)
{
    const struct block *first = NULL, *last = NULL;
    for (uint32_t i = 0; i < page->blocks_count; i++) {
        if (page->blocks[i].label == LABEL_FURNITURE)
            continue;
        first = first ? first : &page->blocks[i];
        last = &page->blocks[i];
    }
    if (first && first->label == LABEL_BYLINE)
        return false;
    return last && (last->label == LABEL_BYLINE || !page->cjk);
}

bool
page_make_items(struct page *page)
{
    struct maker m = {.page = page};
    page->items_room = ITEMS_ROOM;
    page->items = arena_array(page->arena, page->items_room, sizeof *page->items);
    if (!page->items)
        return true;
    page->items_count = 1;
    m.resume = ARTICLE_ITEMS_MAX;
    drop_loose_text(page);
    m.signed_below = signs_below(page);
    for (uint32_t i = 0; i < page->blocks_count && !m.full; i++)
        take_block(&m, i);
    for (uint32_t i = 0; i < page->items_count; i++)
        collect_lines(page, &page->items[i]);
    return !m.overflow;
}
