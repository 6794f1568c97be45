// What an entry points at: its page on the web is a rendition of it; enclosures, Media
// RSS and pictures are items of their own, associated with it. Nothing is fetched.
#include <strings.h>

#include "formats/feed_parts.h"
#include "formats/ascii.h"
#include "formats/html.h"

// A number in an attribute, 0 if it is none; percentages are none.
static int64_t
whole(struct slice text)
{
    int64_t n = 0;
    text = ascii_trim(text);
    for (size_t i = 0; i < text.size && i < 15; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return 0;
        n = n * 10 + (text.data[i] - '0');
    }
    return text.size > 15 ? 0 : n;
}

static void
set_number(const struct entry *e, struct value *map, const char *key, struct slice text)
{
    int64_t n = whole(text);
    if (n)
        value_set(map, key, value_of_int(n), e->feed->arena);
}

// The type of an associated item, by its medium or the type of its content.
static const char *
kind_of(struct slice medium, struct slice type)
{
    static const struct {
        const char *start, *kind;
    } kinds[] = {
        {"image", "picture"},
        {"video", "video"  },
        {"audio", "audio"  },
        {"text",  "text"   },
    };
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        size_t size = strlen(kinds[k].start);
        struct slice start = slice_str(kinds[k].start);
        if ((medium.size == size && slice_starts(medium, start)) ||
            (!medium.size && type.size > size && type.data[size] == '/' &&
                strncasecmp((const char *)type.data, kinds[k].start, size) == 0))
            return kinds[k].kind;
    }
    return NULL;
}

struct medium {
    const char *name; // of the association
    const struct xml_node *node, *thumbnail;
    struct slice href, type, size, medium, title, caption, credit;
};

static void
set_rendition(const struct entry *e, struct value *map, const struct medium *m)
{
    *map = value_map(e->feed->arena, 8);
    if (!map->map.pairs)
        return;
    feed_set(e, map, "name", SLICE("original"));
    feed_set(e, map, "href", m->href);
    feed_set(e, map, "contentType", m->type);
    set_number(e, map, "sizeInBytes", m->size);
    if (!m->node)
        return;
    set_number(e, map, "width", xml_attr(m->node, "width"));
    set_number(e, map, "height", xml_attr(m->node, "height"));
    set_number(e, map, "duration", xml_attr(m->node, "duration"));
}

static void
set_thumbnail(const struct entry *e, struct value *map, const struct xml_node *node)
{
    *map = value_map(e->feed->arena, 4);
    if (!map->map.pairs)
        return;
    feed_set(e, map, "name", SLICE("thumbnail"));
    feed_set(e, map, "href", feed_address(e, node, xml_attr(node, "url")));
    set_number(e, map, "width", xml_attr(node, "width"));
    set_number(e, map, "height", xml_attr(node, "height"));
}

static void
add_association(struct entry *e, const struct medium *m)
{
    if (!m->href.size)
        return;
    struct value *entry = article_add(e->a, ARTICLE_ASSOCIATIONS, 7);
    struct value list = value_list(e->feed->arena, m->thumbnail ? 2 : 1);
    if (!entry || !list.list.count)
        return;
    feed_set(e, entry, "name", slice_str(m->name));
    feed_set(e, entry, "uri", m->href);
    const char *kind = kind_of(m->medium, m->type);
    if (kind)
        feed_set(e, entry, "type", slice_str(kind));
    feed_set_texts(e, entry, "headlines", "main", m->title);
    feed_set_texts(e, entry, "descriptions", "caption", m->caption);
    feed_set(e, entry, "by", m->credit); // as printed
    set_rendition(e, &list.list.items[0], m);
    if (m->thumbnail)
        set_thumbnail(e, &list.list.items[1], m->thumbnail);
    value_set(entry, "renditions", list, e->feed->arena);
}

static void
add_enclosure(struct entry *e, const struct xml_node *node, const char *address)
{
    add_association(e, &(struct medium){.name = "enclosure",
                           .href = feed_address(e, node, xml_attr(node, address)),
                           .type = ascii_trim(xml_attr(node, "type")),
                           .size = xml_attr(node, "length"),
                           .title = xml_attr(node, "title")});
}

// Of a media:group the parts show the same in several forms; what is said of the group is
// said of each.
static void
add_media(struct entry *e, const struct xml_node *node, const struct xml_node *group)
{
    struct medium m = {.name = "media",
        .node = node,
        .href = feed_address(e, node, xml_attr(node, "url")),
        .type = ascii_trim(xml_attr(node, "type")),
        .size = xml_attr(node, "fileSize"),
        .medium = ascii_trim(xml_attr(node, "medium"))};
    const struct xml_node *title = xml_first(node, "title");
    const struct xml_node *caption = xml_first(node, "description");
    m.thumbnail = xml_first(node, "thumbnail");
    if (group && !title)
        title = xml_first(group, "title");
    if (group && !caption)
        caption = xml_first(group, "description");
    if (group && !m.thumbnail)
        m.thumbnail = xml_first(group, "thumbnail");
    const struct xml_node *credit = xml_first(node, "credit");
    if (!credit && group)
        credit = xml_first(group, "credit");
    m.credit = feed_line(e, credit);
    m.title = feed_line(e, title);
    m.caption = feed_line(e, caption);
    if (!m.href.size) { // media:player, a page that plays it
        const struct xml_node *player = xml_first(node, "player");
        m.href = feed_address(e, node, xml_attr(player, "url"));
    }
    add_association(e, &m);
}

static void
add_group(struct entry *e, const struct xml_node *group)
{
    for (const struct xml_node *n = xml_first(group, "content"); n;
         n = xml_next(n, "content"))
        add_media(e, n, group);
}

// <image><url>, <itunes:image href>, <image>URL</image>.
static void
add_image(struct entry *e, const struct xml_node *node)
{
    struct slice href = xml_attr(node, "href");
    const struct xml_node *url = xml_first(node, "url");
    if (!href.size)
        href = url ? feed_word(url) : slice_of(NULL, 0);
    if (!href.size && !xml_first(node, NULL))
        href = feed_word(node);
    add_association(e, &(struct medium){.name = "image",
                           .href = feed_address(e, node, href),
                           .medium = SLICE("image"),
                           .title = feed_line(e, xml_first(node, "title"))});
}

static void
add_page(struct entry *e, const struct xml_node *node, struct slice href)
{
    struct value *entry = href.size ? article_add(e->a, ARTICLE_RENDITIONS, 4) : NULL;
    if (!entry)
        return;
    feed_set(e, entry, "name", SLICE("web"));
    feed_set(e, entry, "href", href);
    feed_set(e, entry, "contentType", ascii_trim(xml_attr(node, "type")));
    feed_set(e, entry, "title", xml_attr(node, "title"));
}

static void
add_related(
    struct entry *e, const struct xml_node *node, struct slice rel, struct slice href)
{
    struct value *entry = href.size ? article_add(e->a, ARTICLE_ASSOCIATIONS, 4) : NULL;
    if (!entry)
        return;
    feed_set(e, entry, "name", rel);
    feed_set(e, entry, "uri", href);
    feed_set(e, entry, "contentType", ascii_trim(xml_attr(node, "type")));
    feed_set_texts(e, entry, "headlines", "main", xml_attr(node, "title"));
}

// atom:link by its relation (RFC 4287, 4.2.7.2, and IANA's register). RSS's link is text.
static void
add_link(struct entry *e, const struct xml_node *node)
{
    static const char *const about_the_feed[] = {"self", "edit", "edit-media", "hub",
        "replies", "next", "previous", "prev", "first", "last", "service.edit",
        "service.post", "service.feed", "search", "shortlink", NULL};
    struct slice rel = ascii_trim(xml_attr(node, "rel"));
    struct slice href = feed_address(e, node, ascii_trim(xml_attr(node, "href")));
    struct slice iana = SLICE("http://www.iana.org/assignments/relation/");
    if (!href.size)
        href = feed_address(e, node, feed_word(node));
    if (slice_starts(rel, iana))
        rel = slice_from(rel, iana.size);
    for (size_t i = 0; about_the_feed[i]; i++)
        if (slice_is(rel, about_the_feed[i]))
            return;
    if (!rel.size || slice_is(rel, "alternate") || slice_is(rel, "canonical"))
        add_page(e, node, href);
    else if (slice_is(rel, "enclosure"))
        add_enclosure(e, node, "href");
    else if (slice_is(rel, "license") && !article_text(e->a, ARTICLE_USAGE_TERMS).size)
        article_set_text(e->a, ARTICLE_USAGE_TERMS, href);
    else
        add_related(e, node, rel, href);
}

static void
read_part(struct entry *e, const struct feed_part *part)
{
    const struct xml_node *node = part->node;
    switch (part->kind) {
    case FEED_LINK:
        add_link(e, node);
        break;
    case FEED_ENCLOSURE:
        add_enclosure(e, node, xml_attr(node, "url").size ? "url" : "href");
        break;
    case FEED_MEDIA:
        add_media(e, node, NULL);
        break;
    case FEED_MEDIA_GROUP:
        add_group(e, node);
        break;
    case FEED_IMAGE:
        add_image(e, node);
        break;
    case FEED_ATTACHMENT:
        add_association(e, &(struct medium){.name = "attachment",
                               .href = feed_address(e, node, feed_word(node))});
        break;
    default:
        break;
    }
}

// A thumbnail that belongs to no media:content stands for the entry itself.
static void
add_thumbnail(struct entry *e)
{
    const struct xml_node *node = feed_part(&e->level, FEED_THUMBNAIL);
    if (!node || feed_part(&e->level, FEED_MEDIA))
        return;
    add_association(e, &(struct medium){.name = "thumbnail",
                           .node = node,
                           .href = feed_address(e, node, xml_attr(node, "url")),
                           .medium = SLICE("image")});
}

void
feed_read_media(struct entry *e)
{
    for (uint32_t i = 0; i < e->level.count; i++)
        read_part(e, &e->level.parts[i]);
    add_thumbnail(e);
    const struct xml_node *content = feed_part(&e->level, FEED_CONTENT);
    struct slice src = xml_attr(content, "src"); // RFC 4287, 4.1.3.2
    if (src.size && e->feed->atom)
        add_page(e, content, feed_address(e, content, src));
}
