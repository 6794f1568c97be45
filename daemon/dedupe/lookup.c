// Candidates come least number first, so the first that fits is the first that was filed.
#include "dedupe/lookup.h"

#define CANDIDATES 16U // more share a hash only where many rows fit, and the first does

struct wanted {
    const struct prepared_item *like;
    uint64_t item;
    struct store_item *item_out;
    struct store_change *change_out;
};
typedef bool fits_fn(struct lookup *l, uint64_t number, const struct wanted *wanted);

void
lookup_refresh(struct lookup *l)
{
    if (l->source == 0)
        l->source = store_source_number(l->txn, l->source_name);
}

enum wire_err
lookup_fault(const struct lookup *l)
{
    enum wire_err err = store_txn_fault(l->txn);
    if (!err)
        err = index_fault(l->index);
    if (!err && l->arena->failed)
        err = WIRE_NO_MEMORY;
    return err;
}

static uint64_t
first_that_fits(struct lookup *l, enum index_kind kind, uint64_t hash, fits_fn *fits,
    const struct wanted *wanted)
{
    uint64_t few[CANDIDATES], *numbers = few;
    size_t count = index_find(l->index, kind, hash, few, CANDIDATES);
    for (size_t i = 0; i < count; i++) {
        if (i == CANDIDATES) {
            numbers = arena_array(l->arena, count, sizeof *numbers);
            if (!numbers)
                return 0;
            (void)index_find(l->index, kind, hash, numbers, count);
        }
        if (fits(l, numbers[i], wanted))
            return numbers[i];
    }
    return 0;
}

static bool
item_fits(struct lookup *l, uint64_t number, const struct wanted *w)
{
    return store_get_item(l->txn, number, w->item_out) == WIRE_OK &&
           w->item_out->source == l->source &&
           slice_equal(w->item_out->uri, w->like->uri);
}

static bool
text_fits(struct lookup *l, uint64_t number, const struct wanted *w)
{
    struct stamp stamp; // what may be said of it by now
    return store_get_change(l->txn, number, w->change_out) == WIRE_OK &&
           store_stamp_of(l->txn, w->change_out, &stamp) == WIRE_OK && stamp.has_key &&
           stamp.key_version == l->key_version &&
           digest_equal(&stamp.key_digest, &w->like->key_digest);
}

static bool
own_text_fits(struct lookup *l, uint64_t number, const struct wanted *w)
{
    return text_fits(l, number, w) && !w->change_out->has_id &&
           slice_equal(w->change_out->source, l->source_name);
}

static bool
word_fits(struct lookup *l, uint64_t number, const struct wanted *w)
{
    const struct store_change *c = w->change_out;
    if (store_get_change(l->txn, number, w->change_out) || c->item != w->item)
        return false;
    if (c->version.size || w->like->version.size)
        return slice_equal(c->version, w->like->version);
    return c->key.created_us == dedupe_sort_key(w->like, 0).created_us;
}

static bool
content_fits(struct lookup *l, uint64_t number, const struct wanted *w)
{
    return word_fits(l, number, w) &&
           digest_equal(&w->change_out->article_digest, &w->like->article_digest);
}

// An item without id was named after its text under the key version of that day. Under
// another one the name would differ, so the text is asked too.
static bool
item_of_text(struct lookup *l, const struct prepared_item *item, struct store_item *out)
{
    struct store_change change;
    struct wanted w = {.like = item, .change_out = &change};
    if (item->has_id || !item->has_key)
        return false;
    uint64_t hash = index_hash_key(&item->key_digest);
    return first_that_fits(l, INDEX_KEY, hash, own_text_fits, &w) &&
           store_get_item(l->txn, change.item, out) == WIRE_OK;
}

bool
lookup_item(struct lookup *l, const struct prepared_item *item, struct store_item *out)
{
    struct wanted w = {.like = item, .item_out = out};
    if (l->source == 0)
        return false;
    uint64_t hash = index_hash_item(l->source, item->uri);
    return first_that_fits(l, INDEX_ITEM, hash, item_fits, &w) ||
           item_of_text(l, item, out);
}

bool
lookup_text(
    struct lookup *l, const struct prepared_item *item, struct store_change *out)
{
    struct wanted w = {.like = item, .change_out = out};
    if (!item->has_key)
        return false;
    return first_that_fits(
        l, INDEX_KEY, index_hash_key(&item->key_digest), text_fits, &w);
}

bool
lookup_version(struct lookup *l, uint64_t item, const struct prepared_item *like,
    struct store_change *out)
{
    struct wanted w = {.like = like, .item = item, .change_out = out};
    uint64_t hash = index_hash_version(item, like->version, like->version_created_us);
    return first_that_fits(l, INDEX_VERSION, hash, word_fits, &w);
}

uint64_t
lookup_content(struct lookup *l, uint64_t item, const struct prepared_item *like)
{
    struct store_change change;
    struct wanted w = {.like = like, .item = item, .change_out = &change};
    uint64_t hash = index_hash_content(
        item, like->version, like->version_created_us, &like->article_digest);
    return first_that_fits(l, INDEX_CONTENT, hash, content_fits, &w);
}
