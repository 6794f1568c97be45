// The metadata of a NewsML-G2 item: itemMeta manages it, contentMeta describes what it
// says, rightsInfo says what may be done with it. Each property has a row in a table that
// names its reader; a property without a row is said not to be carried.
#include "formats/blocks.h"
#include "formats/dateline.h"
#include "formats/dates.h"
#include "formats/entry.h"
#include "formats/newsmlg2.h"
#include "formats/xml_body.h"

struct reading {
    struct article *a;
    const struct xml_node *item;
    struct slice zone;
    const struct xml_node *main_headline; // of contentMeta; NULL: none
};
struct property {
    const char *name;
    void (*read)(const struct reading *r, const struct xml_node *node);
};

static struct slice
line_of(const struct reading *r, const struct xml_node *node)
{
    return xml_line(node, r->a->arena);
}

static bool
has_word(struct slice text, const char *word)
{
    return text.size && memmem(text.data, text.size, word, strlen(word)) != NULL;
}

struct slice
g2_name(const struct article *a, const struct xml_node *property)
{
    struct slice language = article_text(a, ARTICLE_LANGUAGE);
    struct slice best = slice_of(NULL, 0);
    int best_fits = -1;
    const struct xml_node *n = xml_first(property, "name");
    for (; n && best_fits < 2; n = xml_next(n, "name")) {
        struct slice name = xml_line(n, a->arena);
        int fits = g2_language_fits(xml_attr(n, "lang"), language);
        if (!name.size || fits <= best_fits)
            continue;
        best = name;
        best_fits = fits;
    }
    return best;
}

// ---- fields that take one text

static void
add_prose(
    const struct reading *r, enum article_field field, const struct xml_node *node)
{
    struct slice had = article_text(r->a, field), text = line_of(r, node);
    if (xml_first(node, NULL)) { // with markup of its own
        struct blocks *b = blocks_begin(r->a->arena);
        if (!b)
            return;
        xml_body(node, b);
        text = blocks_end(b).plain;
    }
    if (had.size && text.size)
        text =
            arena_printf(r->a->arena, "%.*s\n\n%.*s", SLICE_ARG(had), SLICE_ARG(text));
    if (text.size)
        article_set_text(r->a, field, text);
}

static void
read_ed_note(const struct reading *r, const struct xml_node *node)
{
    add_prose(r, ARTICLE_ED_NOTE, node);
}

static void
read_notice(const struct reading *r, const struct xml_node *node)
{
    add_prose(r, ARTICLE_COPYRIGHT_NOTICE, node);
}

static void
read_terms(const struct reading *r, const struct xml_node *node)
{
    add_prose(r, ARTICLE_USAGE_TERMS, node);
}

static void
read_holder(const struct reading *r, const struct xml_node *node)
{
    struct slice name = g2_name(r->a, node);
    article_set_text(r->a, ARTICLE_COPYRIGHT_HOLDER, name.size ? name : g2_code(node));
}

static void
read_slugline(const struct reading *r, const struct xml_node *node)
{
    struct slice text = line_of(r, node);
    if (text.size && !article_text(r->a, ARTICLE_SLUGLINE).size)
        article_set_text(r->a, ARTICLE_SLUGLINE, text);
    else if (text.size)
        article_warn(r->a, "not-carried", node->name);
}

static void
read_by(const struct reading *r, const struct xml_node *node)
{
    struct slice had = article_text(r->a, ARTICLE_BY), text = line_of(r, node);
    if (had.size && text.size)
        text = arena_printf(r->a->arena, "%.*s, %.*s", SLICE_ARG(had), SLICE_ARG(text));
    if (text.size)
        article_set_text(r->a, ARTICLE_BY, text);
}

static void
read_dateline(const struct reading *r, const struct xml_node *node)
{
    struct slice text = line_of(r, node);
    if (text.size && !r->a->wr.dateline.size)
        r->a->wr.dateline = text;
}

static void
read_profile(const struct reading *r, const struct xml_node *node)
{
    article_set_text(r->a, ARTICLE_PROFILE, line_of(r, node));
}

static void
read_language(const struct reading *r, const struct xml_node *node)
{
    struct slice tag = xml_attr(node, "tag");
    if (tag.size && !r->a->wr.declared_language.size) {
        r->a->wr.declared_language = tag;
        article_set_text(r->a, ARTICLE_LANGUAGE, tag);
    }
}

// ---- times, status, urgency

static void
set_date(const struct reading *r, enum article_field field, const struct xml_node *node)
{
    struct slice text = line_of(r, node);
    (void)date_set(r->a, field, text, r->zone); // what is no date is warned of there
}

static void
read_first_created(const struct reading *r, const struct xml_node *node)
{
    set_date(r, ARTICLE_FIRST_CREATED, node);
}

static void
read_version_created(const struct reading *r, const struct xml_node *node)
{
    set_date(r, ARTICLE_VERSION_CREATED, node);
}

static void
read_content_created(const struct reading *r, const struct xml_node *node)
{
    set_date(r, ARTICLE_CONTENT_CREATED, node);
}

static void
read_expires(const struct reading *r, const struct xml_node *node)
{
    set_date(r, ARTICLE_EXPIRES, node);
}

// An embargo without a moment holds until a later version lifts it (NewsML-G2
// Specification, embargoed: null): the item is withheld, as it is for one whose moment
// can't be read.
static void
read_embargoed(const struct reading *r, const struct xml_node *node)
{
    entry_embargo(r->a, line_of(r, node), r->zone);
}

// A word that is not known, or none where one is due, is no leave to publish. An embargo
// without end stands, but for a kill.
static void
read_status(const struct reading *r, const struct xml_node *node)
{
    struct slice code = xml_attr(node, "qcode");
    struct slice word = g2_local(code.size ? code : xml_attr(node, "uri"));
    bool held = article_pub_status(r->a) == PUB_WITHHELD || !word.size;
    enum entry_status status = entry_status(r->a, word);
    r->a->wr.declared_status = code.size ? code : word;
    if (!word.size)
        article_warn(r->a, "status-unknown", word);
    if (held && status != ENTRY_CANCELED)
        article_set_text(r->a, ARTICLE_PUB_STATUS, SLICE("withheld"));
}

static void
read_urgency(const struct reading *r, const struct xml_node *node)
{
    struct slice text = line_of(r, node);
    if (text.size == 1 && text.data[0] >= '1' && text.data[0] <= '9')
        article_set_number(r->a, ARTICLE_URGENCY, text.data[0] - '0');
    else if (text.size)
        article_warn(r->a, "bad-urgency", text);
}

static void
read_signal(const struct reading *r, const struct xml_node *node)
{
    struct slice word = g2_local(g2_code(node));
    g2_put(r->a, article_add(r->a, ARTICLE_SIGNALS, 2), "uri", g2_code(node));
    r->a->correction |= slice_is(word, "correction");
}

// ---- texts of which there may be several

// A headline is what its role says.
static const char *
headline_role(const struct xml_node *node)
{
    static const struct {
        const char *word, *role;
    } roles[] = {
        {"sub",      "sub"   },
        {"short",    "short" },
        {"kicker",   "kicker"},
        {"overline", "kicker"},
        {"strap",    "kicker"},
        {"deck",     "sub"   },
        {"title",    "title" },
    };
    struct slice role = g2_word(node, "role");
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        if (has_word(role, roles[i].word))
            return roles[i].role;
    return NULL;
}

// The first without a role, of those that fit the language of the item best, is the main
// one.
static const struct xml_node *
main_headline(const struct article *a, const struct xml_node *meta)
{
    const struct xml_node *best = NULL, *n = xml_first(meta, "headline");
    for (int best_fits = -1; n; n = xml_next(n, "headline")) {
        int fits =
            g2_language_fits(xml_attr(n, "lang"), article_text(a, ARTICLE_LANGUAGE));
        if (fits <= best_fits || headline_role(n) || !xml_line(n, a->arena).size)
            continue;
        best = n;
        best_fits = fits;
    }
    return best;
}

static void
read_headline(const struct reading *r, const struct xml_node *node)
{
    struct slice text = line_of(r, node);
    const char *role = headline_role(node);
    if (!role)
        role = node == r->main_headline ? "main" : "alternative";
    if (text.size)
        article_add_headline(r->a, role, text);
}

static void
read_description(const struct reading *r, const struct xml_node *node)
{
    struct slice text = line_of(r, node), role = g2_word(node, "role");
    struct value *entry = text.size ? article_add(r->a, ARTICLE_DESCRIPTIONS, 3) : NULL;
    g2_put(r->a, entry, "role",
        has_word(role, "caption") ? SLICE("caption") : SLICE("abstract"));
    g2_put(r->a, entry, "value", text);
}

static void
read_alt_id(const struct reading *r, const struct xml_node *node)
{
    struct slice id = line_of(r, node);
    struct value *entry = id.size ? article_add(r->a, ARTICLE_ALT_IDS, 3) : NULL;
    g2_put(r->a, entry, "role", xml_attr(node, "type"));
    g2_put(r->a, entry, "environment", xml_attr(node, "environment"));
    g2_put(r->a, entry, "value", id);
}

// ---- things that are named: subjects, places, sources, people

static bool
is_listed(const struct value *list, struct slice code)
{
    for (uint32_t i = 0; list->type == WIRE_ARRAY && i < list->list.count; i++)
        if (slice_equal(value_text(value_get(&list->list.items[i], "uri")), code) ||
            slice_equal(value_text(value_get(&list->list.items[i], "literal")), code))
            return true;
    return false;
}

// An assert says more about what a property names by code or literal.
static struct slice
asserted_name(const struct reading *r, struct slice code)
{
    const struct xml_node *n = xml_first(r->item, "assert");
    for (unsigned tries = 0; n && tries < 256; n = xml_next(n, "assert"), tries++)
        if (slice_equal(g2_code(n), code))
            return g2_name(r->a, n);
    return slice_of(NULL, 0);
}

static void
add_named(const struct reading *r, enum article_field field,
    const struct xml_node *node, const char *key, struct slice role)
{
    if (entry_full(r->a, field))
        return;
    struct slice code = g2_code(node), name = g2_name(r->a, node);
    bool literal = slice_equal(code, xml_attr(node, "literal"));
    if (code.size && !name.size)
        name = asserted_name(r, code);
    if (!code.size && !name.size)
        return;
    if (!role.size && code.size && is_listed(&r->a->field[field], code))
        return;
    struct value *entry = article_add(r->a, field, 5);
    g2_put(r->a, entry, literal ? "literal" : "uri", code);
    g2_put(r->a, entry, "name", name);
    g2_put(r->a, entry, key, role);
    g2_put(r->a, entry, "creator", xml_attr(node, "creator"));
}

static void
read_subject(const struct reading *r, const struct xml_node *node)
{
    static const struct {
        const char *type;
        enum article_field field;
    } kinds[] = {
        {"geoArea",      ARTICLE_PLACES       },
        {"poi",          ARTICLE_PLACES       },
        {"organisation", ARTICLE_ORGANISATIONS},
    };
    struct slice word = g2_word(node, "type");
    if (slice_is(word, "person")) {
        add_named(r, ARTICLE_PEOPLE, node, "rel", SLICE("subject"));
        return;
    }
    enum article_field field = ARTICLE_SUBJECTS;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (slice_is(word, kinds[i].type))
            field = kinds[i].field;
    bool thing = slice_is(word, "event") || slice_is(word, "object");
    add_named(r, field, node, "rel", thing ? word : slice_of(NULL, 0));
}

static void
read_keyword(const struct reading *r, const struct xml_node *node)
{
    struct slice text = line_of(r, node);
    struct value *entry = text.size ? article_add(r->a, ARTICLE_SUBJECTS, 2) : NULL;
    g2_put(r->a, entry, "literal", text);
    g2_put(r->a, entry, "rel", SLICE("keyword"));
}

static void
read_genre(const struct reading *r, const struct xml_node *node)
{
    add_named(r, ARTICLE_GENRES, node, "rel", slice_of(NULL, 0));
}

static void
read_provider(const struct reading *r, const struct xml_node *node)
{
    add_named(r, ARTICLE_INFO_SOURCES, node, "role", SLICE("provider"));
}

static void
read_info_source(const struct reading *r, const struct xml_node *node)
{
    struct slice role = g2_word(node, "role");
    add_named(
        r, ARTICLE_INFO_SOURCES, node, "role", role.size ? role : SLICE("source"));
}

static void
read_credit(const struct reading *r, const struct xml_node *node)
{
    struct slice text = line_of(r, node);
    struct value *entry = text.size ? article_add(r->a, ARTICLE_INFO_SOURCES, 2) : NULL;
    g2_put(r->a, entry, "name", text);
    g2_put(r->a, entry, "role", SLICE("credit"));
}

static void
read_creator(const struct reading *r, const struct xml_node *node)
{
    struct slice type = g2_word(node, "type");
    if (slice_is(type, "organisation"))
        add_named(r, ARTICLE_INFO_SOURCES, node, "role", node->name);
    else
        add_named(r, ARTICLE_PEOPLE, node, "rel", node->name);
}

static void
read_located(const struct reading *r, const struct xml_node *node)
{
    struct slice name = g2_name(r->a, node);
    if (!name.size)
        name = xml_attr(node, "literal");
    if (name.size && !article_text(r->a, ARTICLE_LOCATED).size)
        article_set_text(r->a, ARTICLE_LOCATED, name);
    add_named(r, ARTICLE_PLACES, node, "rel", SLICE("located"));
}

static void
read_link(const struct reading *r, const struct xml_node *node)
{
    static const char *const targets[] = {"residref", "guidref", "href"};
    struct slice uri = slice_of(NULL, 0), rel = g2_word(node, "rel");
    for (size_t i = 0; i < sizeof targets / sizeof *targets && !uri.size; i++)
        uri = xml_attr(node, targets[i]);
    if (!uri.size)
        return;
    struct value *entry = article_add(r->a, ARTICLE_ASSOCIATIONS, 5);
    g2_put(r->a, entry, "name", rel.size ? rel : SLICE("link"));
    g2_put(r->a, entry, "uri", uri);
    g2_put(r->a, entry, "version", xml_attr(node, "version"));
    g2_put(r->a, entry, "title", line_of(r, xml_first(node, "title")));
}

static void
pass_over(const struct reading *r, const struct xml_node *node)
{
    (void)r, (void)node; // read before, or it says nothing about the article
}

static const struct property management[] = {
    {"itemClass",      pass_over           },
    {"provider",       read_provider       },
    {"versionCreated", read_version_created},
    {"firstCreated",   read_first_created  },
    {"embargoed",      read_embargoed      },
    {"pubStatus",      read_status         },
    {"expires",        read_expires        },
    {"profile",        read_profile        },
    {"edNote",         read_ed_note        },
    {"signal",         read_signal         },
    {"link",           read_link           },
    {"title",          pass_over           },
    {"catalogRef",     pass_over           },
    {"generator",      pass_over           },
};
static const struct property description[] = {
    {"urgency",        read_urgency        },
    {"contentCreated", read_content_created},
    {"located",        read_located        },
    {"creator",        read_creator        },
    {"contributor",    read_creator        },
    {"infoSource",     read_info_source    },
    {"altId",          read_alt_id         },
    {"language",       read_language       },
    {"genre",          read_genre          },
    {"subject",        read_subject        },
    {"keyword",        read_keyword        },
    {"slugline",       read_slugline       },
    {"headline",       read_headline       },
    {"by",             read_by             },
    {"dateline",       read_dateline       },
    {"creditline",     read_credit         },
    {"description",    read_description    },
};
static const struct property rights[] = {
    {"copyrightHolder", read_holder},
    {"copyrightNotice", read_notice},
    {"usageTerms",      read_terms },
};

static void
read_all(const struct reading *r, const struct xml_node *parent,
    const struct property *rows, size_t count)
{
    for (const struct xml_node *n = xml_first(parent, NULL); n; n = xml_next(n, NULL)) {
        size_t i = 0;
        while (i < count && !slice_is(n->name, rows[i].name))
            i++;
        if (i < count)
            rows[i].read(r, n);
        else if (n->attrs_count || line_of(r, n).size)
            article_warn(r->a, "not-carried", n->name);
    }
}

void
g2_management(struct article *a, const struct xml_node *item, struct slice zone)
{
    struct reading r = {.a = a, .item = item, .zone = zone};
    article_set_text(a, ARTICLE_PUB_STATUS, SLICE("usable")); // the standard's default
    const struct xml_node *info = xml_first(item, "rightsInfo");
    for (; info; info = xml_next(info, "rightsInfo"))
        read_all(&r, info, rights, sizeof rights / sizeof *rights);
    read_all(&r, xml_first(item, "itemMeta"), management,
        sizeof management / sizeof *management);
}

void
g2_description(struct article *a, const struct xml_node *item, struct slice zone)
{
    struct reading r = {.a = a, .item = item, .zone = zone};
    const struct xml_node *meta = xml_first(item, "contentMeta");
    const struct xml_node *language = xml_first(meta, "language");
    if (language) // names in the language of the content come first
        read_language(&r, language);
    r.main_headline = main_headline(a, meta);
    read_all(&r, meta, description, sizeof description / sizeof *description);
    if (a->wr.dateline.size)
        (void)entry_set(a, ARTICLE_LOCATED, dateline_place(a->wr.dateline));
    // Lists show the title where there is no headline: it goes last, in a role of its own.
    struct slice title = line_of(&r, xml_find(item, "itemMeta/title"));
    if (title.size)
        article_add_headline(a, "title", title);
}
