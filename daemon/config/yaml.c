// One YAML file into the settings, through libfyaml, whose marks give every fault its
// line and column.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "config/guess.h"
#include "config/reading.h"

#define FILE_MAX ((size_t)1 << 20)

// ---- places and words

const char *
reading_place(struct reading *r, struct fy_node *node)
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

const char *
reading_at(struct reading *r, struct fy_node *key, struct fy_node *value)
{
    bool marked = reading_is_word(value) && reading_text(value).size > 0;
    return reading_place(r, marked ? value : key);
}

struct slice
reading_text(struct fy_node *node)
{
    size_t size = 0;
    const char *text = reading_is_word(node) ? fy_node_get_scalar(node, &size) : NULL;
    return slice_of(text, text ? size : 0);
}

const char *
reading_keep(struct reading *r, struct slice text)
{
    char *copy = arena_alloc(&r->l->config->arena, text.size + 1);
    if (copy && text.size)
        memcpy(copy, text.data, text.size);
    return copy ? copy : "";
}

bool
reading_is_word(struct fy_node *node)
{
    return node && fy_node_is_scalar(node) && !fy_node_is_alias(node);
}

struct fy_node_pair *
reading_next(struct reading *r, struct fy_node *map, void **at, struct slice *key_out)
{
    for (struct fy_node_pair *pair; (pair = fy_node_mapping_iterate(map, at));) {
        struct fy_node *key = fy_node_pair_key(pair);
        *key_out = reading_text(key);
        if (reading_is_word(key) && key_out->size > 0)
            return pair;
        struct fy_node *value = fy_node_pair_value(pair);
        loading_fault(r->l, reading_at(r, value, key), "a key must be a word");
    }
    return NULL;
}

// ---- rooms

static void
read_setting(
    struct reading *r, struct slice room, struct slice name, struct fy_node_pair *pair)
{
    struct fy_node *key = fy_node_pair_key(pair), *value = fy_node_pair_value(pair);
    if (setting_find(room, name) < 0)
        loading_set(r->l, reading_place(r, key), room, name, slice_of(NULL, 0));
    else if (!reading_is_word(value))
        loading_fault(r->l, reading_place(r, key), "%.*s.%.*s must be a single value",
            SLICE_ARG(room), SLICE_ARG(name));
    else
        loading_set(r->l, reading_at(r, key, value), room, name, reading_text(value));
}

static void
read_room(
    struct reading *r, struct slice room, struct fy_node *key, struct fy_node *map)
{
    void *at = NULL;
    struct slice name;
    if (!map || !fy_node_is_mapping(map)) {
        loading_fault(r->l, reading_place(r, key), "%.*s must be a map of settings",
            SLICE_ARG(room));
        return;
    }
    for (struct fy_node_pair *pair; (pair = reading_next(r, map, &at, &name));)
        read_setting(r, room, name, pair);
}

static void
unknown_room(struct reading *r, struct fy_node *key, struct slice name)
{
    struct guess guess = {.unknown = name};
    for (size_t i = 0; i < settings_count; i++)
        guess_try(&guess, settings[i].room);
    guess_try(&guess, "principals");
    guess_try(&guess, "sources");
    loading_fault(r->l, reading_place(r, key), "unknown key \"%.*s\"%s%s%s",
        SLICE_ARG(name), GUESS_ARG(guess));
}

static void
read_root(struct reading *r, struct fy_node *root)
{
    void *at = NULL;
    struct slice name;
    if (!root || (reading_is_word(root) && reading_text(root).size == 0))
        return; // an empty file: the defaults
    if (!fy_node_is_mapping(root)) {
        loading_fault(r->l, r->file, "the file must be a map of rooms");
        return;
    }
    for (struct fy_node_pair *pair; (pair = reading_next(r, root, &at, &name));) {
        struct fy_node *key = fy_node_pair_key(pair), *value = fy_node_pair_value(pair);
        if (slice_is(name, "principals"))
            principals_read(r, key, value);
        else if (slice_is(name, "sources"))
            sources_read(r, key, value);
        else if (setting_room_known(name))
            read_room(r, name, key, value);
        else
            unknown_room(r, key, name);
    }
}

// ---- the file

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

// A second document would be settings that nobody reads.
static void
read_documents(struct reading *r, struct fy_parser *parser)
{
    struct fy_document *first = fy_parse_load_document(parser);
    if (!first)
        return; // a fault of syntax, or no document: the defaults
    struct fy_document *second = fy_parse_load_document(parser);
    if (second)
        loading_fault(r->l, r->file, "holds more than one document (---)");
    else
        read_root(r, fy_document_root(first));
    fy_parse_document_destroy(parser, second);
    fy_parse_document_destroy(parser, first);
}

// libfyaml 0.7.12 can run into freed memory when it cleans up after an error, so the parser
// of a file with a fault stays: a few kilobytes each time an operator's file is wrong.
static void
put_away(struct fy_parser *parser, struct fy_diag *diag)
{
    static struct kept {
        struct kept *next;
        struct fy_parser *parser;
        struct fy_diag *diag;
    } * kept;
    struct kept *one = fy_diag_got_error(diag) ? calloc(1, sizeof *one) : NULL;
    if (one) {
        *one = (struct kept){kept, parser, diag};
        kept = one;
        return;
    }
    fy_parser_destroy(parser);
    fy_diag_destroy(diag);
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
    struct fy_parser *parser = fy_parser_create(&cfg);
    if (parser && fy_parser_set_string(parser, text, size) == 0)
        read_documents(r, parser);
    else
        loading_fault(r->l, r->file, "out of memory");
    say_syntax(r, diag);
    put_away(parser, diag);
}

// libfyaml 0.7.12 never ends on a directive (%YAML, %TAG) that is not UTF-8. Settings need
// no directives, and are UTF-8.
static bool
is_readable(struct reading *r, const char *text, size_t size)
{
    if (!setting_utf8(slice_of(text, size))) {
        loading_fault(r->l, r->file, "is not UTF-8");
        return false;
    }
    for (size_t i = 0, line = 1; i < size; i++) {
        if (text[i] == '%' && (i == 0 || text[i - 1] == '\n' || text[i - 1] == '\r')) {
            (void)snprintf(r->place, sizeof r->place, "%s:%zu:1", r->file, line);
            loading_fault(r->l, r->place, "directives (%%) are not taken");
            return false;
        }
        line += text[i] == '\n';
    }
    return true;
}

// read_whole gives how many bytes there are, one more than FILE_MAX at most, or -1. The
// file may be a pipe.
static ssize_t
read_whole(const char *file, char *text)
{
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    size_t have = 0;
    ssize_t n = fd < 0 ? -1 : 1;
    while (n > 0 && have <= FILE_MAX) {
        n = read(fd, text + have, FILE_MAX + 1 - have);
        have += n > 0 ? (size_t)n : 0;
    }
    int error = errno;
    if (fd >= 0)
        (void)close(fd);
    errno = error;
    return n < 0 ? -1 : (ssize_t)have;
}

void
yaml_load(struct loading *l, const char *file)
{
    struct reading r = {.l = l, .file = file};
    char *text = calloc(1, FILE_MAX + 2);
    ssize_t n = text ? read_whole(file, text) : -1;
    if (n < 0)
        loading_fault(l, file, "cannot be read: %s", strerrordesc_np(errno));
    else if ((size_t)n > FILE_MAX)
        loading_fault(l, file, "larger than 1 MiB");
    else if (n > 0 && is_readable(&r, text, (size_t)n))
        parse(&r, text, (size_t)n);
    free(text);
}
