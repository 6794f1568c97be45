// One YAML file into the settings, through libfyaml, whose marks give every fault its
// line and column.
#include <errno.h>
#include <fcntl.h>
#include <libfyaml.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "config/guess.h"
#include "config/loading.h"

#define FILE_MAX ((size_t)1 << 20)

struct reading {
    struct loading *l;
    const char *file;
    char place[512]; // of the node last looked at
};

// ---- places

static const char *
place_of(struct reading *r, struct fy_node *node)
{
    struct fy_token *token = node ? fy_node_get_scalar_token(node) : NULL;
    const struct fy_mark *mark = token ? fy_token_start_mark(token) : NULL;
    if (mark)
        (void)snprintf(r->place, sizeof r->place, "%s:%d:%d", r->file, mark->line + 1,
            mark->column + 1);
    else
        (void)snprintf(r->place, sizeof r->place, "%s", r->file);
    return r->place;
}

static struct slice
text_of(struct fy_node *node)
{
    size_t size = 0;
    const char *text = node ? fy_node_get_scalar(node, &size) : NULL;
    return slice_of(text, text ? size : 0);
}

static bool
is_scalar(struct fy_node *node)
{
    return node && fy_node_is_scalar(node) && !fy_node_is_alias(node);
}

// each_pair gives the next pair of a mapping with its key as text.
static struct fy_node_pair *
each_pair(struct fy_node *map, void **at, struct slice *key_out)
{
    struct fy_node_pair *pair = fy_node_mapping_iterate(map, at);
    if (pair)
        *key_out = text_of(fy_node_pair_key(pair));
    return pair;
}

// ---- principals

static const char *
keep_text(struct reading *r, struct slice text)
{
    char *copy = arena_alloc(&r->l->config->arena, text.size + 1);
    if (copy && text.size)
        memcpy(copy, text.data, text.size);
    return copy ? copy : "";
}

// words_of reads a sequence of words that ok accepts.
static const char **
words_of(struct reading *r, struct fy_node *key, struct fy_node *list,
    bool (*ok)(struct slice), const char *kind)
{
    int count =
        list && fy_node_is_sequence(list) ? fy_node_sequence_item_count(list) : -1;
    const char **words = arena_array(
        &r->l->config->arena, (size_t)(count < 0 ? 0 : count) + 1, sizeof *words);
    if (count < 0 || !words) {
        loading_fault(r->l, place_of(r, key), "must be a list of %ss", kind);
        return NULL;
    }
    for (int i = 0; i < count; i++) {
        struct fy_node *item = fy_node_sequence_get_by_index(list, i);
        struct slice text = text_of(item);
        if (!is_scalar(item) || !ok(text))
            loading_fault(
                r->l, place_of(r, item), "\"%.*s\" is no %s", SLICE_ARG(text), kind);
        words[i] = keep_text(r, text);
    }
    return words;
}

static bool
role_ok(struct slice word)
{
    static const char *const roles[] = {
        "submit", "read", "follow", "kill", "desk", "embargo", "admin"};
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        if (slice_is(word, roles[i]))
            return true;
    return false;
}

static void
read_uid(struct reading *r, struct fy_node *value, struct config_principal *out)
{
    struct slice text = text_of(value);
    uint64_t uid = 0;
    bool ok = text.size > 0 && text.size <= 10;
    for (size_t i = 0; ok && i < text.size; i++) {
        ok = text.data[i] >= '0' && text.data[i] <= '9';
        uid = uid * 10 + (uint64_t)(text.data[i] - '0');
    }
    if (!ok || uid >= UINT32_MAX)
        loading_fault(
            r->l, place_of(r, value), "\"%.*s\" is no user id", SLICE_ARG(text));
    out->uid = (uint32_t)uid;
}

static void
read_principal_key(struct reading *r, struct fy_node *key, struct fy_node *value,
    struct config_principal *out)
{
    struct slice name = text_of(key);
    if (slice_is(name, "uid"))
        read_uid(r, value, out);
    else if (slice_is(name, "sources") && is_scalar(value) &&
             slice_is(text_of(value), "any"))
        out->any_source = true;
    else if (slice_is(name, "sources"))
        out->sources =
            words_of(r, key, value, wire_source_ok, "source name ([a-z0-9-])");
    else if (slice_is(name, "roles"))
        out->roles = words_of(r, key, value, role_ok, "role");
    else
        loading_fault(r->l, place_of(r, key),
            "unknown key \"%.*s\" of a principal (uid, sources, roles)",
            SLICE_ARG(name));
}

static void
read_principal(struct reading *r, struct fy_node *key, struct fy_node *map,
    struct config_principal *out)
{
    void *at = NULL;
    struct slice name;
    bool has_uid = false;
    out->name = keep_text(r, text_of(key));
    if (!map || !fy_node_is_mapping(map)) {
        loading_fault(r->l, place_of(r, key), "must be {uid, sources, roles}");
        return;
    }
    for (struct fy_node_pair *pair; (pair = each_pair(map, &at, &name));) {
        has_uid = has_uid || slice_is(name, "uid");
        read_principal_key(r, fy_node_pair_key(pair), fy_node_pair_value(pair), out);
    }
    if (!has_uid)
        loading_fault(r->l, place_of(r, key), "principal \"%s\" has no uid", out->name);
}

static void
read_principals(struct reading *r, struct fy_node *key, struct fy_node *map)
{
    struct config *c = r->l->config;
    void *at = NULL;
    struct slice name;
    if (!map || !fy_node_is_mapping(map)) {
        loading_fault(r->l, place_of(r, key), "principals must be a map of names");
        return;
    }
    uint32_t more = (uint32_t)fy_node_mapping_item_count(map);
    struct config_principal *all = arena_grow(&c->arena, c->principals,
        c->principals_count, c->principals_count + more, sizeof *all);
    if (!all)
        return;
    c->principals = all;
    for (struct fy_node_pair *pair; (pair = each_pair(map, &at, &name));)
        read_principal(r, fy_node_pair_key(pair), fy_node_pair_value(pair),
            &all[c->principals_count++]);
}

// ---- rooms

static void
read_room(
    struct reading *r, struct slice room, struct fy_node *key, struct fy_node *map)
{
    void *at = NULL;
    struct slice name;
    if (!map || !fy_node_is_mapping(map)) {
        loading_fault(
            r->l, place_of(r, key), "%.*s must be a map of settings", SLICE_ARG(room));
        return;
    }
    for (struct fy_node_pair *pair; (pair = each_pair(map, &at, &name));) {
        struct fy_node *value = fy_node_pair_value(pair);
        const char *place = place_of(r, fy_node_pair_key(pair));
        if (setting_find(room, name) >= 0 && !is_scalar(value))
            loading_fault(r->l, place, "%.*s.%.*s must be a single value",
                SLICE_ARG(room), SLICE_ARG(name));
        else if (setting_find(room, name) >= 0)
            loading_set(r->l, place_of(r, value), room, name, text_of(value));
        else
            loading_set(r->l, place, room, name, slice_of(NULL, 0));
    }
}

static void
unknown_room(struct reading *r, struct fy_node *key, struct slice name)
{
    struct guess guess = {.unknown = name};
    for (size_t i = 0; i < settings_count; i++)
        guess_try(&guess, settings[i].room);
    guess_try(&guess, "principals");
    loading_fault(r->l, place_of(r, key), "unknown key \"%.*s\"%s%s%s", SLICE_ARG(name),
        guess.word ? "; did you mean \"" : "", guess.word ? guess.word : "",
        guess.word ? "\"?" : "");
}

static void
read_root(struct reading *r, struct fy_node *root)
{
    void *at = NULL;
    struct slice name;
    if (!root || (is_scalar(root) && text_of(root).size == 0))
        return; // an empty file: the defaults
    if (!fy_node_is_mapping(root)) {
        loading_fault(r->l, r->file, "the file must be a map of rooms");
        return;
    }
    for (struct fy_node_pair *pair; (pair = each_pair(root, &at, &name));) {
        struct fy_node *key = fy_node_pair_key(pair), *value = fy_node_pair_value(pair);
        if (slice_is(name, "principals"))
            read_principals(r, key, value);
        else if (setting_room_known(name))
            read_room(r, name, key, value);
        else
            unknown_room(r, key, name);
    }
}

// ---- the file

// No document and no error is a file without a value: the defaults.
static void
say_syntax(struct reading *r, struct fy_diag *diag)
{
    void *at = NULL;
    for (struct fy_diag_error *e; (e = fy_diag_errors_iterate(diag, &at));) {
        (void)snprintf(
            r->place, sizeof r->place, "%s:%d:%d", r->file, e->line, e->column);
        loading_fault(r->l, r->place, "%s", e->msg);
    }
}

static void
parse(struct reading *r, const char *text, size_t size)
{
    struct fy_diag_cfg how = {.level = FYET_ERROR, .module_mask = ~0U};
    struct fy_diag *diag = fy_diag_create(&how);
    if (!diag)
        return;
    fy_diag_set_collect_errors(diag, true);
    struct fy_parse_cfg cfg = {.flags = FYPCF_QUIET | FYPCF_COLLECT_DIAG, .diag = diag};
    struct fy_document *document = fy_document_build_from_string(&cfg, text, size);
    if (document)
        read_root(r, fy_document_root(document));
    else
        say_syntax(r, diag);
    fy_document_destroy(document);
    fy_diag_destroy(diag);
}

// libfyaml 0.7.12 never ends on a directive (%YAML, %TAG) that is not UTF-8. Settings need
// no directives, and are UTF-8.
static bool
is_readable(struct reading *r, const char *text, size_t size)
{
    struct wire_writer packed = {0};
    uint64_t at;
    wire_put_str(&packed, slice_of(text, size));
    bool utf8 = !packed.failed &&
                wire_scan(wire_written(&packed), &wire_limits_article, &at) == WIRE_OK;
    wire_writer_fini(&packed);
    if (!utf8)
        loading_fault(r->l, r->file, "is not UTF-8");
    for (size_t i = 0, line = 1; utf8 && i < size; i++) {
        if (text[i] == '%' && (i == 0 || text[i - 1] == '\n' || text[i - 1] == '\r')) {
            (void)snprintf(r->place, sizeof r->place, "%s:%zu:1", r->file, line);
            loading_fault(r->l, r->place, "directives (%%) are not taken");
            return false;
        }
        line += text[i] == '\n';
    }
    return utf8;
}

void
yaml_load(struct loading *l, const char *file)
{
    struct reading r = {.l = l, .file = file};
    char *text = calloc(1, FILE_MAX + 1);
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd >= 0 && text ? read(fd, text, FILE_MAX + 1) : -1;
    if (n < 0)
        loading_fault(l, file, "cannot be read: %s", strerrordesc_np(errno));
    else if ((size_t)n > FILE_MAX)
        loading_fault(l, file, "larger than 1 MiB");
    else if (n > 0 && is_readable(&r, text, (size_t)n))
        parse(&r, text, (size_t)n);
    if (fd >= 0)
        (void)close(fd);
    free(text);
}
