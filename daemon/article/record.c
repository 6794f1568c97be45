// Submission and record: the parts that intake and the log know. See record.h for the
// recipe for changing a layout.
#include "article/record.h"

#include "article/part.h"

#define SUBMISSION_ELEMENTS 16
#define RECORD_ELEMENTS 6
#define RULES_ELEMENTS 7 // of RECORD_LAYOUT_RULES

void
submission_encode(const struct submission *s, struct wire_writer *w)
{
    wire_put_array(w, SUBMISSION_ELEMENTS);
    wire_put_uint(w, SUBMISSION_LAYOUT);
    wire_put_bin(w, slice_of(s->id, sizeof s->id));
    wire_put_str(w, s->source);
    wire_put_str(w, s->principal);
    wire_put_str(w, s->format);
    wire_put_str(w, s->issue_date);
    wire_put_str(w, s->page);
    wire_put_str(w, s->language);
    wire_put_str(w, s->zone);
    wire_put_str(w, s->charset);
    wire_put_bool(w, s->all_or_nothing);
    wire_put_bin(w, slice_of(s->request_digest.bytes, DIGEST_BYTES));
    wire_put_bin(w, slice_of(s->raw_digest.bytes, DIGEST_BYTES));
    wire_put_uint(w, s->raw_bytes);
    put_time_or_nil(w, s->house_us);
    put_time_or_nil(w, s->wall_us);
}

void
submission_take(struct part *p, struct submission *out)
{
    part_begin(p, SUBMISSION_ELEMENTS, SUBMISSION_LAYOUT);
    part_exact(p, "id", out->id, sizeof out->id);
    out->source = part_str(p, "source", 64);
    out->principal = part_str(p, "principal", 64);
    out->format = part_str(p, "format", 32);
    out->issue_date = part_str(p, "issue_date", 10);
    out->page = part_str(p, "page", 256);
    out->language = part_str(p, "language", 35);
    out->zone = part_str(p, "zone", 64);
    out->charset = part_str(p, "charset", 40);
    out->all_or_nothing = part_bool(p, "all_or_nothing");
    part_exact(p, "request_digest", out->request_digest.bytes, DIGEST_BYTES);
    part_exact(p, "raw_digest", out->raw_digest.bytes, DIGEST_BYTES);
    out->raw_bytes = part_uint(p, "raw_bytes", 0, RECORD_BYTES_MAX);
    out->house_us = part_time(p, "house_us");
    out->wall_us = part_time(p, "wall_us");
}

enum wire_err
submission_decode(struct slice bytes, struct submission *out, struct fault *fault)
{
    struct part p;
    struct submission s = {0};
    part_open(&p, bytes, "submission", WIRE_DAMAGED, fault);
    submission_take(&p, &s);
    if (!part_failed(&p))
        *out = s;
    return p.err;
}

static void
put_skip(const struct record *r, struct wire_writer *w)
{
    for (unsigned i = 0; i < 3; i++)
        wire_put_nil(w);
    wire_put_uint(w, r->skip_record);
}

static void
put_head(const struct record *r, struct wire_writer *w)
{
    wire_put_array(w, r->rules ? RULES_ELEMENTS : RECORD_ELEMENTS);
    wire_put_uint(w, r->rules ? RECORD_LAYOUT_RULES : RECORD_LAYOUT);
    wire_put_uint(w, r->kind);
}

static void
put_rest(const struct record *r, struct wire_writer *w)
{
    verdict_encode(&r->verdict, w);
    if (r->kind == RECORD_ADMIN) {
        wire_put_array(w, 2);
        wire_put_str(w, r->admin.verb);
        wire_put_bin(w, r->admin.args);
    } else {
        wire_put_nil(w);
    }
    if (r->rules)
        wire_put_uint(w, r->rules);
}

void
record_encode(const struct record *r, struct wire_writer *w)
{
    put_head(r, w);
    if (r->kind == RECORD_SKIP) {
        put_skip(r, w);
        return;
    }
    submission_encode(&r->submission, w);
    if (r->prepared_bytes.size)
        wire_put_encoded(w, r->prepared_bytes);
    else
        prepared_encode(&r->prepared, w);
    put_rest(r, w);
}

size_t
record_encode_around(const struct record *r, struct wire_writer *w)
{
    size_t from = w->size;
    put_head(r, w);
    submission_encode(&r->submission, w);
    size_t where = w->size - from;
    put_rest(r, w);
    return where;
}

static void
take_nils(struct part *p, unsigned count)
{
    for (unsigned i = 0; i < count && !part_failed(p); i++)
        if (!wire_read_nil(&p->r))
            part_fail(p, "parts", "hold what this kind of record does not have");
}

static void
take_skip(struct part *p, struct record *out)
{
    take_nils(p, 3);
    out->skip_record = part_uint(p, "skip_record", 1, UINT64_MAX);
}

// The arguments are a map, and parts hold none: they come as bytes.
static void
take_admin(struct part *p, struct record *out)
{
    uint64_t at;
    (void)part_array(p, "admin", 2, 2);
    out->admin.verb = part_str(p, "verb", ADMIN_VERB_MAX);
    out->admin.args = part_bin(p, "args", ADMIN_ARGS_MAX);
    if (!part_failed(p) && wire_scan(out->admin.args, &wire_limits_header, &at))
        part_fail(p, "args", "are no map");
}

static void
take_parts(struct part *p, struct arena *arena, struct record *out)
{
    p->name = "submission";
    submission_take(p, &out->submission);
    size_t from = p->r.at;
    p->name = "prepared";
    prepared_take(p, arena, &out->prepared);
    if (!part_failed(p))
        out->prepared_bytes = slice_of(p->r.bytes.data + from, p->r.at - from);
    p->name = "verdict";
    verdict_take(p, arena, &out->verdict);
    p->name = "record";
    if (!part_failed(p) && out->verdict.count != out->prepared.count)
        part_fail(p, "verdict", "is over another number of items than were prepared");
    if (!part_failed(p) && out->prepared.count == 0 && out->kind != RECORD_ADMIN)
        part_fail(p, "items", "are none");
    if (out->kind == RECORD_ADMIN)
        take_admin(p, out);
    else
        take_nils(p, 1);
}

// has_rules looks ahead at the layout.
static bool
has_rules(struct part p)
{
    return !p.err && wire_peek(&p.r) == WIRE_ARRAY &&
           wire_read_array(&p.r) == RULES_ELEMENTS && wire_peek(&p.r) == WIRE_INT &&
           wire_read_uint(&p.r) == RECORD_LAYOUT_RULES;
}

enum wire_err
record_decode(
    struct slice bytes, struct arena *arena, struct record *out, struct fault *fault)
{
    struct part p;
    struct record r = {0};
    part_open(&p, bytes, "record", WIRE_DAMAGED, fault);
    bool rules = has_rules(p);
    part_begin(&p, rules ? RULES_ELEMENTS : RECORD_ELEMENTS,
        rules ? RECORD_LAYOUT_RULES : RECORD_LAYOUT);
    r.kind = (enum record_kind)part_uint(&p, "kind", RECORD_SUBMISSION, RECORD_ADMIN);
    if (r.kind == RECORD_SKIP && !rules)
        take_skip(&p, &r);
    else
        take_parts(&p, arena, &r);
    if (rules)
        r.rules = part_uint(&p, "rules", 1, UINT64_MAX);
    if (!part_failed(&p))
        *out = r;
    return p.err;
}

uint64_t
record_skipped(struct slice bytes)
{
    struct wire_writer w = {0};
    struct record r = {.kind = RECORD_SKIP, .skip_record = 1};
    struct fault fault = FAULT_NONE;
    record_encode(&r, &w);
    struct slice head = slice_until(wire_written(&w), w.size - 1); // all but the number
    bool same = !w.failed && slice_starts(bytes, head);
    wire_writer_fini(&w);
    struct arena arena;
    arena_init(&arena, 4096);
    bool skip = same && record_decode(bytes, &arena, &r, &fault) == WIRE_OK;
    arena_fini(&arena);
    return skip ? r.skip_record : 0;
}

int64_t
version_integer(struct slice version)
{
    int64_t n = 0;
    if (version.size < 1 || version.size > 18)
        return -1;
    for (size_t i = 0; i < version.size; i++) {
        if (version.data[i] < '0' || version.data[i] > '9')
            return -1;
        n = n * 10 + (version.data[i] - '0');
    }
    return n;
}
