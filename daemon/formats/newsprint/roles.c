// What the parts of a headline are to each other, kicker, head and subhead, and from their
// words what kind of item they stand over.
#include "formats/newsprint/page.h"

static bool
is_deck(const struct page *page, uint32_t line)
{
    return page->cp[page->lines[line].begin] == 0x2014 &&
           page->lines[line].end - page->lines[line].begin > 3;
}

// A line that ends by saying that somebody speaks has the speech in the next.
static bool
is_kicker(struct span s)
{
    return words_end(s, WORDS_SPEECH);
}

// One part of a headline group: lines that are set as one.
struct part {
    uint32_t first, end;
    struct span text;
};
#define PARTS_MAX 8U
#define DECK_LETTERS 14U // with its dash, a deck that shares its line has more

static uint32_t
head_parts(
    const struct page *page, const struct item *item, struct part parts[PARTS_MAX])
{
    uint32_t n = 0;
    for (uint32_t k = 0; k < item->blocks_count; k++) {
        const struct block *b = &page->blocks[item->blocks[k]];
        for (uint32_t i = b->first; b->label == LABEL_HEAD && i < b->end; i++) {
            bool fresh =
                i == b->first || is_deck(page, i) ||
                (i == b->first + 1 && is_kicker(line_span(page, &page->lines[i - 1])));
            if (fresh && n < PARTS_MAX)
                parts[n++].first = i;
            if (n)
                parts[n - 1].end = i + 1;
        }
    }
    return n;
}

// A deck whose line break was lost when the page was wrapped again still shows by its
// dash, where what is behind it is longer than the head itself: a dash inside a head has
// its few words behind it.
static uint32_t
split_deck(struct part *parts, uint32_t n)
{
    struct part *last = &parts[n - 1];
    struct span s = last->text;
    for (uint32_t i = 4; n < PARTS_MAX && i + 1 < s.size; i++) {
        if (s.cp[i] != 0x2014 || s.cp[i + 1] != 0x2014)
            continue;
        uint32_t letters = span_letters(span_cut(s, i, s.size));
        if (letters <= DECK_LETTERS || letters <= i)
            return n;
        parts[n] = *last;
        parts[n].text = span_cut(s, i, s.size);
        last->text = span_trim(span_cut(s, 0, i));
        return n + 1;
    }
    return n;
}

// Of several parts the first is the kicker if the second is the head; what comes behind
// the head is its subhead. Two parts: the first is the head where the second is much
// longer, as a deck is.
static bool
is_all_capitals(struct span s)
{
    for (uint32_t i = 0; i < s.size; i++)
        if (char_is_letter(s.cp[i]) && !char_is_upper(s.cp[i]))
            return false;
    return true;
}

// In alphabets a kicker is a word or two, or a few in capitals; what stands first with
// more is the head, and what comes behind it its deck.
static uint32_t
main_part_ragged(const struct part *parts, uint32_t n)
{
    struct span first = parts[0].text;
    uint32_t words = span_words(first);
    if (n < 2 || parts[0].end - parts[0].first > 1)
        return 0;
    bool capitals = is_all_capitals(first) && !is_all_capitals(parts[1].text);
    bool announces = first.cp[first.size - 1] == ':';
    return words <= 2 || (words <= 5 && capitals) || announces ? 1 : 0;
}

static uint32_t
main_part(const struct part *parts, uint32_t n)
{
    if (n < 2)
        return 0;
    uint32_t first = span_letters(parts[0].text), second = span_letters(parts[1].text);
    if (parts[1].text.cp[0] == 0x2014)
        return 0;
    if (n > 2 && parts[n - 1].text.cp[0] == 0x2014)
        return main_part(parts, n - 1);
    if (n > 2 || is_kicker(parts[0].text))
        return 1;
    return second > 18 && second * 2 > first * 3 ? 0 : 1;
}

void
item_read_headlines(struct page *page, struct item *item)
{
    struct part parts[PARTS_MAX];
    uint32_t n = head_parts(page, item, parts);
    for (uint32_t i = 0; i < n; i++)
        parts[i].text = join_headline(page, parts[i].first, parts[i].end, item);
    if (!n)
        return;
    n = split_deck(parts, n);
    uint32_t head = page->cjk ? main_part(parts, n) : main_part_ragged(parts, n);
    item->main = parts[head].text;
    for (uint32_t i = 0; i < n; i++) {
        struct span *into = i < head ? &item->kicker : i > head ? &item->sub : NULL;
        if (!into)
            continue;
        struct text both = {.arena = page->arena};
        for (uint32_t k = 0; k < into->size; k++)
            text_put(&both, into->cp[k]);
        if (into->size)
            text_put(&both, ' ');
        for (uint32_t k = 0; k < parts[i].text.size; k++)
            text_put(&both, parts[i].text.cp[k]);
        *into = text_span(&both);
    }
}

static bool
ends_word(struct span s, enum words list)
{
    for (uint32_t i = 0; i < s.size; i++) {
        uint32_t end = words_match(s, i, list);
        if (end &&
            (end == s.size || char_is_mark(s.cp[end]) || char_is_space(s.cp[end])))
            return true;
    }
    return false;
}

const char *
item_kind(struct page *page, const struct item *item)
{
    if (item->caption)
        return "photo-caption";
    for (uint32_t k = 0; k < item->blocks_count; k++) {
        const struct block *b = &page->blocks[item->blocks[k]];
        if (b->label == LABEL_BYLINE &&
            words_within(block_join(page, b), WORDS_COMMENTARY_BYLINES))
            return "commentary";
    }
    bool opinion = ends_word(item->kicker, WORDS_COMMENTARY) ||
                   ends_word(item->main, WORDS_COMMENTARY) ||
                   ends_word(item->sub, WORDS_COMMENTARY);
    return opinion ? "commentary" : "article";
}
