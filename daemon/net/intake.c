#include "net/intake.h"

#include <assert.h>
#include <poll.h>
#include <stdlib.h>

#include "base/logline.h"
#include "net/submit.h"

#define RECEIVE_ROUND 64U
#define ANSWER_ROUND 256U
#define PENDING_MS 2 // how soon to try again what the pipeline had no room for
#define BUSY_RETRY_MS 200
#define FULL_RETRY_MS 5000
#define DRAIN_US (10 * SECOND_US)

struct intake {
    unsigned magic;
#define INTAKE_MAGIC 0x696e746bU
    struct station station;
    struct shared *shared;
    struct grants grants;
    struct job *first, **last; // admitted, waiting for room in the pipeline
    uint64_t inside;           // jobs admitted and not answered
    bool draining;
};

static struct intake *
intake_of(struct station *station)
{
    struct intake *intake = station->owner;
    assert(intake->magic == INTAKE_MAGIC);
    return intake;
}

// ---- credit

static void
widen(struct intake *intake, struct peer *peer)
{
    struct amount more = grants_widen(&intake->grants, &peer->window);
    if (more.bytes == 0 && more.messages == 0)
        return;
    struct wire_credit credit = {.bytes = more.bytes, .messages = more.messages};
    station_say(&intake->station, peer, WIRE_MSG_CREDIT, &credit, NULL);
}

static void
widen_all(struct intake *intake)
{
    struct peer *next;
    for (struct peer *peer = intake->station.peers.first; peer; peer = next) {
        next = peer->next;
        widen(intake, peer);
    }
}

static void
want(struct intake *intake, struct letter *letter)
{
    struct wire_want message;
    if (!letter_decode(&intake->station, letter, &message))
        return;
    struct amount amount = {message.bytes, message.messages};
    grants_want(&intake->grants, &letter->peer->window, amount);
    widen(intake, letter->peer);
}

static bool
peer_came(struct station *station, struct peer *peer)
{
    grants_open(&intake_of(station)->grants, &peer->window);
    return true;
}

static void
peer_left(struct station *station, struct peer *peer)
{
    struct intake *intake = intake_of(station);
    grants_close(&intake->grants, &peer->window);
    pipeline_forget(intake->shared->pipeline, peer->connection, peer->turn);
}

// ---- answers

// The receipt's bytes go to libzmq as they are; it frees them when they have left.
static void
say_receipt(struct station *station, struct peer *peer, struct job *job)
{
    struct wire_receipt message = {.n = job->n};
    zmq_msg_t body;
    struct slice receipt = job->receipt;
    job->receipt = slice_of(NULL, 0);
    if (frame_adopt(&body, receipt))
        station_say(station, peer, WIRE_MSG_RECEIPT, &message, &body);
}

static void
say_refused(struct station *station, struct peer *peer, const struct job *job)
{
    struct refusal refusal = {.has_n = true,
        .n = job->n,
        .retry_after_ms = job->retry_after_ms,
        .fault = job->fault};
    station_refuse(station, peer, &refusal);
}

static void
say_advice(struct intake *intake, struct peer *peer, struct job *job)
{
    struct wire_advice message = {.n = job->n};
    struct wire_writer w = {0};
    zmq_msg_t body;
    if (pipeline_advise(intake->shared->pipeline, job, &w, &job->fault)) {
        job->retry_after_ms = BUSY_RETRY_MS;
        say_refused(&intake->station, peer, job);
    } else if (frame_copy(&body, wire_written(&w)))
        station_say(&intake->station, peer, WIRE_MSG_ADVICE, &message, &body);
    wire_writer_fini(&w);
}

// A job comes to its end: credit goes back, and the peer hears of it if it is still there.
static void
finish(struct intake *intake, struct job *job)
{
    struct peer *peer = submit_peer(job);
    grants_return(
        &intake->grants, peer->gone ? NULL : &peer->window, job->credit_bytes);
    intake->inside--;
    if (!peer->gone && job->answer == JOB_RECEIPT)
        say_receipt(&intake->station, peer, job);
    else if (!peer->gone && job->answer == JOB_READ)
        say_advice(intake, peer, job);
    else if (!peer->gone)
        say_refused(&intake->station, peer, job);
    peer_release(peer);
    job_free(&job);
}

static void
take_answers(struct intake *intake)
{
    void *jobs[ANSWER_ROUND];
    size_t count =
        mailbox_take(pipeline_answers(intake->shared->pipeline), jobs, ANSWER_ROUND);
    for (size_t i = 0; i < count; i++) {
        struct job *job = jobs[i];
        assert(job->magic == JOB_MAGIC);
        finish(intake, job);
    }
    if (count == ANSWER_ROUND) // perhaps more: the fd is armed only by an empty queue
        mailbox_ring(pipeline_answers(intake->shared->pipeline));
}

// ---- submissions

static void
refuse_load(struct intake *intake, struct letter *letter, enum wire_err code,
    uint32_t retry_after_ms)
{
    struct refusal refusal = {.retry_after_ms = retry_after_ms, .fault = FAULT_NONE};
    refusal.fault.code = code;
    letter_refuse_with(&intake->station, letter, &refusal);
}

static void
over_credit(struct intake *intake, struct letter *letter)
{
    struct peer *peer = letter->peer;
    int64_t now_us = clock_monotonic_us();
    if (grants_over(&peer->window, now_us, shared_heartbeat_us(intake->shared))) {
        log_warn("socket=submit principal=%s why=\"goes on sending over its credit, "
                 "ignored until HELLO\"",
            peer->name);
        peer->ignored = true;
    }
    refuse_load(intake, letter, WIRE_OVER_CREDIT, 0);
}

// admit lets a submission inside, counted in credit; false: refused. What lives only for
// the answer's way (the peer) is held until finish.
static bool
admit(struct intake *intake, struct letter *letter, uint64_t bytes)
{
    switch (grants_admit(&intake->grants, &letter->peer->window, bytes)) {
    case ADMITTED:
        intake->inside++;
        peer_hold(letter->peer);
        return true;
    case ADMISSION_OVER:
        over_credit(intake, letter);
        return false;
    case ADMISSION_BUSY:
        refuse_load(intake, letter, WIRE_BUSY, BUSY_RETRY_MS);
        return false;
    }
    return false;
}

static void
send_in(struct intake *intake, struct job *job)
{
    *intake->last = job;
    intake->last = &job->next;
}

// give_up takes an admission back: there is no memory for the job.
static void
give_up(struct intake *intake, struct letter *letter, uint64_t bytes)
{
    grants_return(&intake->grants, &letter->peer->window, bytes);
    intake->inside--;
    peer_release(letter->peer);
    refuse_load(intake, letter, WIRE_NO_MEMORY, BUSY_RETRY_MS);
}

static void
submit(struct intake *intake, struct letter *letter)
{
    struct wire_submit message;
    struct slice source;
    uint64_t bytes = letter->body.size;
    if (intake->draining)
        refuse_load(intake, letter, WIRE_DRAINING, 0);
    else if (letter->number == WIRE_MSG_SUBMIT && // a dry run takes no room
             pipeline_full(intake->shared->pipeline))
        refuse_load(intake, letter, WIRE_STORE_FULL, FULL_RETRY_MS);
    else if (submit_check(&intake->station, letter, &message, &source) &&
             admit(intake, letter, bytes)) {
        struct job *job = submit_job(letter, &message, source);
        if (!job) {
            give_up(intake, letter, bytes);
            return;
        }
        job->credit_bytes = bytes;
        if (!job->dry && pipeline_known(intake->shared->pipeline, job))
            finish(intake, job);
        else
            send_in(intake, job);
    }
}

// A verb of the desk counts as a message without bytes.
static void
settle(struct intake *intake, struct letter *letter)
{
    struct wire_settle message;
    struct station *station = &intake->station;
    if (intake->draining)
        refuse_load(intake, letter, WIRE_DRAINING, 0);
    else if (pipeline_full(intake->shared->pipeline))
        refuse_load(intake, letter, WIRE_STORE_FULL, FULL_RETRY_MS);
    else if (letter_decode(station, letter, &message) &&
             letter_allowed(station, letter, ROLE_DESK) && admit(intake, letter, 0)) {
        struct job *job = submit_verb(letter, &message);
        if (!job)
            give_up(intake, letter, 0);
        else if (pipeline_settle(intake->shared->pipeline, job, message.record))
            send_in(intake, job);
        else
            finish(intake, job);
    }
}

static void
handle(struct station *station, struct letter *letter)
{
    struct intake *intake = intake_of(station);
    struct fault unknown = {.code = WIRE_UNKNOWN_MESSAGE, .at = FAULT_NOWHERE};
    if (letter->number == WIRE_MSG_SUBMIT || letter->number == WIRE_MSG_DRYRUN)
        submit(intake, letter);
    else if (letter->number == WIRE_MSG_SETTLE)
        settle(intake, letter);
    else if (letter->number == WIRE_MSG_WANT)
        want(intake, letter);
    else
        letter_refuse(station, letter, &unknown);
}

// A turn is given only to a job that goes in, so that the turns of a connection have no
// holes. What a peer that left still had waiting is dropped: it has no receipt.
static void
hand_on(struct intake *intake)
{
    while (intake->first) {
        struct job *job = intake->first, *next = job->next;
        struct peer *peer = submit_peer(job);
        bool dropped = peer->gone;
        if (!dropped) {
            job->next = NULL;
            job->turn = peer->turn + !job->dry;
            if (!pipeline_submit(intake->shared->pipeline, job)) {
                job->next = next;
                break;
            }
            peer->turn += !job->dry;
        }
        intake->first = next;
        if (!next)
            intake->last = &intake->first;
        if (dropped) {
            job->next = NULL;
            finish(intake, job);
        }
    }
    pipeline_flush(intake->shared->pipeline);
}

// ---- the thread

static const struct station_calls calls = {
    .handle = handle, .came = peer_came, .left = peer_left};

struct intake *
intake_open(struct shared *shared, void *context, struct fault *fault)
{
    const struct net_settings *settings = &shared->settings;
    struct intake *intake = calloc(1, sizeof *intake);
    if (!intake ||
        !station_init(&intake->station, STATION_SUBMIT, shared, &calls, intake)) {
        (void)fault_set(
            fault, WIRE_NO_MEMORY, FAULT_NOWHERE, "", "no memory for submit");
        free(intake);
        return NULL;
    }
    intake->magic = INTAKE_MAGIC;
    intake->shared = shared;
    intake->last = &intake->first;
    intake->grants = (struct grants){
        .standing = {settings->grant_bytes,      settings->grant_messages     },
        .connection = {settings->connection_bytes, settings->connection_messages},
        .total = {settings->total_bytes,      settings->total_messages     }
    };
    struct socket_plan plan = {.type = ZMQ_ROUTER,
        .frame_bytes = settings->submission_bytes + SOCKET_FRAME_BYTES,
        .send_messages = 1024,
        .receive_messages = 256};
    intake->station.socket = socket_open(context, &plan, fault);
    if (!intake->station.socket)
        intake_close(&intake);
    return intake;
}

struct station *
intake_station(struct intake *intake)
{
    return &intake->station;
}

// Jobs that the pipeline never answered: their peers are gone, only memory is left.
static void
drop_jobs(struct intake *intake)
{
    while (intake->first) {
        struct job *job = intake->first;
        intake->first = job->next;
        job->next = NULL;
        finish(intake, job);
    }
    intake->last = &intake->first;
    for (uint64_t before = intake->inside + 1;
         intake->inside > 0 && intake->inside < before;) {
        before = intake->inside;
        take_answers(intake);
    }
}

void
intake_close(struct intake **intake)
{
    if (!*intake)
        return;
    while ((*intake)->station.peers.first)
        station_forget(&(*intake)->station, (*intake)->station.peers.first);
    drop_jobs(*intake);
    station_fini(&(*intake)->station);
    free(*intake);
    *intake = NULL;
}

static int
timeout_ms(const struct intake *intake)
{
    long ms = station_timeout_ms(&intake->station);
    return (int)(intake->first && ms > PENDING_MS ? PENDING_MS : ms);
}

static void
tick(struct intake *intake)
{
    int64_t before_us = intake->station.ticked_us;
    station_tick(&intake->station);
    if (intake->station.ticked_us != before_us)
        widen_all(intake); // peers may have left their grants to others
}

static void
serve_round(struct intake *intake, int stop)
{
    struct pipeline *pipeline = intake->shared->pipeline;
    struct pollfd fds[] = {
        {socket_fd(intake->station.socket),      POLLIN, 0},
        {mailbox_fd(pipeline_answers(pipeline)), POLLIN, 0},
        {pipeline_intake_fd(pipeline),           POLLIN, 0},
        {stop,                                   POLLIN, 0},
    };
    nfds_t watched = intake->draining ? 3 : 4;
    bool readable = socket_readable(intake->station.socket);
    (void)poll(fds, watched, readable ? 0 : timeout_ms(intake));
    if (watched == 4 && fds[3].revents)
        intake->draining = true;
    if (readable || fds[0].revents)
        (void)station_receive(&intake->station, RECEIVE_ROUND);
    if (fds[2].revents)
        pipeline_intake_turn(pipeline);
    if (fds[1].revents)
        take_answers(intake);
    hand_on(intake);
    tick(intake);
}

void
intake_run(struct intake *intake, int stop)
{
    while (!intake->draining)
        serve_round(intake, stop);
    int64_t until_us = clock_monotonic_us() + DRAIN_US;
    while (intake->inside > 0 && clock_monotonic_us() < until_us)
        serve_round(intake, stop);
    if (intake->inside > 0)
        log_warn("socket=submit unanswered=%llu why=\"stopping took too long\"",
            (unsigned long long)intake->inside);
    station_bye(&intake->station, "the daemon is stopping");
    station_tick(&intake->station);
}
