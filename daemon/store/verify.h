// What the files of verify share.
#ifndef STORE_VERIFY_H
#define STORE_VERIFY_H

#include "store/change.h"
#include "store/record.h"

struct verify {
    struct store_txn *txn;
    store_finding_fn *finding;
    void *context;
    uint64_t rows, open_entries;
    unsigned since_renewal;
    struct store_meta meta; // as it was at the start: rows after that are not looked at
    bool meta_known;
    // Of the change before the one being checked.
    struct digest hash;
    bool hash_known;
    int64_t house_us;
};

// verify_report tells one finding. verify_fault tells what txn failed of and lets it go on.
void verify_report(struct verify *v, enum table table, uint64_t number,
    const char *format, ...) __attribute__((format(printf, 4, 5)));
void verify_fault(struct verify *v);

// verify_holds says whether there is such a row, sound or not. verify_look_up reads a
// change that another row names; one that can't be read is told of in its own place.
bool verify_holds(struct verify *v, enum table table, uint64_t number);
enum wire_err verify_look_up(struct verify *v, uint64_t seq, struct store_change *out);

typedef void verify_check_fn(struct verify *v, const struct table_key *key);
verify_check_fn verify_source, verify_item, verify_change, verify_header,
    verify_revision, verify_record, verify_raw, verify_quarantine, verify_stamp,
    verify_rules, verify_by_source;

#endif
