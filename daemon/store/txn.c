// Transactions: sticky, with batches as children, and a commit that begins again.
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/change.h"

// What a commit writes besides the rows counted: roots, the free list, a meta page.
#define COMMIT_SLACK (256U << 10)

enum wire_err
txn_fail(struct store_txn *txn, int rc, enum table table, uint64_t number)
{
    char doing[64];
    (void)snprintf(
        doing, sizeof doing, "%s %llu", table_name(table), (unsigned long long)number);
    (void)env_error(
        &txn->store->env, rc, txn->dirty + COMMIT_SLACK, doing, &txn->fault);
    return txn->fault.code;
}

enum wire_err
txn_damaged(struct store_txn *txn, enum table table, uint64_t number, const char *cause)
{
    return fault_set(&txn->fault, WIRE_DAMAGED, number, table_name(table),
        "%s %llu: %s", table_name(table), (unsigned long long)number, cause);
}

void
txn_forgive(struct store_txn *txn)
{
    txn->fault = FAULT_NONE;
}

enum wire_err
store_txn_fault(const struct store_txn *txn)
{
    return txn->fault.code;
}

const struct fault *
store_txn_why(const struct store_txn *txn)
{
    return &txn->fault;
}

static struct store_txn *
txn_new(struct store *store, bool writing)
{
    struct store_txn *txn = calloc(1, sizeof *txn);
    if (txn) {
        txn->store = store;
        txn->writing = writing;
        txn->fault = FAULT_NONE;
    }
    return txn;
}

// ---- reading

enum wire_err
store_begin_read(struct store *store, struct store_txn **out)
{
    struct store_txn *txn = txn_new(store, false);
    if (!txn)
        return WIRE_NO_MEMORY;
    int rc = mdb_txn_begin(store->env.mdb, NULL, MDB_RDONLY, &txn->txn);
    if (rc == 0)
        *out = txn;
    else
        free(txn);
    return env_error(&store->env, rc, 0, "begin", NULL);
}

void
store_end_read(struct store_txn **txn)
{
    if (!*txn)
        return;
    assert(!(*txn)->writing);
    if ((*txn)->txn)
        mdb_txn_abort((*txn)->txn);
    free(*txn);
    *txn = NULL;
}

enum wire_err
txn_renew(struct store_txn *txn)
{
    mdb_txn_reset(txn->txn);
    int rc = mdb_txn_renew(txn->txn);
    return rc ? txn_fail(txn, rc, TABLE_META, 0) : txn->fault.code;
}

// ---- writing

static int
begin_writing(struct store_txn *txn)
{
    txn->txn = NULL;
    txn->fault = FAULT_NONE;
    txn->dirty = 0;
    txn->listed_count = 0;
    memset(txn->lists_touched, 0, sizeof txn->lists_touched);
    txn->sources_committed = atomic_load(&txn->store->sources.count);
    return mdb_txn_begin(txn->store->env.mdb, NULL, 0, &txn->txn);
}

enum wire_err
store_begin_write(struct store *store, struct store_txn **out)
{
    struct store_txn *txn = txn_new(store, true);
    if (!txn)
        return WIRE_NO_MEMORY;
    int rc = begin_writing(txn);
    if (rc == 0)
        *out = txn;
    else
        free(txn);
    return env_error(&store->env, rc, 0, "begin", NULL);
}

static void
take_back_sources(struct store_txn *txn, uint32_t count)
{
    struct sources *sources = &txn->store->sources;
    (void)pthread_mutex_lock(&sources->mutex);
    sources_take_back(sources, count);
    (void)pthread_mutex_unlock(&sources->mutex);
}

enum wire_err
store_commit(struct store_txn *txn, struct fault *fault)
{
    assert(txn->writing && !txn->batch);
    list_flush(txn);
    struct fault why = txn->fault;
    if (why.code == WIRE_OK) {
        int rc = mdb_txn_commit(txn->txn); // gone whatever it returns
        (void)env_error(
            &txn->store->env, rc, txn->dirty + COMMIT_SLACK, "commit", &why);
    } else if (txn->txn) {
        mdb_txn_abort(txn->txn);
    }
    if (why.code)
        take_back_sources(txn, txn->sources_committed);
    int rc = begin_writing(txn);
    (void)env_error(&txn->store->env, rc, 0, "begin after commit", &txn->fault);
    if (why.code)
        (void)fault_set(fault, why.code, why.at, why.field, "%s", why.words);
    return why.code;
}

void
store_abort_write(struct store_txn **txn)
{
    if (!*txn)
        return;
    assert((*txn)->writing);
    store_batch_abort(*txn);
    if ((*txn)->txn)
        mdb_txn_abort((*txn)->txn);
    take_back_sources(*txn, (*txn)->sources_committed);
    free((*txn)->listed);
    free(*txn);
    *txn = NULL;
}

uint64_t
store_dirty_bytes(const struct store_txn *txn)
{
    return txn->dirty;
}

// ---- batches

enum wire_err
store_batch_begin(struct store_txn *txn)
{
    assert(txn->writing && !txn->batch);
    if (txn->fault.code)
        return txn->fault.code;
    int rc = mdb_txn_begin(txn->store->env.mdb, txn->txn, 0, &txn->batch);
    if (rc != 0)
        return txn_fail(txn, rc, TABLE_META, 0);
    txn->dirty_before = txn->dirty;
    txn->listed_before = txn->listed_count;
    txn->sources_before = atomic_load(&txn->store->sources.count);
    return WIRE_OK;
}

enum wire_err
store_batch_end(struct store_txn *txn)
{
    assert(txn->batch || txn->fault.code);
    if (txn->fault.code == WIRE_OK) {
        int rc = mdb_txn_commit(txn->batch); // gone whatever it returns
        if (rc == 0) {
            txn->batch = NULL;
            return WIRE_OK;
        }
        txn->batch_gone = true;
        (void)txn_fail(txn, rc, TABLE_META, 0);
    }
    enum wire_err err = txn->fault.code;
    store_batch_abort(txn);
    return err;
}

void
store_batch_abort(struct store_txn *txn)
{
    if (!txn->batch)
        return;
    if (!txn->batch_gone)
        mdb_txn_abort(txn->batch);
    txn->batch = NULL;
    txn->batch_gone = false;
    txn->dirty = txn->dirty_before;
    txn->listed_count = txn->listed_before;
    take_back_sources(txn, txn->sources_before);
    txn->fault = FAULT_NONE;
}
