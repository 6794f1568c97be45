// Lines to running text. Setting a column puts in spaces and breaks that no author wrote;
// the rules that take them out again:
//
//   R1  a space beside a full-width mark is layout
//   R2  a space between an ideograph and a digit, letter or % is layout
//   R3  all spaces of a letter-spaced line are layout
//   R4  one space between ideographs elsewhere is meant (a caesura, a slogan)
//   R5  a space between words of letters or digits is one space
//   R6  a meant space lost at a line end comes back: where the page prints the same words
//       with it, and between the clauses of a headline
//   R7  nothing else is touched
//
// A break between two lines is nothing beside a wide character, else a space. Quotes and
// dashes take the class of their page.
#include "formats/newsprint/page.h"

#define CONTEXT 4U // characters on each side by which a phrase is known again

static bool
is_ideograph(uint32_t c)
{
    return char_is(c, CHAR_HAN | CHAR_KANA);
}

static bool
joins_tight(const struct page *page, uint32_t c)
{
    if (char_is_hangul(c))
        return false;
    if (char_is_wide(c) || (page->cjk && char_is_ambiguous(c)))
        return true;
    return false;
}

// Letters of an alphabet and digits: R5.
static bool
is_plain(uint32_t c)
{
    return c < 0x80 && (char_is_digit(c) || char_is_letter(c));
}

// A mark that is set on a full em, or an ASCII one that stands for it: on an East Asian
// page, with an ideograph on either side.
static bool
is_full_mark(const struct page *page, uint32_t at, uint32_t beside)
{
    uint32_t c = page->cp[at];
    if (!char_is_mark(c) && !(page->cjk && char_is_ambiguous(c)))
        return false;
    if (char_is_wide(c) || (page->cjk && char_is_ambiguous(c)))
        return true;
    uint32_t left = at > 0 ? page->cp[at - 1] : 0;
    uint32_t right = at + 1 < page->size ? page->cp[at + 1] : 0;
    return page->cjk &&
           (is_ideograph(beside) || is_ideograph(left) || is_ideograph(right));
}

// keeps_space: is the space between the characters at left and right meant?
static bool
keeps_space(
    const struct page *page, uint32_t left_at, uint32_t right_at, bool wide_space)
{
    uint32_t left = page->cp[left_at], right = page->cp[right_at];
    if (is_plain(left) && is_plain(right))
        return true;
    if (is_full_mark(page, left_at, right) || is_full_mark(page, right_at, left))
        return false;
    if (char_is_hangul(left) || char_is_hangul(right))
        return true;
    bool l = is_ideograph(left), r = is_ideograph(right);
    if (l && r)
        return true;
    if (wide_space && page->cjk && (l || r))
        return true;
    return !l && !r;
}

// Letters set as one (ﬁ) come apart: the setting made them, not the author. Only on
// pages; elsewhere a ligature is text.
static void
put_letter(struct text *out, uint32_t c)
{
    static const char *const ligatures[] = {"ff", "fi", "fl", "ffi", "ffl", "st", "st"};
    if (!char_is_ligature(c)) {
        text_put(out, c);
        return;
    }
    for (const char *letter = ligatures[c - 0xfb00]; *letter; letter++)
        text_put(out, (uint32_t)*letter);
}

// R5, where there is nothing to ask: it goes the way of what stands around it.
static bool
is_word_space(const struct page *page, const struct line *line, uint32_t i)
{
    return page->cp[i] == ' ' && !line->spread && is_plain(page->cp[i - 1]) &&
           is_plain(page->cp[i + 1]);
}

// put_run puts what stands from `from` on up to a space that may be layout and gives its place.
static uint32_t
put_run(struct page *page, uint32_t from, const struct line *line, struct text *out,
    bool use)
{
    uint32_t i = from;
    for (; i < line->end; i++)
        if (char_is_space(page->cp[i]) && !is_word_space(page, line, i))
            break;
    for (uint32_t k = from; use && k < i; k++)
        page->used[k] =
            (uint8_t)(page->used[k] + (page->used[k] < 2 && page->cp[k] != ' '));
    if (!page->ligatures || page->cjk)
        text_add(out, span_of(page->cp + from, i - from));
    else
        for (uint32_t k = from; k < i; k++)
            put_letter(out, page->cp[k]);
    return i;
}

void
join_line(struct page *page, const struct line *line, struct text *out, bool use)
{
    for (uint32_t i = line->begin; i < line->end;) {
        i = put_run(page, i, line, out, use);
        if (i == line->end)
            break;
        bool wide = false;
        uint32_t left = i - 1;
        for (; char_is_space(page->cp[i]); i++)
            wide = wide || page->cp[i] == 0x3000;
        if (!line->spread && keeps_space(page, left, i, wide))
            text_put(out, ' ');
    }
}

// same_before and same_after count how many characters agree, backwards and onwards, as
// far as the phrase goes (a mark or space ends it), CONTEXT at most.
static bool
in_phrase(uint32_t c)
{
    return !char_is_space(c) && !char_is_mark(c);
}

static bool
same_before(struct span a, struct span b)
{
    uint32_t n = 0;
    for (uint32_t i = a.size; n < CONTEXT && i > 0; i--) {
        uint32_t c = a.cp[i - 1];
        if (c == '\n' || c == '\r')
            continue;
        if (!in_phrase(c))
            break;
        if (n >= b.size || c != b.cp[b.size - 1 - n])
            return false;
        n++;
    }
    return n >= 2;
}

static bool
same_after(struct span a, struct span b)
{
    uint32_t n = 0;
    for (uint32_t i = 0; n < CONTEXT && i < a.size; i++) {
        if (a.cp[i] == '\n' || a.cp[i] == '\r')
            continue;
        if (!in_phrase(a.cp[i]))
            break;
        if (n >= b.size || a.cp[i] != b.cp[n])
            return false;
        n++;
    }
    return n >= 2;
}

void
join_find_caesuras(struct page *page)
{
    for (uint32_t n = 0; page->wide && n < page->lines_count; n++) {
        const struct line *line = &page->lines[n];
        for (uint32_t i = line->begin + 1; !line->spread && i + 1 < line->end; i++)
            if (char_is_space(page->cp[i]) && is_ideograph(page->cp[i - 1]) &&
                is_ideograph(page->cp[i + 1]) &&
                page->caesuras_count < NEWSPRINT_CAESURAS_MAX)
                page->caesuras[page->caesuras_count++].at = i;
    }
}

static bool
had_caesura(const struct page *page, struct span left, struct span right)
{
    for (uint32_t i = 0; i < page->caesuras_count; i++) {
        uint32_t at = page->caesuras[i].at;
        struct span before = span_of(page->cp, at);
        struct span after = span_of(page->cp + at + 1, page->size - at - 1);
        if (same_before(before, left) && same_after(after, right))
            return true;
    }
    return false;
}

// Digits and signs broken over lines (1+ / 10) belong together on a page whose lines join
// without space; words of an alphabet do not, unless they are capitals of one name.
static bool
joins_without_space(const struct page *page, uint32_t left, uint32_t right)
{
    if (joins_tight(page, left) || joins_tight(page, right))
        return true;
    if (!page->cjk || char_is_hangul(left) || char_is_hangul(right))
        return false;
    bool letters = char_is_letter(left) && char_is_letter(right);
    return !letters || (char_is_upper(left) && char_is_upper(right));
}

bool
join_break(struct page *page, const struct line *next, struct text *out)
{
    if (!out->size)
        return false;
    struct span before = text_span(out), after = line_span(page, next);
    uint32_t left = before.cp[before.size - 1], right = after.cp[0];
    if (is_ideograph(left) && is_ideograph(right)) {
        if (page->caesuras_count && had_caesura(page, before, after))
            text_put(out, ' ');
        return false;
    }
    enum mend mend = hyphens_mend(page, before, after);
    out->size -= mend == MEND_DROP;
    if (mend == MEND_NO_HYPHEN && !joins_without_space(page, left, right))
        text_put(out, ' ');
    return mend == MEND_DROP;
}

// Whether left and right run on somewhere in the item's text: two characters of one side
// and one of the other stand together there.
static bool
runs_on(const struct item *item, struct span left, struct span right)
{
    if (left.size < 2 || right.size < 2)
        return false;
    const uint32_t *l = left.cp + left.size, *r = right.cp;
    for (uint32_t p = 0; p < item->paragraphs_count; p++) {
        struct span s = item->paragraphs[p].text;
        for (uint32_t i = 1; i + 1 < s.size; i++) {
            if (s.cp[i - 1] != l[-1] || s.cp[i] != r[0])
                continue;
            if ((i > 1 && s.cp[i - 2] == l[-2]) || s.cp[i + 1] == r[1])
                return true;
        }
    }
    return false;
}

static bool
quote_open(struct span s)
{
    int depth = 0;
    for (uint32_t i = 0; i < s.size; i++)
        depth += (char_opens(s.cp[i]) ? 1 : 0) - (char_closes(s.cp[i]) ? 1 : 0);
    return depth > 0;
}

static bool
parts_clauses(const struct page *page, const struct item *item, struct span left,
    struct span right)
{
    uint32_t l = left.cp[left.size - 1], r = right.cp[0];
    if (!page->cjk || quote_open(left) || char_closes(r) || char_opens(l) || l == ' ' ||
        (char_is_hangul(l) && char_is_hangul(r)))
        return false;
    uint32_t folded = char_fold(l), next = char_fold(r);
    if (folded == ',' || folded == 0x3001 || folded == ':' || folded == 0xb7 ||
        folded == 0x2014 || next == ',' || next == 0x3001 || next == 0x2014 ||
        next == ':' || next == 0xb7)
        return false;
    return !runs_on(item, left, right);
}

struct span
join_headline(struct page *page, uint32_t first, uint32_t end, const struct item *item)
{
    struct text out = {.arena = page->arena};
    for (uint32_t i = first; i < end; i++) {
        struct line *line = &page->lines[i];
        uint32_t size = out.size;
        if (i > first)
            join_break(page, line, &out);
        if (i > first && out.size == size &&
            parts_clauses(page, item, text_span(&out), line_span(page, line)))
            text_put(&out, ' ');
        join_line(page, line, &out, true);
    }
    return text_span(&out);
}
