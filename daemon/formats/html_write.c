#include "formats/html_write.h"

bool
html_write_begin(struct html_write *w, struct arena *arena, struct slice base)
{
    *w = (struct html_write){.arena = arena, .base = base};
    w->blocks = blocks_begin(arena);
    return w->blocks != NULL;
}

static struct blocks *
target(struct html_write *w)
{
    return w->in_caption && w->caption ? w->caption : w->blocks;
}

static struct slice
attr(struct html_write *w, const struct html_token *tag, const char *name)
{
    struct slice value = slice_of(NULL, 0);
    (void)html_attr(tag, name, w->arena, &value);
    return value;
}

static void
see_media(struct html_write *w, const struct html_token *tag)
{
    static const char *const names[] = {
        "img", "picture", "video", "audio", "iframe", "object", "embed", "svg", NULL};
    for (size_t i = 0; names[i]; i++)
        w->media |= slice_is(tag->name, names[i]);
    if (!slice_is(tag->name, "img") || w->picture.src.size)
        return;
    struct slice src = html_join(w->base, attr(w, tag, "src"), w->arena);
    w->picture.src = blocks_href(src, w->arena);
    w->picture.alt = attr(w, tag, "alt");
}

void
html_write_start(struct html_write *w, const struct html_token *tag)
{
    struct slice href = slice_of(NULL, 0);
    if (slice_is(tag->name, "figure") && w->figures++ == 0)
        w->picture = (struct html_picture){0};
    if (w->figures)
        see_media(w, tag);
    if (w->apart && slice_is(tag->name, "figcaption") && w->figures) {
        w->in_caption = true;
        if (!w->caption)
            w->caption = blocks_begin(w->arena);
    }
    if (slice_is(tag->name, "a"))
        href = html_join(w->base, attr(w, tag, "href"), w->arena);
    blocks_open(target(w), tag->name, href);
}

static void
keep_picture(struct html_write *w)
{
    if (!w->pictures)
        w->pictures = arena_array(w->arena, HTML_PICTURES_MAX, sizeof *w->pictures);
    if (w->pictures && w->pictures_count < HTML_PICTURES_MAX)
        w->pictures[w->pictures_count++] = w->picture;
}

// A caption of what is no picture stays in the text, behind what it belongs to.
static void
end_figure(struct html_write *w)
{
    struct blocks *caption = w->caption;
    w->caption = NULL;
    w->in_caption = false;
    if (w->figures == 0 || --w->figures)
        return;
    struct slice text = caption ? blocks_end(caption).plain : slice_of(NULL, 0);
    if (w->media && text.size && w->pictures_count < HTML_PICTURES_MAX) {
        w->picture.caption = text;
        keep_picture(w);
    } else if (text.size) {
        blocks_open(w->blocks, SLICE("div"), slice_of(NULL, 0));
        blocks_text(w->blocks, text);
        blocks_close(w->blocks, SLICE("div"));
    }
    w->media = false;
}

void
html_write_end(struct html_write *w, struct slice name)
{
    blocks_close(target(w), name);
    if (slice_is(name, "figcaption"))
        w->in_caption = false;
    if (slice_is(name, "figure"))
        end_figure(w);
}

void
html_write_text(struct html_write *w, struct slice text)
{
    blocks_text(target(w), text);
}

struct html_done
html_write_done(struct html_write *w)
{
    if (w->figures) {
        w->figures = 1;
        end_figure(w);
    }
    return (struct html_done){.blocks = blocks_end(w->blocks),
        .pictures = w->pictures,
        .pictures_count = w->pictures_count};
}
