// What one article costs a reader process in all: its CPU time as the kernel counts it, a
// system call and a page fault included, for each program given (builds to compare) and
// each format, in turn, several rounds; minimum and median. Their answers must be equal.
// article, text and ninjs on the articles of the load programs, which vary in length; then
// every form of the stories, on 4 kB of text.
//
//   reader_bench [-n ARTICLES] [-r ROUNDS] [-b BATCH] [-f FORMAT] PROGRAM...
//                (8000, 7, 32, all)
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "article/record.h"
#include "base/arena.h"
#include "corpus.h"
#include "hop.h"
#include "pipeline/hop.h"
#include "stories.h"

enum { ROUNDS_MAX = 31, PROGRAMS_MAX = 8, FORMATS_MAX = 64, DOCUMENTS = 64 };
static const char *const corpus_formats[] = {"article", "text", "ninjs"};
enum { CORPUS_FORMATS = sizeof corpus_formats / sizeof *corpus_formats };

struct bench {
    struct corpus corpus;
    uint32_t articles, rounds, batch;
    const char *only; // format; NULL: all
    struct format {
        const char *name;
        struct wire_writer head; // the submission that goes before each raw
        struct slice *raws;
        uint32_t count, stories; // raws, in turn; articles in each
    } formats[FORMATS_MAX];
    uint32_t formats_count;
    double us[PROGRAMS_MAX][FORMATS_MAX][ROUNDS_MAX];
    uint64_t sum[PROGRAMS_MAX][FORMATS_MAX]; // of all answers
};

static struct slice
text_of(const struct value *tree, const char *field)
{
    const struct value *list = value_get(tree, field);
    return value_text(value_get(&list->list.items[0], "value"));
}

static void
put_raw(int format, struct slice document, struct arena *arena, struct wire_writer *out)
{
    if (format == 0) {
        wire_put_raw(out, document);
    } else if (format == 1) {
        const struct value *tree = value_decode(document, arena);
        wire_put_raw(out, text_of(tree, "headlines"));
        wire_put_raw(out, SLICE("\n\n"));
        wire_put_raw(out, text_of(tree, "bodies"));
    } else {
        wire_to_json(document, WIRE_JSON_COMPACT, out);
    }
}

static struct format *
add_format(struct bench *b, const char *name, const char *word, uint32_t count)
{
    struct format *f = &b->formats[b->formats_count++];
    struct submission s = {.source = SLICE("wire01"),
        .principal = SLICE("bench"),
        .issue_date = SLICE("2026-03-04"),
        .format = slice_str(word)};
    f->name = name;
    f->count = count;
    f->stories = 1;
    f->raws = calloc(count, sizeof *f->raws);
    submission_encode(&s, &f->head);
    if (!f->raws)
        exit(EXIT_FAILURE);
    return f;
}

static void
make_inputs(struct bench *b)
{
    struct arena arena;
    arena_init(&arena, (size_t)64 << 20);
    b->corpus = corpus_make(b->articles, 0, false, 1);
    for (int k = 0; k < CORPUS_FORMATS; k++) {
        struct format *f =
            add_format(b, corpus_formats[k], corpus_formats[k], b->articles);
        for (uint32_t i = 0; i < b->articles; i++) {
            struct wire_writer raw = {0};
            arena_reset(&arena);
            put_raw(k, b->corpus.articles[i].document, &arena, &raw);
            f->raws[i] = wire_written(&raw);
        }
    }
    for (size_t k = 0; k < story_forms_count; k++) {
        const struct story_form *form = &story_forms[k];
        char *name = malloc(40);
        if (!name)
            exit(EXIT_FAILURE);
        (void)snprintf(name, 40, "4k-%s", form->name);
        struct format *f = add_format(b, name, form->format, DOCUMENTS);
        f->stories = form->stories;
        for (uint32_t i = 0; i < DOCUMENTS; i++)
            f->raws[i] = story_document(form, i);
    }
    arena_fini(&arena);
}

static void
send_batch(const struct bench *b, const struct hop_reader *reader,
    const struct format *f, uint32_t from)
{
    struct slice submissions[BATCH_MAX], raws[BATCH_MAX];
    for (uint32_t i = 0; i < b->batch; i++) {
        submissions[i] = wire_written(&f->head);
        raws[i] = f->raws[(from + i) % f->count];
    }
    hop_send(reader, submissions, raws, b->batch);
}

// run_one starts a reader, warms it with one batch, and measures the rest.
static double
run_one(const struct bench *b, const char *program, const struct format *f,
    uint64_t *sum_out)
{
    struct hop_reader reader = hop_start(program);
    uint64_t sum = 0;
    double begin = 0;
    uint32_t documents = b->articles / f->stories, done = 0;
    for (; done + b->batch <= documents || done < 2 * b->batch; done += b->batch) {
        send_batch(b, &reader, f, done);
        sum = hop_receive(&reader, b->batch, sum);
        if (done == 0)
            begin = hop_cpu_us(&reader);
    }
    double us = hop_cpu_us(&reader) - begin;
    *sum_out = sum;
    hop_end(&reader);
    return us / (double)((done - b->batch) * f->stories);
}

static int
by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static bool
chosen(const struct bench *b, uint32_t format)
{
    return !b->only || strcmp(b->only, b->formats[format].name) == 0;
}

static void
report(struct bench *b, char **programs, int count)
{
    (void)printf("us of a reader an article: min, median of %u rounds\n", b->rounds);
    for (uint32_t f = 0; f < b->formats_count; f++)
        for (int p = 0; p < count && chosen(b, f); p++) {
            double *us = b->us[p][f];
            qsort(us, b->rounds, sizeof *us, by_value);
            bool equal = b->sum[p][f] == b->sum[0][f];
            (void)printf("%-18s %7.2f %7.2f  %s%s\n", b->formats[f].name, us[0],
                us[b->rounds / 2], programs[p], equal ? "" : ": OTHER ANSWERS");
        }
}

static bool
options(struct bench *b, int argc, char **argv)
{
    int option;
    *b = (struct bench){.articles = 8000, .rounds = 7, .batch = HOP_BATCH};
    while ((option = getopt(argc, argv, "n:r:b:f:")) != -1) {
        uint32_t value = (uint32_t)strtoul(optarg ? optarg : "", NULL, 10);
        if (option == 'f')
            b->only = optarg;
        else if (option == 'n')
            b->articles = value;
        else if (option == 'r')
            b->rounds = value;
        else if (option == 'b')
            b->batch = value;
        else
            return false;
    }
    return b->rounds >= 1 && b->rounds <= ROUNDS_MAX && b->batch >= 1 &&
           b->batch <= BATCH_MAX && b->articles >= 2 * b->batch && optind < argc &&
           argc - optind <= PROGRAMS_MAX;
}

int
main(int argc, char **argv)
{
    static struct bench b;
    if (!options(&b, argc, argv)) {
        (void)fputs("reader_bench [-n ARTICLES] [-r ROUNDS] [-b BATCH] [-f FORMAT] "
                    "PROGRAM...\n",
            stderr);
        return EXIT_FAILURE;
    }
    make_inputs(&b);
    for (uint32_t r = 0; r < b.rounds; r++)
        for (uint32_t f = 0; f < b.formats_count; f++)
            for (int p = 0; p < argc - optind && chosen(&b, f); p++)
                b.us[p][f][r] =
                    run_one(&b, argv[optind + p], &b.formats[f], &b.sum[p][f]);
    report(&b, argv + optind, argc - optind);
    return EXIT_SUCCESS;
}
