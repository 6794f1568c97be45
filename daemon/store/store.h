// The door of store/: what is filed, in LMDB (design choices: docs/storage.md). One process
// opens it, one thread writes. Rows are typed here; how they are packed, checksummed and
// keyed is inside. Every row's checksum covers its table and key, and numbered tables are
// dense, so a hole or a moved row is damage and says so.
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "article/extra.h"
#include "article/rules.h"

struct store;
struct store_txn;

struct store_settings {
    const char *path;          // the environment's own directory
    uint64_t map_bytes;        // address space; 0: larger than the file system
    uint64_t zero_ahead_bytes; // the data file is zero-filled this far ahead; 0: not
    uint32_t readers;          // read transactions at once, at most; 0: 126
    bool read_only;            // for another process than the writer's: verify
};

// Who this store is; every part of it carries the same.
struct store_identity {
    uint8_t id[16];
    uint64_t epoch;
};

// store_create makes an empty environment in settings->path (the directory exists and is
// empty), with its first commit made, closed again and synced. The caller builds it under
// a temporary name and renames: creation itself is not safe against a power cut.
enum wire_err store_create(const struct store_settings *settings,
    const struct store_identity *identity, struct fault *fault);
// store_open fails with STORE_VERSION, DAMAGED, IO, NO_MEMORY; it never makes a file.
// Never open the same path twice in one process, never fork with it open.
enum wire_err store_open(
    const struct store_settings *settings, struct store **out, struct fault *fault);
void store_close(struct store **store); // NULL is fine; transactions are ended before
const struct store_identity *store_who(const struct store *store);
// store_put_epoch gives the store another epoch, with the next commit: after a restore, a
// repair or an accepted loss. Before other threads look.
void store_put_epoch(struct store_txn *txn, uint64_t epoch);
// store_clear_readers frees the slots of processes that died while reading, which would
// keep every page from being used again; store_open does it too. Returns how many.
unsigned store_clear_readers(struct store *store);
// store_zero_ahead fills up to 1 MiB of zeros behind the end of the data file and syncs
// them; true while more is wanted. From any one thread, best of low priority. A disk that
// is nearly full, or fails, is left alone.
bool store_zero_ahead(struct store *store);

// ---- transactions
// A transaction is sticky: after the first failure of any put or get on it, everything on
// it fails with that error. Get functions give NOT_FOUND without becoming sticky, and
// DAMAGED (sticky) for a row that fails its checksum. Slices in rows borrow from the map
// and stand until the transaction ends or, in a writing one, until the next put.
//
// A reading transaction belongs to one thread at a time, a writing one to the thread that
// began it. Begin fails with BUSY (all readers taken), NO_MEMORY, IO.
enum wire_err store_begin_read(struct store *store, struct store_txn **out);
void store_end_read(struct store_txn **txn);
enum wire_err store_begin_write(struct store *store, struct store_txn **out);
// A batch is a child of the writing transaction: all its puts stand or fall together.
// store_batch_end gives the first failure of the batch; then nothing of it stands and the
// transaction is as it was before, no longer failed. A batch that can't be begun is not
// open: the transaction has failed, and the commit says so.
enum wire_err store_batch_begin(struct store_txn *txn);
enum wire_err store_batch_end(struct store_txn *txn);
void store_batch_abort(struct store_txn *txn); // the parent stays usable; none is fine
// store_commit makes every ended batch durable, with meta, and begins again on the same
// handle, whatever it returns. Put meta outside a batch, or in that of the rows it counts:
// in a batch of its own it could fail alone, and the rows would be committed uncounted.
// After a failure nothing since the last commit is in the store: file the log tail again,
// from what store_get_meta now says. STORE_FULL: a full disk (also a write cut short,
// which LMDB calls EIO); after making room it may succeed. IO: the disk, final; the handle
// may then be failed for good. The words name the errno.
enum wire_err store_commit(struct store_txn *txn, struct fault *fault);
void store_abort_write(struct store_txn **txn); // and an open batch; NULL is fine
uint64_t store_dirty_bytes(const struct store_txn *txn); // since the last commit, about
enum wire_err store_txn_fault(const struct store_txn *txn);
// store_txn_why is the first failure in words (of the batch, until it is ended).
const struct fault *store_txn_why(const struct store_txn *txn);

// ---- rows
// A put whose text is too long for its row is INTERNAL: limits are checked long before.
//
// How far everything is filed. Written by store_put_meta once a batch. A new store has
// zeros and hash = store_first_hash; store_get_meta leaves out as it was on failure.
struct store_meta {
    uint64_t records, items, seq; // last number handed out
    uint64_t oldest_seq;          // oldest change kept; 0 while there is none
    struct digest hash;           // running hash at seq
    uint64_t log_position;        // end of the last batch filed
    int64_t house_us;             // of the last record
};
void store_get_meta(struct store_txn *txn, struct store_meta *out);
void store_put_meta(struct store_txn *txn, const struct store_meta *meta);

// Sort key of a revision: current is the greatest (docs/storage.md, VERSIONS).
struct sort_key {
    bool has_integer;
    int64_t integer;
    int64_t created_us; // TIME_NONE: 0
    uint64_t arrival;   // the seq
};
int sort_key_compare(const struct sort_key *a, const struct sort_key *b);

struct store_item {
    uint64_t item;
    uint16_t source; // number of the source
    bool has_id;     // the source gave the uri
    struct slice uri;
    uint64_t current; // revision
    uint64_t last;    // revision filed last
    struct sort_key current_key;
    struct axes axes;
    uint64_t story;
};
enum wire_err store_get_item(
    struct store_txn *txn, uint64_t number, struct store_item *out);
void store_put_item(struct store_txn *txn, const struct store_item *item);

// A row of the feed: immutable, one per seq.
struct store_change {
    uint64_t seq, record, item, story;
    uint64_t previous; // revision of the item filed before; 0: first
    uint64_t current;  // the item's current revision once this was filed
    uint64_t content;  // the revision that holds the text (TOUCHED points back)
    uint64_t of_seq;   // duplicate, conflict, stale: of what; 0: none
    enum change_class change_class;
    struct slice source, uri, version, language,
        subjects; // subjects: packed list of str
    uint8_t urgency;
    bool has_id;
    struct sort_key key;
    struct axes axes; // of the item after the change
    int64_t house_us;
    struct digest article_digest, key_digest, raw_digest;
    uint16_t normalizer, key_version;
    struct digest hash; // running hash: BLAKE2b-256(hash of seq - 1, canonical row)
};
enum wire_err store_get_change(
    struct store_txn *txn, uint64_t seq, struct store_change *out);
// store_put_change fills in change->hash from the hash before it. The source must have its
// number already; a seq is put once, above all others (else INTERNAL).
void store_put_change(
    struct store_txn *txn, struct store_change *change, const struct digest *before);
// store_change_hash is what store_put_change computes: for verify and for rows not yet in.
struct digest store_change_hash(
    const struct store_change *change, const struct digest *before);
// store_first_hash is the running hash before seq 1: BLAKE2b-256 over the store's id.
struct digest store_first_hash(const struct store_identity *who);

// The slim header of a revision: what a list shows and a gate may hide.
struct store_header {
    uint64_t seq;
    struct slice headline, slugline;
};
enum wire_err store_get_header(
    struct store_txn *txn, uint64_t seq, struct store_header *out);
void store_put_header(struct store_txn *txn, const struct store_header *header);

// The text of a revision: article, and the raw of a single-item submission, in one block.
struct store_revision {
    uint64_t seq;
    enum codec codec;
    uint32_t article_bytes, raw_bytes;
    struct slice block; // empty for TOUCHED: look under the change's content
};
enum wire_err store_get_revision(
    struct store_txn *txn, uint64_t seq, struct store_revision *out);
void store_put_revision(struct store_txn *txn, const struct store_revision *revision);

// A record: the receipt and what finds it again.
struct store_record {
    uint64_t record;
    uint8_t id[SUBMISSION_ID_BYTES];
    uint16_t source;
    struct slice principal, format;
    struct digest request_digest, raw_digest;
    uint64_t raw_bytes;
    uint64_t first_seq, last_seq; // 0, 0: it took none
    int64_t house_us, wall_us;
    struct slice receipt;
    struct slice extra; // article/extra.h; empty: nothing that the row does not say
};
enum wire_err store_get_record(
    struct store_txn *txn, uint64_t number, struct store_record *out);
void store_put_record(struct store_txn *txn, const struct store_record *record);

// Raw bytes that are in no revision's block.
struct store_raw {
    uint64_t record;
    enum codec codec;
    uint32_t raw_bytes;
    struct slice block;
};
enum wire_err store_get_raw(
    struct store_txn *txn, uint64_t record, struct store_raw *out);
void store_put_raw(struct store_txn *txn, const struct store_raw *raw);

// What was quarantined or rejected, by record and place in it.
struct store_quarantine {
    uint64_t record;
    uint32_t item; // from 0
    enum item_fate fate;
    enum wire_err code;
    uint64_t at;
    struct slice field, words;
};
enum wire_err store_get_quarantine(struct store_txn *txn, uint64_t record,
    uint32_t item, struct store_quarantine *out);
void store_put_quarantine(struct store_txn *txn, const struct store_quarantine *q);

// The entry of a record in the quarantine: what became of it, and with which hints it came.
// It is settled once, by the record of the verb that did.
enum entry_state {
    ENTRY_OPEN,
    ENTRY_RETRIED,  // read again, and filed
    ENTRY_RELEASED, // filed as plain text, on somebody's word
    ENTRY_DROPPED,
};
const char *entry_state_name(enum entry_state state); // "retried"
struct store_entry {
    uint64_t record;
    enum entry_state state;
    uint32_t unread;     // of its items: quarantined or rejected
    uint64_t settled_by; // record; 0: open
    struct slice sent;   // the submission, encoded; empty: filed before this was kept
};
enum wire_err store_get_entry(
    struct store_txn *txn, uint64_t record, struct store_entry *out);
// store_put_entry keeps the count of those that are open; sent must not lie in the map.
void store_put_entry(struct store_txn *txn, const struct store_entry *entry);
uint64_t store_entries_open(struct store_txn *txn);
// store_entry_below gives the greatest record below `below` that has an entry.
enum wire_err store_entry_below(
    struct store_txn *txn, uint64_t below, uint64_t *record_out);

// A stamp stands beside a revision whose row can't be changed: by which rules of today it is
// what it is, and under which key its text is found by them. store_stamp_of gives what the
// row of the change says where there is none.
void store_put_stamp(struct store_txn *txn, const struct stamp *stamp);
enum wire_err store_get_stamp(struct store_txn *txn, uint64_t seq, struct stamp *out);
enum wire_err store_stamp_of(
    struct store_txn *txn, const struct store_change *change, struct stamp *out);

// The rules of a source, as last set; and the renewal that was begun last: how far it is.
struct store_rules {
    uint16_t source;
    uint64_t number, record; // of the rules; that set them
    struct slice rules;      // packed, article/rules.h; borrowed by a put
};
void store_put_rules(struct store_txn *txn, const struct store_rules *rules);
enum wire_err store_get_rules(
    struct store_txn *txn, uint16_t source, struct store_rules *out);
void store_put_renewal(struct store_txn *txn, struct slice run);
enum wire_err store_get_renewal(struct store_txn *txn, struct slice *run_out);

// Sources have small numbers, handed out in order of their first record.
// store_source_number gives 0 for a name not seen; store_add_source the next number (its
// own, if it has one), 0 with the transaction failed: a name of 1 to 64 bytes, 65,535 of
// them. Names stand as long as the store is open.
uint16_t store_source_number(struct store_txn *txn, struct slice name);
uint16_t store_add_source(struct store_txn *txn, struct slice name);
struct slice store_source_name(struct store_txn *txn, uint16_t source);
uint16_t store_source_count(struct store_txn *txn);

// ---- lists
// store_source_list gives up to max seqs of one source, greatest first, all below `below`
// (UINT64_MAX: from the head). store_put_change keeps it.
size_t store_source_list(struct store_txn *txn, uint16_t source, uint64_t below,
    uint64_t *seqs_out, size_t max);
// store_seq_at gives the first seq filed at or after house time us, head + 1 if none:
// a binary search, since house time rises with seq.
uint64_t store_seq_at(struct store_txn *txn, int64_t us);

// ---- keeping
// What verify found; one call a finding. words name table, number and cause.
typedef void store_finding_fn(void *context, const char *words);
// store_verify walks every row of every table, beside the writer if there is one: checksums,
// density, that references meet, that the list by source and the changes are one to one,
// that the running hash holds. Returns how many rows it read. Any thread; a page that LMDB
// itself stumbles over may crash it: run it in a process of its own.
uint64_t store_verify(struct store *store, store_finding_fn *finding, void *context);

// Blobs: an environment beside the main one for what can be rebuilt (index/). Keys are 1
// to 511 bytes. Values carry no checksum: who files them puts it in.
struct blobs;
// blobs_open makes directory and files if missing; DAMAGED if they can't be read: then
// blobs_remove them and open again. Never open the same path twice in one process.
enum wire_err blobs_open(
    const char *path, uint64_t map_bytes, struct blobs **out, struct fault *fault);
void blobs_close(struct blobs **blobs);
enum wire_err blobs_remove(const char *path, struct fault *fault); // while it is closed
// One write at a time, on one thread: begin, put and delete, end. Sticky: blobs_end gives
// the first failure, with nothing written; whatever it returns, blobs_begin may follow.
// Values are borrowed for the call alone. Deleting what is not there is no failure.
enum wire_err blobs_begin(struct blobs *blobs); // even if it fails: end or abort
void blobs_put(struct blobs *blobs, struct slice key, struct slice value);
void blobs_delete(struct blobs *blobs, struct slice key);
enum wire_err blobs_end(struct blobs *blobs, struct fault *fault); // STORE_FULL, IO
void blobs_abort(struct blobs *blobs);                             // none open is fine
// A snapshot for reading: values stand until blobs_read_end. Any thread.
struct blobs_read;
enum wire_err blobs_read_begin(struct blobs *blobs, struct blobs_read **out);
void blobs_read_end(struct blobs_read **read);
enum wire_err blobs_get(struct blobs_read *read, struct slice key, struct slice *out);
// blobs_next gives the first key greater than `key` (empty: the first of all).
enum wire_err blobs_next(struct blobs_read *read, struct slice key,
    struct slice *key_out, struct slice *value_out);

#endif
