// The walk over an article's fields: which texts a field holds, which rules each takes,
// and what is noted in wr about it.
#include "normalize/normalize.h"

#include "normalize/detect.h"
#include "normalize/explain.h"
#include "normalize/facts.h"
#include "normalize/markup.h"
#include "normalize/mojibake.h"
#include "normalize/style.h"
#include "normalize/text.h"
#include "normalize/unicode.h"

#define DEPTH_MAX 64

static const struct {
    const char *name, *warning;
} rules[TEXT_RULES] = {
    [TEXT_RULE_UTF8] = {"utf8",          "utf8-repaired"  },
    [TEXT_RULE_NEWLINE] = {"newline",       NULL             },
    [TEXT_RULE_CONTROL] = {"control",       NULL             },
    [TEXT_RULE_INVISIBLE] = {"invisible",     NULL             },
    [TEXT_RULE_BIDI] = {"bidi",          "bidi-unbalanced"},
    [TEXT_RULE_OVERRIDE] = {"bidi-override", "bidi-override"  },
    [TEXT_RULE_SPACE] = {"space",         NULL             },
    [TEXT_RULE_NFC] = {"nfc",           NULL             },
};

// Keys of the maps in LIST fields whose text is for readers; all other keys are names of
// things. "value" is here what its list says.
static const struct {
    const char *key;
    enum text_kind kind;
} keys[] = {
    {"name",        TEXT_LINE    },
    {"literal",     TEXT_LINE    },
    {"title",       TEXT_LINE    },
    {"headline",    TEXT_LINE    },
    {"byline",      TEXT_LINE    },
    {"by",          TEXT_LINE    },
    {"located",     TEXT_LINE    },
    {"description", TEXT_PROSE   },
    {"caption",     TEXT_PROSE   },
    {"edNote",      TEXT_PROSE   },
    {"value",       TEXT_VERBATIM},
    {"langString",  TEXT_VERBATIM},
};

// Fields that say "verbatim" or "as given" in fields.def.
static bool
is_verbatim(enum article_field field)
{
    return field == ARTICLE_COPYRIGHT_HOLDER || field == ARTICLE_COPYRIGHT_NOTICE ||
           field == ARTICLE_USAGE_TERMS || field == ARTICLE_RIGHTS_INFO ||
           field == ARTICLE_TRUST_INDICATORS;
}

struct walk {
    struct article *a;
    enum article_field field;
    struct text_changes changes; // in this field
    uint32_t dashes, quotes;     // folded in it, where that is wanted
    bool mojibake;
    struct text_scan scan; // of the last text cleaned
    uint32_t entry; // of a list, and the key in it: for whoever asks what was done
    struct slice key;
};

static struct slice
path_of(const struct walk *w)
{
    const char *name = article_rows[w->field].name;
    if (w->a->field[w->field].type != WIRE_ARRAY)
        return slice_str(name);
    bool value = !w->key.size || slice_is(w->key, "value");
    return arena_printf(w->a->arena, "%s[%u]%s%.*s", name, w->entry, value ? "" : ".",
        value ? 0 : (int)w->key.size, (const char *)w->key.data);
}

static void
explain_clean(struct walk *w, struct slice before, struct slice after,
    enum text_kind kind, const struct text_changes *changes)
{
    const char *names[TEXT_RULES];
    for (int i = 0; i < TEXT_RULES; i++)
        names[i] = rules[i].name;
    explain_text(w->a->explain, path_of(w), before, after, kind, changes, names);
}

static struct slice
clean_and_explain(struct walk *w, struct slice before, enum text_kind kind)
{
    struct text_changes changes = {0};
    struct slice after = text_clean(before, kind, w->a->arena, &w->scan, &changes);
    explain_clean(w, before, after, kind, &changes);
    for (int i = 0; i < TEXT_RULES; i++)
        w->changes.count[i] += changes.count[i];
    return after;
}

static struct slice
styled(struct walk *w, struct slice text, enum text_kind kind)
{
    struct slice folded = style_fold(text, kind, w->a->fold_dashes, w->a->fold_quotes,
        w->a->arena, &w->dashes, &w->quotes);
    if (folded.data != text.data)
        text_scan(folded, &w->scan); // it has other counts
    return folded;
}

static void
clean(struct walk *w, struct value *v, enum text_kind kind)
{
    struct slice text =
        w->a->explain ? clean_and_explain(w, v->text, kind)
                      : text_clean(v->text, kind, w->a->arena, &w->scan, &w->changes);
    if (!w->mojibake)
        w->mojibake =
            (w->scan.mojibake && mojibake_found(v->text)) || mojibake_gbk(text);
    v->text = w->a->fold_dashes || w->a->fold_quotes ? styled(w, text, kind) : text;
}

static enum text_kind
kind_of_value(const struct walk *w, const struct value *entry)
{
    struct slice type = value_text(value_get(entry, "contentType"));
    switch (w->field) {
    case ARTICLE_HEADLINES:
        return TEXT_LINE;
    case ARTICLE_DESCRIPTIONS:
    case ARTICLE_BODIES:
        if (type.size == 0 || slice_is(type, "text/plain"))
            return TEXT_PROSE;
        return slice_is(type, "text/html") ? TEXT_HTML : TEXT_VERBATIM;
    case ARTICLE_ALT_IDS:
        return TEXT_WORD;
    default:
        return TEXT_VERBATIM;
    }
}

static enum text_kind
kind_of_key(const struct walk *w, const struct value *entry, struct slice key)
{
    if (slice_is(key, "value"))
        return kind_of_value(w, entry);
    if (is_verbatim(w->field))
        return TEXT_VERBATIM;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (slice_is(key, keys[i].key))
            return keys[i].kind;
    return TEXT_WORD;
}

static void clean_map(struct walk *w, struct value *map, unsigned depth);

// Lists in lists and lists of plain texts hold what their key says.
static void
clean_value(struct walk *w, struct value *v, enum text_kind kind, unsigned depth)
{
    if (v->type == WIRE_STR)
        clean(w, v, kind);
    else if (v->type == WIRE_MAP && depth < DEPTH_MAX)
        clean_map(w, v, depth + 1);
    else if (v->type == WIRE_ARRAY && depth < DEPTH_MAX)
        for (uint32_t i = 0; i < v->list.count; i++)
            clean_value(w, &v->list.items[i], kind, depth + 1);
}

static void
clean_map(struct walk *w, struct value *map, unsigned depth)
{
    for (uint32_t i = 0; i < map->map.count; i++) {
        struct value_pair *pair = &map->map.pairs[i];
        w->key = pair->key;
        clean_value(w, pair->value, kind_of_key(w, map, pair->key), depth);
    }
}

// Counts are ours, whatever the source said; the map gets room for them.
static void
set_count(struct walk *w, struct value *body, const char *key, uint32_t count)
{
    for (uint32_t i = 0; i < body->map.count; i++)
        if (slice_is(body->map.pairs[i].key, key)) {
            *body->map.pairs[i].value = value_of_int(count);
            return;
        }
    uint32_t had = body->map.count;
    struct value_pair *grown =
        arena_grow(w->a->arena, body->map.pairs, had, (size_t)had + 1, sizeof *grown);
    if (!grown)
        return;
    body->map.pairs = grown;
    value_set(body, key, value_of_int(count), w->a->arena);
}

static void
count_body(struct walk *w, struct value *body)
{
    const struct value *value = value_get(body, "value");
    if (!value || value->type != WIRE_STR)
        return;
    struct text_scan scan;
    struct slice text = value->text;
    if (kind_of_value(w, body) == TEXT_HTML)
        text = markup_strip(text, w->a->arena);
    text_scan(text, &scan);
    set_count(w, body, "charCount", scan.chars);
    set_count(w, body, "wordCount", scan.words);
}

static void
clean_body(struct walk *w, struct value *body)
{
    bool counted = false;
    if (body->type != WIRE_MAP)
        return;
    for (uint32_t i = 0; i < body->map.count; i++) {
        struct value_pair *pair = &body->map.pairs[i];
        enum text_kind kind = kind_of_key(w, body, pair->key);
        w->key = pair->key;
        clean_value(w, pair->value, kind, 1);
        if (kind != TEXT_PROSE || pair->value->type != WIRE_STR || counted)
            continue;
        counted = true; // the pass that cleaned it has counted already
        struct text_scan scan = w->scan;
        set_count(w, body, "charCount", scan.chars);
        set_count(w, body, "wordCount", scan.words);
    }
    if (!counted)
        count_body(w, body);
}

static void
clean_list(struct walk *w, struct value *list)
{
    for (uint32_t i = 0; i < list->list.count; i++) {
        w->entry = i;
        w->key = slice_of(NULL, 0);
        if (w->field == ARTICLE_BODIES)
            clean_body(w, &list->list.items[i]);
        else
            clean_value(w, &list->list.items[i], TEXT_LINE, 0);
    }
}

static void
note(struct walk *w)
{
    const char *name = article_rows[w->field].name;
    for (int i = 0; i < TEXT_RULES; i++) {
        if (w->changes.count[i] == 0)
            continue;
        article_changed(w->a, rules[i].name, name, w->changes.count[i]);
        if (rules[i].warning)
            article_warn(w->a, rules[i].warning, slice_str(name));
    }
    if (w->mojibake)
        article_warn(w->a, "mojibake", slice_str(name));
    if (w->dashes)
        article_changed(w->a, "dashes", name, w->dashes);
    if (w->quotes)
        article_changed(w->a, "quotes", name, w->quotes);
}

static void
clean_field(struct article *a, enum article_field field)
{
    struct value *v = &a->field[field];
    struct walk w = {.a = a, .field = field};
    if (v->type == WIRE_STR) {
        enum article_kind kind = article_rows[field].kind;
        clean(&w, v,
            kind == ARTICLE_KIND_WORD   ? TEXT_WORD
            : is_verbatim(field)        ? TEXT_VERBATIM
            : kind == ARTICLE_KIND_TEXT ? TEXT_LINE
                                        : TEXT_PROSE);
        if (v->text.size == 0)
            *v = (struct value){.type = WIRE_NIL};
    } else if (v->type == WIRE_ARRAY) {
        clean_list(&w, v);
    } else {
        return;
    }
    note(&w);
}

// What wr quotes from the document is kept as printed, but can be stored.
static void
clean_wr(struct article *a)
{
    struct slice *quoted[] = {&a->wr.desk_mark, &a->wr.dateline, &a->wr.format_version,
        &a->wr.declared_charset, &a->wr.declared_language, &a->wr.declared_status,
        &a->wr.charset, &a->wr.page};
    struct text_changes changes = {0};
    struct text_scan scan;
    for (size_t i = 0; i < sizeof quoted / sizeof *quoted; i++)
        *quoted[i] = text_clean(*quoted[i], TEXT_VERBATIM, a->arena, &scan, &changes);
    for (uint32_t i = 0; i < a->wr.dates_count; i++)
        a->wr.dates[i].text =
            text_clean(a->wr.dates[i].text, TEXT_LINE, a->arena, &scan, &changes);
    for (uint32_t i = 0; i < a->wr.times_count; i++)
        a->wr.times[i].source =
            text_clean(a->wr.times[i].source, TEXT_VERBATIM, a->arena, &scan, &changes);
}

bool
normalize_load(void)
{
    return unicode_load();
}

void
normalize_article(struct article *a)
{
    for (int i = 0; i < ARTICLE_FIELDS; i++)
        clean_field(a, (enum article_field)i);
    facts_language(a);
    detect_language(a);
    facts_status(a);
    facts_urgency(a);
    facts_times(a);
    facts_defaults(a);
    clean_wr(a); // last: what was declared is quoted there by now
}
