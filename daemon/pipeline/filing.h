// Making a judged record part of the store. Recovery calls it with the verdict found in
// the log, so what was once receipted is never judged twice.
#ifndef PIPELINE_FILING_H
#define PIPELINE_FILING_H

#include "dedupe/dedupe.h"
#include "pipeline/batch.h"

struct filing {
    struct store_txn *txn;
    struct index *index;      // NULL: entries are there already
    struct tail_batch *batch; // takes the rows; NULL in recovery
    struct digest hash;       // running hash so far; moved on by each row
    uint16_t source;          // number of the record's source
    bool closed_gate;         // a row since filing_begin_record closed one
};

// filing_begin_record finds or adds the source. Then filing_item for each item that files
// content, in order (it is a judge_file_fn), then filing_end_record. The first failure is
// also the transaction's.
enum wire_err filing_begin_record(struct filing *f, const struct record *r);
enum wire_err filing_item(
    void *filing, const struct record *r, uint32_t i, const struct item_verdict *v);
enum wire_err filing_end_record(struct filing *f, const struct record *r);

// filing_record does all three for a record with its verdict.
enum wire_err filing_record(struct filing *f, const struct record *r);

#endif
