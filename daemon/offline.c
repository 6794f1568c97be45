// What wireroomd does without being a daemon: read documents as the readers would and print
// the articles, walk a store that nobody has open, and take what is whole out of its log.
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "app.h"
#include "formats/formats.h"
#include "pipeline/pipeline.h"

#define READ_MAX ((size_t)64 << 20)

struct printing {
    struct wire_writer text;
    enum wire_json_style style;
    unsigned refused;
    bool explain, as_json; // an explanation instead of the articles; -o was given
};

// ---- normalize

static void
print_fault(const struct prepared_item *item, struct wire_writer *w)
{
    wire_put_map(w, 1);
    wire_put_key(w, "error");
    wire_put_map(w, 3U + (item->field.size > 0) + (item->at != FAULT_NOWHERE));
    wire_put_key(w, "code");
    wire_put_uint(w, item->code);
    wire_put_key(w, "error");
    wire_put_str(w, slice_str(wire_error_name(item->code)));
    if (item->field.size) {
        wire_put_key(w, "field");
        wire_put_str(w, item->field);
    }
    if (item->at != FAULT_NOWHERE) {
        wire_put_key(w, "at");
        wire_put_uint(w, item->at);
    }
    wire_put_key(w, "words");
    wire_put_str(w, item->words);
}

static void
print_item(void *context, struct slice article, const struct prepared_item *item)
{
    struct printing *p = context;
    struct wire_writer fault = {0};
    wire_writer_reset(&p->text);
    p->refused += item->fate != ITEM_READ;
    if (p->explain)
        return;
    if (item->fate != ITEM_READ) {
        print_fault(item, &fault);
        article = wire_written(&fault);
    }
    wire_to_json(article, p->style, &p->text);
    (void)fwrite(p->text.data, 1, p->text.size, stdout);
    (void)putchar('\n');
    wire_writer_fini(&fault);
}

static int
read_file(const char *path, struct wire_writer *out)
{
    static uint8_t piece[1 << 16];
    bool standard = strcmp(path, "-") == 0;
    int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = -1;
    while (fd >= 0 && out->size <= READ_MAX && (n = read(fd, piece, sizeof piece)) > 0)
        wire_put_raw(out, slice_of(piece, (size_t)n));
    int failed = n < 0 ? errno : 0;
    if (fd >= 0 && !standard)
        (void)close(fd);
    if (failed)
        (void)fprintf(stderr, "cannot read %s: %s\n", path, strerrordesc_np(failed));
    return failed ? EX_NOINPUT : EX_OK;
}

static void
print_explanation(const char *path, struct slice map, struct printing *p)
{
    wire_writer_reset(&p->text);
    if (p->as_json)
        wire_to_json(map, p->style, &p->text);
    else
        explanation_text(map, &p->text);
    if (!p->as_json)
        (void)printf("%s\n", path);
    if (p->text.size)
        (void)fwrite(p->text.data, 1, p->text.size, stdout);
    (void)putchar('\n');
}

static int
normalize_file(const char *path, struct submission *s, struct printing *p)
{
    struct wire_writer raw = {0}, prepared = {0}, explained = {0};
    struct arena arena;
    int failed = read_file(path, &raw);
    arena_init(&arena, (size_t)512 << 20);
    if (!failed) {
        s->page = s->page.size ? s->page : slice_str(path);
        const struct prepare_how how = {.explained = p->explain ? &explained : NULL};
        prepare_how(s, wire_written(&raw), &arena, &prepared, &how, print_item, p);
        if (p->explain)
            print_explanation(path, wire_written(&explained), p);
    }
    wire_writer_fini(&explained);
    arena_fini(&arena);
    wire_writer_fini(&prepared);
    wire_writer_fini(&raw);
    return failed;
}

static const struct option normalize_options[] = {
    {"format",     required_argument, NULL, 'f'},
    {"source",     required_argument, NULL, 'S'},
    {"issue-date", required_argument, NULL, 'i'},
    {"page",       required_argument, NULL, 'p'},
    {"language",   required_argument, NULL, 'l'},
    {"zone",       required_argument, NULL, 'z'},
    {"charset",    required_argument, NULL, 'c'},
    {"output",     required_argument, NULL, 'o'},
    {"explain",    no_argument,       NULL, 'e'},
    {"help",       no_argument,       NULL, 'h'},
    {NULL,         0,                 NULL, 0  },
};

static bool
format_known(struct slice word)
{
    for (size_t i = 0; format_words[i]; i++)
        if (slice_is(word, format_words[i]))
            return true;
    (void)fprintf(stderr, "\"%.*s\" is no format here; there are:", SLICE_ARG(word));
    for (size_t i = 0; format_words[i]; i++)
        (void)fprintf(stderr, " %s", format_words[i]);
    (void)fputc('\n', stderr);
    return false;
}

static bool
normalize_option(int letter, struct submission *s, struct printing *p)
{
    struct slice value = slice_str(optarg ? optarg : "");
    switch (letter) {
    case 'f':
        s->format = value;
        return format_known(value);
    case 'S':
        s->source = value;
        return wire_source_ok(value);
    case 'i':
        s->issue_date = value;
        return wire_day_ok(value);
    case 'p':
        s->page = value;
        return true;
    case 'l':
        s->language = value;
        return true;
    case 'z':
        s->zone = value;
        return wire_zone_ok(value);
    case 'c':
        s->charset = value;
        return true;
    case 'e':
        p->explain = true;
        return true;
    case 'o':
        p->as_json = true;
        p->style = slice_is(value, "json") ? WIRE_JSON_PRETTY : WIRE_JSON_COMPACT;
        return slice_is(value, "json") || slice_is(value, "ndjson");
    default:
        return false;
    }
}

static int
normalize_usage(int letter)
{
    if (letter != 'h' && letter != 'f' && letter != '?')
        (void)fprintf(stderr,
            "\"%s\" is nothing that this option takes (man wireroomd)\n", optarg);
    (void)fprintf(letter == 'h' ? stdout : stderr,
        "usage: wireroomd normalize [--format F] [--source S] "
        "[--issue-date D] [--page NAME] [--language TAG] "
        "[--zone Z] [--charset C] [--explain] [-o json|ndjson] FILE...\n");
    return letter == 'h' ? EX_OK : EX_USAGE;
}

int
offline_normalize(int argc, char **argv)
{
    struct submission s = {.format = SLICE("auto"), .source = SLICE("local")};
    struct printing p = {.style = WIRE_JSON_COMPACT};
    int letter, worst = EX_OK;
    while ((letter = getopt_long(argc, argv, "f:S:o:", normalize_options, NULL)) != -1)
        if (!normalize_option(letter, &s, &p))
            return normalize_usage(letter);
    if (!prepare_load())
        return EX_OSERR;
    struct slice page = s.page;
    for (int i = optind; i < argc || i == optind; i++) {
        int failed = normalize_file(i < argc ? argv[i] : "-", &s, &p);
        worst = failed > worst ? failed : worst;
        s.page = page;
    }
    wire_writer_fini(&p.text);
    if (fflush(stdout) != 0)
        return EX_IOERR;
    return worst ? worst : p.refused ? EX_DATAERR : EX_OK;
}

// ---- verify

static void
print_finding(void *context, const char *words)
{
    unsigned *count = context;
    (*count)++;
    (void)printf("damage: %s\n", words);
}

// A directory of the store's own is in it from the first start on.
static bool
store_there(const char *path)
{
    char inside[4096];
    (void)snprintf(inside, sizeof inside, "%s/store", path);
    if (access(inside, F_OK) == 0)
        return true;
    (void)fprintf(stderr,
        "no store at %s: %s\n  name the store with --set store.path=... or --config\n",
        path, strerror(errno));
    return false;
}

int
offline_verify(const struct app_options *options, bool replay)
{
    struct pipeline_settings settings;
    struct fault fault = FAULT_NONE;
    unsigned found = 0;
    struct config *config = app_config(options);
    if (!config)
        return EX_CONFIG;
    app_pipeline_settings(config, &settings);
    if (!store_there(settings.path)) {
        config_free(&config);
        return EX_NOINPUT;
    }
    uint64_t rows = pipeline_verify(&settings, replay, print_finding, &found, &fault);
    int status = fault.code ? app_complain(&fault) : found ? EX_DATAERR : EX_OK;
    if (!fault.code)
        (void)printf("%s: %llu rows and entries read, %u finding%s\n", settings.path,
            (unsigned long long)rows, found, found == 1 ? "" : "s");
    config_free(&config);
    return status;
}

// ---- log salvage

static void
print_sentence(void *context, const char *words)
{
    (void)context;
    (void)printf("%s\n", words);
}

int
offline_salvage(const struct app_options *options, bool write)
{
    struct pipeline_settings settings;
    struct salvaged done = {0};
    struct fault fault = FAULT_NONE;
    struct config *config = app_config(options);
    if (!config)
        return EX_CONFIG;
    app_pipeline_settings(config, &settings);
    if (!store_there(settings.path)) {
        config_free(&config);
        return EX_NOINPUT;
    }
    enum wire_err err =
        pipeline_salvage(&settings, write, print_sentence, NULL, &done, &fault);
    if (!err && done.whole)
        (void)printf("%s: the log is whole; nothing was changed\n", settings.path);
    else if (!err && write)
        (void)printf("next: start wireroomd; followers are told EPOCH_CHANGED\n");
    else if (!err)
        (void)printf("next: nothing was changed; wireroomd log salvage --write files "
                     "what was found and sets this log aside\n");
    config_free(&config);
    if (err)
        return app_complain(&fault);
    return done.whole || write ? EX_OK : EX_DATAERR;
}
