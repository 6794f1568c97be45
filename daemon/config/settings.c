#include "config/settings.h"

#include <stdio.h>
#include <stdlib.h>

// clang-format off
const struct setting settings[] = {
#define SETTING(room, key, type, fallback, min, max, when, doc) \
    {#room, #key, SETTING_##type, offsetof(struct config, room##_##key), fallback, min, max},
#include "config/settings.def"
#undef SETTING
};
// clang-format on
const size_t settings_count = sizeof settings / sizeof *settings;

long
setting_find(struct slice room, struct slice key)
{
    for (size_t i = 0; i < settings_count; i++)
        if (slice_is(room, settings[i].room) && slice_is(key, settings[i].key))
            return (long)i;
    return -1;
}

bool
setting_room_known(struct slice room)
{
    for (size_t i = 0; i < settings_count; i++)
        if (slice_is(room, settings[i].room))
            return true;
    return false;
}

// ---- numbers with units

struct unit {
    const char *word;
    uint64_t times;
};
static const struct unit byte_units[] = {
    {"",  1         },
    {"K", 1ULL << 10},
    {"M", 1ULL << 20},
    {"G", 1ULL << 30},
    {"T", 1ULL << 40},
};
static const struct unit time_units[] = {
    {"us", 1             },
    {"ms", 1000          },
    {"s",  1000000       },
    {"m",  60000000      },
    {"h",  3600000000ULL },
    {"d",  86400000000ULL},
};
static const struct unit no_units[] = {
    {"", 1},
};

static bool
read_number(struct slice text, const struct unit *units, size_t count, uint64_t *out)
{
    uint64_t n = 0;
    size_t i = 0;
    for (; i < text.size && text.data[i] >= '0' && text.data[i] <= '9'; i++)
        if (__builtin_mul_overflow(n, 10, &n) ||
            __builtin_add_overflow(n, (uint64_t)(text.data[i] - '0'), &n))
            return false;
    struct slice unit = slice_from(text, i);
    for (size_t k = 0; i > 0 && k < count; k++)
        if (slice_is(unit, units[k].word))
            return !__builtin_mul_overflow(n, units[k].times, out);
    return false;
}

static void
number_text(uint64_t n, const struct unit *units, size_t count, char *out, size_t size)
{
    const struct unit *best = &units[0];
    for (size_t k = 0; k < count; k++)
        if (n && n % units[k].times == 0)
            best = &units[k];
    (void)snprintf(
        out, size, "%llu%s", (unsigned long long)(n / best->times), best->word);
}

static bool
in_bounds(const struct setting *s, uint64_t n, const struct unit *units, size_t count,
    char *why, size_t size)
{
    char min[32], max[32];
    if (n >= s->min && n <= s->max)
        return true;
    number_text(s->min, units, count, min, sizeof min);
    number_text(s->max, units, count, max, sizeof max);
    (void)snprintf(why, size, "must be between %s and %s", min, max);
    return false;
}

static bool
store_number(const struct setting *s, struct slice text, const struct unit *units,
    size_t count, const char *kind, void *member, char *why, size_t size)
{
    uint64_t n;
    if (!read_number(text, units, count, &n)) {
        (void)snprintf(why, size, "\"%.*s\" is no %s", SLICE_ARG(text), kind);
        return false;
    }
    if (!in_bounds(s, n, units, count, why, size))
        return false;
    memcpy(member, &n, sizeof n); // uint64_t and int64_t alike: bounds are below 2^63
    return true;
}

static bool
store_flag(struct slice text, bool *member, char *why, size_t size)
{
    bool yes = slice_is(text, "true");
    if (!yes && !slice_is(text, "false")) {
        (void)snprintf(
            why, size, "\"%.*s\" is neither true nor false", SLICE_ARG(text));
        return false;
    }
    *member = yes;
    return true;
}

bool
setting_utf8(struct slice bytes)
{
    struct wire_writer packed = {0};
    uint64_t at;
    wire_put_str(&packed, bytes);
    bool good = !packed.failed &&
                wire_scan(wire_written(&packed), &wire_limits_article, &at) == WIRE_OK;
    wire_writer_fini(&packed);
    return good;
}

// One line that can be shown: a path with a NUL in it would be another path.
static bool
is_line(struct slice text)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] < ' ' || text.data[i] == 0x7f)
            return false;
    return setting_utf8(text);
}

static bool
store_text(const struct setting *s, struct slice text, struct config *config,
    const char **member, char *why, size_t size)
{
    if (text.size < s->min || text.size > s->max) {
        (void)snprintf(why, size, "must have between %llu and %llu bytes",
            (unsigned long long)s->min, (unsigned long long)s->max);
        return false;
    }
    if (!is_line(text)) {
        (void)snprintf(why, size, "must be one line of UTF-8");
        return false;
    }
    char *copy = arena_alloc(&config->arena, text.size + 1);
    if (!copy) {
        (void)snprintf(why, size, "out of memory");
        return false;
    }
    if (text.size)
        memcpy(copy, text.data, text.size);
    *member = copy;
    return true;
}

#define UNITS(table) (table), sizeof(table) / sizeof *(table)

bool
setting_store(const struct setting *s, struct slice text, struct config *config,
    char *why, size_t size)
{
    void *member = (char *)config + s->offset;
    switch (s->type) {
    case SETTING_TEXT:
        return store_text(s, text, config, member, why, size);
    case SETTING_BYTES:
        return store_number(
            s, text, UNITS(byte_units), "size (4096, 64K, 4M, 1G)", member, why, size);
    case SETTING_COUNT:
        return store_number(s, text, UNITS(no_units), "number", member, why, size);
    case SETTING_TIME:
        return store_number(
            s, text, UNITS(time_units), "duration (90s, 12h, 3d)", member, why, size);
    case SETTING_FLAG:
        return store_flag(text, member, why, size);
    }
    return false;
}

// ---- and back

// As YAML in double quotes.
static void
quoted_text(const char *text, char *out, size_t size)
{
    size_t n = 0;
    out[n++] = '"';
    for (; *text && n + 3 < size; text++) {
        if (*text == '"' || *text == '\\')
            out[n++] = '\\';
        out[n++] = *text;
    }
    out[n++] = '"';
    out[n] = '\0';
}

void
setting_text(
    const struct setting *s, const struct config *config, char *out, size_t size)
{
    const char *member = (const char *)config + s->offset;
    uint64_t n;
    switch (s->type) {
    case SETTING_TEXT:
        quoted_text(*(const char *const *)(const void *)member, out, size);
        break;
    case SETTING_FLAG:
        (void)snprintf(out, size, "%s", *(const bool *)member ? "true" : "false");
        break;
    case SETTING_BYTES:
        memcpy(&n, member, sizeof n);
        number_text(n, UNITS(byte_units), out, size);
        break;
    case SETTING_TIME:
        memcpy(&n, member, sizeof n);
        number_text(n, UNITS(time_units), out, size);
        break;
    case SETTING_COUNT:
        memcpy(&n, member, sizeof n);
        number_text(n, UNITS(no_units), out, size);
        break;
    }
}
