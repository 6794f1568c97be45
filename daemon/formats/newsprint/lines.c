// Lines of a page: where they begin and end, how wide they are set, whether they end a
// sentence, and the measure of the column around them. A text layer gives no positions,
// so width in ems is the nearest thing to seeing the page.
#include "formats/newsprint/page.h"

#define UPRIGHT_LEAST 3U // ideographs of an upright headline
#define UPRIGHT_MAX 24U
#define CJK_SHARE 30U // percent of letters that make a page East Asian

static bool
breaks_line(uint32_t c)
{
    if (c <= '\r')
        return c >= '\n';
    return c >= 0x85 && (c == 0x85 || c == 0x2028 || c == 0x2029);
}

// What the walk over a page counts.
struct census {
    uint32_t wide, hangul, latin, breaks;
};

static inline void
count_char(struct page *page, struct census *n, uint32_t c)
{
    uint32_t classes = char_class(c);
    n->wide += (classes & (CHAR_HAN | CHAR_KANA | CHAR_HANGUL)) != 0;
    n->hangul += (classes & CHAR_HANGUL) != 0;
    n->latin += (classes & CHAR_LETTER) != 0;
    n->breaks += (classes & CHAR_SPACE) && breaks_line(c);
    page->ligatures |= char_is_ligature(c);
}

// decode gives how many lines there may be; 0 out of memory.
static uint32_t
decode(struct page *page)
{
    struct census n = {0};
    page->cp = arena_room(page->arena, (page->raw.size + 1) * sizeof *page->cp);
    for (size_t at = 0; page->cp && at < page->raw.size;) {
        uint32_t c = page->raw.data[at];
        if (c < 0x80)
            at++;
        else
            c = utf8_next(page->raw, &at);
        page->cp[page->size++] = c;
        count_char(page, &n, c);
    }
    if (page->cp)
        page->cp[page->size] = 0;
    page->used = arena_alloc(page->arena, page->size + 1);
    page->wide = n.wide;
    page->cjk = n.wide && n.wide * 100ULL >= (n.wide + n.latin) * (uint64_t)CJK_SHARE;
    page->hangul = n.hangul * 2ULL > n.wide;
    return page->arena->failed ? 0 : n.breaks + 1;
}

static bool
is_alphanumeric(uint32_t c)
{
    c = char_fold(c);
    return (c < 0x80 && (char_is_digit(c) || char_is_letter(c))) || c == '%';
}

// A character's width must not depend on the dress the text came in: somebody may have
// exchanged full and half width after the lines were set. So a mark counts an em and a
// digit or letter half of one, whichever it is now, and a mark between digits goes with
// them, unless find_dress saw that the lines were set by what is there.
struct widths {
    uint32_t plain; // by the rule
    uint32_t full_digits, half_marks;
};

static void
add_folded(struct widths *w, struct span s, uint32_t i)
{
    uint32_t c = s.cp[i], folded = char_fold(c);
    bool mark = folded < 0x80 ? !is_alphanumeric(c) : c >= 0xff61 && c <= 0xff65;
    if (mark && i > 0 && i + 1 < s.size && is_alphanumeric(s.cp[i - 1]) &&
        is_alphanumeric(s.cp[i + 1]))
        mark = false;
    w->half_marks += mark && (c < 0x80 || c >= 0xff61);
    w->full_digits += !mark && folded < 0x80 && c != folded;
    w->plain += mark || folded >= 0x80 ? 2 : 1;
}

static struct widths
widths_of(const struct page *page, struct span s)
{
    struct widths w = {0};
    for (uint32_t i = 0; i < s.size; i++) {
        uint32_t c = s.cp[i];
        if (char_is_space(c))
            w.plain += !page->cjk || (i > 0 && char_is_hangul(s.cp[i - 1]));
        else if (page->cjk && (char_fold(c) < 0x80 || (c >= 0xff61 && c <= 0xff65)))
            add_folded(&w, s, i);
        else
            w.plain +=
                char_is(c, page->cjk ? CHAR_WIDE | CHAR_AMBIGUOUS : CHAR_WIDE) ? 2 : 1;
    }
    return w;
}

uint32_t
span_width(const struct page *page, struct span s)
{
    struct widths w = widths_of(page, s);
    return w.plain + (page->wide_digits ? w.full_digits : 0) -
           (page->narrow_marks ? w.half_marks : 0);
}

static uint32_t
dressed_width(const struct line *line, bool wide_digits, bool narrow_marks)
{
    return line->width + (wide_digits ? line->full_digits : 0) -
           (narrow_marks ? line->half_marks : 0);
}

// A sentence may be followed by a note in brackets: 。（张三）
static uint32_t
skip_note(struct span s)
{
    if (!s.size || char_fold(s.cp[s.size - 1]) != ')')
        return s.size;
    for (uint32_t i = s.size - 1, n = 0; i > 0 && n < 40; i--, n++)
        if (char_fold(s.cp[i]) == '(') {
            uint32_t before = span_trim(span_cut(s, 0, i)).size;
            return before && span_stops(s, before - 1) ? before : s.size;
        }
    return s.size;
}

bool
span_closed(struct span s)
{
    uint32_t end = skip_note(s);
    while (end > 1 && (char_closes(s.cp[end - 1]) || char_is_space(s.cp[end - 1])))
        end--;
    if (!end)
        return false;
    uint32_t c = char_fold(s.cp[end - 1]);
    if (char_ends(c) || c == 0x2026)
        return true;
    if (c != '.' || end < 2)
        return false;
    uint32_t digits = 0;
    while (digits + 1 < end && char_is_digit(s.cp[end - 2 - digits]))
        digits++;
    return digits == 0 || digits > 2; // not 5. März, not 3.8 broken in two
}

struct span
line_span(const struct page *page, const struct line *line)
{
    return span_of(page->cp + line->begin, line->end - line->begin);
}

// What a walk over a line sees besides its marks.
struct sight {
    uint32_t classes, wide; // of its characters; how many are wide
    uint32_t pieces, single;
};

static void
see_mark(struct line *line, struct span s, uint32_t i, bool first)
{
    uint32_t c = char_fold(s.cp[i]);
    bool dash = c == '-' || c == '=' || c == 0x2013 || c == 0x2014;
    line->digits = line->digits || (c >= '0' && c <= '9');
    line->dashed = line->dashed || (first && dash);
    line->stop = line->stop || c == ';' || span_is_full_stop(s, i);
    // who stands behind a place signs without a title
    line->titled = line->titled || c == '=' || c == '/' || (i == 0 && c == '(');
}

static struct sight
see_line(struct line *line, struct span s)
{
    const uint32_t letters = CHAR_LETTER | CHAR_HAN | CHAR_KANA | CHAR_HANGUL;
    struct sight seen = {0};
    uint32_t length = 0;
    for (uint32_t i = 0; i < s.size; i++) {
        uint32_t classes = char_class(s.cp[i]);
        seen.classes |= classes;
        if (classes & CHAR_SPACE) {
            seen.pieces += length > 0;
            seen.single += length == 1;
            length = 0;
            continue;
        }
        length++;
        seen.wide += (classes & CHAR_WIDE) != 0;
        line->letters++;
        word_lists_add(&line->may, s.cp[i]);
        if (!(classes & letters))
            see_mark(line, s, i, length == 1);
    }
    seen.pieces += length > 0;
    seen.single += length == 1;
    return seen;
}

// fill_line says of a line what its characters say. R3: it is letter-spaced when it has
// three spaces or more and at least half of its pieces are one character long.
static void
fill_line(const struct page *page, struct line *line)
{
    struct span s = line_span(page, line);
    line->letters = 0;
    line->may = (struct word_lists){0};
    line->stop = line->titled = line->digits = line->dashed = false;
    struct sight seen = see_line(line, s);
    struct widths w = {.plain = s.size + seen.wide}; // its layout space is an n wide
    if (page->cjk)
        w = widths_of(page, s);
    line->spread = seen.pieces > 3 && seen.single * 2 >= seen.pieces;
    line->width = w.plain;
    line->full_digits = w.full_digits;
    line->half_marks = w.half_marks;
    line->closed = span_closed(s);
    line->latin = line->latin || (seen.classes & CHAR_LETTER);
    line->titled = line->titled || word_lists_has(&line->may, WORDS_TITLES);
    line->tells = latin_may_tell(s);
    line->signs = latin_may_sign(s);
    line->furniture = label_is_furniture(s, line->digits);
}

static void
add_line(
    struct page *page, uint32_t begin, uint32_t end, uint32_t number, uint32_t blanks)
{
    uint32_t from = begin;
    while (from < end && char_is_space(page->cp[from]))
        from++;
    struct line *line = &page->lines[page->lines_count++];
    struct span s = span_trim(span_of(page->cp + from, end - from));
    for (uint32_t i = begin; i < from; i++)
        line->indent += page->cp[i] == 0x3000 ? 2 : 1;
    line->begin = from;
    line->end = from + s.size;
    line->number = line->last = number;
    line->blanks = blanks;
    fill_line(page, line);
}

// line_end gives the end of the line that begins at `at`; next_out is where the next one
// begins. CR LF is one break; a form feed is a break and leaves a blank line behind.
static uint32_t
line_end(const struct page *page, uint32_t at, uint32_t *next_out)
{
    while (at < page->size && !breaks_line(page->cp[at]))
        at++;
    bool crlf = at + 1 < page->size && page->cp[at] == '\r' && page->cp[at + 1] == '\n';
    *next_out = at + (crlf ? 2 : 1);
    return at;
}

static bool
is_blank(const struct page *page, uint32_t begin, uint32_t end)
{
    return span_trim(span_of(page->cp + begin, end - begin)).size == 0;
}

// A note in brackets behind a sentence may be broken over two lines: 。（记者张 / 三）
static void
close_broken_notes(struct page *page)
{
    for (uint32_t i = 1; i < page->lines_count; i++) {
        struct line *line = &page->lines[i], *before = line - 1;
        struct span s = line_span(page, line), b = line_span(page, before);
        uint32_t open = b.size;
        if (line->blanks || s.size > 20 || char_fold(s.cp[s.size - 1]) != ')' ||
            span_find(s, 0, "(") < s.size)
            continue;
        while (open > 0 && char_fold(b.cp[open - 1]) != '(')
            open--;
        line->closed = line->closed || (open > 1 && span_stops(b, open - 2));
    }
}

// A point between digits is none that ends a sentence, though a line ends there.
static void
open_broken_numbers(struct page *page)
{
    for (uint32_t i = 0; i + 1 < page->lines_count; i++) {
        struct line *line = &page->lines[i], *next = line + 1;
        bool point = char_fold(page->cp[line->end - 1]) == '.';
        if (point && !next->blanks && char_is_digit(page->cp[next->begin]) &&
            line->end - line->begin > 1 && char_is_digit(page->cp[line->end - 2]))
            line->closed = false;
    }
}

// A desk signs below its text with a few small letters: … im Mai entscheiden. hob
static void
close_initials(struct page *page)
{
    for (uint32_t i = 0; !page->cjk && i < page->lines_count; i++) {
        struct line *line = &page->lines[i];
        struct span s = line_span(page, line);
        uint32_t at = s.size;
        bool last = i + 1 == page->lines_count || line[1].blanks;
        while (at > 0 && char_is_letter(s.cp[at - 1]) && !char_is_upper(s.cp[at - 1]))
            at--;
        if (last && at > 2 && s.size - at >= 2 && s.size - at <= 4 &&
            char_is_space(s.cp[at - 1]) && s.cp[at - 2] == '.')
            line->closed = true;
    }
}

// Space that stands before every line is the margin of the paper, no line's own.
static void
drop_margin(struct page *page)
{
    uint32_t margin = page->lines_count ? UINT32_MAX : 0;
    for (uint32_t i = 0; i < page->lines_count; i++)
        if (page->lines[i].indent < margin)
            margin = page->lines[i].indent;
    for (uint32_t i = 0; i < page->lines_count; i++)
        page->lines[i].indent -= margin;
}

// Some extractors leave a blank line behind every line: those say nothing.
static void
drop_double_spacing(struct page *page)
{
    uint32_t spaced = 0;
    for (uint32_t i = 1; i < page->lines_count; i++)
        spaced += page->lines[i].blanks > 0;
    if (page->lines_count < 8 || spaced * 10ULL < (page->lines_count - 1) * 9ULL)
        return;
    for (uint32_t i = 1; i < page->lines_count; i++)
        page->lines[i].blanks -= page->lines[i].blanks > 0;
}

// dress_agrees counts the lines that have the width of the line before them to the half
// em: inside a column nearly all have, by the widths the lines were set with.
static uint32_t
dress_agrees(const struct page *page, bool wide_digits, bool narrow_marks)
{
    uint32_t agree = 0, before = 0;
    for (uint32_t i = 0; i < page->lines_count; i++) {
        uint32_t width = dressed_width(&page->lines[i], wide_digits, narrow_marks);
        agree += width == before && width >= 12 && !page->lines[i].blanks;
        before = width;
    }
    return agree;
}

// find_dress decides what digits and marks counted when the lines were set. Where more
// than one answer explains the page, it is the one that does not depend on the dress.
static void
find_dress(struct page *page)
{
    uint32_t best = 0, most = 0;
    if (!page->cjk)
        return;
    for (uint32_t dress = 0; dress < 4; dress++) {
        uint32_t agree = dress_agrees(page, dress & 1, dress & 2);
        if (agree > most) {
            most = agree;
            best = dress;
        }
    }
    page->wide_digits = best & 1 || page->hangul;
    page->narrow_marks = best & 2 || page->hangul;
    for (uint32_t i = 0; i < page->lines_count; i++)
        page->lines[i].width =
            dressed_width(&page->lines[i], page->wide_digits, page->narrow_marks);
}

// Vertical text, or text an extractor has scattered letter by letter, has no lines worth
// the name; nothing that could be cut from it would be true.
bool
page_is_scattered(const struct page *page)
{
    uint32_t tiny = 0;
    for (uint32_t i = 0; i < page->lines_count; i++)
        tiny += page->lines[i].letters <= 2;
    return page->lines_count >= 12 && tiny * 10ULL > page->lines_count * 6ULL;
}

// A headline set upright, a character a line, is one line; the breaks in it are space.
static uint32_t
upright_run(const struct page *page, uint32_t i)
{
    uint32_t end = i, han = 0;
    while (end < page->lines_count && page->lines[end].letters == 1 &&
           (end == i || !page->lines[end].blanks) && end - i < UPRIGHT_MAX) {
        uint32_t c = page->cp[page->lines[end].begin];
        if (!char_is(c, CHAR_HAN | CHAR_KANA | CHAR_MARK | CHAR_AMBIGUOUS))
            break;
        han += char_is(c, CHAR_HAN | CHAR_KANA);
        end++;
    }
    return han >= UPRIGHT_LEAST ? end : i;
}

static void
join_upright(struct page *page)
{
    uint32_t n = 0;
    for (uint32_t i = 0, end; i < page->lines_count; i = end) {
        struct line line = page->lines[i];
        end = upright_run(page, i);
        if (end > i) {
            line.end = page->lines[end - 1].end;
            line.last = page->lines[end - 1].last;
            fill_line(page, &line);
            line.spread = true;
        } else {
            end = i + 1;
        }
        page->lines[n++] = line;
    }
    page->lines_count = n;
}

bool
page_cut_lines(struct page *page)
{
    uint32_t most = decode(page);
    if (!most || most > NEWSPRINT_LINES_MAX)
        return false;
    page->lines = arena_array(page->arena, most, sizeof *page->lines);
    if (!page->lines)
        return false;
    uint32_t number = 1, blanks = 0;
    bool fed = false;
    for (uint32_t at = 0, next; at < page->size; at = next) {
        uint32_t end = line_end(page, at, &next);
        bool feed = end < page->size && page->cp[end] == '\f';
        if (is_blank(page, at, end)) {
            blanks++;
        } else {
            add_line(page, at, end, number, blanks);
            page->lines[page->lines_count - 1].feed = fed;
            blanks = feed;
            fed = false;
        }
        fed = fed || feed;
        number += !feed;
    }
    drop_double_spacing(page);
    if (page->cjk && !page_is_scattered(page))
        join_upright(page);
    drop_margin(page);
    open_broken_numbers(page);
    close_broken_notes(page);
    close_initials(page);
    find_dress(page);
    return true;
}
