// Rooms: normalize
//
// Any bytes as an article's texts: what comes out is good UTF-8 in NFC, a second run
// changes nothing, and the key is good UTF-8 too. The first byte chooses the fields.
#include <assert.h>

#include "normalize/nfc.h"
#include "normalize/normalize.h"
#include "normalize/scan.h"

#define ARENA_LIMIT ((size_t)64 << 20)

static void
add_text(struct article *a, unsigned choice, struct slice text)
{
    switch (choice % 6) {
    case 0:
        article_add_body(a, "text/html", text);
        return;
    case 1:
        article_add_headline(a, "main", text);
        return;
    case 2:
        article_set_text(a, ARTICLE_BY, text);
        article_set_text(a, ARTICLE_LANGUAGE, slice_until(text, 40));
        return;
    case 3:
        a->wr.desk_mark = a->wr.dateline = slice_until(text, 24);
        break;
    case 4:
        article_set_text(a, ARTICLE_PUB_STATUS, slice_until(text, 16));
        article_set_text(a, ARTICLE_COPYRIGHT_NOTICE, text);
        break;
    default:
        break;
    }
    article_add_body(a, "text/plain", text);
}

static void
assert_clean(struct slice text, struct arena *arena)
{
    size_t bad;
    struct text_scan scan;
    assert(utf8_check(text, &bad));
    text_scan(text, &scan);
    assert(scan.bad == text.size);
    assert(slice_equal(nfc_fix(text, &scan, arena), text));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool loaded;
    struct arena arena;
    struct wire_writer first = {0}, second = {0};
    if (!loaded)
        assert(normalize_load());
    loaded = true;
    if (size == 0)
        return 0;
    arena_init(&arena, ARENA_LIMIT);
    struct article *a = article_new(&arena);
    add_text(a, data[0], slice_of(data + 1, size - 1));
    normalize_article(a);
    article_pack(a, &first);
    assert_clean(article_headline(a), &arena);
    assert_clean(article_body(a), &arena);
    assert_clean(article_text(a, ARTICLE_BY), &arena);
    struct slice key = normalize_key(a, &arena);
    normalize_article(a);
    article_pack(a, &second);
    assert(arena.failed || slice_equal(wire_written(&first), wire_written(&second)));
    assert(arena.failed || slice_equal(key, normalize_key(a, &arena)));
    size_t bad;
    assert(utf8_check(key, &bad));
    wire_writer_fini(&first);
    wire_writer_fini(&second);
    arena_fini(&arena);
    return 0;
}
