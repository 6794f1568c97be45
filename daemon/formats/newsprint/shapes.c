// Where paragraphs of an East Asian page begin and end. Blank lines do not say: they also mark column breaks
// and hung quotes, and some pages have none. What a column keeps is the shape of its
// lines: the first is two ems short, the last ends a sentence and is as long as it
// happens to be, all between are full. So each line is given one of four places in a
// paragraph, by the cheapest path over all lines of the item, with the measure as part
// of the path because it may change inside an item.
#include "formats/newsprint/page.h"

enum place {
    PLACE_FIRST,
    PLACE_INNER,
    PLACE_LAST,
    PLACE_SINGLE,
    PLACES,
};
#define MEASURES 3U
#define STATES (PLACES * MEASURES)
#define NEVER 1000000U

// Costs are in tenths of a natural logarithm.
#define COST_UNFINISHED 60U // a paragraph that does not end a sentence
#define COST_LONG 20U       // a last line longer than its column
#define COST_FULL 15U       // a last line that happens to be full
#define COST_SINGLE 5U      // a paragraph of one line
#define COST_NO_INDENT 25U  // a first line without its two ems
#define COST_MISFIT 50U
#define COST_CUT_OFF 30U     // an item that begins or ends inside a paragraph
#define COST_MEASURE 45U     // the measure changes from one line to the next
#define COST_MEASURE_GAP 20U // ... at a blank line
#define COST_MEASURE_END 8U  // ... at a blank line between paragraphs

static uint32_t
distance(uint32_t a, uint32_t b)
{
    return a > b ? a - b : b - a;
}

// unlikely gives -10 ln((n + 1) / (of + 2)), near enough: the logarithm to base two by
// the bits of the numbers, their fraction linear.
static uint32_t
log2_16(uint32_t n)
{
    uint32_t bits = 31U - (uint32_t)__builtin_clz(n);
    return bits * 16 + (uint32_t)(((uint64_t)n << 4 >> bits) & 15);
}

static uint32_t
unlikely(uint32_t n, uint32_t of)
{
    return (log2_16(of + 2) - log2_16(n + 1)) * 7 / 16;
}

static enum gap
gap_before(const struct page *page, const struct item *item, uint32_t i)
{
    const struct line *line = &page->lines[item->lines[i]];
    if (!line->blanks)
        return GAP_NONE;
    uint32_t c = char_fold(page->cp[line->begin]);
    bool quote = char_opens(c) || c == '"' || c == '\''; // those of ASCII have no side
    return quote ? GAP_BEFORE_QUOTE : GAP_BLANK;
}

static bool
sure_end(const struct line *line)
{
    return line->closed && line->above && line->width + 6 <= line->above;
}

static bool
sure_inside(const struct page *page, const struct line *line)
{
    return !line->closed && line_fits(page, line);
}

struct counts {
    uint32_t of[2], gaps[2][GAPS]; // [a paragraph ends here]
};

static void
count_pair(
    const struct page *page, struct counts *c, const struct line *line, enum gap gap)
{
    if (!sure_inside(page, line) && !sure_end(line))
        return;
    bool ends = sure_end(line);
    c->of[ends]++;
    c->gaps[ends][gap]++;
}

struct habits
shapes_learn_habits(const struct page *page)
{
    struct counts c = {0};
    for (uint32_t n = 0; n < page->items_count; n++) {
        const struct item *item = &page->items[n];
        for (uint32_t i = 0; i + 1 < item->lines_count; i++)
            count_pair(
                page, &c, &page->lines[item->lines[i]], gap_before(page, item, i + 1));
    }
    struct habits h = {.indent = page->indent};
    for (int ends = 0; ends < 2; ends++)
        for (int gap = 0; gap < GAPS; gap++)
            h.cost[ends][gap] = unlikely(c.gaps[ends][gap], c.of[ends]);
    return h;
}

enum { WIDEST = 256 };

// A line speaks for the measures around it that it has itself.
static void
count_measure(uint32_t counts[WIDEST + 1], const struct line *line, uint32_t measure)
{
    if (measure && measure <= WIDEST && distance(line->width, measure) <= 3)
        counts[measure]++;
}

// take_measure gives the measure most lines speak for and forgets its neighbours; 0 when
// too few do.
static uint32_t
take_measure(uint32_t counts[WIDEST + 1])
{
    uint32_t best = 0, best_count = 5;
    for (uint32_t w = 1; w < WIDEST; w++) {
        uint32_t count = counts[w - 1] + 2 * counts[w] + counts[w + 1];
        if (counts[w] && count >= best_count) {
            best_count = count;
            best = w;
        }
    }
    for (uint32_t w = best > 2 ? best - 2 : 0; best && w <= best + 2 && w <= WIDEST;
         w++)
        counts[w] = 0;
    return best;
}

// measures_of finds up to MEASURES widths that columns of the item have.
static uint32_t
measures_of(const struct page *page, const struct item *item, uint32_t out[MEASURES])
{
    uint32_t counts[WIDEST + 1] = {0}, found = 0, widest = 0;
    for (uint32_t i = 0; i < item->lines_count; i++) {
        const struct line *line = &page->lines[item->lines[i]];
        widest = line->width > widest ? line->width : widest;
        count_measure(counts, line, line->above);
        if (line->below != line->above)
            count_measure(counts, line, line->below);
    }
    while (found < MEASURES && (out[found] = take_measure(counts)))
        found++;
    if (!found)
        out[found++] = widest;
    return found;
}

static uint32_t
first_cost(const struct habits *h, const struct line *line, uint32_t measure)
{
    uint32_t indented = distance(line->width + 4, measure);
    uint32_t full = distance(line->width, measure);
    switch (h->indent) {
    case INDENT_KEPT:
        return line->indent >= 3 ? 0 : COST_MISFIT;
    case INDENT_NONE:
        return full <= 2 ? 0 : full <= 4 ? 6 : COST_MISFIT;
    case INDENT_LOST:
        break;
    }
    if (indented <= 2)
        return 0;
    return indented == 3 ? 6 : full <= 2 ? COST_NO_INDENT : COST_MISFIT;
}

static uint32_t
inner_cost(const struct habits *h, const struct line *line, uint32_t measure)
{
    uint32_t off = distance(line->width, measure);
    if (h->indent == INDENT_KEPT && line->indent >= 3)
        return COST_MISFIT;
    if (line->spread)
        return 0;
    if (off <= 1)
        return 0;
    return off == 2 ? 3 : off == 3 ? 8 : off <= 5 ? 25 : 45;
}

static uint32_t
last_cost(const struct line *line, uint32_t measure)
{
    uint32_t cost = line->closed ? 0 : COST_UNFINISHED;
    if (line->width > measure + 3)
        return cost + COST_LONG;
    return cost + (line->width + 1 >= measure ? COST_FULL : 0);
}

static uint32_t
single_cost(const struct habits *h, const struct line *line, uint32_t measure)
{
    if (line->heading)
        return 0;
    uint32_t cost = last_cost(line, measure) + COST_SINGLE;
    if (h->indent == INDENT_KEPT)
        return cost + (line->indent >= 3 ? 0 : COST_MISFIT);
    bool no_indent = h->indent == INDENT_LOST && line->width + 2 > measure;
    return cost + (no_indent ? COST_NO_INDENT : 0);
}

static uint32_t
place_cost(
    const struct habits *h, const struct line *line, enum place place, uint32_t measure)
{
    if (line->heading && place != PLACE_SINGLE)
        return NEVER;
    switch (place) {
    case PLACE_FIRST:
        return first_cost(h, line, measure);
    case PLACE_INNER:
        return inner_cost(h, line, measure);
    case PLACE_LAST:
        return last_cost(line, measure);
    default:
        return single_cost(h, line, measure);
    }
}

static bool
ends_paragraph(uint32_t place)
{
    return place == PLACE_LAST || place == PLACE_SINGLE;
}

static bool
begins_paragraph(uint32_t place)
{
    return place == PLACE_FIRST || place == PLACE_SINGLE;
}

static uint32_t
step_cost(const struct habits *h, uint32_t from, uint32_t to, enum gap gap)
{
    bool ends = ends_paragraph(from % PLACES);
    if (ends != begins_paragraph(to % PLACES))
        return NEVER;
    uint32_t cost = h->cost[ends][gap];
    if (from / PLACES != to / PLACES)
        cost += gap && ends ? COST_MEASURE_END : gap ? COST_MEASURE_GAP : COST_MEASURE;
    return cost;
}

// The cheapest way to each state of one line, and where it came from.
struct step {
    uint32_t cost[STATES];
    uint8_t from[STATES];
};

static void
take_step(const struct habits *h, const struct step *before, struct step *now,
    const struct line *line, enum gap gap, const uint32_t *measures, uint32_t states)
{
    for (uint32_t to = 0; to < states; to++) {
        uint32_t best = UINT32_MAX / 2;
        for (uint32_t from = 0; from < states; from++) {
            uint32_t cost = before->cost[from] + step_cost(h, from, to, gap);
            if (cost < best) {
                best = cost;
                now->from[to] = (uint8_t)from;
            }
        }
        best += place_cost(h, line, to % PLACES, measures[to / PLACES]);
        now->cost[to] = best;
    }
    // Only differences matter: keep the numbers small however long the item is.
    uint32_t least = now->cost[0];
    for (uint32_t s = 1; s < states; s++)
        least = now->cost[s] < least ? now->cost[s] : least;
    for (uint32_t s = 0; s < states; s++)
        now->cost[s] -= least;
}

static void
first_step(const struct habits *h, struct step *now, const struct line *line,
    const uint32_t *measures, uint32_t states)
{
    for (uint32_t s = 0; s < states; s++)
        now->cost[s] = place_cost(h, line, s % PLACES, measures[s / PLACES]) +
                       (begins_paragraph(s % PLACES) ? 0 : COST_CUT_OFF);
}

static uint32_t
cheapest_end(const struct step *last, uint32_t states)
{
    uint32_t best = 0, least = UINT32_MAX;
    for (uint32_t s = 0; s < states; s++) {
        uint32_t cost = last->cost[s] + (ends_paragraph(s % PLACES) ? 0 : COST_CUT_OFF);
        if (cost < least) {
            least = cost;
            best = s;
        }
    }
    return best;
}

void
shapes_find_ends(
    struct page *page, const struct habits *h, const struct item *item, bool *ends)
{
    uint32_t n = item->lines_count, measures[MEASURES];
    uint32_t states = measures_of(page, item, measures) * PLACES;
    struct step *steps = arena_array(page->arena, n, sizeof *steps);
    if (!steps)
        return;
    first_step(h, &steps[0], &page->lines[item->lines[0]], measures, states);
    for (uint32_t i = 1; i < n; i++)
        take_step(h, &steps[i - 1], &steps[i], &page->lines[item->lines[i]],
            gap_before(page, item, i), measures, states);
    uint32_t state = cheapest_end(&steps[n - 1], states);
    for (uint32_t i = n; i-- > 0; state = steps[i].from[state])
        ends[i] = ends_paragraph(state % PLACES);
}
