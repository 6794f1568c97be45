// What cutting a page of newsprint costs, in microseconds of one thread: each file is read
// and each of its articles normalized, ROUNDS times over; the median is given, and the same
// per 4,000 bytes.
//
//   page_bench ROUNDS FILE...
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "formats/formats.h"
#include "normalize/normalize.h"

enum { ROUNDS_MAX = 10001, PAGE_MAX = 1 << 20 };

static double
now_us(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int
by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

struct cost {
    double read, both;
};

static uint32_t
run(struct slice page, struct arena *arena, struct cost *cost_out)
{
    const struct format_input input = {.raw = page,
        .format = slice_str("newsprint"),
        .issue_date = slice_str("2026-03-10")};
    struct format_output out = {0};
    arena_reset(arena);
    double begin = now_us();
    formats_read(&input, arena, &out);
    double read = now_us();
    for (uint32_t i = 0; i < out.count; i++)
        normalize_article(out.items[i]);
    *cost_out = (struct cost){read - begin, now_us() - begin};
    return out.count;
}

static void
bench(const char *path, struct slice page, unsigned rounds, struct arena *arena)
{
    static double read[ROUNDS_MAX], both[ROUNDS_MAX];
    uint32_t items = 0;
    for (unsigned i = 0; i < rounds; i++) {
        struct cost cost;
        items = run(page, arena, &cost);
        read[i] = cost.read;
        both[i] = cost.both;
    }
    qsort(read, rounds, sizeof *read, by_value);
    qsort(both, rounds, sizeof *both, by_value);
    const char *name = strrchr(path, '/');
    printf(
        "%-36s %6zu B %3u items %8.1f us read %8.1f us with normalize %8.1f per 4 kB\n",
        name ? name + 1 : path, page.size, items, read[rounds / 2], both[rounds / 2],
        both[rounds / 2] * 4000 / (double)page.size);
}

static struct slice
page_of(const char *path, uint8_t *buffer)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return slice_of(buffer, 0);
    size_t size = fread(buffer, 1, PAGE_MAX, f);
    (void)fclose(f);
    return slice_of(buffer, size);
}

int
main(int argc, char **argv)
{
    static uint8_t buffer[PAGE_MAX];
    struct arena arena;
    unsigned long rounds = argc > 2 ? strtoul(argv[1], NULL, 10) : 0;
    if (!rounds || rounds > ROUNDS_MAX || !formats_load() || !normalize_load()) {
        (void)fputs("page_bench ROUNDS FILE...\n", stderr);
        return 2;
    }
    arena_init(&arena, (size_t)1 << 28);
    for (int i = 2; i < argc; i++) {
        struct slice page = page_of(argv[i], buffer);
        if (page.size)
            bench(argv[i], page, (unsigned)rounds, &arena);
    }
    arena_fini(&arena);
    return 0;
}
