// Words by their first character. One table for all lists: a slot a character, with the
// lists that have a word beginning so and those words. It is built once from constants
// and only read afterwards.
#include "formats/newsprint/words.h"

#include <assert.h>
#include <threads.h>

#define SLOTS 2048U
#define ENTRIES_MAX 2048U
#define HAN_FIRST 0x3400U
#define HAN_LAST 0x9fffU

struct list {
    const char *const *words;
    bool folded;
};

// clang-format off
#define WORDS(name, ...) {(const char *const[]){__VA_ARGS__, NULL}, false},
#define FOLDED(name, ...) {(const char *const[]){__VA_ARGS__, NULL}, true},
#define CHARS(chars)
static const struct list lists[] = {
#include "formats/newsprint/words.def"
};
#undef WORDS
#undef FOLDED
#undef CHARS
#define WORDS(name, ...)
#define FOLDED(name, ...)
#define CHARS(chars) chars
static const char surnames[] =
#include "formats/newsprint/words.def"
;
#undef WORDS
#undef FOLDED
#undef CHARS
// clang-format on

struct slot {
    uint32_t first; // character, 0: empty
    uint16_t from, count;
    struct word_lists lists; // those with a word that begins so
};

struct entry {
    uint32_t first;
    uint32_t list;
    const char *rest; // of the word, behind its first character
};

static once_flag once = ONCE_FLAG_INIT;
// Written by build() alone, before anybody reads.
static struct slot slots[SLOTS];
static struct entry entries[ENTRIES_MAX];
struct word_lists words_ascii[WORDS_ASCII];
static uint64_t surname_bits[(HAN_LAST - HAN_FIRST) / 64 + 1];

static uint32_t
lower(uint32_t c)
{
    c = char_fold(c);
    return char_is_upper(c) && c < 0xdf ? c + 0x20 : c;
}

static struct slot *
slot_of(uint32_t first)
{
    uint32_t i = first * 2654435761U >> 21;
    while (slots[i].first && slots[i].first != first)
        i = (i + 1) % SLOTS;
    return &slots[i];
}

static bool
has_list(const struct slot *slot, uint32_t list)
{
    return word_lists_has(&slot->lists, (enum words)list);
}

static uint32_t
collect(struct entry *all)
{
    uint32_t n = 0;
    for (uint32_t list = 0; list < WORDS_LISTS; list++)
        for (const char *const *word = lists[list].words; *word; word++) {
            const char *rest = *word;
            uint32_t first = literal_next(&rest);
            assert(n < ENTRIES_MAX);
            first = lists[list].folded ? lower(first) : first;
            all[n++] = (struct entry){first, list, rest};
            struct slot *slot = slot_of(first);
            slot->first = first;
            slot->count++;
            slot->lists.bits[list / 64] |= (uint64_t)1 << (list % 64);
        }
    return n;
}

static void
build_surnames(void)
{
    for (const char *at = surnames; *at;) {
        uint32_t c = literal_next(&at);
        assert(c >= HAN_FIRST && c <= HAN_LAST);
        surname_bits[(c - HAN_FIRST) / 64] |= (uint64_t)1 << ((c - HAN_FIRST) % 64);
    }
}

// Words that begin alike stand together, in the order of words.def.
static void
build(void)
{
    static struct entry all[ENTRIES_MAX];
    static_assert(WORDS_LISTS <= 128, "the lists of a slot are 128 bits");
    chars_load(); // folding letters asks for their class
    uint32_t n = collect(all), from = 0, used = 0;
    for (uint32_t i = 0; i < SLOTS; i++) {
        slots[i].from = (uint16_t)from;
        from += slots[i].count;
        used += slots[i].count > 0;
        slots[i].count = 0;
    }
    assert(used < SLOTS / 2);
    for (uint32_t i = 0; i < n; i++) {
        struct slot *slot = slot_of(all[i].first);
        entries[slot->from + slot->count++] = all[i];
    }
    for (uint32_t c = 0; c < WORDS_ASCII; c++)
        words_ascii[c] = slot_of(c)->lists;
    build_surnames();
}

void
words_load(void)
{
    call_once(&once, build);
}

uint32_t
words_match(struct span s, uint32_t at, enum words list)
{
    if (at >= s.size)
        return 0;
    const struct slot *slot = slot_of(char_fold(s.cp[at]));
    if (!has_list(slot, list))
        return 0;
    uint32_t best = 0;
    for (uint32_t i = slot->from; i < slot->from + slot->count; i++) {
        uint32_t end =
            entries[i].list == list ? span_match_rest(s, at + 1, entries[i].rest) : 0;
        best = end > best ? end : best;
    }
    return best;
}

bool
words_may_match(struct span s, uint32_t at, enum words list)
{
    const struct slot *slot = slot_of(char_fold(s.cp[at]));
    if (!has_list(slot, list))
        return false;
    for (uint32_t i = slot->from; i < slot->from + slot->count; i++)
        if (entries[i].list == list && span_may_match_rest(s, at + 1, entries[i].rest))
            return true;
    return false;
}

struct word_lists
word_lists_of(const enum words *some)
{
    struct word_lists in = {0};
    for (; *some != WORDS_LISTS; some++)
        in.bits[*some / 64] |= (uint64_t)1 << (*some % 64);
    return in;
}

const struct word_lists *
word_lists_at(uint32_t c)
{
    return &slot_of(c)->lists;
}

bool
words_within(struct span s, enum words list)
{
    for (uint32_t i = 0; i < s.size; i++)
        if (words_match(s, i, list))
            return true;
    return false;
}

bool
words_end(struct span s, enum words list)
{
    s = span_trim(s);
    for (uint32_t i = s.size, tries = 0; i > 0 && tries < 24; tries++)
        if (words_match(s, --i, list) == s.size)
            return true;
    return false;
}

static uint32_t
fold_match_rest(struct span s, uint32_t at, const char *rest)
{
    for (; *rest; at++)
        if (at >= s.size || lower(literal_next(&rest)) != lower(s.cp[at]))
            return 0;
    return at;
}

uint32_t
words_fold_match(struct span s, enum words list)
{
    if (!s.size)
        return 0;
    const struct slot *slot = slot_of(lower(s.cp[0]));
    for (uint32_t i = slot->from; has_list(slot, list) && i < slot->from + slot->count;
         i++) {
        uint32_t end =
            entries[i].list == list ? fold_match_rest(s, 1, entries[i].rest) : 0;
        if (end)
            return end;
    }
    return 0;
}

bool
words_is_surname(struct span s)
{
    uint32_t c = s.size ? s.cp[0] : 0;
    if (words_match(s, 0, WORDS_SURNAMES))
        return true;
    return c >= HAN_FIRST && c <= HAN_LAST &&
           surname_bits[(c - HAN_FIRST) / 64] >> ((c - HAN_FIRST) % 64) & 1;
}
