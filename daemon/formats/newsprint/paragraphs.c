// Lines of an item's text to paragraphs: where they end is asked of the file that knows
// the script; the lines between are joined to running text.
#include "formats/newsprint/page.h"

static uint32_t
count_ligatures(const struct page *page, const struct line *line)
{
    uint32_t n = 0;
    bool any = page->ligatures && !page->cjk;
    for (uint32_t i = line->begin; any && i < line->end; i++)
        n += char_is_ligature(page->cp[i]);
    return n;
}

static void
add_paragraph(struct page *page, struct item *item, uint32_t first, uint32_t end)
{
    struct text out = {.arena = page->arena};
    uint32_t size = 0;
    for (uint32_t i = first; i < end; i++)
        size += line_span(page, &page->lines[item->lines[i]]).size + 1;
    text_reserve(&out, size);
    for (uint32_t i = first; i < end; i++) {
        const struct line *line = &page->lines[item->lines[i]];
        if (i > first && join_break(page, line, &out))
            item->hyphens++;
        join_line(page, line, &out, true);
        item->ligatures += count_ligatures(page, line);
    }
    item->paragraphs[item->paragraphs_count++] = (struct paragraph){.first = first,
        .end = end,
        .text = text_span(&out),
        .heading = page->lines[item->lines[first]].heading};
}

// A cross-head is a paragraph of its own, whatever its lines look like.
static bool
is_border(const struct page *page, const struct item *item, uint32_t i)
{
    return i + 1 == item->lines_count || page->lines[item->lines[i]].heading ||
           page->lines[item->lines[i + 1]].heading;
}

static void
cut_paragraphs(struct page *page, const struct habits *h, struct item *item)
{
    uint32_t n = item->lines_count;
    item->paragraphs = arena_array(page->arena, n, sizeof *item->paragraphs);
    bool *ends = arena_alloc(page->arena, n);
    if (!ends || !item->paragraphs)
        return;
    if (page->cjk)
        shapes_find_ends(page, h, item, ends);
    else
        ragged_find_ends(page, item, ends);
    for (uint32_t i = 0, first = 0; i < n; i++)
        if (ends[i] || is_border(page, item, i)) {
            add_paragraph(page, item, first, i + 1);
            first = i + 1;
        }
}

void
page_cut_paragraphs(struct page *page)
{
    struct habits h = shapes_learn_habits(page);
    for (uint32_t i = 0; i < page->items_count; i++)
        if (page->items[i].lines_count)
            cut_paragraphs(page, &h, &page->items[i]);
}
