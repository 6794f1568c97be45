#include "formats/xml_body.h"

#define NAME_MAX_BYTES 16U

static const struct {
    const char *name, *html; // html NULL: not written, nor what is in it
} names[] = {
    {"hl1",          "h2"        },
    {"hl2",          "h3"        },
    {"bq",           "blockquote"},
    {"block",        "div"       },
    {"body.content", "div"       },
    {"fn",           "p"         },
    {"note",         "div"       },
    {"media",        NULL        },
};

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
    for (const struct xml_node *n = node->first; n; n = n->next) {
        char room[NAME_MAX_BYTES];
        bool skip;
        if (!n->name.size) {
            blocks_text(b, n->text);
            continue;
        }
        struct slice name = html_name(n->name, room, &skip);
        if (skip)
            continue;
        blocks_open(b, name, xml_attr(n, "href"));
        xml_body(n, b); // as deep as XML_DEPTH_MAX
        blocks_close(b, name);
    }
}
