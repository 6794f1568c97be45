// Which text a headline speaks of: its pairs of ideographs (words, in other scripts) are
// looked for in the text on each side. A pair that stands in every text of the page says
// nothing, so each counts by the number of texts that have it.
#include "formats/newsprint/page.h"

#define FEATURES_MAX 1000000U

struct slot {
    uint64_t key; // 0: free
    uint32_t count;
};
struct table {
    struct slot *slots;
    uint32_t mask;
};
struct overlap {
    const struct page *page;
    uint32_t *text_of;     // by block
    struct table pairs;    // (feature, text)
    struct table features; // feature: in how many texts
};

static struct slot *
find_slot(const struct table *t, uint64_t key)
{
    uint32_t at = (uint32_t)(key * 0x9e3779b97f4a7c15ULL >> 32) & t->mask;
    while (t->slots[at].key && t->slots[at].key != key)
        at = (at + 1) & t->mask;
    return &t->slots[at];
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
    return char_is_han(c) || char_is_kana(c) || char_is_hangul(c);
}

static uint64_t
word_feature(struct features *f)
{
    uint64_t hash = 14695981039346656037ULL;
    uint32_t from = f->at;
    while (f->at < f->s.size && char_is_letter(f->s.cp[f->at])) {
        uint32_t c = char_fold(f->s.cp[f->at++]);
        hash =
            (hash ^ (char_is_upper(c) && c < 0x250 ? c | 0x20 : c)) * 1099511628211ULL;
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

static uint64_t
pair_key(uint64_t feature, uint32_t text)
{
    return (feature << 22) ^ (feature >> 20) ^ ((uint64_t)text + 1);
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
            struct slot *pair = find_slot(&o->pairs, pair_key(feature, text));
            if (pair->key)
                continue;
            pair->key = pair_key(feature, text);
            struct slot *slot = find_slot(&o->features, feature);
            slot->key = feature;
            slot->count++;
        }
    }
}

static bool
make_table(struct page *page, struct table *t)
{
    uint32_t size = 1024;
    while (size < page->size * 2)
        size *= 2;
    t->slots = arena_array(page->arena, size, sizeof *t->slots);
    t->mask = size - 1;
    return t->slots;
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
    if (page->size > FEATURES_MAX || !make_table(page, &o->pairs) ||
        !make_table(page, &o->features))
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
    if (!o->pairs.slots || !o->features.slots)
        return 0;
    for (uint32_t i = head->first; i < head->end; i++) {
        struct features f = {line_span(o->page, &o->page->lines[i]), 0};
        for (uint64_t feature; (feature = next_feature(&f));) {
            uint32_t texts = find_slot(&o->features, feature)->count;
            uint32_t worth = 840 / (texts ? texts : 1);
            weight += worth;
            if (find_slot(&o->pairs, pair_key(feature, text))->key)
                found += worth;
        }
    }
    return weight ? (uint32_t)(found * 1000ULL / weight) : 0;
}
