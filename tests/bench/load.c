// The load of the receipt benchmark, the same for wireroomd and for each peer: client
// processes, each with a window of `depth` articles, and followers, against a running
// server; one row out, as JSON. Every article must be answered, and the answer must be
// that it was not known; every follower must be told of every article, once.
//
//   load SPEAKER ENDPOINT [--clients N] [--depth D] [--articles N] [--followers N]
//        [--feed ENDPOINT] [--html] [--seed N] [--pid SERVER] [--syncs FILE]
//        [--patience MS]
//
// SPEAKER: wireroom, redis, postgres, rabbitmq.
#include "load.h"

#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CLIENTS_MOST 64
#define QUIET_NS 5000000000ULL // without a delivery: the rest won't come

uint64_t
load_now_ns(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000ULL + (uint64_t)t.tv_nsec;
}

static void
check_outcomes(const struct load *load)
{
    unsigned long long new = atomic_load(&load->shared->outcomes[OUTCOME_NEW]);
    unsigned long long known = atomic_load(&load->shared->outcomes[OUTCOME_KNOWN]);
    unsigned long long refused = atomic_load(&load->shared->outcomes[OUTCOME_REFUSED]);
    unsigned long long told = atomic_load(&load->shared->deliveries);
    if (new == load->articles &&
        told == (unsigned long long)load->articles * load->followers)
        return;
    (void)fprintf(stderr,
        "load: of %u articles %llu new, %llu known, %llu refused; %llu deliveries to "
        "%u "
        "followers\n",
        load->articles, new, known, refused, told, load->followers);
    _exit(1);
}

static void
wait_until(atomic_uint *what, unsigned count)
{
    while (atomic_load(what) < count) {
        if (waitpid(-1, NULL, WNOHANG) > 0)
            _exit(1); // it said why
        (void)usleep(500);
    }
}

static void
wait_for_clients(const struct load *load)
{
    int status;
    for (uint32_t i = 0; i < load->clients; i++)
        if (wait(&status) < 0 || status != 0)
            _exit(1); // the others end with us
}

static uint64_t
wait_for_deliveries(const struct load *load, uint64_t answered)
{
    uint64_t want = (uint64_t)load->articles * load->followers;
    atomic_store(&load->shared->last_seen, answered);
    // A delivery may be seen between the two readings of a difference: add, don't subtract.
    while (atomic_load(&load->shared->deliveries) < want &&
           load_now_ns() < atomic_load(&load->shared->last_seen) + QUIET_NS)
        (void)usleep(500);
    return want ? atomic_load(&load->shared->last_seen) : answered;
}

static void
start_processes(struct load *load)
{
    if (load->followers && fork() == 0)
        followers_run(load);
    wait_until(&load->shared->following, load->followers > 0);
    for (uint32_t i = 0; i < load->clients; i++)
        if (fork() == 0)
            client_run(load, i);
    wait_until(&load->shared->ready, load->clients);
}

static void
run(struct load *load)
{
    struct measured m;
    if (load->speaker->prepare)
        load->speaker->prepare(load->endpoint);
    start_processes(load);
    machine_read(load->pid, &m.before);
    if (load->syncs)
        m.syncs = *load->syncs;
    m.begun = load_now_ns();
    atomic_store(&load->shared->go, 1);
    wait_for_clients(load);
    m.answered = load_now_ns();
    m.ended = wait_for_deliveries(load, m.answered);
    machine_read(load->pid, &m.after);
    atomic_store(&load->shared->stop, 1);
    while (wait(NULL) > 0)
        continue;
    check_outcomes(load);
    row_print(load, &m);
}

static void
wait_for_server(const struct load *load)
{
    uint64_t until = load_now_ns() + load->patience_ms * 1000000ULL;
    struct stream s;
    while (!stream_connect(&s, load->endpoint)) {
        if (load_now_ns() >= until)
            bench_fail("nobody listens at the endpoint");
        (void)usleep(1000);
    }
    stream_close(&s);
}

static void *
map(int fd, size_t size)
{
    int flags = fd < 0 ? MAP_SHARED | MAP_ANONYMOUS : MAP_SHARED;
    void *page = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, fd, 0);
    if (page == MAP_FAILED)
        bench_fail("memory could not be mapped");
    return page;
}

static const struct option long_options[] = {
    {"clients",   required_argument, NULL, 'c'},
    {"depth",     required_argument, NULL, 'd'},
    {"articles",  required_argument, NULL, 'n'},
    {"followers", required_argument, NULL, 'f'},
    {"feed",      required_argument, NULL, 'F'},
    {"html",      no_argument,       NULL, 'h'},
    {"seed",      required_argument, NULL, 's'},
    {"pid",       required_argument, NULL, 'p'},
    {"syncs",     required_argument, NULL, 'S'},
    {"patience",  required_argument, NULL, 'w'},
    {NULL,        0,                 NULL, 0  },
};

static bool
take_option(struct load *load, int letter, uint32_t number)
{
    switch (letter) {
    case 'c':
        load->clients = number;
        return true;
    case 'd':
        load->depth = number;
        return true;
    case 'n':
        load->articles = number;
        return true;
    case 'f':
        load->followers = number;
        return true;
    case 'F':
        load->feed = optarg;
        return true;
    case 'h':
        load->html = true;
        return true;
    case 's':
        load->seed = number;
        return true;
    case 'p':
        load->pid = (pid_t)number;
        return true;
    case 'S':
        load->syncs_file = optarg;
        return true;
    case 'w':
        load->patience_ms = number;
        return true;
    default:
        return false;
    }
}

static const struct speaker *
find_speaker(const char *name)
{
    static const struct speaker *const all[] = {
        &speak_wireroom, &speak_redis, &speak_postgres, &speak_rabbitmq};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strcmp(all[i]->name, name) == 0)
            return all[i];
    return NULL;
}

static bool
parse(int argc, char **argv, struct load *load)
{
    int letter;
    while ((letter = getopt_long(argc, argv, "", long_options, NULL)) != -1)
        if (!take_option(
                load, letter, optarg ? (uint32_t)strtoul(optarg, NULL, 10) : 0))
            return false;
    if (argc - optind != 2)
        return false;
    load->speaker = find_speaker(argv[optind]);
    load->endpoint = argv[optind + 1];
    return load->speaker && load->clients >= 1 && load->clients <= CLIENTS_MOST &&
           load->depth >= 1 && load->articles >= 1 && load->followers <= FOLLOWERS_MOST;
}

static void
make(struct load *load)
{
    size_t times = load->articles * sizeof(struct times);
    load->corpus = corpus_make(load->articles, 0, load->html, load->seed);
    load->shared = map(-1, sizeof *load->shared + times);
    if (!load->syncs_file)
        return;
    int fd = open(load->syncs_file, O_RDWR | O_CLOEXEC);
    if (fd < 0)
        bench_fail("no file of syncs");
    load->syncs = map(fd, sizeof *load->syncs);
}

int
main(int argc, char **argv)
{
    struct load load = {.clients = 1, .depth = 64, .articles = 20000, .seed = 1};
    if (!parse(argc, argv, &load)) {
        (void)fprintf(stderr,
            "usage: load wireroom|redis|postgres|rabbitmq ENDPOINT [--clients N]\n"
            "            [--depth D] [--articles N] [--followers N] [--feed ENDPOINT]\n"
            "            [--html] [--seed N] [--pid SERVER] [--syncs FILE]\n"
            "            [--patience MS]\n");
        return 64;
    }
    wait_for_server(&load);
    make(&load);
    run(&load);
    corpus_free(&load.corpus);
    return fflush(stdout) == 0 ? 0 : 74;
}
