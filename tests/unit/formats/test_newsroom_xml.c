// NITF and NewsML 1.2 beyond their corpora: what hostile documents cost, and what the
// canonical form does not show.
#include <stdlib.h>
#include <time.h>

#include "formats/formats.h"
#include "unit/check.h"

#define LENGTH(a) (sizeof(a) / sizeof *(a))
#define CPU_MAX (4 * CLOCKS_PER_SEC) // with sanitizers; a tenth without

static struct arena arena;

static int
begin(void **state)
{
    (void)state;
    arena_init(&arena, (size_t)256 << 20);
    return hash_init() && formats_load() ? 0 : -1;
}

static int
end(void **state)
{
    (void)state;
    arena_fini(&arena);
    return 0;
}

static struct format_output
read_as(const char *format, struct slice raw)
{
    struct format_output out;
    struct format_input input = {.raw = raw, .format = slice_str(format)};
    formats_read(&input, &arena, &out);
    return out;
}

// clang-format off
static const struct {
    const char *format, *head, *fill;
    size_t fills;
    const char *middle, *unit;
    size_t units;
    const char *tail;
} hostile[] = {
    {"nitf", "<nitf><body><body.head>", "", 0, "",
     "<note><body.content><p>x</p></body.content></note>", 45000, "</body.head></body></nitf>"},
    {"nitf", "<nitf><body><body.content>", "", 0, "",
     "<media><media-reference source='a'/></media>", 90000, "</body.content></body></nitf>"},
    {"newsml12", "<NewsML><NewsItem><NewsComponent>", "<a/>", 150000, "",
     "<NewsComponent><ContentItem Href='a'/></NewsComponent>", 1000,
     "</NewsComponent></NewsItem></NewsML>"},
    {"newsml12", "<NewsML><NewsItem><NewsComponent><TopicSet>",
     "<Topic><FormalName>zz</FormalName></Topic>", 3000, "</TopicSet><DescriptiveMetadata>",
     "<SubjectCode><Subject FormalName='x'/></SubjectCode><TopicOccurrence Topic='#y'/>", 45000,
     "</DescriptiveMetadata></NewsComponent></NewsItem></NewsML>"},
};
// clang-format on

static size_t
put(char *out, size_t at, const char *text, size_t count)
{
    for (size_t size = strlen(text); count--; at += size)
        memcpy(out + at, text, size);
    return at;
}

static void
hostile_documents_are_read_in_bearable_time(void **state)
{
    (void)state;
    char *text = malloc((size_t)8 << 20);
    assert_non_null(text);
    for (size_t i = 0; i < LENGTH(hostile); i++) {
        size_t at = put(text, 0, hostile[i].head, 1);
        at = put(text, at, hostile[i].fill, hostile[i].fills);
        at = put(text, at, hostile[i].middle, 1);
        at = put(text, at, hostile[i].unit, hostile[i].units);
        at = put(text, at, hostile[i].tail, 1);
        clock_t from = clock();
        struct format_output out = read_as(hostile[i].format, slice_of(text, at));
        assert_int_equal(out.fault.code, WIRE_OK);
        assert_true(clock() - from < CPU_MAX);
        arena_reset(&arena);
    }
    free(text);
}

static void
a_note_that_is_too_long_is_refused_and_not_cut(void **state)
{
    (void)state;
    char *text = malloc(1 << 20);
    assert_non_null(text);
    size_t at =
        put(text, 0, "<nitf><body><body.head><hedline><hl1>h</hl1></hedline>", 1);
    at = put(text, at,
        "<note type='npa'><body.content><p>two hundred notes of sixty bytes are longer "
        "than the "
        "limit</p></body.content></note>",
        200);
    at = put(text, at, "</body.head></body></nitf>", 1);
    struct format_output out = read_as("nitf", slice_of(text, at));
    assert_int_equal(out.count, 1);
    assert_false(article_check(out.items[0]));
    assert_int_equal(out.items[0]->fault.code, WIRE_FIELD_TOO_LONG);
    assert_string_equal(out.items[0]->fault.field, "edNote");
    free(text);
}

// clang-format off
static const struct {
    const char *format, *text;
    bool advisory, correction;
} signs[] = {
    {"nitf", "<nitf><head><tobject tobject.type='Advisory'/></head></nitf>", true, false},
    {"nitf", "<nitf><head><tobject tobject.type='News'/></head></nitf>", false, false},
    {"nitf", "<nitf><head><docdata><correction/></docdata></head></nitf>", false, true},
    {"newsml12",
     "<NewsItem><NewsManagement><NewsItemType FormalName='advisory'/></NewsManagement></NewsItem>", true, false},
    {"newsml12",
     "<NewsItem><NewsManagement><Instruction FormalName='Correction'/></NewsManagement></NewsItem>", false, true},
};
// clang-format on

static void
advisories_and_corrections_are_told_apart(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(signs); i++) {
        struct format_output out = read_as(signs[i].format, slice_str(signs[i].text));
        assert_int_equal(out.count, 1);
        assert_int_equal(out.items[0]->advisory, signs[i].advisory);
        assert_int_equal(out.items[0]->correction, signs[i].correction);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hostile_documents_are_read_in_bearable_time),
        cmocka_unit_test(a_note_that_is_too_long_is_refused_and_not_cut),
        cmocka_unit_test(advisories_and_corrections_are_told_apart),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
