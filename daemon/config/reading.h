// What the reading of one YAML file carries along: which file, and the place of the node
// that was looked at last.
#ifndef CONFIG_READING_H
#define CONFIG_READING_H

#include <libfyaml.h>

#include "config/loading.h"

struct reading {
    struct loading *l;
    const char *file;
    char place[512];
};

// reading_place gives "FILE:LINE:COLUMN" of a word, or of what begins with one; FILE alone
// where libfyaml marks none. Borrowed until the next call.
const char *reading_place(struct reading *r, struct fy_node *node);

// reading_at is reading_place of value, or of its key where the value is nothing.
const char *reading_at(struct reading *r, struct fy_node *key, struct fy_node *value);

struct slice reading_text(struct fy_node *node); // of a word; empty for anything else
bool reading_is_word(struct fy_node *node);
// reading_keep copies text into the configuration's arena; "" out of memory.
const char *reading_keep(struct reading *r, struct slice text);

// reading_next gives the next pair of a map, whose key is a word; NULL at the end. Keys
// that are no words are faults, and passed over.
struct fy_node_pair *reading_next(
    struct reading *r, struct fy_node *map, void **at, struct slice *key_out);

// principals_read takes the map of names under `principals`.
void principals_read(struct reading *r, struct fy_node *key, struct fy_node *map);
// sources_read takes that under `sources`.
void sources_read(struct reading *r, struct fy_node *key, struct fy_node *map);

#endif
