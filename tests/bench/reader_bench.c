// What one article costs a reader process in all: its CPU time as the kernel counts it, a
// system call and a page fault included, for each program given (builds to compare) and
// each format, in turn, several rounds; minimum and median. Their answers must be equal.
//
//   reader_bench [-n ARTICLES] [-r ROUNDS] [-b BATCH] [-f FORMAT] PROGRAM...
//                (8000, 7, 32, all)
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "article/record.h"
#include "base/hash.h"
#include "corpus.h"
#include "pipeline/hop.h"

enum { ROUNDS_MAX = 31, PROGRAMS_MAX = 8, BATCH_MAX = 256 };
static const char *const formats[] = {"article", "text", "ninjs"};
enum { FORMATS = sizeof formats / sizeof *formats };

struct bench {
    struct corpus corpus;
    uint32_t articles, rounds, batch;
    const char *only;                 // format; NULL: all
    struct wire_writer head[FORMATS]; // the submission that goes before each raw
    struct wire_writer *raw[FORMATS]; // one an article
    double us[PROGRAMS_MAX][FORMATS][ROUNDS_MAX];
    uint64_t sum[PROGRAMS_MAX][FORMATS]; // of all answers
};

static void
fail(const char *why)
{
    perror(why);
    exit(EXIT_FAILURE);
}

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

static void
make_inputs(struct bench *b)
{
    struct arena arena;
    arena_init(&arena, (size_t)64 << 20);
    b->corpus = corpus_make(b->articles, 0, false, 1);
    for (int f = 0; f < FORMATS; f++) {
        struct submission s = {.source = SLICE("wire01"),
            .principal = SLICE("bench"),
            .format = slice_str(formats[f])};
        submission_encode(&s, &b->head[f]);
        b->raw[f] = calloc(b->articles, sizeof *b->raw[f]);
        for (uint32_t i = 0; b->raw[f] && i < b->articles; i++) {
            arena_reset(&arena);
            put_raw(f, b->corpus.articles[i].document, &arena, &b->raw[f][i]);
        }
    }
    arena_fini(&arena);
}

static void
become_reader(const char *program, int fd, int page)
{
    if (dup2(fd, 100) < 0 || dup2(page, 101) < 0 || dup2(100, HOP_FD) < 0 ||
        dup2(101, HOP_PAGE_FD) < 0)
        _exit(EXIT_FAILURE);
    (void)execl(program, "wireroomd", "--reader", "0", "1", (char *)NULL);
    _exit(EXIT_FAILURE);
}

static pid_t
start_reader(const char *program, int *fd_out)
{
    int pair[2], size = (int)HOP_BUFFER;
    int page = memfd_create("reader_bench", MFD_CLOEXEC);
    if (page < 0 || ftruncate(page, HOP_PAGE_BYTES) != 0 ||
        socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        fail("a reader's descriptors");
    for (int i = 0; i < 2; i++)
        (void)setsockopt(pair[i], SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    pid_t pid = fork();
    if (pid == 0)
        become_reader(program, pair[1], page);
    if (pid < 0)
        fail("fork");
    (void)close(pair[1]);
    (void)close(page);
    *fd_out = pair[0];
    return pid;
}

static uint64_t
read_answers(int fd, uint32_t count, uint64_t sum)
{
    static uint8_t in[HOP_BUFFER];
    size_t size = 0;
    struct hop_head head;
    while (count) {
        ssize_t n = read(fd, in + size, sizeof in - size);
        if (n <= 0)
            fail("the reader ended");
        size_t at = 0;
        for (size += (size_t)n; count && size - at >= sizeof head; count--) {
            memcpy(&head, in + at, sizeof head);
            if (size - at < sizeof head + head.first_bytes)
                break;
            sum = hash64(slice_of(in + at, sizeof head + head.first_bytes), sum);
            at += sizeof head + head.first_bytes;
        }
        memmove(in, in + at, size - at);
        size -= at;
    }
    return sum;
}

static void
send_batch(const struct bench *b, int fd, int format, uint32_t from, uint32_t count)
{
    struct hop_head heads[BATCH_MAX];
    struct iovec parts[3 * BATCH_MAX];
    struct slice submission = wire_written(&b->head[format]);
    for (uint32_t i = 0; i < count; i++) {
        struct slice raw = wire_written(&b->raw[format][from + i]);
        heads[i] = (struct hop_head){.first_bytes = (uint32_t)submission.size,
            .second_bytes = (uint32_t)raw.size,
            .tag = from + i + 1};
        parts[3 * i] = (struct iovec){&heads[i], sizeof heads[i]};
        parts[3 * i + 1] =
            (struct iovec){(void *)(uintptr_t)submission.data, submission.size};
        parts[3 * i + 2] = (struct iovec){(void *)(uintptr_t)raw.data, raw.size};
    }
    size_t at = 0, all = 3 * (size_t)count;
    while (at < all) {
        ssize_t n = writev(fd, parts + at, (int)(all - at));
        if (n < 0)
            fail("writev");
        for (; at < all && (size_t)n >= parts[at].iov_len; at++)
            n -= (ssize_t)parts[at].iov_len;
        if (at < all) {
            parts[at].iov_base = (uint8_t *)parts[at].iov_base + n;
            parts[at].iov_len -= (size_t)n;
        }
    }
}

static double
cpu_us(pid_t pid)
{
    clockid_t clock;
    struct timespec t;
    if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &t) != 0)
        fail("the reader's clock");
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

// run_one starts a reader, warms it with one batch, and measures the rest.
static double
run_one(const struct bench *b, const char *program, int format, uint64_t *sum_out)
{
    int fd, status;
    pid_t pid = start_reader(program, &fd);
    uint64_t sum = read_answers(fd, 1, 0); // ready
    double begin = 0;
    for (uint32_t i = 0; i + b->batch <= b->articles; i += b->batch) {
        send_batch(b, fd, format, i, b->batch);
        sum = read_answers(fd, b->batch, sum);
        if (i == 0)
            begin = cpu_us(pid);
    }
    double us = cpu_us(pid) - begin;
    *sum_out = sum;
    (void)close(fd);
    (void)waitpid(pid, &status, 0);
    return us / (double)((b->articles / b->batch - 1) * b->batch);
}

static int
by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static bool
chosen(const struct bench *b, int format)
{
    return !b->only || strcmp(b->only, formats[format]) == 0;
}

static void
report(struct bench *b, char **programs, int count)
{
    (void)printf("us of a reader an article: min, median of %u rounds\n", b->rounds);
    for (int p = 0; p < count; p++) {
        for (int f = 0; f < FORMATS; f++) {
            if (!chosen(b, f))
                continue;
            qsort(b->us[p][f], b->rounds, sizeof(double), by_value);
            (void)printf("  %s %6.2f %6.2f", formats[f], b->us[p][f][0],
                b->us[p][f][b->rounds / 2]);
        }
        bool equal = memcmp(b->sum[p], b->sum[0], sizeof b->sum[0]) == 0;
        (void)printf("  %s%s\n", programs[p], equal ? "" : ": OTHER ANSWERS");
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
        for (int f = 0; f < FORMATS; f++)
            for (int p = 0; p < argc - optind && chosen(&b, f); p++)
                b.us[p][f][r] = run_one(&b, argv[optind + p], f, &b.sum[p][f]);
    report(&b, argv + optind, argc - optind);
    return EXIT_SUCCESS;
}
