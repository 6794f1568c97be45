// The door of config/: settings from YAML (libfyaml), drop-ins and --set, checked whole
// before anything starts. Every fault is a sentence with file:line:column and, for an
// unknown name, the nearest known one.
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include "base/arena.h"
#include "base/clock.h"
#include "proto/proto.h"

// One member a row of settings.def: config->store_path, config->limits_submission.
// clang-format off
#define CONFIG_C_TEXT const char *
#define CONFIG_C_BYTES uint64_t
#define CONFIG_C_COUNT uint64_t
#define CONFIG_C_TIME int64_t // microseconds
#define CONFIG_C_FLAG bool

#define CONFIG_PRINCIPALS_MAX 4096U
struct config_principal {
    const char *name, *origin; // origin: "FILE:LINE:COLUMN"
    uint32_t uid;
    bool any_source;
    const char **sources; // NULL-terminated, NULL when none
    const char **roles;   // NULL-terminated
};
#define CONFIG_SOURCES_MAX 4096U
struct config_source {
    const char *name, *origin;
    const char *zone, *charset, *language; // NULL: not said
    bool fold_dashes, fold_quotes;
};
struct config {
    struct arena arena; // owns every text
#define SETTING(room, key, type, fallback, min, max, when, doc) CONFIG_C_##type room##_##key;
#include "config/settings.def"
#undef SETTING
    struct config_principal *principals;
    uint32_t principals_count;
    struct config_source *sources;
    uint32_t sources_count;
    const char **origins; // of each row of settings.def, in order: "FILE:LINE:COLUMN", "--set", "default"
};
// clang-format on

// Where faults go: one call each, a whole sentence, "wireroom.yaml:7:3: unknown key …".
typedef void config_fault_fn(void *context, const char *sentence);

// config_load reads file (NULL: defaults alone), then FILE's directory wireroom.d/*.yaml in
// order of name if file's name is wireroom.yaml, then sets ("room.key=value", count of
// them). Returns the number of faults; *out is whole only if that is 0, and is the
// caller's to config_free then and otherwise.
unsigned config_load(const char *file, const char *const *sets, unsigned sets_count,
    config_fault_fn *fault, void *context, struct config **out);
void config_free(struct config **config);

// config_show prints effective values as YAML with where each came from, for --check-config
// and `config show`.
void config_show(const struct config *config, struct wire_writer *text);

#endif
