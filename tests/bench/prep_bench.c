// What a reader's work on one article costs, stage by stage, in microseconds of one thread:
// the same articles in turn through every stage, several rounds, minimum and median.
//
//   prep_bench [ARTICLES [ROUNDS]]   (8000, 7)
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/compress.h"
#include "corpus.h"
#include "normalize/nfc.h"
#include "normalize/normalize.h"
#include "normalize/scan.h"

enum stage {
    STAGE_SCAN,
    STAGE_DECODE,
    STAGE_CHECK,
    STAGE_NFC,
    STAGE_NORMALIZE,
    STAGE_CLEAN,
    STAGE_KEY,
    STAGE_DIGEST,
    STAGE_COMPRESS,
    STAGES,
};
static const struct {
    const char *name;
    double budget_us; // design §11; 0: none of its own
} stages[STAGES] = {
    [STAGE_SCAN] = {"msgpack pre-scan",                 0.2},
    [STAGE_DECODE] = {"value tree",                       0  },
    [STAGE_CHECK] = {"UTF-8 and NFC check of the body",  1.3},
    [STAGE_NFC] = {"the same, and NFC where needed",   1.9},
    [STAGE_NORMALIZE] = {"normalize_article",                0  },
    [STAGE_CLEAN] = {"normalize_article, clean already", 0  },
    [STAGE_KEY] = {"normalize_key",                    3.9},
    [STAGE_DIGEST] = {"BLAKE2b-256 of the key",           3.5},
    [STAGE_COMPRESS] = {"LZ4 of the document",              9  },
};
enum { ALL, LATIN, HAN, KINDS };
enum { ROUNDS_MAX = 31 };

struct bench {
    struct arena arena;
    uint8_t *packed;
    double us[STAGES][KINDS][ROUNDS_MAX];
    uint32_t count[KINDS];
    uint64_t sink;
};

static double
now_us(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static struct article *
article_of(const struct value *tree, struct arena *arena)
{
    struct article *a = article_new(arena);
    for (uint32_t i = 0; a && i < tree->map.count; i++)
        for (int f = 0; f < ARTICLE_FIELDS; f++)
            if (slice_is(tree->map.pairs[i].key, article_rows[f].name))
                a->field[f] = *tree->map.pairs[i].value;
    return a;
}

static void
nfc_body(struct bench *b, struct slice body)
{
    struct text_scan scan;
    text_scan(body, &scan);
    b->sink += nfc_fix(body, &scan, &b->arena).size;
}

// run_one takes one article through all stages and gives the time each took.
static void
run_one(struct bench *b, struct slice document, double us[STAGES])
{
    uint64_t at;
    enum codec codec;
    struct text_scan scan;
    double t[STAGES + 2];
    arena_reset(&b->arena);
    t[0] = now_us();
    b->sink += wire_scan(document, &wire_limits_article, &at);
    t[1] = now_us();
    struct value *tree = value_decode(document, &b->arena);
    t[2] = now_us();
    struct article *a = article_of(tree, &b->arena);
    struct slice body = article_body(a);
    double begin = now_us();
    text_scan(body, &scan);
    b->sink += scan.words;
    t[3] = now_us();
    us[STAGE_CHECK] = t[3] - begin;
    nfc_body(b, body);
    t[4] = now_us();
    normalize_article(a);
    t[5] = now_us();
    normalize_article(a);
    t[6] = now_us();
    struct slice key = normalize_key(a, &b->arena);
    t[7] = now_us();
    struct digest digest = digest_of(key);
    t[8] = now_us();
    b->sink += digest.bytes[0] + compress_into(CODEC_LZ4, document, b->packed,
                                     compress_bound(document.size), &codec);
    t[9] = now_us();
    for (int s = 0; s < STAGES; s++)
        if (s != STAGE_CHECK)
            us[s] = t[s + 1] - t[s];
}

static bool
is_han(struct slice document)
{
    unsigned han = 0;
    for (size_t i = 0; i < document.size; i++)
        han += document.data[i] >= 0xe4 && document.data[i] <= 0xe9;
    return han * 8 > document.size;
}

static void
run_round(struct bench *b, const struct corpus *c, unsigned round)
{
    memset(b->count, 0, sizeof b->count);
    for (uint32_t i = 0; i < c->count; i++) {
        double us[STAGES];
        struct slice document = c->articles[i].document;
        int kind = is_han(document) ? HAN : LATIN;
        run_one(b, document, us);
        b->count[ALL]++;
        b->count[kind]++;
        for (int s = 0; s < STAGES; s++) {
            b->us[s][ALL][round] += us[s];
            b->us[s][kind][round] += us[s];
        }
    }
}

static int
by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double
sorted(struct bench *b, int stage, int kind, unsigned rounds, unsigned which)
{
    qsort(b->us[stage][kind], rounds, sizeof(double), by_value);
    return b->us[stage][kind][which] / b->count[kind];
}

static void
report(struct bench *b, unsigned rounds)
{
    (void)printf("%-34s %7s %7s %7s %7s %7s\n", "us an article", "min", "median",
        "Latin", "Han", "budget");
    for (int s = 0; s < STAGES; s++) {
        (void)printf("%-34s %7.2f %7.2f %7.2f %7.2f", stages[s].name,
            sorted(b, s, ALL, rounds, 0), sorted(b, s, ALL, rounds, rounds / 2),
            sorted(b, s, LATIN, rounds, rounds / 2),
            sorted(b, s, HAN, rounds, rounds / 2));
        if (stages[s].budget_us > 0)
            (void)printf(" %7.1f", stages[s].budget_us);
        (void)printf("\n");
    }
}

int
main(int argc, char **argv)
{
    static struct bench b;
    long articles = argc > 1 ? strtol(argv[1], NULL, 10) : 8000;
    long rounds = argc > 2 ? strtol(argv[2], NULL, 10) : 7;
    if (articles < 1 || articles > 1000000 || rounds < 1 || rounds > ROUNDS_MAX) {
        (void)fprintf(
            stderr, "prep_bench: [ARTICLES [ROUNDS, at most %d]]\n", ROUNDS_MAX);
        return EXIT_FAILURE;
    }
    double begin = now_us();
    if (!hash_init() || !normalize_load())
        return EXIT_FAILURE;
    (void)printf("tables: %.1f ms\n", (now_us() - begin) / 1e3);
    struct corpus c = corpus_make((uint32_t)articles, 0, false, 1);
    arena_init(&b.arena, (size_t)64 << 20);
    b.packed = malloc(compress_bound((size_t)16 << 20));
    if (!b.packed)
        return EXIT_FAILURE;
    for (long r = 0; r < rounds; r++)
        run_round(&b, &c, (unsigned)r);
    (void)printf("%u articles of %.0f bytes, %ld rounds\n", c.count,
        (double)c.document_bytes / c.count, rounds);
    report(&b, (unsigned)rounds);
    arena_fini(&b.arena);
    free(b.packed);
    return b.sink == 0;
}
