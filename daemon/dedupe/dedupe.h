// The door of dedupe/: recognising what we have. Judging is a pure function of what is
// stored and the record: no clock but the record's, no randomness, no thread order.
#ifndef DEDUPE_DEDUPE_H
#define DEDUPE_DEDUPE_H

#include "article/record.h"
#include "index/index.h"
#include "store/store.h"

// dedupe_digests fills article_digest, key_digest, has_key and, where the source gave no
// id, the uri urn:wireroom:SOURCE:<key digest in hex> (from the article digest where there
// is no text). Runs in the reader. The article must be normalized; its uri is set too.
void dedupe_digests(struct article *a, struct slice source, struct prepared_item *item);

// judge decides one record inside the writer's transaction: every item in document order,
// each seeing what those before it filed. It reads the store and index and writes neither;
// next_* are the numbers to hand out. verdict->receipt is left empty.
// The caller files item i (through `file`) before judge looks at item i + 1.
struct judge_numbers {
    uint64_t record, item, seq; // next free
};
typedef enum wire_err judge_file_fn(
    void *context, const struct record *r, uint32_t i, const struct item_verdict *v);
enum wire_err judge(struct store_txn *txn, struct index *index, const struct record *r,
    struct judge_numbers *next, judge_file_fn *file, void *context, struct arena *arena,
    struct verdict *verdict_out, struct fault *fault);

// judge_submission_id looks the id up: 0 if (source, id) was never filed, else the record.
uint64_t judge_submission_id(
    struct store_txn *txn, struct index *index, struct slice source, const uint8_t id[16]);

#endif
