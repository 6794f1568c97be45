// wireroom tail: what changes, in order, none missing.
#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <time.h>

#include "cursor_file.h"
#include "print.h"
#include "table.h"

#define LAST_DEFAULT 10 // with -e and no place given

static volatile sig_atomic_t interrupted;

static void
interrupt(int number)
{
    (void)number;
    interrupted = 1;
}

struct tailing {
    const struct cli *cli;
    struct wireroom *w;
    struct print print;
    struct cursor_file cursor_file;
    struct wireroom_place place;
    uint8_t cursor[24]; // what place borrows
    uint64_t seen, printed;
    bool away;      // it was said that the daemon is
    bool from_file; // the place is of the cursor file
};

// ---- which changes

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

static uint64_t
before_head(const struct tailing *t)
{
    uint64_t head = wireroom_welcome(t->w)->seq, count = t->cli->last  ? t->cli->last
                                                         : t->cli->end ? LAST_DEFAULT
                                                                       : 0;
    return head > count ? head - count : 0;
}

static bool
one_place(const struct cli *cli)
{
    int places = cli->has_after + (cli->since != NULL) + (cli->from != NULL) +
                 (cli->last != 0) + cli->snapshot;
    if (cli->from && strcmp(cli->from, "begin") != 0) {
        (void)fprintf(stderr, "--from knows only: begin\n");
        return false;
    }
    if (places > 1)
        (void)fprintf(stderr,
            "--after, --since, --from, --last and --snapshot each name "
            "where to begin: choose one\n");
    return places <= 1;
}

// What the cursor file says goes before; the options are for its first time.
static bool
begin_at(struct tailing *t)
{
    const struct cli *cli = t->cli;
    struct wireroom_place *place = &t->place;
    bool found = false;
    place->bodies = cli->bodies                  ? WIREROOM_BODIES_FULL
                    : cli->output == OUTPUT_TEXT ? WIREROOM_BODIES_HEADERS
                                                 : WIREROOM_BODIES_ROWS;
    if (cli->cursor_file &&
        !cursor_file_read(&t->cursor_file, t->cursor, place, &found))
        return false;
    t->from_file = found;
    if (found)
        return true;
    place->snapshot = cli->snapshot;
    place->has_since = cli->since != NULL;
    if (cli->since)
        return cli_since(cli->since, &place->since_us);
    bool first = cli->from || (cli->cursor_file && !cli->has_after && !cli->last);
    place->after = cli->has_after ? cli->after : first ? 0 : before_head(t);
    return true;
}

// ---- following

static bool
print_change(struct tailing *t, struct slice change)
{
    if (!asked_for(t->cli, change))
        return true;
    if (t->cli->output == OUTPUT_TEXT)
        print_change_line(change);
    else
        print_row(&t->print, change,
            t->cli->bodies ? print_body_fields : print_change_fields);
    t->printed++;
    return fflush(stdout) == 0;
}

// use names other places to begin at. What the cursor file says goes before them, so it
// must go first.
static void
use(const struct tailing *t, const char *places)
{
    if (t->from_file)
        (void)fprintf(stderr, " Remove %s, then use %s\n", t->cursor_file.path, places);
    else
        (void)fprintf(stderr, " Use %s\n", places);
}

static void
say_forked(uint64_t seq)
{
    (void)fputs("the history behind that cursor is not the one kept here; ", stderr);
    if (seq > 0)
        (void)fprintf(stderr, "common up to #%" PRIu64 ".", seq);
    else
        (void)fputs("up to where they agree is not known.", stderr);
}

// A place that is not there any more, with the nearest one that is.
static int
complain(const struct tailing *t)
{
    const struct wireroom_fault *fault = wireroom_fault(t->w);
    uint64_t seq = fault->seq, after = fault->code == WIRE_TOO_OLD ? seq - 1 : seq;
    char places[64] = "--snapshot";
    if (seq > 0)
        (void)snprintf(
            places, sizeof places, "--after %" PRIu64 " or --snapshot", after);
    if (fault->code == WIRE_TOO_OLD && seq > 0)
        (void)fprintf(stderr, "%s has expired: oldest kept is #%" PRIu64 ".",
            t->cli->has_after && !t->from_file ? "that place" : "the cursor", seq);
    else if (fault->code == WIRE_AHEAD)
        (void)fprintf(stderr, "that place is after the head #%" PRIu64 ".", seq);
    else if (fault->code == WIRE_EPOCH_CHANGED)
        say_forked(seq);
    else
        return cli_complain(t->w);
    use(t, places);
    return cli_exit_code(fault);
}

// Who follows waits for a daemon that is away; who only wants to catch up does not.
static int
wait_for_daemon(struct tailing *t)
{
    if (t->cli->end)
        return cli_complain(t->w);
    if (!t->away && !t->cli->quiet)
        (void)fprintf(stderr, "%s; waiting for it\n", wireroom_fault(t->w)->words);
    t->away = true;
    return EX_OK;
}

static int
take(struct tailing *t, const struct wireroom_change *change)
{
    t->away = false;
    t->seen = change->snapshot ? t->seen : change->seq;
    if (!print_change(t, slice_of_value(change->map)))
        return cli_print_failed();
    cursor_file_note(&t->cursor_file, change);
    return cursor_file_keep(&t->cursor_file, false) ? EX_OK : EX_IOERR;
}

static bool
goes_on(const struct tailing *t)
{
    const struct cli *cli = t->cli;
    return !interrupted && (!cli->count || t->printed < cli->count) &&
           !(cli->end && wireroom_at_head(t->w));
}

// The end of a snapshot is a place, too, though it comes without a change.
static bool
keep_place(struct tailing *t)
{
    uint8_t cursor[24];
    if (wireroom_cursor(t->w, cursor))
        cursor_file_behind(&t->cursor_file, cursor);
    return cursor_file_keep(&t->cursor_file, true);
}

static int
follow(struct tailing *t)
{
    struct wireroom_change change;
    int status = EX_OK;
    while (!status && goes_on(t))
        switch (wireroom_next(t->w, t->cli->end ? 20 : 200, &change)) {
        case WIREROOM_OK:
            status = take(t, &change);
            break;
        case WIREROOM_TIMEOUT:
            status = keep_place(t) ? EX_OK : EX_IOERR;
            break;
        case WIREROOM_NO_SERVER:
            status = wait_for_daemon(t);
            break;
        default:
            status = complain(t);
        }
    if (!keep_place(t) && !status)
        status = EX_IOERR;
    return status;
}

static int
run(struct tailing *t)
{
    if (!begin_at(t))
        return EX_USAGE;
    if (wireroom_follow(t->w, &t->place))
        return cli_complain(t->w);
    print_begin(&t->print, t->cli->output);
    int status = follow(t);
    print_end(&t->print);
    if (!interrupted || status)
        return status;
    if (t->seen && !t->cli->quiet)
        (void)fprintf(stderr,
            "\nstopped at #%" PRIu64 "; continue with: wireroom tail --after %" PRIu64
            "\n",
            t->seen, t->seen);
    return CLI_INTERRUPTED;
}

int
command_tail(struct cli *cli)
{
    struct tailing t = {.cli = cli, .cursor_file = {.path = cli->cursor_file}};
    int status = EX_OK;
    if (!one_place(cli))
        return EX_USAGE;
    t.w = cli_connect(cli, &status);
    if (!t.w)
        return status;
    struct sigaction action = {.sa_handler = interrupt};
    (void)sigaction(SIGINT, &action, NULL);
    status = run(&t);
    wireroom_close(&t.w);
    return status;
}
