// The door of dedupe/: recognising what we have. Judging is a pure function of what is
// stored and the record: no clock but the record's, no randomness, no thread order.
// The rules, as tables: docs/storage.md, VERSIONS.
#ifndef DEDUPE_DEDUPE_H
#define DEDUPE_DEDUPE_H

#include "article/record.h"
#include "index/index.h"
#include "store/store.h"

// dedupe_digests fills article_digest, key_digest, has_key, has_id and uri; where the
// source gave none, the uri is urn:wireroom:SOURCE:<key digest in hex> (from the article
// digest where there is no text), and the article's is set too. The article as
// it is then is appended to packed, canonical. Runs in the reader, after normalize_article.
// Out of memory shows in the article's arena or in packed.
void dedupe_digests(struct article *a, struct slice source, struct prepared_item *item,
    struct wire_writer *packed);

// judge decides one record inside the writer's transaction: every item in document order,
// each seeing what those before it filed. It reads the store and index and writes neither.
// An item that takes a seq is filed by the caller, through `file`, before judge looks at
// the next. verdict_out fills as it goes (it may be r's own), its receipt is left empty;
// on failure it and the transaction are half done, next is as it was.
struct judge_numbers {
    uint64_t record, item, seq; // next free
};
typedef enum wire_err judge_file_fn(
    void *context, const struct record *r, uint32_t i, const struct item_verdict *v);
enum wire_err judge(struct store_txn *txn, struct index *index, const struct record *r,
    struct judge_numbers *next, judge_file_fn *file, void *context, struct arena *arena,
    struct verdict *verdict_out, struct fault *fault);

// judge_submission_id looks the id up: 0 if (source, id) was never filed, else the record.
uint64_t judge_submission_id(struct store_txn *txn, struct index *index,
    struct slice source, const uint8_t id[16]);

// dedupe_sort_key is the place of a revision among those of its item.
struct sort_key dedupe_sort_key(const struct prepared_item *item, uint64_t seq);

// ---- what filing adds to the index
// The only place that knows which entries a filed row has. fn sees each; a failure of it
// ends the walk and is returned.
typedef enum wire_err dedupe_entry_fn(
    void *context, enum index_kind kind, uint64_t hash, uint64_t number);
enum wire_err dedupe_change_entries(uint16_t source, const struct store_change *change,
    dedupe_entry_fn *fn, void *context);
enum wire_err dedupe_record_entries(
    const struct store_record *record, dedupe_entry_fn *fn, void *context);

// The same into the index: as the writer files, and of a record long filed, when the index
// is filled again. `source` is the number of the record's source.
enum wire_err dedupe_entries_of_item(struct index *index, uint16_t source,
    const struct prepared_item *item, const struct item_verdict *v);
enum wire_err dedupe_entries_of_record(
    struct index *index, const struct store_record *record);
// dedupe_entries_of_stamp adds the key that a revision is found by from now on.
enum wire_err dedupe_entries_of_stamp(
    struct index *index, struct store_txn *txn, const struct stamp *stamp);
enum wire_err dedupe_entries_of_stored(
    struct index *index, struct store_txn *txn, uint64_t record);

#endif
