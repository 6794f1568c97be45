#include "normalize/sender.h"

#include "normalize/view.h"

// The rest of a view's place must be what is asked for and nothing else.
static bool
fills(const struct view *v, size_t from, size_t to, struct slice text)
{
    if (text.size == 0)
        return false;
    size_t count = view_spells(v, from, text);
    return count && from + count <= to && view_skip_spaces(v, from + count) >= to;
}

bool
sender_names(const struct article *a, const struct view *v, size_t from, size_t to)
{
    if (fills(v, from, to, article_text(a, ARTICLE_BY)))
        return true;
    const struct value *people = &a->field[ARTICLE_PEOPLE];
    for (uint32_t i = 0; people->type == WIRE_ARRAY && i < people->list.count; i++) {
        const struct value *person = &people->list.items[i];
        if (fills(v, from, to, value_text(value_get(person, "name"))) ||
            fills(v, from, to, value_text(value_get(person, "literal"))))
            return true;
    }
    return false;
}

struct slice
sender_strip(const struct article *a, struct slice body)
{
    body = slice_from(body, sender_lead(a, body));
    return slice_until(body, sender_tail(a, body));
}
