// JSON-LD, as far as pages of news use it: schema.org's articles. Other things may stand
// beside the article or around it.
#include "formats/html_facts.h"

#define DEPTH_MAX 4 // of lists and @graph around the article

static bool
ends_with(struct slice text, const char *end)
{
    size_t size = strlen(end);
    return text.size >= size && memcmp(text.data + text.size - size, end, size) == 0;
}

// NewsArticle, Article, ReportageNewsArticle, BlogPosting, ...
static bool
is_article(const struct value *thing)
{
    const struct value *type = value_get(thing, "@type");
    if (type && type->type == WIRE_ARRAY && type->list.count)
        type = &type->list.items[0];
    return ends_with(value_text(type), "Article") ||
           ends_with(value_text(type), "Posting");
}

// The thing itself, or the first of a list.
static const struct value *
first(const struct value *v)
{
    bool list = v && v->type == WIRE_ARRAY;
    return !list ? v : v->list.count ? &v->list.items[0] : NULL;
}

// A text, or the name or address of a thing.
static struct slice
text_of(const struct value *v, const char *key)
{
    v = first(v);
    return v && v->type == WIRE_MAP ? value_text(value_get(v, key)) : value_text(v);
}

static void
read_authors(struct html_facts *f, const struct value *author)
{
    bool list = author && author->type == WIRE_ARRAY;
    uint32_t count = list ? author->list.count : author != NULL;
    for (uint32_t i = 0; i < count && f->authors_count < FACT_WORDS_MAX; i++) {
        struct slice name = text_of(list ? &author->list.items[i] : author, "name");
        if (name.size && !slice_starts(name, SLICE("http")))
            f->authors[f->authors_count++] = name;
    }
}

// A list of words, or one text with commas between them.
static void
read_keywords(struct html_facts *f, const struct value *words)
{
    bool list = words && words->type == WIRE_ARRAY;
    html_fact_set(f, FACT_KEYWORDS, 7, value_text(words));
    for (uint32_t i = 0; list && i < words->list.count; i++) {
        struct slice word = text_of(&words->list.items[i], "name");
        if (word.size && f->words_count < FACT_WORDS_MAX)
            f->words[f->words_count++] = word;
    }
}

static void
read_article(struct html_facts *f, const struct value *v)
{
    html_fact_set(f, FACT_HEADLINE, 1, value_text(value_get(v, "headline")));
    html_fact_set(f, FACT_DESCRIPTION, 2, value_text(value_get(v, "description")));
    html_fact_set(f, FACT_PUBLISHED, 1, value_text(value_get(v, "datePublished")));
    html_fact_set(f, FACT_MODIFIED, 1, value_text(value_get(v, "dateModified")));
    html_fact_set(
        f, FACT_LANGUAGE, 7, text_of(value_get(v, "inLanguage"), "alternateName"));
    html_fact_set(f, FACT_SITE, 9, text_of(value_get(v, "publisher"), "name"));
    html_fact_set(f, FACT_IMAGE, 5, text_of(value_get(v, "image"), "url"));
    html_fact_set(f, FACT_SECTION, 3, text_of(value_get(v, "articleSection"), "name"));
    read_keywords(f, value_get(v, "keywords"));
    if (f->authors_count == 0)
        read_authors(f, value_get(v, "author"));
}

static void
look_in(struct html_facts *f, const struct value *v, int depth)
{
    if (!v || depth == 0)
        return;
    if (v->type == WIRE_ARRAY)
        for (uint32_t i = 0; i < v->list.count; i++)
            look_in(f, &v->list.items[i], depth - 1);
    if (v->type != WIRE_MAP)
        return;
    if (is_article(v))
        read_article(f, v);
    else
        look_in(f, value_get(v, "@graph"), depth - 1);
}

void
html_json_read(struct html_facts *f, struct slice json, struct arena *arena)
{
    struct wire_writer w = {0};
    struct fault fault = FAULT_NONE;
    if (wire_from_json(json, &wire_limits_article, &w, &fault) == WIRE_OK) {
        struct slice packed = arena_copy(arena, wire_written(&w));
        look_in(f, arena->failed ? NULL : value_decode(packed, arena), DEPTH_MAX);
    } else {
        f->not_json = true;
    }
    wire_writer_fini(&w);
}
