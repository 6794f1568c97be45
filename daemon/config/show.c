// The settings in force as YAML, each with where it came from; what is shown reads back as
// the same settings.
#include <stdarg.h>
#include <stdio.h>

#include "config/settings.h"

static void put_line(struct wire_writer *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void
put_line(struct wire_writer *text, const char *format, ...)
{
    char line[2 * 4000 + 1200];
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
        put_line(text, "} # %s\n", p->origin);
    }
}

static void
put_pair(
    struct wire_writer *text, const char **comma, const char *key, const char *value)
{
    if (!value)
        return;
    put_line(text, "%s%s: %s", *comma, key, value);
    *comma = ", ";
}

static void
put_sources(const struct config *c, struct wire_writer *text)
{
    if (c->sources_count)
        put_line(text, "sources:\n");
    for (uint32_t i = 0; i < c->sources_count; i++) {
        const struct config_source *s = &c->sources[i];
        const char *comma = "";
        put_line(text, "  %s: {", s->name);
        put_pair(text, &comma, "zone", s->zone);
        put_pair(text, &comma, "charset", s->charset);
        put_pair(text, &comma, "language", s->language);
        put_pair(text, &comma, "dashes", s->fold_dashes ? "fold" : NULL);
        put_pair(text, &comma, "quotes", s->fold_quotes ? "fold" : NULL);
        put_line(text, "} # %s\n", s->origin);
    }
}

void
config_show(const struct config *config, struct wire_writer *text)
{
    char value[2 * 4000 + 8];
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
    put_sources(config, text);
}
