// The rules one at a time give what all at once give, and each step shows what it changed.
#include "normalize/explain.h"
#include "normalize/normalize.h"
#include "strings.h"

// clang-format off
#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

static struct arena arena;

static int
set_up(void **state)
{
    (void)state;
    arena_init(&arena, (size_t)64 << 20);
    return normalize_load() ? 0 : -1;
}

static int
tear_down(void **state)
{
    (void)state;
    arena_fini(&arena);
    return 0;
}

static void
count_step(void *context, enum text_rule rule, struct slice before, struct slice after)
{
    bool *fired = context;
    assert_false(slice_equal(before, after));
    fired[rule] = true;
}

// U+0338 behind a tag's end is written as a reference in markup, which no rule counts.
static void
one_at_a_time_is_what_all_at_once_is(void **state)
{
    static const enum text_kind kinds[] = {
        TEXT_WORD, TEXT_VERBATIM, TEXT_LINE, TEXT_PROSE};
    (void)state;
    for (unsigned i = 0; i < 20000; i++) {
        uint8_t bytes[64];
        struct slice text = strings_make(bytes);
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
            struct text_changes counts = {0};
            struct text_scan scan;
            bool fired[TEXT_RULES] = {false};
            arena_reset(&arena);
            struct slice whole = text_clean(text, kinds[k], &arena, &scan, &counts);
            struct slice steps =
                explain_rules(text, kinds[k], &arena, count_step, fired);
            assert_true(slice_equal(whole, steps));
            for (int rule = 0; rule < TEXT_RULES; rule++)
                if (fired[rule] && rule != TEXT_RULE_BIDI)
                    assert_true(counts.count[rule] > 0);
        }
    }
}

static void
nothing_is_noted_where_nobody_asks(void **state)
{
    (void)state;
    struct article *a = article_new(&arena);
    article_add_headline(a, "main", SLICE("A   headline"));
    normalize_article(a);
    assert_null(a->explain);
    assert_int_equal(a->wr.changes_count > 0, 1);
}

static void
a_step_shows_the_passage_before_and_after(void **state)
{
    (void)state;
    struct article *a = article_new(&arena);
    article_add_headline(a, "main", SLICE("The minister   resigns\xe2\x80\x8b today"));
    explain_begin(a);
    normalize_article(a);
    const struct explain_step *unseen =
        explain_finds(a->explain, "invisible", "headlines");
    const struct explain_step *space = explain_finds(a->explain, "space", "headlines");
    assert_non_null(unseen);
    assert_non_null(space);
    assert_true(slice_is(unseen->path, "headlines[0]"));
    assert_int_equal(unseen->count, 1);
    assert_int_equal(unseen->shown, 1);
    assert_true(slice_is(unseen->passages[0].before, "\xe2\x80\x8b"));
    assert_int_equal(unseen->passages[0].after.size, 0);
    assert_true(slice_is(unseen->passages[0].right, " today"));
    assert_true(slice_is(space->passages[0].before, "  "));
    assert_null(explain_finds(a->explain, "space", "headline"));
}

// However often a rule fired, and however long the text is.
static void
passages_are_few_and_short(void **state)
{
    (void)state;
    uint8_t text[6000];
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = i % 6 < 2 ? ' ' : (uint8_t)('a' + i % 23);
    struct article *a = article_new(&arena);
    article_add_headline(a, "main", slice_of(text, sizeof text));
    explain_begin(a);
    normalize_article(a);
    const struct explain_step *space = explain_finds(a->explain, "space", "headlines");
    assert_non_null(space);
    assert_int_equal(space->shown, EXPLAIN_PASSAGES);
    assert_true(space->places > space->shown);
    assert_true(space->count > 900);
    for (uint32_t i = 0; i < space->shown; i++)
        assert_true(space->passages[i].left.size + space->passages[i].before.size +
                        space->passages[i].after.size + space->passages[i].right.size <
                    400);
}

static void
every_rule_has_words(void **state)
{
    (void)state;
    static const char *const known[] = {"utf8", "newline", "control", "invisible",
        "bidi", "bidi-override", "space", "nfc", "mended"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        struct slice one = explain_rule_words(&arena, known[i], 1, SLICE("bodies"));
        struct slice many = explain_rule_words(&arena, known[i], 7, SLICE("bodies"));
        assert_null(memmem(one.data, one.size, "changed", 7)); // the words of no row
        assert_non_null(memchr(many.data, '7', many.size));
    }
    assert_true(slice_is(explain_rule_words(&arena, "some-rule", 2, SLICE("bodies")),
        "some-rule: 2 places of bodies changed"));
    assert_true(slice_is(explain_warning_words(&arena, "some-code"), "some code"));
}

// Each says what was done.
static void
warnings_say_what_was_done(void **state)
{
    (void)state;
    static const struct {
        const char *code, *words;
    } known[] = {
        {"status-unknown",     "withheld"  },
        {"urgency-unknown",    "left out"  },
        {"not-a-date",         "left out"  },
        {"zone-missing",       "--zone"    },
        {"charset-guessed",    "--charset" },
        {"page-not-accounted", "kept whole"},
        {"page-too-long",      "kept whole"},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        struct slice words = explain_warning_words(&arena, known[i].code);
        assert_non_null(
            memmem(words.data, words.size, known[i].words, strlen(known[i].words)));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_at_a_time_is_what_all_at_once_is),
        cmocka_unit_test(nothing_is_noted_where_nobody_asks),
        cmocka_unit_test(a_step_shows_the_passage_before_and_after),
        cmocka_unit_test(passages_are_few_and_short),
        cmocka_unit_test(every_rule_has_words),
        cmocka_unit_test(warnings_say_what_was_done),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
