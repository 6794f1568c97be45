// Whole pages of newsprint against their truths, and what holds for any page: no line is
// lost, layout that says nothing changes nothing, hostile text ends soon.
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>
// clang-format on

#include "formats/newsprint/newsprint.h"
#include "proto/json.h"

#define LENGTH(a) (sizeof(a) / sizeof((a)[0]))
#define ARENA_SIZE ((size_t)512 << 20)

static struct slice
read_file(const char *path, struct arena *arena)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return slice_of(NULL, 0);
    size_t room = 4U << 20;
    uint8_t *data = arena_alloc(arena, room);
    assert_non_null(data);
    size_t size = fread(data, 1, room, file);
    assert_int_equal(fclose(file), 0);
    return slice_of(data, size);
}

static struct format_output
read_page(struct slice text, const char *issue_date, struct arena *arena)
{
    struct format_output out = {0};
    struct format_input *input = ARENA_NEW(arena, struct format_input);
    assert_non_null(input);
    input->raw = text;
    input->issue_date = slice_str(issue_date);
    newsprint_read(input, text, arena, &out);
    assert_true((out.count == 0) == (out.fault.code != WIRE_OK));
    return out;
}

static const struct value *
read_truth(const char *path, struct arena *arena)
{
    struct wire_writer packed = {0};
    struct fault fault = FAULT_NONE;
    struct slice json = read_file(path, arena);
    if (!json.size)
        return NULL;
    if (wire_from_json(json, &wire_limits_article, &packed, &fault))
        print_error("%s: %s\n", path, fault.words);
    assert_int_equal(fault.code, WIRE_OK);
    const struct value *truth =
        value_decode(arena_copy(arena, wire_written(&packed)), arena);
    wire_writer_fini(&packed);
    assert_non_null(truth);
    return truth;
}

// ---- one item against its truth

static struct slice
headline_of(const struct article *a, const char *role)
{
    const struct value *list = &a->field[ARTICLE_HEADLINES];
    for (uint32_t i = 0; list->type == WIRE_ARRAY && i < list->list.count; i++)
        if (slice_is(value_text(value_get(&list->list.items[i], "role")), role))
            return value_text(value_get(&list->list.items[i], "value"));
    return slice_of(NULL, 0);
}

static void
expect_text(const char *what, const char *page, uint32_t item, struct slice got,
    struct slice want)
{
    if (!slice_equal(got, want))
        print_error("%s item %u, %s:\n  got  %.*s\n  want %.*s\n", page, item + 1, what,
            SLICE_ARG(got), SLICE_ARG(want));
    assert_true(slice_equal(got, want));
}

static struct slice
joined_paragraphs(const struct value *truth, struct arena *arena)
{
    const struct value *list = value_get(truth, "paragraphs");
    struct wire_writer text = {0};
    for (uint32_t i = 0; i < list->list.count; i++) {
        if (i > 0)
            wire_put_raw(&text, SLICE("\n\n"));
        wire_put_raw(&text, list->list.items[i].text);
    }
    struct slice all = arena_copy(arena, wire_written(&text));
    wire_writer_fini(&text);
    return all;
}

static bool
has_person(const struct article *a, struct slice name, bool photographer)
{
    const struct value *list = &a->field[ARTICLE_PEOPLE];
    const char *rel = photographer ? "photographer" : "author";
    for (uint32_t i = 0; list->type == WIRE_ARRAY && i < list->list.count; i++)
        if (slice_equal(value_text(value_get(&list->list.items[i], "name")), name) &&
            slice_is(value_text(value_get(&list->list.items[i], "rel")), rel))
            return true;
    return false;
}

static void
expect_people(const struct article *a, const struct value *truth)
{
    const struct value *list = value_get(truth, "bylines");
    const struct value *people = &a->field[ARTICLE_PEOPLE];
    uint32_t count = people->type == WIRE_ARRAY ? people->list.count : 0;
    assert_int_equal(count, list->list.count);
    for (uint32_t i = 0; i < list->list.count; i++) {
        const struct value *p = &list->list.items[i];
        assert_true(has_person(a, value_text(value_get(p, "name")),
            slice_is(value_text(value_get(p, "role")), "photographer")));
    }
}

static void
expect_dates(const struct article *a, const struct value *truth)
{
    const struct value *list = value_get(truth, "dates");
    for (uint32_t i = 0; i < list->list.count; i++) {
        const struct value *d = &list->list.items[i];
        struct slice kind = value_text(value_get(d, "kind"));
        struct slice text = value_text(value_get(d, "text"));
        struct slice day = value_text(value_get(d, "iso_if_year_2020"));
        bool found = false;
        for (uint32_t k = 0; k < a->wr.dates_count; k++)
            found = found || (slice_equal(a->wr.dates[k].text, text) &&
                                 slice_equal(slice_str(a->wr.dates[k].kind), kind) &&
                                 (day.size != 10 ||
                                     slice_equal(slice_str(a->wr.dates[k].date), day)));
        if (!found)
            print_error("date %.*s is missing\n", SLICE_ARG(text));
        assert_true(found);
    }
}

static void
expect_item(const char *page, uint32_t i, const struct article *a,
    const struct value *truth, struct arena *arena)
{
    static const char *const roles[][2] = {
        {"kicker", "kicker"  },
        {"main",   "headline"},
        {"sub",    "subhead" }
    };
    for (size_t r = 0; r < LENGTH(roles); r++)
        expect_text(roles[r][1], page, i, headline_of(a, roles[r][0]),
            value_text(value_get(truth, roles[r][1])));
    expect_text(
        "kind", page, i, slice_str(a->wr.kind), value_text(value_get(truth, "kind")));
    expect_text("desk mark", page, i, a->wr.desk_mark,
        value_text(value_get(truth, "desk_mark")));
    expect_text("body", page, i, article_body(a), joined_paragraphs(truth, arena));
    expect_people(a, truth);
    expect_dates(a, truth);
    assert_int_equal(a->wr.page_item, i + 1);
    assert_in_range(a->wr.confidence, 1, 100);
}

// A page as it is, or set another way.
typedef struct slice setting(struct slice text, const struct value *items,
    struct arena *arena);

static void
expect_page(const char *page_path, const char *truth_path, const char *issue_date,
    setting *set)
{
    struct arena arena;
    arena_init(&arena, ARENA_SIZE);
    struct slice text = read_file(page_path, &arena);
    const struct value *truth = read_truth(truth_path, &arena);
    if (!text.size || !truth) {
        print_message("%s is not here: skipped\n", page_path);
        arena_fini(&arena);
        skip();
    }
    const struct value *items = value_get(truth, "items");
    text = set ? set(text, items, &arena) : text;
    struct slice day = value_text(value_get(truth, "issue_date"));
    struct format_output out = read_page(text,
        issue_date ? issue_date
                   : (const char *)arena_printf(&arena, "%.*s", SLICE_ARG(day)).data,
        &arena);
    assert_int_equal(out.count, items->list.count);
    for (uint32_t i = 0; i < out.count; i++)
        expect_item(page_path, i, out.items[i], &items->list.items[i], &arena);
    arena_fini(&arena);
}

// ---- pages by their letters: where a page's setting leaves no trace of a paragraph's end
// nobody can find it, so what is asked is that each letter is in the right item, under the
// right headline

static struct slice
letters_of(struct slice text, struct arena *arena)
{
    uint8_t *out = arena_alloc(arena, text.size + 1);
    size_t size = 0;
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] > ' ' && text.data[i] != '-')
            out[size++] = text.data[i];
    return slice_of(out, size);
}

static bool
is_furniture_of_truth(const struct value *item)
{
    struct slice kind = value_text(value_get(item, "kind"));
    return slice_is(kind, "furniture") || slice_is(kind, "ad") || slice_is(kind, "box");
}

// expect_letters finds each paragraph in what is left of the body, letters only; between
// them may stand what the truth leaves open: jump lines and cross-heads.
static void
expect_letters(const char *page, const struct article *a, const struct value *truth,
    struct arena *arena)
{
    struct slice body = letters_of(article_body(a), arena);
    const struct value *list = value_get(truth, "paragraphs");
    const struct value *open = value_get(truth, "optional");
    size_t at = 0, letters = 0, spare = 0;
    for (uint32_t i = 0; i < list->list.count; i++) {
        struct slice want = letters_of(list->list.items[i].text, arena);
        const uint8_t *found =
            memmem(body.data + at, body.size - at, want.data, want.size);
        if (!found)
            print_error("%s: not in its item: %.*s\n", page, SLICE_ARG(want));
        assert_non_null(found);
        at = (size_t)(found - body.data) + want.size;
        letters += want.size;
    }
    for (uint32_t i = 0; open && open->type == WIRE_ARRAY && i < open->list.count; i++)
        spare += letters_of(open->list.items[i].text, arena).size;
    if (body.size > letters + spare)
        print_error("%s: too much in %.*s\n", page, SLICE_ARG(body));
    assert_true(body.size <= letters + spare);
}

static bool
is_headline(struct slice got, const struct value *truth, struct arena *arena)
{
    const struct value *also = value_get(truth, "accept_also");
    bool found = slice_equal(letters_of(got, arena),
        letters_of(value_text(value_get(truth, "headline")), arena));
    for (uint32_t i = 0; also && also->type == WIRE_ARRAY && i < also->list.count;
         i++) {
        const struct value *other = &also->list.items[i];
        found =
            found || (slice_is(value_text(value_get(other, "field")), "headline") &&
                         slice_equal(letters_of(got, arena),
                             letters_of(value_text(value_get(other, "value")), arena)));
    }
    return found;
}

static void
expect_story(const char *page, const struct article *a, const struct value *truth,
    struct arena *arena)
{
    struct slice head = headline_of(a, "main");
    if (!is_headline(head, truth, arena))
        print_error("%s: headline %.*s\n", page, SLICE_ARG(head));
    assert_true(is_headline(head, truth, arena));
    assert_true(slice_is(slice_str(a->wr.kind), "photo-caption") ==
                slice_is(value_text(value_get(truth, "kind")), "photo-caption"));
    expect_letters(page, a, truth, arena);
    const struct value *names = value_get(truth, "bylines");
    for (uint32_t i = 0; names && names->type == WIRE_ARRAY && i < names->list.count;
         i++) {
        const struct value *p = &names->list.items[i];
        assert_true(has_person(a, value_text(value_get(p, "name")),
            slice_is(value_text(value_get(p, "role")), "photographer")));
    }
}

static void
expect_stories(const char *page_path, const char *truth_path)
{
    struct arena arena;
    arena_init(&arena, ARENA_SIZE);
    const struct value *items = value_get(read_truth(truth_path, &arena), "items");
    struct format_output out = read_page(read_file(page_path, &arena), "", &arena);
    uint32_t n = 0;
    for (uint32_t i = 0; i < items->list.count; i++) {
        if (is_furniture_of_truth(&items->list.items[i]))
            continue;
        assert_true(n < out.count);
        expect_story(page_path, out.items[n++], &items->list.items[i], &arena);
    }
    assert_int_equal(n, out.count);
    arena_fini(&arena);
}

// ---- the tests

#define PAGES CORPUS "/newsprint/"

static const char *const corpus_pages[] = {"above-zh", "below-zh", "boxes-zh",
    "captions-zh", "county-zh", "evening-zh", "feature-zh", "front-zh", "names-zh",
    "neighbours-zh", "noblank-zh", "page-en", "page-hant", "page-ja", "page-ko",
    "stream-en"};

static void
pages_of_our_own_come_apart_as_they_were_put_together(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(corpus_pages); i++) {
        char page[512], truth[512];
        (void)snprintf(page, sizeof page, PAGES "%s.txt", corpus_pages[i]);
        (void)snprintf(truth, sizeof truth, PAGES "%s.want.json", corpus_pages[i]);
        expect_page(page, truth, NULL, NULL);
    }
}

static const char *const story_pages[] = {"de-cross", "de-double", "de-front",
    "de-lead", "en-blank", "en-by", "en-columns", "en-tight", "en-damaged", "en-folio", "en-front", "en-kicker",
    "en-nohead", "en-spaced", "en-stream", "en-stream2", "es-front", "es-por",
    "zh-above", "zh-below", "zh-byfirst", "zh-capt", "zh-cont", "zh-front", "zh-kept", "zh-notices",
    "zh-plain", "zh-plainbelow", "zh-quote", "zh-sep", "zh-vertical"};

static void
what_other_papers_do_is_read_too(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(story_pages); i++) {
        char page[512], truth[512];
        (void)snprintf(page, sizeof page, PAGES "%s.txt", story_pages[i]);
        (void)snprintf(truth, sizeof truth, PAGES "%s.want.json", story_pages[i]);
        expect_stories(page, truth);
    }
}

static const char *const hopeless_pages[] = {"zh-hopeless", "en-hopeless"};

static void
a_hopeless_page_is_one_item_with_a_warning(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(hopeless_pages); i++) {
        char path[512];
        struct arena arena;
        arena_init(&arena, ARENA_SIZE);
        (void)snprintf(path, sizeof path, PAGES "%s.txt", hopeless_pages[i]);
        struct format_output out = read_page(read_file(path, &arena), "", &arena);
        assert_int_equal(out.count, 1);
        assert_string_equal(out.items[0]->wr.kind, "page");
        assert_int_equal(out.items[0]->wr.warnings_count, 1);
        arena_fini(&arena);
    }
}

static void
the_sample_page_comes_apart_to_the_last_character(void **state)
{
    (void)state;
    expect_page(
        CORPUS "/../../docs/samples/page-zh.txt", PAGES "page-zh.want.json", NULL,
        NULL);
}

static void
a_real_page_comes_apart_to_the_last_character(void **state)
{
    (void)state;
    expect_page(SHARED "/fixtures/newsprint/jiaozuo-page.txt",
        SHARED "/fixtures/newsprint/jiaozuo-page.expected.json", "2020-08-03", NULL);
}

// ---- the same page with its headlines above the text

struct range {
    size_t first, last; // lines from 1; 0: none
};

static struct range
range_of(const struct value *item, const char *key)
{
    const struct value *r = value_get(item, key);
    if (!r || r->type != WIRE_ARRAY || r->list.count < 2)
        return (struct range){0};
    return (struct range){(size_t)r->list.items[0].unsigned_, (size_t)r->list.items[1].unsigned_};
}

static struct range
body_of_truth(const struct value *item)
{
    const struct value *p = value_get(item, "paragraph_raw_lines");
    const struct value *first = &p->list.items[0];
    const struct value *last = &p->list.items[p->list.count - 1];
    return (struct range){
        (size_t)first->list.items[0].unsigned_, (size_t)last->list.items[1].unsigned_};
}

// put_lines copies lines and the blank line behind them.
static void
put_lines(struct wire_writer *w, struct slice text, struct range r)
{
    size_t at = 0;
    if (!r.first)
        return;
    for (size_t n = 1; at < text.size && n <= r.last; n++) {
        const uint8_t *end = memchr(text.data + at, '\n', text.size - at);
        size_t next = end ? (size_t)(end - text.data) + 1 : text.size;
        if (n >= r.first)
            wire_put_raw(w, slice_of(text.data + at, next - at));
        at = next;
    }
    wire_put_raw(w, SLICE("\n"));
}

static struct slice
headlines_above(struct slice text, const struct value *items, struct arena *arena,
    bool byline_first)
{
    struct wire_writer w = {0};
    for (uint32_t i = 0; i < items->list.count; i++) {
        const struct value *item = &items->list.items[i];
        struct range body = body_of_truth(item), by = range_of(item, "byline_raw_lines");
        struct range head = range_of(item, "headline_raw_lines");
        bool before = by.first && by.first < body.first;
        put_lines(&w, text, before && byline_first ? by : (struct range){0});
        put_lines(&w, text, head);
        put_lines(&w, text, before && !byline_first ? by : (struct range){0});
        put_lines(&w, text, body);
        put_lines(&w, text, before ? (struct range){0} : by);
    }
    struct slice out = arena_copy(arena, wire_written(&w));
    wire_writer_fini(&w);
    return out;
}

static struct slice
headline_byline_text(
    struct slice text, const struct value *items, struct arena *arena)
{
    return headlines_above(text, items, arena, false);
}

static struct slice
byline_headline_text(
    struct slice text, const struct value *items, struct arena *arena)
{
    return headlines_above(text, items, arena, true);
}

static void
a_real_page_may_have_its_headlines_above(void **state)
{
    (void)state;
    expect_page(SHARED "/fixtures/newsprint/jiaozuo-page.txt",
        SHARED "/fixtures/newsprint/jiaozuo-page.expected.json", "2020-08-03",
        headline_byline_text);
    expect_page(SHARED "/fixtures/newsprint/jiaozuo-page.txt",
        SHARED "/fixtures/newsprint/jiaozuo-page.expected.json", "2020-08-03",
        byline_headline_text);
}

// count_lines marks the lines of ranges and fails where one is taken twice.
static void
count_lines(const struct article_lines *ranges, uint32_t count, uint8_t *taken)
{
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t n = ranges[i].first; n <= ranges[i].last; n++)
            taken[n]++;
}

static bool
line_is_blank(struct slice text, uint32_t number)
{
    size_t at = 0;
    for (uint32_t n = 1; n < number; at++)
        n += text.data[at] == '\n';
    for (; at < text.size && text.data[at] != '\n'; at++)
        if (text.data[at] != ' ')
            return false;
    return true;
}

static void
every_line_is_in_an_item_or_unassigned(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(corpus_pages); i++) {
        char path[512];
        struct arena arena;
        uint8_t taken[2000] = {0};
        arena_init(&arena, ARENA_SIZE);
        (void)snprintf(path, sizeof path, PAGES "%s.txt", corpus_pages[i]);
        struct slice text = read_file(path, &arena);
        struct format_output out = read_page(text, "", &arena);
        for (uint32_t k = 0; k < out.count; k++)
            count_lines(out.items[k]->wr.lines, out.items[k]->wr.lines_count, taken);
        count_lines(
            out.items[0]->wr.unassigned, out.items[0]->wr.unassigned_count, taken);
        uint32_t lines = 1;
        for (size_t k = 0; k < text.size; k++)
            lines += text.data[k] == '\n';
        for (uint32_t n = 1; n <= lines; n++) {
            if (!line_is_blank(text, n) && taken[n] != 1)
                print_error("%s line %u is taken %u times\n", path, n, taken[n]);
            assert_true(line_is_blank(text, n) || taken[n] == 1);
        }
        arena_fini(&arena);
    }
}

// Other ways to write the same page, none of which says anything.
static struct slice
rewritten(struct slice text, const char *newline, struct arena *arena)
{
    struct wire_writer w = {0};
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] == '\n')
            wire_put_raw(&w, slice_str(newline));
        else
            wire_put_raw(&w, slice_of(text.data + i, 1));
    struct slice out = arena_copy(arena, wire_written(&w));
    wire_writer_fini(&w);
    return out;
}

static void
line_ends_and_double_spacing_change_nothing(void **state)
{
    static const char *const newlines[] = {"\r\n", "\r", "\n\n", " \n"};
    struct arena arena;
    (void)state;
    arena_init(&arena, ARENA_SIZE);
    struct slice text = read_file(CORPUS "/../../docs/samples/page-zh.txt", &arena);
    struct format_output want = read_page(text, "", &arena);
    for (size_t i = 0; i < LENGTH(newlines); i++) {
        struct format_output got =
            read_page(rewritten(text, newlines[i], &arena), "", &arena);
        assert_int_equal(got.count, want.count);
        for (uint32_t k = 0; k < got.count; k++) {
            expect_text("body", newlines[i], k, article_body(got.items[k]),
                article_body(want.items[k]));
            expect_text("headline", newlines[i], k, article_headline(got.items[k]),
                article_headline(want.items[k]));
        }
    }
    arena_fini(&arena);
}

static void
a_page_cut_anywhere_is_read_or_kept_whole(void **state)
{
    struct arena arena;
    (void)state;
    arena_init(&arena, ARENA_SIZE);
    struct slice text = read_file(PAGES "captions-zh.txt", &arena);
    for (size_t size = 0; size < text.size; size++) {
        struct arena own;
        arena_init(&own, ARENA_SIZE);
        uint8_t *copy = malloc(size + !size);
        assert_non_null(copy);
        memcpy(copy, text.data, size);
        struct format_output out = read_page(slice_of(copy, size), "2026-03-09", &own);
        assert_true(size == 0 || out.count > 0);
        free(copy);
        arena_fini(&own);
    }
    arena_fini(&arena);
}

static struct slice
repeated(const char *piece, size_t bytes, struct arena *arena)
{
    size_t size = strlen(piece), count = bytes / size;
    uint8_t *data = arena_alloc(arena, count * size);
    assert_non_null(data);
    for (size_t i = 0; i < count; i++)
        memcpy(data + i * size, piece, size);
    return slice_of(data, count * size);
}

// The slowest build runs these too: the limit is for a quadratic, not for a slow machine.
static void
hostile_text_ends_soon(void **state)
{
    static const char *const pieces[] = {"中\n", "a\n", "中", "中 ", "（", "（记者\n",
        "本报讯（记者张三）\n", "1年", "城区开展活动\n\n", "记者张三 ", "“",
        "文明 健康\n", "。\n", "张三 摄\n", "abc-\n", "（下转第2版）\n", "——\n\n", "\f",
        "\xff\xc0"};
    (void)state;
    for (size_t i = 0; i < LENGTH(pieces); i++) {
        struct arena arena;
        arena_init(&arena, ARENA_SIZE);
        struct slice text = repeated(pieces[i], 1U << 20, &arena);
        int64_t start_us = clock_monotonic_us();
        struct format_output out = read_page(text, "2026-03-09", &arena);
        int64_t took_us = clock_monotonic_us() - start_us;
        if (took_us > 8 * SECOND_US)
            print_error("%s took %lld us\n", pieces[i], (long long)took_us);
        assert_true(took_us <= 8 * SECOND_US);
        assert_true(out.count <= ARTICLE_ITEMS_MAX);
        arena_fini(&arena);
    }
}

static void
a_page_of_too_many_items_is_refused(void **state)
{
    struct arena arena;
    (void)state;
    arena_init(&arena, ARENA_SIZE);
    const char *item = "本报讯（记者张三）城东的桥修好了。\n\n桥修好了\n\n";
    struct slice text = repeated(item, strlen(item) * 501, &arena);
    struct format_output out = read_page(text, "", &arena);
    assert_int_equal(out.fault.code, WIRE_TOO_MANY_ITEMS);
    out = read_page(slice_until(text, strlen(item) * 500), "", &arena);
    assert_int_equal(out.count, 500);
    arena_fini(&arena);
}

static void
what_cannot_be_cut_is_kept_whole_with_a_warning(void **state)
{
    static const char *const pages[] = {"天\n地\n玄\n黄", "12 34 56\n78 90 12", "A02",
        "春\n风\n又\n绿。\n江\n南\n岸\n明\n月。\n何\n时\n照\n我\n还。"};
    (void)state;
    for (size_t i = 0; i < LENGTH(pages); i++) {
        struct arena arena;
        arena_init(&arena, ARENA_SIZE);
        struct format_output out = read_page(slice_str(pages[i]), "", &arena);
        assert_int_equal(out.count, 1);
        assert_string_equal(out.items[0]->wr.kind, "page");
        assert_true(slice_is(article_body(out.items[0]), pages[i]));
        assert_int_equal(out.items[0]->wr.warnings_count, 1);
        arena_fini(&arena);
    }
}

static void
an_empty_page_is_a_fault(void **state)
{
    static const char *const pages[] = {"", "\n\n", " \f \xe3\x80\x80\n"};
    (void)state;
    for (size_t i = 0; i < LENGTH(pages); i++) {
        struct arena arena;
        arena_init(&arena, ARENA_SIZE);
        struct format_output out = read_page(slice_str(pages[i]), "", &arena);
        assert_int_equal(out.fault.code, WIRE_EMPTY_ARTICLE);
        arena_fini(&arena);
    }
}

static void
memory_that_ends_is_a_fault(void **state)
{
    struct arena whole;
    (void)state;
    arena_init(&whole, ARENA_SIZE);
    struct slice text = read_file(PAGES "above-zh.txt", &whole);
    for (size_t limit = 0; limit < 600000; limit += 1237) {
        struct arena arena;
        struct format_output out = {0};
        struct format_input input = {.raw = text};
        arena_init(&arena, limit);
        newsprint_read(&input, text, &arena, &out);
        assert_true(out.count > 0 ? !arena.failed : out.fault.code == WIRE_NO_MEMORY);
        arena_fini(&arena);
    }
    arena_fini(&whole);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_of_our_own_come_apart_as_they_were_put_together),
        cmocka_unit_test(what_other_papers_do_is_read_too),
        cmocka_unit_test(a_hopeless_page_is_one_item_with_a_warning),
        cmocka_unit_test(the_sample_page_comes_apart_to_the_last_character),
        cmocka_unit_test(a_real_page_comes_apart_to_the_last_character),
        cmocka_unit_test(a_real_page_may_have_its_headlines_above),
        cmocka_unit_test(every_line_is_in_an_item_or_unassigned),
        cmocka_unit_test(line_ends_and_double_spacing_change_nothing),
        cmocka_unit_test(a_page_cut_anywhere_is_read_or_kept_whole),
        cmocka_unit_test(hostile_text_ends_soon),
        cmocka_unit_test(a_page_of_too_many_items_is_refused),
        cmocka_unit_test(what_cannot_be_cut_is_kept_whole_with_a_warning),
        cmocka_unit_test(an_empty_page_is_a_fault),
        cmocka_unit_test(memory_that_ends_is_a_fault),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
