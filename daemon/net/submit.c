#include "net/submit.h"

#include <assert.h>
#include <stdlib.h>

#include "article/extra.h"
#include "base/logline.h"
#include "formats/formats.h"

// What a job borrows from, until its release; which may run on any thread, so nothing of
// the intake's is touched there.
struct parcel {
    unsigned magic;
#define PARCEL_MAGIC 0x70617263U
    struct peer *peer; // held by intake until it took the answer
    zmq_msg_t header, body;
    char source[64]; // where it was not named
    char principal[NET_PRINCIPAL_MAX];
    char verb[ADMIN_VERB_MAX];
};

static bool
format_ok(struct slice format, struct fault *fault)
{
    char shown[48];
    for (size_t i = 0; format_words[i]; i++)
        if (slice_is(format, format_words[i]))
            return true;
    (void)fault_set(fault, WIRE_UNKNOWN_FORMAT, FAULT_NOWHERE, "format",
        "no reader knows \"%s\"", log_safe(format, shown, sizeof shown));
    return false;
}

static bool
size_ok(uint64_t size, uint64_t limit, struct fault *fault)
{
    if (size > limit)
        (void)fault_set(fault, WIRE_TOO_LARGE, FAULT_NOWHERE, "",
            "the submission has %llu bytes, the limit is %llu",
            (unsigned long long)size, (unsigned long long)limit);
    return size <= limit;
}

// What the readers could not use would be passed over in silence.
static bool
hints_ok(const struct wire_submit *m, struct fault *fault)
{
    char shown[72];
    if (WIRE_HAS(submit, m, issue_date) && !wire_day_ok(m->issue_date))
        (void)fault_set(fault, WIRE_BAD_FIELD, FAULT_NOWHERE, "issue_date",
            "\"%s\" is no day: YYYY-MM-DD",
            log_safe(m->issue_date, shown, sizeof shown));
    if (WIRE_HAS(submit, m, zone) && !wire_zone_ok(m->zone))
        (void)fault_set(fault, WIRE_BAD_FIELD, FAULT_NOWHERE, "zone",
            "\"%s\" is no offset: +08:00 or UTC",
            log_safe(m->zone, shown, sizeof shown));
    return fault->code == WIRE_OK;
}

// A DRYRUN has the fields of a SUBMIT but for the id, which is all zeros then.
static void
as_submit(const struct wire_dryrun *d, struct wire_submit *m)
{
    static const uint8_t no_id[SUBMISSION_ID_BYTES];
    *m = (struct wire_submit){.n = d->n, .id = slice_of(no_id, sizeof no_id)};
#define SAME(field)                 \
    if (WIRE_HAS(dryrun, d, field)) \
    WIRE_SET(submit, m, field, d->field)
    SAME(source);
    SAME(format);
    SAME(issue_date);
    SAME(page);
    SAME(language);
    SAME(zone);
    SAME(charset);
    SAME(all_or_nothing);
#undef SAME
}

static bool
decode_either(struct station *station, struct letter *letter, struct wire_submit *out)
{
    struct wire_dryrun dry;
    if (letter->number == WIRE_MSG_SUBMIT)
        return letter_decode(station, letter, out);
    if (!letter_decode(station, letter, &dry))
        return false;
    as_submit(&dry, out);
    return true;
}

bool
submit_check(struct station *station, struct letter *letter,
    struct wire_submit *message_out, struct slice *source_out)
{
    struct fault fault = FAULT_NONE;
    const struct net_principal *who = letter->peer->who;
    uint64_t limit = station->shared->settings.submission_bytes;
    if (!decode_either(station, letter, message_out) ||
        !letter_allowed(station, letter, ROLE_SUBMIT))
        return false;
    if (!WIRE_HAS(submit, message_out, format))
        message_out->format = SLICE("auto");
    if (size_ok(letter->body.size, limit, &fault) &&
        auth_source(who, WIRE_HAS(submit, message_out, source), message_out->source,
            source_out, &fault) == WIRE_OK &&
        format_ok(message_out->format, &fault) && hints_ok(message_out, &fault))
        return true;
    letter_refuse(station, letter, &fault);
    return false;
}

struct digest
submit_digest(const struct submission *s)
{
    return submission_request_digest(s);
}

static struct parcel *
parcel_of(const struct job *job)
{
    struct parcel *parcel = job->owner;
    assert(parcel && parcel->magic == PARCEL_MAGIC);
    return parcel;
}

struct peer *
submit_peer(const struct job *job)
{
    return parcel_of(job)->peer;
}

static void
release(struct job *job)
{
    struct parcel *parcel = parcel_of(job);
    (void)zmq_msg_close(&parcel->header);
    (void)zmq_msg_close(&parcel->body);
    free(parcel);
    job->owner = NULL;
}

static struct slice
keep(char *room, size_t size, struct slice text)
{
    struct slice kept = slice_until(text, size);
    memcpy(room, kept.data, kept.size);
    return slice_of(room, kept.size);
}

static void
fill(struct submission *s, const struct wire_submit *m, struct slice raw)
{
    memcpy(s->id, m->id.data, sizeof s->id);
    s->format = m->format;
    s->issue_date = m->issue_date;
    s->page = m->page;
    s->language = m->language;
    s->zone = m->zone;
    s->charset = m->charset;
    s->all_or_nothing = m->all_or_nothing;
    s->raw_digest = digest_of(raw);
    s->raw_bytes = raw.size;
    s->request_digest = submit_digest(s);
}

// A small frame keeps its bytes in the zmq_msg_t itself: they move with it, so slices are
// made again from where it lies then.
static void
read_again(unsigned number, struct slice header, struct wire_submit *message_out)
{
    struct wire_dryrun dry;
    struct fault fault = FAULT_NONE;
    bool is_dry = number == WIRE_MSG_DRYRUN;
    if (is_dry ? wire_decode(header, WIRE_MSG_DRYRUN, &dry, &fault)
               : wire_decode(header, WIRE_MSG_SUBMIT, message_out, &fault))
        assert(false && "it was read before");
    if (is_dry)
        as_submit(&dry, message_out);
    if (!WIRE_HAS(submit, message_out, format))
        message_out->format = SLICE("auto");
}

static struct wire_submit
take_over(struct parcel *parcel, unsigned number, struct frames *frames,
    const struct wire_submit *message)
{
    struct wire_submit moved = *message;
    const void *before = zmq_msg_data(&frames->part[LETTER_HEADER]);
    (void)zmq_msg_init(&parcel->header);
    (void)zmq_msg_init(&parcel->body);
    (void)zmq_msg_move(&parcel->header, &frames->part[LETTER_HEADER]);
    (void)zmq_msg_move(&parcel->body, &frames->part[LETTER_BODY]);
    struct slice header = frame_bytes(&parcel->header);
    if (header.data != before)
        read_again(number, header, &moved);
    return moved;
}

static bool
asks_why(struct slice header)
{
    struct wire_dryrun dry;
    struct fault fault = FAULT_NONE;
    return wire_decode(header, WIRE_MSG_DRYRUN, &dry, &fault) == WIRE_OK && dry.explain;
}

// begin makes a job and the parcel that owns what it borrows; NULL out of memory.
static struct job *
begin(struct letter *letter, uint64_t n, struct parcel **parcel_out)
{
    struct job *job = job_new();
    struct parcel *parcel = calloc(1, sizeof *parcel);
    if (!job || !parcel) {
        job_free(&job);
        free(parcel);
        return NULL;
    }
    parcel->magic = PARCEL_MAGIC;
    parcel->peer = letter->peer;
    job->owner = parcel;
    job->release = release;
    job->connection = letter->peer->connection;
    job->n = n;
    job->submission.principal = keep(
        parcel->principal, sizeof parcel->principal, slice_str(letter->peer->name));
    *parcel_out = parcel;
    return job;
}

struct job *
submit_job(
    struct letter *letter, const struct wire_submit *message, struct slice source)
{
    struct parcel *parcel;
    struct job *job = begin(letter, message->n, &parcel);
    if (!job)
        return NULL;
    job->submission.source = keep(parcel->source, sizeof parcel->source, source);
    struct wire_submit moved =
        take_over(parcel, letter->number, letter->frames, message);
    job->raw = frame_bytes(&parcel->body);
    fill(&job->submission, &moved, job->raw);
    job->dry = letter->number == WIRE_MSG_DRYRUN;
    if (job->dry)
        job->explain = asks_why(frame_bytes(&parcel->header));
    return job;
}

struct job *
submit_verb(struct letter *letter, const struct wire_settle *message)
{
    struct parcel *parcel;
    struct job *job = begin(letter, message->n, &parcel);
    if (!job)
        return NULL;
    (void)zmq_msg_init(&parcel->header);
    (void)zmq_msg_init(&parcel->body);
    job->admin.verb = keep(parcel->verb, sizeof parcel->verb, message->verb);
    return job;
}
