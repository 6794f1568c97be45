#include <glob.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "config/guess.h"
#include "config/loading.h"

#define ARENA_LIMIT ((size_t)16 << 20)

void
loading_fault(struct loading *l, const char *place, const char *format, ...)
{
    char words[512], sentence[1100];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(words, sizeof words, format, args);
    va_end(args);
    (void)snprintf(sentence, sizeof sentence, "%s: %s", place, words);
    l->faults++;
    if (l->say)
        l->say(l->context, sentence);
}

static void
unknown_key(struct loading *l, const char *place, struct slice room, struct slice key)
{
    struct guess guess = {.unknown = key};
    for (size_t i = 0; i < settings_count; i++)
        if (slice_is(room, settings[i].room))
            guess_try(&guess, settings[i].key);
    loading_fault(l, place, "unknown key \"%.*s\" in %.*s%s%s%s", SLICE_ARG(key),
        SLICE_ARG(room), guess.word ? "; did you mean \"" : "",
        guess.word ? guess.word : "", guess.word ? "\"?" : "");
}

void
loading_set(struct loading *l, const char *place, struct slice room, struct slice key,
    struct slice text)
{
    char why[256];
    long i = setting_find(room, key);
    if (i < 0)
        unknown_key(l, place, room, key);
    else if (!setting_store(&settings[i], text, l->config, why, sizeof why))
        loading_fault(l, place, "%.*s.%.*s: %s", SLICE_ARG(room), SLICE_ARG(key), why);
    else
        l->config->origins[i] =
            (const char *)arena_printf(&l->config->arena, "%s", place).data;
}

// ---- where settings come from, the weakest first

static void
set_defaults(struct loading *l)
{
    char why[256];
    for (size_t i = 0; i < settings_count; i++) {
        struct slice fallback = slice_str(settings[i].fallback);
        if (!setting_store(&settings[i], fallback, l->config, why, sizeof why))
            loading_fault(l, settings[i].key, "default: %s", why);
        l->config->origins[i] = "default";
    }
}

static void
load_drop_ins(struct loading *l, const char *file)
{
    const char *slash = strrchr(file, '/');
    const char *base = slash ? slash + 1 : file;
    char pattern[4096];
    glob_t found = {0};
    if (strcmp(base, "wireroom.yaml") != 0)
        return;
    (void)snprintf(
        pattern, sizeof pattern, "%.*swireroom.d/*.yaml", (int)(base - file), file);
    if (glob(pattern, 0, NULL, &found) == 0)
        for (size_t i = 0; i < found.gl_pathc; i++)
            yaml_load(l, found.gl_pathv[i]);
    globfree(&found);
}

static void
take_set(struct loading *l, const char *set)
{
    char place[300];
    struct slice all = slice_str(set);
    const char *equals = strchr(set, '='), *dot = strchr(set, '.');
    (void)snprintf(place, sizeof place, "--set %s", set);
    if (!equals || !dot || dot > equals) {
        loading_fault(l, place, "must be ROOM.KEY=VALUE");
        return;
    }
    struct slice room = slice_until(all, (size_t)(dot - set));
    struct slice key = slice_of(dot + 1, (size_t)(equals - dot - 1));
    struct guess guess = {.unknown = room};
    if (setting_room_known(room)) {
        loading_set(l, place, room, key, slice_str(equals + 1));
        return;
    }
    for (size_t i = 0; i < settings_count; i++)
        guess_try(&guess, settings[i].room);
    loading_fault(l, place, "unknown room \"%.*s\"%s%s%s", SLICE_ARG(room),
        guess.word ? "; did you mean \"" : "", guess.word ? guess.word : "",
        guess.word ? "\"?" : "");
}

// ---- what no single value can know

// A record holds the submission and its articles, both compressed at worst to their size;
// normalization can make text longer, but not by more than again its size.
static uint64_t
record_bytes(const struct config *c)
{
    return 3 * c->limits_submission + 8192;
}

static void
check_together(struct loading *l)
{
    const struct config *c = l->config;
    if (record_bytes(c) > c->store_segment)
        loading_fault(l, "store.segment",
            "%llu bytes can't hold a record of limits.submission %llu (%llu bytes)",
            (unsigned long long)c->store_segment,
            (unsigned long long)c->limits_submission,
            (unsigned long long)record_bytes(c));
    if (c->credit_grant > c->credit_connection ||
        c->credit_connection > c->credit_total)
        loading_fault(l, "credit", "must rise from grant over connection to total");
    static const char *const levels[] = {"error", "warn", "info", "debug"};
    for (int i = 0; i < 4; i++)
        if (strcmp(c->log_level, levels[i]) == 0)
            return;
    loading_fault(
        l, "log.level", "\"%s\" is none of error, warn, info, debug", c->log_level);
}

static struct config *
config_new(void)
{
    struct config *c = calloc(1, sizeof *c);
    if (!c)
        return NULL;
    arena_init(&c->arena, ARENA_LIMIT);
    c->origins = arena_array(&c->arena, settings_count, sizeof *c->origins);
    if (!c->origins)
        config_free(&c);
    return c;
}

unsigned
config_load(const char *file, const char *const *sets, unsigned sets_count,
    config_fault_fn *fault, void *context, struct config **out)
{
    struct loading l = {.config = config_new(), .say = fault, .context = context};
    *out = l.config;
    if (!l.config) {
        loading_fault(&l, "settings", "out of memory");
        return l.faults;
    }
    set_defaults(&l);
    if (file) {
        yaml_load(&l, file);
        load_drop_ins(&l, file);
    }
    for (unsigned i = 0; i < sets_count; i++)
        take_set(&l, sets[i]);
    if (l.faults == 0)
        check_together(&l);
    if (l.config->arena.failed)
        loading_fault(&l, file ? file : "settings", "too much text for settings");
    return l.faults;
}

void
config_free(struct config **config)
{
    if (!*config)
        return;
    arena_fini(&(*config)->arena);
    free(*config);
    *config = NULL;
}

// ---- show

static void put_line(struct wire_writer *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void
put_line(struct wire_writer *text, const char *format, ...)
{
    char line[4600];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(line, sizeof line, format, args);
    va_end(args);
    size_t size = n < 0 ? 0 : (size_t)n < sizeof line ? (size_t)n : sizeof line - 1;
    wire_put_raw(text, slice_of(line, size));
}

static void
put_words(struct wire_writer *text, const char *const *words)
{
    put_line(text, "[");
    for (size_t i = 0; words && words[i]; i++)
        put_line(text, "%s%s", i ? ", " : "", words[i]);
    put_line(text, "]");
}

static void
put_principals(const struct config *c, struct wire_writer *text)
{
    if (c->principals_count)
        put_line(text, "principals:\n");
    for (uint32_t i = 0; i < c->principals_count; i++) {
        const struct config_principal *p = &c->principals[i];
        put_line(text, "  %s: {uid: %u, sources: ", p->name, p->uid);
        if (p->any_source)
            put_line(text, "any");
        else
            put_words(text, p->sources);
        put_line(text, ", roles: ");
        put_words(text, p->roles);
        put_line(text, "}\n");
    }
}

void
config_show(const struct config *config, struct wire_writer *text)
{
    char value[4200];
    const char *room = "";
    for (size_t i = 0; i < settings_count; i++) {
        if (strcmp(room, settings[i].room) != 0)
            put_line(text, "%s:\n", settings[i].room);
        room = settings[i].room;
        setting_text(&settings[i], config, value, sizeof value);
        put_line(text, "  %s: %s%*s# %s\n", settings[i].key, value,
            (int)(58 - strlen(settings[i].key) -
                  (strlen(value) < 36 ? strlen(value) : 36)),
            "", config->origins[i]);
    }
    put_principals(config, text);
}
