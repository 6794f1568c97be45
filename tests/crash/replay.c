// Builds states that a power cut could have left, at every recorded call, and judges each:
// the store opens; every receipted record is there, in order, once, with its bytes; what
// recovery left out stays out, whatever is appended after it.
//   crash_replay_X EVENTS WORKDIR [-n STATES] [-s SEED] [-r RECEIPTED] [-u SUBMITTED]
//                  [-p EVENTS] [-k SAMPLES DIRECTORY]
// -r and -u say what was promised before the recording began, -p where the receipts of that
// are. -k keeps some of the states as directories, for recoveries that are cut short
// themselves. Exit: 0 none bad, 1 some.
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "toy.h"
#include "tree.h"

enum verdict {
    GOOD,
    LOST,     // receipted and gone
    CORRUPT,  // out of order, twice, or other bytes
    PHANTOM,  // never submitted, or left out by an earlier recovery and back
    RETURNED, // left out by this recovery and back after the next append
    REFUSED,  // the store did not open, or did not take an append
    KILLED,   // a signal, an assertion or no end
    VERDICTS,
};
static const char *const verdict_names[VERDICTS] = {
    "good", "lost", "corrupt", "phantom", "returned", "refused", "killed"};

// Shared with the child that does the work and may die of it.
struct progress {
    uint64_t index, states, counts[VERDICTS], shown, kept;
};

struct replay {
    const char *work, *keep, *before;
    uint64_t seed, states, samples, points, event;
    bool begun; // the program acts: the tree before it is not its doing
    uint64_t receipted, submitted;
    struct tree *tree;
    struct progress *progress;
    const uint8_t *events;
    size_t size;
};

struct walk {
    uint64_t next;              // the number that is due
    uint64_t salted_from, salt; // records from there on have that salt
    bool bad;
    char *why;
};

static void
take(void *context, uint64_t number, const uint8_t *bytes, size_t size)
{
    static uint8_t want[TOY_MOST];
    struct walk *walk = context;
    if (walk->bad)
        return;
    uint64_t salt = number >= walk->salted_from ? walk->salt : 0;
    size_t want_size = toy_make(number, salt, want);
    if (number != walk->next || size != want_size || memcmp(bytes, want, size) != 0) {
        (void)snprintf(walk->why, CHECK_WHY,
            "record %llu of %zu bytes where %llu of %zu was due",
            (unsigned long long)number, size, (unsigned long long)walk->next,
            want_size);
        walk->bad = true;
    }
    walk->next++;
}

static enum verdict
walk_all(struct check *check, struct walk *walk, char *why)
{
    walk->why = why;
    walk->next = check_filed(check) + 1;
    return check_walk(check, take, walk, why) && !walk->bad ? GOOD : CORRUPT;
}

static enum verdict
append_some(
    struct check *check, uint64_t last, uint64_t count, uint64_t salt, char *why)
{
    static uint8_t bytes[TOY_MOST];
    for (uint64_t number = last + 1; number <= last + count; number++) {
        size_t size = toy_make(number, salt, bytes);
        if (!check_append(check, number, bytes, size, why))
            return REFUSED;
    }
    return GOOD;
}

static enum verdict
judge_count(const struct replay *r, uint64_t found, char *why)
{
    (void)snprintf(why, CHECK_WHY, "found %llu, receipted %llu, submitted %llu",
        (unsigned long long)found, (unsigned long long)r->receipted,
        (unsigned long long)r->submitted);
    return found < r->receipted ? LOST : found > r->submitted ? PHANTOM : GOOD;
}

// After the next append and one more open, there is exactly what was found and appended.
// The same bytes as were left out (salt 0) are the harder case: only the count tells.
static enum verdict
judge_again(
    const char *directory, uint64_t found, uint64_t count, uint64_t salt, char *why)
{
    struct check *check = NULL;
    enum check_result opened = check_open(directory, &check, why);
    if (opened != CHECK_OK)
        return opened == CHECK_DAMAGED ? CORRUPT : REFUSED;
    struct walk walk = {.salted_from = found + 1, .salt = salt};
    enum verdict verdict = walk_all(check, &walk, why);
    check_close(&check);
    uint64_t last = walk.next - 1;
    if (!verdict && last != found + count) {
        (void)snprintf(why, CHECK_WHY, "%llu found and %llu appended gave %llu",
            (unsigned long long)found, (unsigned long long)count,
            (unsigned long long)last);
        verdict = last < found + count ? LOST : RETURNED;
    }
    return verdict;
}

static enum verdict
judge(const struct replay *r, const char *directory, struct rng *rng, char *why)
{
    struct check *check = NULL;
    enum check_result opened = check_open(directory, &check, why);
    if (opened == CHECK_ABSENT)
        return judge_count(r, 0, why);
    if (opened != CHECK_OK)
        return opened == CHECK_DAMAGED ? CORRUPT : REFUSED;
    struct walk walk = {.salted_from = UINT64_MAX};
    enum verdict verdict = walk_all(check, &walk, why);
    uint64_t found = walk.next - 1, count = 1 + rng_below(rng, 3),
             salt = rng_next(rng) & 1;
    if (!verdict)
        verdict = judge_count(r, found, why);
    if (!verdict)
        verdict = append_some(check, found, count, salt, why);
    check_close(&check);
    return verdict ? verdict : judge_again(directory, found, count, salt, why);
}

// ---- states

static int
remove_one(const char *path, const struct stat *st, int kind, struct FTW *where)
{
    (void)st;
    (void)kind;
    return where->level == 0 ? 0 : remove(path);
}

static void
must(bool good, const char *what)
{
    if (good)
        return;
    (void)fprintf(stderr, "replay: %s: %s\n", what, strerror(errno));
    _exit(70);
}

static void
build(const struct replay *r, const char *directory, enum shape shape, struct rng rng)
{
    must(mkdir(directory, 0700) == 0 || errno == EEXIST, directory);
    must(nftw(directory, remove_one, 8, FTW_DEPTH | FTW_PHYS) == 0, directory);
    must(tree_build(r->tree, directory, shape, &rng), directory);
}

static void
keep(const struct replay *r, enum shape shape, struct rng rng)
{
    char path[1024], marks[1100];
    (void)snprintf(path, sizeof path, "%s/%03llu", r->keep,
        (unsigned long long)r->progress->kept++);
    build(r, path, shape, rng);
    (void)snprintf(marks, sizeof marks, "%s.marks", path);
    FILE *file = fopen(marks, "w");
    must(file != NULL, marks);
    (void)fprintf(file, "%llu %llu\n", (unsigned long long)r->receipted,
        (unsigned long long)r->submitted);
    must(fclose(file) == 0, marks);
}

// Every moment begins with another shape, so that few states a moment still meet all.
static enum shape
shape_of(const struct replay *r, uint64_t index)
{
    enum shape shape = (enum shape)((r->event * 5 + index) % SHAPE_COUNT);
    return tree_dirty_pages(r->tree) || shape <= SHAPE_ALL ? shape : SHAPE_RANDOM;
}

static void
one_state(struct replay *r, uint64_t index)
{
    char why[CHECK_WHY] = "";
    enum shape shape = shape_of(r, index);
    struct rng rng = {r->seed * 1000003 + r->event * 4099 + index};
    struct rng again = rng, judging = {rng.state ^ 0x6a75646765ULL};
    (void)alarm(20);
    build(r, r->work, shape, rng);
    if (r->keep && r->progress->kept < r->samples &&
        rng_below(&judging, r->states) < 2 * r->samples)
        keep(r, shape, again);
    enum verdict verdict = judge(r, r->work, &judging, why);
    r->progress->states++;
    r->progress->counts[verdict]++;
    if (verdict != GOOD && r->progress->shown++ < 5)
        (void)printf("bad: %s at event %llu state %llu shape %s: %s\n",
            verdict_names[verdict], (unsigned long long)r->event,
            (unsigned long long)index, shape_names[shape], why);
}

// All states at one moment, in a child: a store that dies of one costs only that one.
static void
one_point(struct replay *r, uint64_t states)
{
    struct progress *p = r->progress;
    p->index = 0;
    while (p->index < states) {
        int status = 0;
        (void)fflush(stdout);
        pid_t child = fork();
        must(child >= 0, "fork");
        if (child == 0) {
            for (; p->index < states; p->index++)
                one_state(r, p->index);
            (void)fflush(stdout);
            _exit(0);
        }
        must(waitpid(child, &status, 0) == child, "waitpid");
        if (WIFEXITED(status) && WEXITSTATUS(status) == 70)
            exit(70);
        if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
            return;
        p->states++;
        p->counts[KILLED]++;
        if (p->shown++ < 5)
            (void)printf("bad: killed (status %d) at event %llu state %llu\n", status,
                (unsigned long long)r->event, (unsigned long long)p->index);
        p->index++;
    }
}

// ---- the recording

static void
mark(struct replay *r, const struct event *e, const uint8_t *payload)
{
    if (e->a == MARK_BEGIN)
        r->begun = true;
    else if (e->a == MARK_SUBMITTED)
        r->submitted = e->b;
    else if (e->a == MARK_RECEIPTED) {
        r->receipted = e->b > r->receipted ? e->b : r->receipted; // some come late
        if (e->payload)
            check_promise(e->b, payload, e->payload);
    } else if (e->a == MARK_FOUND)
        r->receipted = r->submitted = e->b;
}

static bool
event_at(const struct replay *r, size_t at, struct event *out)
{
    if (r->size - at < sizeof *out)
        return false;
    memcpy(out, r->events + at, sizeof *out);
    return r->size - at - sizeof *out >= out->payload;
}

// What an earlier recording promised up to where this one begins. A receipt that was given
// stays as it is, so those given later don't matter.
static void
promises_before(const struct replay *r, const struct replay *before)
{
    struct event e;
    for (size_t at = 0; event_at(before, at, &e); at += sizeof e + e.payload)
        if (e.type == EVENT_MARK && e.a == MARK_RECEIPTED && e.payload &&
            e.b <= r->receipted)
            check_promise(e.b, before->events + at + sizeof e, e.payload);
}

static uint64_t
count_events(const struct replay *r)
{
    struct event e;
    uint64_t count = 0;
    for (size_t at = 0; event_at(r, at, &e); at += sizeof e + e.payload)
        count++;
    return count;
}

static void
run(struct replay *r)
{
    struct event e;
    struct rng rng = {r->seed};
    uint64_t events = count_events(r), done = 0;
    for (size_t at = 0; event_at(r, at, &e); at += sizeof e + e.payload) {
        tree_apply(r->tree, &e, r->events + at + sizeof e, &rng);
        if (e.type == EVENT_MARK)
            mark(r, &e, r->events + at + sizeof e);
        r->event++;
        uint64_t due = r->states * r->event / events;
        if (r->begun && due > done) {
            one_point(r, due - done);
            r->points++;
            done = due;
        }
    }
}

static void
load(struct replay *r, const char *path)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    must(fd >= 0 && fstat(fd, &st) == 0 && st.st_size > 0, path);
    r->size = (size_t)st.st_size;
    r->events = mmap(NULL, r->size, PROT_READ, MAP_PRIVATE, fd, 0);
    must(r->events != MAP_FAILED, path);
    (void)close(fd);
}

static bool
options(struct replay *r, int argc, char **argv)
{
    int option;
    while ((option = getopt(argc, argv, "n:s:r:u:p:k:")) != -1) {
        uint64_t value = optarg ? strtoull(optarg, NULL, 10) : 0;
        switch (option) {
        case 'n':
            r->states = value;
            break;
        case 's':
            r->seed = value;
            break;
        case 'r':
            r->receipted = value;
            break;
        case 'u':
            r->submitted = value;
            break;
        case 'p':
            r->before = optarg;
            break;
        case 'k':
            r->samples = value;
            break;
        default:
            return false;
        }
    }
    if (argc - optind != 2 + (r->samples > 0))
        return false;
    load(r, argv[optind]);
    r->work = argv[optind + 1];
    r->keep = r->samples ? argv[optind + 2] : NULL;
    return true;
}

int
main(int argc, char **argv)
{
    struct replay r = {.seed = 1, .states = 5000, .tree = tree_new()};
    if (!options(&r, argc, argv) || !check_begin())
        return 64;
    r.progress = mmap(NULL, sizeof *r.progress, PROT_READ | PROT_WRITE,
        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    must(r.progress != MAP_FAILED, "mmap");
    if (r.before) {
        struct replay before = {0};
        load(&before, r.before);
        promises_before(&r, &before);
    }
    run(&r);
    uint64_t bad = r.progress->states - r.progress->counts[GOOD];
    (void)printf("events=%llu points=%llu states=%llu bad=%llu",
        (unsigned long long)r.event, (unsigned long long)r.points,
        (unsigned long long)r.progress->states, (unsigned long long)bad);
    for (int i = LOST; i < VERDICTS; i++)
        if (r.progress->counts[i])
            (void)printf(" %s=%llu", verdict_names[i],
                (unsigned long long)r.progress->counts[i]);
    (void)printf("\n");
    return bad != 0;
}
