// Rooms: article
// Any bytes as each part of a record: refused, or read as something that encodes to bytes
// which read as the same again. Seeds: tests/corpus/records, from hex.
#include <stdlib.h>

#include "article/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool kept)
{
    if (!kept)
        abort();
}

static void
try_record(struct slice bytes, struct arena *arena)
{
    struct record first, second;
    struct fault fault = FAULT_NONE;
    struct wire_writer w = {0}, again = {0};
    if (record_decode(bytes, arena, &first, &fault)) {
        must(fault.code != WIRE_OK);
        return;
    }
    record_encode(&first, &w);
    must(record_decode(wire_written(&w), arena, &second, &fault) == WIRE_OK);
    record_encode(&second, &again);
    must(slice_equal(wire_written(&w), wire_written(&again)));
    wire_writer_fini(&w);
    wire_writer_fini(&again);
}

static void
try_prepared(struct slice bytes, struct arena *arena)
{
    struct prepared p;
    struct fault fault = FAULT_NONE;
    struct wire_writer w = {0};
    if (prepared_decode(bytes, arena, &p, &fault))
        return;
    must(p.count >= 1 && p.count <= ARTICLE_ITEMS_MAX);
    for (uint32_t i = 0; i < p.count; i++) {
        const struct prepared_item *item = &p.items[i];
        must(item->uri.size || item->fate != ITEM_READ);
        must((uint64_t)item->article_bytes + item->raw_bytes <= RECORD_BYTES_MAX);
        must(item->axes.pub_status <= PUB_CANCELED && item->urgency <= 9);
    }
    prepared_encode(&p, &w);
    must(prepared_decode(wire_written(&w), arena, &p, &fault) == WIRE_OK);
    wire_writer_fini(&w);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct submission s;
    struct fault fault = FAULT_NONE;
    struct slice bytes = slice_of(data, size);
    arena_init(&arena, (size_t)64 << 20);
    (void)submission_decode(bytes, &s, &fault);
    try_prepared(bytes, &arena);
    try_record(bytes, &arena);
    arena_fini(&arena);
    return 0;
}
