#include "formats/xml_prolog.h"

#include "formats/xml.h"

static bool
is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool
starts_at(struct slice text, size_t at, struct slice word)
{
    return at <= text.size && slice_starts(slice_from(text, at), word);
}

// The offset behind the next `end` from at on; the text's size if there is none.
static size_t
behind(struct slice text, size_t at, struct slice end)
{
    if (at >= text.size)
        return text.size;
    const uint8_t *found = memmem(text.data + at, text.size - at, end.data, end.size);
    return found ? (size_t)(found - text.data) + end.size : text.size;
}

// Comments and processing instructions at at; 0: there is neither.
static size_t
skip_aside(struct slice text, size_t at)
{
    if (starts_at(text, at, SLICE("<!--")))
        return behind(text, at + 4, SLICE("-->"));
    if (starts_at(text, at, SLICE("<?")))
        return behind(text, at + 2, SLICE("?>"));
    return 0;
}

// XML 1.0 [28]: quoted identifiers, then an internal subset in brackets, whose declarations
// have quoted values of their own; brackets and angles in quotes and comments mean nothing.
static size_t
skip_doctype(struct slice text, size_t at)
{
    bool inside = false;
    while (at < text.size) {
        uint8_t c = text.data[at];
        size_t aside = inside ? skip_aside(text, at) : 0;
        if (c == '"' || c == '\'')
            aside = behind(text, at + 1, slice_of(&c, 1));
        else if (c == '>' && !inside)
            return at + 1;
        else if (c == '[' || c == ']')
            inside = c == '[';
        at = aside ? aside : at + 1;
    }
    return XML_NO_END;
}

size_t
xml_prolog(struct slice text)
{
    size_t at = starts_at(text, 0, SLICE("\xef\xbb\xbf")) ? 3 : 0;
    while (at < text.size) {
        size_t aside = skip_aside(text, at);
        if (is_blank(text.data[at]))
            at++;
        else if (aside)
            at = aside;
        else if (starts_at(text, at, SLICE("<!DOCTYPE")))
            at = skip_doctype(text, at + 9);
        else
            break;
    }
    return at;
}

// The end of the tag at at; each '=' outside of quotes is an attribute.
static size_t
skip_tag(struct slice text, size_t at, uint32_t *attributes)
{
    *attributes = 0;
    while (at < text.size && text.data[at] != '>') {
        uint8_t c = text.data[at++];
        *attributes += c == '=';
        if (c == '"' || c == '\'')
            at = behind(text, at, slice_of(&c, 1));
    }
    return at;
}

size_t
xml_crowded(struct slice text, size_t at, uint32_t max)
{
    const uint8_t *found;
    while (at < text.size &&
           (found = memchr(text.data + at, '<', text.size - at)) != NULL) {
        at = (size_t)(found - text.data);
        size_t aside = skip_aside(text, at);
        uint32_t attributes = 0;
        if (starts_at(text, at, SLICE("<![CDATA[")))
            aside = behind(text, at + 9, SLICE("]]>"));
        if (!aside)
            aside = skip_tag(text, at + 1, &attributes);
        if (attributes > max)
            return at;
        at = aside;
    }
    return XML_NO_END;
}

// The next word of a start tag: up to a blank, '=', '>', '/' or a quote.
static struct slice
word_at(struct slice tag, size_t at)
{
    size_t end = at;
    while (
        end < tag.size && !is_blank(tag.data[end]) && !strchr("=>/\"'<", tag.data[end]))
        end++;
    return slice_of(tag.data + at, end - at);
}

static bool
declares(struct slice name, struct slice prefix)
{
    if (!slice_starts(name, SLICE("xmlns")))
        return false;
    name = slice_from(name, 5);
    if (!prefix.size)
        return name.size == 0;
    return name.size && name.data[0] == ':' && slice_equal(slice_from(name, 1), prefix);
}

// The value of the attribute that declares the prefix, in the tag whose name ends at at.
static struct slice
declared_space(struct slice tag, size_t at, struct slice prefix)
{
    while (at < tag.size && tag.data[at] != '>') {
        struct slice name = word_at(tag, at);
        at += name.size ? name.size : 1;
        while (at < tag.size && (is_blank(tag.data[at]) || tag.data[at] == '='))
            at++;
        if (at >= tag.size || (tag.data[at] != '"' && tag.data[at] != '\''))
            continue;
        size_t end = behind(tag, at + 1, slice_of(tag.data + at, 1));
        if (declares(name, prefix) && end > at + 1)
            return slice_of(tag.data + at + 1, end - at - 2);
        at = end;
    }
    return slice_of(NULL, 0);
}

bool
xml_root(struct slice text, struct slice *name_out, struct slice *space_out)
{
    size_t at = xml_prolog(text);
    if (at == XML_NO_END || at + 1 >= text.size || text.data[at] != '<')
        return false;
    struct slice name = word_at(text, at + 1), prefix = slice_of(NULL, 0);
    const uint8_t *colon = name.size ? memchr(name.data, ':', name.size) : NULL;
    at += 1 + name.size;
    // A colon at either end parts nothing, and is of the name.
    if (colon && colon > name.data && colon + 1 < name.data + name.size) {
        prefix = slice_of(name.data, (size_t)(colon - name.data));
        name = slice_from(name, prefix.size + 1);
    }
    if (!name.size)
        return false;
    *name_out = name;
    *space_out = declared_space(text, at, prefix);
    return true;
}
