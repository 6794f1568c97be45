// Who may speak: principals: {NAME: {uid: N, sources: [a, b] | any, roles: [...]}}. Two
// principals of one uid would make it a matter of chance who speaks, so that is a fault,
// as is a name given twice, be it in another file.
#include "config/guess.h"
#include "config/reading.h"

static const char *const role_words[] = {
    "submit", "read", "follow", "kill", "desk", "embargo", "admin"};
#define ROLES (sizeof role_words / sizeof *role_words)

// ---- lists of words

static bool
role_ok(struct slice word)
{
    for (size_t i = 0; i < ROLES; i++)
        if (slice_is(word, role_words[i]))
            return true;
    return false;
}

static void
bad_role(struct reading *r, struct fy_node *item, struct slice word)
{
    struct guess guess = {.unknown = word};
    for (size_t i = 0; i < ROLES; i++)
        guess_try(&guess, role_words[i]);
    loading_fault(r->l, reading_place(r, item), "\"%.*s\" is no role%s%s%s",
        SLICE_ARG(word), GUESS_ARG(guess));
}

static void
bad_source(struct reading *r, struct fy_node *item, struct slice word)
{
    loading_fault(r->l, reading_place(r, item),
        "\"%.*s\" is no source name ([a-z0-9-])", SLICE_ARG(word));
}

struct words {
    bool (*ok)(struct slice word);
    void (*bad)(struct reading *r, struct fy_node *item, struct slice word);
    const char *must;
};
static const struct words sources = {
    wire_source_ok, bad_source, "sources must be a list of names, or any"};
static const struct words roles = {role_ok, bad_role, "roles must be a list of roles"};

static const char **
read_words(struct reading *r, struct fy_node *key, struct fy_node *list,
    const struct words *how)
{
    int count =
        list && fy_node_is_sequence(list) ? fy_node_sequence_item_count(list) : -1;
    if (count < 0) {
        loading_fault(r->l, reading_at(r, key, list), "%s", how->must);
        return NULL;
    }
    const char **words =
        arena_array(&r->l->config->arena, (size_t)count + 1, sizeof *words);
    for (int i = 0; words && i < count; i++) {
        struct fy_node *item = fy_node_sequence_get_by_index(list, i);
        struct slice text = reading_text(item);
        if (!reading_is_word(item) || !how->ok(text))
            how->bad(r, item, text);
        words[i] = reading_keep(r, text);
    }
    return words;
}

// ---- one principal

static void
read_uid(struct reading *r, struct fy_node *key, struct fy_node *value,
    struct config_principal *out)
{
    struct slice text = reading_text(value);
    uint64_t uid = 0;
    bool ok = text.size > 0 && text.size <= 10;
    for (size_t i = 0; ok && i < text.size; i++) {
        ok = text.data[i] >= '0' && text.data[i] <= '9';
        uid = uid * 10 + (uint64_t)(text.data[i] - '0');
    }
    if (!ok || uid >= UINT32_MAX)
        loading_fault(
            r->l, reading_at(r, key, value), "\"%.*s\" is no user id", SLICE_ARG(text));
    out->uid = (uint32_t)uid;
}

static void
unknown_key(struct reading *r, struct fy_node *key, struct slice name)
{
    struct guess guess = {.unknown = name};
    guess_try(&guess, "uid");
    guess_try(&guess, "sources");
    guess_try(&guess, "roles");
    loading_fault(r->l, reading_place(r, key),
        "unknown key \"%.*s\" of a principal (uid, sources, roles)%s%s%s",
        SLICE_ARG(name), GUESS_ARG(guess));
}

static void
read_key(struct reading *r, struct fy_node *key, struct fy_node *value,
    struct config_principal *out)
{
    struct slice name = reading_text(key);
    if (slice_is(name, "uid"))
        read_uid(r, key, value, out);
    else if (slice_is(name, "sources") && slice_is(reading_text(value), "any"))
        out->any_source = true;
    else if (slice_is(name, "sources"))
        out->sources = read_words(r, key, value, &sources);
    else if (slice_is(name, "roles"))
        out->roles = read_words(r, key, value, &roles);
    else
        unknown_key(r, key, name);
}

static bool
read_one(struct reading *r, struct fy_node *key, struct fy_node *map,
    struct config_principal *out)
{
    void *at = NULL;
    struct slice name = reading_text(key);
    bool has_uid = false;
    *out = (struct config_principal){.name = reading_keep(r, name),
        .origin = reading_keep(r, slice_str(reading_place(r, key)))};
    if (!wire_source_ok(name))
        loading_fault(r->l, out->origin, "\"%.*s\" is no name ([a-z0-9-], at most 64)",
            SLICE_ARG(name));
    if (!map || !fy_node_is_mapping(map)) {
        loading_fault(r->l, out->origin,
            "principal \"%s\" must be {uid, sources, roles}", out->name);
        return false;
    }
    for (struct fy_node_pair *pair; (pair = reading_next(r, map, &at, &name));) {
        has_uid = has_uid || slice_is(name, "uid");
        read_key(r, fy_node_pair_key(pair), fy_node_pair_value(pair), out);
    }
    if (!has_uid)
        loading_fault(r->l, out->origin, "principal \"%s\" has no uid", out->name);
    return has_uid;
}

// ---- all of them

static void
check_unlike(struct reading *r, const struct config_principal *one)
{
    const struct config *c = r->l->config;
    for (uint32_t i = 0; i < c->principals_count; i++) {
        const struct config_principal *other = &c->principals[i];
        if (strcmp(one->name, other->name) == 0)
            loading_fault(r->l, one->origin, "principal \"%s\" is in %s already",
                one->name, other->origin);
        else if (one->uid == other->uid)
            loading_fault(r->l, one->origin, "uid %u is \"%s\" already (%s)", one->uid,
                other->name, other->origin);
    }
}

void
principals_read(struct reading *r, struct fy_node *key, struct fy_node *map)
{
    struct config *c = r->l->config;
    void *at = NULL;
    struct slice name;
    if (!map || !fy_node_is_mapping(map)) {
        loading_fault(r->l, reading_place(r, key), "principals must be a map of names");
        return;
    }
    uint32_t more = (uint32_t)fy_node_mapping_item_count(map);
    if (more > CONFIG_PRINCIPALS_MAX - c->principals_count) {
        loading_fault(r->l, reading_place(r, key), "more than %u principals",
            CONFIG_PRINCIPALS_MAX);
        return;
    }
    struct config_principal *all = arena_grow(&c->arena, c->principals,
        c->principals_count, c->principals_count + more, sizeof *all);
    if (!all)
        return;
    c->principals = all;
    for (struct fy_node_pair *pair; (pair = reading_next(r, map, &at, &name));) {
        struct config_principal *one = &all[c->principals_count];
        if (!read_one(r, fy_node_pair_key(pair), fy_node_pair_value(pair), one))
            continue;
        check_unlike(r, one);
        c->principals_count++;
    }
}
