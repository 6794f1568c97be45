// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

// Cases that others wrote, where they lie beside the checkout: shared/fixtures. The tests
// say that they skip where they don't.
#include "formats/dates.h"
#include "unit/formats/corpus.h"

static struct arena arena;

// One JSON text, or one line of one, as a tree; NULL at the end.
static const struct value *
tree_of(struct slice json)
{
    struct wire_writer w = {0};
    struct fault fault = FAULT_NONE;
    struct wire_limits limits = {.depth = 32, .values = 200000, .map = 256};
    assert_int_equal(wire_from_json(json, &limits, &w, &fault), WIRE_OK);
    struct slice packed = arena_copy(&arena, wire_written(&w));
    wire_writer_fini(&w);
    return value_decode(packed, &arena);
}

static bool
warned(const struct format_output *out, const char *code)
{
    for (uint32_t i = 0; i < out->count; i++)
        for (uint32_t k = 0; k < out->items[i]->wr.warnings_count; k++)
            if (strcmp(out->items[i]->wr.warnings[k].code, code) == 0)
                return true;
    return false;
}

// What the published schema takes is read; what it refuses is refused, or, where only a
// property is unknown to it, read with a warning that names the property.
static void
check_case(const struct value *test)
{
    struct slice text = value_text(value_get(test, "input"));
    const struct value *valid = value_get(test, "valid");
    struct format_output out;
    struct format_input input = {.raw = text, .format = SLICE("ninjs")};
    if (!text.size || !valid)
        return;
    formats_read(&input, &arena, &out);
    bool read = out.count == 1 && !out.items[0]->fault.code;
    bool clean = read && !warned(&out, "unknown-field");
    if (valid->boolean ? !read : clean)
        fail_msg("%.*s", SLICE_ARG(value_text(value_get(test, "id"))));
}

static void
ninjs_is_what_the_published_schemas_say(void **state)
{
    (void)state;
    struct slice all = corpus_read(SHARED "/fixtures/ninjs-validate/cases.jsonl");
    if (!all.size) {
        print_message("shared/fixtures/ninjs-validate is not here: skipped\n");
        skip();
    }
    unsigned count = 0;
    for (struct slice rest = all; rest.size; count++) {
        const uint8_t *end = memchr(rest.data, '\n', rest.size);
        struct slice line =
            slice_until(rest, end ? (size_t)(end - rest.data) : rest.size);
        check_case(tree_of(line));
        rest = slice_from(rest, line.size + 1);
    }
    assert_true(count >= 60);
    corpus_free(&all);
}

static void
iso_dates_mean_what_others_read_in_them(void **state)
{
    (void)state;
    struct slice all = corpus_read(SHARED "/fixtures/dates/expected.json");
    unsigned count = 0;
    if (!all.size) {
        print_message("shared/fixtures/dates is not here: skipped\n");
        skip();
    }
    const struct value *cases = value_get(tree_of(all), "cases");
    for (uint32_t i = 0; i < cases->list.count; i++) {
        const struct value *test = &cases->list.items[i];
        struct slice kind = value_text(value_get(test, "kind"));
        struct slice in = value_text(value_get(test, "input"));
        struct slice want = value_text(value_get(test, "utc"));
        struct date_read date;
        char text[40];
        if (!slice_is(kind, "iso8601") && !slice_is(kind, "w3dtf"))
            continue;
        bool read = date_read(in, &date);
        struct slice got = read ? wire_time_text(date.us, text) : slice_of(NULL, 0);
        if (!slice_equal(got, want))
            fail_msg("%.*s gave %.*s", SLICE_ARG(in), SLICE_ARG(got));
        count++;
    }
    assert_true(count >= 5);
    corpus_free(&all);
}

static int
begin(void **state)
{
    (void)state;
    arena_init(&arena, 64U << 20);
    return hash_init() && formats_load() ? 0 : -1;
}

static int
end(void **state)
{
    (void)state;
    arena_fini(&arena);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ninjs_is_what_the_published_schemas_say),
        cmocka_unit_test(iso_dates_mean_what_others_read_in_them),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
