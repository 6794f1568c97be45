// What one article costs in each format: reading it, normalizing it, and the comparison
// key, in microseconds of one core. No digest, no compression, no process: reader_bench has
// the whole. The same documents in turn through every form, several rounds.
//
//   formats_bench [-n DOCUMENTS] [-r ROUNDS] [-j] [FORM...]    (40, 15, all); -j: JSON lines
//   formats_bench --once FORM     read and normalized a few times; for callgrind
//   formats_bench --write FORM    one document, on stdout
//   formats_bench --list          the forms
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "formats/formats.h"
#include "normalize/normalize.h"
#include "stories.h"

enum { DOCUMENTS_MAX = 400, ROUNDS_MAX = 101, ONCE = 10, FORMS_MAX = 64 };
enum part { READ, NORMALIZE, KEY, PARTS };

struct bench {
    struct arena arena;
    struct slice documents[FORMS_MAX][DOCUMENTS_MAX];
    unsigned count, rounds;
    bool json;
    double us[FORMS_MAX][PARTS][ROUNDS_MAX];
};
static struct bench b;

static double
cpu_us(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static struct format_output
read_one(const struct story_form *form, struct slice document)
{
    const struct format_input input = {.raw = document,
        .format = slice_str(form->format),
        .source = SLICE("wire"),
        .issue_date = SLICE("2026-03-04")};
    struct format_output out = {0};
    arena_reset(&b.arena);
    formats_read(&input, &b.arena, &out);
    return out;
}

// bench_article is what callgrind counts. Kept as a function of its own for it.
__attribute__((noinline)) void bench_article(
    const struct story_form *form, struct slice document, enum part last);

void
bench_article(const struct story_form *form, struct slice document, enum part last)
{
    struct format_output out = read_one(form, document);
    for (uint32_t i = 0; last >= NORMALIZE && i < out.count; i++)
        normalize_article(out.items[i]);
    for (uint32_t i = 0; last >= KEY && i < out.count; i++)
        (void)normalize_key(out.items[i], &b.arena);
}

// A number says nothing where the reader lost the story: each must come out whole.
static void
check(const struct story_form *form, struct slice document)
{
    size_t bytes = 0;
    struct format_output out = read_one(form, document);
    for (uint32_t i = 0; i < out.count; i++) {
        normalize_article(out.items[i]);
        bytes += normalize_key(out.items[i], &b.arena).size;
    }
    if (!out.fault.code && out.count == form->stories &&
        bytes > (size_t)form->stories * STORY_BYTES / 2)
        return;
    (void)fprintf(stderr, "formats_bench: %s: %u items of %u, %zu bytes of keys: %s\n",
        form->name, out.count, form->stories, bytes, out.fault.words);
    exit(EXIT_FAILURE);
}

static void
make(size_t form)
{
    for (unsigned i = 0; i < b.count; i++) {
        b.documents[form][i] = story_document(&story_forms[form], i);
        check(&story_forms[form], b.documents[form][i]);
    }
}

static double
pass(size_t form, enum part last)
{
    double begin = cpu_us();
    for (unsigned i = 0; i < b.count; i++)
        bench_article(&story_forms[form], b.documents[form][i], last);
    return (cpu_us() - begin) / (b.count * story_forms[form].stories);
}

static int
by_value(const void *x, const void *y)
{
    double a = *(const double *)x, c = *(const double *)y;
    return (a > c) - (a < c);
}

static void
report(size_t form)
{
    const struct story_form *f = &story_forms[form];
    double bytes = 0, min[PARTS], median[PARTS];
    for (unsigned i = 0; i < b.count; i++)
        bytes += (double)b.documents[form][i].size;
    bytes /= b.count * f->stories;
    for (int p = 0; p < PARTS; p++) {
        qsort(b.us[form][p], b.rounds, sizeof(double), by_value);
        min[p] = b.us[form][p][0];
        median[p] = b.us[form][p][b.rounds / 2];
    }
    (void)printf(b.json ? "{\"form\": \"%s\", \"bytes\": %.0f, \"read\": %.1f, "
                          "\"normalize\": %.1f, \"both\": %.1f, \"median\": %.1f, "
                          "\"key\": %.1f, \"mb_s\": %.0f}\n"
                        : "%-14s %6.0f %7.1f %9.1f %7.1f %7.1f %7.1f %7.0f\n",
        f->name, bytes, min[READ], min[NORMALIZE] - min[READ], min[NORMALIZE],
        median[NORMALIZE], min[KEY] - min[NORMALIZE], bytes / min[NORMALIZE]);
}

static bool
chosen(const char *name, int argc, char **argv)
{
    bool any = optind == argc;
    for (int i = optind; i < argc; i++)
        any |= strcmp(argv[i], name) == 0;
    return any;
}

static void
run(int argc, char **argv)
{
    for (size_t f = 0; f < story_forms_count; f++)
        if (chosen(story_forms[f].name, argc, argv))
            make(f);
    for (unsigned r = 0; r < b.rounds; r++)
        for (size_t f = 0; f < story_forms_count; f++)
            for (int p = 0; p < PARTS && b.documents[f][0].size; p++)
                b.us[f][p][r] = pass(f, (enum part)p);
    if (!b.json)
        (void)printf("us an article     bytes    read normalize    both  median     key"
                     "    MB/s\n");
    for (size_t f = 0; f < story_forms_count; f++)
        if (b.documents[f][0].size)
            report(f);
}

static const struct story_form *
form_named(const char *name)
{
    for (size_t i = 0; i < story_forms_count; i++)
        if (strcmp(story_forms[i].name, name) == 0)
            return &story_forms[i];
    (void)fprintf(stderr, "formats_bench: %s is no form\n", name);
    exit(EXIT_FAILURE);
}

static int
special(const char *what, const char *name)
{
    if (strcmp(what, "--list") == 0) {
        for (size_t i = 0; i < story_forms_count; i++)
            (void)puts(story_forms[i].name);
        return EXIT_SUCCESS;
    }
    const struct story_form *form = form_named(name);
    struct slice document = story_document(form, 1);
    if (strcmp(what, "--write") == 0)
        return fwrite(document.data, 1, document.size, stdout) != document.size;
    check(form, document);
    for (int i = 0; i < ONCE; i++)
        bench_article(form, document, NORMALIZE);
    (void)printf("%u articles\n", ONCE * form->stories);
    return EXIT_SUCCESS;
}

int
main(int argc, char **argv)
{
    int option;
    b.count = 40;
    b.rounds = 15;
    if (!hash_init() || !formats_load() || !normalize_load())
        return EXIT_FAILURE;
    arena_init(&b.arena, (size_t)1 << 28);
    if (argc >= 2 && strncmp(argv[1], "--", 2) == 0)
        return special(argv[1], argc > 2 ? argv[2] : "");
    while ((option = getopt(argc, argv, "n:r:j")) != -1) {
        if (option == 'j')
            b.json = true;
        else if (option == 'n')
            b.count = (unsigned)strtoul(optarg, NULL, 10);
        else if (option == 'r')
            b.rounds = (unsigned)strtoul(optarg, NULL, 10);
    }
    if (b.count < 1 || b.count > DOCUMENTS_MAX || b.rounds < 1 || b.rounds > ROUNDS_MAX)
        return EXIT_FAILURE;
    run(argc, argv);
    return EXIT_SUCCESS;
}
