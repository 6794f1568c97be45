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
        t->out[t->at++] = c >= 0x20 && c < 0x7f ? (char)c : '?';
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

struct slice
path_shape(const struct path *path, struct arena *arena)
{
    char out[96];
    struct text t = {out, 0, sizeof out};
    out[0] = 0;
    write_path(path, &t, false);
    return arena_copy(arena, slice_of(out, t.at));
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
