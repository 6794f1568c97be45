// What is known of a source beside what it sends: sources: {NAME: {zone, charset, language,
// dashes: keep | fold, quotes: keep | fold}}. A name given twice, be it in another file, is
// a fault: which one counts would be a matter of chance.
#include <stdio.h>

#include "config/guess.h"
#include "config/reading.h"

static const char *const option_words[] = {
    "zone", "charset", "language", "dashes", "quotes"};
#define OPTIONS (sizeof option_words / sizeof *option_words)

static bool
word_ok(struct slice text, size_t min, size_t max, const char *others)
{
    bool ok = text.size >= min && text.size <= max;
    for (size_t i = 0; ok && i < text.size; i++) {
        char c = (char)text.data[i];
        ok = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
             (c >= '0' && c <= '9') || (c && strchr(others, c));
    }
    return ok;
}

static bool
language_ok(struct slice text)
{
    return word_ok(text, 2, 35, "-");
}

static bool
charset_ok(struct slice text)
{
    return word_ok(text, 1, 40, "-_.:+");
}

static void
read_word(struct reading *r, struct fy_node *key, struct fy_node *value,
    bool (*ok)(struct slice text), const char *no, const char **out)
{
    struct slice text = reading_text(value);
    if (!ok(text))
        loading_fault(
            r->l, reading_at(r, key, value), "\"%.*s\" is no %s", SLICE_ARG(text), no);
    *out = reading_keep(r, text);
}

static void
read_fold(struct reading *r, struct fy_node *key, struct fy_node *value, bool *out)
{
    struct slice text = reading_text(value);
    struct guess guess = {.unknown = text};
    guess_try(&guess, "keep");
    guess_try(&guess, "fold");
    *out = slice_is(text, "fold");
    if (!*out && !slice_is(text, "keep"))
        loading_fault(r->l, reading_at(r, key, value),
            "\"%.*s\" is neither keep nor fold%s%s%s", SLICE_ARG(text),
            GUESS_ARG(guess));
}

static void
unknown_key(struct reading *r, struct fy_node *key, struct slice name)
{
    struct guess guess = {.unknown = name};
    for (size_t i = 0; i < OPTIONS; i++)
        guess_try(&guess, option_words[i]);
    loading_fault(r->l, reading_place(r, key),
        "unknown key \"%.*s\" of a source (zone, charset, language, dashes, "
        "quotes)%s%s%s",
        SLICE_ARG(name), GUESS_ARG(guess));
}

static void
read_key(struct reading *r, struct fy_node *key, struct fy_node *value,
    struct config_source *out)
{
    struct slice name = reading_text(key);
    if (slice_is(name, "zone"))
        read_word(r, key, value, wire_zone_ok, "offset: +08:00 or UTC", &out->zone);
    else if (slice_is(name, "charset"))
        read_word(r, key, value, charset_ok, "name of a charset", &out->charset);
    else if (slice_is(name, "language"))
        read_word(
            r, key, value, language_ok, "language tag: de, zh-Hant", &out->language);
    else if (slice_is(name, "dashes"))
        read_fold(r, key, value, &out->fold_dashes);
    else if (slice_is(name, "quotes"))
        read_fold(r, key, value, &out->fold_quotes);
    else
        unknown_key(r, key, name);
}

static void
check_unlike(struct reading *r, const struct config_source *one)
{
    const struct config *c = r->l->config;
    for (uint32_t i = 0; i < c->sources_count; i++)
        if (strcmp(one->name, c->sources[i].name) == 0)
            loading_fault(r->l, one->origin, "source \"%s\" is in %s already",
                one->name, c->sources[i].origin);
}

static void
read_one(struct reading *r, struct fy_node *key, struct fy_node *map,
    struct config_source *out)
{
    void *at = NULL;
    struct slice name = reading_text(key);
    *out = (struct config_source){.name = reading_keep(r, name),
        .origin = reading_keep(r, slice_str(reading_place(r, key)))};
    if (!wire_source_ok(name))
        loading_fault(r->l, out->origin,
            "\"%.*s\" is no source name ([a-z0-9-], at most 64)", SLICE_ARG(name));
    check_unlike(r, out);
    if (!map || !fy_node_is_mapping(map)) {
        loading_fault(r->l, out->origin,
            "source \"%s\" must be {zone, charset, language, dashes, quotes}",
            out->name);
        return;
    }
    for (struct fy_node_pair *pair; (pair = reading_next(r, map, &at, &name));)
        read_key(r, fy_node_pair_key(pair), fy_node_pair_value(pair), out);
}

void
sources_read(struct reading *r, struct fy_node *key, struct fy_node *map)
{
    struct config *c = r->l->config;
    void *at = NULL;
    struct slice name;
    if (!map || !fy_node_is_mapping(map)) {
        loading_fault(r->l, reading_place(r, key), "sources must be a map of names");
        return;
    }
    uint32_t more = (uint32_t)fy_node_mapping_item_count(map);
    if (more > CONFIG_SOURCES_MAX - c->sources_count) {
        loading_fault(
            r->l, reading_place(r, key), "more than %u sources", CONFIG_SOURCES_MAX);
        return;
    }
    struct config_source *all = arena_grow(
        &c->arena, c->sources, c->sources_count, c->sources_count + more, sizeof *all);
    if (!all)
        return;
    c->sources = all;
    for (struct fy_node_pair *pair; (pair = reading_next(r, map, &at, &name));) {
        read_one(r, fy_node_pair_key(pair), fy_node_pair_value(pair),
            &all[c->sources_count]);
        c->sources_count++;
    }
}
