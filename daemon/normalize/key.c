// The comparison key: what an article says, without how it was set and who sent it.
#include "normalize/buffer.h"
#include "normalize/fold.h"
#include "normalize/markup.h"
#include "normalize/normalize.h"
#include "normalize/sender.h"

// first_of gives the first value of a list field, its tags taken out if it is markup.
static struct slice
first_of(const struct article *a, enum article_field field, struct arena *arena)
{
    const struct value *list = &a->field[field];
    for (uint32_t i = 0; list->type == WIRE_ARRAY && i < list->list.count; i++) {
        const struct value *entry = &list->list.items[i];
        struct slice text = value_text(value_get(entry, "value"));
        bool html = slice_is(value_text(value_get(entry, "contentType")), "text/html");
        if (text.size)
            return html ? markup_strip(text, arena) : text;
    }
    return slice_of(NULL, 0);
}

// What an article without a plain body is compared by: its markup, else its caption.
static struct slice
text_of(const struct article *a, struct arena *arena)
{
    struct slice body = article_body(a);
    if (body.size == 0)
        body = first_of(a, ARTICLE_BODIES, arena);
    return body.size ? body : first_of(a, ARTICLE_DESCRIPTIONS, arena);
}

static void
fold_body(const struct article *a, struct slice body, struct buffer *key)
{
    size_t before = key->size;
    struct slice proper = sender_strip(a, body);
    fold_text(proper, key);
    if (key->size == before && proper.size < body.size)
        fold_text(body, key); // nothing but a lead-in: then that is what it says
}

struct slice
normalize_key(const struct article *a, struct arena *arena)
{
    struct slice headline = article_headline(a), body = text_of(a, arena);
    struct buffer key;
    buffer_init(&key, arena, headline.size + body.size + 64);
    fold_text(headline, &key);
    buffer_put(&key, '\n');
    fold_body(a, body, &key);
    return key.size > 1 ? buffer_slice(&key) : slice_of(NULL, 0);
}
