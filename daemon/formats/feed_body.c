// Headline, body and abstract of an entry.
#include "formats/blocks_write.h"
#include "formats/ascii.h"
#include "formats/feed_parts.h"
#include "formats/html.h"
#include "formats/html_write.h"

#define BREAKS_MAX (16U << 20)
#define PICTURES_MAX 16U

// What is not text and keeps its line ends. Where an end was not found it is not looked for
// again.
static const struct {
    const char *start, *end;
} markups[] = {
    {"<!--", "-->"   },
    {"<pre", "</pre>"},
    {"<",    ">"     },
};

static size_t
markup_size(struct slice html, bool missing[3])
{
    uint8_t c = html.size > 1 ? html.data[1] : ' ';
    bool letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
    for (size_t i = 0; (letter || c == '/' || c == '!') && i < 3; i++) {
        struct slice end = slice_str(markups[i].end);
        if (missing[i] || !slice_starts(html, slice_str(markups[i].start)))
            continue;
        const uint8_t *at = memmem(html.data, html.size, end.data, end.size);
        missing[i] = !at;
        if (at)
            return (size_t)(at - html.data) + end.size;
    }
    return 1;
}

static size_t
text_size(struct slice html)
{
    size_t size = 0;
    while (size < html.size && html.data[size] != '<' && html.data[size] != '\n')
        size++;
    return size;
}

// WordPress exports a post as its author typed it, with line ends for paragraphs and no
// tags for them: they break the line here, so that nothing runs together. A post made of
// its blocks says so in comments and has its tags.
static struct slice
with_breaks(struct slice html, struct arena *arena)
{
    struct sink s = {.arena = arena, .limit = BREAKS_MAX};
    bool missing[3] = {false};
    if (memmem(html.data, html.size, "<!-- wp:", 8))
        return html;
    while (html.size) {
        size_t lines = 0, size = html.data[0] == '<' ? markup_size(html, missing)
                                                     : text_size(html);
        sink_put(&s, slice_until(html, size));
        html = slice_from(html, size);
        while (html.size && (html.data[0] == '\n' || (lines && html.data[0] <= ' '))) {
            lines += html.data[0] == '\n';
            html = slice_from(html, 1);
        }
        if (lines && html.size)
            sink_put(&s, SLICE("<br>"));
    }
    return sink_slice(&s);
}

static bool
is_dot(const struct html_token *tag, struct arena *arena)
{
    struct slice value;
    return html_attr(tag, "width", arena, &value) && value.size == 1 &&
           value.data[0] <= '1';
}

static void
add_picture(struct entry *e, const struct html_token *tag, struct slice base)
{
    struct arena *arena = e->feed->arena;
    struct slice src = slice_of(NULL, 0), alt = src;
    (void)html_attr(tag, "alt", arena, &alt);
    src = html_image(tag, base, arena);
    struct value *entry = src.size && !is_dot(tag, arena)
                              ? article_add(e->a, ARTICLE_ASSOCIATIONS, 4)
                              : NULL;
    if (!entry)
        return;
    feed_set(e, entry, "name", SLICE("picture"));
    feed_set(e, entry, "uri", src);
    feed_set(e, entry, "type", SLICE("picture"));
    feed_set_texts(e, entry, "descriptions", "caption", ascii_trim(alt));
}

// Stored HTML has no pictures, so they are associated; those of one dot only count
// readers. No more than a page of them: the rest is said.
static void
add_pictures(struct entry *e, struct slice html, struct slice base)
{
    struct html_tokens tokens;
    struct html_token token;
    uint32_t count = 0;
    if (!html.size || !memmem(html.data, html.size, "<im", 3))
        return;
    html_begin(&tokens, html);
    while (html_next(&tokens, &token)) {
        if (token.kind != HTML_START || !slice_is(token.name, "img"))
            continue;
        if (count++ < PICTURES_MAX)
            add_picture(e, &token, base);
    }
    if (count > PICTURES_MAX)
        article_warn(e->a, "not-carried", SLICE("img"));
}

static void
set_html(struct entry *e, struct slice html, struct slice base)
{
    struct html_done done = html_blocks_at(html, base, e->feed->arena);
    blocks_set(e->a, &done.blocks);
    add_pictures(e, html, base);
    if (done.twice)
        article_warn(e->a, "escaped-twice", SLICE("bodies"));
    if (done.blocks.dropped)
        article_warn(e->a, "markup-dropped", SLICE("bodies"));
}

static void
set_body(struct entry *e, const struct xml_node *node)
{
    struct feed_text text = node ? feed_text(e, node) : (struct feed_text){0};
    struct slice value = ascii_trim(text.value);
    if (!value.size)
        return;
    if (e->feed->wxr)
        value = with_breaks(value, e->feed->arena);
    if (text.html || e->feed->wxr)
        set_html(e, value, feed_base(e->feed, node));
    else
        article_add_body(e->a, "text/plain", value);
}

static void
add_abstract(struct entry *e, const struct xml_node *node)
{
    struct feed_text text = node ? feed_text(e, node) : (struct feed_text){0};
    struct slice value = ascii_trim(text.value);
    if (text.html)
        value = html_blocks_at(value, feed_base(e->feed, node), e->feed->arena)
                    .blocks.plain;
    struct value *entry =
        value.size ? article_add(e->a, ARTICLE_DESCRIPTIONS, 3) : NULL;
    if (!entry)
        return;
    feed_set(e, entry, "contentType", SLICE("text/plain"));
    feed_set(e, entry, "role", SLICE("abstract"));
    feed_set(e, entry, "value", value);
}

// Several of a kind are the same in several forms, or a short and a long one: the longest.
static const struct xml_node *
longest(const struct entry *e, enum feed_kind kind)
{
    const struct xml_node *best = NULL;
    for (uint32_t i = 0; i < e->level.count; i++) {
        const struct feed_part *part = &e->level.parts[i];
        if (part->kind == kind && feed_word(part->node).size > feed_word(best).size)
            best = part->node;
    }
    return best;
}

// The first of content, summary and the modules' descriptions is the body; summaries
// beside it are abstracts, the modules' only where there is no other.
static void
read_bodies(struct entry *e)
{
    const struct xml_node *body = longest(e, FEED_CONTENT);
    const struct xml_node *other = longest(e, FEED_SUMMARY_OTHER);
    if (!body)
        body = longest(e, FEED_SUMMARY);
    if (!body)
        body = other;
    set_body(e, body);
    for (uint32_t i = 0; i < e->level.count; i++)
        if (e->level.parts[i].kind == FEED_SUMMARY && e->level.parts[i].node != body)
            add_abstract(e, e->level.parts[i].node);
    if (other != body && !feed_part(&e->level, FEED_SUMMARY))
        add_abstract(e, other);
}

static bool
is_empty(const struct article *a)
{
    return a->field[ARTICLE_BODIES].type == WIRE_NIL &&
           a->field[ARTICLE_DESCRIPTIONS].type == WIRE_NIL &&
           a->field[ARTICLE_ASSOCIATIONS].type == WIRE_NIL;
}

// An entry without title and text is an entry all the same; lists must show something, so
// what names it stands in the role that is no headline.
static void
name_untitled(struct entry *e)
{
    const struct feed_level *level = &e->level;
    struct slice name = article_text(e->a, ARTICLE_URI);
    if (!is_empty(e->a) || !level->count)
        return;
    if (!name.size)
        name = feed_line(e, feed_part(&e->feed->channel, FEED_TITLE));
    if (!name.size)
        name = arena_printf(e->feed->arena, "%.*s, line %u",
            SLICE_ARG(level->node->name), level->node->line);
    article_add_headline(e->a, "title", name);
    article_warn(e->a, "untitled", SLICE("headlines"));
}

static struct slice
title_of(struct entry *e)
{
    static const enum feed_kind kinds[] = {FEED_TITLE, FEED_TITLE_OTHER};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const struct xml_node *node = feed_part(&e->level, kinds[i]);
        struct feed_text text = node ? feed_text(e, node) : (struct feed_text){0};
        if (text.html)
            add_pictures(e, text.value, feed_base(e->feed, node));
        struct slice title = feed_line(e, node);
        if (title.size)
            return title;
    }
    return slice_of(NULL, 0);
}

void
feed_read_texts(struct entry *e)
{
    struct slice title = title_of(e);
    if (title.size)
        article_add_headline(e->a, "main", title);
    read_bodies(e);
    if (!title.size)
        name_untitled(e);
}
