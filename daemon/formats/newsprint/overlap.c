// Which text a headline speaks of: its pairs of ideographs (words, in other scripts) are
// looked for in the text on each side. A pair that stands in every text of the page says
// nothing, so each counts by the number of texts that have it.
#include "formats/newsprint/page.h"

#define FEATURES_MAX 1000000U

struct slot {
    uint32_t key;   // 0: free
    uint16_t count; // texts that have the feature
    uint16_t last;  // the last of them, counted from 1
    uint64_t texts; // a bit each; texts 64 apart share one, and no page has so many
};
struct overlap {
    const struct page *page;
    uint32_t *text_of; // by block
    struct slot *slots;
    uint32_t mask;
};

static uint32_t
key_of(uint64_t feature)
{
    return (uint32_t)(feature * 0x9e3779b97f4a7c15ULL >> 32) | 1;
}

static struct slot *
find_slot(const struct overlap *o, uint32_t key)
{
    uint32_t at = key >> 4 & o->mask;
    while (o->slots[at].key && o->slots[at].key != key)
        at = (at + 1) & o->mask;
    return &o->slots[at];
}

// A walk over the features of a span: pairs of wide letters, or words of four letters
// and more.
struct features {
    struct span s;
    uint32_t at;
};

static bool
is_wide_letter(uint32_t c)
{
    return char_is(c, CHAR_HAN | CHAR_KANA | CHAR_HANGUL);
}

static uint64_t
word_feature(struct features *f)
{
    uint64_t hash = 14695981039346656037ULL;
    uint32_t from = f->at;
    for (; f->at < f->s.size; f->at++) {
        uint32_t c = f->s.cp[f->at], classes = char_class(c);
        if (!(classes & CHAR_LETTER))
            break;
        if (c >= WORDS_ASCII) {
            c = char_fold(c);
            classes = char_class(c);
        }
        c = (classes & CHAR_UPPER) && c < 0x250 ? c | 0x20 : c;
        hash = (hash ^ c) * 1099511628211ULL;
    }
    return f->at - from >= 4 ? (hash & 0xffffffffffULL) | 1 : 0;
}

static uint64_t
next_feature(struct features *f)
{
    while (f->at < f->s.size) {
        uint32_t c = f->s.cp[f->at];
        if (is_wide_letter(c)) {
            f->at++;
            uint32_t next = f->at < f->s.size ? f->s.cp[f->at] : 0;
            if (is_wide_letter(next))
                return (uint64_t)(c & 0xfffff) << 20 | (next & 0xfffff);
        } else if (char_is_letter(c)) {
            uint64_t word = word_feature(f);
            if (word)
                return word;
        } else {
            f->at++;
        }
    }
    return 0;
}

static bool
is_text(const struct block *b)
{
    return b->label == LABEL_TEXT || b->label == LABEL_LEAD;
}

static void
count_block(struct overlap *o, const struct block *b, uint32_t text)
{
    for (uint32_t i = b->first; i < b->end; i++) {
        struct features f = {line_span(o->page, &o->page->lines[i]), 0};
        for (uint64_t feature; (feature = next_feature(&f));) {
            uint32_t key = key_of(feature);
            struct slot *slot = find_slot(o, key);
            slot->key = key;
            if (slot->last != (uint16_t)(text + 1))
                slot->count++;
            slot->last = (uint16_t)(text + 1);
            slot->texts |= (uint64_t)1 << (text % 64);
        }
    }
}

// A feature takes a wide letter, or four letters and what parts them from the next.
static bool
make_table(struct overlap *o, struct page *page)
{
    uint32_t size = 256, most = page->wide + page->size / 5;
    while (size < most + most / 2)
        size *= 2;
    o->slots = arena_array(page->arena, size, sizeof *o->slots);
    o->mask = size - 1;
    return o->slots;
}

struct overlap *
overlap_new(struct page *page)
{
    struct overlap *o = ARENA_NEW(page->arena, struct overlap);
    if (!o || !(o->text_of = arena_array(page->arena, page->blocks_count + 1, 4)))
        return NULL;
    o->page = page;
    uint32_t text = 0;
    for (uint32_t i = 0; i < page->blocks_count; i++) {
        const struct block *b = &page->blocks[i];
        bool first_of_head =
            b->label == LABEL_HEAD && (i == 0 || page->blocks[i - 1].group != b->group);
        text += first_of_head;
        o->text_of[i] = text;
    }
    if (page->size > FEATURES_MAX || !make_table(o, page))
        return o;
    for (uint32_t i = 0; i < page->blocks_count; i++)
        if (is_text(&page->blocks[i]))
            count_block(o, &page->blocks[i], o->text_of[i]);
    return o;
}

uint32_t
overlap_text(const struct overlap *o, uint32_t block)
{
    return o->text_of[block];
}

uint32_t
overlap_of(const struct overlap *o, const struct block *head, uint32_t text)
{
    uint32_t weight = 0, found = 0;
    if (!o->slots)
        return 0;
    for (uint32_t i = head->first; i < head->end; i++) {
        struct features f = {line_span(o->page, &o->page->lines[i]), 0};
        for (uint64_t feature; (feature = next_feature(&f));) {
            const struct slot *slot = find_slot(o, key_of(feature));
            uint32_t worth = 840 / (slot->count ? slot->count : 1U);
            weight += worth;
            if (slot->texts >> (text % 64) & 1)
                found += worth;
        }
    }
    return weight ? (uint32_t)(found * 1000ULL / weight) : 0;
}
