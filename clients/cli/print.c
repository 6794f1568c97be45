#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli.h"

static bool first_of_list;

void
print_json(struct slice value, enum output output)
{
    char *text = wireroom_json(value.data, value.size, output == OUTPUT_JSON);
    if (text)
        (void)puts(text);
    free(text);
}

void
print_list_begin(const struct cli *cli)
{
    first_of_list = true;
    if (cli->output == OUTPUT_JSON)
        (void)fputs("[", stdout);
}

void
print_list_end(const struct cli *cli)
{
    if (cli->output == OUTPUT_JSON)
        (void)puts(first_of_list ? "]" : "\n]");
}

// ---- picked fields

// The epoch is 16 hex digits everywhere outside the wire: JSON numbers end at 2^53.
static void
put_field(struct wire_writer *w, const char *key, struct slice value)
{
    char hex[17];
    struct wire_reader r = wire_reader(value);
    wire_put_key(w, key);
    if (strcmp(key, "epoch") == 0) {
        (void)snprintf(
            hex, sizeof hex, "%016llx", (unsigned long long)wire_read_uint(&r));
        wire_put_str(w, slice_str(hex));
    } else
        wire_put_encoded(w, value);
}

static void
print_tsv(struct slice map, const char *const *fields)
{
    for (size_t i = 0; fields[i]; i++) {
        struct slice value = map_get(map, fields[i]);
        struct slice text = map_text(map, fields[i]);
        char *json = text.data || !value.size
                         ? NULL
                         : wireroom_json(value.data, value.size, false);
        char time[40];
        if (i)
            (void)putchar('\t');
        if (strcmp(fields[i], "time") == 0 && value.size)
            text = wire_time_text(map_int(map, "time"), time);
        if (strcmp(fields[i], "epoch") == 0)
            (void)printf("%016llx", (unsigned long long)map_uint(map, "epoch"));
        else if (text.data)
            for (size_t k = 0; k < text.size; k++)
                (void)putchar(text.data[k] < 0x20 ? ' ' : text.data[k]);
        else if (json)
            (void)fputs(json, stdout);
        free(json);
    }
    (void)putchar('\n');
}

void
print_fields(const struct cli *cli, struct slice map, const char *const *fields)
{
    struct wire_writer w = {0};
    uint32_t count = 0;
    if (cli->output == OUTPUT_TSV) {
        print_tsv(map, fields);
        return;
    }
    for (size_t i = 0; fields[i]; i++)
        count += map_get(map, fields[i]).size > 0;
    wire_put_map(&w, count);
    for (size_t i = 0; fields[i]; i++)
        if (map_get(map, fields[i]).size)
            put_field(&w, fields[i], map_get(map, fields[i]));
    if (cli->output == OUTPUT_JSON)
        (void)fputs(first_of_list ? "\n" : ",\n", stdout);
    first_of_list = false;
    char *text = wireroom_json(w.data, w.size, false);
    if (text)
        (void)fputs(text, stdout);
    if (cli->output == OUTPUT_NDJSON)
        (void)putchar('\n');
    free(text);
    wire_writer_fini(&w);
}

// ---- for people

static const char *
short_class(struct slice word)
{
    static const char *const names[][2] = {
        {"new",        "NEW"     },
        {"update",     "UPD"     },
        {"correction", "COR"     },
        {"touch",      "TCH"     },
        {"duplicate",  "DUP"     },
        {"conflict",   "CONFLICT"},
        {"stale",      "STALE"   },
        {"withhold",   "HOLD"    },
        {"release",    "RELEASE" },
        {"embargo",    "EMBARGO" },
        {"kill",       "KILL"    },
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (slice_is(word, names[i][0]))
            return names[i][1];
    return "?";
}

static void
put_clean(struct slice text, size_t most)
{
    size_t n = text.size < most ? text.size : most;
    while (n < text.size && n > 0 && (text.data[n] & 0xc0) == 0x80)
        n--; // not in the middle of a character
    for (size_t i = 0; i < n; i++)
        (void)putchar(text.data[i] < 0x20 || text.data[i] == 0x7f ? ' ' : text.data[i]);
    if (n < text.size)
        (void)fputs("…", stdout);
}

static void
put_clock(int64_t us)
{
    time_t at = (time_t)(us / 1000000);
    struct tm t;
    char text[16];
    (void)localtime_r(&at, &t);
    (void)strftime(text, sizeof text, "%H:%M:%S", &t);
    (void)fputs(text, stdout);
}

// "09:13:30  #241  UPD  U4 reuters  en  German parliament passes budget  v2"
static void
put_change(struct slice change)
{
    struct slice source = map_text(change, "source"),
                 language = map_text(change, "language");
    struct slice headline = map_text(change, "headline"),
                 gated = map_text(change, "gated");
    struct slice version = map_text(change, "version");
    uint64_t urgency = map_uint(change, "urgency");
    put_clock(map_int(change, "time"));
    (void)printf("  #%-5llu %-4s ", (unsigned long long)map_uint(change, "seq"),
        short_class(map_text(change, "class")));
    (void)printf(urgency ? "U%llu " : "   ", (unsigned long long)urgency);
    (void)printf("%-12.*s %-3.*s ", SLICE_ARG(source), SLICE_ARG(language));
    if (gated.size)
        (void)printf("(%.*s)", SLICE_ARG(gated));
    else if (headline.size)
        put_clean(headline, 100);
    else
        put_clean(map_text(change, "uri"), 100);
    if (version.size)
        (void)printf("  v%.*s", SLICE_ARG(version));
}

void
print_change_text(struct slice change)
{
    struct slice of = map_text(change, "of");
    put_change(change);
    if (of.size) {
        (void)fputs("  = ", stdout);
        put_clean(of, 100);
    }
    (void)putchar('\n');
}

void
print_item_text(struct slice change)
{
    put_change(change);
    (void)fputs("  ", stdout);
    put_clean(map_text(change, "source"), 64);
    (void)putchar(':');
    put_clean(map_text(change, "uri"), 200);
    (void)putchar('\n');
}
