// Relative addresses, by RFC 3986: the parts that addresses of articles and pictures use.
#include "formats/html_write.h"

static bool
has_scheme(struct slice href)
{
    for (size_t i = 0; i < href.size; i++) {
        uint8_t c = href.data[i];
        bool letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
        if (c == ':')
            return i > 0;
        if (!letter && (i == 0 || !((c >= '0' && c <= '9') || strchr("+-.", c))))
            return false;
    }
    return false;
}

static size_t
find(struct slice text, size_t from, const char *set)
{
    size_t at = from;
    while (at < text.size && !(text.data[at] && strchr(set, text.data[at])))
        at++;
    return at;
}

static size_t
path_of(struct slice base)
{
    const uint8_t *host = base.size ? memmem(base.data, base.size, "://", 3) : NULL;
    return host ? find(base, (size_t)(host - base.data) + 3, "/?#") : 0;
}

// What of base stays before href.
static size_t
kept(struct slice base, struct slice href)
{
    size_t path = path_of(base), query = find(base, path, "?#");
    if (href.data[0] == '#')
        return find(base, path, "#");
    if (href.data[0] == '?')
        return query;
    if (slice_starts(href, SLICE("//")))
        return find(base, 0, ":") + 1;
    if (href.data[0] == '/')
        return path;
    while (query > path && base.data[query - 1] != '/')
        query--;
    return query;
}

static bool
ends_segment(struct slice rest, const char *dots)
{
    size_t size = strlen(dots);
    return slice_starts(rest, slice_str(dots)) &&
           (rest.size == size || strchr("/?#", rest.data[size]));
}

// 5.2.4, on the path alone: /a/./b is /a/b and /a/x/../b too.
static size_t
remove_dots(uint8_t *url, size_t size, size_t path)
{
    size_t out = path, at = path;
    while (at < size && url[at] != '?' && url[at] != '#') {
        struct slice rest = slice_of(url + at, size - at);
        if (ends_segment(rest, "/..")) {
            while (out > path && url[--out] != '/')
                ;
            at += 3;
        } else if (ends_segment(rest, "/.")) {
            at += 2;
        } else {
            do
                url[out++] = url[at++];
            while (at < size && !strchr("/?#", url[at]));
        }
    }
    if (out == path && size > path)
        url[out++] = '/';
    memmove(url + out, url + at, size - at);
    return out + size - at;
}

struct slice
html_join(struct slice base, struct slice href, struct arena *arena)
{
    while (href.size && href.data[0] <= ' ')
        href = slice_from(href, 1);
    while (href.size && href.data[href.size - 1] <= ' ')
        href.size--;
    if (href.size == 0 || has_scheme(href))
        return href;
    size_t path = path_of(base);
    if (path == 0)
        return slice_of(NULL, 0);
    size_t keep = kept(base, href);
    bool slash = keep == path && href.data[0] != '/' && path == base.size;
    uint8_t *url = arena_alloc(arena, keep + href.size + 2);
    if (!url)
        return slice_of(NULL, 0);
    memcpy(url, base.data, keep);
    if (slash)
        url[keep++] = '/';
    memcpy(url + keep, href.data, href.size);
    size_t size = keep + href.size;
    size_t from = path_of(slice_of(url, size));
    return slice_of(url, from ? remove_dots(url, size, from) : size);
}
