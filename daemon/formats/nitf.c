// NITF 3.x, the IPTC's News Industry Text Format: one document, one article. The names are
// those of the DTD; what has no field of its own in ninjs is named as not carried.
#include "formats/nitf.h"

#include "formats/entry.h"
#include "formats/readers.h"

typedef void take(struct nitf *n, const struct xml_node *node);

struct row {
    const char *name;
    take *take; // NULL: known, and nothing to carry
};

static void
take_each(struct nitf *n, const struct xml_node *parent, const struct row *rows)
{
    for (const struct xml_node *at = xml_first(parent, NULL); at;
         at = xml_next(at, NULL)) {
        const struct row *row = rows;
        while (row->name && !xml_is(at, row->name))
            row++;
        if (!row->name)
            article_warn(n->a, "not-carried", at->name);
        else if (row->take)
            row->take(n, at);
    }
}

static struct slice
joined(struct nitf *n, const struct xml_node *node, const char *const *names)
{
    struct slice out = slice_of(NULL, 0);
    for (; *names; names++) {
        struct slice part = xml_attr(node, *names);
        if (part.size && out.size)
            out = arena_printf(
                n->a->arena, "%.*s, %.*s", SLICE_ARG(out), SLICE_ARG(part));
        else if (part.size)
            out = part;
    }
    return out;
}

// docdata

static void
take_doc_id(struct nitf *n, const struct xml_node *node)
{
    (void)entry_set(n->a, ARTICLE_URI, xml_attr(node, "id-string"));
    struct concept c = {
        .name = xml_attr(node, "regsrc"), .role = SLICE("registration")};
    concept_add(n->a, ARTICLE_INFO_SOURCES, &c);
}

static void
take_correction(struct nitf *n, const struct xml_node *node)
{
    struct value *signal = article_add(n->a, ARTICLE_SIGNALS, 1);
    entry_put(n->a, signal, "name", SLICE("correction"));
    n->a->correction = true;
    entry_join(n->a, ARTICLE_ED_NOTE, xml_attr(node, "info"), "\n\n");
    entry_add_id(n->a, "corrects", xml_attr(node, "id-string"));
}

static void
take_evloc(struct nitf *n, const struct xml_node *node)
{
    static const char *const names[] = {
        "city", "county-dist", "state-prov", "iso-cc", NULL};
    struct concept c = {.name = joined(n, node, names), .rel = SLICE("event")};
    concept_add(n->a, ARTICLE_PLACES, &c);
}

static void
take_del_list(struct nitf *n, const struct xml_node *node)
{
    for (const struct xml_node *at = xml_first(node, "from-src"); at;
         at = xml_next(at, "from-src")) {
        struct concept c = {.name = xml_attr(at, "src-name"), .role = SLICE("sender")};
        concept_add(n->a, ARTICLE_INFO_SOURCES, &c);
    }
}

static void
take_urgency(struct nitf *n, const struct xml_node *node)
{
    entry_urgency(n->a, xml_attr(node, "ed-urg"));
}

static void
add_subject(struct nitf *n, const char *rel, struct slice literal, struct slice name)
{
    struct concept c = {.literal = literal, .name = name, .rel = slice_str(rel)};
    concept_add(n->a, ARTICLE_SUBJECTS, &c);
}

static void
take_fixture(struct nitf *n, const struct xml_node *node)
{
    add_subject(n, "fixture", xml_attr(node, "fix-id"), slice_of(NULL, 0));
}

// The document is a version: what is issued is this one. ninjs has no time of its own for
// the item's first issue here.
static void
take_issue(struct nitf *n, const struct xml_node *node)
{
    struct slice norm = xml_attr(node, "norm");
    if (!norm.size)
        norm = xml_line(node, n->a->arena);
    entry_time(n->a, ARTICLE_FIRST_CREATED, norm, n->input->zone);
    entry_time(n->a, ARTICLE_VERSION_CREATED, norm, n->input->zone);
}

static void
take_expire(struct nitf *n, const struct xml_node *node)
{
    entry_time(n->a, ARTICLE_EXPIRES, xml_attr(node, "norm"), n->input->zone);
}

static void
take_scope(struct nitf *n, const struct xml_node *node)
{
    add_subject(n, "scope", slice_of(NULL, 0), xml_attr(node, "scope"));
}

void
nitf_series(struct nitf *n, const struct xml_node *node)
{
    struct slice name = xml_attr(node, "series.name");
    struct value *entry = name.size ? article_add(n->a, ARTICLE_SUBJECTS, 4) : NULL;
    entry_put(n->a, entry, "name", name);
    entry_put(n->a, entry, "rel", SLICE("series"));
    entry_put(n->a, entry, "part", xml_attr(node, "series.part"));
    entry_put(n->a, entry, "totalPart", xml_attr(node, "series.totalpart"));
}

static void
take_ed_msg(struct nitf *n, const struct xml_node *node)
{
    entry_join(n->a, ARTICLE_ED_NOTE, xml_attr(node, "info"), "\n\n");
}

static void
take_du_key(struct nitf *n, const struct xml_node *node)
{
    (void)entry_set(n->a, ARTICLE_VERSION, xml_attr(node, "version"));
    entry_add_id(n->a, "du-key", xml_attr(node, "key"));
    if (xml_attr(node, "generation").size || xml_attr(node, "part").size)
        article_warn(n->a, "not-carried", SLICE("du-key"));
}

static void
take_copyright(struct nitf *n, const struct xml_node *node)
{
    (void)entry_set(n->a, ARTICLE_COPYRIGHT_HOLDER, xml_attr(node, "holder"));
    struct slice year = xml_attr(node, "year");
    struct value *info = year.size ? article_add(n->a, ARTICLE_RIGHTS_INFO, 1) : NULL;
    entry_put(n->a, info, "copyrightYear", year);
}

static void
take_doc_rights(struct nitf *n, const struct xml_node *node)
{
    static const char *const names[][2] = {
        {"owner",         "owner"       },
        {"startdate",     "startDate"   },
        {"enddate",       "endDate"     },
        {"agent",         "agent"       },
        {"geography",     "geography"   },
        {"location.code", "locationCode"},
        {"code-source",   "codeSource"  },
        {"type",          "type"        },
    };
    enum { NAMES = sizeof names / sizeof *names };
    entry_join(n->a, ARTICLE_USAGE_TERMS, xml_attr(node, "limitations"), "\n\n");
    bool any = false;
    for (size_t i = 0; i < NAMES; i++)
        any |= xml_attr(node, names[i][0]).size != 0;
    struct value *info = any ? article_add(n->a, ARTICLE_RIGHTS_INFO, NAMES) : NULL;
    for (size_t i = 0; i < NAMES; i++)
        entry_put(n->a, info, names[i][1], xml_attr(node, names[i][0]));
}

static void
take_keyword(struct nitf *n, const struct xml_node *node)
{
    struct slice key = xml_attr(node, "key");
    add_subject(
        n, "keyword", slice_of(NULL, 0), key.size ? key : xml_line(node, n->a->arena));
}

static void
take_key_list(struct nitf *n, const struct xml_node *node)
{
    for (const struct xml_node *at = xml_first(node, "keyword"); at;
         at = xml_next(at, "keyword"))
        take_keyword(n, at);
}

static void
identify(struct nitf *n, const struct xml_node *node, enum article_field field,
    const char *code, const char *source, struct slice rel)
{
    struct concept c = {.name = xml_line(node, n->a->arena),
        .literal = xml_attr(node, code),
        .creator = xml_attr(node, source),
        .rel = rel};
    concept_add(n->a, field, &c);
}

static void
take_person(struct nitf *n, const struct xml_node *node)
{
    identify(n, node, ARTICLE_PEOPLE, "value", "idsrc", SLICE("subject"));
}

static void
take_org(struct nitf *n, const struct xml_node *node)
{
    identify(n, node, ARTICLE_ORGANISATIONS, "value", "idsrc", slice_of(NULL, 0));
}

static void
take_location(struct nitf *n, const struct xml_node *node)
{
    identify(
        n, node, ARTICLE_PLACES, "location-code", "code-source", slice_of(NULL, 0));
}

static void
take_event(struct nitf *n, const struct xml_node *node)
{
    identify(n, node, ARTICLE_EVENTS, "value", "idsrc", slice_of(NULL, 0));
}

static void
take_object(struct nitf *n, const struct xml_node *node)
{
    identify(n, node, ARTICLE_OBJECTS, "value", "idsrc", slice_of(NULL, 0));
}

static void
take_classifier(struct nitf *n, const struct xml_node *node)
{
    struct slice type = xml_attr(node, "type");
    identify(n, node, ARTICLE_SUBJECTS, "value", "idsrc",
        type.size ? type : SLICE("classifier"));
}

static void
take_function(struct nitf *n, const struct xml_node *node)
{
    identify(n, node, ARTICLE_SUBJECTS, "value", "idsrc", SLICE("function"));
}

static const struct row identified_rows[] = {
    {"person",       take_person    },
    {"org",          take_org       },
    {"location",     take_location  },
    {"event",        take_event     },
    {"object.title", take_object    },
    {"classifier",   take_classifier},
    {"function",     take_function  },
    {"keyword",      take_keyword   },
    {NULL,           NULL           },
};

static void
take_identified(struct nitf *n, const struct xml_node *node)
{
    take_each(n, node, identified_rows);
}

static const struct row docdata_rows[] = {
    {"doc-id",             take_doc_id    },
    {"correction",         take_correction},
    {"evloc",              take_evloc     },
    {"del-list",           take_del_list  },
    {"urgency",            take_urgency   },
    {"fixture",            take_fixture   },
    {"date.issue",         take_issue     },
    {"date.release",       NULL           }, // with the status, below
    {"date.expire",        take_expire    },
    {"doc-scope",          take_scope     },
    {"series",             nitf_series    },
    {"ed-msg",             take_ed_msg    },
    {"du-key",             take_du_key    },
    {"doc.copyright",      take_copyright },
    {"doc.rights",         take_doc_rights},
    {"key-list",           take_key_list  },
    {"identified-content", take_identified},
    {NULL,                 NULL           },
};

// NITF 3.x, docdata@management-status: an embargo ends at date.release, which says nothing
// of its own where there is none. @management-doc-idref is the document whose status this
// one sets; that is another item, which this article can only name.
static void
take_status(struct nitf *n, const struct xml_node *docdata)
{
    struct slice release = xml_attr(xml_first(docdata, "date.release"), "norm");
    struct slice issue = xml_attr(xml_first(docdata, "date.issue"), "norm");
    struct slice other = xml_attr(docdata, "management-doc-idref");
    struct slice status = xml_attr(docdata, "management-status");
    if (entry_status(n->a, status) == ENTRY_EMBARGOED)
        entry_embargo(n->a, release, n->input->zone);
    else if (release.size && !slice_equal(release, issue))
        article_warn(n->a, "not-carried", SLICE("date.release"));
    entry_add_id(n->a, "management-doc-idref", other);
    if (other.size && !slice_equal(other, article_text(n->a, ARTICLE_URI)))
        article_warn(n->a, "not-carried", SLICE("management-idref-status"));
}

static void
take_docdata(struct nitf *n, const struct xml_node *docdata)
{
    take_each(n, docdata, docdata_rows);
    take_status(n, docdata);
}

// The rest of the head

static void
take_tobject_subject(struct nitf *n, const struct xml_node *node)
{
    static const char *const names[] = {"tobject.subject.detail",
        "tobject.subject.matter", "tobject.subject.type", "tobject.subject.code"};
    struct concept c = {.literal = xml_attr(node, "tobject.subject.refnum"),
        .scheme = xml_attr(node, "tobject.subject.ipr")};
    for (size_t i = 0; !c.name.size && i < sizeof names / sizeof *names; i++)
        c.name = xml_attr(node, names[i]);
    concept_add(n->a, ARTICLE_SUBJECTS, &c);
}

static void
take_tobject_property(struct nitf *n, const struct xml_node *node)
{
    struct concept c = {.name = xml_attr(node, "tobject.property.type")};
    concept_add(n->a, ARTICLE_GENRES, &c);
}

static const struct row tobject_rows[] = {
    {"tobject.subject",  take_tobject_subject },
    {"tobject.property", take_tobject_property},
    {NULL,               NULL                 },
};

// IPTC-NAA object types, which tobject.type comes from: news, data, advisory.
static void
take_tobject(struct nitf *n, const struct xml_node *node)
{
    struct slice type = xml_attr(node, "tobject.type");
    take_each(n, node, tobject_rows);
    n->a->advisory |= slice_is(type, "advisory") || slice_is(type, "Advisory");
    if (type.size <= article_rows[ARTICLE_PROFILE].limit)
        (void)entry_set(n->a, ARTICLE_PROFILE, type);
    else
        article_warn(n->a, "not-carried", SLICE("tobject.type"));
}

static void
take_pubdata(struct nitf *n, const struct xml_node *node)
{
    struct concept c = {.name = xml_attr(node, "name"), .role = SLICE("publication")};
    concept_add(n->a, ARTICLE_INFO_SOURCES, &c);
    add_subject(n, "section", slice_of(NULL, 0), xml_attr(node, "position.section"));
    entry_add_id(n->a, "ex-ref", xml_attr(node, "ex-ref"));
    if (!c.name.size && !xml_attr(node, "position.section").size)
        article_warn(n->a, "not-carried", node->name);
}

// revision-history@function
static const struct {
    const char *function, *rel;
} functions[] = {
    {"writer-author", "author"      },
    {"photographer",  "photographer"},
    {"editor",        "editor"      },
};

static void
take_revision(struct nitf *n, const struct xml_node *node)
{
    struct slice function = xml_attr(node, "function");
    struct concept c = {.name = xml_attr(node, "name")};
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        if (slice_is(function, functions[i].function))
            c.rel = slice_str(functions[i].rel);
    if (!c.rel.size)
        c.rel = function.size ? function : SLICE("contributor");
    concept_add(n->a, ARTICLE_PEOPLE, &c);
}

static const struct row head_rows[] = {
    {"title",            NULL         }, // once it is known whether there is a headline
    {"tobject",          take_tobject },
    {"docdata",          take_docdata },
    {"pubdata",          take_pubdata },
    {"revision-history", take_revision},
    {NULL,               NULL         },
};

// hl1, else title; a title that says something else is kept beside the headline.
static void
take_title(struct nitf *n, const struct xml_node *title)
{
    struct slice text = xml_flat(title, n->a->arena);
    bool headed = n->a->field[ARTICLE_HEADLINES].type == WIRE_ARRAY;
    if (text.size && !slice_equal(text, article_headline(n->a)))
        article_add_headline(n->a, headed ? "title" : "main", text);
}

static struct slice
language_of(const struct xml_node *nitf)
{
    const struct xml_node *body = xml_first(nitf, "body");
    struct slice out = xml_attr(nitf, "baselang");
    if (!out.size)
        out = xml_attr(nitf, "lang");
    if (!out.size)
        out = xml_attr(body, "lang");
    return out.size ? out : xml_attr(xml_first(body, "body.content"), "lang");
}

// "-//IPTC//DTD NITF 3.6//EN" is 3.6.
static struct slice
version_of(const struct xml_node *nitf)
{
    struct slice text = xml_attr(nitf, "version");
    const uint8_t *at = text.size ? memmem(text.data, text.size, "NITF ", 5) : NULL;
    if (!at)
        return text;
    text = slice_from(text, (size_t)(at - text.data) + 5);
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] == '/' || text.data[i] == ' ')
            return slice_until(text, i);
    return text;
}

static void
read_nitf(struct nitf *n, const struct xml_node *nitf)
{
    const struct xml_node *head = xml_first(nitf, "head");
    article_set_text(n->a, ARTICLE_TYPE, SLICE("text"));
    article_set_text(n->a, ARTICLE_LANGUAGE, language_of(nitf));
    n->a->wr.format_version = version_of(nitf);
    take_each(n, head, head_rows);
    nitf_body(n, xml_first(nitf, "body"));
    take_title(n, xml_first(head, "title"));
    if (!entry_set(n->a, ARTICLE_URI, xml_attr(nitf, "uno")))
        entry_add_id(n->a, "uno", xml_attr(nitf, "uno"));
}

void
nitf_read(const struct format_input *input, struct slice text, struct arena *arena,
    struct format_output *out)
{
    const struct xml_node *root = xml_parse(text, arena, &out->fault);
    struct nitf n = {.input = input};
    if (out->fault.code || !root)
        return;
    if (!xml_is(root, "nitf")) {
        (void)fault_set(&out->fault, WIRE_INVALID, FAULT_NOWHERE, "",
            "line %u: the root element is not nitf", root->line);
        return;
    }
    if (items_begin(out, 1, arena) && (n.a = items_add(out, arena)) != NULL)
        read_nitf(&n, root);
}
