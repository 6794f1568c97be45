// News feeds: RSS 0.90 to 2.0 with its modules, Atom 0.3 and 1.0, WordPress' export. One
// reader for all, because the same elements are met in all of them. An entry is an item.
// Where the document breaks off or is ill-formed, the entries that were whole stand.
#include <strings.h>

#include "formats/dates.h"
#include "formats/ascii.h"
#include "formats/feed_parts.h"
#include "formats/html_write.h"
#include "formats/readers.h"

#define TAGS_MAX 64U // in one list of keywords

void
feed_set(const struct entry *e, struct value *map, const char *key, struct slice text)
{
    if (text.size)
        value_set(map, key, value_of_text(text), e->feed->arena);
}

void
feed_set_texts(const struct entry *e, struct value *map, const char *key,
    const char *role, struct slice text)
{
    struct value list = value_list(e->feed->arena, 1);
    struct value one = value_map(e->feed->arena, 2);
    if (!text.size || !list.list.count || !one.map.pairs)
        return;
    feed_set(e, &one, "role", slice_str(role));
    feed_set(e, &one, "value", text);
    list.list.items[0] = one;
    value_set(map, key, list, e->feed->arena);
}

// The address of the first link of a relation; RSS's link has none and is the page.
static struct slice
page_of(const struct feed *f, const struct feed_level *level, const char *relation)
{
    for (uint32_t i = 0; i < level->count; i++) {
        const struct xml_node *node = level->parts[i].node;
        struct slice rel = ascii_trim(xml_attr(node, "rel"));
        struct slice href = ascii_trim(xml_attr(node, "href"));
        if (level->parts[i].kind != FEED_LINK ||
            !slice_is(rel.size ? rel : SLICE("alternate"), relation))
            continue;
        if (!href.size)
            href = feed_word(node);
        href = html_join(feed_base(f, node), href, f->arena);
        href = blocks_href(href, f->arena);
        if (href.size)
            return href;
    }
    return slice_of(NULL, 0);
}

// ---- who and when

// An id is any text, but some day somebody makes a link of it.
static bool
is_script(struct slice id)
{
    static const char *const schemes[] = {"javascript:", "vbscript:", "data:", NULL};
    char text[16];
    size_t size = 0;
    for (size_t i = 0; i < id.size && size < sizeof text - 1; i++)
        if (id.data[i] > ' ')
            text[size++] = (char)id.data[i];
    text[size] = 0;
    for (size_t i = 0; schemes[i]; i++)
        if (strncasecmp(text, schemes[i], strlen(schemes[i])) == 0)
            return true;
    return false;
}

// guid and id name an entry; RSS 1.0 has rdf:about; older ones have no more than a link.
static void
read_ids(struct entry *e)
{
    const struct feed_level *level = &e->level;
    struct slice id = feed_word(feed_part(level, FEED_ID));
    struct slice origin = feed_word(feed_part(level, FEED_LINK_ORIGINAL));
    if (!id.size)
        id = ascii_trim(xml_attr(level->node, "about"));
    if (!id.size)
        id = feed_word(feed_part(level, FEED_IDENTIFIER));
    if (!id.size)
        id = origin;
    if (!id.size)
        id = page_of(e->feed, level, "alternate");
    if (is_script(id))
        article_warn(e->a, "not-carried", SLICE("id"));
    else
        article_set_text(e->a, ARTICLE_URI, id);
    bool other = origin.size && !slice_equal(origin, id);
    struct value *alt = other ? article_add(e->a, ARTICLE_ALT_IDS, 2) : NULL;
    if (!alt)
        return;
    feed_set(e, alt, "role", SLICE("link"));
    feed_set(e, alt, "value", origin);
}

// The first kinds are the surer ones; a date that is none leaves its place to the next.
static const struct {
    enum article_field field;
    enum feed_kind kind;
} times[] = {
    {ARTICLE_FIRST_CREATED,   FEED_PUBLISHED    },
    {ARTICLE_FIRST_CREATED,   FEED_PUBLISHED_GMT},
    {ARTICLE_FIRST_CREATED,   FEED_DATE         },
    {ARTICLE_VERSION_CREATED, FEED_UPDATED      },
    {ARTICLE_CONTENT_CREATED, FEED_CREATED      },
    {ARTICLE_EXPIRES,         FEED_EXPIRES      },
};

static void
read_time(struct entry *e, enum article_field field, const struct xml_node *node,
    struct slice zone)
{
    if (node && article_time_us(e->a, field) == TIME_NONE)
        (void)date_set(e->a, field, feed_word(node), zone);
}

static void
read_times(struct entry *e)
{
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        bool gmt = e->feed->wxr && (times[i].kind == FEED_PUBLISHED_GMT ||
                                       times[i].kind == FEED_UPDATED);
        read_time(e, times[i].field, feed_part(&e->level, times[i].kind),
            gmt ? SLICE("GMT") : e->feed->input->zone);
    }
}

static void
read_language(struct entry *e)
{
    const struct xml_node *content = feed_part(&e->level, FEED_CONTENT);
    struct slice language = feed_word(feed_part(&e->level, FEED_LANGUAGE));
    if (!language.size)
        language = feed_language(content ? content : e->level.node);
    if (!language.size)
        language = feed_word(feed_part(&e->feed->channel, FEED_LANGUAGE));
    article_set_text(e->a, ARTICLE_LANGUAGE, language);
    e->a->wr.declared_language = language;
}

// ---- what it is about

static void
add_subject(struct entry *e, struct slice term, struct slice label, struct slice scheme)
{
    struct slice literal = term.size ? term : label;
    struct value *entry = literal.size ? article_add(e->a, ARTICLE_SUBJECTS, 3) : NULL;
    if (!entry)
        return;
    feed_set(e, entry, "creator", scheme);
    feed_set(e, entry, "literal", literal);
    if (!slice_equal(label, literal))
        feed_set(e, entry, "name", label);
}

static void
add_category(struct entry *e, const struct xml_node *node)
{
    struct slice scheme = ascii_trim(xml_attr(node, "scheme"));
    struct slice term = ascii_trim(xml_attr(node, "term"));
    struct slice label = ascii_trim(xml_attr(node, "label"));
    if (!scheme.size)
        scheme = ascii_trim(xml_attr(node, "domain"));
    if (!term.size)
        term = feed_line(e, node);
    add_subject(e, term, label, scheme);
}

static void
add_keywords(struct entry *e, const struct xml_node *node)
{
    struct slice list = xml_text(node);
    for (uint32_t i = 0; list.size && i < TAGS_MAX; i++) {
        const uint8_t *comma = memchr(list.data, ',', list.size);
        size_t size = comma ? (size_t)(comma - list.data) : list.size;
        add_subject(e, ascii_trim(slice_until(list, size)), slice_of(NULL, 0),
            slice_of(NULL, 0));
        list = slice_from(list, size + 1);
    }
    if (list.size)
        article_warn(e->a, "not-carried", node->name);
}

static void
add_source(struct entry *e, struct slice name, struct slice uri, const char *role)
{
    struct value *entry =
        name.size || uri.size ? article_add(e->a, ARTICLE_INFO_SOURCES, 3) : NULL;
    if (!entry)
        return;
    feed_set(e, entry, "name", name);
    feed_set(e, entry, "role", slice_str(role));
    feed_set(e, entry, "uri", uri);
}

// atom:source keeps the head of the feed that an entry was copied from; RSS has name and
// address.
static void
read_source(struct entry *e, const struct xml_node *node)
{
    const struct xml_node *title = xml_first(node, "title");
    struct slice uri = ascii_trim(xml_attr(node, "url"));
    if (!uri.size)
        uri = ascii_trim(xml_attr(xml_first(node, "link"), "href"));
    if (!uri.size)
        uri = feed_word(xml_first(node, "id"));
    bool structured = xml_first(node, NULL);
    add_source(e, feed_line(e, structured ? title : node), feed_address(e, node, uri),
        "source");
    if (structured)
        article_set_text(
            e->a, ARTICLE_COPYRIGHT_NOTICE, feed_line(e, xml_first(node, "rights")));
    for (const struct xml_node *n = xml_first(node, NULL); n; n = xml_next(n, NULL))
        if (xml_is(n, "subtitle") || xml_is(n, "updated") || xml_is(n, "category"))
            article_warn(e->a, "not-carried", n->name);
}

static void
read_sources(struct entry *e)
{
    const struct feed_level *channel = &e->feed->channel;
    const struct xml_node *own = feed_part(&e->level, FEED_SOURCE);
    if (own)
        read_source(e, own);
    struct slice publisher = feed_line(e, feed_part(&e->level, FEED_PUBLISHER));
    if (!publisher.size)
        publisher = feed_line(e, feed_part(channel, FEED_PUBLISHER));
    add_source(e, publisher, slice_of(NULL, 0), "publisher");
    struct slice uri = page_of(e->feed, channel, "alternate");
    if (!uri.size)
        uri = feed_word(feed_part(channel, FEED_ID));
    add_source(e, feed_line(e, feed_part(channel, FEED_TITLE)), uri, "feed");
}

// ---- rights and status

static struct slice
license_of(const struct xml_node *node)
{
    struct slice address = xml_attr(node, "resource");
    return address.size ? address : feed_word(node);
}

static void
read_rights(struct entry *e)
{
    struct slice rights = feed_line(e, feed_part(&e->level, FEED_RIGHTS));
    if (!rights.size)
        rights = article_text(e->a, ARTICLE_COPYRIGHT_NOTICE); // of atom:source
    if (!rights.size)
        rights = feed_line(e, feed_part(&e->feed->channel, FEED_RIGHTS));
    article_set_text(e->a, ARTICLE_COPYRIGHT_NOTICE, rights);
    struct slice license = license_of(feed_part(&e->level, FEED_LICENSE));
    if (!license.size)
        license = license_of(feed_part(&e->feed->channel, FEED_LICENSE));
    article_set_text(e->a, ARTICLE_USAGE_TERMS, license);
}

// What WordPress keeps as posts that nobody reads as such: menus, styles, drafts of old.
static bool
is_furniture(const struct entry *e)
{
    static const char *const types[] = {"nav_menu_item", "revision", "custom_css",
        "customize_changeset", "oembed_cache", "user_request", "wp_block",
        "wp_template", "wp_template_part", "wp_global_styles", "wp_navigation",
        "wp_font_family", "wp_font_face", NULL};
    struct slice type = feed_word(xml_first(e->level.node, "post_type"));
    for (size_t i = 0; e->feed->wxr && types[i]; i++)
        if (slice_is(type, types[i]))
            return true;
    return false;
}

// WordPress' words for the state of a post; app:draft is Atom's (RFC 5023, 13.1.1).
static void
read_status(struct entry *e)
{
    struct slice word = feed_word(feed_part(&e->level, FEED_STATUS));
    const struct xml_node *control = feed_part(&e->level, FEED_CONTROL);
    bool draft = slice_is(feed_word(xml_first(control, "draft")), "yes");
    bool kept = slice_is(word, "publish") || slice_is(word, "inherit") || !word.size;
    e->a->wr.declared_status = draft ? SLICE("draft") : word;
    if (slice_is(word, "trash"))
        article_set_text(e->a, ARTICLE_PUB_STATUS, SLICE("canceled"));
    else if (draft || !kept || is_furniture(e))
        article_set_text(e->a, ARTICLE_PUB_STATUS, SLICE("withheld"));
}

// ---- entries

static void
read_lists(struct entry *e)
{
    for (uint32_t i = 0; i < e->level.count; i++) {
        const struct feed_part *part = &e->level.parts[i];
        if (part->kind == FEED_CATEGORY)
            add_category(e, part->node);
        else if (part->kind == FEED_KEYWORDS)
            add_keywords(e, part->node);
        else if (part->kind == FEED_UNKNOWN)
            article_warn(e->a, "not-carried", part->node->name);
    }
}

static void
read_entry(struct entry *e)
{
    article_set_text(e->a, ARTICLE_TYPE, SLICE("text"));
    read_ids(e);
    feed_read_texts(e);
    read_times(e);
    read_language(e);
    feed_read_people(e);
    read_sources(e);
    read_rights(e);
    read_status(e);
    read_lists(e);
    feed_read_media(e);
}

// RFC 6721: the entry is gone.
static void
read_deleted(struct entry *e)
{
    struct slice by = ascii_trim(xml_attr(e->level.node, "ref"));
    struct slice when = ascii_trim(xml_attr(e->level.node, "when"));
    article_set_text(e->a, ARTICLE_URI, by);
    article_set_text(e->a, ARTICLE_PUB_STATUS, SLICE("canceled"));
    if (when.size)
        (void)date_set(e->a, ARTICLE_VERSION_CREATED, when, e->feed->input->zone);
    article_set_text(
        e->a, ARTICLE_ED_NOTE, feed_line(e, feed_part(&e->level, FEED_COMMENT)));
}

static bool
is_entry(enum feed_kind kind)
{
    return kind == FEED_ENTRY || kind == FEED_DELETED;
}

// An entry of which only the start was there is none.
static uint32_t
count_entries(const struct feed_level *level)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < level->count; i++)
        count += is_entry(level->parts[i].kind) && level->parts[i].node->whole;
    return count;
}

static void
add_entries(
    const struct feed *f, const struct feed_level *level, struct format_output *out)
{
    for (uint32_t i = 0; i < level->count; i++) {
        const struct feed_part *part = &level->parts[i];
        if (!is_entry(part->kind) || !part->node->whole)
            continue;
        struct entry e = {f, items_add(out, f->arena), feed_level_of(f, part->node)};
        if (!e.a)
            return;
        if (part->kind == FEED_DELETED)
            read_deleted(&e);
        else
            read_entry(&e);
    }
}

// What the document is: the root's name and version.
static struct slice
version_of(const struct feed *f)
{
    struct slice version = ascii_trim(xml_attr(f->root, "version"));
    struct slice space = f->root->space;
    if (f->wxr)
        version = feed_word(xml_first(f->channel.node, "wxr_version"));
    if (f->atom)
        return space.size && memmem(space.data, space.size, "2005", 4)
                   ? SLICE("atom 1.0")
                   : SLICE("atom 0.3");
    const char *dialect = f->wxr ? "wxr" : "rss";
    space = f->channel.node ? f->channel.node->space : space;
    if (slice_is(f->root->name, "RDF") && space.size)
        return memmem(space.data, space.size, "rss/1.0", 7) ? SLICE("rss 1.0")
                                                            : SLICE("rss 0.90");
    if (version.size == 0 || version.size > 8)
        return slice_str(dialect);
    return arena_printf(f->arena, "%s %.*s", dialect, SLICE_ARG(version));
}

static bool
named(struct slice name, const char *word)
{
    return name.size == strlen(word) &&
           strncasecmp((const char *)name.data, word, name.size) == 0;
}

// The head of the feed, by the root: <feed> is its own, an entry alone has none.
static bool
open_feed(struct feed *f)
{
    struct slice name = f->root->name;
    const struct xml_node *channel = NULL;
    f->atom = named(name, "feed") || named(name, "entry");
    if (named(name, "feed") || named(name, "channel"))
        channel = f->root;
    else if (named(name, "rss") || named(name, "rdf"))
        for (const struct xml_node *n = xml_first(f->root, NULL); n && !channel;
             n = xml_next(n, NULL))
            channel = feed_kind_of(f, n) == FEED_CHANNEL ? n : NULL;
    else if (!named(name, "entry") && !named(name, "item"))
        return false;
    f->channel = feed_level_of(f, channel);
    f->wxr = xml_first(channel, "wxr_version") != NULL;
    f->base = page_of(f, &f->channel, f->atom ? "self" : "alternate");
    return true;
}

// Entries stand in the channel, beside it (RSS 0.90 and 1.0), or are the root.
static void
read_entries(const struct feed *f, struct format_output *out)
{
    struct feed_part alone = {feed_kind_of(f, f->root), f->root};
    struct feed_level levels[] = {
        {.node = f->root, .parts = &alone, .count = 1},
        f->channel,
        f->channel.node == f->root ? (struct feed_level){0    }
        : feed_level_of(f, f->root),
    };
    uint32_t count = 0;
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
        count += count_entries(&levels[i]);
    if (count == 0 || !items_begin(out, count, f->arena))
        return;
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
        add_entries(f, &levels[i], out);
}

// "line 3 column 7", which the fault's words begin with.
static struct slice
place_of(const struct fault *fault, struct arena *arena)
{
    struct slice words = slice_str(fault->words);
    const uint8_t *colon = words.size ? memchr(words.data, ':', words.size) : NULL;
    return arena_copy(
        arena, colon ? slice_until(words, (size_t)(colon - words.data)) : words);
}

// Reads an ill-formed feed once more with its slips mended, and stays with that if it
// gets further. Not where two trees would fill the arena.
static void
mend(struct feed *f, struct slice text, const struct fault *fault, uint32_t *count)
{
    struct fault again = FAULT_NONE;
    if (fault->code != WIRE_ILL_FORMED || f->arena->used > f->arena->limit / 3)
        return;
    struct slice mended = feed_mend(text, f->arena, count);
    const struct xml_node *root = *count ? xml_parse(mended, f->arena, &again) : NULL;
    if (root && (!again.code || again.at > fault->at))
        f->root = root;
    else
        *count = 0;
}

static void
say(struct format_output *out, const struct feed *f, const struct fault *fault,
    uint32_t mended)
{
    struct slice version = version_of(f);
    struct slice place = fault->code ? place_of(fault, f->arena) : slice_of(NULL, 0);
    for (uint32_t i = 0; i < out->count; i++) {
        out->items[i]->wr.format_version = version;
        if (fault->code)
            article_warn(out->items[i], "ill-formed", place);
        if (mended)
            article_changed(out->items[i], "mended", "raw", mended);
    }
}

void
feed_read(const struct format_input *input, struct slice text, struct arena *arena,
    struct format_output *out)
{
    struct fault fault = FAULT_NONE;
    struct feed f = {.input = input, .arena = arena};
    uint32_t mended = 0;
    f.root = xml_parse(text, arena, &fault);
    mend(&f, text, &fault, &mended);
    if (f.root && open_feed(&f))
        read_entries(&f, out);
    else if (f.root && !fault.code)
        (void)fault_set(&out->fault, WIRE_INVALID, FAULT_NOWHERE, "",
            "the root element is none of a feed's: rss, rdf:RDF, feed, entry");
    if (out->count == 0 && fault.code && !out->fault.code)
        out->fault = fault;
    if (f.root)
        say(out, &f, &fault, mended);
}
