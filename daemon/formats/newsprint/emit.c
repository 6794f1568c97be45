// Items to articles: names, what a caption's credit says, everything in its field; and the
// promise that no character of the page is lost or used twice.
#include "formats/newsprint/page.h"

static const char *
says_whose(const struct block *b)
{
    return b->label == LABEL_CREDIT ? "photographer" : "author";
}

static void
use_block(struct page *page, const struct block *b)
{
    for (uint32_t i = page->lines[b->first].begin; i < page->lines[b->end - 1].end; i++)
        if (!char_is_space(page->cp[i]) && page->used[i] < 2)
            page->used[i]++;
}

// A credit at the end of a caption's last line is not its text: 。本报记者 张三 摄
static void
take_inline_credit(struct page *page, struct item *item)
{
    if (!item->paragraphs_count)
        return;
    (void)page;
    struct paragraph *p = &item->paragraphs[item->paragraphs_count - 1];
    for (uint32_t i = p->text.size; i-- > 0 && p->text.size - i < 40;) {
        if (!span_stops(p->text, i))
            continue;
        struct span rest = span_trim(span_cut(p->text, i + 1, p->text.size));
        if (rest.size && char_closes(rest.cp[0]))
            return;
        if (rest.size && label_is_credit(rest)) {
            people_take(item, rest, "photographer");
            p->text = span_cut(p->text, 0, i + 1);
            item->caption =
                item->caption || (item->paragraphs_count == 1 && !item->lead);
        }
        return;
    }
}

// Names in brackets behind the last sentence: 。（记者张三）
static void
take_end_byline(struct item *item)
{
    if (!item->paragraphs_count)
        return;
    struct span s = item->paragraphs[item->paragraphs_count - 1].text;
    if (!s.size || char_fold(s.cp[s.size - 1]) != ')')
        return;
    for (uint32_t i = s.size - 1; i > 1 && s.size - i < 40; i--) {
        if (char_fold(s.cp[i]) != '(')
            continue;
        struct people_found found;
        struct span inner = span_cut(s, i + 1, s.size - 1);
        if (span_stops(s, i - 1) && people_only(inner, &found) && found.names)
            people_take(item, inner, found.credits ? "photographer" : "author");
        return;
    }
}

static void
read_names(struct page *page, struct item *item)
{
    for (uint32_t k = 0; k < item->blocks_count; k++) {
        const struct block *b = &page->blocks[item->blocks[k]];
        if (b->label != LABEL_BYLINE && b->label != LABEL_CREDIT)
            continue;
        struct span names = block_join(page, b);
        if (page->cjk)
            people_take(item, names, says_whose(b));
        else
            latin_take_people(item, names, says_whose(b));
        if (b->label == LABEL_BYLINE && !item->by.size)
            item->by = names;
        use_block(page, b);
    }
}

static struct slice
body_of(struct page *page, const struct item *item)
{
    size_t room = 0, size = 0;
    for (uint32_t p = 0; p < item->paragraphs_count; p++)
        room += utf8_room(item->paragraphs[p].text) + 2;
    uint8_t *out = arena_room(page->arena, room);
    for (uint32_t p = 0; out && p < item->paragraphs_count; p++) {
        if (p > 0) {
            out[size++] = '\n';
            out[size++] = '\n';
        }
        size += utf8_write(item->paragraphs[p].text, out + size);
    }
    return slice_of(out, size);
}

static void
add_range(struct article_lines *ranges, uint32_t *count, uint32_t first, uint32_t last)
{
    if (*count && ranges[*count - 1].last + 1 >= first &&
        ranges[*count - 1].last < last)
        ranges[*count - 1].last = last;
    else
        ranges[(*count)++] = (struct article_lines){first, last};
}

static void
set_lines(struct page *page, const struct item *item, struct article *a)
{
    a->wr.lines = arena_array(page->arena, item->blocks_count, sizeof *a->wr.lines);
    for (uint32_t k = 0; a->wr.lines && k < item->blocks_count; k++) {
        const struct block *b = &page->blocks[item->blocks[k]];
        add_range(a->wr.lines, &a->wr.lines_count, page->lines[b->first].number,
            page->lines[b->end - 1].last);
    }
}

static void
add_jump(struct page *page, const struct block *b, struct article *a)
{
    bool on = b->label == LABEL_JUMP_ON;
    struct value *ref = article_add(a, ARTICLE_ASSOCIATIONS, 2);
    if (!ref)
        return;
    value_set(ref, "name",
        value_of_text(on ? SLICE("continued-on") : SLICE("continued-from")),
        page->arena);
    value_set(ref, "title", value_of_text(utf8_of(block_join(page, b), page->arena)),
        page->arena);
    use_block(page, b);
}

// How sure: an item that something opened and whose paragraphs all end is as good as
// read; each thing missing takes some of that away.
static uint8_t
confidence(const struct page *page, const struct item *item)
{
    uint32_t percent = 98;
    if (!item->lead && !item->names && !item->caption)
        percent -= 15;
    if (!item->main.size && !item->caption)
        percent -= 10;
    if (item->kicker.size || item->sub.size)
        percent -= 5;
    for (uint32_t p = 0; p < item->paragraphs_count; p++)
        if (!item->paragraphs[p].heading && !span_closed(item->paragraphs[p].text) &&
            percent > 40)
            percent -= 8;
    (void)page;
    return (uint8_t)percent;
}

static void
add_headline(struct page *page, struct article *a, const char *role, struct span s)
{
    if (s.size)
        article_add_headline(a, role, utf8_of(s, page->arena));
}

static struct article *
make_article(struct page *page, struct item *item)
{
    struct article *a = article_new(page->arena);
    if (!a)
        return NULL;
    article_set_text(a, ARTICLE_TYPE, item->caption ? SLICE("picture") : SLICE("text"));
    if (page->input->language.size)
        article_set_text(a, ARTICLE_LANGUAGE, page->input->language);
    add_headline(page, a, "main", item->main);
    add_headline(page, a, "kicker", item->kicker);
    add_headline(page, a, "sub", item->sub);
    for (uint32_t i = 0; i < item->people_count; i++) {
        struct text name = {.arena = page->arena};
        for (uint32_t k = 0; k < item->people[i].name.size; k++)
            if (!page->cjk || !char_is_space(item->people[i].name.cp[k]))
                text_put(&name, item->people[i].name.cp[k]);
        article_add_person(
            a, item->people[i].rel, utf8_of(text_span(&name), page->arena));
    }
    if (item->by.size)
        article_set_text(a, ARTICLE_BY, utf8_of(item->by, page->arena));
    article_add_body(a, "text/plain", body_of(page, item));
    for (uint32_t k = 0; k < item->blocks_count; k++) {
        const struct block *b = &page->blocks[item->blocks[k]];
        if (b->label == LABEL_JUMP_ON || b->label == LABEL_JUMP_FROM)
            add_jump(page, b, a);
    }
    a->wr.kind = item_kind(page, item);
    a->wr.desk_mark = utf8_of(item->desk_mark, page->arena);
    a->wr.dateline = utf8_of(item->dateline, page->arena);
    a->wr.page = page->input->page;
    a->wr.confidence = confidence(page, item);
    if (item->ligatures)
        article_changed(a, "ligature", "bodies", item->ligatures);
    if (item->hyphens)
        article_changed(a, "hyphen", "bodies", item->hyphens);
    item_add_dates(page, item, a);
    set_lines(page, item, a);
    return a;
}

static void
read_item(struct page *page, struct item *item)
{
    item_read_headlines(page, item);
    item_read_lead(page, item);
    read_names(page, item);
    take_inline_credit(page, item);
    take_end_byline(item);
}

// Every character but space is used once, or not at all and its line is unassigned.
static bool
accounts_for_all(struct page *page, struct article_lines *unassigned, uint32_t *count)
{
    for (uint32_t n = 0; n < page->lines_count; n++) {
        const struct line *line = &page->lines[n];
        uint32_t once = 0;
        for (uint32_t i = line->begin; i < line->end; i++)
            once += page->used[i] == 1;
        if (once == 0)
            add_range(unassigned, count, line->number, line->last);
        else if (once != line->letters)
            return false;
    }
    return true;
}

static bool
is_empty(const struct item *item)
{
    return item->paragraphs_count == 0;
}

static void
drop_empty_items(struct page *page)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < page->items_count; i++)
        if (!is_empty(&page->items[i]))
            page->items[n++] = page->items[i];
    page->items_count = n;
}

void
page_emit_whole(struct page *page, const char *why, struct format_output *out)
{
    struct article *a = article_new(page->arena);
    out->items = arena_array(page->arena, 1, sizeof(struct article *));
    if (!a || !out->items)
        return;
    article_set_text(a, ARTICLE_TYPE, SLICE("text"));
    if (page->input->language.size)
        article_set_text(a, ARTICLE_LANGUAGE, page->input->language);
    article_add_body(
        a, "text/plain", utf8_of(span_of(page->cp, page->size), page->arena));
    article_warn(a, why, slice_of(NULL, 0));
    a->wr.kind = "page";
    a->wr.page = page->input->page;
    a->wr.page_item = a->wr.page_of = 1;
    a->wr.confidence = 1;
    out->items[0] = a;
    out->count = 1;
}

void
page_emit(struct page *page, struct format_output *out)
{
    uint32_t unassigned = 0;
    struct article_lines *loose =
        arena_array(page->arena, page->lines_count, sizeof *loose);
    drop_empty_items(page);
    out->items = arena_array(page->arena, page->items_count, sizeof(struct article *));
    for (uint32_t i = 0; i < page->items_count; i++)
        read_item(page, &page->items[i]);
    for (uint32_t i = 0; out->items && i < page->items_count; i++)
        out->items[i] = make_article(page, &page->items[i]);
    if (page->arena->failed || !loose || !out->items)
        return;
    if (!page->items_count || !accounts_for_all(page, loose, &unassigned)) {
        page_emit_whole(
            page, page->items_count ? "page-not-accounted" : "page-not-cut", out);
        return;
    }
    out->count = page->items_count;
    for (uint32_t i = 0; i < out->count; i++) {
        out->items[i]->wr.unassigned = loose;
        out->items[i]->wr.unassigned_count = unassigned;
        out->items[i]->wr.page_item = i + 1;
        out->items[i]->wr.page_of = out->count;
    }
}
