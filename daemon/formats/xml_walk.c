#include "formats/xml.h"

bool
xml_is(const struct xml_node *node, const char *name)
{
    return node && slice_is(node->name, name);
}

static const struct xml_node *
element_from(const struct xml_node *node, struct slice name)
{
    while (node && (!node->name.size || (name.size && !slice_equal(node->name, name))))
        node = node->next;
    return node;
}

const struct xml_node *
xml_first(const struct xml_node *node, const char *name)
{
    return node ? element_from(node->first, slice_str(name)) : NULL;
}

const struct xml_node *
xml_next(const struct xml_node *node, const char *name)
{
    return node ? element_from(node->next, slice_str(name)) : NULL;
}

const struct xml_node *
xml_find(const struct xml_node *node, const char *path)
{
    while (node && *path) {
        size_t size = strcspn(path, "/");
        node = element_from(node->first, slice_of(path, size));
        path += size + (path[size] == '/');
    }
    return node;
}

struct slice
xml_attr(const struct xml_node *node, const char *name)
{
    for (uint32_t i = 0; node && i < node->attrs_count; i++)
        if (slice_is(node->attrs[i].name, name))
            return node->attrs[i].value;
    return slice_of(NULL, 0);
}

struct slice
xml_text(const struct xml_node *node)
{
    return node ? node->text : slice_of(NULL, 0);
}

// A line being put together: a space stands for any run of white space, once more follows.
struct line {
    uint8_t *out;
    size_t size;
    bool gap;    // white space was read
    bool border; // an element began or ended
};

// Marks that stand close to the word before them, and behind which the next stands close.
static bool
closes(struct slice at)
{
    return (at.data[0] && strchr(".,;:!?)]}'\"/-", at.data[0])) ||
           slice_starts(at, SLICE("\xe2\x80\x99")) ||
           slice_starts(at, SLICE("\xe2\x80\x9d")) ||
           slice_starts(at, SLICE("\xc2\xbb"));
}

static bool
opened(const struct line *line)
{
    struct slice end = slice_of(line->out, line->size);
    uint8_t c = end.data[end.size - 1];
    return (c && strchr("([{'\"/-", c)) ||
           (end.size >= 3 &&
               (memcmp(end.data + end.size - 3, "\xe2\x80\x9c", 3) == 0 ||
                   memcmp(end.data + end.size - 3, "\xe2\x80\x98", 3) == 0)) ||
           (end.size >= 2 && memcmp(end.data + end.size - 2, "\xc2\xab", 2) == 0);
}

static void
line_add(struct line *line, struct slice text)
{
    for (; text.size; text = slice_from(text, 1)) {
        uint8_t c = text.data[0];
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
            line->gap = true;
            continue;
        }
        bool border = line->border && line->size && !closes(text) && !opened(line);
        if (line->size && (line->gap || border))
            line->out[line->size++] = ' ';
        line->gap = line->border = false;
        line->out[line->size++] = c;
    }
}

// The next node in the document's order, at or below top; NULL: there is none.
static const struct xml_node *
step(const struct xml_node *node, const struct xml_node *top)
{
    if (node->first)
        return node->first;
    while (node != top && !node->next)
        node = node->parent;
    return node == top ? NULL : node->next;
}

static struct slice
gather(const struct xml_node *node, struct arena *arena, bool borders)
{
    size_t size = node ? node->text.size : 0;
    struct line line = {.out = size ? arena_alloc(arena, 2 * size) : NULL};
    if (!line.out)
        return slice_of(NULL, 0);
    for (const struct xml_node *at = node; at; at = step(at, node)) {
        if (at->name.size == 0)
            line_add(&line, at->text);
        line.gap |= slice_is(at->name, "br");
        line.border = borders;
    }
    return slice_of(line.out, line.size);
}

struct slice
xml_line(const struct xml_node *node, struct arena *arena)
{
    return gather(node, arena, true);
}

struct slice
xml_flat(const struct xml_node *node, struct arena *arena)
{
    return gather(node, arena, false);
}
