// Walking every segment as it lies on disk, against what the manifest and the side say.
#include <stdarg.h>
#include <stdio.h>

#include "index/room.h"

struct walk {
    store_finding_fn *finding;
    void *context;
    const struct segment *segment;
    struct blobs_read *read;
    uint64_t entries;
};

static void __attribute__((format(printf, 2, 3)))
found(const struct walk *w, const char *format, ...)
{
    char words[256];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(words, sizeof words, format, args);
    va_end(args);
    w->finding(w->context, words);
}

static bool
before(struct pair a, struct pair b)
{
    return a.tag < b.tag || (a.tag == b.tag && a.number <= b.number);
}

// One page: `last` is the pair before it, moved on.
static uint64_t
page_walk(struct walk *w, enum index_kind kind, uint64_t number, struct pair *last)
{
    const struct segment *s = w->segment;
    const uint8_t *page;
    if (segment_page(s, w->read, kind, number, &page)) {
        found(w, "index segment %lu page %lu: damaged", s->shape.id, number);
        return 0;
    }
    if (s->fences[number] != page_pair(page, 0).tag)
        found(
            w, "index segment %lu page %lu: its fence is another", s->shape.id, number);
    for (uint32_t i = 0; i < page_count(page); i++) {
        struct pair here = page_pair(page, i);
        if (!before(*last, here))
            found(w, "index segment %lu page %lu: entry %u is out of order",
                s->shape.id, number, i);
        if (!segment_may_hold(s, kind, tag_mix(kind, here.tag)))
            found(w, "index segment %lu page %lu: the filter misses entry %u",
                s->shape.id, number, i);
        *last = here;
    }
    return page_count(page);
}

static void
segment_walk(struct walk *w)
{
    const struct segment *s = w->segment;
    for (unsigned k = 0; k < INDEX_KINDS; k++) {
        struct pair last = {0, 0};
        uint64_t entries = 0;
        for (uint64_t p = s->first_page[k]; p < s->first_page[k + 1]; p++)
            entries += page_walk(w, k, p, &last);
        if (entries != s->shape.counts[k])
            found(w, "index segment %lu kind %u: %lu entries, the manifest says %lu",
                s->shape.id, k, entries, s->shape.counts[k]);
        w->entries += entries;
    }
}

// The manifest on disk names the segments in memory and the same W. The list may move on
// while this walks; the caller's snapshot was begun after it was held.
static void
manifest_walk(struct walk *w, uint64_t covered, unsigned count)
{
    struct manifest m = {0};
    enum wire_err err = manifest_read(w->read, &m);
    if (err == WIRE_NOT_FOUND && covered == 0 && count == 0)
        return;
    if (err)
        found(w, "index manifest: %s", wire_error_text(err));
    else if (m.covered < covered)
        found(w, "index manifest: covers %lu records, %lu were said to be", m.covered,
            covered);
}

uint64_t
index_verify(struct index *index, store_finding_fn *finding, void *context)
{
    struct walk w = {.finding = finding, .context = context};
    struct segment *list[SEGMENTS_MAX];
    pthread_rwlock_rdlock(&index->lock);
    unsigned count = index->count;
    uint64_t covered = index_covered(index);
    for (unsigned i = 0; i < count; i++)
        segment_hold(list[i] = index->list[i]);
    pthread_rwlock_unlock(&index->lock);

    if (blobs_read_begin(index->blobs, &w.read)) {
        found(&w, "index: no snapshot to read");
    } else {
        manifest_walk(&w, covered, count);
        for (unsigned i = 0; i < count; i++) {
            w.segment = list[i];
            segment_walk(&w);
        }
        blobs_read_end(&w.read);
    }
    for (unsigned i = 0; i < count; i++)
        segment_drop(&list[i]);
    return w.entries;
}
