// The door of index/: hash to numbers. A hash as the key of a B+tree dirties a page of its
// own each time and costs more as it grows; so what arrives lately lives in a head in
// memory, and the rest in packed, sorted segments in an environment beside the main one.
//
// A hit is a candidate: confirm it in the record. A miss is final, and rests on this:
// segments cover exactly the entries of records 1..W, W is stored with them and never past
// the last commit of the main store, the head holds everything after W. Everything here can
// be rebuilt from the store, and is when missing, damaged or foreign.
#ifndef INDEX_INDEX_H
#define INDEX_INDEX_H

#include "store/store.h"

enum index_kind {
    INDEX_ITEM = 0,       // (source, uri) -> item
    INDEX_KEY = 1,        // key digest -> seq
    INDEX_SUBMISSION = 2, // (source, submission id) -> record
    INDEX_VERSION = 3,    // (item, word) -> seq of every revision with that word
    INDEX_CONTENT = 4, // (item, word, article digest) -> seq of all but an item's first
    INDEX_KINDS
};

// Hashes of the kinds: every caller makes them here, so all agree. The word of a revision
// is its version, else its versionCreated, else nothing; a version never meets a time.
uint64_t index_hash_item(uint16_t source, struct slice uri);
uint64_t index_hash_key(const struct digest *key);
uint64_t index_hash_submission(uint16_t source, const uint8_t id[16]);
uint64_t index_hash_version(uint64_t item, struct slice version, int64_t created_us);
uint64_t index_hash_content(uint64_t item, struct slice version, int64_t created_us,
    const struct digest *article_digest);

struct index;
struct index_settings {
    const char *path;      // the environment's directory
    uint64_t map_bytes;    // its address space; 0: larger than the file system
    uint64_t head_bytes;   // a flush to a segment is wanted past this; 0: 64 MiB
    uint64_t chunk_bytes;  // of a segment, at most; 0: 1 MiB
    uint64_t commit_bytes; // written in one commit, at most; 0: 2 MiB
};

// index_open opens or, if missing, damaged or of another store, empties the environment.
// Then the caller adds the entries of every record after index_covered, in order.
enum wire_err index_open(const struct index_settings *settings,
    const struct store_identity *identity, struct index **out, struct fault *fault);
void index_close(struct index **index);
uint64_t index_covered(const struct index *index); // W
// index_clear empties it, head and segments: nothing is covered. For the caller that finds
// W past what the store holds. Before other threads look.
enum wire_err index_clear(struct index *index, struct fault *fault);

// index_add puts an entry into the head, index_add_all several at the price of one lock.
// Writer only. Entries come in order of record, so that the numbers of one hash rise.
// index_mark and index_rewind undo what an aborted batch added.
struct index_entry {
    enum index_kind kind;
    uint64_t hash, number;
};
enum wire_err index_add(
    struct index *index, enum index_kind kind, uint64_t hash, uint64_t number);
enum wire_err index_add_all(
    struct index *index, const struct index_entry *entries, size_t count);
uint64_t index_mark(const struct index *index);
void index_rewind(struct index *index, uint64_t mark);

// index_find gives up to max numbers of a hash, the least first, and returns how many
// there are in all (more than max: only the first max were written). Any thread.
size_t index_find(struct index *index, enum index_kind kind, uint64_t hash,
    uint64_t *numbers_out, size_t max);
// index_fault is what made a look-up fail (damage, no memory); that look-up gave 0, which
// was no miss. Whoever decides something by a miss asks here before it stands. It stays
// until the index is opened again, and damage makes that opening start empty.
enum wire_err index_fault(const struct index *index);

// index_flush moves entries of records up to `record` (committed in the main store) into
// segments and merges small ones, in commits of commit_bytes; it does at most one commit
// a call and returns true while there is more to do. Writer, after its own commit.
// `mark` is index_mark as it was when that record was the last one filed.
bool index_flush(
    struct index *index, uint64_t record, uint64_t mark, struct fault *fault);
bool index_wants_flush(const struct index *index);

// What it holds now, for status and metrics. Writer only.
struct index_sizes {
    uint64_t head_entries, head_bytes;
    uint64_t segments, segment_entries, filter_bytes;
};
void index_sizes(const struct index *index, struct index_sizes *out);

// index_verify walks every segment: order, counts, checksums, W. Returns entries read.
uint64_t index_verify(struct index *index, store_finding_fn *finding, void *context);

#endif
