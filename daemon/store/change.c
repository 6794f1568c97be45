// Changes: the rows of the feed, immutable and chained by the running hash.
//
// The hash of a change is BLAKE2b-256 over the hash before it and the canonical row: the
// stored row up to its own hash. Numbers are little-endian, nothing is padded:
//
//    at  bytes                                     at  bytes
//     0   1  layout, 1                             93   1  pub_status
//     1   1  class                                 94   1  advisory, 0 or 1
//     2   1  urgency                               95   8  embargoed until, us
//     3   1  has_id, 0 or 1                       103   8  expires, us
//     4   8  seq                                  111   8  house time, us
//    12   8  record                               119  32  article digest
//    20   8  item                                 151  32  key digest
//    28   8  story                                183  32  raw digest
//    36   8  previous                             215   2  normalizer
//    44   8  current                              217   2  key version
//    52   8  content                              219   2  length of source
//    60   8  of_seq                               221   2  length of uri
//    68   1  key: has an integer, 0 or 1          223   2  length of version
//    69   8  key: integer, 0 if it has none       225   2  length of language
//    77   8  key: created, us                     227   4  length of subjects
//    85   8  key: arrival                         231      the five texts in that order
//
// and behind it hash (32) and checksum (8). A time that is not known is INT64_MIN.
//
// To change it: the chain binds old rows for ever. Add one to CHANGE_LAYOUT, keep packing
// and reading of the old number here, and add a row of it to tests/corpus/store/.
#include "store/change.h"

#define CHANGE_LAYOUT 1
#define CHANGE_FIXED 231

// ---- the canonical row

static void
pack_fixed(struct row_writer *w, const struct store_change *c)
{
    row_u8(w, CHANGE_LAYOUT);
    row_u8(w, (uint8_t)c->change_class);
    row_u8(w, c->urgency);
    row_u8(w, c->has_id);
    row_u64(w, c->seq);
    row_u64(w, c->record);
    row_u64(w, c->item);
    row_u64(w, c->story);
    row_u64(w, c->previous);
    row_u64(w, c->current);
    row_u64(w, c->content);
    row_u64(w, c->of_seq);
    row_sort_key(w, &c->key);
    row_axes(w, &c->axes);
    row_i64(w, c->house_us);
    row_digest(w, &c->article_digest);
    row_digest(w, &c->key_digest);
    row_digest(w, &c->raw_digest);
    row_u16(w, c->normalizer);
    row_u16(w, c->key_version);
    row_u16(w, (uint16_t)c->source.size);
    row_u16(w, (uint16_t)c->uri.size);
    row_u16(w, (uint16_t)c->version.size);
    row_u16(w, (uint16_t)c->language.size);
    row_u32(w, (uint32_t)c->subjects.size);
}

static size_t
canonical_bytes(const struct store_change *c)
{
    return CHANGE_FIXED + c->source.size + c->uri.size + c->version.size +
           c->language.size + c->subjects.size;
}

static bool
fits(const struct store_change *c)
{
    return c->source.size <= UINT16_MAX && c->uri.size <= UINT16_MAX &&
           c->version.size <= UINT16_MAX && c->language.size <= UINT16_MAX &&
           c->subjects.size <= UINT32_MAX;
}

static struct digest
chain(const struct digest *before, struct slice canonical)
{
    struct digest_state state;
    digest_begin(&state);
    digest_add(&state, slice_of(before->bytes, sizeof before->bytes));
    digest_add(&state, canonical);
    return digest_end(&state);
}

// The same bytes as chain() is given, without a copy of the texts.
struct digest
store_change_hash(const struct store_change *c, const struct digest *before)
{
    uint8_t fixed[CHANGE_FIXED];
    struct row_writer w = {.data = fixed, .bytes = sizeof fixed};
    pack_fixed(&w, c);
    const struct slice parts[] = {slice_of(before->bytes, sizeof before->bytes),
        slice_of(fixed, sizeof fixed), c->source, c->uri, c->version, c->language,
        c->subjects};
    struct digest_state state;
    digest_begin(&state);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        digest_add(&state, parts[i]);
    return digest_end(&state);
}

// ---- rows

static bool
put_row(struct store_txn *txn, struct store_change *c, const struct digest *before)
{
    struct row_writer w;
    size_t canonical = canonical_bytes(c);
    if (!row_begin(
            txn, TABLE_CHANGES, key_of(c->seq), canonical + DIGEST_BYTES, PUT_ONCE, &w))
        return false;
    pack_fixed(&w, c);
    row_text(&w, c->source);
    row_text(&w, c->uri);
    row_text(&w, c->version);
    row_text(&w, c->language);
    row_text(&w, c->subjects);
    c->hash = chain(before, slice_of(w.data, canonical));
    row_digest(&w, &c->hash);
    row_end(&w);
    return true;
}

void
store_put_change(
    struct store_txn *txn, struct store_change *change, const struct digest *before)
{
    if (txn->fault.code)
        return;
    uint16_t source = store_source_number(txn, change->source);
    if (source == 0 || !fits(change))
        (void)fault_set(&txn->fault, WIRE_INTERNAL, change->seq, "changes",
            "changes %llu: %s", (unsigned long long)change->seq,
            source ? "a text is too long for its row" : "its source has no number");
    else if (put_row(txn, change, before))
        list_add(txn, source, change->seq);
}

static void
unpack_fixed(struct row_reader *r, struct store_change *c)
{
    c->change_class = (enum change_class)read_u8(r);
    c->urgency = read_u8(r);
    c->has_id = read_bool(r);
    c->seq = read_u64(r);
    c->record = read_u64(r);
    c->item = read_u64(r);
    c->story = read_u64(r);
    c->previous = read_u64(r);
    c->current = read_u64(r);
    c->content = read_u64(r);
    c->of_seq = read_u64(r);
    c->key = read_sort_key(r);
    c->axes = read_axes(r);
    c->house_us = read_i64(r);
    c->article_digest = read_digest(r);
    c->key_digest = read_digest(r);
    c->raw_digest = read_digest(r);
    c->normalizer = read_u16(r);
    c->key_version = read_u16(r);
}

static void
unpack_texts(struct row_reader *r, struct store_change *c)
{
    uint16_t source = read_u16(r), uri = read_u16(r), version = read_u16(r);
    uint16_t language = read_u16(r);
    uint32_t subjects = read_u32(r);
    c->source = read_text(r, source);
    c->uri = read_text(r, uri);
    c->version = read_text(r, version);
    c->language = read_text(r, language);
    c->subjects = read_text(r, subjects);
}

enum wire_err
store_get_change(struct store_txn *txn, uint64_t seq, struct store_change *out)
{
    struct row_reader r;
    struct store_change change;
    struct table_key key = key_of(seq);
    enum wire_err err = row_open(txn, TABLE_CHANGES, key, CHANGE_LAYOUT, &r);
    if (err)
        return err;
    unpack_fixed(&r, &change);
    unpack_texts(&r, &change);
    change.hash = read_digest(&r);
    err = row_close(txn, TABLE_CHANGES, &key, &r);
    if (!err && change.seq != seq)
        err = txn_damaged(txn, TABLE_CHANGES, seq, "the row is that of another seq");
    if (!err)
        *out = change;
    return err;
}
