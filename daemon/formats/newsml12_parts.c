// The contents of a NewsItem, and which of them is its text: by role, then by language,
// then by length.
#include <strings.h>

#include "formats/newsml12.h"

static const struct {
    const char *word;
    enum newsml12_role role;
} roles[] = {
    {"Main",        NEWSML12_MAIN    },
    {"Body",        NEWSML12_MAIN    },
    {"BodyText",    NEWSML12_MAIN    },
    {"Main Text",   NEWSML12_MAIN    },
    {"MainText",    NEWSML12_MAIN    },
    {"Text",        NEWSML12_MAIN    },
    {"Story",       NEWSML12_MAIN    },
    {"Article",     NEWSML12_MAIN    },
    {"Caption",     NEWSML12_CAPTION },
    {"Abstract",    NEWSML12_ABSTRACT},
    {"Summary",     NEWSML12_ABSTRACT},
    {"HeadLine",    NEWSML12_HEADLINE},
    {"SubHeadLine", NEWSML12_HEADLINE},
    {"Title",       NEWSML12_HEADLINE},
    {"StyleSheet",  NEWSML12_NOTHING },
};

// Words in MediaType, MimeType, Format, Property ComponentClass and Role, in this order.
static const struct {
    const char *word, *type;
} types[] = {
    {"graphic",   "graphic"},
    {"photo",     "picture"},
    {"picture",   "picture"},
    {"image",     "picture"},
    {"jpeg",      "picture"},
    {"jpg",       "picture"},
    {"tiff",      "picture"},
    {"gif",       "picture"},
    {"png",       "picture"},
    {"audio",     "audio"  },
    {"sound",     "audio"  },
    {"mp3",       "audio"  },
    {"video",     "video"  },
    {"clip",      "video"  },
    {"mpeg",      "video"  },
    {"mpg",       "video"  },
    {"mp4",       "video"  },
    {"quicktime", "video"  },
    {"text",      "text"   },
    {"nitf",      "text"   },
    {"html",      "text"   },
    {"ascii",     "text"   },
    {"logo",      "picture"},
    {"thumbnail", "picture"},
    {"preview",   "picture"},
    {"quicklook", "picture"},
};

static bool
has_word(struct slice text, const char *word)
{
    size_t size = strlen(word);
    for (size_t i = 0; i + size <= text.size && i < 64; i++)
        if (newsml12_word(slice_of(text.data + i, size), word))
            return true;
    return false;
}

static struct slice
type_in(struct slice text)
{
    for (size_t i = 0; text.size && i < sizeof types / sizeof *types; i++)
        if (has_word(text, types[i].word))
            return slice_str(types[i].type);
    return slice_of(NULL, 0);
}

static struct slice
property(const struct xml_node *parent, const char *name)
{
    for (const struct xml_node *at = xml_first(parent, "Property"); at;
         at = xml_next(at, "Property"))
        if (slice_is(xml_attr(at, "FormalName"), name))
            return xml_attr(at, "Value");
    return slice_of(NULL, 0);
}

static struct slice
type_of(const struct newsml12_part *part)
{
    struct slice said[] = {
        newsml12_formal(part->content, "MediaType"),
        newsml12_formal(part->content, "MimeType"),
        newsml12_formal(part->content, "Format"),
        property(xml_first(part->component, "DescriptiveMetadata"), "ComponentClass"),
        part->role_word,
    };
    struct slice type = slice_of(NULL, 0);
    for (size_t i = 0; !type.size && i < sizeof said / sizeof *said; i++)
        type = type_in(said[i]);
    return type;
}

struct slice
newsml12_role(const struct xml_node *at)
{
    struct slice role = slice_of(NULL, 0);
    for (; xml_is(at, "NewsComponent") && !role.size; at = at->parent)
        role = newsml12_formal(at, "Role");
    return role;
}

static void
take_role(struct newsml12 *n, struct newsml12_part *part)
{
    const struct xml_node *parent = part->component->parent;
    part->role = NEWSML12_OTHER;
    part->role_word = newsml12_formal(part->component, "Role");
    if (n->role_of != parent) {
        n->role_of = parent;
        n->role = newsml12_role(parent);
    }
    if (!part->role_word.size && xml_is(part->component, "NewsComponent"))
        part->role_word = n->role;
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        if (newsml12_word(part->role_word, roles[i].word))
            part->role = roles[i].role;
}

static struct slice
language_of(const struct xml_node *node, const struct xml_node *item)
{
    struct slice language = slice_of(NULL, 0);
    for (; node && !language.size; node = node == item ? NULL : node->parent) {
        language = newsml12_formal(node, "DescriptiveMetadata/Language");
        if (!language.size)
            language = xml_attr(node, "lang");
    }
    return language;
}

// The language around a component, which its siblings have too.
static struct slice
language_around(struct newsml12 *n, const struct xml_node *parent)
{
    if (n->language_of != parent) {
        n->language_of = parent;
        n->language = language_of(parent, n->item);
    }
    return n->language;
}

static struct slice
language_at(struct newsml12 *n, const struct xml_node *content)
{
    const struct xml_node *component = content->parent;
    struct slice language = xml_attr(content, "lang");
    if (language.size || component == n->item)
        return language;
    language = newsml12_formal(component, "DescriptiveMetadata/Language");
    if (!language.size)
        language = xml_attr(component, "lang");
    return language.size ? language : language_around(n, component->parent);
}

static bool
is_blank(struct slice text)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] > ' ')
            return false;
    return true;
}

static void
take_part(
    struct newsml12 *n, struct newsml12_part *part, const struct xml_node *content)
{
    const struct xml_node *data = xml_first(content, "DataContent");
    part->content = content;
    part->component = content->parent;
    take_role(n, part);
    part->type = type_of(part);
    part->language = language_at(n, content);
    bool text = !part->type.size || slice_is(part->type, "text");
    if (data && text && !is_blank(data->text))
        part->data = data;
    if (has_word(newsml12_formal(content, "Format"), "css") ||
        has_word(newsml12_formal(content, "MimeType"), "css"))
        part->role = NEWSML12_NOTHING;
}

// The next ContentItem of the item itself: not below a NewsItem of its own.
static const struct xml_node *
next_content(const struct xml_node *node, const struct xml_node *item)
{
    do {
        bool closed =
            node != item && (xml_is(node, "NewsItem") || xml_is(node, "ContentItem"));
        if (node->first && !closed) {
            node = node->first;
            continue;
        }
        while (node != item && !node->next)
            node = node->parent;
        if (node == item)
            return NULL;
        node = node->next;
    } while (!xml_is(node, "ContentItem"));
    return node;
}

static bool
same_language(struct slice a, struct slice b)
{
    size_t size = a.size < b.size ? a.size : b.size;
    size = size > 2 ? 2 : size;
    return size == 0 ||
           strncasecmp((const char *)a.data, (const char *)b.data, size) == 0;
}

// The item's own language: said for the whole, else that of its first text by rank.
static struct slice
item_language(const struct newsml12 *n)
{
    struct slice language = language_of(xml_first(n->item, "NewsComponent"), n->item);
    for (uint32_t i = 0; !language.size && i < n->parts_count; i++)
        if (n->parts[i].data && n->parts[i].role == NEWSML12_MAIN)
            language = n->parts[i].language;
    for (uint32_t i = 0; !language.size && i < n->parts_count; i++)
        if (n->parts[i].data)
            language = n->parts[i].language;
    return language;
}

static bool
is_better(const struct newsml12_part *part, const struct newsml12_part *best,
    struct slice language)
{
    if (!best || part->role != best->role)
        return !best || part->role > best->role;
    bool fits = same_language(part->language, language);
    bool best_fits = same_language(best->language, language);
    if (fits != best_fits)
        return fits;
    return part->data->text.size > best->data->text.size;
}

static void
choose(struct newsml12 *n)
{
    struct slice language = item_language(n);
    bool media = false;
    for (uint32_t i = 0; i < n->parts_count; i++) {
        const struct newsml12_part *part = &n->parts[i];
        media |= xml_attr(part->content, "Href").size != 0;
        if (part->data && part->role > NEWSML12_HEADLINE &&
            is_better(part, n->body, language))
            n->body = part;
    }
    n->media = media && (!n->body || n->body->role < NEWSML12_OTHER);
}

static void
make_path(struct newsml12 *n)
{
    const struct xml_node *at = n->body          ? n->body->component
                                : n->parts_count ? n->parts[0].component
                                                 : xml_first(n->item, "NewsComponent");
    const struct xml_node *deepest = at;
    for (; at && at != n->item; at = at->parent)
        n->path_count += xml_is(at, "NewsComponent");
    uint32_t i = n->path_count;
    for (at = deepest; at && at != n->item; at = at->parent)
        if (xml_is(at, "NewsComponent"))
            n->path[--i] = at;
}

bool
newsml12_parts(struct newsml12 *n)
{
    uint32_t count = 0;
    for (const struct xml_node *at = next_content(n->item, n->item); at;
         at = next_content(at, n->item))
        count++;
    if (count > NEWSML12_PARTS_MAX) {
        (void)fault_set(&n->a->fault, WIRE_TOO_MANY_VALUES, FAULT_NOWHERE, "",
            "line %u: %u ContentItems, at most %u", n->item->line, count,
            NEWSML12_PARTS_MAX);
        return false;
    }
    n->parts = arena_array(n->a->arena, count ? count : 1, sizeof *n->parts);
    if (!n->parts)
        return false;
    for (const struct xml_node *at = next_content(n->item, n->item); at;
         at = next_content(at, n->item))
        take_part(n, &n->parts[n->parts_count++], at);
    choose(n);
    make_path(n);
    return true;
}
