// The text of a NewsItem and what stands beside it: pictures and clips with their captions,
// other texts. What comes in several formats or languages is one text.
#include "formats/entry.h"
#include "formats/html.h"
#include "formats/newsml12.h"
#include "formats/nitf.h"
#include "formats/xml_body.h"

#define GROUPS_MAX 64U // of media; article_check refuses more associations

static bool
has_headline(const struct article *a)
{
    return a->field[ARTICLE_HEADLINES].type == WIRE_ARRAY;
}

static void
read_nitf(struct newsml12 *n, const struct xml_node *nitf)
{
    struct nitf inner = {.a = n->a, .input = n->input};
    nitf_inner(&inner, nitf);
    if (!article_text(n->a, ARTICLE_LANGUAGE).size)
        article_set_text(n->a, ARTICLE_LANGUAGE, xml_attr(nitf, "baselang"));
    struct slice title = xml_flat(xml_find(nitf, "head/title"), n->a->arena);
    if (title.size && !has_headline(n->a))
        article_add_headline(n->a, "main", title);
}

// What stands in DataContent: a document of NITF or XHTML, or elements of their bodies.
static void
read_elements(struct newsml12 *n, const struct xml_node *data)
{
    struct nitf inner = {.a = n->a, .input = n->input};
    const struct xml_node *nitf = xml_first(data, "nitf");
    const struct xml_node *html = xml_first(data, "html");
    const struct xml_node *body = xml_first(html ? html : data, "body");
    if (nitf) {
        read_nitf(n, nitf);
        return;
    }
    if (xml_first(body, "body.content") || xml_first(body, "body.head"))
        nitf_body(&inner, body);
    else
        nitf_content(&inner, body ? body : html ? html : data);
    struct slice title = xml_flat(xml_find(html, "head/title"), n->a->arena);
    if (title.size && !has_headline(n->a))
        article_add_headline(n->a, "main", title);
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

static bool
has_letters(struct slice text, const char *word)
{
    size_t size = strlen(word);
    for (size_t i = 0; i + size <= text.size && i < 64; i++)
        if (newsml12_word(slice_of(text.data + i, size), word))
            return true;
    return false;
}

static bool
is_markup(const struct xml_node *content, struct slice text)
{
    struct slice format = newsml12_formal(content, "Format");
    struct slice mime = newsml12_formal(content, "MimeType");
    if (has_letters(format, "html") || has_letters(mime, "html"))
        return true;
    return text.size > 3 && text.data[0] == '<' && text.data[text.size - 1] == '>' &&
           memmem(text.data, text.size, "</", 2);
}

static void
set_markup(struct newsml12 *n, struct slice text)
{
    struct html_done done = html_blocks(text, n->a->arena);
    blocks_set(n->a, &done.blocks);
    if (done.twice)
        article_warn(n->a, "escaped-twice", SLICE("bodies"));
}

// Markup that is hidden in CDATA: a document of XML if it is one, else HTML.
static void
read_markup(struct newsml12 *n, struct slice text)
{
    struct fault none = FAULT_NONE;
    struct slice name, space;
    const struct xml_node *root = NULL;
    if (xml_root(text, &name, &space) && slice_is(name, "nitf"))
        root = xml_parse(text, n->a->arena, &none);
    if (root && !none.code)
        read_nitf(n, root);
    else
        set_markup(n, text);
}

static bool
has_elements(const struct xml_node *data)
{
    return xml_first(data, NULL) != NULL;
}

static void
read_body(struct newsml12 *n)
{
    const struct newsml12_part *body = n->body;
    struct slice text = trimmed(body->data->text);
    if (has_elements(body->data))
        read_elements(n, body->data);
    else if (is_markup(body->content, text))
        read_markup(n, text);
    else
        article_add_body(n->a, "text/plain", text);
}

// A part as plain text, for what is no body.
static struct slice
text_of(struct newsml12 *n, const struct newsml12_part *part)
{
    struct slice text = trimmed(part->data->text);
    if (!has_elements(part->data))
        return is_markup(part->content, text)
                   ? html_blocks(text, n->a->arena).blocks.plain
                   : text;
    struct blocks *b = blocks_begin(n->a->arena);
    const struct xml_node *body = xml_find(part->data, "html/body");
    if (!b)
        return slice_of(NULL, 0);
    xml_body(body ? body : part->data, b);
    return blocks_end(b).plain;
}

// Media

static struct slice
property(const struct xml_node *content, const char *name)
{
    const struct xml_node *at =
        xml_first(xml_first(content, "Characteristics"), "Property");
    for (; at; at = xml_next(at, "Property"))
        if (newsml12_word(xml_attr(at, "FormalName"), name))
            return xml_attr(at, "Value");
    return slice_of(NULL, 0);
}

static void
put_number(struct newsml12 *n, struct value *map, const char *key, struct slice text)
{
    int64_t number = 0;
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '9' || i > 12) {
            entry_put(n->a, map, key, text);
            return;
        }
        number = number * 10 + (text.data[i] - '0');
    }
    if (text.size)
        value_set(map, key, value_of_int(number), n->a->arena);
}

static struct slice
either(struct slice a, struct slice b)
{
    return a.size ? a : b;
}

static void
put_rendition(struct newsml12 *n, struct value *out, const struct newsml12_part *part)
{
    const struct xml_node *content = part->content;
    struct slice use = property(content, "ImageUse");
    struct slice mime = newsml12_formal(content, "MimeType");
    entry_put(n->a, out, "name", either(use, part->role_word));
    entry_put(n->a, out, "href", xml_attr(content, "Href"));
    entry_put(n->a, out, "contentType", mime);
    if (!mime.size)
        entry_put(n->a, out, "format", newsml12_formal(content, "Format"));
    put_number(n, out, "width",
        either(property(content, "Width"), property(content, "PixelWidth")));
    put_number(n, out, "height",
        either(property(content, "Height"), property(content, "PixelHeight")));
    entry_put(n->a, out, "duration", property(content, "Duration"));
    put_number(n, out, "sizeInBytes",
        xml_line(xml_find(content, "Characteristics/SizeInBytes"), n->a->arena));
}

static bool
is_media(const struct newsml12_part *part)
{
    return xml_attr(part->content, "Href").size != 0;
}

static bool
is_yes(struct slice text)
{
    return newsml12_word(text, "yes");
}

// A component that speaks of a picture or a clip as a whole: with lines of its own, or a
// caption.
static bool
is_whole(const struct xml_node *component)
{
    if (xml_first(component, "NewsLines"))
        return true;
    for (const struct xml_node *at = xml_first(component, "NewsComponent"); at;
         at = xml_next(at, "NewsComponent"))
        if (newsml12_word(newsml12_formal(at, "Role"), "Caption"))
            return true;
    return false;
}

static bool
is_whole_again(struct newsml12 *n, const struct xml_node *component)
{
    if (n->whole_of != component) {
        n->whole_of = component;
        n->whole = is_whole(component);
    }
    return n->whole;
}

// The component that a medium or a caption belongs to: the nearest that is whole, else one
// of equivalents, else its own; but none that holds the text.
static const struct xml_node *
group_of(struct newsml12 *n, const struct newsml12_part *part)
{
    const struct xml_node *at = part->component, *group = at;
    if (part->role == NEWSML12_CAPTION && !newsml12_on_path(n, at->parent))
        at = at->parent;
    for (; xml_is(at, "NewsComponent") && !newsml12_on_path(n, at); at = at->parent) {
        if (is_whole_again(n, at))
            return at;
        if (is_yes(xml_attr(at, "EquivalentsList")))
            group = at;
    }
    return group;
}

// Components that name another by Euid are renditions of the same.
struct group {
    const struct xml_node *component;
    struct slice id;
};

static bool
same_group(const struct group *g, const struct xml_node *component)
{
    struct slice euid = xml_attr(component, "Euid");
    return g->component == component ||
           (g->id.size && (slice_equal(g->id, euid) ||
                              slice_equal(g->id, xml_attr(component, "Duid"))));
}

static void
put_descriptions(struct newsml12 *n, struct value *item, const struct group *g)
{
    struct value list = value_list(n->a->arena, n->parts_count);
    uint32_t count = 0;
    for (uint32_t i = 0; list.list.items && i < n->parts_count; i++) {
        const struct newsml12_part *part = &n->parts[i];
        if (part->role != NEWSML12_CAPTION || !part->data || part == n->body ||
            part->group != g->component)
            continue;
        struct value *entry = &list.list.items[count++];
        *entry = value_map(n->a->arena, 2);
        entry_put(n->a, entry, "role", SLICE("caption"));
        entry_put(n->a, entry, "value", text_of(n, part));
    }
    list.list.count = count;
    if (count)
        value_set(item, "descriptions", list, n->a->arena);
}

static void
put_renditions(struct newsml12 *n, struct value *item, const struct group *g)
{
    struct value list = value_list(n->a->arena, n->parts_count);
    uint32_t count = 0;
    for (uint32_t i = 0; list.list.items && i < n->parts_count; i++) {
        if (!is_media(&n->parts[i]) || !same_group(g, n->parts[i].group))
            continue;
        list.list.items[count] = value_map(n->a->arena, 8);
        put_rendition(n, &list.list.items[count++], &n->parts[i]);
    }
    list.list.count = count;
    value_set(item, "renditions", list, n->a->arena);
}

static void
put_lines(struct newsml12 *n, struct value *item, const struct xml_node *component)
{
    const struct xml_node *lines = xml_first(component, "NewsLines");
    struct arena *arena = n->a->arena;
    struct slice headline = xml_flat(xml_first(lines, "HeadLine"), arena);
    entry_put(n->a, item, "by", xml_line(xml_first(lines, "ByLine"), arena));
    entry_put(n->a, item, "credit", xml_line(xml_first(lines, "CreditLine"), arena));
    entry_put(n->a, item, "copyrightNotice",
        xml_line(xml_first(lines, "CopyrightLine"), arena));
    struct value list = value_list(arena, headline.size ? 1 : 0);
    if (!headline.size || !list.list.items)
        return;
    list.list.items[0] = value_map(arena, 2);
    entry_put(n->a, &list.list.items[0], "role", SLICE("main"));
    entry_put(n->a, &list.list.items[0], "value", headline);
    value_set(item, "headlines", list, arena);
}

static void
add_group(struct newsml12 *n, const struct group *g, const struct newsml12_part *first,
    uint32_t number)
{
    struct value *item = article_add(n->a, ARTICLE_ASSOCIATIONS, 8);
    if (!item)
        return;
    entry_put(n->a, item, "name", arena_printf(n->a->arena, "media%u", number));
    entry_put(n->a, item, "type", first->type);
    put_lines(n, item, g->component);
    put_descriptions(n, item, g);
    put_renditions(n, item, g);
}

// Media that the text has in itself are numbered first.
static uint32_t
count_media(const struct article *a)
{
    const struct value *list = &a->field[ARTICLE_ASSOCIATIONS];
    uint32_t count = 0;
    for (uint32_t i = 0; list->type == WIRE_ARRAY && i < list->list.count; i++)
        count += slice_starts(
            value_text(value_get(&list->list.items[i], "name")), SLICE("media"));
    return count;
}

static void
associate(struct newsml12 *n)
{
    struct group groups[GROUPS_MAX + 1];
    uint32_t count = 0, number = count_media(n->a);
    for (uint32_t i = 0; i < n->parts_count && count <= GROUPS_MAX; i++) {
        const struct newsml12_part *part = &n->parts[i];
        bool known = false;
        if (!is_media(part))
            continue;
        const struct xml_node *component = part->group;
        for (uint32_t k = 0; k < count; k++)
            known |= same_group(&groups[k], component);
        if (known)
            continue;
        struct slice euid = xml_attr(component, "Euid");
        groups[count] =
            (struct group){component, either(euid, xml_attr(component, "Duid"))};
        add_group(n, &groups[count], part, ++number);
        count++;
    }
}

// An item that is a picture or clip itself has them as renditions of its own.
static void
render(struct newsml12 *n)
{
    for (uint32_t i = 0; i < n->parts_count; i++) {
        if (!is_media(&n->parts[i]))
            continue;
        struct value *rendition = article_add(n->a, ARTICLE_RENDITIONS, 8);
        if (!rendition)
            return;
        put_rendition(n, rendition, &n->parts[i]);
        if (n->parts[i].type.size && article_text(n->a, ARTICLE_TYPE).size == 0)
            article_set_text(n->a, ARTICLE_TYPE, n->parts[i].type);
    }
}

// The text in another format or language is the same text.
static bool
is_equivalent(const struct newsml12 *n, const struct newsml12_part *part)
{
    const struct xml_node *at = part->component, *body = n->body->component;
    if (at == body)
        return true;
    while (xml_is(at, "NewsComponent") && !newsml12_on_path(n, at))
        at = at->parent;
    return is_yes(xml_attr(at, "EquivalentsList")) && at != body;
}

static void
add_text(struct newsml12 *n, const struct newsml12_part *part, uint32_t number)
{
    struct slice text = text_of(n, part);
    struct value *item = text.size ? article_add(n->a, ARTICLE_ASSOCIATIONS, 8) : NULL;
    if (!item)
        return;
    entry_put(n->a, item, "name", arena_printf(n->a->arena, "text%u", number));
    entry_put(n->a, item, "type", SLICE("text"));
    entry_put(n->a, item, "profile", part->role_word);
    if (!newsml12_on_path(n, part->component))
        put_lines(n, item, part->component);
    struct value list = value_list(n->a->arena, 1);
    if (!list.list.items)
        return;
    list.list.items[0] = value_map(n->a->arena, 3);
    entry_put(n->a, &list.list.items[0], "contentType", SLICE("text/plain"));
    entry_put(n->a, &list.list.items[0], "role", SLICE("main"));
    entry_put(n->a, &list.list.items[0], "value", text);
    value_set(item, "bodies", list, n->a->arena);
}

static bool
in_media_group(const struct newsml12 *n, const struct newsml12_part *part)
{
    const struct xml_node *group = part->group;
    for (uint32_t i = 0; i < n->parts_count; i++)
        if (is_media(&n->parts[i]) && n->parts[i].group == group)
            return true;
    return false;
}

static void
take_headline(struct newsml12 *n, const struct newsml12_part *part)
{
    struct slice text = xml_line(part->data, n->a->arena);
    if (is_markup(part->content, text) && !has_elements(part->data))
        text = html_line(text, n->a->arena);
    if (!has_headline(n->a))
        article_add_headline(n->a, "main", text);
}

static bool
same_language(const struct newsml12_part *a, const struct newsml12_part *b)
{
    return !a->language.size || !b->language.size ||
           slice_equal(a->language, b->language);
}

static void
take_other(struct newsml12 *n, const struct newsml12_part *part, uint32_t *texts)
{
    switch (part->role) {
    case NEWSML12_HEADLINE:
        take_headline(n, part);
        break;
    case NEWSML12_ABSTRACT:
        entry_add_description(n->a, "abstract", text_of(n, part));
        break;
    case NEWSML12_CAPTION:
        if (n->media || !in_media_group(n, part))
            entry_add_description(n->a, "caption", text_of(n, part));
        break;
    case NEWSML12_OTHER:
    case NEWSML12_MAIN:
        if (!is_equivalent(n, part) && *texts < GROUPS_MAX + 1)
            add_text(n, part, ++*texts);
        else if (is_equivalent(n, part) && !same_language(part, n->body))
            article_warn(n->a, "alternative-content", part->language);
        break;
    case NEWSML12_NOTHING:
        break;
    }
}

static void
take_others(struct newsml12 *n)
{
    uint32_t texts = 0;
    for (uint32_t i = 0; i < n->parts_count; i++) {
        const struct newsml12_part *part = &n->parts[i];
        if (part->data && part != n->body)
            take_other(n, part, &texts);
        else if (!part->data && !is_media(part) &&
                 (xml_first(part->content, "Encoding") ||
                     xml_first(part->content, "DataContent")))
            article_warn(n->a, "not-carried", SLICE("ContentItem"));
    }
}

// The next NewsItemRef of the item, or NewsItem within it: those are what it packs.
static const struct xml_node *
next_packed(const struct xml_node *node, const struct xml_node *item)
{
    do {
        bool closed = node != item && xml_is(node, "NewsItem");
        if (node->first && !closed) {
            node = node->first;
            continue;
        }
        while (node != item && !node->next)
            node = node->parent;
        if (node == item)
            return NULL;
        node = node->next;
    } while (!xml_is(node, "NewsItemRef") && !xml_is(node, "NewsItem"));
    return node;
}

static uint32_t
take_references(struct newsml12 *n)
{
    uint32_t count = 0;
    bool made;
    for (const struct xml_node *at = next_packed(n->item, n->item);
         at && !entry_full(n->a, ARTICLE_ASSOCIATIONS); at = next_packed(at, n->item)) {
        struct slice uri = xml_is(at, "NewsItem") ? newsml12_uri(n, at, &made)
                                                  : xml_attr(at, "NewsItem");
        struct value *item =
            uri.size ? article_add(n->a, ARTICLE_ASSOCIATIONS, 3) : NULL;
        entry_put(n->a, item, "name", arena_printf(n->a->arena, "item%u", count + 1));
        entry_put(n->a, item, "uri", uri);
        entry_put(n->a, item, "profile", newsml12_role(at->parent));
        count += item != NULL;
    }
    return count;
}

// What an item without a text is: what it packs, else what it has in it.
static void
set_type(struct newsml12 *n, uint32_t packed)
{
    struct slice type = slice_of(NULL, 0);
    if (article_text(n->a, ARTICLE_TYPE).size)
        return;
    for (uint32_t i = 0; !n->body && !type.size && i < n->parts_count; i++)
        if (!slice_is(n->parts[i].type, "text"))
            type = n->parts[i].type;
    if (!n->body && packed)
        type = SLICE("composite");
    if (!type.size && (n->body || has_headline(n->a)))
        type = SLICE("text");
    article_set_text(n->a, ARTICLE_TYPE, type);
}

void
newsml12_content(struct newsml12 *n)
{
    for (uint32_t i = 0; i < n->parts_count; i++)
        n->parts[i].group = group_of(n, &n->parts[i]);
    if (n->body)
        read_body(n);
    if (n->body && n->body->role == NEWSML12_CAPTION)
        entry_add_description(n->a, "caption", text_of(n, n->body));
    if (n->media)
        render(n);
    else
        associate(n);
    take_others(n);
    set_type(n, take_references(n));
}
