// NewsML-G2 (IPTC, 2.x): a newsMessage of items, or one item alone. A newsItem, packageItem,
// planningItem, conceptItem, knowledgeItem or catalogItem becomes an article each; those
// that carry no news say so by their type and are never for publication.
#include "formats/newsmlg2.h"

#include <stdio.h>
#include <strings.h>

#include "formats/blocks.h"
#include "formats/html.h"
#include "formats/nitf.h"
#include "formats/readers.h"
#include "formats/xml_body.h"

static const struct item_kind {
    const char *name, *type; // type: NULL, as its itemClass says
    bool news;
} kinds[] = {
    {"newsItem",      NULL,        true },
    {"packageItem",   "composite", true },
    {"planningItem",  "planning",  false},
    {"conceptItem",   "concept",   false},
    {"knowledgeItem", "knowledge", false},
    {"catalogItem",   "catalog",   false},
};

static const struct item_kind *
kind_of(const struct xml_node *node)
{
    for (size_t i = 0; node && i < sizeof kinds / sizeof *kinds; i++)
        if (slice_is(node->name, kinds[i].name))
            return &kinds[i];
    return NULL;
}

struct slice
g2_code(const struct xml_node *property)
{
    static const char *const names[] = {"qcode", "uri", "literal", "code"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct slice code = xml_attr(property, names[i]);
        if (code.size)
            return code;
    }
    return slice_of(NULL, 0);
}

struct slice
g2_local(struct slice code)
{
    for (size_t i = code.size; i > 0; i--)
        if (code.data[i - 1] == ':' || code.data[i - 1] == '/' ||
            code.data[i - 1] == '#')
            return slice_from(code, i);
    return code;
}

struct slice
g2_word(const struct xml_node *property, const char *name)
{
    char twin[24];
    struct slice code = xml_attr(property, name);
    if (!code.size && snprintf(twin, sizeof twin, "%suri", name) < (int)sizeof twin)
        code = xml_attr(property, twin);
    return g2_local(code);
}

// RFC 4647 §3.4 in little: en serves where en-GB is asked for, and the other way round.
int
g2_language_fits(struct slice have, struct slice want)
{
    size_t size = have.size < want.size ? have.size : want.size;
    struct slice longer = have.size < want.size ? want : have;
    if (size == 0)
        return 1;
    if (strncasecmp((const char *)have.data, (const char *)want.data, size) != 0)
        return 0;
    return longer.size == size ? 2 : longer.data[size] == '-';
}

void
g2_put(struct article *a, struct value *entry, const char *key, struct slice text)
{
    if (entry && text.size)
        value_set(entry, key, value_of_text(text), a->arena);
}

// ---- what the item is

static void
set_type(struct article *a, const struct item_kind *kind, const struct xml_node *node)
{
    struct slice word =
        g2_local(g2_code(xml_find(node, "itemMeta/itemClass")));
    struct slice concept = g2_local(g2_code(xml_find(node, "concept/type")));
    if (kind->type && slice_is(concept, "event"))
    word = concept; // an event is told as a concept, and has a type of its own
    else if (kind->type) word = slice_str(kind->type);
    article_set_text(a, ARTICLE_TYPE, word);
    a->advisory = !kind->news;
    a->bare = true; // it has an id of its own, and may be nothing but metadata
}

static void
set_identity(struct article *a, const struct xml_node *node)
{
    struct slice version = xml_attr(node, "standardversion");
    struct value *standard = article_add(a, ARTICLE_STANDARD, 2);
    g2_put(a, standard, "name", SLICE("NewsML-G2"));
    g2_put(a, standard, "version", version);
    a->wr.format_version = version;
    article_set_text(a, ARTICLE_URI, xml_attr(node, "guid"));
    article_set_text(a, ARTICLE_VERSION, xml_attr(node, "version"));
    article_set_text(a, ARTICLE_LANGUAGE, xml_attr(node, "lang"));
    if (xml_attr(node, "guid").size)
        return;
    (void)fault_set(&a->fault, WIRE_INVALID, FAULT_NOWHERE, "guid",
        "line %u: a %.*s has no guid", node->line, SLICE_ARG(node->name));
}

// ---- content

static bool
type_has(struct slice content_type, const char *word)
{
    return content_type.size &&
           memmem(content_type.data, content_type.size, word, strlen(word)) != NULL;
}

static bool
has_own_text(const struct xml_node *node)
{
    for (const struct xml_node *n = node->first; n; n = n->next)
        for (size_t i = 0; !n->name.size && i < n->text.size; i++)
            if (n->text.data[i] > ' ')
                return true;
    return false;
}

// A vocabulary that is not known: what stands among text is a part of its line, what
// stands among elements alone says something of its own.
static void
write_foreign(const struct xml_node *parent, struct blocks *b)
{
    bool mixed = has_own_text(parent);
    for (const struct xml_node *n = parent->first; n; n = n->next) {
        if (!n->name.size)
            blocks_text(b, n->text);
        else if (!mixed)
            blocks_text(b, SLICE(" "));
        write_foreign(n, b); // as deep as XML_DEPTH_MAX
    }
}

// The inner document of an inlineXML: XHTML, NITF, or a vocabulary of another kind, whose
// text alone is kept.
static void
read_inner(struct article *a, const struct xml_node *inline_xml)
{
    const struct xml_node *inner = xml_first(inline_xml, NULL);
    struct blocks *b = blocks_begin(a->arena);
    if (!b || (!inner && !xml_line(inline_xml, a->arena).size))
        return;
    bool known = type_has(xml_attr(inline_xml, "contenttype"), "html") ||
                 xml_is(inner, "html") || xml_is(inner, "p") || xml_is(inner, "div");
    if (!known && inner)
        article_warn(a, "foreign-content", inner->name);
    const struct xml_node *body = inner ? xml_find(inner, "body") : NULL;
    if (known || body || !inner)
        xml_body(body ? body : inline_xml, b);
    else
        write_foreign(inline_xml, b);
    struct blocks_done done = blocks_end(b);
    blocks_set(a, &done);
    struct slice title = xml_line(xml_find(inner, "head/title"), a->arena);
    if (!article_headline(a).size && title.size)
        article_add_headline(a, "main", title);
}

static void
read_inline_data(struct article *a, const struct xml_node *data)
{
    struct slice type = xml_attr(data, "contenttype");
    if (xml_attr(data, "encoding").size) { // base64 of a picture or the like
        article_warn(a, "not-carried", SLICE("inlineData"));
        return;
    }
    struct slice text = xml_text(data);
    struct html_done done = {.blocks.plain = text};
    if (type_has(type, "html"))
        done = html_blocks(text, a->arena);
    blocks_set(a, &done.blocks);
}

// Sizes are numbers in ninjs; what is none stays as it stands.
static struct value
number_or_text(struct slice text)
{
    int64_t n = 0;
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] < '0' || text.data[i] > '9' || i == 15)
            return value_of_text(text);
        else
            n = n * 10 + text.data[i] - '0';
    return value_of_int(n);
}

static void
read_remote(struct article *a, const struct xml_node *remote)
{
    static const struct {
        const char *attr, *key;
    } words[] =
        {
            {"href",        "href"       },
            {"contenttype", "contentType"},
            {"format",      "format"     },
            {"layout",      "layout"     },
            {"residref",    "residref"   },
            {"id",          "id"         },
            {"videocodec",  "videoCodec" },
            {"videoaspectratio", "aspectRatio"},
    },
      sizes[] = {
          {"size", "sizeInBytes"},
          {"width", "width"},
          {"height", "height"},
          {"duration", "duration"},
          {"videoframerate", "frameRate"},
      };
    struct value *r = article_add(a, ARTICLE_RENDITIONS, 14);
    g2_put(a, r, "name", g2_word(remote, "rendition"));
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        g2_put(a, r, words[i].key, xml_attr(remote, words[i].attr));
    for (size_t i = 0; r && i < sizeof sizes / sizeof *sizes; i++) {
        struct slice text = xml_attr(remote, sizes[i].attr);
        if (text.size)
            value_set(r, sizes[i].key, number_or_text(text), a->arena);
    }
}

static struct slice
language_of(const struct xml_node *member)
{
    struct slice language = xml_attr(member, "lang");
    return language.size ? language : xml_attr(xml_first(member, NULL), "lang");
}

// How well the text of a contentSet that fits best fits the language of the item.
static int
best_fit(struct slice want, const struct xml_node *set)
{
    int best = 0;
    for (const struct xml_node *n = xml_first(set, NULL); n; n = xml_next(n, NULL)) {
        int fits = slice_is(n->name, "remoteContent") || !xml_text(n).size
                       ? 0
                       : g2_language_fits(language_of(n), want);
        best = fits > best ? fits : best;
    }
    return best;
}

// Members of a contentSet are the same content in several forms: the first that has text
// in the language of the item is the body.
static void
read_content(
    struct article *a, const struct xml_node *item, const struct format_input *input)
{
    struct nitf nitf = {.a = a, .input = input};
    const struct xml_node *set = xml_first(item, "contentSet");
    struct slice want = article_text(a, ARTICLE_LANGUAGE);
    int best = best_fit(want, set);
    for (const struct xml_node *n = xml_first(set, NULL); n; n = xml_next(n, NULL)) {
        bool filled = a->field[ARTICLE_BODIES].type != WIRE_NIL ||
                      g2_language_fits(language_of(n), want) < best;
        if (slice_is(n->name, "remoteContent"))
            read_remote(a, n);
        else if (filled)
            article_warn(a, "alternative-content", n->name);
        else if (slice_is(n->name, "inlineXML") && xml_first(n, "nitf"))
            nitf_inner(&nitf, xml_first(n, "nitf"));
        else if (slice_is(n->name, "inlineXML"))
            read_inner(a, n);
        else if (slice_is(n->name, "inlineData"))
            read_inline_data(a, n);
    }
}

// ---- packages, plans, concepts

static void
associate(struct article *a, const struct xml_node *ref, struct slice role)
{
    struct value *entry = article_add(a, ARTICLE_ASSOCIATIONS, 8);
    struct slice uri = xml_attr(ref, "residref");
    if (!uri.size)
        uri = xml_attr(ref, "guidref");
    if (!uri.size)
        uri = xml_attr(ref, "href");
    if (!uri.size)
        uri = g2_code(ref); // of a conceptRef
    g2_put(a, entry, "name", role);
    g2_put(a, entry, "uri", uri);
    g2_put(a, entry, "version", xml_attr(ref, "version"));
    g2_put(a, entry, "type", g2_local(g2_code(xml_first(ref, "itemClass"))));
    g2_put(a, entry, "title", xml_line(xml_first(ref, "title"), a->arena));
    g2_put(a, entry, "headline", xml_line(xml_first(ref, "headline"), a->arena));
    g2_put(a, entry, "description", xml_line(xml_first(ref, "description"), a->arena));
}

static void
read_groups(struct article *a, const struct xml_node *item)
{
    const struct xml_node *set = xml_first(item, "groupSet");
    for (const struct xml_node *g = xml_first(set, "group"); g;
         g = xml_next(g, "group")) {
        struct slice role = g2_word(g, "role");
        if (!role.size)
            role = xml_attr(g, "id");
        for (const struct xml_node *r = xml_first(g, NULL); r; r = xml_next(r, NULL))
            if (slice_is(r->name, "itemRef") || slice_is(r->name, "conceptRef"))
                associate(a, r, role);
    }
    for (const struct xml_node *r = xml_first(item, "itemRef"); r;
         r = xml_next(r, "itemRef"))
        associate(a, r, slice_of(NULL, 0)); // as old packages have them
}

static void
read_coverage(struct article *a, const struct xml_node *coverage)
{
    const struct xml_node *plan = xml_first(coverage, "planning");
    struct value *entry = article_add(a, ARTICLE_ASSOCIATIONS, 8);
    g2_put(a, entry, "name", SLICE("coverage"));
    g2_put(a, entry, "uri", xml_attr(coverage, "id"));
    g2_put(a, entry, "type", g2_local(g2_code(xml_first(plan, "itemClass"))));
    g2_put(a, entry, "headline", xml_line(xml_first(plan, "headline"), a->arena));
    g2_put(a, entry, "description", xml_line(xml_first(plan, "description"), a->arena));
    g2_put(a, entry, "scheduled", xml_line(xml_first(plan, "scheduled"), a->arena));
    g2_put(a, entry, "edNote", xml_line(xml_first(plan, "edNote"), a->arena));
    const struct xml_node *delivery = xml_first(coverage, "delivery");
    const struct xml_node *ref = xml_first(delivery, "deliveredItemRef");
    for (; ref; ref = xml_next(ref, "deliveredItemRef"))
        associate(a, ref, SLICE("delivered"));
}

static void
read_concept(struct article *a, const struct xml_node *concept)
{
    struct slice id = g2_code(xml_first(concept, "conceptId"));
    struct value *alt = id.size ? article_add(a, ARTICLE_ALT_IDS, 2) : NULL;
    g2_put(a, alt, "role", SLICE("concept"));
    g2_put(a, alt, "value", id);
    struct slice name = g2_name(a, concept);
    if (name.size && !article_headline(a).size)
        article_add_headline(a, "main", name);
    struct slice words = xml_line(xml_first(concept, "definition"), a->arena);
    struct value *entry = words.size ? article_add(a, ARTICLE_DESCRIPTIONS, 2) : NULL;
    g2_put(a, entry, "role", SLICE("abstract"));
    g2_put(a, entry, "value", words);
}

static void
say_not_carried(struct article *a, const struct xml_node *item)
{
    static const char *const read[] = {"catalogRef", "catalog", "rightsInfo",
        "itemMeta", "contentMeta", "contentSet", "groupSet", "itemRef", "concept",
        "newsCoverageSet", "assert"};
    for (const struct xml_node *n = xml_first(item, NULL); n; n = xml_next(n, NULL)) {
        bool known = false;
        for (size_t i = 0; i < sizeof read / sizeof *read; i++)
            known |= slice_is(n->name, read[i]);
        if (!known)
            article_warn(a, "not-carried", n->name);
    }
}

static void
read_item(struct article *a, const struct item_kind *kind, const struct xml_node *item,
    const struct format_input *input)
{
    set_type(a, kind, item);
    set_identity(a, item);
    g2_management(a, item, input->zone);
    g2_description(a, item, input->zone);
    read_content(a, item, input);
    read_groups(a, item);
    const struct xml_node *set = xml_first(item, "newsCoverageSet");
    const struct xml_node *c = xml_first(set, "newsCoverage");
    for (; c; c = xml_next(c, "newsCoverage"))
        read_coverage(a, c);
    if (xml_first(item, "concept"))
        read_concept(a, xml_first(item, "concept"));
    say_not_carried(a, item);
}

// ---- the document

static uint32_t
count_items(const struct xml_node *set)
{
    uint32_t count = 0;
    for (const struct xml_node *n = xml_first(set, NULL); n; n = xml_next(n, NULL))
        count += kind_of(n) != NULL;
    return count;
}

static void
add_item(const struct format_input *input, const struct xml_node *node,
    struct arena *arena, struct format_output *out)
{
    struct article *a = kind_of(node) ? items_add(out, arena) : NULL;
    if (a)
        read_item(a, kind_of(node), node, input);
}

static void
read_message(const struct format_input *input, const struct xml_node *message,
    struct arena *arena, struct format_output *out)
{
    const struct xml_node *set = xml_first(message, "itemSet");
    uint32_t count = count_items(set);
    if (count == 0)
        (void)fault_set(&out->fault, WIRE_NO_ITEM, FAULT_NOWHERE, "itemSet",
            "line %u: the newsMessage carries no item", message->line);
    if (count == 0 || !items_begin(out, count, arena))
        return;
    for (const struct xml_node *n = xml_first(set, NULL); n; n = xml_next(n, NULL))
        add_item(input, n, arena, out);
}

void
newsmlg2_read(const struct format_input *input, struct slice text, struct arena *arena,
    struct format_output *out)
{
    const struct xml_node *root = xml_parse(text, arena, &out->fault);
    if (!root || out->fault.code)
        return;
    if (slice_is(root->name, "newsMessage"))
        read_message(input, root, arena, out);
    else if (!kind_of(root))
        (void)fault_set(&out->fault, WIRE_INVALID, FAULT_NOWHERE, "",
            "line %u: <%.*s> is not the root of a NewsML-G2 document", root->line,
            SLICE_ARG(slice_until(root->name, 40)));
    else if (items_begin(out, 1, arena))
        add_item(input, root, arena, out);
}
