// Finding in one segment: the fences name the page, its pairs are searched by halves. A
// run of equal tags may cross pages; since pages are full, its length is the distance
// between its two ends, and it need not be walked.
#include "index/segment.h"

#include <stdlib.h>

struct segment *
segment_new(const struct segment_shape *shape)
{
    struct segment *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->shape = *shape;
    atomic_init(&s->refs, 1);
    for (unsigned k = 0; k < INDEX_KINDS; k++)
        s->first_page[k + 1] =
            s->first_page[k] + (shape->counts[k] + PAGE_PAIRS - 1) / PAGE_PAIRS;
    s->blocks = filter_blocks(segment_entries(s));
    s->side_bytes =
        s->blocks * FILTER_BLOCK_BYTES + segment_pages(s) * sizeof *s->fences;
    size_t room =
        (s->side_bytes + FILTER_BLOCK_BYTES - 1) & ~(size_t)(FILTER_BLOCK_BYTES - 1);
    s->filter = aligned_alloc(FILTER_BLOCK_BYTES, room);
    if (!s->filter) {
        free(s);
        return NULL;
    }
    memset(s->filter, 0, room);
    s->fences = s->filter + s->blocks * (FILTER_BLOCK_BYTES / sizeof *s->filter);
    return s;
}

void
segment_hold(struct segment *s)
{
    atomic_fetch_add_explicit(&s->refs, 1, memory_order_relaxed);
}

void
segment_drop(struct segment **s)
{
    struct segment *mine = *s;
    *s = NULL;
    if (!mine || atomic_fetch_sub_explicit(&mine->refs, 1, memory_order_acq_rel) != 1)
        return;
    free(mine->filter);
    free(mine);
}

uint64_t
segment_entries(const struct segment *s)
{
    uint64_t sum = 0;
    for (unsigned k = 0; k < INDEX_KINDS; k++)
        sum += s->shape.counts[k];
    return sum;
}

struct slice
segment_key(
    uint64_t id, enum segment_part part, uint32_t place, uint8_t key[SEGMENT_KEY_BYTES])
{
    uint32_t big = __builtin_bswap32(place);
    put_be64(key, id);
    key[8] = (uint8_t)part;
    memcpy(key + 9, &big, sizeof big);
    return slice_of(key, SEGMENT_KEY_BYTES);
}

// What is missing from a segment that the manifest names is damage.
static enum wire_err
part_get(const struct segment *s, struct blobs_read *read, enum segment_part part,
    uint64_t place, uint64_t size, const uint8_t **out)
{
    uint8_t key[SEGMENT_KEY_BYTES];
    struct slice value;
    enum wire_err err =
        blobs_get(read, segment_key(s->shape.id, part, (uint32_t)place, key), &value);
    if (err == WIRE_NOT_FOUND || (!err && value.size != size))
        err = WIRE_DAMAGED;
    if (!err)
        *out = value.data;
    return err;
}

static uint64_t
least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static enum wire_err
side_load(struct segment *s, struct blobs_read *read)
{
    uint64_t step = s->shape.chunk_bytes;
    for (uint64_t at = 0; at < s->side_bytes; at += step) {
        const uint8_t *part;
        uint64_t size = least(step, s->side_bytes - at);
        enum wire_err err = part_get(s, read, SEGMENT_SIDE, at / step, size, &part);
        if (err)
            return err;
        memcpy((uint8_t *)s->filter + at, part, size);
    }
    struct slice side = slice_of(s->filter, s->side_bytes);
    return hash64(side, s->shape.id) == s->shape.side_hash ? WIRE_OK : WIRE_DAMAGED;
}

enum wire_err
segment_load(struct segment *s, struct blobs_read *read)
{
    uint64_t bytes = segment_pages(s) * PAGE_BYTES, step = s->shape.chunk_bytes;
    enum wire_err err = side_load(s, read);
    for (uint64_t at = 0; at < bytes && !err; at += step) {
        const uint8_t *chunk;
        err = part_get(
            s, read, SEGMENT_PAGES, at / step, least(step, bytes - at), &chunk);
    }
    return err;
}

enum wire_err
segment_page(const struct segment *s, struct blobs_read *read, enum index_kind kind,
    uint64_t number, const uint8_t **out)
{
    uint64_t at = number * PAGE_BYTES, step = s->shape.chunk_bytes;
    uint64_t start = at / step * step;
    const uint8_t *chunk;
    enum wire_err err = part_get(s, read, SEGMENT_PAGES, at / step,
        least(step, segment_pages(s) * PAGE_BYTES - start), &chunk);
    if (err)
        return err;
    if (!page_good(s->shape.id, number, kind, chunk + (at - start)))
        return WIRE_DAMAGED;
    *out = chunk + (at - start);
    return WIRE_OK;
}

bool
segment_may_hold(const struct segment *s, enum index_kind kind, uint64_t mixed)
{
    return s->shape.counts[kind] && filter_may_hold(s->filter, s->blocks, mixed);
}

// The page in which the pairs before `tag` (after: not after it) end: the last whose fence
// is before it, else the first of the kind.
static uint64_t
page_of(const struct segment *s, enum index_kind kind, uint64_t tag, bool after)
{
    uint64_t low = s->first_page[kind], high = s->first_page[kind + 1];
    while (high - low > 1) {
        uint64_t middle = low + (high - low) / 2;
        if (s->fences[middle] < tag || (after && s->fences[middle] == tag))
            low = middle;
        else
            high = middle;
    }
    return low;
}

// The page that a look-up stands on: most need one page only, and check it once.
struct spot {
    const struct segment *segment;
    struct blobs_read *read;
    enum index_kind kind;
    uint64_t number;
    const uint8_t *page; // NULL: none yet
};

static enum wire_err
spot_move(struct spot *spot, uint64_t number)
{
    if (spot->page && spot->number == number)
        return WIRE_OK;
    spot->number = number;
    return segment_page(spot->segment, spot->read, spot->kind, number, &spot->page);
}

// How many pairs of the kind come before tag (after: before what is greater).
static enum wire_err
place_of(struct spot *spot, uint64_t tag, bool after, uint64_t *out)
{
    uint64_t number = page_of(spot->segment, spot->kind, tag, after);
    uint64_t before = (number - spot->segment->first_page[spot->kind]) * PAGE_PAIRS;
    enum wire_err err = spot_move(spot, number);
    if (!err)
        *out = before + page_place(spot->page, tag, after);
    return err;
}

// Copies the numbers of `count` pairs from place on.
static enum wire_err
numbers_at(struct spot *spot, uint64_t place, uint64_t *numbers_out, size_t count)
{
    for (size_t i = 0; i < count; i++, place++) {
        uint64_t first = spot->segment->first_page[spot->kind];
        enum wire_err err = spot_move(spot, first + place / PAGE_PAIRS);
        if (err)
            return err;
        numbers_out[i] = page_pair(spot->page, (uint32_t)(place % PAGE_PAIRS)).number;
    }
    return WIRE_OK;
}

enum wire_err
segment_find(const struct segment *s, struct blobs_read *read, enum index_kind kind,
    uint64_t tag, uint64_t *numbers_out, size_t max, size_t *count_out)
{
    struct spot spot = {.segment = s, .read = read, .kind = kind};
    uint64_t first, end;
    enum wire_err err = place_of(&spot, tag, false, &first);
    if (!err)
        err = place_of(&spot, tag, true, &end);
    if (err)
        return err;
    size_t count = end - first;
    err = numbers_at(&spot, first, numbers_out, least(count, max));
    if (!err)
        *count_out = count;
    return err;
}
