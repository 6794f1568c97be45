#include "article/extra.h"

#include "base/bytes.h"

#define HINTS 8U
#define VERB 3U

// ---- of a record

static bool
has_hints(const struct record *r)
{
    const struct submission *s = &r->submission;
    bool plain =
        slice_is(s->format, "auto") || slice_equal(s->format, r->prepared.format);
    return !plain || s->issue_date.size || s->page.size || s->language.size ||
           s->zone.size || s->charset.size;
}

static void
put_hints(const struct submission *s, struct wire_writer *w)
{
    wire_put_array(w, HINTS);
    wire_put_uint(w, RECORD_SUBMISSION);
    wire_put_str(w, s->format);
    wire_put_str(w, s->issue_date);
    wire_put_str(w, s->page);
    wire_put_str(w, s->language);
    wire_put_str(w, s->zone);
    wire_put_str(w, s->charset);
    wire_put_bool(w, s->all_or_nothing);
}

void
extra_encode(const struct record *r, struct wire_writer *w)
{
    if (r->kind == RECORD_ADMIN) {
        wire_put_array(w, VERB);
        wire_put_uint(w, RECORD_ADMIN);
        wire_put_str(w, r->admin.verb);
        wire_put_bin(w, r->admin.args);
    } else if (has_hints(r)) {
        put_hints(&r->submission, w);
    }
}

static bool
begins(struct slice extra, uint32_t elements, uint64_t kind, struct wire_reader *r)
{
    uint64_t at;
    *r = wire_reader(extra);
    return extra.size && wire_scan(extra, &wire_limits_header, &at) == WIRE_OK &&
           wire_peek(r) == WIRE_ARRAY && wire_read_array(r) == elements &&
           wire_read_uint(r) == kind && !r->err;
}

bool
extra_verb(struct slice extra, struct admin *out)
{
    struct wire_reader r;
    if (!begins(extra, VERB, RECORD_ADMIN, &r))
        return false;
    struct admin admin = {.verb = wire_read_str(&r)};
    admin.args = wire_read_bin(&r);
    if (!r.err)
        *out = admin;
    return !r.err;
}

bool
extra_hints(struct slice extra, struct submission *sent)
{
    struct wire_reader r;
    if (!begins(extra, HINTS, RECORD_SUBMISSION, &r))
        return false;
    sent->format = wire_read_str(&r);
    sent->issue_date = wire_read_str(&r);
    sent->page = wire_read_str(&r);
    sent->language = wire_read_str(&r);
    sent->zone = wire_read_str(&r);
    sent->charset = wire_read_str(&r);
    sent->all_or_nothing = wire_read_bool(&r);
    return !r.err;
}

struct digest
submission_request_digest(const struct submission *s)
{
    const struct slice hints[] = {
        s->format, s->issue_date, s->page, s->language, s->zone, s->charset};
    const uint8_t whole = s->all_or_nothing;
    struct digest_state state;
    digest_begin(&state);
    digest_add(&state, slice_of(s->raw_digest.bytes, DIGEST_BYTES));
    for (size_t i = 0; i < sizeof hints / sizeof *hints; i++) {
        uint8_t size[4];
        put_le32(size, (uint32_t)hints[i].size);
        digest_add(&state, slice_of(size, sizeof size));
        digest_add(&state, hints[i]);
    }
    digest_add(&state, slice_of(&whole, 1));
    return digest_end(&state);
}

// ---- stamps

void
stamp_encode(const struct stamp *stamp, struct wire_writer *w)
{
    uint8_t bytes[STAMP_BYTES] = {0};
    put_le64(bytes, stamp->seq);
    put_le64(bytes + 8, stamp->rules);
    put_le16(bytes + 16, stamp->normalizer);
    put_le16(bytes + 18, stamp->key_version);
    bytes[20] = stamp->has_key;
    if (stamp->has_key)
        memcpy(bytes + 21, stamp->key_digest.bytes, DIGEST_BYTES);
    wire_put_raw(w, slice_of(bytes, sizeof bytes));
}

bool
stamp_take(struct slice *stamps, struct stamp *out)
{
    const uint8_t *at = stamps->data;
    if (stamps->size < STAMP_BYTES)
        return false;
    *out = (struct stamp){.seq = get_le64(at),
        .rules = get_le64(at + 8),
        .normalizer = get_le16(at + 16),
        .key_version = get_le16(at + 18),
        .has_key = at[20] != 0};
    memcpy(out->key_digest.bytes, at + 21, DIGEST_BYTES);
    *stamps = slice_from(*stamps, STAMP_BYTES);
    return true;
}

// ---- arguments: maps of one number and one bin at most

struct pair_of {
    const char *number, *bytes;
    uint64_t n;
    struct slice data;
};

static void
put_pair(const struct pair_of *pair, struct wire_writer *w)
{
    wire_put_map(w, 2);
    wire_put_key(w, pair->number);
    wire_put_uint(w, pair->n);
    wire_put_key(w, pair->bytes);
    wire_put_bin(w, pair->data);
}

static bool
take_pair(struct slice args, struct pair_of *pair)
{
    uint64_t at;
    if (wire_scan(args, &wire_limits_header, &at))
        return false;
    struct wire_reader r = wire_reader(args);
    if (wire_peek(&r) != WIRE_MAP)
        return false;
    bool number = false, bytes = false;
    for (uint32_t n = wire_read_map(&r); n > 0 && !r.err; n--) {
        struct slice key = wire_read_str(&r);
        if (slice_is(key, pair->number)) {
            pair->n = wire_read_uint(&r);
            number = true;
        } else if (slice_is(key, pair->bytes)) {
            pair->data = wire_read_bin(&r);
            bytes = true;
        } else {
            (void)wire_skip(&r);
        }
    }
    return !r.err && number && bytes;
}

void
renewed_encode(const struct renewed *renewed, struct wire_writer *w)
{
    put_pair(&(struct pair_of){"of", "seqs", renewed->of, renewed->seqs}, w);
}

bool
renewed_take(struct slice args, struct renewed *out)
{
    struct pair_of pair = {.number = "of", .bytes = "seqs"};
    if (!take_pair(args, &pair) || pair.n == 0 || pair.data.size % 8)
        return false;
    *out = (struct renewed){pair.n, pair.data};
    return true;
}

uint64_t
renewed_seq(const struct renewed *renewed, uint32_t item)
{
    size_t at = (size_t)item * 8;
    return at + 8 <= renewed->seqs.size ? get_le64(renewed->seqs.data + at) : 0;
}

// The run goes as bin: what it holds is nobody's business but the run's.
void
renewal_step_encode(const struct renewal_step *step, struct wire_writer *w)
{
    wire_put_map(w, 2);
    wire_put_key(w, "run");
    wire_put_bin(w, step->run);
    wire_put_key(w, "stamps");
    wire_put_bin(w, step->stamps);
}

bool
renewal_step_take(struct slice args, struct renewal_step *out)
{
    uint64_t at;
    struct renewal_step step = {0};
    if (wire_scan(args, &wire_limits_header, &at))
        return false;
    struct wire_reader r = wire_reader(args);
    if (wire_peek(&r) != WIRE_MAP)
        return false;
    for (uint32_t n = wire_read_map(&r); n > 0 && !r.err; n--) {
        struct slice key = wire_read_str(&r);
        if (slice_is(key, "run"))
            step.run = wire_read_bin(&r);
        else if (slice_is(key, "stamps"))
            step.stamps = wire_read_bin(&r);
        else
            (void)wire_skip(&r);
    }
    if (r.err || step.run.size == 0 || step.stamps.size % STAMP_BYTES)
        return false;
    *out = step;
    return true;
}

void
rules_set_encode(const struct rules_set *set, struct wire_writer *w)
{
    put_pair(&(struct pair_of){"number", "rules", set->number, set->rules}, w);
}

bool
rules_set_take(struct slice args, struct rules_set *out)
{
    struct pair_of pair = {.number = "number", .bytes = "rules"};
    if (!take_pair(args, &pair) || pair.n == 0)
        return false;
    *out = (struct rules_set){pair.n, pair.data};
    return true;
}
