#include "formats/recognise.h"

#include "formats/ascii.h"
#include "formats/blocks_tags.h"
#include "formats/html_token.h"
#include "formats/xml.h"

// A newspaper's column is at most so wide, in ems, and fewer lines are a text, whatever
// they look like. Where a page or a day of issue came along, less will do: a name alone
// makes no page of a text.
static const struct page_look {
    uint32_t ems, lines_min, narrow_percent;
} unhinted = {24, 30, 90}, hinted = {30, 8, 67};
#define SOH 0x01
#define US 0x1f
#define WIRE_PADDING 256U // SYN, NUL and line ends before a frame
#define WIRE_LINE 128U
#define MAIL_HEADERS (64U << 10) // looked at

static struct slice
skip_space(struct slice text)
{
    while (text.size && text.data[0] && strchr(" \t\r\n", text.data[0]))
        text = slice_from(text, 1);
    return text;
}

static bool
starts_nocase(struct slice text, const char *word)
{
    size_t size = strlen(word);
    if (text.size < size)
        return false;
    for (size_t i = 0; i < size; i++)
        if ((text.data[i] | 0x20) != ((uint8_t)word[i] | 0x20))
            return false;
    return true;
}

// A frame that begins with SOH, behind what wires send between messages: with US in its
// first line it is ANPA 1312; letters, a number and a priority make it IPTC 7901.
static const char *
recognise_wire(struct slice raw)
{
    size_t at = 0, n = 0;
    if (slice_starts(skip_space(raw), SLICE("ZCZC"))) // how a relay announces a message
        while (at < raw.size && at < WIRE_PADDING && raw.data[at] != SOH)
            at++;
    while (at < raw.size && at < WIRE_PADDING && raw.data[at] != SOH &&
           (raw.data[at] <= ' ' || raw.data[at] == 0x7f))
        at++;
    if (at >= raw.size || raw.data[at] != SOH)
        return NULL;
    struct slice line = slice_until(slice_from(raw, at + 1), WIRE_LINE);
    while (n < line.size && line.data[n] != '\r' && line.data[n] != '\n')
        n++;
    line = slice_until(line, n);
    if (line.size && memchr(line.data, US, line.size))
        return "anpa1312";
    size_t letters = 0, space, digits;
    while (letters < line.size && (line.data[letters] | 0x20) >= 'a' &&
           (line.data[letters] | 0x20) <= 'z')
        letters++;
    for (space = letters; space < line.size && line.data[space] == ' ';)
        space++;
    for (digits = space; digits < line.size && ascii_digit(line.data[digits]);)
        digits++;
    bool number =
        letters && digits > space && digits < line.size && line.data[digits] == ' ';
    return number ? "iptc7901" : NULL;
}

static bool
is_name(struct slice name, const char *wanted)
{
    return name.size == strlen(wanted) && starts_nocase(name, wanted);
}

// Which of the headers a mail is known by this one is; -1: none.
static int
mail_header(struct slice name)
{
    static const char *const names[] = {
        "from", "date", "subject", "mime-version", "message-id", "received"};
    for (int i = 0; i < 6; i++)
        if (is_name(name, names[i]))
            return i;
    return -1;
}

// A block of headers with two of the names above, to an empty line or the end, nothing
// before it but blank lines and the "From " line of an mbox.
static bool
recognise_mail(struct slice raw)
{
    unsigned met = 0, count = 0;
    struct slice text = slice_until(skip_space(raw), MAIL_HEADERS);
    for (bool first = true; text.size; first = false) {
        const uint8_t *end = memchr(text.data, '\n', text.size);
        struct slice line =
            slice_until(text, end ? (size_t)(end - text.data) : text.size);
        size_t n = 0;
        text = slice_from(text, line.size + 1);
        if (!line.size || line.data[0] == '\r')
            break;
        if (line.data[0] == ' ' || line.data[0] == '\t' ||
            (first && slice_starts(line, SLICE("From "))))
            continue;
        while (n < line.size && line.data[n] > ' ' && line.data[n] < 0x7f &&
               line.data[n] != ':')
            n++;
        if (!n || n >= line.size || line.data[n] != ':')
            return false;
        int header = mail_header(slice_until(line, n));
        if (header >= 0 && !(met & 1U << header)) {
            met |= 1U << header;
            count++;
        }
    }
    return count >= 2;
}

const char *
recognise_bytes(struct slice raw)
{
    uint64_t at;
    const char *wire = recognise_wire(raw);
    if (wire)
        return wire;
    if (recognise_mail(raw))
        return "email";
    uint8_t head = raw.size ? raw.data[0] : 0;
    bool map = (head & 0xf0) == 0x80 || head == 0xde || head == 0xdf;
    bool list = (head & 0xf0) == 0x90 || head == 0xdc || head == 0xdd;
    if (!map && !list)
        return NULL;
    return wire_scan(raw, &wire_limits_article, &at) == WIRE_OK ? "article" : NULL;
}

// What is no text at all begins with one of these; read as windows-1252 it would be one.
static const struct {
    const char *start, *name;
    uint8_t size;
} binaries[] = {
    {"\x7f"
     "ELF",         "a program",            4},
    {"\x1f\x8b",         "a gzip file",          2},
    {"BZh91AY",          "a bzip2 file",         7},
    {"\xfd"
     "7zXZ",        "an xz file",           5},
    {"\x28\xb5\x2f\xfd", "a zstd file",          4},
    {"PK\x03\x04",       "a ZIP or Office file", 4},
    {"\xd0\xcf\x11\xe0", "an old Office file",   4},
    {"\x89PNG",          "a PNG picture",        4},
    {"\xff\xd8\xff",     "a JPEG picture",       3},
    {"GIF8",             "a GIF picture",        4},
    {"II*\x00",          "a TIFF picture",       4},
    {"MM\x00*",          "a TIFF picture",       4},
};

bool
recognise_binary(struct slice raw, struct fault *fault)
{
    for (size_t i = 0; i < sizeof binaries / sizeof *binaries; i++)
        if (slice_starts(raw, slice_of(binaries[i].start, binaries[i].size))) {
            (void)fault_set(fault, WIRE_UNKNOWN_FORMAT, 0, "",
                "this looks like %s, which no reader here knows", binaries[i].name);
            return true;
        }
    return false;
}

// Width of a line in half ems: what is three bytes and more in UTF-8 is mostly wide.
static uint32_t
width_of(struct slice line)
{
    uint32_t halves = 0;
    for (size_t i = 0; i < line.size; i++) {
        uint8_t c = line.data[i];
        if (c < 0x80)
            halves += c >= 0x20;
        else if (c >= 0xe0)
            halves += 2;
        else if (c >= 0xc0)
            halves += 1;
    }
    return halves;
}

// A page is many lines, most of them no wider than a column. Lines as long as a paragraph,
// or wrapped for a screen, are text.
static bool
looks_like_page(struct slice text, const struct page_look *look)
{
    uint32_t lines = 0, narrow = 0;
    while (text.size) {
        const uint8_t *end = memchr(text.data, '\n', text.size);
        struct slice line =
            slice_until(text, end ? (size_t)(end - text.data) : text.size);
        uint32_t width = width_of(line);
        lines += width != 0;
        narrow += width != 0 && width <= 2 * look->ems;
        text = slice_from(text, line.size + 1);
    }
    return lines >= look->lines_min && narrow * 100 >= lines * look->narrow_percent;
}

#define G2_SPACE "http://iptc.org/std/nar/2006-10-01/"
#define RDF_SPACE "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
#define ATOM_SPACE "http://www.w3.org/2005/Atom"

// XML by its root element, whatever the file is called.
static const struct {
    const char *root, *space, *word; // space NULL: any
} roots[] = {
    {"nitf",          NULL,       "nitf"    },
    {"newsMessage",   G2_SPACE,   "newsmlg2"},
    {"newsItem",      G2_SPACE,   "newsmlg2"},
    {"packageItem",   G2_SPACE,   "newsmlg2"},
    {"planningItem",  G2_SPACE,   "newsmlg2"},
    {"conceptItem",   G2_SPACE,   "newsmlg2"},
    {"knowledgeItem", G2_SPACE,   "newsmlg2"},
    {"catalogItem",   G2_SPACE,   "newsmlg2"},
    {"NewsML",        NULL,       "newsml12"},
    {"NewsItem",      NULL,       "newsml12"},
    {"rss",           NULL,       "rss"     },
    {"RSS",           NULL,       "rss"     },
    {"RDF",           RDF_SPACE,  "rss"     },
    {"channel",       NULL,       "rss"     },
    {"feed",          NULL,       "atom"    },
    {"entry",         ATOM_SPACE, "atom"    },
};

static const char *
recognise_xml(struct slice root, struct slice space)
{
    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++)
        if (slice_is(root, roots[i].root) &&
            (!roots[i].space || slice_is(space, roots[i].space)))
            return roots[i].word;
    return NULL;
}

// What declares itself XML and has a root that no row names.
static void
unknown_xml(struct slice root, struct fault *fault)
{
    bool printable = root.size <= 64;
    for (size_t i = 0; i < root.size; i++)
        printable &= root.data[i] > 0x20 && root.data[i] < 0x7f;
    (void)fault_set(fault, WIRE_UNKNOWN_FORMAT, 0, "",
        "this looks like XML with the root element %.*s, which no reader here knows",
        printable ? (int)root.size : 12,
        printable ? (const char *)root.data : "of that name");
}

// Kinds that have a name but no reader: better said than read as plain text.
static const struct {
    const char *start, *name;
} foreign[] = {
    {"<?xml",     "XML"   },
    {"<!doctype", "XML"   },
    {"<newsml",   "NewsML"},
    {"%pdf-",     "PDF"   },
};

// Elements that a page or a piece of one begins with and that blocks do not know by name.
static bool
is_html_name(struct slice name)
{
    static const char *const names[] = {"html", "body", "meta", "link", "span", "img",
        "font", "u", "small", "big", "base", "tbody", "thead", NULL};
    for (size_t i = 0; names[i]; i++)
        if (slice_is(name, names[i]))
            return true;
    return tag_find(name)->kind != TAG_NONE;
}

// HTML begins with its DOCTYPE or with one of its elements, comments and white space aside.
static bool
is_html(struct slice start)
{
    struct html_tokens tokens;
    struct html_token token;
    if (start.size == 0 || start.data[0] != '<')
        return false;
    if (starts_nocase(start, "<!doctype html"))
        return true;
    html_begin(&tokens, start);
    bool found = html_next(&tokens, &token);
    if (found && token.kind == HTML_TEXT && !skip_space(token.text).size)
        found = html_next(&tokens, &token);
    return found && token.kind == HTML_START && is_html_name(token.name);
}

const char *
recognise_text(struct slice text, const struct format_input *input, struct fault *fault)
{
    struct slice start = skip_space(text);
    struct slice inner = skip_space(slice_from(start, 1));
    struct slice root, space;
    bool xml = start.size && start.data[0] == '<' && xml_root(start, &root, &space);
    const char *word = xml ? recognise_xml(root, space) : NULL;
    if (word)
        return word;
    if (start.size && start.data[0] == '{' && inner.size &&
        (inner.data[0] == '"' || inner.data[0] == '}'))
        return "ninjs";
    if (start.size && start.data[0] == '[' && inner.size && inner.data[0] == '{')
        return "ninjs";
    if (xml && slice_is(root, "html"))
        return "html";
    if (xml && starts_nocase(start, "<?xml")) {
        unknown_xml(root, fault);
        return NULL;
    }
    if (is_html(start))
        return "html";
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
        if (starts_nocase(start, foreign[i].start)) {
            (void)fault_set(fault, WIRE_UNKNOWN_FORMAT, 0, "",
                "this looks like %s, which no reader here knows", foreign[i].name);
            return NULL;
        }
    bool hint = input->page.size || input->issue_date.size;
    if (looks_like_page(text, hint ? &hinted : &unhinted))
        return "newsprint";
    return "text";
}
