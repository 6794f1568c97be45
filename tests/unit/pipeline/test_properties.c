// What holds for every document of every corpus, whatever reads it: the articles are
// UTF-8, a second normalization changes nothing, and what a story says does not depend on
// the format that carried it.
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>

#include "dedupe/dedupe.h"
#include "formats/formats.h"
#include "normalize/normalize.h"
#include "unit/check.h"

#define LENGTH(a) (sizeof(a) / sizeof((a)[0]))
#define ARENA_SIZE ((size_t)64 << 20)

static struct arena arena;

static struct slice
file_read(const char *path)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    uint8_t *data = arena_alloc(&arena, 1U << 20);
    assert_non_null(data);
    size_t size = fread(data, 1, 1U << 20, file);
    assert_true(size < 1U << 20);
    assert_int_equal(fclose(file), 0);
    return slice_of(data, size);
}

static void
read_as(const char *path, const char *format, struct format_output *out)
{
    struct format_input input = {.raw = file_read(path),
        .format = slice_str(format),
        .source = SLICE("dpa"),
        .issue_date = SLICE("2026-03-05")};
    formats_read(&input, &arena, out);
}

static struct slice
packed(const struct article *a)
{
    struct wire_writer w = {0};
    article_pack(a, &w);
    assert_false(w.failed);
    struct slice copy = arena_copy(&arena, wire_written(&w));
    wire_writer_fini(&w);
    return copy;
}

static void
check_article(const char *path, struct article *a)
{
    uint64_t at;
    normalize_article(a);
    struct slice once = packed(a);
    if (wire_scan(once, &wire_limits_article, &at) !=
        0) // which looks at its UTF-8, too
        fail_msg("%s: not canonical at %llu", path, (unsigned long long)at);
    normalize_article(a);
    struct slice twice = packed(a);
    if (!slice_equal(once, twice))
        fail_msg("%s: a second normalization changes it", path);
}

static size_t
check_corpus(const char *files, const char *format)
{
    char pattern[512];
    glob_t found;
    size_t articles = 0;
    (void)snprintf(pattern, sizeof pattern, CORPUS "/%s", files);
    assert_int_equal(glob(pattern, 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        struct format_output out;
        read_as(found.gl_pathv[i], format, &out);
        for (uint32_t k = 0; k < out.count; k++) {
            if (out.items[k]->fault.code)
                continue;
            check_article(found.gl_pathv[i], out.items[k]);
            articles++;
        }
        assert_false(arena.failed);
        arena_reset(&arena);
    }
    globfree(&found);
    return articles;
}

static const struct {
    const char *files, *format;
} corpora[] = {
    {"ninjs/*.in",      "ninjs"    },
    {"nitf/*.in",       "nitf"     },
    {"newsml12/*.in",   "newsml12" },
    {"newsmlg2/*.in",   "newsmlg2" },
    {"newsprint/*.txt", "newsprint"},
    {"anpa1312/*.in",   "anpa1312" },
    {"iptc7901/*.in",   "iptc7901" },
    {"email/*.in",      "email"    },
    {"feeds/*.in",      "rss"      },
    {"html/*.in",       "html"     },
    {"text/*.in",       "text"     },
    {"decode/*.in",     "text"     },
    {"decode/*.in",     "html"     },
};

static void
every_document_is_canonical_and_normalizing_again_changes_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(corpora); i++)
        if (check_corpus(corpora[i].files, corpora[i].format) == 0)
            fail_msg("%s: no document gave an article", corpora[i].files);
}

static const char *const carriers[] = {"text", "html", "nitf", "newsml12", "newsmlg2",
    "ninjs", "rss", "atom", "email", "anpa1312", "iptc7901"};

static void
one_story_is_one_key_digest_in_every_format(void **state)
{
    struct digest first = {0};
    (void)state;
    for (size_t i = 0; i < LENGTH(carriers); i++) {
        char path[512];
        struct format_output out;
        struct prepared_item item = {0};
        struct wire_writer w = {0};
        (void)snprintf(path, sizeof path, CORPUS "/same-story/story.%s", carriers[i]);
        read_as(path, carriers[i], &out);
        assert_int_equal(out.count, 1);
        normalize_article(out.items[0]);
        dedupe_digests(out.items[0], SLICE("dpa"), &item, &w);
        wire_writer_fini(&w);
        assert_true(item.has_key);
        if (i == 0)
            first = item.key_digest;
        if (memcmp(&first, &item.key_digest, sizeof first) != 0)
            fail_msg("%s says something else than text", carriers[i]);
        arena_reset(&arena);
    }
}

static int
set_up(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_SIZE);
    return hash_init() && formats_load() && normalize_load() ? 0 : -1;
}

static int
tear_down(void **state)
{
    (void)state;
    arena_fini(&arena);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            every_document_is_canonical_and_normalizing_again_changes_nothing),
        cmocka_unit_test(one_story_is_one_key_digest_in_every_format),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
