#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "config/guess.h"
#include "config/loading.h"

#define ARENA_LIMIT ((size_t)16 << 20)
#define SET_PREFIX "--set "

// What a file holds must not steer the terminal that shows the fault.
static void
make_printable(char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < ' ' || *text == 0x7f)
            *text = '?';
}

void
loading_fault(struct loading *l, const char *place, const char *format, ...)
{
    char words[512], sentence[1100];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(words, sizeof words, format, args);
    va_end(args);
    (void)snprintf(sentence, sizeof sentence, "%s: %s", place, words);
    make_printable(sentence);
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
        SLICE_ARG(room), GUESS_ARG(guess));
}

static void
keep_origin(struct loading *l, size_t row, const char *place)
{
    if (strncmp(place, SET_PREFIX, sizeof SET_PREFIX - 1) == 0)
        l->config->origins[row] = "--set";
    else
        l->config->origins[row] =
            (const char *)arena_printf(&l->config->arena, "%s", place).data;
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
        keep_origin(l, (size_t)i, place);
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

static int
is_drop_in(const struct dirent *entry)
{
    size_t size = strlen(entry->d_name);
    return entry->d_name[0] != '.' && size > 5 &&
           strcmp(entry->d_name + size - 5, ".yaml") == 0;
}

static int
by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static void
load_drop_ins(struct loading *l, const char *file)
{
    const char *slash = strrchr(file, '/');
    const char *base = slash ? slash + 1 : file;
    char directory[4096], path[4096 + NAME_MAX + 2];
    struct dirent **found = NULL;
    if (strcmp(base, "wireroom.yaml") != 0)
        return;
    (void)snprintf(
        directory, sizeof directory, "%.*swireroom.d", (int)(base - file), file);
    int count = scandir(directory, &found, is_drop_in, by_name);
    if (count < 0 && errno != ENOENT)
        loading_fault(l, directory, "cannot be read: %s", strerrordesc_np(errno));
    for (int i = 0; i < count; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", directory, found[i]->d_name);
        yaml_load(l, path);
        free(found[i]);
    }
    free(found);
}

static void
take_set(struct loading *l, const char *set)
{
    char place[300];
    struct slice all = slice_str(set);
    const char *equals = strchr(set, '='), *dot = strchr(set, '.');
    (void)snprintf(place, sizeof place, SET_PREFIX "%s", set);
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
    loading_fault(
        l, place, "unknown room \"%.*s\"%s%s%s", SLICE_ARG(room), GUESS_ARG(guess));
}

// ---- the whole

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
    loading_check(&l);
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
