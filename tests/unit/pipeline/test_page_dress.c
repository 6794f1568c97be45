// A page says the same in any dress: with the widths of its marks, digits and letters
// exchanged, its line ends, margins and page numbers changed, or its columns set again at
// another measure. What a page says is the key digests of its items; every dress is put
// on every page here and none may change one.
//
// What stays out, because the dress takes away what the reader goes by: a measure of nine
// ems and less, at which captions are as wide as the text around them; paragraphs of one
// line each, where no line has another to be measured by; and blank lines between
// paragraphs that the page itself doesn't have.
#include <stdio.h>
#include <stdlib.h>

#include "dedupe/dedupe.h"
#include "formats/formats.h"
#include "normalize/normalize.h"
#include "proto/json.h"
#include "unit/check.h"

#define LENGTH(a) (sizeof(a) / sizeof((a)[0]))
#define ARENA_SIZE ((size_t)256 << 20)
#define ITEMS_MAX 32U

struct letters {
    uint32_t *cp;
    size_t size, room;
};

static void
put(struct letters *t, uint32_t c)
{
    if (t->size == t->room) {
        t->room = t->room ? t->room * 2 : 4096;
        t->cp = realloc(t->cp, t->room * sizeof *t->cp);
        assert_non_null(t->cp);
    }
    t->cp[t->size++] = c;
}

static uint32_t
next_letter(struct slice s, size_t *at)
{
    uint8_t lead = s.data[*at];
    size_t size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    uint32_t c = size == 1 ? lead : lead & (0x7fU >> size);
    for (size_t i = 1; i < size; i++)
        c = c << 6 | (s.data[*at + i] & 0x3fU);
    *at += size;
    return c;
}

static void
put_text(struct letters *t, const char *text)
{
    struct slice s = slice_str(text);
    for (size_t at = 0; at < s.size;)
        put(t, next_letter(s, &at));
}

static struct slice
utf8_of(const struct letters *t, struct arena *arena)
{
    uint8_t *out = arena_alloc(arena, t->size * 4 + 1), *p = out;
    assert_non_null(out);
    for (size_t i = 0; i < t->size; i++) {
        uint32_t c = t->cp[i];
        if (c < 0x80) {
            *p++ = (uint8_t)c;
        } else if (c < 0x800) {
            *p++ = (uint8_t)(0xc0 | c >> 6);
            *p++ = (uint8_t)(0x80 | (c & 0x3f));
        } else {
            *p++ = (uint8_t)(0xe0 | c >> 12);
            *p++ = (uint8_t)(0x80 | (c >> 6 & 0x3f));
            *p++ = (uint8_t)(0x80 | (c & 0x3f));
        }
    }
    return slice_of(out, (size_t)(p - out));
}

static bool
is_space(uint32_t c)
{
    return c == ' ' || c == 0x3000 || c == '\n';
}

static bool
is_alphanumeric(uint32_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

// ---- dresses of letters

// exchange puts the second letter of each pair for the first.
static void
exchange(const struct letters *in, const char *pairs, struct letters *out)
{
    for (size_t i = 0; i < in->size; i++) {
        struct slice list = slice_str(pairs);
        uint32_t c = in->cp[i];
        for (size_t at = 0; at < list.size;) {
            uint32_t from = next_letter(list, &at), to = next_letter(list, &at);
            if (from == in->cp[i])
                c = to;
        }
        put(out, c);
    }
}

#define MARKS "，,：:；;！!？?（(）)％%"
#define STOPS "。.“\"”\"‘'’'《<》>"
#define FORMS "。｡「｢」｣"

static void
half_width_marks(const struct letters *in, struct letters *out)
{
    exchange(in, MARKS, out);
}

static void
ascii_for_every_mark(const struct letters *in, struct letters *out)
{
    exchange(in, MARKS STOPS, out);
}

static void
half_width_forms(const struct letters *in, struct letters *out)
{
    exchange(in, FORMS, out);
}

static void
full_width_digits(const struct letters *in, struct letters *out)
{
    for (size_t i = 0; i < in->size; i++)
        put(out, in->cp[i] + (in->cp[i] >= '0' && in->cp[i] <= '9' ? 0xfee0 : 0));
}

static void
full_width_letters(const struct letters *in, struct letters *out)
{
    for (size_t i = 0; i < in->size; i++)
        put(out, in->cp[i] + (is_alphanumeric(in->cp[i]) ? 0xfee0 : 0));
}

static void
full_width_all(const struct letters *in, struct letters *out)
{
    for (size_t i = 0; i < in->size; i++)
        put(out, in->cp[i] + (in->cp[i] > ' ' && in->cp[i] < 0x7f ? 0xfee0 : 0));
}

static void
everything_exchanged(const struct letters *in, struct letters *out)
{
    struct letters half = {0};
    exchange(in, MARKS, &half);
    full_width_letters(&half, out);
    free(half.cp);
}

// ---- dresses of lines

// around_lines puts text before and behind every line that has letters.
static void
around_lines(const struct letters *in, const char *before, const char *behind,
    struct letters *out)
{
    bool fresh = true;
    for (size_t i = 0; i < in->size; i++) {
        if (in->cp[i] == '\n' && !fresh)
            put_text(out, behind);
        else if (in->cp[i] != '\n' && fresh)
            put_text(out, before);
        fresh = in->cp[i] == '\n';
        put(out, in->cp[i]);
    }
}

static void
carriage_returns(const struct letters *in, struct letters *out)
{
    for (size_t i = 0; i < in->size; i++) {
        if (in->cp[i] == '\n')
            put(out, '\r');
        put(out, in->cp[i]);
    }
}

static void
spaces_behind(const struct letters *in, struct letters *out)
{
    around_lines(in, "", "   ", out);
}

static void
hard_spaces_behind(const struct letters *in, struct letters *out)
{
    around_lines(in, "", "\xc2\xa0", out);
}

static void
wide_spaces_behind(const struct letters *in, struct letters *out)
{
    around_lines(in, "", "\xe3\x80\x80\xe3\x80\x80", out);
}

static void
hard_margin(const struct letters *in, struct letters *out)
{
    around_lines(in, "\xc2\xa0\xc2\xa0", "", out);
}

static void
wide_margin(const struct letters *in, struct letters *out)
{
    around_lines(in, "    ", "", out);
}

static void
hard_spaces_inside(const struct letters *in, struct letters *out)
{
    exchange(in, " \xc2\xa0", out);
}

// Put what stands between pages behind the first blank line of the page's second half.
static void
cut_in_the_middle(const struct letters *in, const char *what, struct letters *out)
{
    bool done = false;
    for (size_t i = 0; i < in->size; i++) {
        put(out, in->cp[i]);
        if (done || i < in->size / 2 || in->cp[i] != '\n' || in->cp[i - 1] != '\n')
            continue;
        put_text(out, what);
        done = true;
    }
}

static void
form_feed_inside(const struct letters *in, struct letters *out)
{
    cut_in_the_middle(in, "\f", out);
}

static void
page_number_inside(const struct letters *in, struct letters *out)
{
    cut_in_the_middle(in, "— 3 —\n\n", out);
}

static void
page_number_and_form_feed(const struct letters *in, struct letters *out)
{
    cut_in_the_middle(in, "3\n\n\f", out);
}

static void
page_number_above(const struct letters *in, struct letters *out)
{
    put_text(out, "A03\n\n");
    exchange(in, "", out);
}

static void
page_number_below(const struct letters *in, struct letters *out)
{
    exchange(in, "", out);
    put_text(out, "\n- 12 -\n\f");
}

static void
page_of_pages_below(const struct letters *in, struct letters *out)
{
    exchange(in, "", out);
    put_text(out, "\n第 3 页 共 8 页\n");
}

static const struct dress {
    const char *name;
    void (*put_on)(const struct letters *in, struct letters *out);
} dresses[] = {
    {"half-width marks",          half_width_marks         },
    {"ASCII for every mark",      ascii_for_every_mark     },
    {"half-width forms",          half_width_forms         },
    {"full-width digits",         full_width_digits        },
    {"full-width letters",        full_width_letters       },
    {"all ASCII made full width", full_width_all           },
    {"everything exchanged",      everything_exchanged     },
    {"CR LF",                     carriage_returns         },
    {"spaces behind",             spaces_behind            },
    {"hard spaces behind",        hard_spaces_behind       },
    {"wide spaces behind",        wide_spaces_behind       },
    {"a hard margin",             hard_margin              },
    {"a wide margin",             wide_margin              },
    {"hard spaces inside",        hard_spaces_inside       },
    {"form feed inside",          form_feed_inside         },
    {"page number inside",        page_number_inside       },
    {"page number, form feed",    page_number_and_form_feed},
    {"page number above",         page_number_above        },
    {"page number below",         page_number_below        },
    {"page of pages below",       page_of_pages_below      }
};

// ---- a page and its truth

struct cut {
    uint32_t first, last; // lines of an item, from 1
};

struct sheet {
    const char *name;
    struct arena arena;
    struct letters text;
    const struct value *truth;
    struct digest keys[ITEMS_MAX];
    struct cut cuts[ITEMS_MAX];
    uint32_t count;
};

static struct slice
read_file(const char *path, struct arena *arena)
{
    FILE *file = fopen(path, "rb");
    uint8_t *data = arena_alloc(arena, 1U << 20);
    assert_non_null(data);
    if (!file)
        return slice_of(NULL, 0);
    size_t size = fread(data, 1, 1U << 20, file);
    assert_int_equal(fclose(file), 0);
    return slice_of(data, size);
}

// keys_of reads a page; cuts_out may be NULL.
static uint32_t
keys_of(struct slice text, struct digest keys[ITEMS_MAX], struct cut *cuts_out)
{
    struct arena arena;
    struct format_output out = {0};
    struct format_input input = {.raw = text,
        .format = SLICE("newsprint"),
        .charset = SLICE("utf-8"),
        .issue_date = SLICE("2026-03-05")};
    arena_init(&arena, ARENA_SIZE);
    formats_read(&input, &arena, &out);
    assert_in_range(out.count, 1, ITEMS_MAX);
    for (uint32_t i = 0; i < out.count; i++) {
        struct prepared_item item = {0};
        struct wire_writer packed = {0};
        normalize_article(out.items[i]);
        dedupe_digests(out.items[i], SLICE("desk"), &item, &packed);
        wire_writer_fini(&packed);
        assert_true(item.has_key);
        keys[i] = item.key_digest;
        const struct article_wr *wr = &out.items[i]->wr;
        if (cuts_out)
            cuts_out[i] =
                (struct cut){wr->lines[0].first, wr->lines[wr->lines_count - 1].last};
    }
    arena_fini(&arena);
    return out.count;
}

static const struct value *
truth_of(struct slice json, struct arena *arena)
{
    struct wire_writer packed = {0};
    struct fault fault = FAULT_NONE;
    assert_int_equal(wire_from_json(json, &wire_limits_article, &packed, &fault), 0);
    const struct value *truth =
        value_decode(arena_copy(arena, wire_written(&packed)), arena);
    wire_writer_fini(&packed);
    assert_non_null(truth);
    return truth;
}

// sheet_open: false when the page is not here.
static bool
sheet_open(struct sheet *s, const char *page, const char *truth)
{
    *s = (struct sheet){.name = page};
    arena_init(&s->arena, ARENA_SIZE);
    struct slice text = read_file(page, &s->arena), json = read_file(truth, &s->arena);
    if (!text.size || !json.size) {
        arena_fini(&s->arena);
        return false;
    }
    for (size_t at = 0; at < text.size;)
        put(&s->text, next_letter(text, &at));
    s->truth = truth_of(json, &s->arena);
    s->count = keys_of(text, s->keys, s->cuts);
    assert_int_equal(s->count, value_get(s->truth, "items")->list.count);
    return true;
}

static void
sheet_close(struct sheet *s)
{
    free(s->text.cp);
    arena_fini(&s->arena);
}

static bool
says_the_same(struct sheet *s, const struct letters *dressed)
{
    struct digest keys[ITEMS_MAX];
    struct arena arena;
    arena_init(&arena, ARENA_SIZE);
    uint32_t count = keys_of(utf8_of(dressed, &arena), keys, NULL);
    bool same = count == s->count;
    for (uint32_t i = 0; same && i < count; i++)
        same = digest_equal(&keys[i], &s->keys[i]);
    arena_fini(&arena);
    return same;
}

static uint32_t
put_on_each(struct sheet *s)
{
    uint32_t wrong = 0;
    for (size_t i = 0; i < LENGTH(dresses); i++) {
        struct letters dressed = {0};
        dresses[i].put_on(&s->text, &dressed);
        if (!says_the_same(s, &dressed)) {
            print_error("%s says something else with %s\n", s->name, dresses[i].name);
            wrong++;
        }
        free(dressed.cp);
    }
    return wrong;
}

// ---- the same page set again

// The paragraphs of the truth, letter by letter without space, to find the lines of text.
struct paragraphs {
    struct letters all; // a line end behind each
    size_t at;
};

static struct paragraphs
paragraphs_of(const struct value *truth)
{
    struct paragraphs p = {0};
    const struct value *items = value_get(truth, "items");
    for (uint32_t i = 0; i < items->list.count; i++) {
        const struct value *list = value_get(&items->list.items[i], "paragraphs");
        for (uint32_t k = 0; k < list->list.count; k++) {
            struct slice text = value_text(&list->list.items[k]);
            for (size_t at = 0; at < text.size;) {
                uint32_t c = next_letter(text, &at);
                if (!is_space(c))
                    put(&p.all, c);
            }
            put(&p.all, '\n');
        }
    }
    return p;
}

// takes_line: is what stands from at to end the next of the text? starts_out: it begins a
// paragraph.
static bool
takes_line(struct paragraphs *p, const struct letters *t, size_t at, size_t end,
    bool *starts_out)
{
    size_t next = p->at;
    for (size_t i = at; i < end; i++) {
        if (is_space(t->cp[i]))
            continue;
        if (next >= p->all.size || p->all.cp[next] != t->cp[i])
            return false;
        next++;
    }
    if (next == p->at)
        return false;
    *starts_out = p->at == 0 || p->all.cp[p->at - 1] == '\n';
    p->at = next + (next < p->all.size && p->all.cp[next] == '\n');
    return true;
}

static uint32_t
width_of(uint32_t c)
{
    return is_space(c) ? 0 : c < 0x2000 && c != 0xb7 ? 1 : 2;
}

// How a page is set again.
struct setting {
    uint32_t ems;
    bool
        by_paragraphs; // first lines short by two ems; else each run between blank lines
                       // by itself, as a text editor does it
};

struct setter {
    struct letters *out;
    const struct setting *how;
    uint32_t width, room; // of the line in hand, in half ems
    bool running;
};

static void
end_run(struct setter *w)
{
    if (w->running)
        put(w->out, '\n');
    w->running = false;
}

static void
set_line(struct setter *w, const struct letters *t, size_t at, size_t end, bool starts)
{
    if (starts && w->how->by_paragraphs)
        end_run(w);
    if (!w->running) {
        w->width = 0;
        w->room = w->how->ems * 2 - (starts && w->how->by_paragraphs ? 4 : 0);
    }
    while (w->running && at < end && is_space(t->cp[at]))
        at++; // an indent of the old setting
    for (size_t i = at; i < end; i++) {
        uint32_t c = t->cp[i];
        if (w->width + width_of(c) > w->room) {
            put(w->out, '\n');
            w->width = 0;
            w->room = w->how->ems * 2;
        }
        w->width += width_of(c);
        put(w->out, c);
    }
    w->running = true;
}

static void
set_again(const struct sheet *s, const struct setting *how, struct letters *out)
{
    struct paragraphs p = paragraphs_of(s->truth);
    struct setter w = {.out = out, .how = how};
    const struct letters *t = &s->text;
    for (size_t at = 0, end; at < t->size; at = end + 1) {
        bool starts = false;
        for (end = at; end < t->size && t->cp[end] != '\n'; end++)
            ;
        if (takes_line(&p, t, at, end, &starts)) {
            set_line(&w, t, at, end, starts);
            continue;
        }
        end_run(&w);
        for (size_t i = at; i < end; i++)
            put(out, t->cp[i]);
        put(out, '\n');
    }
    end_run(&w);
    assert_int_equal(p.at, p.all.size); // all of the text has been found
    free(p.all.cp);
}

static uint32_t
set_at_each(struct sheet *s, bool by_paragraphs, const uint32_t *ems, size_t count)
{
    uint32_t wrong = 0;
    for (size_t i = 0; i < count; i++) {
        struct setting how = {ems[i], by_paragraphs};
        struct letters set = {0}, dressed[3] = {0};
        set_again(s, &how, &set);
        half_width_marks(&set, &dressed[0]);
        full_width_digits(&set, &dressed[1]);
        everything_exchanged(&set, &dressed[2]);
        bool same = says_the_same(s, &set);
        for (size_t k = 0; k < 3; k++) {
            same = same && says_the_same(s, &dressed[k]);
            free(dressed[k].cp);
        }
        if (!same)
            print_error("%s says something else at %u ems\n", s->name, ems[i]);
        wrong += !same;
        free(set.cp);
    }
    return wrong;
}

// ---- the same items in another order

static void
put_lines(struct letters *out, const struct letters *t, struct cut cut)
{
    uint32_t number = 1;
    for (size_t i = 0; i < t->size; i++) {
        if (number >= cut.first && number <= cut.last)
            put(out, t->cp[i]);
        number += t->cp[i] == '\n';
    }
    put(out, '\n');
}

static bool
has_key(const struct sheet *s, const struct digest *key)
{
    for (uint32_t i = 0; i < s->count; i++)
        if (digest_equal(&s->keys[i], key))
            return true;
    return false;
}

static uint32_t
next_random(uint32_t *seed)
{
    *seed = *seed * 1664525U + 1013904223U;
    return *seed >> 8;
}

static bool
holds_in_order(struct sheet *s, const uint32_t *order)
{
    struct letters page = {0};
    struct digest keys[ITEMS_MAX];
    struct arena arena;
    arena_init(&arena, ARENA_SIZE);
    for (uint32_t i = 0; i < s->count; i++)
        put_lines(&page, &s->text, s->cuts[order[i]]);
    uint32_t count = keys_of(utf8_of(&page, &arena), keys, NULL);
    bool same = count == s->count;
    for (uint32_t i = 0; same && i < count; i++)
        same = has_key(s, &keys[i]);
    free(page.cp);
    arena_fini(&arena);
    return same;
}

static uint32_t
shuffle_items(struct sheet *s, uint32_t times)
{
    uint32_t order[ITEMS_MAX], seed = 1, wrong = 0;
    for (uint32_t i = 0; i < s->count; i++)
        order[i] = i;
    for (uint32_t n = 0; n < times; n++) {
        for (uint32_t i = s->count; i > 1; i--) {
            uint32_t k = next_random(&seed) % i, was = order[i - 1];
            order[i - 1] = order[k];
            order[k] = was;
        }
        if (holds_in_order(s, order))
            continue;
        print_error("%s has other items in the order", s->name);
        for (uint32_t i = 0; i < s->count; i++)
            print_error(" %u", order[i] + 1);
        print_error("\n");
        wrong++;
    }
    return wrong;
}

// ---- the tests

static const char *const names[] = {"above-zh", "below-zh", "boxes-zh", "captions-zh",
    "county-zh", "evening-zh", "feature-zh", "front-zh", "names-zh", "neighbours-zh",
    "noblank-zh"};

static bool
open_page(struct sheet *s, size_t i)
{
    char page[512], truth[512];
    (void)snprintf(page, sizeof page, CORPUS "/newsprint/%s.txt", names[i]);
    (void)snprintf(truth, sizeof truth, CORPUS "/newsprint/%s.want.json", names[i]);
    bool open = sheet_open(s, page, truth);
    s->name = names[i];
    return open;
}

static bool
open_sample(struct sheet *s)
{
    return sheet_open(s, CORPUS "/../../docs/samples/page-zh.txt",
        CORPUS "/newsprint/page-zh.want.json");
}

static bool
open_real(struct sheet *s)
{
    return sheet_open(s, SHARED "/fixtures/newsprint/jiaozuo-page.txt",
        SHARED "/fixtures/newsprint/jiaozuo-page.expected.json");
}

static void
every_page_of_ours_says_the_same_in_any_dress(void **state)
{
    (void)state;
    uint32_t wrong = 0;
    for (size_t i = 0; i < LENGTH(names); i++) {
        struct sheet s;
        assert_true(open_page(&s, i));
        wrong += put_on_each(&s);
        sheet_close(&s);
    }
    assert_int_equal(wrong, 0);
}

static void
the_sample_page_says_the_same_in_any_dress(void **state)
{
    (void)state;
    struct sheet s;
    assert_true(open_sample(&s));
    assert_int_equal(s.count, 9);
    uint32_t wrong = put_on_each(&s);
    sheet_close(&s);
    assert_int_equal(wrong, 0);
}

static void
a_real_page_says_the_same_in_any_dress(void **state)
{
    (void)state;
    struct sheet s;
    if (!open_real(&s)) {
        print_message("the real page is not here: skipped\n");
        skip();
    }
    assert_int_equal(s.count, 9);
    uint32_t wrong = put_on_each(&s);
    sheet_close(&s);
    assert_int_equal(wrong, 0);
}

// Pages with short paragraphs go to WIDE: beyond it a paragraph is a line.
static const uint32_t measures[] = {
    10, 11, 12, 13, 14, 15, 16, 18, 20, 22, 24, 28, 30, 36, 40, 60};
#define WIDE 14U // so many of them

static void
the_sample_page_says_the_same_at_any_measure(void **state)
{
    (void)state;
    struct sheet s;
    assert_true(open_sample(&s));
    uint32_t wrong = set_at_each(&s, false, measures, LENGTH(measures));
    wrong += set_at_each(&s, true, measures, LENGTH(measures));
    sheet_close(&s);
    assert_int_equal(wrong, 0);
}

static void
a_real_page_says_the_same_at_any_measure(void **state)
{
    (void)state;
    struct sheet s;
    if (!open_real(&s)) {
        print_message("the real page is not here: skipped\n");
        skip();
    }
    uint32_t wrong = set_at_each(&s, false, measures, LENGTH(measures));
    sheet_close(&s);
    assert_int_equal(wrong, 0);
}

static void
every_page_of_ours_says_the_same_at_any_measure(void **state)
{
    (void)state;
    uint32_t wrong = 0;
    for (size_t i = 0; i < LENGTH(names); i++) {
        struct sheet s;
        assert_true(open_page(&s, i));
        wrong += set_at_each(&s, false, measures, WIDE);
        wrong += set_at_each(&s, true, measures, WIDE);
        sheet_close(&s);
    }
    assert_int_equal(wrong, 0);
}

static void
items_in_any_order_say_the_same(void **state)
{
    (void)state;
    uint32_t wrong = 0;
    struct sheet s;
    assert_true(open_sample(&s));
    wrong += shuffle_items(&s, 24);
    sheet_close(&s);
    for (size_t i = 0; i < LENGTH(names); i++) {
        assert_true(open_page(&s, i));
        wrong += shuffle_items(&s, 24);
        sheet_close(&s);
    }
    assert_int_equal(wrong, 0);
}

static void
a_real_page_has_its_items_in_any_order(void **state)
{
    (void)state;
    struct sheet s;
    if (!open_real(&s)) {
        print_message("the real page is not here: skipped\n");
        skip();
    }
    uint32_t wrong = shuffle_items(&s, 24);
    sheet_close(&s);
    assert_int_equal(wrong, 0);
}

static int
load(void **state)
{
    (void)state;
    return hash_init() && formats_load() && normalize_load() ? 0 : -1;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_page_of_ours_says_the_same_in_any_dress),
        cmocka_unit_test(the_sample_page_says_the_same_in_any_dress),
        cmocka_unit_test(a_real_page_says_the_same_in_any_dress),
        cmocka_unit_test(every_page_of_ours_says_the_same_at_any_measure),
        cmocka_unit_test(the_sample_page_says_the_same_at_any_measure),
        cmocka_unit_test(a_real_page_says_the_same_at_any_measure),
        cmocka_unit_test(items_in_any_order_say_the_same),
        cmocka_unit_test(a_real_page_has_its_items_in_any_order),
    };
    return cmocka_run_group_tests(tests, load, NULL);
}
