// What is open is kept on a stack, so that an end tag that was left out or stands in the
// wrong place ends what it must (HTML Living Standard 13.2.6, of which this is the part that
// matters for text). Elements that are only about looks are not on it: they come and go as
// they are written, which is what browsers do by other means.
#include "formats/ascii.h"
#include "formats/blocks_tags.h"
#include "formats/entities.h"
#include "formats/html.h"

// Names whose last end tag is remembered: those of the table that hide or hold text alone, 36
// or so, always; others that are marked hidden while there are few.
#define LAST_ENDS 56U
#define LAST_ENDS_OTHER 8U

struct open {
    struct slice name; // arena
    const struct tag *tag;
    int mark;
};

struct walk {
    struct html_tokens tokens;
    struct arena *arena;
    const struct html_events *events;
    struct open open[HTML_DEPTH_MAX];
    uint32_t count;
    uint32_t dropped; // height of the stack with the element that is left out; 0: none
    uint32_t kinds[TAG_KINDS]; // open elements of each kind
    bool twice;
    struct {
        struct slice name;
        size_t at; // SIZE_MAX: there is none
    } last_ends[LAST_ENDS];
    uint32_t last_ends_count;
};

static bool
is_void(struct slice name)
{
    static const char *const names[] = {"area", "base", "br", "col", "embed", "frame",
        "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr", NULL};
    return ascii_one_of(name, names);
}

// What is to be read by those who can't show what it stands for, or is a control, and is
// text to its end tag: as if it had no content when that is missing.
static bool
is_raw(struct slice name)
{
    static const char *const names[] = {
        "title", "textarea", "iframe", "noembed", "noframes", "xmp", NULL};
    return ascii_one_of(name, names);
}

static bool
is_code(struct slice name)
{
    return slice_is(name, "script") || slice_is(name, "style");
}

#define KIND(kind) (1U << (kind))
#define CELLS (KIND(TAG_CELL) | KIND(TAG_CELL_HEAD))
#define BARRIERS (CELLS | KIND(TAG_ROW) | KIND(TAG_TABLE))
#define HIDING \
    (KIND(TAG_HIDDEN) | KIND(TAG_SCRIPT)) // what is in them ends nothing outside
#define IS(kind, set) ((KIND(kind) & (set)) != 0)

// Those that are only about looks are not followed unless somebody has marked them.
static bool
is_followed(enum tag_kind kind)
{
    return kind == TAG_BLOCK || kind >= TAG_PARAGRAPH;
}

static void
pop(struct walk *w)
{
    const struct open *top = &w->open[--w->count];
    w->kinds[top->tag->kind]--;
    if (w->dropped == 0)
        w->events->end(w->events->data, top->name, top->mark);
    else if (w->count < w->dropped)
        w->dropped = 0;
}

static void
pop_to(struct walk *w, uint32_t height)
{
    while (w->count > height)
        pop(w);
}

// Ends the nearest open element of a kind in ends, unless one in stops is nearer.
static void
end_nearest(struct walk *w, uint32_t ends, uint32_t stops)
{
    for (uint32_t i = w->count; i > 0; i--) {
        enum tag_kind kind = w->open[i - 1].tag->kind;
        if (IS(kind, ends)) {
            pop_to(w, i - 1);
            return;
        }
        if (IS(kind, stops))
            return;
    }
}

// What ends because this begins: end tags that may be left out.
static void
imply_ends(struct walk *w, enum tag_kind kind)
{
    bool cell = IS(kind, CELLS);
    if (kind == TAG_ITEM && w->kinds[TAG_ITEM])
        end_nearest(
            w, KIND(TAG_ITEM), BARRIERS | KIND(TAG_LIST) | KIND(TAG_LIST_NUMBERED));
    else if (kind == TAG_ROW && w->kinds[TAG_ROW])
        end_nearest(w, KIND(TAG_ROW), KIND(TAG_TABLE));
    else if (cell && w->kinds[TAG_CELL] + w->kinds[TAG_CELL_HEAD])
        end_nearest(w, CELLS, KIND(TAG_ROW) | KIND(TAG_TABLE));
    bool parts = is_followed(kind) && kind != TAG_SCRIPT; // that is phrasing content
    if (parts && !cell && kind != TAG_ROW && w->kinds[TAG_PARAGRAPH])
        end_nearest(w, KIND(TAG_PARAGRAPH), BARRIERS | HIDING);
}

static void
end_named(struct walk *w, struct slice name, const struct tag *tag)
{
    if (w->kinds[tag->kind] == 0)
        return;
    for (uint32_t i = w->count; i > 0; i--) {
        const struct open *open = &w->open[i - 1];
        if (open->tag == tag && slice_equal(open->name, name)) {
            pop_to(w, i - 1);
            return;
        }
        if (IS(open->tag->kind, BARRIERS) && !IS(tag->kind, BARRIERS))
            return;
    }
}

static bool
is_hiding(enum tag_kind kind)
{
    return kind == TAG_HIDDEN || kind == TAG_SCRIPT;
}

// Where the last end tag of name stands, SIZE_MAX if there is none.
static size_t
find_last_end(struct walk *w, struct slice name)
{
    struct html_tokens look = w->tokens;
    struct slice content;
    size_t last = SIZE_MAX;
    while (html_raw(&look, name, &content))
        last = (size_t)(content.data - look.html.data) + content.size;
    return last;
}

static size_t
last_end(struct walk *w, struct slice name, bool always)
{
    for (uint32_t i = 0; i < w->last_ends_count; i++)
        if (slice_equal(w->last_ends[i].name, name))
            return w->last_ends[i].at;
    if (w->last_ends_count >= (always ? LAST_ENDS : LAST_ENDS_OTHER))
        return w->tokens.html.size;
    size_t at = find_last_end(w, name);
    w->last_ends[w->last_ends_count].name = arena_copy(w->arena, name);
    w->last_ends[w->last_ends_count++].at = at;
    return at;
}

// An element that would hide the rest of the document because it is never closed hides
// nothing, unless its end tag is one that may be left out.
static bool
is_closed(struct walk *w, const struct html_token *token, enum tag_kind kind)
{
    if (kind == TAG_PARAGRAPH || kind == TAG_ITEM || IS(kind, BARRIERS))
        return true;
    size_t at = last_end(w, token->name, is_hiding(kind) || is_raw(token->name));
    return at != SIZE_MAX && at > token->at;
}

static bool
push(struct walk *w, struct slice name, const struct tag *tag, int mark)
{
    if (w->count == HTML_DEPTH_MAX)
        return false;
    w->open[w->count++] = (struct open){arena_copy(w->arena, name), tag, mark};
    w->kinds[tag->kind]++;
    return true;
}

static void
start_element(struct walk *w, const struct html_token *token, const struct tag *tag)
{
    bool empty = token->empty || is_void(token->name);
    bool hides = is_hiding(tag->kind) && !empty;
    if (hides && !is_closed(w, token, tag->kind))
        return;
    int mark = w->dropped ? 0 : w->events->start(w->events->data, token);
    bool drop = mark == HTML_DROP && !empty && is_closed(w, token, tag->kind);
    bool follow = is_followed(tag->kind) || mark > 0 || drop;
    bool pushed = !empty && follow && push(w, token->name, tag, mark);
    if (drop && pushed)
        w->dropped = w->count;
    else if (empty && mark != HTML_DROP && !w->dropped && !is_void(token->name))
        w->events->end(w->events->data, token->name, mark);
}

static void
on_raw(struct walk *w, const struct html_token *token)
{
    struct slice content;
    if (token->empty)
        return;
    if (is_closed(w, token, tag_find(token->name)->kind) &&
        html_raw(&w->tokens, token->name, &content)) {
        if (!w->dropped)
            w->events->raw(w->events->data, token, content);
    } else if (is_code(token->name)) {
        w->tokens.at = w->tokens.html.size;
    }
}

static void
on_start(struct walk *w, const struct html_token *token)
{
    const struct tag *tag = tag_find(token->name);
    if (is_code(token->name) || is_raw(token->name)) {
        on_raw(w, token);
        return;
    }
    imply_ends(w, tag->kind);
    start_element(w, token, tag);
}

static void
on_end(struct walk *w, const struct html_token *token)
{
    const struct tag *tag = tag_find(token->name);
    uint32_t height = w->count;
    end_named(w, token->name, tag);
    for (uint32_t i = 0; i < w->last_ends_count && w->count < height; i++)
        if (w->last_ends[i].at == token->at)
            for (; w->count < height; end_named(w, token->name, tag))
                height = w->count;
    // What was not open is told where it is about looks alone, or parts blocks all the same.
    bool told =
        !is_followed(tag->kind) || tag->kind == TAG_BLOCK || tag->kind == TAG_PARAGRAPH;
    if (!w->dropped && w->count == height && told)
        w->events->end(w->events->data, token->name, 0);
}

static void
tell(struct walk *w, struct slice text)
{
    if (text.size)
        w->events->text(w->events->data, text);
}

static void
on_text(struct walk *w, const struct html_token *token)
{
    struct slice rest = token->text;
    if (w->dropped)
        return;
    while (rest.size) {
        bool look = !token->verbatim;
        const uint8_t *sign = look ? memchr(rest.data, '&', rest.size) : NULL;
        size_t before = sign ? (size_t)(sign - rest.data) : rest.size;
        uint32_t code = 0;
        size_t taken =
            sign ? html_reference(slice_from(rest, before), w->twice, &code) : 0;
        uint8_t bytes[4];
        tell(w, slice_until(rest, before + (sign && !taken)));
        if (taken)
            tell(w, slice_of(bytes, utf8_put(code, bytes)));
        rest = slice_from(rest, before + (taken ? taken : 1));
    }
}

// Whether every escaped ampersand begins a reference, and none of them one of < or >: then
// nothing but references is left escaped.
static bool
is_escaped_twice(struct slice html)
{
    uint32_t count = 0;
    for (const uint8_t *at;
         html.size && (at = memmem(html.data, html.size, "&amp;", 5)); count++) {
        uint32_t code = 0;
        html = slice_from(html, (size_t)(at - html.data));
        size_t taken = html_reference(html, true, &code);
        if (taken <= 5 || html.data[taken - 1] != ';' || code == '<' || code == '>')
            return false;
        html = slice_from(html, taken);
    }
    return count > 0;
}

bool
html_walk(struct slice html, struct arena *arena, const struct html_events *events)
{
    struct walk *w = ARENA_NEW(arena, struct walk);
    struct html_token token;
    if (!w)
        return false;
    w->arena = arena;
    w->events = events;
    w->twice = is_escaped_twice(html);
    html_begin(&w->tokens, html);
    while (html_next(&w->tokens, &token)) {
        if (token.kind == HTML_TEXT)
            on_text(w, &token);
        else if (token.kind == HTML_START)
            on_start(w, &token);
        else
            on_end(w, &token);
    }
    pop_to(w, 0);
    return w->twice;
}
