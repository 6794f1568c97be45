// Two ways to the same thing. A head is copied a part a call, then sorted a kind a call, so
// that no call of the writer's is long. Segments are merged through a cursor each, which
// keeps a copy of its page: the snapshot it came from ends with the commit.
#include "index/source.h"

#include <assert.h>
#include <stdlib.h>

struct cursor {
    struct segment *segment; // held
    enum index_kind kind;
    uint64_t next_page, end_page;
    uint32_t at, count; // of the page below; at == count: it is spent
    uint8_t page[PAGE_BYTES];
};
struct source {
    uint64_t counts[INDEX_KINDS];
    // of a head, which stands until the source goes: its pairs kind by kind
    const struct head *head;
    struct pair *pairs, *scratch;
    struct pair *copied[INDEX_KINDS]; // where the next pair of a kind goes
    uint32_t walked;                  // entries of the head copied
    uint64_t taken;
    unsigned sorted; // kinds
    // of segments
    unsigned ways;
    struct cursor cursors[];
};
#define COPY_AT_ONCE (256U << 10)

static struct pair *
pairs_of(const struct source *s, enum index_kind kind)
{
    struct pair *at = s->pairs;
    for (unsigned k = 0; k < kind; k++)
        at += s->counts[k];
    return at;
}

struct source *
source_of_head(const struct head *head)
{
    struct source *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    uint64_t sum = 0, most = 0;
    for (unsigned k = 0; k < INDEX_KINDS; k++) {
        s->counts[k] = head_count(head, k);
        sum += s->counts[k];
        most = s->counts[k] > most ? s->counts[k] : most;
    }
    s->head = head;
    s->pairs = malloc((sum + 1) * sizeof *s->pairs);
    s->scratch = malloc((most + 1) * sizeof *s->scratch);
    if (!s->pairs || !s->scratch) {
        source_free(&s);
        return NULL;
    }
    for (unsigned k = 0; k < INDEX_KINDS; k++)
        s->copied[k] = pairs_of(s, k);
    return s;
}

struct source *
source_of_segments(struct segment *const *segments, unsigned count)
{
    struct source *s = calloc(1, sizeof *s + count * sizeof *s->cursors);
    if (!s)
        return NULL;
    s->ways = count;
    s->sorted = INDEX_KINDS;
    for (unsigned i = 0; i < count; i++) {
        struct cursor *c = &s->cursors[i];
        c->segment = segments[i];
        segment_hold(c->segment);
        c->end_page = c->segment->first_page[1];
        for (unsigned k = 0; k < INDEX_KINDS; k++)
            s->counts[k] += segments[i]->shape.counts[k];
    }
    return s;
}

void
source_free(struct source **source)
{
    struct source *s = *source;
    *source = NULL;
    if (!s)
        return;
    for (unsigned i = 0; i < s->ways; i++)
        segment_drop(&s->cursors[i].segment);
    free(s->pairs);
    free(s->scratch);
    free(s);
}

void
source_counts(const struct source *source, uint64_t counts_out[INDEX_KINDS])
{
    memcpy(counts_out, source->counts, sizeof source->counts);
}

bool
source_prepare(struct source *source)
{
    if (source->sorted == INDEX_KINDS)
        return true;
    if (head_collect(source->head, &source->walked, COPY_AT_ONCE, source->copied)) {
        unsigned k = source->sorted++;
        pairs_sort(pairs_of(source, k), source->counts[k], source->scratch);
    }
    return false;
}

static enum wire_err
cursor_fill(struct cursor *c, struct blobs_read *read, enum index_kind kind)
{
    if (c->kind != kind) {
        c->kind = kind;
        c->next_page = c->segment->first_page[kind];
        c->end_page = c->segment->first_page[kind + 1];
    }
    if (c->at < c->count || c->next_page == c->end_page)
        return WIRE_OK;
    const uint8_t *page;
    enum wire_err err = segment_page(c->segment, read, kind, c->next_page, &page);
    if (err)
        return err;
    memcpy(c->page, page, PAGE_BYTES);
    c->next_page++;
    c->at = 0;
    c->count = page_count(page);
    return WIRE_OK;
}

// The cursor with the least tag; of equal ones the oldest segment's, whose numbers are
// less. NULL when all are spent.
static struct cursor *
cursor_least(struct source *s)
{
    struct cursor *best = NULL;
    uint64_t least = 0;
    for (unsigned i = 0; i < s->ways; i++) {
        struct cursor *c = &s->cursors[i];
        if (c->at == c->count)
            continue;
        uint64_t tag = page_pair(c->page, c->at).tag;
        if (!best || tag < least) {
            best = c;
            least = tag;
        }
    }
    return best;
}

static enum wire_err
take_merged(struct source *s, struct blobs_read *read, enum index_kind kind,
    struct pair *out, uint32_t want)
{
    for (unsigned i = 0; i < s->ways; i++) {
        enum wire_err err = cursor_fill(&s->cursors[i], read, kind);
        if (err)
            return err;
    }
    for (uint32_t n = 0; n < want; n++) {
        struct cursor *c = cursor_least(s);
        if (!c)
            return WIRE_DAMAGED; // pages hold fewer than the manifest says
        out[n] = page_pair(c->page, c->at++);
        enum wire_err err = cursor_fill(c, read, kind);
        if (err)
            return err;
    }
    return WIRE_OK;
}

enum wire_err
source_take(struct source *source, struct blobs_read *read, enum index_kind kind,
    struct pair *out, uint32_t want)
{
    assert(source->sorted == INDEX_KINDS);
    if (source->ways)
        return take_merged(source, read, kind, out, want);
    memcpy(out, source->pairs + source->taken, want * sizeof *out);
    source->taken += want;
    return WIRE_OK;
}
