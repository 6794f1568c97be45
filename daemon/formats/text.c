// Plain text: one article. Its first line is a headline when it stands alone above an
// empty line, looks like one, and something follows; else everything is body. Nothing is
// joined or trimmed here: the text rules are normalize's.
#include "formats/readers.h"

#define HEADLINE_BYTES 512U

static struct slice
first_line(struct slice text)
{
    const uint8_t *end = text.size ? memchr(text.data, '\n', text.size) : NULL;
    return end ? slice_until(text, (size_t)(end - text.data)) : text;
}

static bool
is_blank(struct slice line)
{
    for (size_t i = 0; i < line.size; i++)
        if (!strchr(" \t\r\f\v", line.data[i]) || line.data[i] == 0)
            return false;
    return true;
}

static struct slice
after_line(struct slice text)
{
    return slice_from(text, first_line(text).size + 1);
}

static struct slice
skip_blank_lines(struct slice text)
{
    while (text.size && is_blank(first_line(text)))
        text = after_line(text);
    return text;
}

static struct slice
trimmed_end(struct slice line)
{
    while (line.size && strchr(" \t\r\n", line.data[line.size - 1]) &&
           line.data[line.size - 1])
        line.size--;
    return line;
}

// A headline may ask or cry out, but does not end as a sentence or a clause does.
static bool
looks_like_headline(struct slice line)
{
    static const char *const ends[] = {".", ",", ";", ":", "\xe3\x80\x82",
        "\xef\xbc\x8c", "\xef\xbc\x9b", "\xef\xbc\x9a", "\xe3\x80\x81"};
    if (line.size == 0 || line.size > HEADLINE_BYTES)
        return false;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        size_t size = strlen(ends[i]);
        if (line.size >= size &&
            memcmp(line.data + line.size - size, ends[i], size) == 0)
            return false;
    }
    return true;
}

void
text_read(const struct format_input *input, struct slice text, struct arena *arena,
    struct format_output *out)
{
    (void)input;
    struct article *a = items_begin(out, 1, arena) ? items_add(out, arena) : NULL;
    if (!a)
        return;
    text = skip_blank_lines(text);
    if (text.size == 0) {
        (void)fault_set(
            &a->fault, WIRE_EMPTY_ARTICLE, 0, "", "there is no character but space");
        return;
    }
    struct slice line = trimmed_end(first_line(text)), rest = after_line(text);
    bool alone = rest.size && is_blank(first_line(rest)) && skip_blank_lines(rest).size;
    if (alone && looks_like_headline(line)) {
        article_add_headline(a, "main", line);
        text = skip_blank_lines(rest);
    }
    article_add_body(a, "text/plain", trimmed_end(text));
}
