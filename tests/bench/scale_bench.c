// How readers scale: the same articles by one reader process, then by several at a time,
// each with a feeder of its own that keeps two batches in its queue; in turn, several
// rounds. All forms of the stories, mixed. Gives articles a second, the ratio inside each
// round, and the part of the machine that others used meanwhile.
//
//   scale_bench [-n ARTICLES] [-r ROUNDS] [-j READERS] PROGRAM      (6000, 5, 2)
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "article/record.h"
#include "hop.h"
#include "machine.h"
#include "pipeline/hop.h"
#include "stories.h"

enum { ROUNDS_MAX = 31, READERS_MAX = 64, DOCUMENTS_MAX = 512, EACH = 8 };

struct documents {
    struct slice submission[DOCUMENTS_MAX], raw[DOCUMENTS_MAX];
    uint32_t count, stories;
};

static double
now_s(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

// Forms in turn, so that every batch is as dear as the next.
static void
make_documents(struct documents *d)
{
    for (unsigned i = 0; i < EACH; i++)
        for (size_t f = 0; f < story_forms_count && d->count < DOCUMENTS_MAX; f++) {
            struct wire_writer head = {0}; // lives as long as the program
            struct submission s = {.source = SLICE("wire01"),
                .principal = SLICE("bench"),
                .issue_date = SLICE("2026-03-04"),
                .format = slice_str(story_forms[f].format)};
            submission_encode(&s, &head);
            d->submission[d->count] = wire_written(&head);
            d->raw[d->count++] = story_document(&story_forms[f], i);
            d->stories += story_forms[f].stories;
        }
}

static void
send_some(const struct documents *d, const struct hop_reader *reader, uint32_t from)
{
    struct slice submissions[HOP_BATCH], raws[HOP_BATCH];
    for (uint32_t i = 0; i < HOP_BATCH; i++) {
        submissions[i] = d->submission[(from + i) % d->count];
        raws[i] = d->raw[(from + i) % d->count];
    }
    hop_send(reader, submissions, raws, HOP_BATCH);
}

// A feeder of one reader: says that it is ready, waits for the word, and ends when done.
static void
feed(const struct documents *d, const char *program, uint32_t documents, int ready,
    int go)
{
    char byte = 0;
    struct hop_reader reader = hop_start(program);
    send_some(d, &reader, 0);
    (void)hop_receive(&reader, HOP_BATCH, 0);
    if (write(ready, &byte, 1) != 1 || read(go, &byte, 1) != 1)
        _exit(EXIT_FAILURE);
    send_some(d, &reader, 0);
    for (uint32_t at = HOP_BATCH; at < documents; at += HOP_BATCH) {
        send_some(d, &reader, at);
        (void)hop_receive(&reader, HOP_BATCH, 0);
    }
    (void)hop_receive(&reader, HOP_BATCH, 0);
    hop_end(&reader);
    _exit(EXIT_SUCCESS);
}

// run gives the documents a second of so many readers, and what others used of the machine.
static double
run(const struct documents *d, const char *program, uint32_t readers,
    uint32_t documents, double *others_out)
{
    int ready[2], go[2], status;
    char bytes[READERS_MAX] = {0};
    struct machine before, after;
    if (pipe(ready) != 0 || pipe(go) != 0)
        exit(EXIT_FAILURE);
    for (uint32_t i = 0; i < readers; i++) {
        pid_t pid = fork();
        if (pid == 0)
            feed(d, program, documents, ready[1], go[0]);
        if (pid < 0)
            exit(EXIT_FAILURE);
    }
    for (uint32_t i = 0; i < readers; i++)
        if (read(ready[0], bytes, 1) != 1)
            exit(EXIT_FAILURE);
    machine_read(getpid(), &before);
    double begin = now_s();
    if (write(go[1], bytes, readers) != (ssize_t)readers)
        exit(EXIT_FAILURE);
    for (uint32_t i = 0; i < readers; i++)
        if (wait(&status) < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
            exit(EXIT_FAILURE);
    double took = now_s() - begin;
    machine_read(getpid(), &after);
    double busy = after.busy - before.busy, ours = after.server - before.server;
    *others_out = (busy - ours) / (took * (double)sysconf(_SC_NPROCESSORS_ONLN));
    for (int i = 0; i < 2; i++) {
        (void)close(ready[i]);
        (void)close(go[i]);
    }
    return (double)readers * documents / took;
}

static int
by_value(const void *x, const void *y)
{
    double a = *(const double *)x, c = *(const double *)y;
    return (a > c) - (a < c);
}

int
main(int argc, char **argv)
{
    static struct documents d;
    int option;
    uint32_t articles = 6000, rounds = 5, readers = 2;
    double ratios[ROUNDS_MAX];
    while ((option = getopt(argc, argv, "n:r:j:")) != -1) {
        uint32_t value = (uint32_t)strtoul(optarg ? optarg : "", NULL, 10);
        *(option == 'n' ? &articles : option == 'r' ? &rounds : &readers) = value;
    }
    if (optind + 1 != argc || !articles || !rounds || rounds > ROUNDS_MAX || !readers ||
        readers > READERS_MAX) {
        (void)fputs(
            "scale_bench [-n ARTICLES] [-r ROUNDS] [-j READERS] PROGRAM\n", stderr);
        return EXIT_FAILURE;
    }
    make_documents(&d);
    double each = (double)d.stories / d.count; // articles a document
    uint32_t documents =
        ((uint32_t)(articles / each) + HOP_BATCH - 1) / HOP_BATCH * HOP_BATCH;
    for (uint32_t r = 0; r < rounds; r++) {
        double one_others, many_others;
        double one = run(&d, argv[optind], 1, documents, &one_others) * each;
        double many = run(&d, argv[optind], readers, documents, &many_others) * each;
        ratios[r] = many / one;
        (void)printf("1 reader %7.0f articles/s (others %2.0f %%)   %u readers %7.0f "
                     "(others %2.0f %%)   x %.2f\n",
            one, 100 * one_others, readers, many, 100 * many_others, ratios[r]);
    }
    qsort(ratios, rounds, sizeof *ratios, by_value);
    (void)printf(
        "median x %.2f, best x %.2f\n", ratios[rounds / 2], ratios[rounds - 1]);
    return EXIT_SUCCESS;
}
