// wireroom submit: documents in, receipts out.
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"

struct submitting {
    struct cli *cli;
    int worst; // exit code so far
    unsigned items, filed, files, unsent;
};

struct document { // travels as the submission's context
    struct submitting *all;
    const char *path;
};

static void
note(struct submitting *s, int code)
{
    if (code > s->worst)
        s->worst = code;
}

// ---- what is printed

static const char *const receipt_fields[] = {"outcome", "state", "source", "uri",
    "version", "revision", "seq", "story", "of", "relation", "score", "warnings",
    "error", NULL};

// The item's map with the submission's source in it, as the fields above want.
static void
print_receipt_item(struct submitting *s, struct slice source, struct slice item)
{
    struct wire_writer w = {0};
    struct wire_reader r = wire_reader(item);
    uint32_t count = wire_read_map(&r);
    wire_put_map(&w, count + 1);
    wire_put_key(&w, "source");
    wire_put_str(&w, source);
    wire_put_raw(&w, slice_from(item, r.at));
    if (!w.failed)
        print_fields(s->cli, wire_written(&w), receipt_fields);
    wire_writer_fini(&w);
}

static void
put_lower(struct slice word)
{
    for (size_t i = 0; i < word.size; i++)
        (void)putchar(word.data[i] >= 'A' && word.data[i] <= 'Z' ? word.data[i] | 32
                                                                 : word.data[i]);
    for (size_t i = word.size; i < 12; i++)
        (void)putchar(' ');
}

// "new        dpa:20261124-0815 v1  seq 241"
static void
print_receipt_text(struct slice source, struct slice item)
{
    struct slice outcome = map_text(item, "outcome"), uri = map_text(item, "uri");
    struct slice version = map_text(item, "version"), of = map_text(item, "of");
    struct slice state = map_text(item, "state"), error = map_get(item, "error");
    uint64_t seq = map_uint(item, "seq"), revision = map_uint(item, "revision");
    put_lower(outcome);
    if (uri.size)
        (void)printf("%.*s:%.*s", SLICE_ARG(source), SLICE_ARG(uri));
    if (version.size)
        (void)printf(" v%.*s", SLICE_ARG(version));
    if (seq)
        (void)printf("  seq %llu", (unsigned long long)seq);
    else if (revision)
        (void)printf("  seq %llu  (same content; nothing published)",
            (unsigned long long)revision);
    if (of.size && !slice_is(outcome, "UNCHANGED"))
        (void)printf("  of %.*s", SLICE_ARG(of));
    if (state.size && !slice_is(state, "open"))
        (void)printf("  (%.*s)", SLICE_ARG(state));
    if (error.size)
        (void)printf("  %.*s", SLICE_ARG(map_text(error, "words")));
    (void)putchar('\n');
}

static int
code_of(struct slice outcome)
{
    bool bad = slice_is(outcome, "QUARANTINED") || slice_is(outcome, "REJECTED") ||
               slice_is(outcome, "DEAD");
    return bad ? EX_DATAERR : EX_OK;
}

static void
say_unread(const struct document *d, struct slice receipt, struct slice item)
{
    struct slice error = map_get(item, "error");
    struct slice field = map_text(error, "field");
    (void)fprintf(stderr, "%s: %.*s%s%.*s", d->path,
        SLICE_ARG(map_text(error, "words")), field.size ? " at " : "",
        SLICE_ARG(field));
    if (map_get(error, "at").size)
        (void)fprintf(
            stderr, " (byte %llu)", (unsigned long long)map_uint(error, "at"));
    (void)fprintf(stderr, ". Kept: wireroom raw --record %llu\n",
        (unsigned long long)map_uint(receipt, "record"));
}

static void
take_item(const struct document *d, struct slice receipt, struct slice item)
{
    struct submitting *s = d->all;
    struct slice source = map_text(receipt, "source"),
                 outcome = map_text(item, "outcome");
    int code = code_of(outcome);
    s->items++;
    s->filed += code == EX_OK;
    note(s, code);
    if (s->cli->output == OUTPUT_TEXT)
        print_receipt_text(source, item);
    else
        print_receipt_item(s, source, item);
    if (code && !s->cli->quiet)
        say_unread(d, receipt, item);
}

static void
say_refused(const struct document *d, const struct wireroom_fault *fault)
{
    d->all->unsent++;
    note(d->all, cli_exit_code(fault));
    (void)fprintf(stderr, "%s: refused: %s\n", d->path, fault->words);
}

static void
answered(void *user, const struct wireroom_answer *answer)
{
    struct document *d = answer->context;
    struct slice receipt = slice_of(answer->receipt, answer->receipt_size);
    uint64_t at;
    (void)user;
    if (!answer->receipt)
        say_refused(d, &answer->fault);
    else if (wire_scan(receipt, &wire_limits_article, &at) == WIRE_OK) {
        struct slice items = map_get(receipt, "items");
        struct wire_reader r = wire_reader(items);
        for (uint32_t n = items.size ? wire_read_array(&r) : 0; n > 0 && !r.err; n--)
            take_item(d, receipt, wire_skip(&r));
    }
    free(d);
}

// ---- files

static bool
read_file(const char *path, struct wire_writer *out)
{
    static uint8_t piece[1 << 16];
    bool standard = strcmp(path, "-") == 0;
    int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = -1;
    while (fd >= 0 && (n = read(fd, piece, sizeof piece)) > 0)
        wire_put_raw(out, slice_of(piece, (size_t)n));
    if (n < 0)
        (void)fprintf(stderr, "cannot read %s: %s\n", path, strerror(errno));
    if (fd >= 0 && !standard)
        (void)close(fd);
    return n == 0 && !out->failed;
}

// 32 hex digits, with or without the dashes of a UUID.
static bool
read_id(const char *text, uint8_t out[16])
{
    size_t digits = 0;
    for (; *text; text++) {
        int c = *text >= '0' && *text <= '9'   ? *text - '0'
                : *text >= 'a' && *text <= 'f' ? *text - 'a' + 10
                : *text >= 'A' && *text <= 'F' ? *text - 'A' + 10
                                               : -1;
        if (*text == '-')
            continue;
        if (c < 0 || digits == 32)
            return false;
        out[digits / 2] = (uint8_t)(digits % 2 ? out[digits / 2] | c : c << 4);
        digits++;
    }
    return digits == 32;
}

static enum wireroom_status
send_file(struct wireroom *w, struct submitting *s, const char *path, const uint8_t *id)
{
    struct cli *cli = s->cli;
    struct wire_writer bytes = {0};
    struct document *d = calloc(1, sizeof *d);
    if (!d || !read_file(path, &bytes)) {
        note(s, EX_NOINPUT);
        s->unsent++;
        free(d);
        wire_writer_fini(&bytes);
        return WIREROOM_OK;
    }
    *d = (struct document){s, path};
    const char *slash = strrchr(path, '/');
    struct wireroom_submission submission = {.bytes = bytes.data,
        .size = bytes.size,
        .id = id,
        .source = cli->sources[0],
        .format = cli->format,
        .issue_date = cli->issue_date,
        .page = cli->page ? cli->page
                : slash   ? slash + 1
                          : path,
        .language = cli->language,
        .zone = cli->zone,
        .charset = cli->charset,
        .all_or_nothing = cli->all_or_nothing,
        .context = d};
    enum wireroom_status status = wireroom_submit(w, &submission, answered, NULL);
    while (status == WIREROOM_TIMEOUT) { // as many as can be are on their way
        status = wireroom_pump(w, 200);
        if (status == WIREROOM_OK)
            status = wireroom_submit(w, &submission, answered, NULL);
    }
    wire_writer_fini(&bytes);
    if (status)
        free(d);
    return status;
}

static enum wireroom_status
send_all(struct wireroom *w, struct submitting *s, const uint8_t *id)
{
    static char *standard[] = {"-"};
    char **files = s->cli->words_count ? s->cli->words : standard;
    int count = s->cli->words_count ? s->cli->words_count : 1;
    enum wireroom_status status = WIREROOM_OK;
    for (int i = 0; i < count && !status; i++) {
        s->files++;
        status = send_file(w, s, files[i], id);
        if (!status)
            status = wireroom_pump(w, 0);
    }
    int64_t patience = 0;
    for (size_t before = 0; !status && wireroom_pending(w) > 0;) {
        before = wireroom_pending(w);
        status = wireroom_pump(w, 200);
        patience = wireroom_pending(w) < before ? 0 : patience + 200;
        if (!status && patience > 6 * (int64_t)s->cli->timeout_ms)
            break;
    }
    return status;
}

int
command_submit(struct cli *cli)
{
    struct submitting s = {.cli = cli};
    const char *source;
    uint8_t id[16];
    int status = EX_OK;
    if (!cli_source(cli, &source))
        return EX_USAGE;
    if (cli->id && (cli->words_count > 1 || !read_id(cli->id, id))) {
        (void)fprintf(stderr, "--id is 32 hex digits, for one file\n");
        return EX_USAGE;
    }
    if (cli->words_count == 0 && isatty(STDIN_FILENO)) {
        (void)fprintf(
            stderr, "nothing to submit: name files, or - for standard input\n");
        return EX_USAGE;
    }
    struct wireroom *w = cli_connect(cli, &status);
    if (!w)
        return status;
    print_list_begin(cli);
    if (send_all(w, &s, cli->id ? id : NULL))
        note(&s, cli_complain(w));
    print_list_end(cli);
    if (wireroom_pending(w) > 0) {
        const struct wireroom_fault *fault = wireroom_fault(w);
        (void)fprintf(stderr,
            "not stored: %s. Safe to retry; %zu of %u have no receipt.\n", fault->words,
            wireroom_pending(w), s.files);
        note(&s, EX_TEMPFAIL);
    }
    if (!cli->quiet && (s.files > 1 || s.items > 1 || s.worst))
        (void)fprintf(stderr, "%u of %u items filed\n", s.filed, s.items);
    wireroom_close(&w);
    return s.worst;
}
