// What a text of a feed is: plain or HTML, escaped, in line or in base64. RFC 4287 (3.1,
// 4.1.3) and Atom 0.3 say it by type and mode, RSS says nothing and means HTML in most
// elements, so there the text itself is looked at.
#include <strings.h>

#include "formats/ascii.h"
#include "formats/base64.h"
#include "formats/blocks_write.h"
#include "formats/entities.h"
#include "formats/feed_parts.h"
#include "formats/html.h"
#include "formats/html_write.h"

#define WRITTEN_MAX (16U << 20) // of one text, over any that an article may carry
#define XML_SPACE "http://www.w3.org/XML/1998/namespace"

struct slice
feed_word(const struct xml_node *node)
{
    return node ? ascii_trim(xml_text(node)) : slice_of(NULL, 0);
}

// An attribute of the namespace of XML itself, prefix declared or not.
static struct slice
own_attr(const struct xml_node *node, const char *name)
{
    for (uint32_t i = 0; i < node->attrs_count; i++) {
        const struct xml_attr *attr = &node->attrs[i];
        if (slice_is(attr->name, name) &&
            (slice_is(attr->space, XML_SPACE) || slice_is(attr->space, "xml")))
            return ascii_trim(attr->value);
    }
    return slice_of(NULL, 0);
}

struct slice
feed_language(const struct xml_node *node)
{
    for (; node; node = node->parent) {
        struct slice language = own_attr(node, "lang");
        if (language.size)
            return language;
    }
    return slice_of(NULL, 0);
}

// The bases above join from the outside in. A base that is not absolute and has nothing
// above it is none. As deep as XML_DEPTH_MAX, and few elements have the attribute.
struct slice
feed_base(const struct feed *f, const struct xml_node *node)
{
    const struct xml_node *chain[XML_DEPTH_MAX];
    size_t count = 0;
    struct slice base = f->base;
    for (; node && count < XML_DEPTH_MAX; node = node->parent)
        if (own_attr(node, "base").size)
            chain[count++] = node;
    while (count) {
        struct slice joined =
            html_join(base, own_attr(chain[--count], "base"), f->arena);
        if (joined.size)
            base = joined;
    }
    return base;
}

static bool
starts_nocase(struct slice text, const char *word)
{
    size_t size = strlen(word);
    return text.size >= size && strncasecmp((const char *)text.data, word, size) == 0;
}

// What may be kept as an address: what links may have (blocks.h), and ids and streams that
// no browser runs. The rest - a script, a file of this house, a path without a base - is
// none, and said.
struct slice
feed_address(const struct entry *e, const struct xml_node *node, struct slice href)
{
    static const char *const schemes[] = {"urn:", "tag:", "doi:", "info:", "ftp:",
        "ftps:", "rtsp:", "mms:", "magnet:", NULL};
    struct slice joined =
        html_join(feed_base(e->feed, node), ascii_trim(href), e->feed->arena);
    struct slice safe = blocks_href(joined, e->feed->arena);
    for (size_t i = 0; schemes[i] && !safe.size; i++)
        if (starts_nocase(joined, schemes[i]))
            safe = joined;
    if (!safe.size && ascii_trim(href).size)
        article_warn(e->a, "not-carried", node->name);
    return safe;
}

static bool
ends_nocase(struct slice text, const char *word)
{
    size_t size = strlen(word);
    return text.size >= size && starts_nocase(slice_from(text, text.size - size), word);
}

// Elements that are met in texts of feeds. Another word between '<' and '>' is text.
static const char tags[] =
    " a abbr acronym address applet area article aside audio b base bgsound big blink"
    " blockquote body br button caption center cite code col dd del dfn dir div dl dt "
    "em"
    " embed fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 "
    "h6"
    " head header hr html i iframe img input ins kbd label legend li link main map"
    " marquee math meta nav noscript object ol option p param picture pre q s samp"
    " script section select small source span strike strong style sub sup svg table"
    " tbody td template textarea tfoot th thead title tr tt u ul var video wbr xml ";

static bool
is_tag(struct slice rest)
{
    char word[16] = " ";
    size_t size = 1;
    if (rest.size && rest.data[0] == '/')
        rest = slice_from(rest, 1);
    while (rest.size && size < sizeof word - 2) {
        uint8_t c = rest.data[0];
        bool letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
        if (!letter && !(c >= '0' && c <= '9' && size > 1))
            break;
        word[size++] = letter ? (char)(c | 0x20) : (char)c;
        rest = slice_from(rest, 1);
    }
    word[size] = ' ';
    return size > 1 && rest.size && strchr(" \t\r\n/>", rest.data[0]) && rest.data[0] &&
           strstr(tags, word);
}

// Does plain text hold a tag or a reference of HTML, or a comment?
static bool
looks_like_html(struct slice text)
{
    uint32_t code;
    for (size_t i = 0; i < text.size; i++) {
        struct slice rest = slice_from(text, i + 1);
        if (text.data[i] == '<' && (is_tag(rest) || slice_starts(rest, SLICE("!--"))))
            return true;
        if (text.data[i] == '&' && html_reference(slice_from(text, i), false, &code))
            return true;
    }
    return false;
}

// ---- base64

// Empty for what is no base64, or no text when read.
static struct slice
decode_base64(struct slice text, struct arena *arena)
{
    uint8_t *out = arena_alloc(arena, text.size / 4 * 3 + 4);
    if (!out || !base64_only(text))
        return slice_of(NULL, 0);
    struct slice bytes = slice_of(out, base64_read(text, out));
    return utf8_valid_bytes(bytes) == bytes.size ? bytes : slice_of(NULL, 0);
}

// ---- markup in line, written out as HTML, so that one reader reads both

static void
put(struct sink *s, const char *text)
{
    for (; *text; text++)
        sink_byte(s, (uint8_t)*text);
}

static void
put_name(struct sink *s, struct slice name)
{
    for (size_t i = 0; i < name.size; i++)
        sink_byte(s, name.data[i]);
}

static void
put_attr(const struct feed *f, struct sink *s, const struct xml_node *node,
    const struct xml_attr *attr)
{
    bool address = slice_is(attr->name, "href") || slice_is(attr->name, "src");
    sink_byte(s, ' ');
    put_name(s, attr->name);
    put(s, "=\"");
    struct slice value =
        address ? html_join(feed_base(f, node), attr->value, f->arena) : attr->value;
    for (size_t i = 0; i < value.size; i++) {
        if (value.data[i] == '"')
            put(s, "&quot;");
        else if (value.data[i] == '&')
            put(s, "&amp;");
        else
            sink_byte(s, value.data[i]);
    }
    sink_byte(s, '"');
}

static bool
is_void(struct slice name)
{
    static const char *const voids[] = {
        "br", "hr", "img", "input", "link", "meta", NULL};
    for (size_t i = 0; voids[i]; i++)
        if (slice_is(name, voids[i]))
            return true;
    return false;
}

static void
put_inside(const struct feed *f, struct sink *s, const struct xml_node *node)
{
    for (const struct xml_node *n = node->first; n; n = n->next) {
        if (!n->name.size) {
            sink_escape(s, n->text);
            continue;
        }
        sink_byte(s, '<');
        put_name(s, n->name);
        for (uint32_t i = 0; i < n->attrs_count; i++)
            if (!n->attrs[i].space.size)
                put_attr(f, s, n, &n->attrs[i]);
        sink_byte(s, '>');
        if (is_void(n->name))
            continue;
        put_inside(f, s, n); // as deep as XML_DEPTH_MAX
        put(s, "</");
        put_name(s, n->name);
        sink_byte(s, '>');
    }
}

static struct slice
written_out(const struct feed *f, const struct xml_node *node)
{
    struct sink s = {.arena = f->arena, .limit = WRITTEN_MAX};
    put_inside(f, &s, node);
    return sink_slice(&s);
}

// ---- kinds

// Text that was windows-1252, taken for Latin-1 on its way to UTF-8, or written as a
// reference to a byte: its quotes and dashes are controls now, which no text has.
static struct slice
without_c1(const struct entry *e, struct slice text)
{
    struct sink s = {.arena = e->feed->arena, .limit = WRITTEN_MAX};
    size_t from = 0;
    for (size_t i = 0; i + 1 < text.size; i++) {
        uint8_t out[4];
        if (text.data[i] != 0xc2 || text.data[i + 1] >= 0xa0)
            continue;
        sink_put(&s, slice_of(text.data + from, i - from));
        sink_put(&s, slice_of(out, utf8_put(windows_1252_code(text.data[i + 1]), out)));
        from = i + 2;
    }
    if (!from)
        return text;
    article_warn(e->a, "c1-as-windows-1252", slice_of(NULL, 0));
    sink_put(&s, slice_from(text, from));
    return sink_slice(&s);
}

// A type that is neither text nor XML is base64 (RFC 4287, 4.1.3.3), which some write in
// other text constructs too.
static bool
is_base64(const struct entry *e, struct slice type, struct slice mode)
{
    if (slice_is(mode, "base64"))
        return true;
    return e->feed->atom && mode.size == 0 && type.size &&
           memchr(type.data, '/', type.size) && !starts_nocase(type, "text/") &&
           !ends_nocase(type, "xml") && !starts_nocase(type, "application/xhtml");
}

static bool
says_html(struct slice type)
{
    return starts_nocase(type, "html") || starts_nocase(type, "xhtml") ||
           starts_nocase(type, "text/html") || ends_nocase(type, "xml");
}

static bool
says_plain(struct slice type)
{
    return starts_nocase(type, "text/plain") ||
           (type.size == 4 && starts_nocase(type, "text"));
}

struct feed_text
feed_text(const struct entry *e, const struct xml_node *node)
{
    struct slice type = ascii_trim(xml_attr(node, "type"));
    struct slice mode = ascii_trim(xml_attr(node, "mode"));
    if (xml_first(node, NULL))
        return (struct feed_text){without_c1(e, written_out(e->feed, node)), true};
    struct slice text = without_c1(e, xml_text(node));
    bool coded = is_base64(e, type, mode);
    if (coded) {
        text = decode_base64(text, e->feed->arena);
        if (!text.size)
            article_warn(e->a, "not-carried", node->name);
    }
    if (says_html(type))
        return (struct feed_text){text, true};
    if (says_plain(type) && !coded)
        return (struct feed_text){text, false};
    bool html = looks_like_html(text);
    if (html && e->feed->atom && !coded) // where text is the default (RFC 4287, 3.1.1)
        article_warn(e->a, "type-assumed", node->name);
    return (struct feed_text){text, html};
}

struct slice
feed_line(const struct entry *e, const struct xml_node *node)
{
    if (!node)
        return slice_of(NULL, 0);
    struct feed_text text = feed_text(e, node);
    return ascii_trim(text.html ? html_line(text.value, e->feed->arena) : text.value);
}
