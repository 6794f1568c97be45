// What an article is compared by: the digest of its fields within its item, the digest of
// its text across all, and the name that text gives it where it has none.
#include "desk.h"
#include "normalize/normalize.h"

struct sample {
    const char *uri, *version, *headline, *body, *status;
};

static struct prepared_item
digests_of(struct arena *arena, const struct sample *s, const char *source)
{
    struct article *a = article_new(arena);
    struct prepared_item item = {0};
    struct wire_writer packed = {0}, again = {0};
    assert_non_null(a);
    if (s->uri)
        article_set_text(a, ARTICLE_URI, slice_str(s->uri));
    if (s->version)
        article_set_text(a, ARTICLE_VERSION, slice_str(s->version));
    if (s->headline)
        article_add_headline(a, "main", slice_str(s->headline));
    if (s->body)
        article_add_body(a, "text/plain", slice_str(s->body));
    if (s->status)
        article_set_text(a, ARTICLE_PUB_STATUS, slice_str(s->status));
    normalize_article(a);
    dedupe_digests(a, slice_str(source), &item, &packed);
    assert_true(slice_equal(article_text(a, ARTICLE_URI), item.uri));
    article_pack(a, &again);
    assert_true(slice_equal(wire_written(&packed), wire_written(&again)));
    wire_writer_fini(&packed);
    wire_writer_fini(&again);
    return item;
}

#define FLOOD "The river rose by 1.5 metres on Tuesday night."

static const struct {
    struct sample a, b;
    bool same_article, same_text;
} pairs[] = {
    {{"u", "1", "Flood", FLOOD, NULL},        {"v", "2", "Flood", FLOOD, NULL},           true,  true },
    {{"u", "1", "Flood", FLOOD, NULL},        {"u", "1", "FLOOD", FLOOD, NULL},           false, true },
    {{"u", "1", "Flood", FLOOD, NULL},        {"u", "1", "Flood", FLOOD, "withheld"},     false,
     true                                                                                             },
    {{"u", "1", "Flood", FLOOD, NULL},        {"u", "1", "Flood", FLOOD " Again.", NULL},
     false,                                                                                      false},
    {{"u", "1", "Flood", "1.5 metres", NULL}, {"u", "1", "Flood", "15 metres", NULL},
     false,                                                                                      false},
    {{"u", "1", "Flood", "-5 degrees", NULL}, {"u", "1", "Flood", "5 degrees", NULL},
     false,                                                                                      false},
};

static void
the_two_digests_tell_what_differs(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 1U << 20);
    for (size_t i = 0; i < LENGTH(pairs); i++) {
        struct prepared_item a = digests_of(&arena, &pairs[i].a, "dpa");
        struct prepared_item b = digests_of(&arena, &pairs[i].b, "afp");
        assert_true(a.has_id && a.has_key && b.has_id && b.has_key);
        if (digest_equal(&a.article_digest, &b.article_digest) != pairs[i].same_article)
            fail_msg("pair %zu: article digest", i);
        if (digest_equal(&a.key_digest, &b.key_digest) != pairs[i].same_text)
            fail_msg("pair %zu: key digest", i);
    }
    arena_fini(&arena);
}

static void
an_item_without_id_is_named_by_source_and_text(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 1U << 20);
    const struct sample page = {NULL, NULL, "Flood", FLOOD, NULL};
    const struct sample louder = {NULL, "2", "FLOOD", FLOOD, NULL};
    struct prepared_item a = digests_of(&arena, &page, "dpa");
    struct prepared_item b = digests_of(&arena, &louder, "dpa");
    struct prepared_item c = digests_of(&arena, &page, "afp");
    assert_false(a.has_id);
    assert_true(slice_starts(a.uri, SLICE("urn:wireroom:dpa:")));
    assert_int_equal(a.uri.size, strlen("urn:wireroom:dpa:") + 2 * DIGEST_BYTES);
    struct digest named;
    assert_true(hex_read(slice_from(a.uri, strlen("urn:wireroom:dpa:")), named.bytes,
        sizeof named.bytes));
    assert_true(digest_equal(&named, &a.key_digest));
    assert_true(slice_equal(a.uri, b.uri));
    assert_true(slice_starts(c.uri, SLICE("urn:wireroom:afp:")));
    arena_fini(&arena);
}

static void
what_has_no_text_has_no_key_and_is_named_by_its_fields(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 1U << 20);
    const struct sample bare = {NULL, NULL, NULL, NULL, "canceled"};
    struct prepared_item a = digests_of(&arena, &bare, "dpa");
    assert_false(a.has_key);
    assert_true(digest_is_zero(&a.key_digest));
    struct digest named;
    assert_true(hex_read(slice_from(a.uri, strlen("urn:wireroom:dpa:")), named.bytes,
        sizeof named.bytes));
    assert_true(digest_equal(&named, &a.article_digest));
    arena_fini(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_two_digests_tell_what_differs),
        cmocka_unit_test(an_item_without_id_is_named_by_source_and_text),
        cmocka_unit_test(what_has_no_text_has_no_key_and_is_named_by_its_fields),
    };
    return hash_init() && normalize_load() ? cmocka_run_group_tests(tests, NULL, NULL)
                                           : 1;
}
