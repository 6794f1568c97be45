#include "formats/readers.h"

bool
items_begin(struct format_output *out, uint32_t count, struct arena *arena)
{
    if (count > ARTICLE_ITEMS_MAX) {
        (void)fault_set(&out->fault, WIRE_TOO_MANY_ITEMS, FAULT_NOWHERE, "",
            "%u items, at most %u", count, ARTICLE_ITEMS_MAX);
        return false;
    }
    out->items = arena_array(arena, count, sizeof *out->items);
    return out->items != NULL;
}

struct article *
items_add(struct format_output *out, struct arena *arena)
{
    struct article *a = article_new(arena);
    if (a)
        out->items[out->count++] = a;
    return a;
}
