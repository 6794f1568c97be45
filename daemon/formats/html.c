#include "formats/html.h"

#include <assert.h>

#include "formats/html_write.h"

static bool
is_space(uint8_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

// Whether list, words between spaces, holds one of words; letters of both cases are one.
static bool
holds_word(struct slice list, const char *const words[])
{
    for (size_t at = 0; at < list.size;) {
        size_t size = 0;
        while (at + size < list.size && !is_space(list.data[at + size]))
            size++;
        for (size_t i = 0; size && words[i]; i++)
            if (strlen(words[i]) == size &&
                strncasecmp((const char *)list.data + at, words[i], size) == 0)
                return true;
        at += size + 1;
    }
    return false;
}

// display: none and visibility: hidden, with any white space in them.
static bool
is_style_hidden(struct slice style)
{
    char text[256];
    size_t size = 0;
    for (size_t i = 0; i < style.size && size < sizeof text - 1; i++)
        if (style.data[i] && !is_space(style.data[i]))
            text[size++] = (char)style.data[i];
    text[size] = 0;
    return strcasestr(text, "display:none") || strcasestr(text, "visibility:hidden");
}

bool
html_hidden(const struct html_token *tag, struct arena *arena)
{
    static const char *const roles[] = {"navigation", "complementary", "banner",
        "contentinfo", "search", "form", "menu", "menubar", "toolbar", "dialog",
        "alertdialog", "tooltip", NULL};
    static const char *const yes[] = {"true", NULL};
    struct slice value;
    if (tag->text.size < 6) // role=x
        return false;
    return html_attr(tag, "hidden", arena, &value) ||
           (html_attr(tag, "aria-hidden", arena, &value) && holds_word(value, yes)) ||
           (html_attr(tag, "style", arena, &value) && is_style_hidden(value)) ||
           (html_attr(tag, "role", arena, &value) && holds_word(value, roles));
}

struct piece {
    unsigned magic;
#define PIECE_MAGIC 0x68746d6c
    struct html_write write;
};

static struct piece *
piece_of(void *data)
{
    struct piece *p = data;
    assert(p->magic == PIECE_MAGIC);
    return p;
}

static int
on_start(void *data, const struct html_token *tag)
{
    struct piece *p = piece_of(data);
    if (html_hidden(tag, p->write.arena))
        return HTML_DROP;
    html_write_start(&p->write, tag);
    return 0;
}

static void
on_end(void *data, struct slice name, int mark)
{
    (void)mark;
    html_write_end(&piece_of(data)->write, name);
}

static void
on_text(void *data, struct slice text)
{
    html_write_text(&piece_of(data)->write, text);
}

// What it means is the writer's to say: of these, xmp alone is text for people.
static void
on_raw(void *data, const struct html_token *tag, struct slice content)
{
    struct piece *p = piece_of(data);
    html_write_start(&p->write, tag);
    html_write_text(&p->write, content);
    html_write_end(&p->write, tag->name);
}

struct html_done
html_blocks_at(struct slice html, struct slice base, struct arena *arena)
{
    struct piece p = {.magic = PIECE_MAGIC};
    struct html_events events = {&p, on_start, on_end, on_text, on_raw};
    struct html_done done = {0};
    if (!html_write_begin(&p.write, arena, base))
        return done;
    bool twice = html_walk(html, arena, &events);
    done = html_write_done(&p.write);
    done.twice = twice;
    return done;
}

struct html_done
html_blocks(struct slice html, struct arena *arena)
{
    return html_blocks_at(html, slice_of(NULL, 0), arena);
}

static struct value
one_map(struct arena *arena, const char *key, struct slice text, const char *name)
{
    struct value list = value_list(arena, 1);
    if (!list.list.items)
        return list;
    list.list.items[0] = value_map(arena, 2);
    value_set(&list.list.items[0], key, value_of_text(text), arena);
    value_set(&list.list.items[0], slice_is(SLICE("value"), key) ? "role" : "name",
        value_of_text(slice_str(name)), arena);
    return list;
}

void
html_set_pictures(struct article *a, const struct html_done *done)
{
    const struct value *list = &a->field[ARTICLE_ASSOCIATIONS];
    for (uint32_t i = 0; i < done->pictures_count; i++) {
        const struct html_picture *p = &done->pictures[i];
        if (list->type == WIRE_ARRAY &&
            list->list.count >= article_rows[ARTICLE_ASSOCIATIONS].limit) {
            article_warn(a, "not-carried", SLICE("figure"));
            return;
        }
        struct value *entry = article_add(a, ARTICLE_ASSOCIATIONS, 4);
        if (!entry)
            return;
        value_set(entry, "name",
            value_of_text(arena_printf(a->arena, "figure%u", i + 1)), a->arena);
        value_set(entry, "type", value_of_text(SLICE("picture")), a->arena);
        if (p->caption.size)
            value_set(entry, "descriptions",
                one_map(a->arena, "value", p->caption, "caption"), a->arena);
        if (p->src.size)
            value_set(entry, "renditions",
                one_map(a->arena, "href", p->src, "original"), a->arena);
    }
}

struct slice
html_line(struct slice html, struct arena *arena)
{
    struct slice text = html_blocks(html, arena).blocks.plain;
    uint8_t *out = arena_alloc(arena, text.size + 1);
    size_t size = 0;
    for (size_t i = 0; out && i < text.size; i++) {
        bool space = is_space(text.data[i]);
        if (!space || (size && out[size - 1] != ' '))
            out[size++] = space ? ' ' : text.data[i];
    }
    return out ? slice_of(out, size) : slice_of(NULL, 0);
}
