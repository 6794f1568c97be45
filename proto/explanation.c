#include "proto/explanation.h"

#include <stdio.h>

#include "proto/decode.h"
#include "proto/error.h"
#include "proto/place.h"

#define LINE_WORDS 512U // of a text shown in one line

// ---- taking maps apart

static struct slice
get(struct slice map, const char *key)
{
    struct wire_reader r = wire_reader(map);
    if (!map.size || wire_peek(&r) != WIRE_MAP)
        return slice_of(NULL, 0);
    for (uint32_t n = wire_read_map(&r); n > 0 && !r.err; n--) {
        struct slice name = wire_read_str(&r), value = wire_skip(&r);
        if (slice_is(name, key))
            return value;
    }
    return slice_of(NULL, 0);
}

static struct slice
text(struct slice map, const char *key)
{
    struct slice value = get(map, key);
    struct wire_reader r = wire_reader(value);
    if (!value.size)
        return value;
    return wire_peek(&r) == WIRE_BIN ? wire_read_bin(&r) : wire_read_str(&r);
}

static uint64_t
number(struct slice map, const char *key)
{
    struct slice value = get(map, key);
    struct wire_reader r = wire_reader(value);
    return value.size ? wire_read_uint(&r) : 0;
}

static uint32_t
elements(struct slice map, const char *key, struct wire_reader *r)
{
    struct slice value = get(map, key);
    *r = wire_reader(value);
    return value.size && wire_peek(r) == WIRE_ARRAY ? wire_read_array(r) : 0;
}

// ---- writing lines

static void
say(struct wire_writer *w, const char *words)
{
    wire_put_raw(w, slice_str(words));
}

static void
show(struct wire_writer *w, struct slice words)
{
    wire_put_shown(w, slice_until(words, LINE_WORDS));
}

static void
say_number(struct wire_writer *w, uint64_t n)
{
    char digits[24];
    (void)snprintf(digits, sizeof digits, "%llu", (unsigned long long)n);
    say(w, digits);
}

// What was joined looks on a screen as it did when it stood apart: then points says which
// characters it is.
static void
say_side(struct wire_writer *w, const char *mark, struct slice passage,
    const char *side, bool points)
{
    say(w, mark);
    show(w, text(passage, "left"));
    say(w, "[");
    if (points)
        wire_put_points(w, slice_until(text(passage, side), LINE_WORDS));
    else
        show(w, text(passage, side));
    say(w, "]");
    show(w, text(passage, "right"));
    say(w, "\n");
}

static void
say_change(struct wire_writer *w, struct slice change)
{
    struct wire_reader r;
    bool joined = slice_is(text(change, "rule"), "nfc");
    say(w, "  ");
    show(w, text(change, "rule"));
    say(w, ": ");
    show(w, text(change, "words"));
    say(w, " (");
    show(w, text(change, "field"));
    say(w, ")\n");
    for (uint32_t n = elements(change, "passages", &r); n > 0 && !r.err; n--) {
        struct slice passage = wire_skip(&r);
        if (text(passage, "before").size || text(passage, "left").size)
            say_side(w, "    - ", passage, "before", joined); // else it was filled in
        say_side(w, "    + ", passage, "after", false);
    }
    if (get(change, "more").size)
        say(w, "    and more of the same\n");
}

static void
say_warning(struct wire_writer *w, struct slice warning)
{
    say(w, "  warning ");
    show(w, text(warning, "code"));
    if (text(warning, "where").size)
        say(w, " (");
    show(w, text(warning, "where"));
    say(w, text(warning, "where").size ? "): " : ": ");
    show(w, text(warning, "words"));
    say(w, "\n");
}

static void
say_lines(struct wire_writer *w, struct slice map, const char *key, const char *words)
{
    struct wire_reader r;
    uint32_t count = elements(map, key, &r);
    if (count == 0)
        return;
    say(w, words);
    for (uint32_t i = 0; i < count && wire_read_array(&r) == 2; i++) {
        uint64_t first = wire_read_uint(&r), last = wire_read_uint(&r);
        say(w, i ? ", " : " ");
        say_number(w, first);
        if (last != first)
            say(w, "-");
        if (last != first)
            say_number(w, last);
    }
    say(w, "\n");
}

// Under the character at the place: as many columns as are shown before it.
static void
say_caret(struct wire_writer *w, struct slice before)
{
    struct wire_writer shown = {0};
    wire_put_shown(&shown, before);
    say(w, "    ");
    for (size_t n = wire_columns(wire_written(&shown)); n > 0; n--)
        say(w, " ");
    say(w, "^\n");
    wire_writer_fini(&shown);
}

static void
say_place(struct wire_writer *w, struct slice error)
{
    struct slice before = text(error, "before"), rest = text(error, "rest");
    if (!number(error, "line") || (!before.size && !rest.size))
        return;
    say(w, "  at line ");
    say_number(w, number(error, "line"));
    say(w, ", column ");
    say_number(w, number(error, "column"));
    say(w, ":\n    ");
    show(w, before);
    show(w, rest);
    say(w, "\n");
    say_caret(w, before);
}

// Receipts leave out what the code says.
static struct slice
next_of(struct slice error)
{
    struct slice next = text(error, "next");
    uint64_t code = number(error, "code");
    return next.size || code == 0 || code > UINT16_MAX
               ? next
               : slice_str(wire_error_next((enum wire_err)code));
}

void
explanation_error(struct slice error, struct wire_writer *out)
{
    struct slice words = text(error, "words"), field = text(error, "field"),
                 next = next_of(error);
    say(out, "  not read: ");
    show(out, words.size ? words : text(error, "error"));
    bool said = slice_starts(words, field); // "urgency is not 1 to 9"
    say(out, said ? "" : " (");
    show(out, said ? slice_of(NULL, 0) : field);
    say(out, said ? "\n" : ")\n");
    say_place(out, error);
    if (next.size)
        say(out, "  next: ");
    show(out, next);
    say(out, next.size ? "\n" : "");
}

static void
say_head(struct wire_writer *w, struct slice item, uint32_t place)
{
    struct slice headline = text(item, "headline");
    say_number(w, place);
    say(w, "  ");
    show(w, text(item, "uri").size ? text(item, "uri") : SLICE("(without a name)"));
    if (text(item, "version").size)
        say(w, " v");
    show(w, text(item, "version"));
    say(w, headline.size ? "  \"" : "");
    show(w, headline);
    say(w, headline.size ? "\"" : "");
    say(w, text(item, "language").size ? "  " : "");
    show(w, text(item, "language"));
    say(w, "\n");
}

static void
say_item(struct wire_writer *w, struct slice item, uint32_t place)
{
    struct wire_reader r;
    say_head(w, item, place);
    say_lines(w, item, "lines", "  from the page's lines");
    for (uint32_t n = elements(item, "signals", &r); n > 0 && !r.err; n--) {
        say(w, "    ");
        show(w, wire_read_str(&r));
        say(w, "\n");
    }
    if (number(item, "confidence")) {
        say(w, "    how sure: ");
        say_number(w, number(item, "confidence"));
        say(w, " %\n");
    }
    for (uint32_t n = elements(item, "changes", &r); n > 0 && !r.err; n--)
        say_change(w, wire_skip(&r));
    for (uint32_t n = elements(item, "warnings", &r); n > 0 && !r.err; n--)
        say_warning(w, wire_skip(&r));
    if (get(item, "error").size)
        explanation_error(get(item, "error"), w);
    else if (!get(item, "changes").size && !get(item, "warnings").size &&
             !get(item, "brief").size)
        say(w, "  nothing was changed\n");
}

static void
say_evidence(
    struct wire_writer *w, const char *what, struct slice word, struct slice why)
{
    if (!word.size && !why.size)
        return;
    say(w, what);
    say(w, word.size ? " " : " not known");
    show(w, word);
    say(w, why.size ? ": " : "");
    show(w, why);
    say(w, "\n");
}

void
explanation_text(struct slice map, struct wire_writer *out)
{
    struct wire_reader r;
    say_evidence(out, "format", text(map, "format"), text(map, "format_why"));
    say_evidence(out, "charset", text(map, "charset"), text(map, "charset_why"));
    uint32_t count = elements(map, "items", &r);
    for (uint32_t i = 1; i <= count && !r.err; i++)
        say_item(out, wire_skip(&r), i);
    say_lines(out, map, "unassigned", "lines of the page that no item took:");
}
