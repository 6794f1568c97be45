// Controls of writing direction must close what they open within their line, or the rest
// of somebody's page runs the wrong way. LRM, RLM and ALM mark a place and always stay.
#include "normalize/rules.h"

#define LRE 0x202a
#define RLE 0x202b
#define PDF 0x202c
#define LRO 0x202d
#define RLO 0x202e
#define LRI 0x2066
#define FSI 0x2068
#define PDI 0x2069
#define DEPTH 125 // UAX #9, BD2
#define GONE (-1) // dropped when the line is done

struct open {
    size_t at[DEPTH];
    size_t count;
};

static bool
is_isolate(int32_t c)
{
    return c >= LRI && c <= FSI;
}

static bool
is_embedding(int32_t c)
{
    return c == LRE || c == RLE || c == LRO || c == RLO;
}

static void
open_one(struct points *points, size_t i, struct open *open)
{
    if (open->count == DEPTH)
        points->at[i] = GONE;
    else
        open->at[open->count++] = i;
}

// PDF closes an embedding only if that is what was opened last.
static void
close_embedding(struct points *points, size_t i, struct open *open)
{
    if (open->count && is_embedding(points->at[open->at[open->count - 1]]))
        open->count--;
    else
        points->at[i] = GONE;
}

// PDI closes the last isolate, and what stands open inside it was never closed.
static void
close_isolate(struct points *points, size_t i, struct open *open)
{
    size_t n = open->count;
    while (n > 0 && !is_isolate(points->at[open->at[n - 1]]))
        n--;
    if (n == 0) {
        points->at[i] = GONE;
        return;
    }
    for (size_t k = n; k < open->count; k++)
        points->at[open->at[k]] = GONE;
    open->count = n - 1;
}

static void
balance_line(struct points *points, size_t from, size_t to)
{
    struct open open = {.count = 0};
    for (size_t i = from; i < to; i++) {
        int32_t c = points->at[i];
        if (is_isolate(c) || is_embedding(c))
            open_one(points, i, &open);
        else if (c == PDF)
            close_embedding(points, i, &open);
        else if (c == PDI)
            close_isolate(points, i, &open);
    }
    while (open.count)
        points->at[open.at[--open.count]] = GONE;
}

static void
drop_gone(struct points *points, struct text_changes *changes)
{
    size_t kept = 0;
    for (size_t i = 0; i < points->count; i++)
        if (points->at[i] != GONE)
            points->at[kept++] = points->at[i];
    changes->count[TEXT_RULE_BIDI] += (uint32_t)(points->count - kept);
    points->count = kept;
}

static void
drop_overrides(struct points *points, struct text_changes *changes)
{
    size_t kept = 0;
    for (size_t i = 0; i < points->count; i++)
        if (points->at[i] != LRO && points->at[i] != RLO)
            points->at[kept++] = points->at[i];
    changes->count[TEXT_RULE_OVERRIDE] += (uint32_t)(points->count - kept);
    points->count = kept;
}

void
rule_bidi(struct points *points, bool one_line, struct text_changes *changes)
{
    if (one_line)
        drop_overrides(points, changes);
    for (size_t from = 0, i = 0; i <= points->count; i++)
        if (i == points->count || (points->at[i] == '\n' && !one_line)) {
            balance_line(points, from, i);
            from = i + 1;
        }
    drop_gone(points, changes);
}
