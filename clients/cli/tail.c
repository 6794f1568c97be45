// wireroom tail: what changes, in order, none missing.
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli.h"

static volatile sig_atomic_t stopped;

static void
stop(int number)
{
    (void)number;
    stopped = 1;
}

static bool
listed(const char *const *list, struct slice word)
{
    for (size_t i = 0; list[i]; i++)
        if (slice_is(word, list[i]))
            return true;
    return list[0] == NULL;
}

// A language is asked for by its primary subtag too: de takes de-CH.
static bool
language_listed(const char *const *list, struct slice tag)
{
    if (listed(list, tag))
        return true;
    for (size_t i = 0; i < tag.size; i++)
        if (tag.data[i] == '-')
            return listed(list, slice_until(tag, i));
    return false;
}

static bool
asked_for(const struct cli *cli, struct slice change)
{
    return listed(cli->sources, map_text(change, "source")) &&
           listed(cli->classes, map_text(change, "class")) &&
           language_listed(cli->languages, map_text(change, "language"));
}

// ---- where to begin

static bool
read_cursor(const char *path, uint8_t cursor[24], bool *found_out)
{
    char hex[64] = "";
    FILE *file = fopen(path, "re");
    *found_out = false;
    if (!file)
        return errno == ENOENT;
    bool read = fgets(hex, sizeof hex, file) != NULL;
    (void)fclose(file);
    for (size_t i = 0; read && i < 24; i++) {
        unsigned byte;
        if (sscanf(hex + 2 * i, "%2x", &byte) != 1)
            read = false;
        cursor[i] = (uint8_t)byte;
    }
    *found_out = read;
    return read;
}

static bool
keep_cursor(const char *path, const uint8_t cursor[24])
{
    char beside[4096];
    (void)snprintf(beside, sizeof beside, "%s.new", path);
    FILE *file = fopen(beside, "we");
    if (!file)
        return false;
    for (size_t i = 0; i < 24; i++)
        (void)fprintf(file, "%02x", cursor[i]);
    (void)fputc('\n', file);
    return fclose(file) == 0 && rename(beside, path) == 0;
}

static int64_t
now_us(void)
{
    return (int64_t)time(NULL) * 1000000;
}

static uint64_t
before_head(struct wireroom *w, uint64_t count)
{
    uint64_t head = wireroom_welcome(w)->seq;
    return head > count ? head - count : 0;
}

static bool
begin_at(struct cli *cli, struct wireroom *w, struct wireroom_place *place,
    uint8_t cursor[24])
{
    bool found = false;
    place->bodies = cli->bodies                  ? WIREROOM_FULL
                    : cli->output == OUTPUT_TEXT ? WIREROOM_HEADERS
                                                 : WIREROOM_ROWS;
    place->snapshot = cli->snapshot;
    if (cli->cursor_file && !read_cursor(cli->cursor_file, cursor, &found)) {
        (void)fprintf(stderr, "%s holds no cursor\n", cli->cursor_file);
        return false;
    }
    if (found)
        place->cursor = cursor;
    else if (cli->since) {
        place->has_since = true;
        if (when_read(cli->since, now_us(), &place->since_us))
            return true;
        (void)fprintf(
            stderr, "\"%s\" is no time (10m, yesterday 18:00, RFC 3339)\n", cli->since);
        return false;
    } else if (cli->after)
        place->after = strtoull(cli->after, NULL, 10);
    else if (cli->from || cli->cursor_file)
        place->after = 0;
    else
        place->after = before_head(w, cli->last          ? cli->last
                                      : cli->end_at_head ? 10
                                                         : 0);
    return true;
}

// ---- following

static const char *const change_fields[] = {"seq", "epoch", "class", "source", "uri",
    "version", "revision", "previous", "language", "urgency", "time", NULL};
static const char *const body_fields[] = {"seq", "epoch", "class", "source", "uri",
    "version", "revision", "previous", "language", "urgency", "time", "gated",
    "article", NULL};

static void
print_change(const struct cli *cli, const struct wireroom_change *change)
{
    struct slice map = slice_of(change->map, change->size);
    if (cli->output == OUTPUT_TEXT)
        print_change_text(map);
    else
        print_fields(cli, map, cli->bodies ? body_fields : change_fields);
    (void)fflush(stdout);
}

static int
follow(struct cli *cli, struct wireroom *w)
{
    struct wireroom_change change = {0};
    uint64_t printed = 0;
    while (!stopped && (!cli->count || printed < cli->count)) {
        if (cli->end_at_head && wireroom_at_head(w))
            break;
        enum wireroom_status status = wireroom_next(w, 500, &change);
        if (status == WIREROOM_TIMEOUT)
            continue;
        if (status)
            return cli_complain(w);
        if (asked_for(cli, slice_of(change.map, change.size))) {
            print_change(cli, &change);
            printed++;
        }
        if (cli->cursor_file && change.has_cursor &&
            !keep_cursor(cli->cursor_file, change.cursor)) {
            (void)fprintf(
                stderr, "cannot write %s: %s\n", cli->cursor_file, strerror(errno));
            return EX_IOERR;
        }
    }
    if (stopped && change.seq && !cli->quiet)
        (void)fprintf(stderr,
            "\nstopped at #%" PRIu64 "; continue with: wireroom tail "
            "--after %" PRIu64 "\n",
            change.seq, change.seq);
    return stopped ? 130 : EX_OK;
}

int
command_tail(struct cli *cli)
{
    struct wireroom_place place = {0};
    uint8_t cursor[24];
    int status = EX_OK;
    if (cli->from && strcmp(cli->from, "begin") != 0) {
        (void)fprintf(stderr, "--from knows only: begin\n");
        return EX_USAGE;
    }
    struct wireroom *w = cli_connect(cli, &status);
    if (!w)
        return status;
    struct sigaction action = {.sa_handler = stop};
    (void)sigaction(SIGINT, &action, NULL);
    if (!begin_at(cli, w, &place, cursor))
        status = EX_USAGE;
    else if (wireroom_follow(w, &place))
        status = cli_complain(w);
    else {
        print_list_begin(cli);
        status = follow(cli, w);
        print_list_end(cli);
    }
    wireroom_close(&w);
    return status;
}
