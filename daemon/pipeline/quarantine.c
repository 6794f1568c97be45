#include "pipeline/quarantine.h"

void
quarantine_keep_raw(struct prepared *p, struct slice raw, struct arena *arena)
{
    size_t bound = compress_bound(raw.size);
    uint8_t *packed = arena_alloc(arena, bound);
    if (!packed)
        return;
    size_t size = compress_into(CODEC_LZ4, raw, packed, bound, &p->raw_codec);
    p->raw_bytes = (uint32_t)raw.size;
    p->raw_block = slice_of(packed, size);
}

void
quarantine_whole(struct prepared *p, const struct fault *fault, struct slice raw,
    struct arena *arena)
{
    struct prepared_item *item = ARENA_NEW(arena, struct prepared_item);
    if (!item)
        return;
    *item = (struct prepared_item){
        .fate = ITEM_QUARANTINED,
        .code = fault->code,
        .at = fault->at,
        .field = slice_str(fault->field),
        .words = slice_str(fault->words),
        .version_created_us = TIME_NONE,
        .axes = {.embargoed_until_us = TIME_NONE, .expires_us = TIME_NONE}
    };
    p->items = item;
    p->count = 1;
    quarantine_keep_raw(p, raw, arena);
}
