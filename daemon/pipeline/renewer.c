// Runs on: renewer, at the lowest priority.
#include <poll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/logline.h"
#include "pipeline/inner.h"
#include "pipeline/rules.h"

#define ROUND_CHORES 256U
#define ROUND_RECORDS 20000U     // looked at
#define ROUND_BYTES (8ULL << 20) // of submissions
#define ARENA_MOST ((size_t)512 << 20)
#define GROUP 32U // renewed at once: what comes in between waits for no more
#define WAIT_MS 100
#define AGAIN_MS 500

struct round {
    struct renewing *r;
    struct arena arena;
    struct chore *chores[ROUND_CHORES];
    uint32_t count;
    uint64_t bytes;
    uint64_t next; // record that the round ends before
    struct wire_writer stamps;
    struct fault fault;
};

static bool
stopping(const struct renewing *r)
{
    return atomic_load(&r->p->renewal.stopping);
}

static void
rest(int ms)
{
    struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = (ms % 1000) * 1000000L};
    (void)nanosleep(&time, NULL);
}

// ---- verbs

// await gives the answer of one job; false: none will come, or it was refused.
static bool
await_one(struct renewing *r, struct fault *fault)
{
    struct job *job = NULL;
    while (!job && !stopping(r))
        job = inner_wait(r->p->renewal.box, WAIT_MS);
    bool good = job && job->answer == JOB_RECEIPT;
    if (job && !good)
        (void)fault_set(
            fault, job->fault.code, FAULT_NOWHERE, "", "%s", job->fault.words);
    job_free(&job);
    return good;
}

// A record has a source; of one that is about none it is the first that was ever seen.
static size_t
first_source(struct renewing *r, char out[64])
{
    struct store_txn *txn = NULL;
    struct slice name = {0};
    if (store_begin_read(r->p->store, &txn) == WIRE_OK) {
        if (store_source_count(txn))
            name = slice_until(store_source_name(txn, 1), 64);
        if (name.size)
            memcpy(out, name.data, name.size);
        store_end_read(&txn);
    }
    return name.size;
}

static bool
log_step(struct renewing *r, struct slice stamps, struct fault *fault)
{
    struct wire_writer run = {0}, args = {0};
    char source[64];
    size_t size = first_source(r, source);
    run_encode(&r->run, &run);
    struct renewal_step step = {wire_written(&run), stamps};
    renewal_step_encode(&step, &args);
    struct job *job = run.failed || args.failed
                          ? NULL
                          : inner_verb(slice_of(source, size), VERB_RENEWAL,
                                wire_written(&args), r->p->renewal.box);
    wire_writer_fini(&run);
    wire_writer_fini(&args);
    if (!job)
        return (void)fault_set(
                   fault, WIRE_NO_MEMORY, FAULT_NOWHERE, "", "out of memory"),
               false;
    inner_submit(r->p, job);
    return await_one(r, fault);
}

static bool
any(const struct chore *chore)
{
    for (uint32_t i = 0; i < chore->count; i++)
        if (chore->seqs[i])
            return true;
    return false;
}

// make_renewed makes of a chore that was read the verb that files what differs.
static bool
make_renewed(struct chore *chore)
{
    struct wire_writer args = {0}, seqs = {0};
    for (uint32_t i = 0; i < chore->count; i++)
        wire_put_raw(&seqs, slice_of(&chore->seqs[i], 8)); // little-endian, as we are
    struct renewed renewed = {chore->of, wire_written(&seqs)};
    renewed_encode(&renewed, &args);
    bool good = !seqs.failed && !args.failed &&
                inner_arguments(chore->job, chore->job->submission.source, VERB_RENEWED,
                    wire_written(&args));
    chore->job->dry = false;
    wire_writer_fini(&seqs);
    wire_writer_fini(&args);
    return good;
}

// ---- a round

static enum wire_err
look(struct round *round, struct store_txn *txn)
{
    struct renewing *r = round->r;
    enum wire_err err = WIRE_OK;
    uint64_t end = r->run.next + ROUND_RECORDS;
    for (; round->next <= r->run.last && round->next < end && !err; round->next++) {
        struct chore *chore = NULL;
        if (round->count == ROUND_CHORES || round->bytes > ROUND_BYTES)
            break;
        err = chore_find(r, txn, round->next, &round->arena, &chore);
        if (!chore)
            continue;
        chore->job->n = round->count;
        round->bytes += chore->job->raw.size;
        round->chores[round->count++] = chore;
    }
    return round->arena.failed ? WIRE_NO_MEMORY : err;
}

// Each answer lets intake send another: chores go in one after another, as room comes.
static bool
have_read(struct round *round)
{
    struct renewal *shared = &round->r->p->renewal;
    uint32_t left = round->count;
    for (uint32_t i = 0; i < round->count; i++) {
        struct job *job = round->chores[i]->job;
        round->chores[i]->job = NULL;
        while (!mailbox_put(shared->chores, job))
            rest(1);
    }
    while (left > 0 && !stopping(round->r)) {
        struct job *job = inner_wait(shared->box, WAIT_MS);
        mailbox_ring(shared->chores);
        if (!job)
            continue;
        round->chores[job->n]->job = job;
        left--;
    }
    return left == 0;
}

static enum wire_err
compare(struct round *round, struct store_txn *txn)
{
    enum wire_err err = WIRE_OK;
    for (uint32_t i = 0; i < round->count && !err; i++)
        err = compare_chore(
            round->r, txn, round->chores[i], &round->arena, &round->stamps);
    return round->stamps.failed || round->arena.failed ? WIRE_NO_MEMORY : err;
}

static bool
await_all(struct round *round, uint32_t inside)
{
    bool good = true;
    while (inside-- > 0)
        good = await_one(round->r, &round->fault) && good;
    return good;
}

// hand_in files what differs, a group at a time.
static bool
hand_in(struct round *round)
{
    uint32_t inside = 0;
    bool good = true;
    for (uint32_t i = 0; i < round->count && good; i++) {
        struct chore *chore = round->chores[i];
        if (!any(chore))
            continue;
        good = make_renewed(chore);
        if (!good)
            break;
        inner_submit(round->r->p, chore->job);
        chore->job = NULL; // comes back as an answer
        if (++inside < GROUP)
            continue;
        good = await_all(round, inside);
        inside = 0;
    }
    return await_all(round, inside) && good;
}

static enum wire_err
with_store(
    struct round *round, enum wire_err (*step)(struct round *, struct store_txn *))
{
    struct store_txn *txn = NULL;
    enum wire_err err = store_begin_read(round->r->p->store, &txn);
    if (!err)
        err = step(round, txn);
    if (txn)
        store_end_read(&txn);
    return err ? fault_set(
                     &round->fault, err, FAULT_NOWHERE, "", "%s", wire_error_text(err))
               : WIRE_OK;
}

static bool
work(struct round *round)
{
    struct renewing *r = round->r;
    if (with_store(round, look) || !have_read(round) || with_store(round, compare))
        return false;
    if (!r->run.dry && !hand_in(round))
        return false;
    r->run.next = round->next;
    r->run.running = r->run.next <= r->run.last;
    bool last = !r->run.running;
    bool quiet = r->run.dry || (round->count == 0 && !last);
    return quiet || log_step(r, wire_written(&round->stamps), &round->fault);
}

static void
end_round(struct round *round)
{
    for (uint32_t i = 0; i < round->count; i++)
        job_free(&round->chores[i]->job);
    wire_writer_fini(&round->stamps);
    arena_fini(&round->arena);
}

// do_round leaves the run as it was where it comes to nothing, to be done again: what was
// filed by then is found to have the rules of today.
static bool
do_round(struct renewing *r, struct fault *fault)
{
    struct run before = r->run;
    uint32_t examples = r->examples_count;
    size_t examples_bytes = r->examples.size;
    struct round round = {.r = r, .next = r->run.next, .fault = FAULT_NONE};
    arena_init(&round.arena, ARENA_MOST);
    bool good = work(&round);
    end_round(&round);
    if (!good) {
        r->run = before;
        r->examples_count = examples;
        r->examples.size = examples_bytes;
        *fault = round.fault;
    }
    return good;
}

// ---- a run

// The walk reads the last checkpoint: it begins when that holds all that it is to see.
static bool
settled(struct renewing *r)
{
    struct durable durable;
    pipeline_durable(r->p, &durable);
    if (r->run.last == 0)
        r->run.last = durable.records;
    while (durable.checkpoint_record < r->run.last && !stopping(r)) {
        pipeline_want_checkpoint(r->p);
        rest(5);
        pipeline_durable(r->p, &durable);
    }
    return !stopping(r);
}

static void
say_end(const struct run *run)
{
    log_info("renewal=%s run=%llu looked=%llu different=%llu same=%llu rekeyed=%llu "
             "unread=%llu unmatched=%llu unknown=%llu",
        run->dry ? "dry" : "done", (unsigned long long)run->number,
        (unsigned long long)run->looked, (unsigned long long)run->different,
        (unsigned long long)run->same, (unsigned long long)run->rekeyed,
        (unsigned long long)run->unread, (unsigned long long)run->unmatched,
        (unsigned long long)run->unknown);
}

static void
run_all(struct renewing *r)
{
    struct fault fault = FAULT_NONE;
    if (!settled(r))
        return;
    r->run.running = r->run.last > 0;
    renewal_tell(r);
    bool begun =
        r->run.dry || !r->run.running || log_step(r, slice_of(NULL, 0), &fault);
    while (r->run.running && !stopping(r)) {
        bool good = begun && do_round(r, &fault);
        renewal_tell(r);
        if (good || stopping(r))
            continue;
        log_warn("renewal=waiting run=%llu error=%s why=\"%s\"",
            (unsigned long long)r->run.number, wire_error_name(fault.code),
            fault.words);
        fault = FAULT_NONE;
        rest(AGAIN_MS);
        if (!begun)
            begun = log_step(r, slice_of(NULL, 0), &fault);
    }
    if (!r->run.running)
        say_end(&r->run);
}

static bool
take_asked(struct renewing *r)
{
    struct renewal *shared = &r->p->renewal;
    (void)pthread_mutex_lock(&shared->lock);
    r->run = shared->run;
    shared->asked = false;
    (void)pthread_mutex_unlock(&shared->lock);
    r->examples_count = 0;
    wire_writer_reset(&r->examples);
    return r->run.running;
}

static void
wait_for_word(struct renewing *r)
{
    uint64_t rung;
    struct pollfd fd = {.fd = r->p->renewal.wake, .events = POLLIN};
    (void)poll(&fd, 1, -1);
    ssize_t n = read(fd.fd, &rung, sizeof rung);
    (void)n;
}

void *
renewer_main(void *pipeline)
{
    struct renewing r = {.p = pipeline};
    (void)setpriority(PRIO_PROCESS, (id_t)gettid(), 19);
    while (!stopping(&r)) {
        if (!take_asked(&r)) {
            wait_for_word(&r);
            continue;
        }
        atomic_store(&r.p->renewal.busy, true);
        run_all(&r);
        atomic_store(&r.p->renewal.busy, false);
    }
    wire_writer_fini(&r.examples);
    return NULL;
}
