// wireroom's own article: canonical names, msgpack, times as microseconds or RFC 3339. The
// fast way in for tools that have done their own reading.
#include "formats/fields.h"
#include "formats/markup.h"
#include "formats/readers.h"

static void
read_item(const struct format_input *input, struct value *v, struct arena *arena,
    struct format_output *out)
{
    struct article *a = items_add(out, arena);
    if (!a || !fields_read(a, v, input))
        return;
    markup_resolve(a);
}

void
article_read(const struct format_input *input, struct slice raw, struct arena *arena,
    struct format_output *out)
{
    uint64_t at = 0;
    enum wire_err err = wire_scan(raw, &wire_limits_article, &at);
    if (err) {
        (void)fault_set(&out->fault, err, at, "", "%s", wire_error_text(err));
        return;
    }
    struct value *v = value_decode(raw, arena);
    if (!v)
        return;
    bool list = v->type == WIRE_ARRAY;
    struct value *items = list ? v->list.items : v;
    uint32_t count = list ? v->list.count : 1;
    if (count == 0)
        (void)fault_set(&out->fault, WIRE_NO_ITEM, 0, "", "the list is empty");
    if (count == 0 || !items_begin(out, count, arena))
        return;
    for (uint32_t i = 0; i < count; i++)
        read_item(input, &items[i], arena, out);
}
