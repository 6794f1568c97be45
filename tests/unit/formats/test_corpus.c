// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include "unit/formats/corpus.h"

// The article corpus is kept as JSON, for people; the reader gets msgpack.
static void
pack(struct format_input *input)
{
    struct wire_writer w = {0};
    struct fault fault = FAULT_NONE;
    assert_int_equal(
        wire_from_json(input->raw, &wire_limits_article, &w, &fault), WIRE_OK);
    corpus_free(&input->raw);
    input->raw = wire_written(&w); // w's memory is malloc's and becomes the input's
}

static void
ninjs_reads_as_it_should_whole_and_cut_anywhere(void **state)
{
    (void)state;
    corpus_run("ninjs", "ninjs", NULL, 14);
}

static void
articles_read_as_they_should_whole_and_cut_anywhere(void **state)
{
    (void)state;
    corpus_run("article", "article", pack, 2);
}

static void
texts_read_as_they_should_whole_and_cut_anywhere(void **state)
{
    (void)state;
    corpus_run("text", "text", NULL, 7);
}

static void
charsets_are_found_whole_and_cut_anywhere(void **state)
{
    (void)state;
    corpus_run("decode", "text", NULL, 28);
}

static void
anpa_reads_as_it_should_whole_and_cut_anywhere(void **state)
{
    (void)state;
    corpus_run("anpa1312", "anpa1312", NULL, 7);
}

// The day of a stamp that says no more than the day is the issue date's.
static void
hint_issue_date(struct format_input *input)
{
    input->issue_date = SLICE("2026-03-05");
}

static void
iptc_7901_reads_as_it_should_whole_and_cut_anywhere(void **state)
{
    (void)state;
    corpus_run("iptc7901", "iptc7901", hint_issue_date, 6);
}

static void
mails_read_as_they_should_whole_and_cut_anywhere(void **state)
{
    (void)state;
    corpus_run("email", "email", NULL, 8);
}

static void
nitf_reads_as_it_should_whole_and_cut_anywhere(void **state)
{
    (void)state;
    corpus_run("nitf", "nitf", NULL, 20);
}

static void
newsml_g2_reads_as_it_should_whole_and_cut_anywhere(void **state)
{
    (void)state;
    corpus_run("newsmlg2", "newsmlg2", NULL, 16);
}

static void
newsml_12_reads_as_it_should_whole_and_cut_anywhere(void **state)
{
    (void)state;
    corpus_run("newsml12", "newsml12", NULL, 14);
}

static void
html_reads_as_it_should_whole_and_cut_anywhere(void **state)
{
    (void)state;
    corpus_run("html", "html", NULL, 12);
}

static void
feeds_read_as_they_should_whole_and_cut_anywhere(void **state)
{
    (void)state;
    corpus_run("feeds", "rss", NULL, 13);
}

static int
load(void **state)
{
    (void)state;
    return hash_init() && formats_load() ? 0 : -1;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ninjs_reads_as_it_should_whole_and_cut_anywhere),
        cmocka_unit_test(articles_read_as_they_should_whole_and_cut_anywhere),
        cmocka_unit_test(texts_read_as_they_should_whole_and_cut_anywhere),
        cmocka_unit_test(nitf_reads_as_it_should_whole_and_cut_anywhere),
        cmocka_unit_test(newsml_12_reads_as_it_should_whole_and_cut_anywhere),
        cmocka_unit_test(html_reads_as_it_should_whole_and_cut_anywhere),
        cmocka_unit_test(charsets_are_found_whole_and_cut_anywhere),
        cmocka_unit_test(anpa_reads_as_it_should_whole_and_cut_anywhere),
        cmocka_unit_test(iptc_7901_reads_as_it_should_whole_and_cut_anywhere),
        cmocka_unit_test(mails_read_as_they_should_whole_and_cut_anywhere),
        cmocka_unit_test(newsml_g2_reads_as_it_should_whole_and_cut_anywhere),
        cmocka_unit_test(feeds_read_as_they_should_whole_and_cut_anywhere),
    };
    return cmocka_run_group_tests(tests, load, NULL);
}
