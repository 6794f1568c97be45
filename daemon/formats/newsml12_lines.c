// What components say of the text: NewsLines and metadata, the outermost first. A line that
// is there once is the first one met on the path to the text.
#include "formats/dateline.h"
#include "formats/dates.h"
#include "formats/entry.h"
#include "formats/newsml12.h"

static struct slice
line_of(struct newsml12 *n, const struct xml_node *node)
{
    return xml_line(node, n->a->arena);
}

static bool
has_headline(const struct article *a)
{
    return a->field[ARTICLE_HEADLINES].type == WIRE_ARRAY;
}

static bool
has_this_headline(const struct article *a, struct slice text)
{
    const struct value *list = &a->field[ARTICLE_HEADLINES];
    for (uint32_t i = 0; has_headline(a) && i < list->list.count; i++)
        if (slice_equal(value_text(value_get(&list->list.items[i], "value")), text))
            return true;
    return false;
}

static void
take_headline(struct newsml12 *n, const struct xml_node *node)
{
    struct slice text = xml_flat(node, n->a->arena);
    if (!text.size || has_this_headline(n->a, text))
        return;
    bool sub = newsml12_word(node->name, "SubHeadLine");
    article_add_headline(n->a,
        sub                  ? "sub"
        : has_headline(n->a) ? "title"
                             : "main",
        text);
}

static void
take_byline(struct newsml12 *n, const struct xml_node *node)
{
    entry_join(n->a, ARTICLE_BY, line_of(n, node), ", ");
}

// A DateLine that is only a date, as some systems write, names no place.
static void
take_dateline(struct newsml12 *n, const struct xml_node *node)
{
    struct slice text = line_of(n, node);
    struct date_read date;
    if (!text.size || n->a->wr.dateline.size)
        return;
    n->a->wr.dateline = text;
    bool dated = date_read(text, &date) || (text.data[0] >= '0' && text.data[0] <= '9');
    if (!dated)
        (void)entry_set(n->a, ARTICLE_LOCATED, dateline_place(text));
}

static void
take_credit(struct newsml12 *n, const struct xml_node *node)
{
    struct concept c = {.name = line_of(n, node), .role = SLICE("credit")};
    concept_add(n->a, ARTICLE_INFO_SOURCES, &c);
}

static void
take_copyright(struct newsml12 *n, const struct xml_node *node)
{
    (void)entry_set(n->a, ARTICLE_COPYRIGHT_NOTICE, line_of(n, node));
}

static void
take_rights_line(struct newsml12 *n, const struct xml_node *node)
{
    entry_join(n->a, ARTICLE_USAGE_TERMS, line_of(n, node), "\n\n");
}

static void
add_subject(struct newsml12 *n, const char *rel, struct slice name)
{
    struct concept c = {.name = name, .rel = slice_str(rel)};
    concept_add(n->a, ARTICLE_SUBJECTS, &c);
}

static void
take_series(struct newsml12 *n, const struct xml_node *node)
{
    add_subject(n, "series", line_of(n, node));
}

static void
take_slugline(struct newsml12 *n, const struct xml_node *node)
{
    (void)entry_set(n->a, ARTICLE_SLUGLINE, line_of(n, node));
}

static void
take_keyword(struct newsml12 *n, const struct xml_node *node)
{
    add_subject(n, "keyword", line_of(n, node));
}

// NewsLines of a type of the sender's own: those that speak to editors are the note.
static void
take_news_line(struct newsml12 *n, const struct xml_node *node)
{
    static const char *const notes[] = {"AdvisoryLine", "CautionLine", "NoteLine",
        "EditorialNote", "EdNote", "EditorsNote", "Note", "Advisory", "Caution",
        "SpecialInstructions"};
    struct slice type = newsml12_formal(node, "NewsLineType");
    bool note = false, any = false;
    for (size_t i = 0; i < sizeof notes / sizeof *notes; i++)
        note |= newsml12_word(type, notes[i]);
    for (const struct xml_node *at = xml_first(node, "NewsLineText"); at;
         at = xml_next(at, "NewsLineText")) {
        struct slice text = line_of(n, at);
        any |= text.size != 0;
        if (note)
            entry_join(n->a, ARTICLE_ED_NOTE, text, "\n\n");
    }
    if (any && !note)
        article_warn(n->a, "not-carried", SLICE("NewsLine"));
}

typedef void take(struct newsml12 *n, const struct xml_node *node);
struct row {
    const char *name;
    take *take; // NULL: known, nothing to carry
};

static const struct row line_rows[] = {
    {"HeadLine",      take_headline   },
    {"SubHeadLine",   take_headline   },
    {"ByLine",        take_byline     },
    {"ByLineTitle",   take_byline     },
    {"DateLine",      take_dateline   },
    {"CreditLine",    take_credit     },
    {"CopyrightLine", take_copyright  },
    {"RightsLine",    take_rights_line},
    {"SeriesLine",    take_series     },
    {"SlugLine",      take_slugline   },
    {"KeywordLine",   take_keyword    },
    {"NewsLine",      take_news_line  },
    {NULL,            NULL            },
};

// Names without case: "Headline" is met.
static void
take_each(struct newsml12 *n, const struct xml_node *parent, const struct row *rows)
{
    for (const struct xml_node *at = xml_first(parent, NULL); at;
         at = xml_next(at, NULL)) {
        const struct row *row = rows;
        while (row->name && !newsml12_word(at->name, row->name))
            row++;
        if (!row->name)
            article_warn(n->a, "not-carried", at->name);
        else if (row->take)
            row->take(n, at);
    }
}

void
newsml12_lines(struct newsml12 *n)
{
    for (uint32_t i = 0; i < n->path_count; i++)
        take_each(n, xml_first(n->path[i], "NewsLines"), line_rows);
}

// AdministrativeMetadata

static void
take_parties(struct newsml12 *n, const struct xml_node *node)
{
    static const struct {
        const char *name, *role;
    } parties[] = {
        {"Provider",    "provider"   },
        {"Creator",     "creator"    },
        {"Source",      "source"     },
        {"Contributor", "contributor"},
    };
    for (const struct xml_node *at = xml_first(node, "Party"); at;
         at = xml_next(at, "Party")) {
        struct concept c = {
            .name = xml_attr(at, "FormalName"), .scheme = xml_attr(at, "Scheme")};
        for (size_t i = 0; i < sizeof parties / sizeof *parties; i++)
            if (xml_is(node, parties[i].name))
                c.role = slice_str(parties[i].role);
        concept_add(n->a, ARTICLE_INFO_SOURCES, &c);
    }
}

static const struct row administrative_rows[] = {
    {"Catalog",          NULL        },
    {"FileName",         NULL        },
    {"SystemIdentifier", NULL        },
    {"Provider",         take_parties},
    {"Creator",          take_parties},
    {"Source",           take_parties},
    {"Contributor",      take_parties},
    {NULL,               NULL        },
};

// RightsMetadata

static void
take_copyright_data(struct newsml12 *n, const struct xml_node *node)
{
    struct slice date = line_of(n, xml_first(node, "CopyrightDate"));
    (void)entry_set(
        n->a, ARTICLE_COPYRIGHT_HOLDER, line_of(n, xml_first(node, "CopyrightHolder")));
    if (date.size)
        entry_put(
            n->a, article_add(n->a, ARTICLE_RIGHTS_INFO, 1), "copyrightYear", date);
}

static void
take_usage(struct newsml12 *n, const struct xml_node *node)
{
    static const char *const names[][2] = {
        {"RightsHolder", "owner"    },
        {"StartDate",    "startDate"},
        {"EndDate",      "endDate"  },
        {"Geography",    "geography"},
        {"UsageType",    "type"     },
    };
    enum { NAMES = sizeof names / sizeof *names };
    struct slice texts[NAMES];
    bool any = false;
    entry_join(
        n->a, ARTICLE_USAGE_TERMS, line_of(n, xml_first(node, "Limitations")), "\n\n");
    for (size_t i = 0; i < NAMES; i++) {
        texts[i] = line_of(n, xml_first(node, names[i][0]));
        any |= texts[i].size != 0;
    }
    struct value *info = any ? article_add(n->a, ARTICLE_RIGHTS_INFO, NAMES) : NULL;
    for (size_t i = 0; i < NAMES; i++)
        entry_put(n->a, info, names[i][1], texts[i]);
}

static const struct row rights_rows[] = {
    {"Catalog",     NULL               },
    {"Copyright",   take_copyright_data},
    {"UsageRights", take_usage         },
    {NULL,          NULL               },
};

// DescriptiveMetadata

// Topics stand in TopicSets of the components, or of the document. Only so many are looked
// through for a name.
#define TOPICS_MAX 2000U
#define TOPICS_ASKED 1000U // lists are full long before

static const struct xml_node *
topic_in(
    const struct xml_node *holder, struct slice id, struct slice formal, uint32_t *left)
{
    for (const struct xml_node *set = xml_first(holder, "TopicSet"); set;
         set = *left ? xml_next(set, "TopicSet") : NULL)
        for (const struct xml_node *at = xml_first(set, "Topic"); at && *left;
             at = xml_next(at, "Topic")) {
            --*left;
            if (id.size && slice_equal(xml_attr(at, "Duid"), id))
                return at;
            if (formal.size &&
                slice_equal(xml_text(xml_first(at, "FormalName")), formal))
                return at;
        }
    return NULL;
}

static const struct xml_node *
find_topic(struct newsml12 *n, struct slice id, struct slice formal)
{
    uint32_t left = n->topics_asked++ < TOPICS_ASKED ? TOPICS_MAX : 0;
    const struct xml_node *found = NULL;
    for (uint32_t i = 0; !found && i < n->path_count; i++)
        found = topic_in(n->path[i], id, formal, &left);
    return found ? found : topic_in(n->item->parent, id, formal, &left);
}

// A topic's name in the language of the article, else the first it has that is a name.
static struct slice
topic_name(struct newsml12 *n, const struct xml_node *topic)
{
    struct slice language = article_text(n->a, ARTICLE_LANGUAGE);
    struct slice first = slice_of(NULL, 0);
    for (const struct xml_node *at = xml_first(topic, "Description"); at;
         at = xml_next(at, "Description")) {
        struct slice variant = xml_attr(at, "Variant"), lang = xml_attr(at, "lang");
        if (variant.size && !slice_is(variant, "Name"))
            continue;
        struct slice text = line_of(n, at);
        if (lang.size >= 2 && language.size >= 2 &&
            newsml12_word(slice_until(lang, 2),
                (const char[]){(char)language.data[0], (char)language.data[1], 0}))
            return text;
        if (!first.size)
            first = text;
    }
    return first;
}

static void
take_subjects(struct newsml12 *n, const struct xml_node *node)
{
    for (const struct xml_node *at = xml_first(node, NULL); at;
         at = xml_next(at, NULL)) {
        struct concept c = {
            .literal = xml_attr(at, "FormalName"), .scheme = xml_attr(at, "Scheme")};
        if (!c.literal.size)
            continue;
        c.name = topic_name(n, find_topic(n, slice_of(NULL, 0), c.literal));
        concept_add(n->a, ARTICLE_SUBJECTS, &c);
    }
}

static void
take_genre(struct newsml12 *n, const struct xml_node *node)
{
    struct concept c = {
        .name = xml_attr(node, "FormalName"), .scheme = xml_attr(node, "Scheme")};
    concept_add(n->a, ARTICLE_GENRES, &c);
}

static struct slice
property(const struct xml_node *parent, const char *name)
{
    for (const struct xml_node *at = xml_first(parent, "Property"); at;
         at = xml_next(at, "Property"))
        if (newsml12_word(xml_attr(at, "FormalName"), name))
            return xml_attr(at, "Value");
    return slice_of(NULL, 0);
}

static void
take_location(struct newsml12 *n, const struct xml_node *node)
{
    static const char *const names[] = {
        "SubLocation", "City", "Area", "CountryArea", "Country", "WorldRegion"};
    struct concept c = {.rel = xml_attr(node, "HowPresent")};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct slice part = property(node, names[i]);
        if (part.size && c.name.size)
            c.name = arena_printf(
                n->a->arena, "%.*s, %.*s", SLICE_ARG(c.name), SLICE_ARG(part));
        else if (part.size)
            c.name = part;
    }
    concept_add(n->a, ARTICLE_PLACES, &c);
    if (newsml12_word(c.rel, "Origin"))
        (void)entry_set(n->a, ARTICLE_LOCATED, property(node, "City"));
}

static const struct {
    const char *type;
    enum article_field field;
} topic_fields[] = {
    {"Person",       ARTICLE_PEOPLE       },
    {"Organization", ARTICLE_ORGANISATIONS},
    {"Organisation", ARTICLE_ORGANISATIONS},
    {"Company",      ARTICLE_ORGANISATIONS},
    {"Location",     ARTICLE_PLACES       },
    {"Country",      ARTICLE_PLACES       },
    {"City",         ARTICLE_PLACES       },
    {"Event",        ARTICLE_EVENTS       },
};

static void
take_occurrence(struct newsml12 *n, const struct xml_node *node)
{
    struct slice id = xml_attr(node, "Topic");
    if (id.size && id.data[0] == '#')
        id = slice_from(id, 1);
    const struct xml_node *topic = find_topic(n, id, slice_of(NULL, 0));
    struct slice type = newsml12_formal(topic, "TopicType");
    enum article_field field = ARTICLE_SUBJECTS;
    struct concept c = {.literal = line_of(n, xml_first(topic, "FormalName")),
        .scheme = xml_attr(xml_first(topic, "FormalName"), "Scheme"),
        .name = topic_name(n, topic),
        .rel = xml_attr(node, "HowPresent")};
    for (size_t i = 0; i < sizeof topic_fields / sizeof *topic_fields; i++)
        if (newsml12_word(type, topic_fields[i].type))
            field = topic_fields[i].field;
    if (field == ARTICLE_PEOPLE && !c.rel.size)
        c.rel = SLICE("subject");
    if (topic)
        concept_add(n->a, field, &c);
    else
        article_warn(n->a, "not-carried", SLICE("TopicOccurrence"));
}

static void
take_described(struct newsml12 *n, const struct xml_node *node)
{
    struct slice name = xml_attr(node, "FormalName");
    if (newsml12_word(name, "Keyword") || newsml12_word(name, "Keywords"))
        add_subject(n, "keyword", xml_attr(node, "Value"));
    else
        article_warn(n->a, "not-carried", SLICE("DescriptiveMetadata.Property"));
}

static void
take_dateline_date(struct newsml12 *n, const struct xml_node *node)
{
    if (n->a->field[ARTICLE_CONTENT_CREATED].type == WIRE_NIL)
        entry_time(n->a, ARTICLE_CONTENT_CREATED, line_of(n, node), n->input->zone);
}

static const struct row descriptive_rows[] = {
    {"Catalog",         NULL              },
    {"Language",        NULL              }, // first of all, below
    {"Genre",           take_genre        },
    {"SubjectCode",     take_subjects     },
    {"DateLineDate",    take_dateline_date},
    {"Location",        take_location     },
    {"TopicOccurrence", take_occurrence   },
    {"Property",        take_described    },
    {NULL,              NULL              },
};

// Described for the whole by the outermost; else the xml:lang nearest to the text.
static void
set_language(struct newsml12 *n)
{
    struct slice language = slice_of(NULL, 0);
    for (uint32_t i = 0; !language.size && i < n->path_count; i++)
        language = newsml12_formal(n->path[i], "DescriptiveMetadata/Language");
    if (!language.size && n->body)
        language = n->body->language;
    for (uint32_t i = n->path_count; !language.size && i > 0; i--)
        language = xml_attr(n->path[i - 1], "lang");
    if (!language.size)
        language = xml_attr(n->item, "lang");
    article_set_text(n->a, ARTICLE_LANGUAGE,
        language.size ? language : xml_attr(n->item->parent, "lang"));
}

void
newsml12_describe(struct newsml12 *n)
{
    set_language(n);
    for (uint32_t i = 0; i < n->path_count; i++) {
        const struct xml_node *at = n->path[i];
        take_each(n, xml_first(at, "AdministrativeMetadata"), administrative_rows);
        take_each(n, xml_first(at, "RightsMetadata"), rights_rows);
        take_each(n, xml_first(at, "DescriptiveMetadata"), descriptive_rows);
        if (xml_first(at, "Metadata"))
            article_warn(n->a, "not-carried", SLICE("Metadata"));
    }
}
