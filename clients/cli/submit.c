// wireroom submit: documents in, receipts out. Documents are sent as credit allows, while
// the receipts of others come back; what is refused for now is sent again by the library.
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "receipts.h"
#include "table.h"

static volatile sig_atomic_t interrupted;

static void
interrupt(int number)
{
    (void)number;
    interrupted = 1;
}

struct submitting {
    const struct cli *cli;
    struct wireroom *w;
    struct document *documents;         // one a file, owned
    struct document *done, **done_last; // those answered, not yet printed
    struct receipts receipts;
    const uint8_t *id;
    unsigned sent; // documents that an answer is due for
};

static int64_t
now_us(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

// ---- answers

// Called from inside the library, so the document only joins what is to be printed.
static void
answered(void *user, const struct wireroom_answer *answer)
{
    struct submitting *s = user;
    struct document *d = answer->context;
    const struct wireroom_fault *fault = &answer->fault;
    d->took_us = now_us() - d->sent_us;
    if (answer->receipt.size)
        wire_put_raw(&d->receipt, slice_of_value(answer->receipt));
    else if (fault->code == WIRE_UNKNOWN_MESSAGE) {
        d->refused_code = EX_USAGE;
        d->refused =
            strdup("that is not the submit socket of this wireroom; name the one "
                   "that its setting listen.submit names");
    } else {
        bool twice = fault->next[0] == '\0' || strstr(fault->words, fault->next);
        d->refused_code = cli_exit_code(fault);
        if (asprintf(&d->refused, "%s%s%s", fault->words, twice ? "" : "; ",
                twice ? "" : fault->next) < 0)
            d->refused = NULL;
    }
    *s->done_last = d;
    s->done_last = &d->next;
}

static void
forget_answer(struct document *d)
{
    wire_writer_fini(&d->receipt);
    free(d->refused);
    d->refused = NULL;
}

static void
print_done(struct submitting *s)
{
    while (s->done) {
        struct document *d = s->done;
        s->done = d->next;
        if (!s->done)
            s->done_last = &s->done;
        s->sent--;
        receipts_print(&s->receipts, s->w, d);
        forget_answer(d);
    }
    (void)fflush(stdout);
}

static enum wireroom_status
process(struct submitting *s, int timeout_ms)
{
    enum wireroom_status status = wireroom_process(s->w, timeout_ms);
    print_done(s);
    return status;
}

// ---- files

static bool
is_standard(const char *path)
{
    return strcmp(path, "-") == 0;
}

// Reads little more than what the daemon takes.
static bool
read_file(const char *path, uint64_t most, struct wire_writer *out)
{
    static uint8_t piece[65536];
    int fd = is_standard(path) ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : 1;
    while (n > 0 && out->size <= most)
        if ((n = read(fd, piece, sizeof piece)) > 0)
            wire_put_raw(out, slice_of(piece, (size_t)n));
    if (n < 0)
        (void)fprintf(stderr, "cannot read %s: %s\n", path, strerrordesc_np(errno));
    if (fd >= 0 && !is_standard(path))
        (void)close(fd);
    return n >= 0 && !out->failed;
}

static const char *
page_of(const struct cli *cli, const char *path)
{
    const char *slash = strrchr(path, '/');
    if (cli->page || is_standard(path))
        return cli->page;
    return slash ? slash + 1 : path;
}

static void
unsent(struct submitting *s, int code)
{
    s->receipts.items++;
    s->receipts.worst = cli_worse(s->receipts.worst, code);
}

// Whoever reads from a pipe does not know how much more there is.
static void
say_too_large(struct submitting *s, const char *path, uint64_t most)
{
    struct stat file;
    bool known =
        (is_standard(path) ? fstat(STDIN_FILENO, &file) : stat(path, &file)) == 0 &&
        S_ISREG(file.st_mode) && (uint64_t)file.st_size > most;
    (void)fprintf(stderr,
        "not stored: %s: it has %s%llu bytes, this wireroom takes at most %llu\n", path,
        known ? "" : "more than ",
        known ? (unsigned long long)file.st_size : (unsigned long long)most,
        (unsigned long long)most);
    unsent(s, EX_DATAERR);
}

// As many as can be are on their way: answers make room.
static enum wireroom_status
queue(struct submitting *s, const struct wireroom_submission *submission)
{
    enum wireroom_status status;
    while ((status = wireroom_submit(s->w, submission, answered, s)) == WIREROOM_FULL &&
           !interrupted) {
        status = process(s, 200);
        if (status)
            return status;
    }
    return status;
}

static enum wireroom_status
send_document(struct submitting *s, struct document *d, struct slice bytes)
{
    const struct cli *cli = s->cli;
    struct wireroom_submission submission = {.bytes = bytes.data,
        .size = bytes.size,
        .id = s->id,
        .source = cli->sources[0],
        .format = cli->format,
        .issue_date = cli->issue_date,
        .page = page_of(cli, d->path),
        .language = cli->language,
        .zone = cli->zone,
        .charset = cli->charset,
        .all_or_nothing = cli->all_or_nothing,
        .dry_run = cli->dry_run,
        .explain = cli->explain,
        .context = d};
    d->sent_us = now_us();
    enum wireroom_status status = queue(s, &submission);
    if (status == WIREROOM_OK) {
        s->sent++;
        return WIREROOM_OK;
    }
    if (status != WIREROOM_USAGE)
        return status;
    (void)fprintf(stderr, "not stored: %s: %s\n", d->path, wireroom_fault(s->w)->words);
    unsent(s, EX_DATAERR);
    return WIREROOM_OK;
}

static enum wireroom_status
send_file(struct submitting *s, struct document *d)
{
    struct wire_writer bytes = {0};
    enum wireroom_status status = WIREROOM_OK;
    uint64_t most = wireroom_welcome(s->w)->submission_bytes;
    if (!read_file(d->path, most, &bytes))
        unsent(s, EX_NOINPUT);
    else if (bytes.size > most)
        say_too_large(s, d->path, most);
    else
        status = send_document(s, d, wire_written(&bytes));
    wire_writer_fini(&bytes);
    return status ? status : process(s, 0);
}

// Patience begins anew with every answer.
static enum wireroom_status
wait_answers(struct submitting *s)
{
    enum wireroom_status status = WIREROOM_OK;
    int64_t heard_us = now_us();
    while (!status && wireroom_pending(s->w) > 0 && !interrupted) {
        size_t before = wireroom_pending(s->w);
        status = process(s, 200);
        if (wireroom_pending(s->w) < before)
            heard_us = now_us();
        else if (now_us() - heard_us > s->cli->timeout_ms * 1000LL)
            return WIREROOM_TIMEOUT;
    }
    return status;
}

// ---- the command

struct reason {
    const char *words;
    int code;
    bool stored_not; // known, not only unknown
};

static struct reason
reason_of(const struct submitting *s, enum wireroom_status status)
{
    const struct wireroom_fault *fault = wireroom_fault(s->w),
                                *put_off = wireroom_put_off(s->w);
    if (interrupted)
        return (struct reason){"interrupted", CLI_INTERRUPTED, false};
    if (put_off)
        return (struct reason){put_off->words, cli_exit_code(put_off), true};
    if (status != WIREROOM_TIMEOUT && fault->status == status)
        return (struct reason){fault->words, cli_exit_code(fault), s->sent == 0};
    return (struct reason){"no answer", EX_TEMPFAIL, false};
}

// What has no receipt is not known to be stored, unless the daemon said so.
static void
say_left(struct submitting *s, enum wireroom_status status, unsigned files)
{
    struct reason why = reason_of(s, status);
    (void)fprintf(stderr, "%s: %s.%s Kept %u of %u file%s\n",
        why.stored_not ? "not stored" : "not known to be stored", why.words,
        strstr(why.words, "safe") ? "" : " Safe to retry.", s->receipts.files, files,
        files == 1 ? "" : "s");
    s->receipts.worst = cli_worse(s->receipts.worst, why.code);
}

static void
send_all(struct submitting *s, unsigned count)
{
    enum wireroom_status status = WIREROOM_OK;
    unsigned i = 0;
    while (i < count && !status && !interrupted)
        status = send_file(s, &s->documents[i++]);
    if (!status)
        status = wait_answers(s);
    if (s->cli->dry_run && !status && s->sent == 0 && i == count)
        return; // nothing was to be filed
    if (s->sent > 0 || i < count)
        say_left(s, status, count);
    else if (!s->cli->quiet && (s->receipts.items > 1 || s->receipts.worst))
        (void)fprintf(stderr, "%u of %u filed\n", s->receipts.filed, s->receipts.items);
}

static int
submit_files(struct submitting *s)
{
    static char *standard[] = {"-"};
    const struct cli *cli = s->cli;
    char **files = cli->words_count ? cli->words : standard;
    unsigned count = cli->words_count ? (unsigned)cli->words_count : 1;
    s->documents = calloc(count, sizeof *s->documents);
    if (!s->documents)
        return EX_OSERR;
    for (unsigned i = 0; i < count; i++)
        s->documents[i].path = files[i];
    s->receipts.titles = count == 1 && cli->output == OUTPUT_TEXT;
    print_begin(&s->receipts.print, cli->output);
    send_all(s, count);
    print_end(&s->receipts.print);
    return s->receipts.worst;
}

// A hint that the daemon would refuse is told before anything is sent.
static bool
hints_ok(const struct cli *cli)
{
    if (cli->issue_date && !wire_day_ok(slice_str(cli->issue_date)))
        (void)fprintf(
            stderr, "--issue-date \"%s\" is no day: YYYY-MM-DD\n", cli->issue_date);
    else if (cli->zone && !wire_zone_ok(slice_str(cli->zone)))
        (void)fprintf(stderr,
            "--zone \"%s\" is no offset: +08:00, -03:30, UTC; no names, as their "
            "offset depends on the day\n",
            cli->zone);
    else
        return true;
    return false;
}

static bool
dry_run_ok(const struct cli *cli)
{
    if (cli->explain && !cli->dry_run)
        (void)fprintf(stderr, "--explain goes with --dry-run\n");
    else if (cli->id && cli->dry_run)
        (void)fprintf(
            stderr, "--dry-run files nothing, so there is no --id to file it under\n");
    else
        return true;
    return false;
}

// Nothing is sent that the daemon would not read: an option's typo is told at once.
static int
check(const struct cli *cli, struct wireroom *w)
{
    const char *const *formats = wireroom_welcome(w)->formats;
    size_t i = 0;
    while (cli->format && formats[i] && strcmp(cli->format, formats[i]) != 0)
        i++;
    if (!cli->format || formats[i])
        return EX_OK;
    (void)fprintf(stderr, "\"%s\" is no format here; there are:", cli->format);
    for (i = 0; formats[i]; i++)
        (void)fprintf(stderr, " %s", formats[i]);
    (void)fputc('\n', stderr);
    return EX_USAGE;
}

int
command_submit(struct cli *cli)
{
    struct submitting s = {.cli = cli, .receipts = {.cli = cli}};
    const char *source;
    uint8_t id[16];
    int status = EX_OK;
    if (!cli_source(cli, &source) || !hints_ok(cli))
        return EX_USAGE;
    if (!dry_run_ok(cli))
        return EX_USAGE;
    if (cli->id && (cli->words_count > 1 || !cli_id(cli->id, id))) {
        (void)fprintf(stderr, "--id is 32 hex digits or a UUID, for one file\n");
        return EX_USAGE;
    }
    if (cli->words_count == 0 && isatty(STDIN_FILENO)) {
        (void)fprintf(
            stderr, "nothing to submit: name files, or - for standard input\n");
        return EX_USAGE;
    }
    s.id = cli->id ? id : NULL;
    s.done_last = &s.done;
    s.w = cli_connect(cli, &status);
    if (!s.w)
        return status;
    struct sigaction action = {.sa_handler = interrupt};
    (void)sigaction(SIGINT, &action, NULL);
    status = check(cli, s.w);
    if (!status)
        status = submit_files(&s);
    wireroom_close(&s.w); // no answer comes after this
    free(s.documents);
    return status;
}
