// Names in bylines, credits and lead-ins. A text is walked word by word: a word of the
// trade (记者, 摄) says what the names beside it are; what is neither a word, a mark nor
// a name is a sign that the text is no byline at all.
#include "formats/newsprint/page.h"

static const enum words trade_words[] = {WORDS_BOTH, WORDS_ORGANISATIONS, WORDS_TITLES,
    WORDS_CREDITS, WORDS_REPORTS, WORDS_LISTS};

// What a walk over a text has found so far.
struct walk {
    struct span s;
    struct word_lists trade; // lists of trade_words
    uint32_t at;
    const char *rel;  // of the names to come
    uint32_t pending; // first name no credit word has claimed yet
    bool after_title; // a title ended right here
    bool trusting;    // the text is known to be a byline: rare family names count
    bool hasty;       // the first character that is neither ends the walk
    uint32_t others;  // characters that are no word and no name
    struct people_found found;
    struct person people[NEWSPRINT_PEOPLE_MAX];
    uint32_t count;
};

static bool
separates(uint32_t c)
{
    return char_is_space(c) || char_is_mark(c) || char_fold(c) == '=' ||
           (c >= 0x2500 && c <= 0x27bf && !char_is_letter(c));
}

static bool
part_of_name(uint32_t c)
{
    return char_is_han(c) || char_is_kana(c) || char_is_hangul(c) ||
           char_fold(c) == 0xb7;
}

// A word of one character (摄, 图, 文) counts only where a piece of the text ends.
static uint32_t
word_here(const struct walk *w, uint32_t at, enum words list)
{
    uint32_t end = words_match(w->s, at, list);
    if (end && end - at == 1 && end < w->s.size && !separates(w->s.cp[end]))
        return 0;
    return end;
}

static uint32_t
any_word(const struct walk *w, uint32_t at)
{
    uint32_t best = 0;
    if (at >= w->s.size || !words_begin(w->s.cp[at], &w->trade))
        return 0;
    for (size_t i = 0; trade_words[i] != WORDS_LISTS; i++) {
        uint32_t end = word_here(w, at, trade_words[i]);
        best = end > best ? end : best;
    }
    return best;
}

static void
add_person(struct walk *w, struct span name)
{
    w->found.names++;
    if (w->count < NEWSPRINT_PEOPLE_MAX)
        w->people[w->count++] = (struct person){w->rel, name};
}

// 图/李四, 摄影：李四: the word speaks of the names behind it, not of those before.
static bool
heads_names(struct span s, uint32_t word_end)
{
    uint32_t c = word_end < s.size ? char_fold(s.cp[word_end]) : 0;
    return (c == '/' || c == ':') && word_end + 1 < s.size;
}

static void
claim_pending(struct walk *w, const char *rel, uint32_t word_end)
{
    if (heads_names(w->s, word_end)) {
        w->rel = rel;
        w->pending = w->count;
        return;
    }
    for (uint32_t i = w->pending; i < w->count; i++)
        w->people[i].rel = rel;
    if (w->pending == w->count)
        w->rel = rel;
    else
        w->rel = "author";
    w->pending = w->count;
}

// 文/图: the same people wrote and photographed.
static void
claim_both(struct walk *w)
{
    uint32_t end = w->count;
    for (uint32_t i = w->pending; i < end && w->count < NEWSPRINT_PEOPLE_MAX; i++)
        w->people[w->count++] = (struct person){"photographer", w->people[i].name};
    w->pending = w->count;
}

static bool
take_word(struct walk *w)
{
    uint32_t end;
    bool title = false;
    if (!words_begin(w->s.cp[w->at], &w->trade))
        return false;
    if ((end = word_here(w, w->at, WORDS_BOTH))) {
        w->found.credits++;
        claim_both(w);
    } else if ((end = word_here(w, w->at, WORDS_CREDITS))) {
        w->found.credits++;
        claim_pending(w, "photographer", end);
    } else if ((end = word_here(w, w->at, WORDS_TITLES))) {
        w->found.titles++;
        w->rel = "author";
        title = true;
    } else if (!(end = word_here(w, w->at, WORDS_ORGANISATIONS))) {
        end = word_here(w, w->at, WORDS_REPORTS);
        if (end && heads_names(w->s, end))
            w->rel = "author";
    }
    if (end) {
        w->at = end;
        w->after_title = title;
    }
    return end;
}

// Two-character names are spread to the width of three: 张 三. Two lone characters with
// nothing but space between them are one name.
static uint32_t
spread_end(const struct walk *w, uint32_t at)
{
    uint32_t next = at + 1;
    while (next < w->s.size && char_is_space(w->s.cp[next]))
        next++;
    if (next == at + 1 || next >= w->s.size || !char_is_han(w->s.cp[next]))
        return 0;
    bool alone =
        next + 1 == w->s.size || separates(w->s.cp[next + 1]) || any_word(w, next + 1);
    return alone && !any_word(w, next) ? next + 1 : 0;
}

// Does a word behind the name begin here? One of a single character (张三摄) only when
// it says whose the picture is and the name is complete; 文 may be part of a name.
static bool
word_ends_name(const struct walk *w, uint32_t at)
{
    uint32_t end = at > w->at ? any_word(w, at) : 0;
    if (end == at + 1)
        return at >= w->at + 2 && word_here(w, at, WORDS_CREDITS);
    return end != 0;
}

static uint32_t
run_end(const struct walk *w)
{
    uint32_t end = w->at;
    while (end < w->s.size && part_of_name(w->s.cp[end]) && !word_ends_name(w, end))
        end++;
    return end;
}

// Places in a lead-in: 〔記者李四／台北報導〕, 【パリ＝山田】.
static bool
is_place(const struct walk *w, uint32_t from)
{
    if (w->at < w->s.size && char_fold(w->s.cp[w->at]) == '=')
        return true;
    return from > 0 && char_fold(w->s.cp[from - 1]) == '/' && w->found.names &&
           words_match(w->s, w->at, WORDS_REPORTS);
}

// 生小川 摄: set apart from the name and last in the text, the word leaves no doubt, however
// rare the family name.
static bool
photo_follows(const struct walk *w)
{
    uint32_t at = w->at;
    while (at < w->s.size && char_is_space(w->s.cp[at]))
        at++;
    return at > w->at && words_match(w->s, at, WORDS_PHOTO_LAST) == w->s.size;
}

static bool
is_name(const struct walk *w, struct span run, uint32_t letters)
{
    bool foreign = span_find(run, 0, "·") < run.size;
    if (letters < 2 || letters > (foreign ? 16 : 4))
        return false;
    bool title_follows = words_match(w->s, w->at, WORDS_TITLES) ||
                         words_match(w->s, w->at + 1, WORDS_TITLES);
    if (char_is_hangul(run.cp[0]))
        return letters <= 4 && title_follows;
    return words_is_surname(run) || title_follows || w->trusting || photo_follows(w) ||
           (w->found.titles && !w->after_title);
}

static void
take_run(struct walk *w)
{
    uint32_t from = w->at, end = run_end(w);
    if (end == from + 1 && spread_end(w, from))
        end = spread_end(w, from);
    if (end == from) {
        w->others++;
        w->at++;
        return;
    }
    struct span run = span_cut(w->s, from, end);
    w->at = end;
    if (is_place(w, from))
        w->found.titles++; // whoever comes behind a place reports from it
    else if (is_name(w, run, span_letters(run)))
        add_person(w, run);
    else
        w->others += run.size;
    w->after_title = false;
}

static void
walk_text(struct walk *w)
{
    while (w->at < w->s.size && !(w->hasty && w->others)) {
        if (take_word(w))
            continue;
        if (separates(w->s.cp[w->at])) {
            w->after_title = false;
            w->at++;
        } else {
            take_run(w);
        }
    }
}

bool
people_only(struct span s, struct people_found *found_out)
{
    struct walk w = {.s = s, .trade = word_lists_of(trade_words), .rel = "author"};
    walk_text(&w);
    *found_out = w.found;
    return w.others == 0;
}

bool
people_sign(struct span s)
{
    struct walk w = {
        .s = s, .trade = word_lists_of(trade_words), .rel = "author", .hasty = true};
    walk_text(&w);
    if (w.others || !w.found.titles || w.found.credits)
        return false;
    return w.found.names || words_end(s, WORDS_ANONYMOUS); // 本报评论员 has none
}

bool
people_is_bare_name(struct span s)
{
    uint32_t letters = span_letters(s);
    for (uint32_t i = 0; i < s.size; i++)
        if (!char_is_han(s.cp[i]) && !char_is_space(s.cp[i]))
            return false;
    return letters >= 2 && letters <= 3 && words_is_surname(s) &&
           !words_within(s, WORDS_TITLES);
}

static bool
has_person(const struct item *item, const struct person *p)
{
    for (uint32_t i = 0; i < item->people_count; i++) {
        const struct person *q = &item->people[i];
        if (strcmp(q->rel, p->rel) == 0 && q->name.size == p->name.size &&
            memcmp(q->name.cp, p->name.cp, p->name.size * sizeof *p->name.cp) == 0)
            return true;
    }
    return false;
}

void
people_add(struct item *item, struct span name, const char *rel)
{
    const struct person p = {rel, name};
    if (item->people_count < NEWSPRINT_PEOPLE_MAX && !has_person(item, &p))
        item->people[item->people_count++] = p;
}

void
people_take(struct item *item, struct span s, const char *rel)
{
    struct walk w = {
        .s = s, .trade = word_lists_of(trade_words), .rel = rel, .trusting = true};
    walk_text(&w);
    for (uint32_t i = 0; i < w.count; i++)
        people_add(item, w.people[i].name, w.people[i].rel);
}
