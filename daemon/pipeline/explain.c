#include "pipeline/explain.h"

#include "article/explain.h"

#define BYTES_MAX (1U << 20) // of all items: behind them each is told in short

static void
put_text(struct wire_pairs *p, const char *name, struct slice text)
{
    if (text.size && utf8_valid_bytes(text) == text.size)
        wire_put_str(wire_pairs_key(p, name), text);
}

// ---- changes

static void
put_passages(struct wire_pairs *p, const struct explain_step *step)
{
    if (step->shown == 0)
        return;
    struct wire_writer *w = wire_pairs_key(p, "passages");
    wire_put_array(w, step->shown);
    for (uint32_t i = 0; i < step->shown; i++) {
        const struct explain_passage *one = &step->passages[i];
        struct wire_pairs map = {0};
        put_text(&map, "left", one->left);
        if (utf8_valid_bytes(one->before) == one->before.size)
            put_text(&map, "before", one->before);
        else
            wire_put_bin(wire_pairs_key(&map, "before"), one->before);
        put_text(&map, "after", one->after);
        put_text(&map, "right", one->right);
        wire_pairs_end(&map, w);
    }
    if (step->places > step->shown)
        wire_put_bool(wire_pairs_key(p, "more"), true);
}

static void
put_change_head(struct wire_pairs *p, struct arena *arena, const char *rule,
    struct slice field, uint32_t count)
{
    put_text(p, "rule", slice_str(rule));
    put_text(p, "field", field);
    wire_pairs_number(p, "count", count);
    put_text(p, "words", explain_rule_words(arena, rule, count, field));
}

// A single value that was replaced as a whole.
static void
put_value_passage(
    struct wire_pairs *p, const struct article *a, const struct article_change *c)
{
    struct explain_step step = {.shown = 1};
    for (int i = 0; i < ARTICLE_FIELDS; i++)
        if (strcmp(article_rows[i].name, c->field) == 0) {
            step.passages[0].before = value_text(&a->explain->original[i]);
            step.passages[0].after = value_text(&a->field[i]);
        }
    if (step.passages[0].before.size || step.passages[0].after.size)
        put_passages(p, &step);
}

static void
put_changes(struct wire_pairs *item, const struct article *a)
{
    const struct explain *e = a->explain;
    uint32_t count = e->count;
    for (uint32_t i = 0; i < a->wr.changes_count; i++)
        count += !explain_finds(e, a->wr.changes[i].rule, a->wr.changes[i].field);
    if (count == 0)
        return;
    struct wire_writer *w = wire_pairs_key(item, "changes");
    wire_put_array(w, count);
    for (uint32_t i = 0; i < a->wr.changes_count; i++) {
        const struct article_change *c = &a->wr.changes[i];
        struct wire_pairs map = {0};
        if (explain_finds(e, c->rule, c->field))
            continue;
        put_change_head(&map, a->arena, c->rule, slice_str(c->field), c->count);
        put_value_passage(&map, a, c);
        wire_pairs_end(&map, w);
    }
    for (uint32_t i = 0; i < e->count; i++) {
        struct wire_pairs map = {0};
        put_change_head(
            &map, a->arena, e->steps[i].rule, e->steps[i].path, e->steps[i].count);
        put_passages(&map, &e->steps[i]);
        wire_pairs_end(&map, w);
    }
}

static void
put_warnings(struct wire_pairs *item, const struct article *a)
{
    if (a->wr.warnings_count == 0)
        return;
    struct wire_writer *w = wire_pairs_key(item, "warnings");
    wire_put_array(w, a->wr.warnings_count);
    for (uint32_t i = 0; i < a->wr.warnings_count; i++) {
        const struct article_warning *warning = &a->wr.warnings[i];
        struct wire_pairs map = {0};
        put_text(&map, "code", slice_str(warning->code));
        put_text(&map, "where", warning->where);
        put_text(&map, "words", explain_warning_words(a->arena, warning->code));
        wire_pairs_end(&map, w);
    }
}

// ---- newsprint: lines and signals

static void
put_lines(struct wire_pairs *p, const char *name, const struct article_lines *lines,
    uint32_t count)
{
    if (count == 0)
        return;
    struct wire_writer *w = wire_pairs_key(p, name);
    wire_put_array(w, count);
    for (uint32_t i = 0; i < count; i++) {
        wire_put_array(w, 2);
        wire_put_uint(w, lines[i].first);
        wire_put_uint(w, lines[i].last);
    }
}

static void
put_signal(struct wire_writer *list, uint32_t *count, struct slice words)
{
    if (!words.size || utf8_valid_bytes(words) != words.size)
        return;
    wire_put_str(list, words);
    (*count)++;
}

static void
put_roles(const struct article *a, struct wire_writer *list, uint32_t *count)
{
    const struct value *all = &a->field[ARTICLE_HEADLINES];
    for (uint32_t i = 0; all->type == WIRE_ARRAY && i < all->list.count; i++) {
        struct slice role = value_text(value_get(&all->list.items[i], "role"));
        struct slice text = value_text(value_get(&all->list.items[i], "value"));
        if (role.size && text.size)
            put_signal(list, count,
                arena_printf(a->arena, "%.*s: %.*s", SLICE_ARG(role), SLICE_ARG(text)));
    }
}

static void
put_dates(const struct article *a, struct wire_writer *list, uint32_t *count)
{
    for (uint32_t i = 0; i < a->wr.dates_count && i < 16; i++) {
        const struct article_date *d = &a->wr.dates[i];
        put_signal(list, count,
            arena_printf(a->arena, "date in the text (%s): %.*s%s%s", d->kind,
                SLICE_ARG(d->text), d->date[0] ? " = " : "", d->date));
    }
}

static void
put_signals(struct wire_pairs *item, const struct article *a)
{
    struct wire_writer list = {0};
    uint32_t count = 0;
    put_roles(a, &list, &count);
    struct slice by = article_text(a, ARTICLE_BY);
    if (by.size)
        put_signal(
            &list, &count, arena_printf(a->arena, "byline: %.*s", SLICE_ARG(by)));
    if (a->wr.desk_mark.size)
        put_signal(&list, &count,
            arena_printf(
                a->arena, "desk mark as printed: %.*s", SLICE_ARG(a->wr.desk_mark)));
    if (a->wr.dateline.size)
        put_signal(&list, &count,
            arena_printf(
                a->arena, "dateline as printed: %.*s", SLICE_ARG(a->wr.dateline)));
    put_dates(a, &list, &count);
    if (count) {
        struct wire_writer *w = wire_pairs_key(item, "signals");
        wire_put_array(w, count);
        wire_put_raw(w, wire_written(&list));
        w->failed |= list.failed;
    }
    wire_writer_fini(&list);
}

// ---- errors

static void
put_place(struct wire_pairs *p, struct slice text, uint64_t at)
{
    struct wire_place place;
    if (at == FAULT_NOWHERE || at > text.size)
        return;
    wire_put_uint(wire_pairs_key(p, "at"), at);
    if (utf8_valid_bytes(text) != text.size)
        return; // of bytes that are no text there is no line
    wire_place_of(text, at, &place);
    wire_pairs_number(p, "line", place.line);
    wire_pairs_number(p, "column", place.column);
    put_text(p, "before", place.before);
    put_text(p, "rest", place.at);
}

static void
put_error(struct wire_pairs *item, const struct prepared_item *p, struct slice text)
{
    struct wire_pairs map = {0};
    if (p->fate == ITEM_READ)
        return;
    wire_pairs_number(&map, "code", p->code);
    put_text(&map, "error", slice_str(wire_error_name(p->code)));
    put_text(&map, "field", p->field);
    put_text(
        &map, "words", p->words.size ? p->words : slice_str(wire_error_text(p->code)));
    put_text(&map, "next", slice_str(wire_error_next(p->code)));
    put_place(&map, text, p->at);
    wire_pairs_end(&map, wire_pairs_key(item, "error"));
}

// ---- the whole

// The readers' answer is bounded, whatever they read: once w is long, items come in short.
static void
put_item(struct wire_writer *w, const struct article *a, const struct prepared_item *p,
    struct slice text)
{
    bool brief = w->size > BYTES_MAX;
    struct wire_pairs item = {0};
    put_text(&item, "uri", p->uri);
    put_text(&item, "version", p->version);
    put_text(&item, "language", p->language);
    put_text(&item, "headline", p->headline);
    if (brief)
        wire_put_bool(wire_pairs_key(&item, "brief"), true);
    else if (a) {
        put_text(&item, "kind", slice_str(a->wr.kind ? a->wr.kind : ""));
        wire_pairs_number(&item, "confidence", a->wr.confidence);
        put_lines(&item, "lines", a->wr.lines, a->wr.lines_count);
        if (a->wr.lines_count)
            put_signals(&item, a);
        if (a->explain)
            put_changes(&item, a);
        put_warnings(&item, a);
    }
    put_error(&item, p, text);
    wire_pairs_end(&item, w);
}

void
explain_encode(const struct format_input *input, const struct format_output *read,
    const struct prepared *p, struct arena *arena, struct wire_writer *w)
{
    struct wire_pairs map = {0};
    struct slice text = format_text(input, arena);
    const struct article *first = read->count ? read->items[0] : NULL;
    const char *read_as = read->format;
    put_text(&map, "format", read_as ? slice_str(read_as) : slice_of(NULL, 0));
    put_text(&map, "format_why", format_evidence(input, read, arena));
    if (first) {
        put_text(&map, "charset", first->wr.charset);
        put_text(&map, "charset_why", charset_evidence(input, first, arena));
        put_lines(&map, "unassigned", first->wr.unassigned, first->wr.unassigned_count);
    }
    struct wire_writer *items = wire_pairs_key(&map, "items");
    wire_put_array(items, p->count);
    for (uint32_t i = 0; i < p->count; i++)
        put_item(items, i < read->count ? read->items[i] : NULL, &p->items[i], text);
    wire_pairs_end(&map, w);
}
