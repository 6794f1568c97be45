#include "formats/markup.h"

#include "formats/entities.h"

#define TAG_MAX_BYTES 12U

struct markup {
    struct slice html;
    size_t at, last_close; // of '>': a '<' behind it is text
    uint8_t *out;
    size_t size;
    uint8_t want;  // a separator owed before the next character: space, tab, LF, 'P'
    bool verbatim; // inside pre
    bool no_comment_end; // was looked for and is not there: don't look again
};

enum tag_kind {
    TAG_INLINE,
    TAG_BLOCK,
    TAG_BREAK,
    TAG_CELL,
    TAG_PRE,
    TAG_HIDDEN, // dropped with what is in it, and parts blocks
    TAG_SCRIPT, // dropped with what is in it, as if it were not there
};
static const struct {
    char name[TAG_MAX_BYTES];
    enum tag_kind kind;
} tags[] = {
    {"p",          TAG_BLOCK },
    {"div",        TAG_BLOCK },
    {"h1",         TAG_BLOCK },
    {"h2",         TAG_BLOCK },
    {"h3",         TAG_BLOCK },
    {"h4",         TAG_BLOCK },
    {"h5",         TAG_BLOCK },
    {"h6",         TAG_BLOCK },
    {"li",         TAG_BLOCK },
    {"dt",         TAG_BLOCK },
    {"dd",         TAG_BLOCK },
    {"blockquote", TAG_BLOCK },
    {"tr",         TAG_BLOCK },
    {"figure",     TAG_BLOCK },
    {"figcaption", TAG_BLOCK },
    {"section",    TAG_BLOCK },
    {"article",    TAG_BLOCK },
    {"header",     TAG_BLOCK },
    {"footer",     TAG_BLOCK },
    {"main",       TAG_BLOCK },
    {"aside",      TAG_HIDDEN},
    {"address",    TAG_BLOCK },
    {"table",      TAG_BLOCK },
    {"ul",         TAG_BLOCK },
    {"ol",         TAG_BLOCK },
    {"dl",         TAG_BLOCK },
    {"hr",         TAG_BLOCK },
    {"hl2",        TAG_BLOCK },
    {"br",         TAG_BREAK },
    {"td",         TAG_CELL  },
    {"th",         TAG_CELL  },
    {"pre",        TAG_PRE   },
    {"script",     TAG_SCRIPT},
    {"style",      TAG_SCRIPT},
    {"head",       TAG_HIDDEN},
    {"template",   TAG_SCRIPT},
    {"noscript",   TAG_SCRIPT},
    {"iframe",     TAG_HIDDEN},
    {"object",     TAG_HIDDEN},
    {"svg",        TAG_HIDDEN},
    {"form",       TAG_HIDDEN},
    {"nav",        TAG_HIDDEN},
};

static bool
is_space(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool
is_letter(uint8_t c)
{
    uint8_t lower = c | 0x20;
    return lower >= 'a' && lower <= 'z';
}

// The stronger of two separators: paragraph, line, tab, space.
static void
owe(struct markup *m, uint8_t separator)
{
    static const char order[] = " \t\nP";
    const char *have = m->want ? strchr(order, m->want) : NULL;
    if (!have || strchr(order, separator) > have)
        m->want = separator;
}

static void
pay(struct markup *m)
{
    if (m->want && m->size) {
        m->out[m->size++] = m->want == 'P' ? '\n' : m->want;
        if (m->want == 'P')
            m->out[m->size++] = '\n';
    }
    m->want = 0;
}

static void
put_character(struct markup *m)
{
    struct slice rest = slice_from(m->html, m->at);
    uint32_t code = 0;
    size_t taken = rest.data[0] == '&' ? entity_read(rest, &code) : 0;
    uint8_t c = taken == 0 ? rest.data[0] : code < 0x80 ? (uint8_t)code : 0;
    m->at += taken ? taken : 1;
    if (is_space(c) && !m->verbatim) {
        owe(m, ' ');
        return;
    }
    pay(m);
    if (taken)
        m->size += utf8_put(code, m->out + m->size);
    else
        m->out[m->size++] = c;
}

static uint8_t
byte_at(const struct markup *m, size_t at)
{
    return at < m->html.size ? m->html.data[at] : 0;
}

// Where the tag that begins at m->at ends, behind its '>'. A '>' in quotes does not end
// it; a quote that is never closed is no quote.
static size_t
tag_end(const struct markup *m)
{
    size_t at = m->at + 1, first = 0;
    while (at < m->html.size && m->html.data[at] != '>') {
        uint8_t c = m->html.data[at];
        const uint8_t *from = m->html.data + at + 1;
        size_t left = m->html.size - at - 1;
        const uint8_t *close =
            (c == '"' || c == '\'') && left ? memchr(from, c, left) : NULL;
        if (close && byte_at(m, at - 1) == '=')
            at = (size_t)(close - m->html.data);
        at++;
    }
    if (at < m->html.size)
        return at + 1;
    const uint8_t *any = memchr(m->html.data + m->at, '>', m->html.size - m->at);
    first = any ? (size_t)(any - m->html.data) + 1 : m->html.size;
    return first;
}

static size_t
tag_name(const struct markup *m, size_t at, char name[TAG_MAX_BYTES])
{
    size_t size = 0;
    while (size + 1 < TAG_MAX_BYTES &&
           (is_letter(byte_at(m, at + size)) || (size && byte_at(m, at + size) >= '0' &&
                                                    byte_at(m, at + size) <= '9'))) {
        uint8_t c = byte_at(m, at + size);
        name[size++] = (char)(is_letter(c) ? c | 0x20 : c);
    }
    name[size] = 0;
    return size;
}

static enum tag_kind
kind_of(const char *name)
{
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
        if (strcmp(tags[i].name, name) == 0)
            return tags[i].kind;
    return TAG_INLINE;
}

// Behind the closing tag of name; to the end where it is never closed. Nesting is not
// looked at: what follows an inner one is then shown, never run.
static size_t
after_closing(const struct markup *m, size_t at, const char *name)
{
    size_t size = strlen(name);
    while (at < m->html.size) {
        const uint8_t *open = memmem(m->html.data + at, m->html.size - at, "</", 2);
        if (!open)
            break;
        at = (size_t)(open - m->html.data) + 2;
        char found[TAG_MAX_BYTES];
        if (tag_name(m, at, found) != size || strcmp(found, name) != 0)
            continue;
        const uint8_t *end = memchr(m->html.data + at, '>', m->html.size - at);
        return end ? (size_t)(end - m->html.data) + 1 : m->html.size;
    }
    return m->html.size;
}

static void
read_tag(struct markup *m)
{
    char name[TAG_MAX_BYTES];
    bool closing = byte_at(m, m->at + 1) == '/';
    (void)tag_name(m, m->at + 1 + closing, name);
    size_t end = tag_end(m);
    bool empty = end >= 2 && byte_at(m, end - 2) == '/';
    enum tag_kind kind = kind_of(name);
    m->at = end;
    bool dropped = kind == TAG_HIDDEN || kind == TAG_SCRIPT;
    if (dropped && !closing && !empty)
        m->at = after_closing(m, end, name);
    if (kind == TAG_PRE)
        m->verbatim = !closing;
    if (kind == TAG_BREAK)
        owe(m, m->want == '\n' ? 'P' : '\n'); // two in a row part blocks
    else if (kind == TAG_CELL)
        owe(m, '\t');
    else if (kind != TAG_INLINE && kind != TAG_SCRIPT)
        owe(m, 'P');
}

static void
skip_comment(struct markup *m)
{
    const uint8_t *from = m->html.data + m->at;
    size_t left = m->html.size - m->at;
    bool comment = left >= 4 && memcmp(from, "<!--", 4) == 0;
    bool look = comment && !m->no_comment_end;
    const uint8_t *end = look ? memmem(from + 4, left - 4, "-->", 3) : NULL;
    m->no_comment_end |= look && !end;
    m->at = end ? (size_t)(end - m->html.data) + 3 : tag_end(m);
}

static void
step(struct markup *m)
{
    uint8_t next = byte_at(m, m->at + 1);
    bool tag = m->html.data[m->at] == '<' && m->at < m->last_close;
    if (tag && (next == '!' || next == '?'))
        skip_comment(m);
    else if (tag &&
             (is_letter(next) || (next == '/' && is_letter(byte_at(m, m->at + 2)))))
        read_tag(m);
    else
        put_character(m);
}

struct slice
markup_text(struct slice html, struct arena *arena)
{
    const uint8_t *close = html.size ? memrchr(html.data, '>', html.size) : NULL;
    struct markup m = {.html = html, .out = arena_alloc(arena, html.size + 8)};
    m.last_close = close ? (size_t)(close - html.data) : 0;
    while (m.out && m.at < html.size)
        step(&m);
    return m.out ? slice_of(m.out, m.size) : slice_of(NULL, 0);
}
