// Rooms: formats
// Any bytes as HTML: a page, and a piece whose stored HTML is balanced, holds no element or
// attribute that may not be stored, and is read back as it is.
// Seeds: tests/corpus/html.
#include "formats/html.h"
#include "formats_fuzz.h"

static void
check_tag(struct slice tag)
{
    static const char *const names[] = {"p", "br", "h2", "h3", "h4", "ul", "ol", "li",
        "blockquote", "strong", "em", "table", "tr", "td", "th", "pre", NULL};
    bool closing = tag.size && tag.data[0] == '/';
    struct slice name = slice_from(tag, closing);
    for (size_t i = 0; names[i]; i++)
        if (slice_is(name, names[i]))
            return;
    static const char *const links[] = {
        "a href=\"http://", "a href=\"https://", "a href=\"mailto:", NULL};
    if (closing && slice_is(name, "a"))
        return;
    for (size_t i = 0; links[i]; i++)
        if (name.size > strlen(links[i]) &&
            strncasecmp((const char *)name.data, links[i], strlen(links[i])) == 0 &&
            memchr(name.data + 8, '"', name.size - 8) == name.data + name.size - 1)
            return;
    abort();
}

static void
check_stored(struct slice html)
{
    uint32_t open = 0;
    while (html.size) {
        const uint8_t *from = memchr(html.data, '<', html.size);
        if (!from)
            break;
        html = slice_from(html, (size_t)(from - html.data) + 1);
        const uint8_t *to = html.size ? memchr(html.data, '>', html.size) : NULL;
        if (!to)
            abort();
        struct slice tag = slice_of(html.data, (size_t)(to - html.data));
        check_tag(tag);
        if (tag.data[0] == '/' && open-- == 0)
            abort();
        open += tag.data[0] != '/' && !slice_is(tag, "br");
    }
    if (open)
        abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice text = slice_of(data, size);
    struct arena arena;
    fuzz_read("html", text);
    arena_init(&arena, FUZZ_ARENA);
    struct html_done done = html_blocks(text, &arena);
    check_stored(done.blocks.html);
    struct html_done again = html_blocks(done.blocks.html, &arena);
    if (!again.twice && !arena.failed && !done.blocks.html_too_long &&
        !slice_equal(done.blocks.html, again.blocks.html))
        abort();
    arena_fini(&arena);
    return 0;
}
