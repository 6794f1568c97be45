// libxml2 calls, the tree grows. What libxml2 gives lives no longer than the call, so names
// are copied once each and text goes to one buffer of the document's size: references and
// line ends only ever shrink. All text below an element is then one piece of that buffer.
//
// libxml2 pulls the document in pieces, so that after the first fault it can be told that
// there is no more: it would go on to the end, a fault a byte. xmlStopParser frees what its
// callers may still look at.
#include "formats/xml.h"

#include <assert.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#include "formats/entities.h"
#include "formats/xml_prolog.h"

#define NAMES_KEPT 64U  // power of two
#define NAME_BYTES 256U // how far before a fault its beginning is looked for

struct builder {
    unsigned magic;
#define BUILDER_MAGIC 0x786d6c62
    struct arena *arena;
    struct fault *fault;
    struct slice text;  // the document
    size_t from, given; // where libxml2 began in it, and what it has of it
    xmlParserCtxtPtr ctxt;
    struct xml_node *root, *open; // open: the element that is being read
    uint8_t *out;                 // all text
    size_t out_size, run;         // run: where the text not yet in a node began
    uint32_t depth, nodes, first_line, spaces;
    // libxml2 keeps each name once: the same pointer is the same name.
    struct {
        const xmlChar *key;
        struct slice name;
    } names[NAMES_KEPT];
    uint16_t declared[XML_DEPTH_MAX + 1]; // namespaces, by depth
    xmlEntity entity;
    xmlChar entity_text[5];
};

static struct builder *
builder_of(void *data)
{
    struct builder *b = data;
    assert(b->magic == BUILDER_MAGIC);
    return b;
}

// Line and column of a byte, both from 1; a column is a character.
static void
refuse(struct builder *b, enum wire_err code, size_t at, struct slice why)
{
    unsigned line = 1, column = 1;
    for (size_t i = 0; i < at && i < b->text.size; i++) {
        if (b->text.data[i] == '\n') {
            line++;
            column = 1;
        } else if ((b->text.data[i] & 0xc0) != 0x80) {
            column++;
        }
    }
    (void)fault_set(b->fault, code, at, "", "line %u column %u: %.*s", line, column,
        SLICE_ARG(why));
}

static size_t
place(const struct builder *b)
{
    long read = xmlByteConsumed(b->ctxt);
    return b->from + (read > 0 ? (size_t)read : 0);
}

// No more is read, no more is told.
static void
stop(struct builder *b)
{
    b->given = b->text.size;
    b->ctxt->disableSAX = 1;
    b->ctxt->wellFormed = 0;
}

static void
stop_for(struct builder *b, enum wire_err code, const char *why)
{
    refuse(b, code, place(b), slice_str(why));
    stop(b);
}

static int
on_read(void *data, char *out, int size)
{
    struct builder *b = builder_of(data);
    size_t left = b->text.size - b->given,
           taken = (size_t)size < left ? (size_t)size : left;
    if (taken)
        memcpy(out, b->text.data + b->given, taken);
    b->given += taken;
    return (int)taken;
}

static struct slice
keep_name(struct builder *b, const xmlChar *name)
{
    uintptr_t key = (uintptr_t)name;
    size_t slot = (key >> 3 ^ key >> 9) & (NAMES_KEPT - 1);
    if (!name)
        return slice_of(NULL, 0);
    if (b->names[slot].key != name) {
        b->names[slot].key = name;
        b->names[slot].name = arena_copy(b->arena, slice_str((const char *)name));
    }
    return b->names[slot].name;
}

static struct xml_node *
append(struct builder *b)
{
    if (b->nodes++ >= XML_NODES_MAX) {
        stop_for(b, WIRE_TOO_MANY_VALUES, "more elements than the limit");
        return NULL;
    }
    struct xml_node *node = ARENA_NEW(b->arena, struct xml_node);
    if (!node) {
        stop(b);
        return NULL;
    }
    node->parent = b->open;
    node->line = b->first_line + (uint32_t)b->ctxt->input->line - 1;
    if (!b->open)
        b->root = node;
    else if (b->open->last)
        b->open->last->next = node;
    else
        b->open->first = node;
    if (b->open)
        b->open->last = node;
    return node;
}

static void
end_run(struct builder *b)
{
    if (b->out_size == b->run || b->arena->failed)
        return;
    struct xml_node *node = append(b);
    if (node) {
        node->text = slice_of(b->out + b->run, b->out_size - b->run);
        node->whole = true;
    }
    b->run = b->out_size;
}

// In values libxml2 leaves "&#38;" and the names of entities standing (parser.c,
// xmlParseAttValueComplex, without NOENT).
static struct slice
resolved(struct arena *arena, struct slice value)
{
    if (!value.size || !memchr(value.data, '&', value.size))
        return arena_copy(arena, value);
    uint8_t *out = arena_alloc(arena, value.size + 4);
    size_t size = 0;
    while (out && value.size) {
        uint32_t code;
        size_t taken = value.data[0] == '&' ? entity_read(value, &code) : 0;
        if (taken)
            size += utf8_put(code, out + size);
        else
            out[size++] = value.data[0];
        value = slice_from(value, taken ? taken : 1);
    }
    return slice_of(out, out ? size : 0);
}

// Without a DTD no attribute has a type, and libxml2 leaves blanks at the ends that XML
// 1.0 §3.3.3 drops from identifiers and codes, which all that is read here are or hold.
static struct slice
trimmed(struct slice value)
{
    while (value.size && value.data[0] <= ' ')
        value = slice_from(value, 1);
    while (value.size && value.data[value.size - 1] <= ' ')
        value.size--;
    return value;
}

// SAX2 gives five pointers an attribute: name, prefix, URI, begin and end of the value.
static void
take_attributes(
    struct builder *b, struct xml_node *node, int count, const xmlChar **five)
{
    node->attrs = arena_array(b->arena, (size_t)count, sizeof *node->attrs);
    for (int i = 0; node->attrs && i < count; i++, five += 5) {
        struct xml_attr *attr = &node->attrs[node->attrs_count++];
        attr->name = keep_name(b, five[0]);
        attr->space = keep_name(b, five[2] ? five[2] : five[1]);
        attr->value =
            resolved(b->arena, trimmed(slice_of(five[3], (size_t)(five[4] - five[3]))));
    }
}

// libxml2 looks a prefix up among all that are in scope, one by one.
static bool
within_limits(struct builder *b, int namespaces)
{
    if (b->depth >= XML_DEPTH_MAX) {
        stop_for(b, WIRE_TOO_DEEP, wire_error_text(WIRE_TOO_DEEP));
        return false;
    }
    if (namespaces > (int)XML_ATTRIBUTES_MAX ||
        b->spaces + (uint32_t)namespaces > XML_ATTRIBUTES_MAX) {
        stop_for(b, WIRE_TOO_MANY_VALUES, "more namespaces than the limit");
        return false;
    }
    return true;
}

static void
on_start(void *data, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
    int namespaces, const xmlChar **ns, int count, int defaulted, const xmlChar **five)
{
    struct builder *b = builder_of(data);
    (void)ns;
    (void)defaulted; // there is no DTD
    end_run(b);
    if (!within_limits(b, namespaces))
        return;
    struct xml_node *node = append(b);
    if (!node)
        return;
    node->name = keep_name(b, name);
    node->space = keep_name(b, uri ? uri : prefix);
    node->text = slice_of(b->out + b->out_size, 0);
    if (count > 0)
        take_attributes(b, node, count, five);
    b->declared[b->depth++] = (uint16_t)namespaces;
    b->spaces += (uint32_t)namespaces;
    b->open = node;
}

static void
on_end(void *data, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    struct builder *b = builder_of(data);
    (void)name;
    (void)prefix;
    (void)uri;
    if (!b->open)
        return;
    end_run(b);
    b->open->text.size = (size_t)(b->out + b->out_size - b->open->text.data);
    b->open->whole = true;
    b->open = b->open->parent;
    b->spaces -= b->declared[--b->depth];
}

static void
on_text(void *data, const xmlChar *text, int size)
{
    struct builder *b = builder_of(data);
    if (!b->open || size <= 0)
        return;
    assert(b->out_size + (size_t)size <= b->text.size);
    memcpy(b->out + b->out_size, text, (size_t)size);
    b->out_size += (size_t)size;
}

// A named reference, from the table that every reader shares. In text libxml2 hands a
// predefined entity's content on as characters; in a value it would take its first byte
// alone, so there the name is left standing and resolved by us.
static xmlEntityPtr
on_entity(void *data, const xmlChar *name)
{
    struct builder *b = builder_of(data);
    char reference[16];
    uint32_t code;
    size_t size = strlen((const char *)name);
    if (size + 2 > sizeof reference)
        return NULL;
    reference[0] = '&';
    memcpy(reference + 1, name, size);
    reference[size + 1] = ';';
    if (entity_read(slice_of(reference, size + 2), &code) != size + 2)
        return NULL;
    bool value = b->ctxt->instate == XML_PARSER_ATTRIBUTE_VALUE;
    b->entity = (xmlEntity){.type = XML_ENTITY_DECL,
        .name = name,
        .etype = value ? XML_INTERNAL_GENERAL_ENTITY : XML_INTERNAL_PREDEFINED_ENTITY};
    if (!value) {
        b->entity_text[utf8_put(code, b->entity_text)] = 0;
        b->entity.content = b->entity_text;
    }
    return &b->entity;
}

// back_to gives the place of the last `c` within a name's length before at, or at.
static size_t
back_to(const struct builder *b, size_t at, char c)
{
    size_t from = at > NAME_BYTES ? at - NAME_BYTES : 0;
    const uint8_t *found = memrchr(b->text.data + from, c, at - from);
    return found ? (size_t)(found - b->text.data) : at;
}

static bool
follows(const struct builder *b, size_t at, char c)
{
    return at > 0 && b->text.data[at - 1] == (uint8_t)c;
}

// Where what is wrong begins: libxml2 stands behind what it could not read.
static size_t
begin_of(const struct builder *b, const xmlError *error, size_t at)
{
    switch (error->code) {
    case XML_ERR_NAME_REQUIRED:
        return follows(b, at, '&') || follows(b, at, '<') ? at - 1 : at;
    case XML_ERR_INVALID_CHAR:
    case XML_ERR_INVALID_CHARREF:
        return follows(b, at, ';') ? back_to(b, at, '&') : at;
    case XML_ERR_ENTITYREF_SEMICOL_MISSING:
    case XML_ERR_UNDECLARED_ENTITY:
        return back_to(b, at, '&');
    case XML_ERR_TAG_NAME_MISMATCH:
        return back_to(b, at, '<');
    default:
        return at;
    }
}

static struct slice
libxml2_words(const xmlError *error)
{
    struct slice words = slice_str(error->message);
    while (words.size && words.data[words.size - 1] <= ' ')
        words.size--;
    return words;
}

static struct slice
words_of_name(struct builder *b, const xmlError *error)
{
    const char *one = error->str1 ? error->str1 : "", *two = error->str2;
    if (error->code == XML_ERR_UNDECLARED_ENTITY)
        return arena_printf(
            b->arena, "&%.40s; is no entity here: write the character itself", one);
    if (error->code == XML_ERR_ATTRIBUTE_WITHOUT_VALUE)
        return arena_printf(b->arena, "the attribute %.40s has no value", one);
    return arena_printf(b->arena, "</%.40s> stands where <%.40s> of line %d is open",
        two ? two : "", one, error->int1 + (int)b->first_line - 1);
}

// Those that a sender meets; the others in libxml2's words.
static struct slice
words_of(struct builder *b, const xmlError *error, size_t at)
{
    switch (error->code) {
    case XML_ERR_DOCUMENT_EMPTY:
        return SLICE("there is no element");
    case XML_ERR_DOCUMENT_END:
        return SLICE("more follows the end of the document's element");
    case XML_ERR_TAG_NOT_FINISHED:
        return SLICE("the document ends within an element");
    case XML_ERR_INVALID_CHAR:
    case XML_ERR_INVALID_CHARREF:
        return SLICE("a character that XML does not allow");
    case XML_ERR_ENTITYREF_SEMICOL_MISSING:
        return SLICE("an & that begins no entity; in text it is written &amp;");
    case XML_ERR_LT_IN_ATTRIBUTE:
        return SLICE("a < in the value of an attribute; there it is written &lt;");
    case XML_ERR_ATTRIBUTE_NOT_STARTED:
        return SLICE("the value of an attribute stands without quotes");
    case XML_ERR_HYPHEN_IN_COMMENT:
        return SLICE("two hyphens within a comment");
    case XML_ERR_NAME_REQUIRED:
        return follows(b, at, '&')
                   ? SLICE("an & that begins no entity; in text it is written &amp;")
               : follows(b, at, '<')
                   ? SLICE("a < that begins no element; in text it is written &lt;")
                   : libxml2_words(error);
    case XML_ERR_UNDECLARED_ENTITY:
    case XML_ERR_ATTRIBUTE_WITHOUT_VALUE:
    case XML_ERR_TAG_NAME_MISMATCH:
        return words_of_name(b, error);
    default:
        return libxml2_words(error);
    }
}

static void
on_error(void *data, xmlErrorPtr error)
{
    struct builder *b = builder_of(data);
    if (error->level != XML_ERR_FATAL || b->fault->code)
        return;
    if (error->code == XML_ERR_NO_MEMORY)
        (void)fault_set(b->fault, WIRE_READER_MEMORY, FAULT_NOWHERE, "",
            "no memory to read %zu bytes of XML", b->text.size);
    else {
        size_t at = place(b);
        at = at < b->text.size ? at : b->text.size;
        refuse(b, WIRE_ILL_FORMED, begin_of(b, error, at), words_of(b, error, at));
    }
    stop(b);
}

static const xmlSAXHandler handlers = {
    .initialized = XML_SAX2_MAGIC,
    .startElementNs = on_start,
    .endElementNs = on_end,
    .characters = on_text,
    .ignorableWhitespace = on_text,
    .cdataBlock = on_text,
    .getEntity = on_entity,
    .serror = on_error,
};

static void
count_lines(struct builder *b)
{
    b->first_line = 1;
    for (size_t i = 0; i < b->from; i++)
        b->first_line += b->text.data[i] == '\n';
}

// What was open when the document broke off ends there.
static void
close_rest(struct builder *b)
{
    end_run(b);
    for (; b->open; b->open = b->open->parent)
        b->open->text.size = (size_t)(b->out + b->out_size - b->open->text.data);
}

static void
run_parser(struct builder *b)
{
    xmlParserCtxtPtr ctxt =
        // which copies the handlers
        xmlCreateIOParserCtxt((xmlSAXHandlerPtr)(uintptr_t)&handlers, b, on_read, NULL,
            b, XML_CHAR_ENCODING_NONE);
    if (!ctxt) {
        (void)fault_set(
            b->fault, WIRE_READER_MEMORY, FAULT_NOWHERE, "", "no memory to read XML");
        return;
    }
    b->ctxt = ctxt;
    // With an encoding set it looks for no other, whose converter it might have to open.
    ctxt->encoding = xmlStrdup(BAD_CAST "UTF-8");
    (void)xmlCtxtUseOptions(ctxt, XML_PARSE_NONET | XML_PARSE_IGNORE_ENC);
    (void)xmlParseDocument(ctxt);
    if (!ctxt->wellFormed && !b->fault->code && !b->arena->failed)
        refuse(b, WIRE_ILL_FORMED, place(b), SLICE("this is not well-formed"));
    close_rest(b);
    xmlFreeParserCtxt(ctxt);
}

static bool
prepare(struct builder *b)
{
    b->from = xml_prolog(b->text);
    if (b->from == XML_NO_END) {
        refuse(b, WIRE_ILL_FORMED, b->text.size, SLICE("the DOCTYPE never ends"));
        return false;
    }
    size_t crowded = xml_crowded(b->text, b->from, XML_ATTRIBUTES_MAX);
    if (crowded != XML_NO_END) {
        refuse(b, WIRE_TOO_MANY_VALUES, crowded,
            SLICE("an element has more attributes than the limit"));
        return false;
    }
    b->given = b->from;
    b->out = arena_alloc(b->arena, b->text.size + 1);
    count_lines(b);
    return b->out != NULL;
}

struct xml_node *
xml_parse(struct slice text, struct arena *arena, struct fault *fault)
{
    struct fault own = FAULT_NONE;
    // What transfers leave behind the end: NUL, Ctrl-Z, ETX.
    while (text.size && text.data[text.size - 1] <= ' ')
        text.size--;
    struct builder b = {
        .magic = BUILDER_MAGIC, .arena = arena, .fault = &own, .text = text};
    if (prepare(&b))
        run_parser(&b);
    bool limit = own.code && own.code != WIRE_ILL_FORMED;
    if (own.code && fault && !fault->code)
        *fault = own;
    return limit || arena->failed ? NULL : b.root;
}

// For what libxml2 says where no parser of ours stands by: it would write to stderr.
static void
say_nothing(void *data, xmlErrorPtr error)
{
    (void)data;
    (void)error;
}

static void
print_nothing(void *data, const char *format, ...)
{
    (void)data;
    (void)format;
}

// libxml2 builds its tables at the first document: one is read before the sandbox closes.
bool
xml_load(void)
{
    struct arena arena;
    struct fault fault = FAULT_NONE;
    arena_init(&arena, 1U << 16);
    xmlInitParser();
    xmlSetStructuredErrorFunc(NULL, say_nothing);
    xmlSetGenericErrorFunc(NULL, print_nothing);
    bool read =
        xml_parse(SLICE("<a b='&eacute;'>&eacute;</a>"), &arena, &fault) != NULL;
    arena_fini(&arena);
    return read && !fault.code;
}
