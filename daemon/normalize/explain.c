#include "normalize/explain.h"

#include "normalize/nfc.h"
#include "normalize/rules.h"

struct stage {
    struct slice text; // so far
    struct arena *arena;
    explain_step_fn *step;
    void *context;
};

static void
say(struct stage *s, enum text_rule rule, struct slice after)
{
    if (slice_equal(s->text, after))
        return;
    s->step(s->context, rule, s->text, after);
    s->text = after;
}

static struct slice
written(const struct points *points)
{
    struct buffer out;
    buffer_init(&out, points->arena, points->count + 1);
    for (size_t i = 0; i < points->count; i++)
        buffer_put(&out, points->at[i]);
    return buffer_slice(&out);
}

static void
unseen(struct stage *s, struct points *points, enum text_kind kind)
{
    struct text_changes counts = {0};
    if (kind != TEXT_WORD) {
        rule_newlines(points, &counts);
        say(s, TEXT_RULE_NEWLINE, written(points));
    }
    rule_controls(points, &counts);
    say(s, TEXT_RULE_CONTROL, written(points));
    if (kind == TEXT_WORD || kind == TEXT_VERBATIM)
        return;
    rule_invisible(points, &counts);
    say(s, TEXT_RULE_INVISIBLE, written(points));
    if (kind == TEXT_HTML)
        return;
    rule_bidi(points, kind == TEXT_LINE, &counts);
    bool forced = counts.count[TEXT_RULE_OVERRIDE] && !counts.count[TEXT_RULE_BIDI];
    say(s, forced ? TEXT_RULE_OVERRIDE : TEXT_RULE_BIDI, written(points));
}

static void
space(struct stage *s, struct points *points, enum text_kind kind)
{
    struct text_changes counts = {0};
    if (kind == TEXT_LINE)
        rule_space_line(points, &counts);
    else if (kind == TEXT_PROSE)
        rule_space_prose(points, &counts);
    say(s, TEXT_RULE_SPACE, written(points));
}

struct slice
explain_rules(struct slice text, enum text_kind kind, struct arena *arena,
    explain_step_fn *step, void *context)
{
    struct stage s = {text, arena, step, context};
    struct text_scan scan;
    struct points points;
    uint32_t repaired;
    say(&s, TEXT_RULE_UTF8, utf8_repair(text, arena, &repaired));
    points_init(&points, arena);
    for (size_t at = 0; at < s.text.size;) {
        int32_t point;
        at += utf8_take(s.text.data + at, s.text.size - at, &point);
        points_add(&points, point);
    }
    if (arena->failed)
        return text;
    unseen(&s, &points, kind);
    space(&s, &points, kind);
    text_scan(s.text, &scan);
    if (kind != TEXT_WORD)
        say(&s, TEXT_RULE_NFC, nfc_fix(s.text, &scan, arena));
    return s.text;
}

// ---- into the article's steps

struct noting {
    struct explain *e;
    struct slice path;
    const struct text_changes *changes;
    const char *const *names;
    bool noted[TEXT_RULES];
};

static void
note(void *context, enum text_rule rule, struct slice before, struct slice after)
{
    struct noting *n = context;
    uint32_t count = n->changes->count[rule];
    n->noted[rule] = true;
    explain_note(n->e, n->names[rule], n->path, count ? count : 1, before, after);
}

void
explain_text(struct explain *e, struct slice path, struct slice before,
    struct slice after, enum text_kind kind, const struct text_changes *changes,
    const char *const names[TEXT_RULES])
{
    struct noting n = {.e = e, .path = path, .changes = changes, .names = names};
    uint32_t any = 0;
    for (int i = 0; i < TEXT_RULES; i++)
        any += changes->count[i];
    if (any == 0 && slice_equal(before, after))
        return;
    (void)explain_rules(before, kind, e->arena, note, &n);
    for (int i = 0; i < TEXT_RULES; i++) // two rules of one step
        if (changes->count[i] && !n.noted[i])
            explain_note(e, names[i], path, changes->count[i], before, after);
}
