// A house's style: what it folds, and what only looks like it.
#include <string.h>

#include "normalize/style.h"
#include "unit/check.h"

static struct arena arena;

static const struct {
    enum text_kind kind;
    bool dashes, quotes;
    const char *in, *want;
} rows[] = {
    {TEXT_LINE,     true,  true,  "Bid -- rejected",              "Bid — rejected"        },
    {TEXT_LINE,     true,  false, "-- begins, and ends --",       "— begins, and ends —"},
    {TEXT_PROSE,    true,  false, "one --\n-- two",               "one —\n— two"        },
    {TEXT_LINE,     true,  false, "low _ offer",                  "low — offer"           },
    {TEXT_LINE,     true,  false, "a--b x_y --- ___ --force",     "a--b x_y --- ___ --force"},
    {TEXT_LINE,     true,  false, "--",                           "--"                      },
    {TEXT_LINE,     false, true,  "``no'' -- he said",            "“no” -- he said"     },
    {TEXT_PROSE,    false, true,  "``one\n\n``two''",             "“one\n\n“two”"     },
    {TEXT_LINE,     false, true,  "six feet 2'' tall",            "six feet 2'' tall"       },
    {TEXT_LINE,     false, true,  "``2'' and 3''",                "“2” and 3''"         },
    {TEXT_HTML,     true,  true,  "<p a='b -- c'>d -- ``e''</p>",
     "<p a='b -- c'>d — “e”</p>"                                                      },
    {TEXT_WORD,     true,  true,  "a -- b",                       "a -- b"                  },
    {TEXT_VERBATIM, true,  true,  "a -- ``b''",                   "a -- ``b''"              },
    {TEXT_LINE,     false, false, "a -- ``b''",                   "a -- ``b''"              },
};

static void
a_style_folds_what_is_meant(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint32_t dashes = 0, quotes = 0;
        struct slice in = slice_str(rows[i].in), out, again;
        out = style_fold(
            in, rows[i].kind, rows[i].dashes, rows[i].quotes, &arena, &dashes, &quotes);
        if (!slice_is(out, rows[i].want))
            fail_msg("%s became %.*s", rows[i].in, SLICE_ARG(out));
        assert_int_equal(dashes + quotes == 0, out.data == in.data);
        again = style_fold(out, rows[i].kind, rows[i].dashes, rows[i].quotes, &arena,
            &dashes, &quotes);
        assert_ptr_equal(again.data, out.data);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_style_folds_what_is_meant),
    };
    arena_init(&arena, 1 << 20);
    int failed = cmocka_run_group_tests_name("normalize/style", tests, NULL, NULL);
    arena_fini(&arena);
    return failed;
}
