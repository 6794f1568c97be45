#include "formats/blocks_tags.h"

#include <stdlib.h>

// In the order of the alphabet. Beside what the rule names: what a browser does not show
// (dialog, datalist), the controls of forms, what is shown only where a video, sound or
// frame can't be, what the text says was taken out of it (del), and AMP's own elements for
// what others have (its img is one in html_write.c). Elements not listed give their content
// alone.
static const struct tag tags[] = {
    {"a",          TAG_LINK,          false},
    {"address",    TAG_BLOCK,         false},
    {"amp-ad",     TAG_HIDDEN,        false},
    {"amp-analytics", TAG_HIDDEN,        false},
    {"amp-audio",  TAG_HIDDEN,        false},
    {"amp-auto-ads", TAG_HIDDEN,        false},
    {"amp-consent", TAG_HIDDEN,        false},
    {"amp-embed",  TAG_HIDDEN,        false},
    {"amp-iframe", TAG_HIDDEN,        true },
    {"amp-sidebar", TAG_HIDDEN,        true },
    {"amp-sticky-ad", TAG_HIDDEN,        false},
    {"amp-user-notification", TAG_HIDDEN,        false},
    {"amp-video",  TAG_HIDDEN,        false},
    {"applet",     TAG_HIDDEN,        false},
    {"article",    TAG_BLOCK,         false},
    {"aside",      TAG_HIDDEN,        true },
    {"audio",      TAG_HIDDEN,        false},
    {"b",          TAG_STRONG,        false},
    {"blockquote", TAG_QUOTE,         false},
    {"br",         TAG_BREAK,         false},
    {"button",     TAG_SCRIPT,        true },
    {"canvas",     TAG_HIDDEN,        false},
    {"caption",    TAG_BLOCK,         false},
    {"center",     TAG_BLOCK,         false},
    {"datalist",   TAG_SCRIPT,        false},
    {"dd",         TAG_BLOCK,         false},
    {"del",        TAG_SCRIPT,        true },
    {"details",    TAG_BLOCK,         false},
    {"dialog",     TAG_HIDDEN,        false},
    {"dir",        TAG_LIST,          false},
    {"div",        TAG_BLOCK,         false},
    {"dl",         TAG_BLOCK,         false},
    {"dt",         TAG_BLOCK,         false},
    {"em",         TAG_EM,            false},
    {"fieldset",   TAG_BLOCK,         false},
    {"figcaption", TAG_BLOCK,         false},
    {"figure",     TAG_BLOCK,         false},
    {"footer",     TAG_BLOCK,         false},
    {"form",       TAG_HIDDEN,        true },
    {"frameset",   TAG_HIDDEN,        false},
    {"h1",         TAG_H2,            false},
    {"h2",         TAG_H2,            false},
    {"h3",         TAG_H3,            false},
    {"h4",         TAG_H4,            false},
    {"h5",         TAG_H4,            false},
    {"h6",         TAG_H4,            false},
    {"head",       TAG_HIDDEN,        false},
    {"header",     TAG_BLOCK,         false},
    {"hgroup",     TAG_BLOCK,         false},
    {"hr",         TAG_BLOCK,         false},
    {"i",          TAG_EM,            false},
    {"iframe",     TAG_HIDDEN,        true },
    {"legend",     TAG_BLOCK,         false},
    {"li",         TAG_ITEM,          false},
    {"listing",    TAG_PRE,           false},
    {"main",       TAG_BLOCK,         false},
    {"menu",       TAG_LIST,          false},
    {"nav",        TAG_HIDDEN,        true },
    {"noembed",    TAG_SCRIPT,        false},
    {"noframes",   TAG_HIDDEN,        false},
    {"noscript",   TAG_SCRIPT,        false},
    {"object",     TAG_HIDDEN,        true },
    {"ol",         TAG_LIST_NUMBERED, false},
    {"p",          TAG_PARAGRAPH,     false},
    {"plaintext",  TAG_PRE,           false},
    {"pre",        TAG_PRE,           false},
    {"q",          TAG_QUOTED,        false},
    {"rb",         TAG_RUBY,          false},
    {"rp",         TAG_READING_MARK,  false},
    {"rt",         TAG_READING,       false},
    {"ruby",       TAG_RUBY,          false},
    {"script",     TAG_SCRIPT,        false},
    {"search",     TAG_BLOCK,         false},
    {"section",    TAG_BLOCK,         false},
    {"select",     TAG_SCRIPT,        true },
    {"strong",     TAG_STRONG,        false},
    {"style",      TAG_SCRIPT,        false},
    {"summary",    TAG_BLOCK,         false},
    {"sup",        TAG_RAISED,        false},
    {"svg",        TAG_HIDDEN,        true },
    {"table",      TAG_TABLE,         false},
    {"td",         TAG_CELL,          false},
    {"template",   TAG_SCRIPT,        false},
    {"textarea",   TAG_SCRIPT,        true },
    {"th",         TAG_CELL_HEAD,     false},
    {"title",      TAG_SCRIPT,        false},
    {"tr",         TAG_ROW,           false},
    {"ul",         TAG_LIST,          false},
    {"video",      TAG_HIDDEN,        false},
    {"xmp",        TAG_PRE,           false},
};

const char *const tag_stored[TAG_KINDS] = {
    [TAG_NONE] = "",
    [TAG_BLOCK] = "",
    [TAG_BREAK] = "br",
    [TAG_QUOTED] = "",
    [TAG_STRONG] = "strong",
    [TAG_EM] = "em",
    [TAG_LINK] = "a",
    [TAG_RAISED] = "",
    [TAG_RUBY] = "",
    [TAG_READING] = "",
    [TAG_READING_MARK] = "",
    [TAG_PARAGRAPH] = "p",
    [TAG_H2] = "h2",
    [TAG_H3] = "h3",
    [TAG_H4] = "h4",
    [TAG_PRE] = "pre",
    [TAG_LIST] = "ul",
    [TAG_LIST_NUMBERED] = "ol",
    [TAG_ITEM] = "li",
    [TAG_QUOTE] = "blockquote",
    [TAG_TABLE] = "table",
    [TAG_ROW] = "tr",
    [TAG_CELL] = "td",
    [TAG_CELL_HEAD] = "th",
    [TAG_HIDDEN] = "",
    [TAG_SCRIPT] = "",
};

static int
compare(const void *name, const void *row)
{
    const struct slice *key = name;
    const char *have = ((const struct tag *)row)->name;
    int order = strncmp((const char *)key->data, have, key->size);
    return order ? order : -(have[key->size] != 0);
}

const struct tag *
tag_find(struct slice name)
{
    static const struct tag unknown = {"", TAG_NONE, false};
    if (name.size == 0 || name.size > 21) // amp-user-notification
        return &unknown;
    const struct tag *found =
        bsearch(&name, tags, sizeof tags / sizeof *tags, sizeof *tags, compare);
    return found ? found : &unknown;
}
