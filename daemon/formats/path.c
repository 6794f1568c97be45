#include "formats/path.h"

#include <stdio.h>

#define PATH_DEPTH 40 // wire_limits_article allows 32

struct text {
    char *out;
    size_t at, size;
};

// Keys are a stranger's: what is not printable ASCII shows as '?', so that a cut never
// falls into a character.
static void
add(struct text *t, struct slice bytes)
{
    for (size_t i = 0; i < bytes.size && t->at + 1 < t->size; i++) {
        uint8_t c = bytes.data[i];
        t->out[t->at++] = (char)(c >= 0x20 && c < 0x7f ? c : '?');
    }
    t->out[t->at] = 0;
}

static void
write_path(const struct path *path, struct text *t, bool indices)
{
    const struct path *chain[PATH_DEPTH];
    size_t count = 0;
    for (; path && count < PATH_DEPTH; path = path->up)
        chain[count++] = path;
    while (count--) {
        char index[16] = "[]";
        if (chain[count]->key.size == 0 && indices)
            (void)snprintf(index, sizeof index, "[%u]", chain[count]->index);
        if (chain[count]->key.size == 0)
            add(t, slice_str(index));
        else if (t->at)
            add(t, SLICE("."));
        add(t, chain[count]->key);
    }
}

void
path_text(const struct path *path, char *out, size_t size)
{
    struct text t = {out, 0, size};
    out[0] = 0;
    write_path(path, &t, true);
}

static bool
has_warning(const struct article *a, const char *code, struct slice where)
{
    for (uint32_t i = 0; i < a->wr.warnings_count; i++)
        if (strcmp(a->wr.warnings[i].code, code) == 0 &&
            slice_equal(a->wr.warnings[i].where, where))
            return true;
    return false;
}

void
path_warn(struct article *a, const char *code, const struct path *path)
{
    char out[96];
    struct text t = {out, 0, sizeof out};
    out[0] = 0;
    if (a->wr.warnings_count >= ARTICLE_NOTES_MAX) // nothing more is listed
        return;
    write_path(path, &t, false);
    struct slice where = slice_of(out, t.at);
    if (!has_warning(a, code, where))
        article_warn(a, code, arena_copy(a->arena, where));
}

bool
path_invalid(struct article *a, const struct path *path, const char *what)
{
    char text[96];
    path_text(path, text, sizeof text);
    (void)fault_set(&a->fault, WIRE_INVALID, FAULT_NOWHERE, text, "%s %s",
        text[0] ? text : "the item", what);
    return false;
}
