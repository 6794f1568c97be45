// Words broken at line ends. A soft hyphen or the old double one always goes; a hard
// hyphen goes between letters when the word runs on in lower case, unless it is one that
// the word has anyway: the page prints it elsewhere inside a line, or the left part is a
// prefix that keeps it.
#include "formats/newsprint/page.h"

#define SOFT_HYPHEN 0xadU
#define DOUBLE_HYPHEN 0x2e17U
#define WORDS_MOST 4096U // hyphenated words of a page beyond these are not known

struct hyphens {
    uint32_t count, most;
    uint32_t mask;
    uint64_t *slots; // hashes of hyphenated words, 0: free; twice as many as words
};

static bool
is_hyphen(uint32_t c)
{
    return c == '-' || c == 0x2010 || c == SOFT_HYPHEN || c == DOUBLE_HYPHEN;
}

static uint64_t
hash_letter(uint64_t hash, uint32_t c)
{
    c = char_is_upper(c) && c < 0x80 ? c | 0x20 : c;
    return (hash ^ c) * 1099511628211ULL;
}

static uint64_t
hash_word(struct span left, struct span right)
{
    uint64_t hash = 14695981039346656037ULL;
    uint32_t from = left.size, end = 0;
    while (from > 0 && char_is_letter(left.cp[from - 1]))
        from--;
    for (uint32_t i = from; i < left.size; i++)
        hash = hash_letter(hash, left.cp[i]);
    hash = hash_letter(hash, '-');
    for (; end < right.size && char_is_letter(right.cp[end]); end++)
        hash = hash_letter(hash, right.cp[end]);
    return end && from < left.size ? hash | 1 : 0;
}

static uint64_t *
find_word(struct hyphens *h, uint64_t hash)
{
    uint32_t at = (uint32_t)(hash >> 40) & h->mask;
    while (h->slots[at] && h->slots[at] != hash)
        at = (at + 1) & h->mask;
    return &h->slots[at];
}

// Most pages have no such word, others a few: the table is made for the first of them, to
// hold as many as the page has hyphens.
static struct hyphens *
make_table(const struct page *page)
{
    uint32_t most = 0, slots = 16;
    for (uint32_t i = 0; i < page->size && most < WORDS_MOST; i++)
        most += is_hyphen(page->cp[i]);
    while (slots < 2 * most)
        slots *= 2;
    struct hyphens *h = ARENA_NEW(page->arena, struct hyphens);
    if (!h || !(h->slots = arena_array(page->arena, slots, sizeof *h->slots)))
        return NULL;
    h->most = most;
    h->mask = slots - 1;
    return h;
}

static void
learn_word(struct page *page, uint64_t hash)
{
    if (!page->hyphens)
        page->hyphens = make_table(page);
    if (!page->hyphens || page->hyphens->count >= page->hyphens->most)
        return;
    uint64_t *slot = find_word(page->hyphens, hash);
    page->hyphens->count += !*slot;
    *slot = hash;
}

static void
learn_line(struct page *page, struct span s)
{
    for (uint32_t i = 1; i + 1 < s.size; i++) {
        uint32_t c = s.cp[i];
        if (c != '-' && (c < SOFT_HYPHEN || !is_hyphen(c)))
            continue;
        uint64_t hash = hash_word(span_cut(s, 0, i), span_cut(s, i + 1, s.size));
        if (hash)
            learn_word(page, hash);
    }
}

void
hyphens_learn(struct page *page)
{
    for (uint32_t i = 0; i < page->lines_count; i++)
        learn_line(page, line_span(page, &page->lines[i]));
}

static bool
keeps_prefix(struct span left)
{
    uint32_t from = left.size;
    while (from > 0 && char_is_letter(left.cp[from - 1]))
        from--;
    return words_match(left, from, WORDS_PREFIXES) == left.size;
}

enum mend
hyphens_mend(const struct page *page, struct span out, struct span next)
{
    uint32_t n = out.size, hyphen = n ? out.cp[n - 1] : 0;
    if (n < 2 || !next.size || !is_hyphen(hyphen))
        return MEND_NO_HYPHEN;
    if (hyphen == SOFT_HYPHEN || hyphen == DOUBLE_HYPHEN)
        return MEND_DROP;
    uint32_t before = out.cp[n - 2], right = next.cp[0];
    if (char_is_space(before))
        return MEND_NO_HYPHEN; // a dash
    struct span left = span_cut(out, 0, n - 1);
    bool word =
        char_is_letter(before) && char_is_letter(right) && !char_is_upper(right);
    uint64_t hash = word && page->hyphens ? hash_word(left, next) : 0;
    if (!word || keeps_prefix(left) || (hash && *find_word(page->hyphens, hash)))
        return MEND_KEEP;
    return MEND_DROP;
}
