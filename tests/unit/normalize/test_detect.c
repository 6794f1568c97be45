// The check of declared languages: when the words of a text leave no doubt, and what CLD2
// is asked where they do.
#include "normalize/detect.h"
#include "normalize/normalize.h"
#include "strings.h"

// clang-format off
#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#define LENGTH(table) (sizeof(table) / sizeof *(table))

// clang-format off
#define ENGLISH "The ferry to Oxley is back in service after three weeks, and the first " \
    "boat of the day was full. The harbour office said that it would be free for pupils " \
    "until the end of the month, on weekdays only, as it was by the old timetable."
#define DANISH "Færgen til Egeby sejler igen efter tre ugers pause, og den første tur af " \
    "dagen var fuld. Havnekontoret siger, at den bliver gratis for skoleelever frem til " \
    "månedens udgang, men kun på hverdage, og at den nu afgår oftere. Det havde mange ventet på."
#define GREEK "Το πλοίο της γραμμής ταξιδεύει πάλι μετά από τρεις εβδομάδες και το πρώτο " \
    "δρομολόγιο της ημέρας ήταν γεμάτο. Το λιμεναρχείο είπε ότι θα είναι δωρεάν για τους μαθητές."
#define CHINESE "渡船停航三周之后于周一恢复，首班船载客百余人。镇长表示，学生可以免费乘坐到月底，" \
    "但只限工作日。港务处说，新的时刻表与以前相同，票价也没有变化。许多居民一早便在码头等候，" \
    "几位骑自行车的人最先上船。"
// clang-format on

static const struct {
    const char *language, *text;
    bool doubts;
} doubts[] = {
    {"en",    ENGLISH, false},
    {"en-US", ENGLISH, false},
    {"de",    ENGLISH, true },
    {"da",    DANISH,  false},
    {"nb",    DANISH,  true },
    {"no-NO", DANISH,  true },
    {"sv",    DANISH,  true },
    {"el",    GREEK,   false},
    {"en",    GREEK,   true },
    {"zh-CN", CHINESE, false},
    {"ja",    CHINESE, true },
    {"ko",    CHINESE, true },
    {"en",    CHINESE, true },
    {"sw",    ENGLISH, true },
};

static void
doubt_is_where_the_common_words_are_missing(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(doubts); i++)
        if (detect_doubts(slice_str(doubts[i].language), slice_str(doubts[i].text)) !=
            doubts[i].doubts)
            fail_msg("%s: %s", doubts[i].language, doubts[i].text);
}

static const struct {
    const char *language, *text, *detected;
    bool warned;
} checks[] = {
    {"en",  ENGLISH,                  NULL, false}, // not asked: nothing speaks against it
    {"de",  ENGLISH,                  "en", true },
    {"NO",  DANISH,                   "da", true },
    {"nb",  DANISH,                   "da", true },
    {"en",  GREEK,                    "el", true },
    {"zh",  CHINESE,                  NULL, false},
    {"",    ENGLISH,                  NULL, false}, // nothing declared, nothing to check
    {"und", ENGLISH,                  NULL, false},
    {"de",  "Too short to tell much", NULL, false},
};

static bool
warned(const struct article *a)
{
    for (uint32_t i = 0; i < a->wr.warnings_count; i++)
        if (strcmp(a->wr.warnings[i].code, "language-differs") == 0)
            return true;
    return false;
}

static void
what_was_declared_stands_and_is_warned_of(void **state)
{
    (void)state;
#ifndef WIREROOM_CLD2
    print_message("built without CLD2: nothing is checked\n");
    skip();
#endif
    for (size_t i = 0; i < LENGTH(checks); i++) {
        struct arena arena;
        arena_init(&arena, 1U << 20);
        struct article *a = article_new(&arena);
        article_set_text(a, ARTICLE_LANGUAGE, slice_str(checks[i].language));
        article_add_body(a, "text/plain", slice_str(checks[i].text));
        normalize_article(a);
        if (checks[i].detected)
            assert_string_equal(a->wr.detected, checks[i].detected);
        else
            assert_null(a->wr.detected);
        assert_int_equal(warned(a), checks[i].warned);
        assert_int_equal(
            article_text(a, ARTICLE_LANGUAGE).size, strlen(checks[i].language));
        arena_fini(&arena);
    }
}

static int
load(void **state)
{
    (void)state;
    return normalize_load() ? 0 : -1;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(doubt_is_where_the_common_words_are_missing),
        cmocka_unit_test(what_was_declared_stands_and_is_warned_of),
    };
    return cmocka_run_group_tests(tests, load, NULL);
}
