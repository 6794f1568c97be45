#include "formats/xml_body.h"

#define NAME_MAX_BYTES 16U

static const struct {
    const char *name, *html; // html NULL: not written, nor what is in it
} names[] = {
    {"hl1",                 "h2"        },
    {"hl2",                 "h3"        },
    {"bq",                  "blockquote"},
    {"block",               "div"       },
    {"body.content",        "div"       },
    {"fn",                  "p"         },
    {"note",                "div"       },
    {"abstract",            "div"       },
    {"byline",              "p"         }, // of a block, as is what follows
    {"dateline",            "p"         },
    {"copyrite",            "p"         },
    {"datasource",          "p"         },
    {"credit",              "p"         }, // of a bq
    {"caption",             "p"         }, // of a table
    {"media",               NULL        },
    {"key-list",            NULL        },
    {"tobject",             NULL        },
    {"nitf-table-metadata", NULL        },
};

bool
xml_body_is_aside(const struct xml_node *node)
{
    return xml_is(node, "note") &&
           (slice_is(xml_attr(node, "type"), "npa") ||
               slice_is(xml_attr(node, "noteclass"), "editorsnote"));
}

// True if text begins with part, white space aside.
static bool
begins_with(struct slice text, struct slice part)
{
    size_t at = 0, seen = 0;
    for (size_t i = 0; i < part.size; i++) {
        if (part.data[i] <= ' ')
            continue;
        while (at < text.size && text.data[at] <= ' ')
            at++;
        if (at == text.size || text.data[at++] != part.data[i])
            return false;
        seen++;
    }
    return seen > 0;
}

// Archives keep the lead in a block of its own class and again in front of the full text,
// in the block behind it.
static bool
is_told_again(const struct xml_node *node)
{
    struct slice class = xml_attr(node, "class");
    const struct xml_node *next =
        xml_is(node, "block") && class.size ? xml_next(node, NULL) : NULL;
    return xml_is(next, "block") && xml_attr(next, "class").size &&
           !slice_equal(xml_attr(next, "class"), class) &&
           begins_with(next->text, node->text);
}

// Elements whose parts are data and stand side by side without a space.
static bool
is_record(const struct xml_node *node)
{
    static const char *const records[] = {
        "person", "location", "postaddr", "byline", "dateline"};
    for (size_t i = 0; i < sizeof records / sizeof *records; i++)
        if (xml_is(node, records[i]))
            return true;
    return false;
}

// A space between two parts of a record that nothing parts, and between a number and its
// fraction.
static bool
wants_space(const struct xml_node *node, const struct xml_node *before)
{
    if (!before || !before->text.size || !node->text.size)
        return false;
    if (xml_is(node, "frac"))
        return true;
    return before->name.size && is_record(node->parent);
}

// In lower case: old documents shout their tags.
static struct slice
html_name(struct slice name, char room[NAME_MAX_BYTES], bool *skip_out)
{
    *skip_out = false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (slice_is(name, names[i].name)) {
            *skip_out = names[i].html == NULL;
            return slice_str(names[i].html);
        }
    if (name.size > NAME_MAX_BYTES)
        return name; // none of HTML's that are known here
    for (size_t i = 0; i < name.size; i++) {
        char c = (char)name.data[i];
        room[i] = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
    }
    return slice_of(room, name.size);
}

void
xml_body(const struct xml_node *node, struct blocks *b)
{
    if (!node)
        return;
    const struct xml_node *before = NULL;
    for (const struct xml_node *n = node->first; n; n = n->next) {
        char room[NAME_MAX_BYTES];
        bool skip;
        if (!n->name.size) {
            blocks_text(b, n->text);
            before = n;
            continue;
        }
        struct slice name = html_name(n->name, room, &skip);
        if (skip || xml_body_is_aside(n) || is_told_again(n))
            continue;
        if (wants_space(n, before))
            blocks_text(b, SLICE(" "));
        before = n;
        blocks_open(b, name, xml_attr(n, "href"));
        xml_body(n, b); // as deep as XML_DEPTH_MAX
        blocks_close(b, name);
    }
}
