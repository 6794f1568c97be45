// The comparison key: what an article says, without how it was set and who sent it.
#include "normalize/buffer.h"
#include "normalize/fold.h"
#include "normalize/normalize.h"

struct slice
normalize_key(const struct article *a, struct arena *arena)
{
    struct slice headline = article_headline(a), body = article_body(a);
    struct buffer key;
    buffer_init(&key, arena, headline.size + body.size + 64);
    fold_text(headline, &key);
    buffer_put(&key, '\n');
    fold_text(body, &key);
    return key.size > 1 ? buffer_slice(&key) : slice_of(NULL, 0);
}
