// What there is to be read again: from a record to the submission that brought it, with its
// bytes and hints as they came.
// Runs on: renewer.
#include <stdlib.h>

#include "normalize/normalize.h"
#include "pipeline/admin.h"
#include "pipeline/how.h"
#include "pipeline/inner.h"
#include "pipeline/rules.h"

struct found {
    struct renewing *r;
    struct store_txn *txn;
    struct arena *arena;
    struct store_record row, of; // where the walk is; the submission
    struct slice source;
    uint64_t rules; // number in force
    struct chore *chore;
    struct slice *names;
};

// ---- which revisions

static bool
is_stale(const struct found *f, const struct stamp *stamp)
{
    return stamp->normalizer != NORMALIZER_VERSION ||
           stamp->key_version != KEY_VERSION || stamp->rules != f->rules;
}

// place_of gives the place of a revision in its record, by the receipt; count, how many
// items that has. False: the receipt can't be read.
static bool
place_of(struct slice receipt, uint64_t seq, uint32_t *place_out, uint32_t *count_out)
{
    struct wire_reader r = wire_reader(receipt);
    bool found = false;
    uint64_t at;
    if (wire_scan(receipt, &wire_limits_article, &at) || wire_peek(&r) != WIRE_MAP)
        return false;
    for (uint32_t n = wire_read_map(&r); n > 0 && !r.err; n--) {
        if (!slice_is(wire_read_str(&r), "items")) {
            (void)wire_skip(&r);
            continue;
        }
        *count_out = wire_read_array(&r);
        for (uint32_t i = 0; i < *count_out && !r.err; i++)
            for (uint32_t k = wire_read_map(&r); k > 0 && !r.err; k--)
                if (!slice_is(wire_read_str(&r), "seq"))
                    (void)wire_skip(&r);
                else if (wire_read_uint(&r) == seq) {
                    *place_out = i;
                    found = true;
                }
    }
    return found && !r.err;
}

static bool
make_room(struct found *f, uint32_t count)
{
    if (f->chore)
        return f->chore->count == count;
    struct chore *chore = ARENA_NEW(f->arena, struct chore);
    uint64_t *seqs = arena_array(f->arena, count, sizeof *seqs);
    f->names = arena_array(f->arena, count, sizeof *f->names);
    if (!chore || !seqs || !f->names)
        return false;
    *chore = (struct chore){.record = f->row.record, .count = count, .seqs = seqs};
    f->chore = chore;
    return true;
}

// Every item that stands at its current revision keeps its name, stale or not.
static enum wire_err
look_at(struct found *f, uint64_t seq)
{
    struct store_change change;
    struct store_item item;
    struct stamp stamp;
    uint32_t place = 0, count = 0;
    enum wire_err err = store_get_change(f->txn, seq, &change);
    if (!err)
        err = store_get_item(f->txn, change.item, &item);
    if (!err)
        err = store_stamp_of(f->txn, &change, &stamp);
    if (err || item.current != seq || !is_stale(f, &stamp))
        return err;
    if (!place_of(f->row.receipt, seq, &place, &count) || !make_room(f, count))
        return f->arena->failed ? WIRE_NO_MEMORY : WIRE_DAMAGED;
    f->chore->seqs[place] = seq;
    f->r->run.looked++;
    if (!change.has_id)
        f->names[place] = arena_copy(f->arena, change.uri);
    return WIRE_OK;
}

static bool
is_wanted(struct found *f)
{
    const struct run *run = &f->r->run;
    f->source = store_source_name(f->txn, f->row.source);
    return f->row.first_seq && f->row.house_us >= run->since_us &&
           (!run->source[0] || slice_is(f->source, run->source));
}

// ---- the submission

// Hints that came with it. Of a record from before they were kept, all that can be known is
// whether there were none: then its digest is that of none.
static bool
guess_hints(const struct store_record *row, struct submission *s)
{
    const struct slice formats[] = {row->format, SLICE("auto")};
    for (int i = 0; i < 4; i++) {
        s->format = formats[i & 1];
        s->all_or_nothing = i & 2;
        struct digest digest = submission_request_digest(s);
        if (digest_equal(&digest, &row->request_digest))
            return true;
    }
    return false;
}

// What the desk had read again came with the hints of its entry.
static bool
desk_hints(struct found *f, const struct admin *verb, struct submission *s)
{
    struct admin_entry named;
    struct store_entry entry;
    struct fault fault = FAULT_NONE;
    enum entry_state state = admin_settles(verb->verb);
    if (state == ENTRY_OPEN || !admin_take_entry(verb, &named) ||
        store_get_entry(f->txn, named.record, &entry) || !entry.sent.size ||
        submission_decode(entry.sent, s, &fault))
        return false;
    if (state == ENTRY_RELEASED)
        s->format = SLICE("text");
    f->chore->job->released = state == ENTRY_RELEASED;
    return true;
}

static bool
take_hints(struct found *f, struct submission *s)
{
    struct admin verb;
    s->raw_digest = f->of.raw_digest;
    if (extra_verb(f->of.extra, &verb))
        return desk_hints(f, &verb, s);
    return f->of.extra.size ? extra_hints(f->of.extra, s) : guess_hints(&f->of, s);
}

static enum wire_err
unpack(
    struct found *f, enum codec codec, struct slice block, size_t before, size_t size)
{
    struct job *job = f->chore->job;
    job->kept = malloc(before + size + 1);
    if (!job->kept)
        return WIRE_NO_MEMORY;
    if (!decompress_into(codec, block, job->kept, before + size))
        return WIRE_DAMAGED;
    job->raw = slice_of(job->kept + before, size);
    struct digest digest = digest_of(job->raw);
    return digest_equal(&digest, &f->of.raw_digest) ? WIRE_OK : WIRE_DAMAGED;
}

static enum wire_err
take_raw(struct found *f)
{
    struct store_raw own;
    struct store_revision revision;
    enum wire_err err = store_get_raw(f->txn, f->of.record, &own);
    if (!err)
        return unpack(f, own.codec, own.block, 0, own.raw_bytes);
    if (err != WIRE_NOT_FOUND)
        return err;
    err = store_get_revision(f->txn, f->of.first_seq, &revision);
    if (!err && revision.raw_bytes == 0)
        err = WIRE_NOT_FOUND;
    return err ? err
               : unpack(f, revision.codec, revision.block, revision.article_bytes,
                     revision.raw_bytes);
}

static enum wire_err
find_submission(struct found *f)
{
    struct admin verb;
    struct renewed renewed;
    f->of = f->row;
    if (!extra_verb(f->row.extra, &verb) || !slice_is(verb.verb, VERB_RENEWED))
        return WIRE_OK;
    if (!renewed_take(verb.args, &renewed))
        return WIRE_DAMAGED;
    return store_get_record(f->txn, renewed.of, &f->of);
}

// ---- the job

// Everything that the job borrows lies in memory of its own: it goes over threads, and the
// transaction ends.
static bool
copy_hints(struct job *job, const struct submission *s, struct slice source)
{
    struct slice *const to[] = {&job->submission.source, &job->submission.principal,
        &job->submission.format, &job->submission.issue_date, &job->submission.page,
        &job->submission.language, &job->submission.zone, &job->submission.charset};
    const struct slice from[] = {source, SLICE("wireroomd"), s->format, s->issue_date,
        s->page, s->language, s->zone, s->charset};
    size_t size = 1, at = 0;
    for (size_t i = 0; i < 8; i++)
        size += from[i].size;
    job->hints = malloc(size);
    for (size_t i = 0; job->hints && i < 8; i++) {
        if (from[i].size)
            memcpy(job->hints + at, from[i].data, from[i].size);
        *to[i] = slice_of(job->hints + at, from[i].size);
        at += from[i].size;
    }
    return job->hints != NULL;
}

static enum wire_err
fill_job(struct found *f, const struct submission *s)
{
    struct job *job = f->chore->job;
    uint8_t room[RULES_PACKED_MAX];
    struct wire_writer how = {0};
    size_t size = rules_packed(f->r->p, f->source, room, &job->rules);
    how_encode(slice_of(room, size), f->names, f->chore->count, &how);
    job->how = wire_written(&how); // the job's now
    job->dry = job->bare = true;
    job->box = f->r->p->renewal.box;
    job->submission.raw_digest = f->of.raw_digest;
    job->submission.raw_bytes = f->of.raw_bytes;
    return how.failed || !copy_hints(job, s, f->source) ? WIRE_NO_MEMORY : WIRE_OK;
}

static enum wire_err
make_job(struct found *f)
{
    struct submission sent = {0};
    enum wire_err err = find_submission(f);
    f->chore->of = f->of.record;
    f->chore->job = job_new();
    if (!f->chore->job)
        return WIRE_NO_MEMORY;
    if (!err && !take_hints(f, &sent))
        err = WIRE_NOT_FOUND;
    if (!err)
        err = take_raw(f);
    if (!err)
        err = fill_job(f, &sent);
    if (err)
        job_free(&f->chore->job);
    return err;
}

enum wire_err
chore_find(struct renewing *r, struct store_txn *txn, uint64_t record,
    struct arena *arena, struct chore **out)
{
    struct found f = {.r = r, .txn = txn, .arena = arena};
    enum wire_err err = store_get_record(txn, record, &f.row);
    if (err || !is_wanted(&f))
        return err;
    f.rules = rules_number(r->p, f.source);
    for (uint64_t seq = f.row.first_seq; seq <= f.row.last_seq && !err; seq++)
        err = look_at(&f, seq);
    if (err || !f.chore)
        return err;
    err = make_job(&f);
    if (err == WIRE_NOT_FOUND && !store_txn_fault(txn)) {
        r->run.unknown++;
        return WIRE_OK;
    }
    if (!err)
        *out = f.chore;
    return err;
}
