#include "pipeline/how.h"

void
how_encode(struct slice rules, const struct slice *names, uint32_t count,
    struct wire_writer *w)
{
    wire_put_array(w, 2);
    wire_put_bin(w, rules);
    wire_put_array(w, count);
    for (uint32_t i = 0; i < count; i++)
        wire_put_str(w, names[i]);
}

bool
how_decode(struct slice bytes, struct arena *arena, struct prepare_how *out)
{
    uint64_t at;
    if (wire_scan(bytes, &wire_limits_article, &at))
        return false;
    struct wire_reader r = wire_reader(bytes);
    if (wire_peek(&r) != WIRE_ARRAY || wire_read_array(&r) != 2)
        return false;
    struct slice rules = wire_read_bin(&r);
    if (r.err || (rules.size && !rules_decode(rules, &out->rules)))
        return false;
    uint32_t count = wire_read_array(&r);
    if (r.err || count == 0)
        return !r.err;
    struct slice *names = arena_array(arena, count, sizeof *names);
    for (uint32_t i = 0; names && i < count; i++)
        names[i] = wire_read_str(&r);
    out->names = names;
    out->names_count = count;
    return names && !r.err;
}
