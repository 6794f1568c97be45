// What the files of this room share: the store, its transactions, its tables.
#ifndef STORE_INSIDE_H
#define STORE_INSIDE_H

#include "store/env.h"
#include "store/sources.h"
#include "store/store.h"

// The number of a table is in the checksum of each of its rows: never reused.
//     X(NAME, number, "name")
// clang-format off
#define TABLES(X)                    \
    X(META,       1, "meta")         \
    X(SOURCES,    2, "sources")      \
    X(ITEMS,      3, "items")        \
    X(CHANGES,    4, "changes")      \
    X(HEADERS,    5, "headers")      \
    X(REVISIONS,  6, "revisions")    \
    X(RECORDS,    7, "records")      \
    X(RAWS,       8, "raws")         \
    X(QUARANTINE, 9, "quarantine")   \
    X(BY_SOURCE, 10, "by_source")    \
    X(STAMPS,    11, "stamps")       \
    X(RULES,     12, "rules")
// clang-format on
#define TABLE_FIRST_LATER TABLE_STAMPS // from here on: not in stores made before
enum table {
#define X(name, number, text) TABLE_##name = (number),
    TABLES(X)
#undef X
        TABLE_END
};

// Keys of the table meta.
#define META_IDENTITY 1
#define META_PROGRESS 2
#define META_ENTRIES 3
#define META_RENEWAL 4

struct store {
    struct env env;
    struct store_identity who;
    MDB_dbi tables[TABLE_END];
    struct sources sources;
    uint64_t zero_ahead_bytes;
    int zero_fd; // the data file again, for appending only; -1: not wanted
};

struct listed {
    uint64_t seq;
    uint16_t source;
};

struct store_txn {
    struct store *store;
    MDB_txn *txn;   // NULL after it could not be begun again
    MDB_txn *batch; // child of txn, while a batch is open
    bool writing;
    bool batch_gone;    // its commit failed and freed it
    struct fault fault; // the first failure; everything after it does nothing
    uint64_t dirty, dirty_before;
    uint8_t lists_touched[256]; // since the commit, by number of the list, its low byte
    struct listed *listed;      // entries of by_source that are not put yet
    size_t listed_count, listed_room, listed_before;
    uint32_t sources_committed, sources_before; // to go back to
};

static inline MDB_txn *
txn_active(const struct store_txn *txn)
{
    return txn->batch ? txn->batch : txn->txn;
}

// txn_fail makes rc, which `table` gave for row `number`, the fault of txn if it is the
// first. txn_damaged is for rows that are not what was written.
enum wire_err txn_fail(
    struct store_txn *txn, int rc, enum table table, uint64_t number);
enum wire_err txn_damaged(
    struct store_txn *txn, enum table table, uint64_t number, const char *cause);
// txn_forgive lets verify go on after a damaged row.
void txn_forgive(struct store_txn *txn);
// txn_renew moves a reading transaction to the newest snapshot.
enum wire_err txn_renew(struct store_txn *txn);

#endif
