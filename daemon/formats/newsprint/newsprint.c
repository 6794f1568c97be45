// Newsprint: one page of hard-wrapped columns in, separate clean articles out. A text
// layer keeps the letters of a page and loses its setting: columns, sizes, rules. The
// steps that guess it back are in page.h; each is one file.
#include "formats/newsprint/page.h"

static void
cut_page(struct page *page, struct format_output *out)
{
    if (!page_cut_lines(page)) {
        page_emit_whole(page, "page-too-long", out);
        return;
    }
    if (!page->lines_count) {
        fault_set(
            &out->fault, WIRE_EMPTY_ARTICLE, FAULT_NOWHERE, "", "the page is empty");
        return;
    }
    if (page_is_scattered(page)) {
        page_emit_whole(page, "page-scattered", out);
        return;
    }
    page_measure(page);
    join_find_caesuras(page);
    hyphens_learn(page);
    page_cut_blocks(page);
    page_find_headlines(page);
    if (!page_make_items(page)) {
        fault_set(&out->fault, WIRE_TOO_MANY_ITEMS, FAULT_NOWHERE, "",
            "the page has more than %u items", ARTICLE_ITEMS_MAX);
        return;
    }
    page_cut_paragraphs(page);
    page_emit(page, out);
}

void
newsprint_load(void)
{
    chars_load();
    words_load();
}

void
newsprint_read(const struct format_input *input, struct slice text, struct arena *arena,
    struct format_output *out)
{
    struct page page = {.arena = arena, .input = input, .raw = text};
    out->format = "newsprint";
    newsprint_load();
    cut_page(&page, out);
    if (arena->failed)
        fault_set(&out->fault, WIRE_NO_MEMORY, FAULT_NOWHERE, "",
            "the page needs more memory");
    if (out->fault.code)
        out->count = 0;
}
