// The load of the receipt benchmark: N client processes, each with a window of `depth`
// submissions, against a running wireroomd; one TSV row out. Every submission is checked
// to have its receipt, and every receipt to say what is expected.
//
//   load ENDPOINT --clients N --depth D --articles N [--duplicates PERCENT] [--html]
//        [--pid SERVER] [--label WORD]
//
// Columns: label clients depth articles art/s p50_us p99_us max_us server_us client_us
//          other_pct refused new duplicate unchanged
#include "corpus.h"
#include "zmtp.h"

#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { NEW, DUPLICATE, UNCHANGED, OTHER, REFUSED, KINDS };

struct shared { // by all clients and the parent
    atomic_uint ready, go;
    atomic_ullong kinds[KINDS];
    uint64_t times_ns[]; // sent, then received, of each article
};

static struct {
    const char *endpoint, *label;
    uint32_t clients, depth, articles;
    unsigned duplicates;
    bool html;
    int pid;
} options = {.label = "wireroom", .clients = 1, .depth = 64, .articles = 20000};

static struct shared *shared;
static struct corpus corpus;

static uint64_t
now_ns(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000ULL + (uint64_t)t.tv_nsec;
}

// ---- one client

struct client {
    struct zmtp z;
    uint32_t next, inside; // next article to send; sent and unanswered
    uint64_t credit_bytes, credit_messages;
    uint32_t part;         // of the message being read
    unsigned number;       // of it
    struct wire_receipt receipt;
};

static void
fail(const char *words)
{
    (void)fprintf(stderr, "load: %s\n", words);
    _exit(1);
}

static void
send_article(struct client *c)
{
    const struct corpus_article *a = &corpus.articles[c->next];
    uint8_t id[16];
    (void)getrandom(id, sizeof id, 0);
    struct wire_submit m = {.n = c->next, .id = slice_of(id, sizeof id)};
    WIRE_SET(submit, &m, source, slice_str(a->source));
    WIRE_SET(submit, &m, format, SLICE("article"));
    shared->times_ns[c->next] = now_ns();
    wire_say(&c->z, WIRE_MSG_SUBMIT, &m, &a->document);
    c->credit_bytes -= a->document.size < c->credit_bytes ? a->document.size : c->credit_bytes;
    c->credit_messages--;
    c->inside++;
    c->next += options.clients;
}

static bool
may_send(const struct client *c)
{
    if (c->next >= options.articles || c->inside >= options.depth)
        return false;
    if (c->inside == 0)
        return true; // an empty window admits one
    return c->credit_messages > 0
        && corpus.articles[c->next].document.size <= c->credit_bytes;
}

static int
kind_of(struct slice receipt)
{
    static const char *const words[] = {"NEW", "DUPLICATE", "UNCHANGED"};
    for (int i = 0; i < 3; i++) {
        uint8_t want[16];
        size_t n = strlen(words[i]);
        want[0] = (uint8_t)(0xa0 | n);
        memcpy(want + 1, words[i], n);
        if (memmem(receipt.data, receipt.size, want, n + 1))
            return i;
    }
    return OTHER;
}

static void
answered(struct client *c, uint64_t n, int kind)
{
    if (n >= options.articles || shared->times_ns[options.articles + n])
        fail("an answer that nobody waits for");
    shared->times_ns[options.articles + n] = now_ns();
    (void)atomic_fetch_add(&shared->kinds[kind], 1);
    c->credit_bytes += corpus.articles[n].document.size;
    c->credit_messages++;
    c->inside--;
}

static void
take_header(struct client *c, struct slice frame)
{
    struct fault fault = FAULT_NONE;
    struct wire_credit credit;
    struct wire_refused refused;
    if (c->number == WIRE_MSG_RECEIPT)
        (void)wire_decode(frame, c->number, &c->receipt, &fault);
    if (c->number == WIRE_MSG_CREDIT && !wire_decode(frame, c->number, &credit, &fault)) {
        c->credit_bytes += credit.bytes;
        c->credit_messages += credit.messages;
    }
    if (c->number == WIRE_MSG_REFUSED && !wire_decode(frame, c->number, &refused, &fault)) {
        (void)fprintf(stderr, "load: refused: %.*s\n", SLICE_ARG(refused.words));
        answered(c, refused.n, REFUSED);
    }
}

static void
take(struct client *c)
{
    struct slice frame;
    bool more;
    while (zmtp_next(&c->z, &frame, &more)) {
        if (c->part == 0 && wire_prefix_read(frame, &c->number))
            fail("a frame that is not of the protocol");
        if (c->part == 1)
            take_header(c, frame);
        if (c->part == 2 && c->number == WIRE_MSG_RECEIPT)
            answered(c, c->receipt.n, kind_of(frame));
        c->part = more ? c->part + 1 : 0;
    }
}

static void
wait_for_credit(struct client *c)
{
    uint64_t until = now_ns() + 2000000000ULL;
    struct wire_hello hello = {0};
    struct wire_want want = {.bytes = 2U << 20, .messages = options.depth * 2 + 64};
    wire_say(&c->z, WIRE_MSG_HELLO, &hello, NULL);
    wire_say(&c->z, WIRE_MSG_WANT, &want, NULL);
    c->credit_bytes = 64U << 10; // the standing grant
    c->credit_messages = 1024;
    while (c->credit_bytes < want.bytes && now_ns() < until) {
        struct pollfd p = {.fd = c->z.fd, .events = POLLIN};
        if (!zmtp_flush(&c->z) || (poll(&p, 1, 100) > 0 && !zmtp_fill(&c->z)))
            fail("the connection was lost");
        take(c);
    }
}

static void
run_client(uint32_t which)
{
    struct client c = {.next = which};
    if (!zmtp_connect(&c.z, options.endpoint))
        _exit(1);
    wait_for_credit(&c);
    (void)atomic_fetch_add(&shared->ready, 1);
    while (!atomic_load(&shared->go))
        (void)usleep(200);
    while (c.next < options.articles || c.inside) {
        while (may_send(&c))
            send_article(&c);
        if (!zmtp_flush(&c.z))
            fail("the connection was lost");
        short events = (short)(POLLIN | (zmtp_wants_to_write(&c.z) ? POLLOUT : 0));
        struct pollfd p = {.fd = c.z.fd, .events = events};
        if (poll(&p, 1, 30000) == 0)
            fail("no answer in 30 s");
        if ((p.revents & POLLIN) && !zmtp_fill(&c.z))
            fail("the connection was lost");
        take(&c);
    }
    zmtp_close(&c.z);
    _exit(0);
}

// ---- what the machine did meanwhile

static bool
read_stat(int pid, int *parent_out, double *seconds_out)
{
    char path[64], line[512];
    unsigned long user = 0, kernel = 0;
    (void)snprintf(path, sizeof path, "/proc/%d/stat", pid);
    FILE *file = fopen(path, "re");
    if (!file)
        return false;
    size_t n = fread(line, 1, sizeof line - 1, file);
    (void)fclose(file);
    line[n] = '\0';
    char *after = strrchr(line, ')');
    if (!after
        || sscanf(after + 2, "%*c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu",
               parent_out, &user, &kernel)
            != 3)
        return false;
    *seconds_out = (double)(user + kernel) / (double)sysconf(_SC_CLK_TCK);
    return true;
}

// CPU seconds of the server and its reader processes.
static double
server_seconds(void)
{
    double all = 0, seconds;
    int parent;
    DIR *proc = options.pid ? opendir("/proc") : NULL;
    for (struct dirent *e; proc && (e = readdir(proc));) {
        int pid = atoi(e->d_name);
        if (pid > 0 && read_stat(pid, &parent, &seconds)
            && (pid == options.pid || parent == options.pid))
            all += seconds;
    }
    if (proc)
        (void)closedir(proc);
    return all;
}

static double
machine_seconds(void)
{
    unsigned long v[8] = {0};
    FILE *file = fopen("/proc/stat", "re");
    if (!file
        || fscanf(file, "cpu %lu %lu %lu %lu %lu %lu %lu %lu", &v[0], &v[1], &v[2], &v[3],
               &v[4], &v[5], &v[6], &v[7])
            != 8)
        return 0;
    (void)fclose(file);
    return (double)(v[0] + v[1] + v[2] + v[5] + v[6]) / (double)sysconf(_SC_CLK_TCK);
}

static int
compare(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

static double
percentile_us(const uint64_t *sorted, uint32_t count, double share)
{
    return (double)sorted[(size_t)(share * (count - 1))] / 1000;
}

static void
print_row(double seconds, double server, double clients, double machine)
{
    uint32_t n = options.articles;
    uint64_t *latency = calloc(n, sizeof *latency);
    for (uint32_t i = 0; latency && i < n; i++)
        latency[i] = shared->times_ns[n + i] - shared->times_ns[i];
    if (!latency)
        fail("out of memory");
    qsort(latency, n, sizeof *latency, compare);
    double other = 100 * (machine - server - clients)
        / (seconds * (double)sysconf(_SC_NPROCESSORS_ONLN));
    (void)printf("%s\t%u\t%u\t%u\t%.0f\t%.0f\t%.0f\t%.0f\t%.1f\t%.1f\t%.0f\t%llu\t%llu\t"
                 "%llu\t%llu\n",
        options.label, options.clients, options.depth, n, n / seconds,
        percentile_us(latency, n, .5), percentile_us(latency, n, .99),
        percentile_us(latency, n, 1), server * 1e6 / n, clients * 1e6 / n,
        other < 0 ? 0 : other, atomic_load(&shared->kinds[REFUSED]),
        atomic_load(&shared->kinds[NEW]), atomic_load(&shared->kinds[DUPLICATE]),
        atomic_load(&shared->kinds[UNCHANGED]));
    free(latency);
}

static int
run(void)
{
    pid_t pids[64];
    double clients = 0, server, machine;
    int failed = 0, status;
    for (uint32_t i = 0; i < options.clients; i++) {
        pids[i] = fork();
        if (pids[i] == 0)
            run_client(i);
    }
    while (atomic_load(&shared->ready) < options.clients) {
        if (waitpid(-1, &status, WNOHANG) > 0)
            return 1;
        (void)usleep(1000);
    }
    server = server_seconds();
    machine = machine_seconds();
    uint64_t begun = now_ns();
    atomic_store(&shared->go, 1);
    for (uint32_t i = 0; i < options.clients; i++) {
        struct rusage used;
        (void)wait4(pids[i], &status, 0, &used);
        failed |= status;
        clients += (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec)
            + (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
    }
    double seconds = (double)(now_ns() - begun) / 1e9;
    if (!failed)
        print_row(seconds, server_seconds() - server, clients, machine_seconds() - machine);
    return failed != 0;
}

static const struct option long_options[] = {
    {"clients",    required_argument, NULL, 'c'},
    {"depth",      required_argument, NULL, 'd'},
    {"articles",   required_argument, NULL, 'n'},
    {"duplicates", required_argument, NULL, 'D'},
    {"html",       no_argument,       NULL, 'h'},
    {"pid",        required_argument, NULL, 'p'},
    {"label",      required_argument, NULL, 'l'},
    {NULL,         0,                 NULL, 0  },
};

static bool
parse(int argc, char **argv)
{
    int letter;
    while ((letter = getopt_long(argc, argv, "", long_options, NULL)) != -1)
        switch (letter) {
        case 'c':
            options.clients = (uint32_t)atoi(optarg);
            break;
        case 'd':
            options.depth = (uint32_t)atoi(optarg);
            break;
        case 'n':
            options.articles = (uint32_t)atoi(optarg);
            break;
        case 'D':
            options.duplicates = (unsigned)atoi(optarg);
            break;
        case 'h':
            options.html = true;
            break;
        case 'p':
            options.pid = atoi(optarg);
            break;
        case 'l':
            options.label = optarg;
            break;
        default:
            return false;
        }
    options.endpoint = optind < argc ? argv[optind] : NULL;
    return options.endpoint && options.clients >= 1 && options.clients <= 64
        && options.articles >= 1;
}

int
main(int argc, char **argv)
{
    if (!parse(argc, argv)) {
        (void)fprintf(stderr, "usage: load ENDPOINT [--clients N] [--depth D] "
                              "[--articles N] [--duplicates P] [--html] [--pid SERVER] "
                              "[--label WORD]\n");
        return 64;
    }
    corpus = corpus_make(options.articles, options.duplicates, options.html, 0);
    size_t size = sizeof *shared + (size_t)options.articles * 2 * sizeof(uint64_t);
    shared = mmap(
        NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED)
        fail("out of memory");
    return run();
}
