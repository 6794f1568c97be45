// The rows of settings.def and how the text of a value becomes one.
#ifndef CONFIG_SETTINGS_H
#define CONFIG_SETTINGS_H

#include "config/config.h"

enum setting_type {
    SETTING_TEXT,
    SETTING_BYTES,
    SETTING_COUNT,
    SETTING_TIME,
    SETTING_FLAG,
};
struct setting {
    const char *room, *key;
    enum setting_type type;
    size_t offset; // in struct config
    const char *fallback;
    uint64_t min, max;
};
extern const struct setting settings[];
extern const size_t settings_count;

// setting_find gives the row of a room and key, -1 if there is none.
long setting_find(struct slice room, struct slice key);
bool setting_room_known(struct slice room);

// setting_store reads text into its member of config. On failure why (size bytes) says
// what is wrong with it, the member is untouched.
bool setting_store(const struct setting *setting, struct slice text,
    struct config *config, char *why, size_t size);

// setting_utf8 says whether bytes are UTF-8, by the rule of the wire.
bool setting_utf8(struct slice bytes);

// setting_text writes the member as a value that setting_store would read.
void setting_text(
    const struct setting *setting, const struct config *config, char *out, size_t size);

#endif
