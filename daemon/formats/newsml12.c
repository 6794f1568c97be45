// NewsML 1.2: an envelope with NewsItems, each an article; those in packages, too. A delta
// to an earlier revision, a set of topics or a change of status alone is no article.
#include "formats/newsml12.h"

#include <strings.h>

#include "formats/entry.h"
#include "formats/readers.h"

bool
newsml12_word(struct slice text, const char *word)
{
    return text.size == strlen(word) &&
           strncasecmp((const char *)text.data, word, text.size) == 0;
}

struct slice
newsml12_formal(const struct xml_node *parent, const char *path)
{
    return xml_attr(xml_find(parent, path), "FormalName");
}

bool
newsml12_on_path(const struct newsml12 *n, const struct xml_node *component)
{
    for (uint32_t i = 0; i < n->path_count; i++)
        if (n->path[i] == component)
            return true;
    return false;
}

// Identification

static bool
ends_with(struct slice text, struct slice end)
{
    return text.size > end.size && end.size &&
           memcmp(text.data + text.size - end.size, end.data, end.size) == 0;
}

// A PublicIdentifier ends in ":" and the revision, behind which the standard has the letter
// of RevisionId@Update.
static struct slice
without_revision(struct newsml12 *n, struct slice id, const struct xml_node *revision)
{
    struct slice number = xml_line(revision, n->a->arena);
    struct slice update = xml_attr(revision, "Update");
    struct slice ends[2] = {
        arena_printf(n->a->arena, ":%.*s", SLICE_ARG(number)),
        arena_printf(n->a->arena, ":%.*s%.*s", SLICE_ARG(number), SLICE_ARG(update)),
    };
    for (size_t i = 0; number.size && i < 2; i++)
        if (ends_with(id, ends[i]))
            return slice_until(id, id.size - ends[i].size);
    return id;
}

static bool
contains(struct slice text, struct slice part)
{
    return part.size && text.size && memmem(text.data, text.size, part.data, part.size);
}

// urn:newsml:PROVIDER:DATE:ITEM (RFC 3085). A PublicIdentifier that lacks the NewsItemId is
// common to many items: the identity is then made of its parts.
struct slice
newsml12_uri(struct newsml12 *n, const struct xml_node *item, bool *made_out)
{
    struct arena *arena = n->a->arena;
    const struct xml_node *node = xml_find(item, "Identification/NewsIdentifier");
    struct slice provider = xml_line(xml_first(node, "ProviderId"), arena);
    struct slice date = xml_line(xml_first(node, "DateId"), arena);
    struct slice id = xml_line(xml_first(node, "NewsItemId"), arena);
    struct slice given = xml_line(xml_first(node, "PublicIdentifier"), arena);
    *made_out = id.size && !contains(given, id);
    if (*made_out)
        return arena_printf(arena, "urn:newsml:%.*s:%.*s:%.*s", SLICE_ARG(provider),
            SLICE_ARG(date), SLICE_ARG(id));
    return without_revision(n, given, xml_first(node, "RevisionId"));
}

static void
identify(struct newsml12 *n)
{
    struct arena *arena = n->a->arena;
    const struct xml_node *node = xml_find(n->item, "Identification/NewsIdentifier");
    struct slice given = xml_line(xml_first(node, "PublicIdentifier"), arena);
    bool made;
    struct slice uri = newsml12_uri(n, n->item, &made);
    if (made && given.size)
        article_warn(n->a, "identifier-incomplete", given);
    article_set_text(n->a, ARTICLE_URI, uri);
    article_set_text(
        n->a, ARTICLE_VERSION, xml_line(xml_first(node, "RevisionId"), arena));
    if (!slice_equal(uri, given))
        entry_add_id(n->a, "PublicIdentifier", given);
    entry_add_id(n->a, "NameLabel",
        xml_line(xml_find(n->item, "Identification/NameLabel"), arena));
}

// What is not read of the two, or says nothing that the rest does not.
static void
say_not_carried(struct newsml12 *n)
{
    static const char *const read[] = {"NewsIdentifier", "NameLabel", "NewsItemType",
        "FirstCreated", "ThisRevisionCreated", "Status", "StatusWillChange", "Urgency",
        "Instruction", "DerivedFrom", "AssociatedWith", "RevisionHistory"};
    static const char *const parents[] = {"Identification", "NewsManagement"};
    for (size_t p = 0; p < 2; p++) {
        const struct xml_node *at = xml_first(xml_first(n->item, parents[p]), NULL);
        for (; at; at = xml_next(at, NULL)) {
            bool known = xml_is(at, "Property") && p == 1; // said by its whole name
            for (size_t i = 0; i < sizeof read / sizeof *read; i++)
                known |= xml_is(at, read[i]);
            if (!known)
                article_warn(n->a, "not-carried", at->name);
        }
    }
}

// NewsManagement

static void
take_status(struct newsml12 *n, const struct xml_node *management)
{
    struct article *a = n->a;
    const struct xml_node *change = xml_first(management, "StatusWillChange");
    struct slice next = newsml12_formal(change, "FutureStatus");
    struct slice when = xml_line(xml_first(change, "DateAndTime"), a->arena);
    enum entry_status status = entry_status(a, newsml12_formal(management, "Status"));
    bool opens = change && (!next.size || newsml12_word(next, "usable"));
    if (status == ENTRY_EMBARGOED || (status == ENTRY_USABLE && opens))
        entry_embargo(a, opens ? when : slice_of(NULL, 0), n->input->zone);
    else if (change && newsml12_word(next, "canceled"))
        entry_time(a, ARTICLE_EXPIRES, when, n->input->zone);
    else if (change)
        article_warn(a, "not-carried", SLICE("StatusWillChange"));
}

static const struct {
    const char *word, *status; // status NULL: a correction
} instructions[] = {
    {"kill",          "canceled"},
    {"mandatorykill", "canceled"},
    {"cancel",        "canceled"},
    {"delete",        "canceled"},
    {"withdraw",      "canceled"},
    {"withhold",      "withheld"},
    {"hold",          "withheld"},
    {"correct",       NULL      },
    {"correction",    NULL      },
    {"corrective",    NULL      },
    {"rectify",       NULL      },
};

static void
correction(struct article *a)
{
    if (!a->correction)
        entry_put(a, article_add(a, ARTICLE_SIGNALS, 1), "name", SLICE("correction"));
    a->correction = true;
}

static void
take_instruction(struct newsml12 *n, const struct xml_node *node)
{
    struct slice word = xml_attr(node, "FormalName");
    for (size_t i = 0; i < sizeof instructions / sizeof *instructions; i++) {
        if (!newsml12_word(word, instructions[i].word))
            continue;
        if (!instructions[i].status)
            correction(n->a);
        else if (article_pub_status(n->a) != PUB_CANCELED)
            article_set_text(
                n->a, ARTICLE_PUB_STATUS, slice_str(instructions[i].status));
        return;
    }
    article_warn(n->a, "not-carried", SLICE("Instruction"));
}

static void
relate(struct newsml12 *n, const struct xml_node *management, const char *name,
    const char *role)
{
    uint32_t count = 0;
    for (const struct xml_node *at = xml_first(management, name); at;
         at = xml_next(at, name)) {
        struct slice other = xml_attr(at, "NewsItem");
        struct value *entry =
            other.size ? article_add(n->a, ARTICLE_ASSOCIATIONS, 2) : NULL;
        entry_put(
            n->a, entry, "name", arena_printf(n->a->arena, "%s%u", role, ++count));
        entry_put(n->a, entry, "uri", other);
    }
}

static void
take_urgency(struct newsml12 *n, const struct xml_node *management)
{
    struct slice urgency = newsml12_formal(management, "Urgency");
    if (!urgency.size)
        urgency = newsml12_formal(n->envelope, "Priority");
    entry_urgency(n->a, urgency);
}

void
newsml12_manage(struct newsml12 *n)
{
    struct article *a = n->a;
    const struct xml_node *management = xml_first(n->item, "NewsManagement");
    struct slice zone = n->input->zone,
                 type = newsml12_formal(management, "NewsItemType");
    identify(n);
    entry_time(a, ARTICLE_FIRST_CREATED,
        xml_line(xml_first(management, "FirstCreated"), a->arena), zone);
    entry_time(a, ARTICLE_VERSION_CREATED,
        xml_line(xml_first(management, "ThisRevisionCreated"), a->arena), zone);
    if (type.size <= article_rows[ARTICLE_PROFILE].limit)
        article_set_text(a, ARTICLE_PROFILE, type);
    a->advisory = newsml12_word(type, "Advisory");
    take_status(n, management);
    take_urgency(n, management);
    for (const struct xml_node *at = xml_first(management, "Instruction"); at;
         at = xml_next(at, "Instruction"))
        take_instruction(n, at);
    relate(n, management, "DerivedFrom", "derivedFrom");
    relate(n, management, "AssociatedWith", "associatedWith");
    if (xml_first(management, "Property"))
        article_warn(a, "not-carried", SLICE("NewsManagement.Property"));
    say_not_carried(n);
}

// What an item without a component is; NULL: an article after all, for a kill needs no
// content.
static const char *
no_article(const struct newsml12 *n)
{
    const struct xml_node *revision =
        xml_find(n->item, "Identification/NewsIdentifier/RevisionId");
    if (xml_first(n->item, "NewsComponent") || article_pub_status(n->a) != PUB_USABLE)
        return NULL;
    if (xml_first(n->item, "Update"))
        return "it changes parts of an earlier revision, without the whole";
    if (xml_first(n->item, "TopicSet"))
        return "it is a set of topics";
    if (newsml12_word(xml_attr(revision, "Update"), "A"))
        return "it changes how an earlier revision is managed, without its content";
    return NULL;
}

static void
read_item(struct newsml12 *n)
{
    newsml12_manage(n);
    const char *why = no_article(n);
    if (why) {
        (void)fault_set(&n->a->fault, WIRE_NOT_AN_ARTICLE, FAULT_NOWHERE, "",
            "line %u: %s", n->item->line, why);
        return;
    }
    if (!newsml12_parts(n))
        return;
    newsml12_lines(n);
    newsml12_describe(n);
    newsml12_content(n);
}

// NewsItems in the order of the document; those in a package after the one around them.
static const struct xml_node *
next_item(const struct xml_node *node, const struct xml_node *root)
{
    do {
        if (node->first)
            node = node->first;
        else {
            while (node != root && !node->next)
                node = node->parent;
            if (node == root)
                return NULL;
            node = node->next;
        }
    } while (!xml_is(node, "NewsItem"));
    return node;
}

static const struct xml_node *
first_item(const struct xml_node *root)
{
    return xml_is(root, "NewsItem") ? root : next_item(root, root);
}

static uint32_t
count_items(const struct xml_node *root)
{
    uint32_t count = 0;
    for (const struct xml_node *at = first_item(root); at; at = next_item(at, root))
        count++;
    return count;
}

static void
read_items(const struct format_input *input, const struct xml_node *root,
    struct arena *arena, struct format_output *out)
{
    const struct xml_node *envelope = xml_first(root, "NewsEnvelope");
    struct newsml12 *n = ARENA_NEW(arena, struct newsml12);
    struct slice version = xml_attr(root, "Version");
    for (const struct xml_node *at = first_item(root); at && n;
         at = next_item(at, root)) {
        *n = (struct newsml12){.input = input, .envelope = envelope, .item = at};
        if ((n->a = items_add(out, arena)) == NULL)
            return;
        n->a->wr.format_version = version;
        read_item(n);
    }
}

void
newsml12_read(const struct format_input *input, struct slice text, struct arena *arena,
    struct format_output *out)
{
    const struct xml_node *root = xml_parse(text, arena, &out->fault);
    if (out->fault.code || !root)
        return;
    if (!xml_is(root, "NewsML") && !xml_is(root, "NewsItem"))
        (void)fault_set(&out->fault, WIRE_INVALID, FAULT_NOWHERE, "",
            "line %u: the root element is not NewsML", root->line);
    else if (!first_item(root))
        (void)fault_set(&out->fault, WIRE_NOT_AN_ARTICLE, FAULT_NOWHERE, "",
            "there is no NewsItem");
    else if (items_begin(out, count_items(root), arena))
        read_items(input, root, arena, out);
}
