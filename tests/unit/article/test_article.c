// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <stdio.h>
#include <stdlib.h>

#include "article/article.h"

#define LENGTH(a) (sizeof(a) / sizeof *(a))

static struct arena arena;

static int
begin(void **state)
{
    (void)state;
    arena_init(&arena, 64U << 20);
    return hash_init() ? 0 : -1;
}

static int
end(void **state)
{
    (void)state;
    arena_fini(&arena);
    return 0;
}

static void
assert_text(struct slice got, const char *want)
{
    if (!slice_is(got, want))
        fail_msg("got \"%.*s\", want \"%s\"", SLICE_ARG(got), want);
}

static struct slice
packed_json(const struct article *a)
{
    struct wire_writer w = {0}, text = {0};
    uint64_t at;
    article_pack(a, &w);
    assert_false(w.failed);
    assert_int_equal(wire_scan(wire_written(&w), &wire_limits_article, &at), WIRE_OK);
    wire_to_json(wire_written(&w), WIRE_JSON_COMPACT, &text);
    struct slice json = arena_copy(&arena, wire_written(&text));
    wire_writer_fini(&w);
    wire_writer_fini(&text);
    return json;
}

static struct article *
a_story(void)
{
    struct article *a = article_new(&arena);
    article_set_text(a, ARTICLE_URI, SLICE("urn:city:1"));
    article_set_text(a, ARTICLE_TYPE, SLICE("text"));
    article_set_number(a, ARTICLE_URGENCY, 4);
    article_add_headline(a, "kicker", SLICE("Harbour"));
    article_add_headline(a, "main", SLICE("Bridge opens"));
    article_add_body(a, "text/plain", SLICE("It opened.\n\nAt noon."));
    article_add_person(a, "author", SLICE("Ada Quill"));
    return a;
}

static void
every_field_has_its_row_in_the_order_of_the_table(void **state)
{
    (void)state;
    assert_string_equal(article_rows[ARTICLE_URI].name, "uri");
    assert_string_equal(article_rows[ARTICLE_SIGNALS].name, "signals");
    assert_int_equal(article_rows[ARTICLE_BODIES].kind, ARTICLE_KIND_LIST);
    assert_true(article_rows[ARTICLE_BODIES].in_digest);
    assert_false(article_rows[ARTICLE_VERSION].in_digest);
    for (uint32_t i = 0; i < ARTICLE_FIELDS; i++)
        for (uint32_t k = 0; k < i; k++)
            assert_string_not_equal(article_rows[i].name, article_rows[k].name);
}

static void
what_is_set_is_got_and_what_is_empty_is_absent(void **state)
{
    (void)state;
    struct article *a = a_story();
    assert_text(article_text(a, ARTICLE_URI), "urn:city:1");
    assert_int_equal(article_number(a, ARTICLE_URGENCY), 4);
    assert_true(article_time_us(a, ARTICLE_EXPIRES) == TIME_NONE);
    article_set_time(a, ARTICLE_EXPIRES, 5, "given", SLICE("x"));
    article_set_time(a, ARTICLE_EXPIRES, 6, "assumed", SLICE("y"));
    assert_true(article_time_us(a, ARTICLE_EXPIRES) == 6);
    assert_int_equal(a->wr.times_count, 1);
    assert_string_equal(a->wr.times[0].zone, "assumed");
    article_set_text(a, ARTICLE_URI, SLICE(""));
    assert_int_equal(a->field[ARTICLE_URI].type, WIRE_NIL);
    article_set_number(a, ARTICLE_URGENCY, 0);
    assert_int_equal(a->field[ARTICLE_URGENCY].type, WIRE_NIL);
}

static void
the_main_headline_and_the_plain_body_are_found(void **state)
{
    (void)state;
    struct article *a = a_story();
    assert_text(article_headline(a), "Bridge opens");
    assert_text(article_body(a), "It opened.\n\nAt noon.");
    a = article_new(&arena);
    assert_text(article_headline(a), "");
    assert_text(article_body(a), "");
    article_add_body(a, "text/html", SLICE("<p>x</p>"));
    assert_text(article_body(a), "");
    article_add_headline(a, "kicker", SLICE("Only a kicker"));
    assert_text(article_headline(a), "Only a kicker");
}

static const struct {
    const char *word;
    enum pub_status want;
} statuses[] = {
    {"usable",   PUB_USABLE  },
    {"withheld", PUB_WITHHELD},
    {"canceled", PUB_CANCELED},
    {"",         PUB_USABLE  },
};

static void
the_status_word_is_an_axis(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(statuses); i++) {
        struct article *a = article_new(&arena);
        article_set_text(a, ARTICLE_PUB_STATUS, slice_str(statuses[i].word));
        assert_int_equal(article_pub_status(a), statuses[i].want);
    }
}

// The article has a name and a status; a headline without text is none.
static bool
is_enough(const char *status, enum article_field field)
{
    struct article *a = article_new(&arena);
    article_set_text(a, ARTICLE_URI, SLICE("urn:x"));
    article_set_text(a, ARTICLE_PUB_STATUS, slice_str(status));
    article_add_headline(a, "main", SLICE(""));
    if (field == ARTICLE_BODIES)
        article_add_body(a, "text/plain", SLICE("Text."));
    else if (field != ARTICLE_URI)
        value_set(article_add(a, field, 1), "value", value_of_text(SLICE("x")), &arena);
    bool enough = article_check_empty(a);
    assert_int_equal(a->fault.code, enough ? WIRE_OK : WIRE_EMPTY_ARTICLE);
    assert_false(a->rejected);
    return enough;
}

static void
something_to_show_is_asked_of_what_is_to_be_shown(void **state)
{
    (void)state;
    static const enum article_field shown[] = {ARTICLE_HEADLINES, ARTICLE_BODIES,
        ARTICLE_DESCRIPTIONS, ARTICLE_ASSOCIATIONS, ARTICLE_RENDITIONS};
    for (size_t i = 0; i < LENGTH(shown); i++)
        assert_true(is_enough("usable", shown[i]));
    assert_false(is_enough("usable", ARTICLE_URI));
    assert_true(is_enough("withheld", ARTICLE_URI));
    assert_false(is_enough("usable", ARTICLE_SUBJECTS));
    assert_true(is_enough("canceled", ARTICLE_URI));
}

static void
the_canonical_form_has_table_order_and_sorted_keys_and_no_empty_ones(void **state)
{
    (void)state;
    static struct article_lines lines[] =
        {
            {3,  9 },
            {12, 14}
    },
                                left[] = {{1, 2}};
    struct article *a = a_story();
    article_set_time(a, ARTICLE_VERSION_CREATED, 1772700000000000, "given", SLICE("x"));
    a->wr.kind = "article";
    a->wr.desk_mark = SLICE("City desk");
    article_add_date(a, SLICE("on Monday"), "2026-03-02", "event");
    article_add_date(a, SLICE("soon"), NULL, "mention");
    a->wr.format = "newsprint";
    article_changed(a, "space", "bodies", 2);
    article_changed(a, "space", "bodies", 3);
    article_warn(a, "no-date", SLICE("line 3"));
    article_warn(a, "no-date", SLICE("line 3"));
    a->wr.declared_language = SLICE("english");
    a->wr.charset = SLICE("utf-8");
    a->wr.page = SLICE("A1.txt");
    a->wr.page_item = 1;
    a->wr.page_of = 2;
    a->wr.lines = lines;
    a->wr.lines_count = 2;
    a->wr.unassigned = left;
    a->wr.unassigned_count = 1;
    a->wr.confidence = 90;
    assert_text(packed_json(a),
        "{\"uri\":\"urn:city:1\",\"type\":\"text\","
        "\"versionCreated\":\"2026-03-05T08:40:00Z\",\"urgency\":4,"
        "\"headlines\":[{\"role\":\"kicker\",\"value\":\"Harbour\"},"
        "{\"role\":\"main\",\"value\":\"Bridge opens\"}],"
        "\"people\":[{\"name\":\"Ada Quill\",\"rel\":\"author\"}],"
        "\"bodies\":[{\"contentType\":\"text/plain\",\"role\":\"main\","
        "\"value\":\"It opened.\\n\\nAt noon.\"}],"
        "\"wr\":{\"kind\":\"article\",\"deskMark\":\"City desk\","
        "\"eventDates\":[{\"text\":\"on Monday\",\"date\":\"2026-03-02\","
        "\"kind\":\"event\"},{\"text\":\"soon\",\"kind\":\"mention\"}],"
        "\"times\":{\"versionCreated\":{\"source\":\"x\",\"zone\":\"given\"}},"
        "\"ingest\":{\"format\":\"newsprint\"},"
        "\"changes\":[{\"rule\":\"space\",\"field\":\"bodies\",\"count\":5}],"
        "\"warnings\":[{\"code\":\"no-date\",\"where\":\"line 3\"}],"
        "\"declared\":{\"language\":\"english\"},\"charset\":\"utf-8\","
        "\"page\":{\"file\":\"A1.txt\",\"item\":1,\"of\":2,"
        "\"lines\":[[3,9],[12,14]],\"unassigned\":[[1,2]]},\"confidence\":90}}");
    assert_text(packed_json(article_new(&arena)), "{}");
}

// The same subject with its keys in every order.
static struct article *
with_subject(const unsigned order[3])
{
    static const char *const keys[] = {"uri", "name", "rel"};
    struct article *a = a_story();
    struct value *subject = article_add(a, ARTICLE_SUBJECTS, 3);
    for (unsigned i = 0; i < 3; i++)
        value_set(
            subject, keys[order[i]], value_of_text(slice_str(keys[order[i]])), &arena);
    return a;
}

static void
the_order_of_keys_changes_neither_bytes_nor_digest(void **state)
{
    (void)state;
    static const unsigned orders[][3] = {
        {0, 1, 2},
        {0, 2, 1},
        {1, 0, 2},
        {1, 2, 0},
        {2, 0, 1},
        {2, 1, 0}
    };
    struct article *first = with_subject(orders[0]);
    struct digest want = article_digest(first);
    struct slice text = packed_json(first);
    for (size_t i = 1; i < LENGTH(orders); i++) {
        struct article *a = with_subject(orders[i]);
        struct digest digest = article_digest(a);
        assert_true(digest_equal(&digest, &want));
        assert_true(slice_equal(packed_json(a), text));
    }
}

static void
the_digest_is_over_content_alone(void **state)
{
    (void)state;
    struct article *a = a_story();
    struct digest before = article_digest(a), after;
    article_set_text(a, ARTICLE_VERSION, SLICE("2"));
    article_set_text(a, ARTICLE_URI, SLICE("urn:other"));
    article_set_time(a, ARTICLE_VERSION_CREATED, 7, NULL, SLICE(""));
    a->wr.kind = "commentary";
    article_warn(a, "x", SLICE(""));
    after = article_digest(a);
    assert_true(digest_equal(&before, &after));
    article_add_headline(a, "sub", SLICE("And closes"));
    after = article_digest(a);
    assert_false(digest_equal(&before, &after));
}

// The digest is what hashing the packed map of the IN fields in one piece gives.
static void
the_digest_is_that_of_the_packed_fields(void **state)
{
    (void)state;
    struct article *a = a_story();
    struct wire_writer w = {0};
    struct digest got = article_digest(a);
    article_set_text(a, ARTICLE_URI, SLICE(""));
    article_pack(a, &w);
    struct digest want = digest_of(wire_written(&w));
    assert_true(digest_equal(&got, &want));
    wire_writer_reset(&w);
    struct article *none = article_new(&arena);
    article_pack(none, &w);
    got = article_digest(none);
    want = digest_of(wire_written(&w));
    assert_true(digest_equal(&got, &want));
    wire_writer_fini(&w);
}

static struct slice
long_text(size_t size)
{
    uint8_t *text = arena_alloc(&arena, size);
    assert_non_null(text);
    memset(text, 'a', size);
    return slice_of(text, size);
}

static void
at_its_limit_a_field_is_good_and_over_it_is_refused_by_name(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < ARTICLE_FIELDS; i++) {
        enum article_kind kind = article_rows[i].kind;
        if (kind == ARTICLE_KIND_TIME || kind == ARTICLE_KIND_NUMBER)
            continue;
        struct article *a = article_new(&arena);
        for (uint32_t n = 0; kind == ARTICLE_KIND_LIST && n < article_rows[i].limit;
             n++)
            assert_non_null(article_add(a, (enum article_field)i, 0));
        if (kind != ARTICLE_KIND_LIST)
            article_set_text(
                a, (enum article_field)i, long_text(article_rows[i].limit));
        assert_true(article_check(a));
        if (kind == ARTICLE_KIND_LIST)
            (void)article_add(a, (enum article_field)i, 0);
        else
            article_set_text(
                a, (enum article_field)i, long_text(article_rows[i].limit + 1));
        assert_false(article_check(a));
        assert_true(a->rejected);
        assert_string_equal(a->fault.field, article_rows[i].name);
        assert_int_equal(a->fault.code,
            kind == ARTICLE_KIND_LIST ? WIRE_TOO_MANY_FIELDS : WIRE_FIELD_TOO_LONG);
    }
}

static void
headlines_bodies_blocks_and_urgency_have_limits_of_their_own(void **state)
{
    (void)state;
    struct article *a = article_new(&arena);
    article_add_headline(a, "main", SLICE("short"));
    article_add_headline(a, "sub", long_text(ARTICLE_HEADLINE_MAX + 1));
    assert_false(article_check(a));
    assert_string_equal(a->fault.field, "headlines[1].value");

    a = article_new(&arena);
    article_add_body(a, "text/plain", long_text(ARTICLE_TEXT_MAX / 2));
    article_add_body(a, "text/plain", long_text(ARTICLE_TEXT_MAX / 2));
    assert_true(article_check(a));
    article_add_body(a, "text/plain", SLICE("x"));
    assert_false(article_check(a));
    assert_int_equal(a->fault.code, WIRE_FIELD_TOO_LONG);

    size_t size = (size_t)(ARTICLE_BLOCKS_MAX - 1) * 3 + 1;
    uint8_t *blocks = (uint8_t *)(uintptr_t)long_text(size + 3).data;
    for (size_t i = 1; i < size; i++)
        blocks[i] = i % 3 ? '\n' : 'a';
    a = article_new(&arena);
    article_add_body(a, "text/plain", slice_of(blocks, size));
    assert_true(article_check(a));
    blocks[size] = blocks[size + 1] = '\n';
    a = article_new(&arena);
    article_add_body(a, "text/plain", slice_of(blocks, size + 3));
    assert_false(article_check(a));
    assert_int_equal(a->fault.code, WIRE_TOO_MANY_FIELDS);

    a = article_new(&arena);
    article_set_number(a, ARTICLE_URGENCY, 10);
    assert_false(article_check(a));
    assert_int_equal(a->fault.code, WIRE_INVALID);
}

static void
a_list_may_be_nested_so_deep_and_no_deeper(void **state)
{
    (void)state;
    for (uint32_t lists = ARTICLE_DEPTH_MAX - 2; lists <= ARTICLE_DEPTH_MAX - 1;
         lists++) {
        struct article *a = article_new(&arena);
        struct value *inner = article_add(a, ARTICLE_EVENTS, 1); // a list and a map
        struct value number = {.type = WIRE_INT, .integer = 1};
        struct value *nested = &number;
        for (uint32_t i = 0; i < lists; i++) {
            struct value *list = ARENA_NEW(&arena, struct value);
            *list = (struct value){
                .type = WIRE_ARRAY, .list = {nested, 1}
            };
            nested = list;
        }
        value_set(inner, "name", *nested, &arena);
        bool fits = lists == ARTICLE_DEPTH_MAX - 2;
        assert_int_equal(article_check(a), fits);
        assert_int_equal(a->fault.code, fits ? WIRE_OK : WIRE_TOO_DEEP);
    }
}

static void
warnings_and_changes_stay_few_whatever_is_found(void **state)
{
    (void)state;
    struct article *a = article_new(&arena);
    for (unsigned i = 0; i < 3000; i++) {
        article_warn(a, "w", arena_printf(&arena, "%u", i));
        article_add_date(a, SLICE("today"), "2026-03-05", "event");
    }
    assert_int_equal(a->wr.warnings_count, 256);
    assert_int_equal(a->wr.dates_count, 256);
    assert_text(a->wr.warnings[255].where, "255");
}

static void
out_of_memory_is_remembered_by_the_arena_and_fails_the_packing(void **state)
{
    (void)state;
    for (size_t limit = 0; limit < 6000; limit += 40) {
        struct arena small;
        struct wire_writer w = {0};
        arena_init(&small, limit);
        struct article *a = article_new(&small);
        if (a) {
            article_add_headline(a, "main", SLICE("Bridge opens"));
            article_add_person(a, "author", SLICE("Ada Quill"));
            article_warn(a, "w", SLICE("x"));
            article_changed(a, "r", "f", 1);
            article_pack(a, &w);
            assert_int_equal(w.failed, small.failed);
        }
        wire_writer_fini(&w);
        arena_fini(&small);
    }
}

// Change these only with NORMALIZER_VERSION: every digest that was filed is over them.
static void
the_canonical_bytes_are_those_filed_before(void **state)
{
    (void)state;
    char path[] = CORPUS "/article/canonical.hex", want[4096] = "";
    struct article *a = a_story();
    struct wire_writer w = {0};
    article_set_time(a, ARTICLE_VERSION_CREATED, 1772700000000000, "given", SLICE("x"));
    article_pack(a, &w);
    struct digest digest = article_digest(a);
    char *got = calloc(1, 2 * (w.size + DIGEST_BYTES) + 2);
    assert_non_null(got);
    hex_of(w.data, w.size, got);
    hex_of(digest.bytes, DIGEST_BYTES, got + 2 * w.size);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_true(fread(want, 1, sizeof want - 1, file) > 0);
    assert_int_equal(fclose(file), 0);
    want[strcspn(want, "\n")] = 0;
    if (strcmp(got, want) != 0)
        printf("canonical.hex is now\n%s\n", got);
    assert_string_equal(got, want);
    free(got);
    wire_writer_fini(&w);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_has_its_row_in_the_order_of_the_table),
        cmocka_unit_test(what_is_set_is_got_and_what_is_empty_is_absent),
        cmocka_unit_test(the_main_headline_and_the_plain_body_are_found),
        cmocka_unit_test(the_status_word_is_an_axis),
        cmocka_unit_test(something_to_show_is_asked_of_what_is_to_be_shown),
        cmocka_unit_test(
            the_canonical_form_has_table_order_and_sorted_keys_and_no_empty_ones),
        cmocka_unit_test(the_canonical_bytes_are_those_filed_before),
        cmocka_unit_test(the_order_of_keys_changes_neither_bytes_nor_digest),
        cmocka_unit_test(the_digest_is_over_content_alone),
        cmocka_unit_test(the_digest_is_that_of_the_packed_fields),
        cmocka_unit_test(at_its_limit_a_field_is_good_and_over_it_is_refused_by_name),
        cmocka_unit_test(headlines_bodies_blocks_and_urgency_have_limits_of_their_own),
        cmocka_unit_test(warnings_and_changes_stay_few_whatever_is_found),
        cmocka_unit_test(a_list_may_be_nested_so_deep_and_no_deeper),
        cmocka_unit_test(
            out_of_memory_is_remembered_by_the_arena_and_fails_the_packing),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
