#include "formats/html_write.h"

#include "formats/ascii.h"

#define CAPTION_MAX 2048U

bool
html_write_begin(struct html_write *w, struct arena *arena, struct slice base)
{
    *w = (struct html_write){.arena = arena, .base = base};
    w->blocks = blocks_begin(arena);
    return w->blocks != NULL;
}

// What a figure holds beside its picture - a credit, a caption in no figcaption - belongs to
// the picture; tables, lists and quotes are text.
static struct blocks *
target(struct html_write *w)
{
    bool figure = w->apart && w->figures && !w->kept;
    return (w->in_caption || figure) && w->caption ? w->caption : w->blocks;
}

static struct slice
attr(struct html_write *w, const struct html_token *tag, const char *name)
{
    struct slice value = slice_of(NULL, 0);
    (void)html_attr(tag, name, w->arena, &value);
    return value;
}

// The first of a list of addresses, each with a width or a density behind it.
static struct slice
first_of_set(struct slice set)
{
    size_t size = 0;
    while (set.size && (set.data[0] <= ' ' || set.data[0] == ','))
        set = slice_from(set, 1);
    while (size < set.size && set.data[size] > ' ')
        size++;
    while (size && set.data[size - 1] == ',')
        size--;
    return slice_until(set, size);
}

struct slice
html_image(const struct html_token *tag, struct slice base, struct arena *arena)
{
    static const struct {
        const char *attr;
        bool set;
    } places[] = {
        {"data-src",      false},
        {"data-lazy-src", false},
        {"data-original", false},
        {"src",           false},
        {"data-srcset",   true },
        {"srcset",        true },
    };
    struct slice value, href = slice_of(NULL, 0);
    for (size_t i = 0; i < sizeof places / sizeof *places && !href.size; i++) {
        if (!html_attr(tag, places[i].attr, arena, &value))
            continue;
        value = places[i].set ? first_of_set(value) : value;
        href = blocks_href(html_join(base, value, arena), arena);
    }
    return href;
}

static void
see_media(struct html_write *w, const struct html_token *tag)
{
    static const char *const names[] = {"img", "picture", "video", "audio", "iframe",
        "object", "embed", "svg", "amp-img", "amp-video", "amp-audio", "amp-iframe",
        NULL};
    static const char *const images[] = {"img", "amp-img", NULL};
    w->media |= ascii_one_of(tag->name, names);
    if (slice_is(tag->name, "source") && !w->source.size)
        w->source = html_image(tag, w->base, w->arena);
    if (!ascii_one_of(tag->name, images) || w->picture.src.size)
        return;
    w->picture.src = html_image(tag, w->base, w->arena);
    w->picture.alt = attr(w, tag, "alt");
}

static bool
is_kept(struct slice name)
{
    static const char *const names[] = {
        "table", "blockquote", "pre", "ul", "ol", "dl", NULL};
    return ascii_one_of(name, names);
}

static void
begin_figure(struct html_write *w)
{
    w->picture = (struct html_picture){0};
    w->source = slice_of(NULL, 0);
    w->kept = 0;
    if (w->apart)
        w->caption = blocks_begin(w->arena);
}

void
html_write_start(struct html_write *w, const struct html_token *tag)
{
    struct slice href = slice_of(NULL, 0);
    bool figure = slice_is(tag->name, "figure");
    struct blocks *outer = w->blocks;
    if (figure && w->figures++ == 0)
        begin_figure(w);
    if (w->figures)
        see_media(w, tag);
    w->kept += w->figures && is_kept(tag->name);
    if (w->apart && slice_is(tag->name, "figcaption") && w->figures)
        w->in_caption = true;
    if (slice_is(tag->name, "a"))
        href = html_join(w->base, attr(w, tag, "href"), w->arena);
    blocks_open(figure ? outer : target(w), tag->name, href);
}

static void
keep_picture(struct html_write *w)
{
    if (!w->picture.src.size)
        w->picture.src = w->source;
    if (!w->pictures)
        w->pictures = arena_array(w->arena, HTML_PICTURES_MAX, sizeof *w->pictures);
    if (w->pictures && w->pictures_count < HTML_PICTURES_MAX)
        w->pictures[w->pictures_count++] = w->picture;
}

// A caption of what is no picture stays in the text, behind what it belongs to; so does
// what is too long for one.
static void
end_figure(struct html_write *w)
{
    struct blocks *caption = w->caption;
    if (w->figures == 0 || --w->figures)
        return;
    w->caption = NULL;
    w->in_caption = false;
    w->kept = 0;
    struct slice text = caption ? blocks_end(caption).plain : slice_of(NULL, 0);
    bool full = w->pictures_count == HTML_PICTURES_MAX;
    bool caption_fits = w->media && !full && text.size <= CAPTION_MAX;
    bool shown = w->apart && (w->picture.src.size || w->source.size);
    if (caption_fits && (text.size || shown)) {
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
    bool figure = slice_is(name, "figure");
    blocks_close(figure ? w->blocks : target(w), name);
    w->kept -= w->kept && is_kept(name);
    if (slice_is(name, "figcaption"))
        w->in_caption = false;
    if (figure)
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
