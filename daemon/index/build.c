// A chunk is a run of pages, cut without regard to kinds; the side goes out as it lies in
// memory.
#include "index/build.h"

#include <stdlib.h>

enum wire_err
build_begin(struct source *source, uint64_t id, uint64_t chunk_bytes,
    uint64_t commit_bytes, struct build *out)
{
    struct segment_shape shape = {.id = id, .chunk_bytes = chunk_bytes};
    source_counts(source, shape.counts);
    uint64_t room = commit_bytes / chunk_bytes * chunk_bytes;
    struct build b = {.segment = segment_new(&shape), .source = source};
    if (b.segment && segment_pages(b.segment) * PAGE_BYTES < room)
        room = (segment_pages(b.segment) * PAGE_BYTES / chunk_bytes + 1) * chunk_bytes;
    b.buffer_bytes = room < chunk_bytes ? chunk_bytes : room;
    b.buffer = malloc(b.buffer_bytes);
    if (!b.segment || !b.buffer) {
        build_end(&b);
        return WIRE_NO_MEMORY;
    }
    *out = b;
    return WIRE_OK;
}

void
build_end(struct build *b)
{
    segment_drop(&b->segment);
    source_free(&b->source);
    free(b->buffer);
    b->buffer = NULL;
}

static enum wire_err
page_build(struct build *b, struct blobs_read *read, uint8_t *out)
{
    struct segment *s = b->segment;
    struct pair pairs[PAGE_PAIRS];
    while (b->next_page == s->first_page[b->kind + 1])
        b->kind++;
    uint64_t before = (b->next_page - s->first_page[b->kind]) * PAGE_PAIRS;
    uint64_t left = s->shape.counts[b->kind] - before;
    uint32_t count = left < PAGE_PAIRS ? (uint32_t)left : PAGE_PAIRS;
    enum wire_err err = source_take(b->source, read, b->kind, pairs, count);
    if (err)
        return err;
    for (uint32_t i = 0; i < count; i++)
        filter_add(s->filter, s->blocks, tag_mix(b->kind, pairs[i].tag));
    s->fences[b->next_page] = pairs[0].tag;
    page_write(s->shape.id, b->next_page, b->kind, pairs, count, out);
    b->next_page++;
    return WIRE_OK;
}

// One chunk into the buffer and out; size_out: its bytes.
static enum wire_err
chunk_build(struct build *b, struct blobs *blobs, struct blobs_read *read, uint8_t *out,
    uint64_t *size_out)
{
    uint64_t chunk = b->segment->shape.chunk_bytes, size = 0;
    uint64_t number = b->next_page * PAGE_BYTES / chunk;
    for (; size < chunk && b->next_page < segment_pages(b->segment);
         size += PAGE_BYTES) {
        enum wire_err err = page_build(b, read, out + size);
        if (err)
            return err;
    }
    uint8_t key[SEGMENT_KEY_BYTES];
    blobs_put(blobs,
        segment_key(b->segment->shape.id, SEGMENT_PAGES, (uint32_t)number, key),
        slice_of(out, size));
    *size_out = size;
    return WIRE_OK;
}

static void
side_put(struct build *b, struct blobs *blobs, uint64_t room)
{
    struct segment *s = b->segment;
    uint64_t chunk = s->shape.chunk_bytes;
    uint8_t key[SEGMENT_KEY_BYTES];
    for (; b->side_at < s->side_bytes && room >= chunk;
         room -= chunk, b->side_at += chunk) {
        uint32_t place = (uint32_t)(b->side_at / chunk);
        struct slice rest = slice_from(slice_of(s->filter, s->side_bytes), b->side_at);
        blobs_put(blobs, segment_key(s->shape.id, SEGMENT_SIDE, place, key),
            slice_until(rest, chunk));
    }
}

enum wire_err
build_step(
    struct build *b, struct blobs *blobs, struct blobs_read *read, bool *done_out)
{
    struct segment *s = b->segment;
    uint64_t used = 0, size = 0;
    while (b->next_page < segment_pages(s) &&
           used + s->shape.chunk_bytes <= b->buffer_bytes) {
        enum wire_err err = chunk_build(b, blobs, read, b->buffer + used, &size);
        if (err)
            return err;
        used += size;
    }
    if (b->next_page == segment_pages(s))
        side_put(b, blobs, b->buffer_bytes - used);
    bool done = b->next_page == segment_pages(s) && b->side_at >= s->side_bytes;
    if (done)
        s->shape.side_hash = hash64(slice_of(s->filter, s->side_bytes), s->shape.id);
    *done_out = done;
    return WIRE_OK;
}
