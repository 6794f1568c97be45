// The body of NITF 3.x: head lines, notes and the text itself. What the DTD's element
// means decides the field; the text alone goes to the writer of blocks.
#include "formats/dateline.h"
#include "formats/dates.h"
#include "formats/entry.h"
#include "formats/html.h"
#include "formats/nitf.h"
#include "formats/xml_body.h"

#define NOTES_MAX 500U // each is written by a writer of its own

static struct slice
blocks_of(struct nitf *n, const struct xml_node *node)
{
    if (n->notes++ >= NOTES_MAX) {
        article_warn(n->a, "not-carried", node->name);
        return slice_of(NULL, 0);
    }
    struct blocks *b = blocks_begin(n->a->arena);
    if (!node || !b)
        return slice_of(NULL, 0);
    xml_body(node, b);
    return blocks_end(b).plain;
}

static bool
has_headline(const struct article *a)
{
    return a->field[ARTICLE_HEADLINES].type == WIRE_ARRAY;
}

static void
add_headline(struct article *a, const char *role, struct slice text)
{
    const struct value *list = &a->field[ARTICLE_HEADLINES];
    if (entry_full(a, ARTICLE_HEADLINES))
        return;
    for (uint32_t i = 0; has_headline(a) && i < list->list.count; i++)
        if (slice_equal(value_text(value_get(&list->list.items[i], "value")), text))
            return;
    article_add_headline(a, role, text);
}

static void
take_hedline(struct nitf *n, const struct xml_node *hedline)
{
    bool given = has_headline(n->a); // by what this document stands in
    for (const struct xml_node *hl = xml_first(hedline, NULL); hl;
         hl = xml_next(hl, NULL)) {
        struct slice text = xml_flat(hl, n->a->arena);
        bool first = xml_is(hl, "hl1"), main = first && !has_headline(n->a);
        if (text.size && ((first && !given) || xml_is(hl, "hl2")))
            add_headline(n->a, main ? "main" : "sub", text);
    }
    struct slice bare = xml_flat(hedline, n->a->arena);
    if (bare.size && !has_headline(n->a))
        article_add_headline(n->a, "main", bare);
}

static void
take_people(struct nitf *n, const struct xml_node *byline)
{
    for (const struct xml_node *person = xml_first(byline, "person"); person;
         person = xml_next(person, "person")) {
        struct concept c = {.name = xml_line(person, n->a->arena),
            .literal = xml_attr(person, "value"),
            .creator = xml_attr(person, "idsrc"),
            .rel = SLICE("author")};
        concept_add(n->a, ARTICLE_PEOPLE, &c);
    }
}

// Archives tell a byline twice, as printed and as a name to sort by.
static bool
is_sorted_name(const struct xml_node *byline)
{
    struct slice class = xml_attr(byline, "class");
    return class.size && memmem(class.data, class.size, "normalized", 10);
}

static void
take_byline(struct nitf *n, const struct xml_node *byline, bool given)
{
    if (given)
        return;
    if (is_sorted_name(byline)) {
        struct concept c = {
            .name = xml_line(byline, n->a->arena), .rel = SLICE("author")};
        concept_add(n->a, ARTICLE_PEOPLE, &c);
        return;
    }
    entry_join(n->a, ARTICLE_BY, xml_line(byline, n->a->arena), ", ");
    take_people(n, byline);
}

// The place of a dateline: its locations; where there is none, its text but for the date.
static struct slice
place_of(struct nitf *n, const struct xml_node *dateline, struct slice printed)
{
    const struct xml_node *location = xml_first(dateline, "location");
    struct slice day = xml_line(xml_first(dateline, "story.date"), n->a->arena);
    if (location)
        return xml_line(location, n->a->arena);
    if (day.size && printed.size > day.size &&
        memcmp(printed.data + printed.size - day.size, day.data, day.size) == 0)
        printed.size -= day.size;
    return dateline_place(printed);
}

static void
take_dateline(struct nitf *n, const struct xml_node *dateline)
{
    struct article *a = n->a;
    struct slice printed = xml_line(dateline, a->arena);
    if (!printed.size)
        return;
    if (!a->wr.dateline.size)
        a->wr.dateline = printed;
    else if (a->field[ARTICLE_LOCATED].type != WIRE_NIL)
        return;
    (void)entry_set(a, ARTICLE_LOCATED, place_of(n, dateline, printed));
    struct slice norm = xml_attr(xml_first(dateline, "story.date"), "norm");
    if (a->field[ARTICLE_CONTENT_CREATED].type == WIRE_NIL)
        entry_time(a, ARTICLE_CONTENT_CREATED, norm, n->input->zone);
}

// NITF, note@type: std and pa may be published, npa may not; @noteclass says what it is.
static void
take_note(struct nitf *n, const struct xml_node *note)
{
    struct slice class = xml_attr(note, "noteclass"), text = blocks_of(n, note);
    if (slice_is(xml_attr(note, "type"), "npa") || slice_is(class, "editorsnote"))
        entry_join(n->a, ARTICLE_ED_NOTE, text, "\n\n");
    else if (slice_is(class, "cpyrt"))
        entry_join(n->a, ARTICLE_COPYRIGHT_NOTICE, text, "\n\n");
    else
        entry_add_description(n->a, "note", text);
}

static void
take_rights(struct nitf *n, const struct xml_node *rights)
{
    entry_join(n->a, ARTICLE_COPYRIGHT_NOTICE, xml_line(rights, n->a->arena), "\n\n");
}

static void
take_distributor(struct nitf *n, const struct xml_node *distributor)
{
    const struct xml_node *org = xml_first(distributor, "org");
    struct concept c = {.name = xml_line(distributor, n->a->arena),
        .literal = xml_attr(org, "value"),
        .creator = xml_attr(org, "idsrc"),
        .role = SLICE("distributor")};
    concept_add(n->a, ARTICLE_INFO_SOURCES, &c);
}

static void
take_head_part(struct nitf *n, const struct xml_node *part, bool byline_given)
{
    if (xml_is(part, "hedline"))
        take_hedline(n, part);
    else if (xml_is(part, "note"))
        take_note(n, part);
    else if (xml_is(part, "rights"))
        take_rights(n, part);
    else if (xml_is(part, "byline"))
        take_byline(n, part, byline_given);
    else if (xml_is(part, "distributor"))
        take_distributor(n, part);
    else if (xml_is(part, "dateline"))
        take_dateline(n, part);
    else if (xml_is(part, "abstract"))
        entry_add_description(n->a, "abstract", blocks_of(n, part));
    else if (xml_is(part, "series"))
        nitf_series(n, part);
    else
        article_warn(n->a, "not-carried", part->name);
}

static void
take_head(struct nitf *n, const struct xml_node *head)
{
    bool byline_given = n->a->field[ARTICLE_BY].type != WIRE_NIL;
    for (const struct xml_node *part = xml_first(head, NULL); part;
         part = xml_next(part, NULL))
        take_head_part(n, part, byline_given);
}

static const struct {
    const char *word, *type;
} media_types[] = {
    {"image", "picture"},
    {"photo", "picture"},
    {"audio", "audio"  },
    {"video", "video"  },
    {"text",  "text"   },
};

// "image" of media@media-type, or of a MIME type.
static struct slice
media_type(struct slice word)
{
    for (size_t i = 0; i < sizeof media_types / sizeof *media_types; i++)
        if (slice_starts(word, slice_str(media_types[i].word)))
            return slice_str(media_types[i].type);
    return slice_of(NULL, 0);
}

// Widths and heights are numbers where they are numbers, else as given.
static void
put_size(struct nitf *n, struct value *map, const char *key, struct slice text)
{
    int64_t number = 0;
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '9' || i > 8) {
            entry_put(n->a, map, key, text);
            return;
        }
        number = number * 10 + (text.data[i] - '0');
    }
    if (text.size)
        value_set(map, key, value_of_int(number), n->a->arena);
}

static void
put_rendition(struct nitf *n, struct value *out, const struct xml_node *ref)
{
    struct slice source = xml_attr(ref, "source");
    *out = value_map(n->a->arena, 9);
    entry_put(n->a, out, "name", xml_attr(ref, "name"));
    entry_put(n->a, out, "href", source.size ? source : xml_attr(ref, "src"));
    entry_put(n->a, out, "contentType", xml_attr(ref, "mime-type"));
    entry_put(n->a, out, "title", xml_attr(ref, "alternate-text"));
    put_size(n, out, "width", xml_attr(ref, "width"));
    put_size(n, out, "height", xml_attr(ref, "height"));
    entry_put(n->a, out, "duration", xml_attr(ref, "time"));
    entry_put(n->a, out, "credit", xml_attr(ref, "source-credit"));
    entry_put(n->a, out, "copyrightNotice", xml_attr(ref, "copyright"));
}

static uint32_t
count_of(const struct xml_node *parent, const char *name)
{
    uint32_t count = 0;
    for (const struct xml_node *at = xml_first(parent, name); at;
         at = xml_next(at, name))
        count++;
    return count;
}

static void
put_renditions(struct nitf *n, struct value *item, const struct xml_node *media)
{
    uint32_t count = count_of(media, "media-reference");
    struct value list = value_list(n->a->arena, count ? count : 1);
    uint32_t i = 0;
    if (!list.list.items)
        return;
    if (count == 0) // an img, as in HTML
        put_rendition(n, &list.list.items[0], media);
    for (const struct xml_node *ref = xml_first(media, "media-reference"); ref;
         ref = xml_next(ref, "media-reference"))
        put_rendition(n, &list.list.items[i++], ref);
    value_set(item, "renditions", list, n->a->arena);
}

static void
put_list_of_one(struct nitf *n, struct value *item, const char *key,
    const char *role_key, const char *role, const char *text_key, struct slice text)
{
    struct value list = value_list(n->a->arena, text.size ? 1 : 0);
    if (!text.size || !list.list.items)
        return;
    struct value *entry = &list.list.items[0];
    *entry = value_map(n->a->arena, 2);
    entry_put(n->a, entry, role_key, slice_str(role));
    entry_put(n->a, entry, text_key, text);
    value_set(item, key, list, n->a->arena);
}

// All captions of a media, one text.
static struct slice
captions_of(struct nitf *n, const struct xml_node *media)
{
    struct blocks *b = blocks_begin(n->a->arena);
    for (const struct xml_node *at = xml_first(media, "media-caption"); at && b;
         at = xml_next(at, "media-caption")) {
        blocks_open(b, SLICE("div"), slice_of(NULL, 0));
        xml_body(at, b);
        blocks_close(b, SLICE("div"));
    }
    return b ? blocks_end(b).plain : slice_of(NULL, 0);
}

static void
take_media(struct nitf *n, const struct xml_node *media)
{
    struct article *a = n->a;
    const struct xml_node *ref = xml_first(media, "media-reference");
    struct slice word = xml_attr(media, "media-type"), type;
    struct value *item = article_add(a, ARTICLE_ASSOCIATIONS, 8);
    if (!item)
        return;
    type = media_type(word.size ? word : xml_attr(ref, "mime-type"));
    if (xml_is(media, "img"))
        type = SLICE("picture");
    entry_put(a, item, "name", arena_printf(a->arena, "media%u", ++n->media));
    entry_put(a, item, "type", type);
    entry_put(a, item, "copyrightNotice", xml_attr(ref, "copyright"));
    struct slice producer = xml_line(xml_first(media, "media-producer"), a->arena);
    entry_put(a, item, "by", producer);
    put_list_of_one(
        n, item, "descriptions", "role", "caption", "value", captions_of(n, media));
    put_renditions(n, item, media);
    if (xml_first(media, "media-object"))
        article_warn(a, "not-carried", SLICE("media-object"));
}

// Media and notes to editors stand anywhere in the text, and are not it.
static void
take_asides(struct nitf *n, const struct xml_node *node)
{
    for (const struct xml_node *at = xml_first(node, NULL); at;
         at = xml_next(at, NULL)) {
        if (xml_is(at, "media") || xml_is(at, "img"))
            take_media(n, at);
        else if (xml_body_is_aside(at))
            take_note(n, at);
        else
            take_asides(n, at); // as deep as XML_DEPTH_MAX
    }
}

// Markup in CDATA, or escaped: some systems know no better place for their HTML.
static bool
is_markup(const struct xml_node *content)
{
    struct slice text = content->text;
    while (text.size && text.data[0] <= ' ')
        text = slice_from(text, 1);
    return !xml_first(content, NULL) && text.size > 3 && text.data[0] == '<' &&
           (slice_starts(text, SLICE("<p")) || memmem(text.data, text.size, "</p>", 4));
}

void
nitf_content(struct nitf *n, const struct xml_node *from)
{
    if (is_markup(from)) {
        struct html_done html = html_blocks(from->text, n->a->arena);
        blocks_set(n->a, &html.blocks);
        return;
    }
    struct blocks *b = blocks_begin(n->a->arena);
    for (const struct xml_node *at = from; at && b; at = at->next) {
        if (!slice_equal(at->name, from->name))
            continue;
        blocks_open(b, SLICE("div"), slice_of(NULL, 0));
        xml_body(at, b);
        blocks_close(b, SLICE("div"));
        take_asides(n, at);
    }
    if (!b)
        return;
    struct blocks_done done = blocks_end(b);
    blocks_set(n->a, &done);
}

static void
take_end(struct nitf *n, const struct xml_node *end)
{
    for (const struct xml_node *at = xml_first(end, NULL); at;
         at = xml_next(at, NULL)) {
        struct slice text = blocks_of(n, at);
        if (slice_is(xml_attr(at, "type"), "npa"))
            entry_join(n->a, ARTICLE_ED_NOTE, text, "\n\n");
        else if (xml_is(at, "tagline"))
            entry_add_description(n->a, "tagline", text);
        else
            entry_add_description(n->a, "bibliography", text);
    }
}

void
nitf_body(struct nitf *n, const struct xml_node *body)
{
    take_head(n, xml_first(body, "body.head"));
    const struct xml_node *content = xml_first(body, "body.content");
    if (content)
        nitf_content(n, content);
    take_end(n, xml_first(body, "body.end"));
}

void
nitf_inner(struct nitf *n, const struct xml_node *nitf)
{
    const struct xml_node *head = xml_first(nitf, "head");
    for (const struct xml_node *at = xml_first(head, NULL); at; at = xml_next(at, NULL))
        if (!xml_is(at, "title") && (at->attrs_count || xml_first(at, NULL)))
            article_warn(n->a, "not-carried", at->name);
    nitf_body(n, xml_first(nitf, "body"));
}
