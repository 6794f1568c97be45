#include "article/rules.h"

static void
put_text(struct wire_writer *w, const char *key, struct slice text)
{
    if (!text.size)
        return;
    wire_put_key(w, key);
    wire_put_str(w, text);
}

static void
put_flag(struct wire_writer *w, const char *key, bool fold)
{
    if (!fold)
        return;
    wire_put_key(w, key);
    wire_put_bool(w, true);
}

void
rules_encode(const struct rules *rules, struct wire_writer *w)
{
    wire_put_map(w, (uint32_t)(rules->charset.size != 0) + rules->fold_dashes +
                        (rules->language.size != 0) + rules->fold_quotes +
                        (rules->zone.size != 0));
    put_text(w, "charset", rules->charset);
    put_flag(w, "dashes", rules->fold_dashes);
    put_text(w, "language", rules->language);
    put_flag(w, "quotes", rules->fold_quotes);
    put_text(w, "zone", rules->zone);
}

// What a later version added is passed over.
static void
take_pair(struct wire_reader *r, struct rules *out)
{
    struct slice key = wire_read_str(r);
    if (slice_is(key, "charset"))
        out->charset = wire_read_str(r);
    else if (slice_is(key, "dashes"))
        out->fold_dashes = wire_read_bool(r);
    else if (slice_is(key, "language"))
        out->language = wire_read_str(r);
    else if (slice_is(key, "quotes"))
        out->fold_quotes = wire_read_bool(r);
    else if (slice_is(key, "zone"))
        out->zone = wire_read_str(r);
    else
        (void)wire_skip(r);
}

bool
rules_decode(struct slice bytes, struct rules *out)
{
    uint64_t at;
    struct rules rules = {0};
    if (bytes.size > RULES_PACKED_MAX || wire_scan(bytes, &wire_limits_header, &at))
        return false;
    struct wire_reader r = wire_reader(bytes);
    if (wire_peek(&r) != WIRE_MAP)
        return false;
    for (uint32_t n = wire_read_map(&r); n > 0 && !r.err; n--)
        take_pair(&r, &rules);
    if (r.err)
        return false;
    *out = rules;
    return true;
}
