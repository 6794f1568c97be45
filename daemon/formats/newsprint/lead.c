// The lead-in: the words with which an agency or a desk opens an item, who wrote it in
// brackets behind. 本报讯（记者张三）  新华社北京8月2日电  〔記者李四／台北報導〕
// 【東京共同】  (서울=연합뉴스) 홍길동 기자 =
#include "formats/newsprint/page.h"

#define MARK_MAX 26U // characters from the first word to 讯 or 电

// mark_end gives the end of "讯" or "电" when it comes before any mark of a sentence.
static uint32_t
mark_end(struct span s, uint32_t from)
{
    for (uint32_t i = from; i < s.size && i < from + MARK_MAX; i++) {
        uint32_t c = char_fold(s.cp[i]), end = words_match(s, i, WORDS_MARKS);
        if (end &&
            (end == s.size || char_is_space(s.cp[end]) || char_is_mark(s.cp[end]) ||
                char_is_digit(s.cp[end]) || words_match(s, end, WORDS_BRACKETED)))
            return end;
        if (char_ends(c) || c == ',' || c == ':' || c == '(' || char_opens(c))
            return 0;
    }
    return 0;
}

static uint32_t
skip_space(struct span s, uint32_t at)
{
    while (at < s.size && char_is_space(s.cp[at]))
        at++;
    return at;
}

// bracket_end gives the place behind the bracket that opens at `at`, 0 if it does not
// close soon.
static uint32_t
bracket_end(struct span s, uint32_t at, uint32_t most)
{
    if (at >= s.size || !char_opens(s.cp[at]))
        return 0;
    for (uint32_t i = at + 1; i < s.size && i - at <= most; i++)
        if (char_closes(s.cp[i]))
            return i + 1;
    return 0;
}

static bool
is_bracket(uint32_t c)
{
    c = char_fold(c);
    return c == '(' || c == '[' || c == 0x3010 || c == 0x3014;
}

// Names behind the mark: in brackets, or bare up to 报道.
static uint32_t
names_end(struct span s, uint32_t at, struct span *names_out)
{
    struct people_found found;
    uint32_t from = skip_space(s, at);
    uint32_t end = bracket_end(s, from, 80);
    if (end && is_bracket(s.cp[from])) {
        struct span inner = span_cut(s, from + 1, end - 1);
        if (!people_only(inner, &found) && !found.titles)
            return at;
        *names_out = inner;
        return end;
    }
    uint32_t report = mark_end(s, from);
    if (!report || !people_only(span_cut(s, from, report), &found) || !found.titles)
        return at;
    *names_out = span_cut(s, from, report);
    return report;
}

// 【…】 and 〔…〕 before the text, with a word of the trade inside.
static uint32_t
bracketed_extent(struct span s, struct span *mark_out, struct span *names_out)
{
    uint32_t end = s.size && is_bracket(s.cp[0]) ? bracket_end(s, 0, 36) : 0;
    struct span inner = span_cut(s, 1, end ? end - 1 : 0);
    if (!end || span_letters(inner) < 2 || !words_within(inner, WORDS_BRACKETED))
        return 0;
    if (char_fold(s.cp[0]) == '(' && !mark_end(inner, 0) &&
        span_find(inner, 0, "=") == inner.size)
        return 0;
    struct people_found found;
    (void)people_only(inner, &found);
    *mark_out = inner;
    *names_out = found.titles || span_find(inner, 0, "=") < inner.size
                     ? inner
                     : span_cut(inner, 0, 0);
    return end;
}

uint32_t
lead_extent(struct span s, struct span *mark_out, struct span *names_out)
{
    *names_out = span_of(s.cp, 0);
    uint32_t desk = words_match(s, 0, WORDS_DESKS);
    if (!desk)
        return bracketed_extent(s, mark_out, names_out);
    uint32_t end = mark_end(s, desk);
    if (!end)
        return 0;
    struct people_found found;
    struct span mark = span_cut(s, 0, end);
    if (people_only(mark, &found) && found.names) { // 本报记者张三报道
        *names_out = mark;
        *mark_out = span_of(s.cp, 0);
        return end;
    }
    *mark_out = mark;
    return names_end(s, end, names_out);
}

// In an alphabet a lead-in is known by the dash behind it.
bool
label_may_lead(const struct page *page, uint32_t first, uint32_t end)
{
    static const enum words some[] = {WORDS_DESKS, WORDS_LISTS};
    const struct word_lists desks = word_lists_of(some);
    uint32_t c = page->cp[page->lines[first].begin];
    if (is_bracket(c) || words_begin(c, &desks))
        return true;
    for (uint32_t i = first; i < end && char_is_upper(c); i++)
        if (page->lines[i].dashed)
            return true;
    return false;
}

bool
label_is_lead(struct span s)
{
    struct span mark, names;
    return lead_extent(s, &mark, &names) != 0 || latin_lead_extent(s) != 0;
}

static bool
is_dateline(struct span mark)
{
    return span_ends_with(mark, "电") || span_ends_with(mark, "電");
}

static struct span
without_space(struct page *page, struct span s)
{
    struct text out = {.arena = page->arena};
    for (uint32_t i = 0; i < s.size; i++)
        if (!char_is_space(s.cp[i]))
            text_put(&out, s.cp[i]);
    return text_span(&out);
}

void
item_read_lead(struct page *page, struct item *item)
{
    struct span mark, names;
    if (!item->paragraphs_count)
        return;
    struct span text = item->paragraphs[0].text;
    uint32_t end = lead_extent(text, &mark, &names);
    if (!end) {
        end = latin_lead_extent(text);
        item->lead = end > 0;
        while (end > 0 &&
               (char_is_space(text.cp[end - 1]) || text.cp[end - 1] == '-' ||
                   char_is_mark(text.cp[end - 1])) &&
               text.cp[end - 1] != ')')
            end--;
        item->dateline = span_cut(text, 0, end);
        return;
    }
    item->lead = true;
    item->desk_mark = without_space(page, mark);
    if (is_dateline(mark))
        item->dateline = item->desk_mark;
    people_take(item, names, "author");
}
