// The two digests of content, and the name of an item that has none. Equal text of one
// source gives an equal name, so a page sent again finds the items it was cut into.
#include "dedupe/dedupe.h"
#include "normalize/normalize.h"

static struct slice
name_of(struct arena *arena, struct slice source, const struct digest *digest)
{
    char hex[2 * DIGEST_BYTES + 1];
    hex_of(digest->bytes, DIGEST_BYTES, hex);
    return arena_printf(arena, "urn:wireroom:%.*s:%s", SLICE_ARG(source), hex);
}

// name_item gives an article without an id its name.
static void
name_item(struct article *a, struct slice source, struct prepared_item *item)
{
    struct digest named = item->has_key ? item->key_digest : article_digest(a);
    item->uri = name_of(a->arena, source, &named);
    article_set_text(a, ARTICLE_URI, item->uri);
}

void
dedupe_digests(struct article *a, struct slice source, struct prepared_item *item,
    struct wire_writer *packed)
{
    struct slice key = normalize_key(a, a->arena);
    item->has_key = key.size > 0;
    if (item->has_key)
        item->key_digest = digest_of(key);
    item->uri = article_text(a, ARTICLE_URI);
    item->has_id = item->uri.size > 0;
    if (!item->has_id)
        name_item(a, source, item);
    item->article_digest = article_pack_digested(a, packed);
}
