// A page of the web, or a piece of one: one article. Its facts are read first, then its text,
// from the one article or main part of the page if there is one, else from the whole body.
// What HTML and WAI-ARIA say is not the content - navigation, asides, banners, forms, what
// is hidden - is left out; nothing is guessed from class names or by counting words.
#include <assert.h>
#include <stdio.h>

#include "formats/ascii.h"
#include "formats/dates.h"
#include "formats/html_facts.h"
#include "formats/html_write.h"
#include "formats/readers.h"

enum mark { MARK_NONE, MARK_ROOT, MARK_SECTION, MARK_FRAME };

struct page {
    unsigned magic;
#define PAGE_MAGIC 0x70616765
    struct html_write write;
    const struct html_facts *facts;
    struct slice headline;
    uint32_t inside;   // the root is open; 1 from the start where it is the body
    uint32_t sections; // open ones: a header in them is theirs
};

static struct page *
page_of(void *data)
{
    struct page *p = data;
    assert(p->magic == PAGE_MAGIC);
    return p;
}

static struct slice
one_line(struct slice text, struct arena *arena)
{
    uint8_t *out = arena_alloc(arena, text.size + 1);
    size_t size = 0;
    for (size_t i = 0; out && i < text.size; i++) {
        bool space = text.data[i] <= ' ';
        if (!space || (size && out[size - 1] != ' '))
            out[size++] = space ? ' ' : text.data[i];
    }
    return slice_of(out, size);
}

// The heading that became the headline.
static bool
is_headline(const struct page *p, const struct html_token *tag)
{
    for (uint32_t i = 0; i < p->facts->headings_count; i++)
        if (p->facts->headings[i].at == tag->at)
            return slice_equal(
                one_line(p->facts->headings[i].text, p->write.arena), p->headline);
    return false;
}

// Whether tag is one of places, and round the page's own heading or not.
static bool
is_place(const struct html_token *tag, const struct html_place *places, uint32_t count,
    bool frame)
{
    for (uint32_t i = 0; i < count; i++)
        if (places[i].at == tag->at)
            return places[i].frame == frame;
    return false;
}

// An article in the article is about it and no part of it: what readers say of it (HTML
// Living Standard 4.3.2).
static bool
is_comment(const struct page *p, const struct html_token *tag)
{
    const struct html_facts *f = p->facts;
    return p->inside && f->root != SIZE_MAX &&
           is_place(tag, f->inner, f->inner_count, false);
}

// HTML-AAM: a header or footer of the body is the site's banner, or about the site.
static bool
is_of_site(const struct page *p, const struct html_token *tag)
{
    static const char *const names[] = {"header", "footer", NULL};
    return p->facts->whole && p->sections == 0 && ascii_one_of(tag->name, names);
}

static int
on_start(void *data, const struct html_token *tag)
{
    static const char *const sections[] = {"article", "main", "section", NULL};
    struct page *p = page_of(data);
    bool section = ascii_one_of(tag->name, sections);
    if (html_hidden(tag, p->write.arena) || is_of_site(p, tag) || is_comment(p, tag))
        return HTML_DROP;
    if (slice_is(tag->name, "form") &&
        is_place(tag, p->facts->forms, p->facts->forms_count, true))
        return MARK_FRAME;
    if (tag->at == p->facts->root) {
        p->inside++;
        p->sections++;
        return MARK_ROOT;
    }
    if (p->inside && slice_is(tag->name, "h1") && is_headline(p, tag))
        return HTML_DROP;
    p->sections += section;
    if (p->inside)
        html_write_start(&p->write, tag);
    return section ? MARK_SECTION : MARK_NONE;
}

static void
on_end(void *data, struct slice name, int mark)
{
    struct page *p = page_of(data);
    p->inside -= mark == MARK_ROOT;
    p->sections -= mark == MARK_ROOT || mark == MARK_SECTION;
    if (p->inside && mark != MARK_FRAME)
        html_write_end(&p->write, name);
}

static void
on_text(void *data, struct slice text)
{
    struct page *p = page_of(data);
    if (p->inside)
        html_write_text(&p->write, text);
}

static void
on_raw(void *data, const struct html_token *tag, struct slice content)
{
    struct page *p = page_of(data);
    if (!p->inside)
        return;
    html_write_start(&p->write, tag);
    html_write_text(&p->write, content);
    html_write_end(&p->write, tag->name);
}

// --- facts

static bool
holds(struct slice text, struct slice part)
{
    return part.size && part.size <= text.size &&
           memmem(text.data, text.size, part.data, part.size) != NULL;
}

// The only heading of the article, and of the whole page if it has no article.
static struct slice
heading_of(const struct html_facts *f)
{
    struct slice found = slice_of(NULL, 0);
    uint32_t count = 0;
    for (uint32_t i = 0; i < f->headings_count; i++) {
        const struct html_place *h = &f->headings[i];
        if (f->root != SIZE_MAX && !f->body_only && !h->in_article && !h->in_main)
            continue;
        found = h->text;
        count++;
    }
    return count == 1 ? found : slice_of(NULL, 0);
}

// A title often has the site's name behind the headline: the heading of the article that
// stands in it is the headline alone.
static struct slice
headline_of(const struct html_facts *f, struct arena *arena)
{
    struct slice heading = one_line(heading_of(f), arena);
    struct slice title = one_line(f->text[FACT_TITLE], arena);
    if (f->text[FACT_HEADLINE].size)
        return f->text[FACT_HEADLINE];
    bool of_article = (f->root != SIZE_MAX && holds(title, heading)) ||
                      (f->whole && heading.size && slice_starts(title, heading));
    return of_article || title.size == 0 ? heading : title;
}

static void
set_by(struct article *a, const struct html_facts *f)
{
    bool named = f->rank[FACT_BY] && f->rank[FACT_BY] < FACT_BY_LINK;
    struct slice by = named || !f->authors_count ? f->text[FACT_BY] : slice_of(NULL, 0);
    for (uint32_t i = 0; i < f->authors_count; i++) {
        article_add_person(a, "author", f->authors[i]);
        if (!named)
            by = i == 0 ? f->authors[i]
                        : arena_printf(a->arena, "%.*s, %.*s", SLICE_ARG(by),
                              SLICE_ARG(f->authors[i]));
    }
    article_set_text(a, ARTICLE_BY, by);
}

static void
add_named(
    struct article *a, enum article_field field, struct slice name, const char *rel)
{
    struct value *entry = name.size ? article_add(a, field, 2) : NULL;
    if (!entry)
        return;
    value_set(entry, rel ? "literal" : "name", value_of_text(name), a->arena);
    if (rel)
        value_set(entry, "rel", value_of_text(slice_str(rel)), a->arena);
}

static void
set_subjects(struct article *a, const struct html_facts *f)
{
    struct slice rest = f->text[FACT_KEYWORDS];
    add_named(a, ARTICLE_SUBJECTS, f->text[FACT_SECTION], "section");
    for (uint32_t i = 0; i < f->tags_count; i++)
        add_named(a, ARTICLE_SUBJECTS, f->tags[i], "keyword");
    bool listed = f->tags_count || rest.size;
    for (uint32_t i = 0; i < f->words_count && !listed; i++)
        add_named(a, ARTICLE_SUBJECTS, f->words[i], "keyword");
    for (uint32_t count = 0; rest.size && f->tags_count == 0; count++) {
        const uint8_t *comma = memchr(rest.data, ',', rest.size);
        size_t size = comma ? (size_t)(comma - rest.data) : rest.size;
        struct slice word = slice_until(rest, size);
        while (word.size && word.data[0] <= ' ')
            word = slice_from(word, 1);
        if (count == FACT_WORDS_MAX) {
            article_warn(a, "not-carried", SLICE("keywords"));
            return;
        }
        add_named(a, ARTICLE_SUBJECTS, word, "keyword");
        rest = slice_from(rest, size + 1);
    }
}

static void
set_description(struct article *a, struct slice text)
{
    struct value *entry = text.size ? article_add(a, ARTICLE_DESCRIPTIONS, 2) : NULL;
    if (!entry)
        return;
    value_set(entry, "role", value_of_text(SLICE("abstract")), a->arena);
    value_set(entry, "value", value_of_text(text), a->arena);
}

static void
set_address(struct article *a, const struct html_facts *f, struct slice base)
{
    struct slice url = html_join(base, f->text[FACT_URL], a->arena);
    url = blocks_href(url, a->arena);
    if (url.size > article_rows[ARTICLE_URI].limit)
        article_warn(a, "not-carried", SLICE("canonical"));
    else
        article_set_text(a, ARTICLE_URI, url);
}

// A tag of locales has '_' where one of languages has '-'.
static struct slice
language_of(struct slice language, struct arena *arena)
{
    uint8_t *copy = arena_alloc(arena, language.size + 1);
    size_t size = 0;
    for (; copy && size < language.size && language.data[size] > ' ' &&
           language.data[size] != ',';
         size++)
        copy[size] = language.data[size] == '_' ? '-' : language.data[size];
    return slice_of(copy, copy ? size : 0);
}

static void
set_facts(
    struct article *a, const struct html_facts *f, const struct format_input *input)
{
    set_by(a, f);
    set_subjects(a, f);
    set_description(a, f->text[FACT_DESCRIPTION]);
    add_named(a, ARTICLE_INFO_SOURCES, f->text[FACT_SITE], NULL);
    article_set_text(a, ARTICLE_COPYRIGHT_NOTICE, f->text[FACT_COPYRIGHT]);
    article_set_text(
        a, ARTICLE_LANGUAGE, language_of(f->text[FACT_LANGUAGE], a->arena));
    if (f->text[FACT_PUBLISHED].size)
        (void)date_set(a, ARTICLE_FIRST_CREATED, f->text[FACT_PUBLISHED], input->zone);
    if (f->text[FACT_MODIFIED].size)
        (void)date_set(a, ARTICLE_VERSION_CREATED, f->text[FACT_MODIFIED], input->zone);
    if (f->not_json)
        article_warn(a, "not-json", SLICE("ld+json"));
}

static void
set_text(struct article *a, const struct html_facts *f, struct html_done *done,
    struct slice image)
{
    struct html_picture *grown = NULL;
    blocks_set(a, &done->blocks);
    if (image.size) // the page's own picture stands before those of its text
        grown = arena_array(a->arena, done->pictures_count + 1, sizeof *grown);
    if (grown) {
        grown[0].src = image;
        for (uint32_t i = 0; i < done->pictures_count; i++)
            grown[i + 1] = done->pictures[i];
        done->pictures = grown;
        done->pictures_count++;
    }
    html_set_pictures(a, done);
    if (done->twice)
        article_warn(a, "escaped-twice", SLICE("bodies"));
    if (f->text[FACT_HEADLINE].size + f->text[FACT_TITLE].size + f->headings_count ==
            0 &&
        done->blocks.plain.size == 0)
        (void)fault_set(
            &a->fault, WIRE_EMPTY_ARTICLE, 0, "", "the page has no title and no text");
}

void
html_page_read(const struct format_input *input, struct slice text, struct arena *arena,
    struct format_output *out)
{
    struct article *a = items_begin(out, 1, arena) ? items_add(out, arena) : NULL;
    struct html_facts *f = ARENA_NEW(arena, struct html_facts);
    struct page p = {.magic = PAGE_MAGIC, .facts = f};
    struct html_events events = {&p, on_start, on_end, on_text, on_raw};
    if (!a || !f)
        return;
    html_facts_read(text, arena, f);
    struct slice base = html_join(f->text[FACT_URL], f->text[FACT_BASE], arena);
    base = base.size ? base : f->text[FACT_URL];
    p.headline = headline_of(f, arena);
    p.inside = f->root == SIZE_MAX;
    if (!html_write_begin(&p.write, arena, base))
        return;
    p.write.apart = true;
    bool twice = html_walk(text, arena, &events);
    struct html_done done = html_write_done(&p.write);
    done.twice = twice;
    if (p.headline.size)
        article_add_headline(a, "main", p.headline);
    set_address(a, f, base);
    set_facts(a, f, input);
    set_text(
        a, f, &done, blocks_href(html_join(base, f->text[FACT_IMAGE], arena), arena));
}
