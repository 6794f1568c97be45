#include "formats/html_facts.h"

#include <assert.h>

#include "formats/html_write.h"

#define KEY_MAX 48U

// Names of meta, in lower case and with ':' for '.', and what counts more: RDFa and Dublin
// Core are of the article's own makers, Open Graph and Twitter are made for cards.
static const struct {
    const char *name;
    enum html_fact fact;
    uint8_t rank;
} metas[] = {
    {"dc:title",                  FACT_HEADLINE,    2},
    {"dcterms:title",             FACT_HEADLINE,    2},
    {"og:title",                  FACT_HEADLINE,    3},
    {"twitter:title",             FACT_HEADLINE,    4},
    {"title",                     FACT_HEADLINE,    5},
    {"dc:creator",                FACT_BY,          2},
    {"dcterms:creator",           FACT_BY,          2},
    {"author",                    FACT_BY,          3},
    {"article:author",            FACT_BY,          4},
    {"dc:description",            FACT_DESCRIPTION, 2},
    {"dcterms:description",       FACT_DESCRIPTION, 2},
    {"dcterms:abstract",          FACT_DESCRIPTION, 2},
    {"og:description",            FACT_DESCRIPTION, 3},
    {"description",               FACT_DESCRIPTION, 4},
    {"twitter:description",       FACT_DESCRIPTION, 5},
    {"article:published_time",    FACT_PUBLISHED,   2},
    {"og:article:published_time", FACT_PUBLISHED,   2},
    {"datepublished",             FACT_PUBLISHED,   3},
    {"dcterms:issued",            FACT_PUBLISHED,   4},
    {"dc:date:issued",            FACT_PUBLISHED,   4},
    {"dcterms:created",           FACT_PUBLISHED,   5},
    {"dc:date",                   FACT_PUBLISHED,   5},
    {"dcterms:date",              FACT_PUBLISHED,   5},
    {"date",                      FACT_PUBLISHED,   6},
    {"pubdate",                   FACT_PUBLISHED,   6},
    {"publishdate",               FACT_PUBLISHED,   6},
    {"publish_date",              FACT_PUBLISHED,   6},
    {"parsely-pub-date",          FACT_PUBLISHED,   6},
    {"sailthru:date",             FACT_PUBLISHED,   6},
    {"article:modified_time",     FACT_MODIFIED,    2},
    {"datemodified",              FACT_MODIFIED,    3},
    {"og:updated_time",           FACT_MODIFIED,    4},
    {"dcterms:modified",          FACT_MODIFIED,    5},
    {"last-modified",             FACT_MODIFIED,    6},
    {"content-language",          FACT_LANGUAGE,    2},
    {"dc:language",               FACT_LANGUAGE,    3},
    {"dcterms:language",          FACT_LANGUAGE,    3},
    {"inlanguage",                FACT_LANGUAGE,    4},
    {"og:url",                    FACT_URL,         2},
    {"og:site_name",              FACT_SITE,        1},
    {"og:image",                  FACT_IMAGE,       1},
    {"og:image:url",              FACT_IMAGE,       1},
    {"twitter:image",             FACT_IMAGE,       2},
    {"dcterms:rights",            FACT_COPYRIGHT,   1},
    {"dc:rights",                 FACT_COPYRIGHT,   1},
    {"copyright",                 FACT_COPYRIGHT,   2},
    {"news_keywords",             FACT_KEYWORDS,    1},
    {"keywords",                  FACT_KEYWORDS,    2},
    {"article:section",           FACT_SECTION,     1},
};

enum mark { MARK_NONE, MARK_ARTICLE, MARK_MAIN, MARK_HEADING, MARK_BY, MARK_FORM };

struct reading {
    unsigned magic;
#define READING_MAGIC 0x66616374
    struct html_facts *f;
    struct arena *arena;
    struct blocks *capture; // of what is marked HEADING or BY; NULL: nothing
    enum mark captured;
    uint32_t articles, mains, depth, main_depth; // seen, and open ones
    size_t article, main, headed;                // the last seen; with a heading
    uint32_t headed_count;
    struct html_place heading;
    uint32_t form_depth;
    unsigned by_rank; // of the one that is captured
    bool is_named;    // the captured heading says that it is the headline
    uint32_t bodies;  // elements that say they are the text of the article
    size_t body;
};

static struct reading *
reading_of(void *data)
{
    struct reading *r = data;
    assert(r->magic == READING_MAGIC);
    return r;
}

static void
see_heading(struct reading *r)
{
    bool first = r->depth && (r->headed_count == 0 || r->headed != r->article);
    r->headed = first ? r->article : r->headed;
    r->headed_count += first;
    if (r->depth > 1 && r->f->inner_count)
        r->f->inner[r->f->inner_count - 1].frame = true;
}

static struct slice
trimmed(struct slice text)
{
    while (text.size && text.data[0] <= ' ')
        text = slice_from(text, 1);
    while (text.size && text.data[text.size - 1] <= ' ')
        text.size--;
    return text;
}

void
html_fact_set(
    struct html_facts *f, enum html_fact fact, unsigned rank, struct slice text)
{
    text = trimmed(text);
    bool better = f->rank[fact] == 0 || rank < f->rank[fact];
    if (text.size == 0 || !better)
        return;
    f->rank[fact] = (uint8_t)rank;
    f->text[fact] = text;
}

static void
add_tag(struct html_facts *f, struct slice text)
{
    text = trimmed(text);
    if (text.size && f->tags_count < FACT_WORDS_MAX)
        f->tags[f->tags_count++] = text;
}

// An author may be given by the address of a profile, which is no name.
static bool
is_address(struct slice text)
{
    return slice_starts(text, SLICE("http://")) ||
           slice_starts(text, SLICE("https://"));
}

static void
read_meta_named(
    struct html_facts *f, struct slice name, bool property, struct slice content)
{
    char key[KEY_MAX];
    if (name.size >= KEY_MAX)
        return;
    for (size_t i = 0; i < name.size; i++) {
        uint8_t c = name.data[i];
        key[i] = (char)(c == '.' ? ':' : c >= 'A' && c <= 'Z' ? c | 0x20 : c);
    }
    key[name.size] = 0;
    if (strcmp(key, "article:tag") == 0)
        add_tag(f, content);
    for (size_t i = 0; i < sizeof metas / sizeof *metas; i++) {
        bool address = metas[i].fact == FACT_BY && is_address(trimmed(content));
        if (strcmp(key, metas[i].name) == 0 && !address)
            html_fact_set(f, metas[i].fact, metas[i].rank * 2U - property, content);
    }
}

// One meta may carry several names, parted by spaces.
static void
read_meta(struct reading *r, const struct html_token *tag)
{
    static const char *const attrs[] = {"property", "name", "itemprop", "http-equiv"};
    struct slice content, names;
    if (!html_attr(tag, "content", r->arena, &content) || trimmed(content).size == 0)
        return;
    for (size_t i = 0; i < sizeof attrs / sizeof *attrs; i++) {
        if (!html_attr(tag, attrs[i], r->arena, &names))
            continue;
        while ((names = trimmed(names)).size) {
            size_t size = 0;
            while (size < names.size && names.data[size] > ' ')
                size++;
            read_meta_named(r->f, slice_until(names, size), i == 0, content);
            names = slice_from(names, size);
        }
    }
}

static bool
has_word(
    struct reading *r, const struct html_token *tag, const char *attr, const char *word)
{
    struct slice list;
    if (!html_attr(tag, attr, r->arena, &list))
        return false;
    size_t size = strlen(word);
    for (size_t at = 0; at + size <= list.size; at++)
        if ((at == 0 || list.data[at - 1] <= ' ') &&
            strncasecmp((const char *)list.data + at, word, size) == 0 &&
            (at + size == list.size || list.data[at + size] <= ' '))
            return true;
    return false;
}

static void
read_link(struct reading *r, const struct html_token *tag)
{
    struct slice href;
    if (html_attr(tag, "href", r->arena, &href) && has_word(r, tag, "rel", "canonical"))
        html_fact_set(r->f, FACT_URL, 1, href);
}

static void
read_page(struct reading *r, const struct html_token *tag)
{
    struct slice language;
    r->f->whole = true;
    if (html_attr(tag, "lang", r->arena, &language) ||
        html_attr(tag, "xml:lang", r->arena, &language))
        html_fact_set(r->f, FACT_LANGUAGE, 1, language);
}

// A time is of the article if it says so, or else if it stands in it before anything that
// does not.
static void
read_time(struct reading *r, const struct html_token *tag)
{
    struct slice time;
    if (!html_attr(tag, "datetime", r->arena, &time) &&
        !html_attr(tag, "content", r->arena, &time))
        return;
    if (has_word(r, tag, "itemprop", "datepublished"))
        html_fact_set(r->f, FACT_PUBLISHED, 6, time);
    else if (has_word(r, tag, "itemprop", "datemodified"))
        html_fact_set(r->f, FACT_MODIFIED, 6, time);
    else if (html_attr(tag, "pubdate", r->arena, &(struct slice){0}))
        html_fact_set(r->f, FACT_PUBLISHED, 14, time);
    else if (r->depth)
        html_fact_set(r->f, FACT_PUBLISHED, 15, time);
}

static bool
is_by(struct reading *r, const struct html_token *tag)
{
    return tag->text.size && (has_word(r, tag, "rel", "author") ||
                                 has_word(r, tag, "itemprop", "author"));
}

static int
begin_capture(struct reading *r, enum mark mark, const struct html_token *tag)
{
    unsigned rank = has_word(r, tag, "itemprop", "author") ? 5 : FACT_BY_LINK;
    unsigned have = r->f->rank[FACT_BY];
    bool full = mark == MARK_BY ? have && have <= rank
                                : r->f->headings_count == FACT_PLACES_MAX;
    if (r->capture || full || !(r->capture = blocks_begin(r->arena)))
        return MARK_NONE;
    r->captured = mark;
    r->by_rank = rank;
    r->is_named = has_word(r, tag, "itemprop", "headline");
    r->heading = (struct html_place){
        .at = tag->at, .in_article = r->depth, .in_main = r->main_depth};
    return (int)mark;
}

static void
end_capture(struct reading *r)
{
    struct html_facts *f = r->f;
    struct blocks_done done = blocks_end(r->capture);
    r->capture = NULL;
    if (r->captured == MARK_BY)
        html_fact_set(f, FACT_BY, r->by_rank, done.plain);
    r->heading.text = done.plain;
    if (r->captured == MARK_HEADING && r->is_named)
        html_fact_set(f, FACT_HEADLINE, 2, done.plain);
    if (r->captured == MARK_HEADING && f->headings_count < FACT_PLACES_MAX)
        f->headings[f->headings_count++] = r->heading;
}

static int
begin_form(struct reading *r, const struct html_token *tag)
{
    if (r->form_depth || r->f->forms_count == FACT_PLACES_MAX)
        return MARK_NONE;
    r->f->forms[r->f->forms_count++] = (struct html_place){.at = tag->at};
    r->form_depth = 1;
    return MARK_FORM;
}

// A form round the page's own article is no form to fill in: whole sites are made that way.
static void
see_frame(struct reading *r)
{
    if (r->form_depth)
        r->f->forms[r->f->forms_count - 1].frame = true;
}

static int
begin_root(struct reading *r, const struct html_token *tag, bool article)
{
    struct html_facts *f = r->f;
    see_frame(r);
    if (article && r->depth && f->inner_count < FACT_PLACES_MAX)
        f->inner[f->inner_count++] = (struct html_place){.at = tag->at};
    if (article && r->depth++ == 0) {
        r->articles++;
        r->article = tag->at;
    }
    if (!article && r->main_depth++ == 0) {
        r->mains++;
        r->main = tag->at;
    }
    return article ? MARK_ARTICLE : MARK_MAIN;
}

static void
read_empty(struct reading *r, const struct html_token *tag)
{
    struct slice href;
    if (slice_is(tag->name, "meta"))
        read_meta(r, tag);
    else if (slice_is(tag->name, "link"))
        read_link(r, tag);
    else if (slice_is(tag->name, "html") || slice_is(tag->name, "body"))
        read_page(r, tag);
    else if (slice_is(tag->name, "time"))
        read_time(r, tag);
    else if (slice_is(tag->name, "base") && html_attr(tag, "href", r->arena, &href))
        html_fact_set(r->f, FACT_BASE, 1, href);
}

static int
on_start(void *data, const struct html_token *tag)
{
    struct reading *r = reading_of(data);
    read_empty(r, tag);
    if (html_hidden(tag, r->arena) || slice_is(tag->name, "nav") ||
        slice_is(tag->name, "aside"))
        return HTML_DROP;
    if (r->capture)
        blocks_open(r->capture, tag->name, slice_of(NULL, 0));
    if (slice_is(tag->name, "article"))
        return begin_root(r, tag, true);
    if (slice_is(tag->name, "main") || has_word(r, tag, "role", "main"))
        return begin_root(r, tag, false);
    if (slice_is(tag->name, "form"))
        return begin_form(r, tag);
    if (has_word(r, tag, "itemprop", "articlebody") && r->bodies++ == 0)
        r->body = tag->at;
    if (slice_is(tag->name, "h1")) {
        see_frame(r);
        see_heading(r);
        return begin_capture(r, MARK_HEADING, tag);
    }
    return is_by(r, tag) ? begin_capture(r, MARK_BY, tag) : MARK_NONE;
}

static void
on_end(void *data, struct slice name, int mark)
{
    struct reading *r = reading_of(data);
    if (r->capture)
        blocks_close(r->capture, name);
    if (mark == MARK_HEADING || mark == MARK_BY)
        end_capture(r);
    else if (mark == MARK_ARTICLE)
        r->depth--;
    else if (mark == MARK_MAIN)
        r->main_depth--;
    else if (mark == MARK_FORM)
        r->form_depth = 0;
}

static void
on_text(void *data, struct slice text)
{
    struct reading *r = reading_of(data);
    if (r->capture)
        blocks_text(r->capture, text);
}

static void
on_raw(void *data, const struct html_token *tag, struct slice content)
{
    struct reading *r = reading_of(data);
    struct slice type;
    if (slice_is(tag->name, "title"))
        html_fact_set(r->f, FACT_TITLE, 1, html_resolve(content, false, r->arena));
    else if (slice_is(tag->name, "script") && html_attr(tag, "type", r->arena, &type) &&
             slice_starts(type, SLICE("application/ld+json")))
        html_json_read(r->f, content, r->arena);
}

// One article, or the one of several that has the page's heading; else the main part.
static size_t
root_of(const struct reading *r)
{
    if (r->articles == 1)
        return r->article;
    if (r->headed_count == 1)
        return r->headed;
    if (r->mains)
        return r->main;
    return r->bodies == 1 ? r->body : SIZE_MAX;
}

void
html_facts_read(struct slice html, struct arena *arena, struct html_facts *out)
{
    struct reading r = {.magic = READING_MAGIC, .f = out, .arena = arena};
    struct html_events events = {&r, on_start, on_end, on_text, on_raw};
    *out = (struct html_facts){0};
    (void)html_walk(html, arena, &events);
    out->root = root_of(&r);
    out->body_only = r.bodies == 1 && out->root == r.body;
}
