#include "normalize/style.h"

#define DASH SLICE("\xe2\x80\x94")
#define OPENS SLICE("\xe2\x80\x9c")
#define CLOSES SLICE("\xe2\x80\x9d")

struct fold {
    struct slice text;
    bool dashes, quotes, html;
    bool in_tag;
    uint32_t open; // quotes
};
struct found {
    size_t size; // of what is replaced; 0: nothing
    struct slice by;
    bool quote;
};

static bool
is_blank(struct slice text, size_t at)
{
    return at >= text.size || text.data[at] == ' ' || text.data[at] == '\n';
}

static bool
pair_at(struct slice text, size_t at, uint8_t c)
{
    return at + 1 < text.size && text.data[at] == c && text.data[at + 1] == c;
}

// A dash stands between spaces: -- inside of a word or a rule of many is something else. A
// line may begin or end with one.
static bool
alone(struct slice text, size_t at, size_t size)
{
    bool before = at == 0 || is_blank(text, at - 1);
    return before && is_blank(text, at + size) && size < text.size;
}

static struct found
find(struct fold *f, size_t at)
{
    struct slice t = f->text;
    if (f->quotes && pair_at(t, at, '`')) {
        f->open++;
        return (struct found){2, OPENS, true};
    }
    if (f->quotes && f->open && pair_at(t, at, '\'')) {
        f->open--;
        return (struct found){2, CLOSES, true};
    }
    if (f->dashes && pair_at(t, at, '-') && alone(t, at, 2))
        return (struct found){2, DASH, false};
    if (f->dashes && t.data[at] == '_' && alone(t, at, 1))
        return (struct found){1, DASH, false};
    return (struct found){0};
}

static bool
may_change(struct slice text, bool dashes, bool quotes)
{
    for (size_t i = 0; i < text.size; i++) {
        uint8_t c = text.data[i];
        if ((dashes && (c == '-' || c == '_')) || (quotes && c == '`'))
            return true;
    }
    return false;
}

static struct slice
fold(struct fold *f, struct arena *arena, uint32_t counts[2])
{
    // the longest: a byte of _ becomes three
    uint8_t *out = arena_room(arena, 3 * f->text.size);
    size_t n = 0;
    for (size_t at = 0; out && at < f->text.size;) {
        uint8_t c = f->text.data[at];
        struct found found = f->in_tag ? (struct found){0} : find(f, at);
        f->in_tag = f->html && (f->in_tag ? c != '>' : c == '<');
        if (found.size) {
            memcpy(out + n, found.by.data, found.by.size);
            n += found.by.size;
            at += found.size;
            counts[found.quote]++;
        } else {
            out[n++] = c;
            at++;
        }
    }
    return out && counts[0] + counts[1] ? slice_of(out, n) : f->text;
}

struct slice
style_fold(struct slice text, enum text_kind kind, bool dashes, bool quotes,
    struct arena *arena, uint32_t *dashes_out, uint32_t *quotes_out)
{
    bool prose = kind == TEXT_LINE || kind == TEXT_PROSE || kind == TEXT_HTML;
    uint32_t counts[2] = {0, 0};
    if (!prose || !may_change(text, dashes, quotes))
        return text;
    struct fold f = {
        .text = text, .dashes = dashes, .quotes = quotes, .html = kind == TEXT_HTML};
    struct slice folded = fold(&f, arena, counts);
    *dashes_out += counts[0];
    *quotes_out += counts[1];
    return folded;
}
