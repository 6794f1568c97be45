// ninjs, the IPTC's news in JSON: a document is one item, an array of items, or an item a
// line. Each item is held against the shape of its version, rebuilt with the names of 3.1,
// and walked by fields.def.
#include <stdio.h>

#include "formats/fields.h"
#include "formats/markup.h"
#include "formats/ninjs_first.h"
#include "formats/ninjs_version.h"
#include "formats/readers.h"

// The tree of one JSON text, its bytes kept in arena; NULL with fault set.
static struct value *
parse(struct slice json, struct arena *arena, struct fault *fault)
{
    struct wire_writer w = {0};
    struct value *v = NULL;
    if (wire_from_json(json, &wire_limits_article, &w, fault) == WIRE_OK) {
        struct slice packed = arena_copy(arena, wire_written(&w));
        v = arena->failed ? NULL : value_decode(packed, arena);
    }
    wire_writer_fini(&w);
    return v;
}

// Widespread tools write guid for uri, in associations too.
static void
adopt_guid(struct article *a, struct value *item)
{
    if (item->type != WIRE_MAP || value_get(item, "uri"))
        return;
    for (uint32_t i = 0; i < item->map.count; i++)
        if (slice_is(item->map.pairs[i].key, "guid")) {
            item->map.pairs[i].key = SLICE("uri");
            article_warn(a, "guid-for-uri", slice_of(NULL, 0));
        }
}

static void
adopt_guids(struct article *a, struct value *item, unsigned depth)
{
    adopt_guid(a, item);
    for (uint32_t i = 0; depth && item->type == WIRE_MAP && i < item->map.count; i++) {
        struct value *table = item->map.pairs[i].value;
        if (!slice_is(item->map.pairs[i].key, "associations"))
            continue;
        for (uint32_t k = 0; table->type == WIRE_MAP && k < table->map.count; k++)
            adopt_guids(a, table->map.pairs[k].value, depth - 1);
        for (uint32_t k = 0; table->type == WIRE_ARRAY && k < table->list.count; k++)
            adopt_guids(a, &table->list.items[k], depth - 1);
    }
}

// The title is metadata and no headline, but lists show it where there is none: it goes
// last, in a role of its own.
static void
add_title(struct article *a, struct slice title)
{
    if (title.size)
        article_add_headline(a, "title", title);
}

// Said by others, or counted anew by normalize.
static bool
is_redundant(struct slice name)
{
    return slice_is(name, "mimetype") || slice_is(name, "charCount") ||
           slice_is(name, "wordCount") || slice_is(name, "charcount") ||
           slice_is(name, "wordcount") || slice_is(name, "name") ||
           slice_is(name, "rel");
}

// What the canonical article has no place for is taken out, and said so unless nothing is
// lost; the raw keeps it. Returns the title.
static struct slice
take_out(struct article *a, struct value *item)
{
    struct slice title = slice_of(NULL, 0);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < item->map.count; i++) {
        struct value_pair pair = item->map.pairs[i];
        if (fields_named(pair.key) != ARTICLE_FIELDS)
            item->map.pairs[kept++] = pair;
        else if (slice_is(pair.key, "title"))
            title = value_text(pair.value);
        else if (!is_redundant(pair.key))
            article_warn(a, "not-carried", pair.key);
    }
    item->map.count = kept;
    return title;
}

// Every version asks for the id and nothing else: an item may be metadata alone. One that
// has the place for a text and none in it is not that, but empty.
static bool
is_metadata(const struct value *item)
{
    static const char *const content[] = {
        "headline", "body_", "bodies", "description", "renditions", "associations"};
    uint32_t said = 0;
    for (uint32_t i = 0; item->type == WIRE_MAP && i < item->map.count; i++) {
        struct slice key = item->map.pairs[i].key;
        for (size_t k = 0; k < sizeof content / sizeof *content; k++)
            if (slice_starts(key, slice_str(content[k])))
                return false;
        said += !slice_is(key, "uri") && !slice_is(key, "guid");
    }
    return said > 0;
}

static void
read_item(struct article *a, struct value *item, const struct format_input *input)
{
    if (item->type == WIRE_MAP && value_get(item, "wr")) {
        (void)fault_set(&a->fault, WIRE_WR_FROM_OUTSIDE, FAULT_NOWHERE, "wr", "wr %s",
            "is written by wireroom alone");
        a->rejected = true;
        return;
    }
    a->bare = is_metadata(item);
    enum ninjs_family family = ninjs_version(item, &a->wr.format_version);
    adopt_guids(a, item, 8);
    if (!shape_read(a, item, &ninjs_item, family))
        return;
    if (family == NINJS_1)
        ninjs_first_lift(item, a->arena);
    struct slice title = take_out(a, item);
    if (!fields_read(a, item, input))
        return;
    add_title(a, title);
    markup_resolve(a);
}

static void
read_items(const struct format_input *input, struct value *v, struct arena *arena,
    struct format_output *out)
{
    bool list = v->type == WIRE_ARRAY;
    struct value *items = list ? v->list.items : v;
    uint32_t count = list ? v->list.count : 1;
    if (count == 0)
        (void)fault_set(&out->fault, WIRE_NO_ITEM, 0, "", "the array is empty");
    if (count == 0 || !items_begin(out, count, arena))
        return;
    for (uint32_t i = 0; i < count; i++) {
        struct article *a = items_add(out, arena);
        if (a)
            read_item(a, &items[i], input);
    }
}

static struct slice
next_line(struct slice *text)
{
    const uint8_t *end = text->size ? memchr(text->data, '\n', text->size) : NULL;
    struct slice line = end ? slice_until(*text, (size_t)(end - text->data)) : *text;
    *text = slice_from(*text, line.size + 1);
    return line;
}

static bool
is_blank(struct slice line)
{
    for (size_t i = 0; i < line.size; i++)
        if (line.data[i] != ' ' && line.data[i] != '\t' && line.data[i] != '\r')
            return false;
    return true;
}

static uint32_t
count_lines(struct slice text)
{
    uint32_t count = 0;
    while (text.size && count <= ARTICLE_ITEMS_MAX)
        count += !is_blank(next_line(&text));
    return count;
}

// Where a line stands in its document.
struct place {
    uint64_t from;
    unsigned line;
};

// The fault of a line alone, as one of the document.
static struct fault
moved(const struct fault *fault, const struct place *place)
{
    static const char alone[] = "line 1 ";
    size_t skip = strncmp(fault->words, alone, strlen(alone)) ? 0 : strlen(alone);
    struct fault whole = FAULT_NONE;
    char field[16];
    (void)snprintf(field, sizeof field, "line %u", place->line);
    (void)fault_set(&whole, fault->code,
        fault->at == FAULT_NOWHERE ? place->from : place->from + fault->at, field,
        "%s %s", field, fault->words + skip);
    return whole;
}

// One line is one item; a line that can't be read spoils only itself.
static void
read_line(const struct format_input *input, struct slice line,
    const struct place *place, struct arena *arena, struct format_output *out)
{
    struct fault fault = FAULT_NONE;
    struct article *a = items_add(out, arena);
    struct value *v = a ? parse(line, arena, &fault) : NULL;
    if (v)
        read_item(a, v, input);
    else if (a && fault.code)
        a->fault = moved(&fault, place);
    if (v && a->fault.code && a->fault.at == FAULT_NOWHERE)
        a->fault.at = place->from; // at least the line
}

void
ninjs_lines_read(const struct format_input *input, struct slice text,
    struct arena *arena, struct format_output *out)
{
    uint32_t count = count_lines(text);
    const uint8_t *start = text.data;
    if (count == 0)
        (void)fault_set(
            &out->fault, WIRE_NO_ITEM, 0, "", "there is no line with an item");
    if (count == 0 || !items_begin(out, count, arena))
        return;
    for (unsigned n = 1; text.size; n++) {
        struct slice line = next_line(&text);
        struct place place = {line.size ? (uint64_t)(line.data - start) : 0, n};
        if (!is_blank(line))
            read_line(input, line, &place, arena, out);
    }
}

// An object on the first line and another one below it: an item a line, though it came
// under the name of ninjs.
static bool
is_lines(struct slice text, struct arena *arena)
{
    struct fault fault = FAULT_NONE;
    struct slice line = next_line(&text);
    while (text.size && strchr(" \t\r\n", text.data[0]) && text.data[0])
        text = slice_from(text, 1);
    return text.size && text.data[0] == '{' && line.size && line.data[0] == '{' &&
           parse(line, arena, &fault) != NULL;
}

void
ninjs_read(const struct format_input *input, struct slice text, struct arena *arena,
    struct format_output *out)
{
    struct fault fault = FAULT_NONE;
    struct value *v = parse(text, arena, &fault);
    if (v)
        read_items(input, v, arena, out);
    else if (fault.code && is_lines(text, arena))
        ninjs_lines_read(input, text, arena, out);
    else
        out->fault = fault;
}
