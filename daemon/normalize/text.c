#include "normalize/text.h"

#include "normalize/nfc.h"
#include "normalize/rules.h"
#include "normalize/unicode.h"

static bool
wants_rules(enum text_kind kind, const struct text_scan *scan, size_t size)
{
    switch (kind) {
    case TEXT_WORD:
    case TEXT_VERBATIM:
        return scan->odd;
    case TEXT_HTML:
        return scan->odd || scan->nfc < size;
    case TEXT_LINE:
        return scan->odd || scan->blanks || scan->newline || scan->tab;
    case TEXT_PROSE:
        return scan->odd || scan->blanks || scan->tab;
    }
    return true;
}

// U+0338 composes with < and > into other characters, which would break a tag: behind one
// it is written as a reference instead.
static void
guard_markup(struct points *points)
{
    struct points out;
    points_init(&out, points->arena);
    int32_t base = 0;
    for (size_t i = 0; i < points->count; i++) {
        int32_t c = points->at[i];
        if (!unicode_is_mark(c))
            base = c;
        if (c == 0x338 && (base == '<' || base == '>'))
            for (const char *p = "&#824;"; *p; p++)
                points_add(&out, *p);
        else
            points_add(&out, c);
    }
    points_init(points, out.arena);
    for (size_t i = 0; i < out.count; i++)
        points_add(points, out.at[i]);
}

static void
apply_unseen(struct points *points, enum text_kind kind, struct text_changes *changes)
{
    if (kind != TEXT_WORD)
        rule_newlines(points, changes);
    rule_controls(points, changes);
    if (kind == TEXT_WORD || kind == TEXT_VERBATIM)
        return;
    rule_invisible(points, changes);
    if (kind != TEXT_HTML)
        rule_bidi(points, kind == TEXT_LINE, changes);
}

// Only spaces to see to is the common case, so the rest is run where it may matter.
static void
apply(
    struct points *points, enum text_kind kind, bool odd, struct text_changes *changes)
{
    if (odd)
        apply_unseen(points, kind, changes);
    if (kind == TEXT_HTML)
        guard_markup(points);
    else if (kind == TEXT_LINE)
        rule_space_line(points, changes);
    else if (kind == TEXT_PROSE)
        rule_space_prose(points, changes);
}

static struct slice
apply_rules(struct slice text, enum text_kind kind, bool odd, struct arena *arena,
    struct text_changes *changes)
{
    struct points points;
    points_init(&points, arena);
    if (!points_need(&points, text.size))
        return text;
    for (size_t at = 0; at < text.size;) {
        int32_t point;
        at += utf8_take(text.data + at, text.size - at, &point);
        points_add(&points, point);
    }
    apply(&points, kind, odd, changes);
    struct buffer out;
    buffer_init(&out, arena, text.size);
    for (size_t i = 0; i < points.count; i++)
        buffer_put(&out, points.at[i]);
    return slice_equal(buffer_slice(&out), text) ? text : buffer_slice(&out);
}

// White space at the ends, which much copy has, needs no rewriting. Spaces before the
// first line of prose may be a table's and are left to the rule.
static struct slice
trim(struct slice text, enum text_kind kind, struct text_changes *changes)
{
    size_t size = text.size;
    if (kind != TEXT_LINE && kind != TEXT_PROSE)
        return text;
    while (text.size &&
           (text.data[text.size - 1] == ' ' || text.data[text.size - 1] == '\n'))
        text.size--;
    while (text.size &&
           (text.data[0] == '\n' || (kind == TEXT_LINE && text.data[0] == ' ')))
        text = slice_from(text, 1);
    changes->count[TEXT_RULE_SPACE] += (uint32_t)(size - text.size);
    return text;
}

// Mail and much plain text end lines with CR LF and are clean beside that: lines are mended
// before anything else is asked. What is left of the ends at either end is trimmed.
static struct slice
plain_lines(struct slice text, enum text_kind kind, struct arena *arena,
    struct text_changes *changes)
{
    const uint8_t *end = text.data + text.size, *at = text.data, *cr;
    uint8_t *out, *to;
    if (kind == TEXT_WORD || !text.size || !memchr(at, '\r', text.size) ||
        !(out = to = arena_room(arena, text.size)))
        return text;
    while (at < end && (cr = memchr(at, '\r', (size_t)(end - at)))) {
        memcpy(to, at, (size_t)(cr - at));
        to += cr - at;
        at = cr + 1 + (cr + 1 < end && cr[1] == '\n');
        *to++ = '\n';
        changes->count[TEXT_RULE_NEWLINE]++;
    }
    memcpy(to, at, (size_t)(end - at));
    to += end - at;
    return trim(slice_of(out, (size_t)(to - out)), kind, changes);
}

static struct slice
made_valid(struct slice text, struct arena *arena, struct text_scan *scan,
    struct text_changes *changes)
{
    uint32_t count;
    text = utf8_repair(text, arena, &count);
    changes->count[TEXT_RULE_UTF8] += count;
    text_scan(text, scan);
    return text;
}

struct slice
text_clean(struct slice text, enum text_kind kind, struct arena *arena,
    struct text_scan *scan_out, struct text_changes *changes)
{
    text = trim(text, kind, changes);
    text = plain_lines(text, kind, arena, changes);
    text_scan(text, scan_out);
    if (scan_out->bad < text.size)
        text = made_valid(text, arena, scan_out, changes);
    struct slice clean = text;
    if (wants_rules(kind, scan_out, text.size)) {
        clean = apply_rules(text, kind, scan_out->odd, arena, changes);
        bool mojibake =
            scan_out->mojibake; // of which the rules may have dropped a half
        if (clean.data != text.data)
            text_scan(clean, scan_out);
        scan_out->mojibake |= mojibake;
    }
    if (kind == TEXT_WORD || scan_out->nfc == clean.size)
        return clean;
    struct slice composed = nfc_fix(clean, scan_out, arena);
    changes->count[TEXT_RULE_NFC] += composed.data != clean.data;
    return composed;
}
