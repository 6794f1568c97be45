// The environment of the main store: making one, opening one, and who it is.
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "store/source.h"
#include "store/table.h"

#define IDENTITY_LAYOUT 1

// ---- tables

static int
open_tables(struct store *store, MDB_txn *txn, unsigned flags, enum table *at_out)
{
    for (enum table t = TABLE_META; t < TABLE_END; t++) {
        int rc = mdb_dbi_open(txn, table_name(t), flags, &store->tables[t]);
        *at_out = t;
        if (rc == MDB_NOTFOUND && t >= TABLE_FIRST_LATER) {
            store->tables[t] = 0; // to be made, if anybody writes
            continue;
        }
        if (rc != 0)
            return rc == MDB_NOTFOUND ? MDB_CORRUPTED : rc;
    }
    return 0;
}

// Handles of tables stay open when the transaction that opened them commits.
static enum wire_err
begin_with_tables(struct store *store, unsigned begin, unsigned open, MDB_txn **txn_out,
    struct fault *fault)
{
    MDB_txn *txn;
    enum table at = TABLE_META;
    int rc = mdb_txn_begin(store->env.mdb, NULL, begin, &txn);
    if (rc == 0) {
        rc = open_tables(store, txn, open, &at);
        if (rc == 0)
            *txn_out = txn;
        else
            mdb_txn_abort(txn);
    }
    char doing[64];
    (void)snprintf(doing, sizeof doing, "open of table %s", table_name(at));
    return env_error(&store->env, rc, 0, doing, fault);
}

// A store made before a table was thought of gets it at its next start.
static enum wire_err
add_tables(struct store *store, struct fault *fault)
{
    MDB_txn *txn;
    bool whole = true;
    for (enum table t = TABLE_FIRST_LATER; t < TABLE_END; t++)
        whole = whole && store->tables[t] != 0;
    if (whole)
        return WIRE_OK;
    enum wire_err err = begin_with_tables(store, 0, MDB_CREATE, &txn, fault);
    return err ? err
               : env_error(
                     &store->env, mdb_txn_commit(txn), 0, "making of tables", fault);
}

// ---- identity

static void
put_identity(struct store_txn *txn, const struct store_identity *who)
{
    struct row_writer w;
    if (!row_begin(
            txn, TABLE_META, key_of(META_IDENTITY), 1 + 16 + 8, PUT_ANYWHERE, &w))
        return;
    row_u8(&w, IDENTITY_LAYOUT);
    row_bytes(&w, who->id, sizeof who->id);
    row_u64(&w, who->epoch);
    row_end(&w);
}

static enum wire_err
get_identity(struct store_txn *txn, struct store_identity *out)
{
    struct row_reader r;
    struct store_identity who;
    struct table_key key = key_of(META_IDENTITY);
    enum wire_err err = row_open(txn, TABLE_META, key, IDENTITY_LAYOUT, &r);
    if (err)
        return err == WIRE_NOT_FOUND
                   ? txn_damaged(txn, TABLE_META, META_IDENTITY, "the row is missing")
                   : err;
    memcpy(who.id, read_bytes(&r, sizeof who.id), sizeof who.id);
    who.epoch = read_u64(&r);
    err = row_close(txn, TABLE_META, &key, &r);
    if (!err)
        *out = who;
    return err;
}

void
store_put_epoch(struct store_txn *txn, uint64_t epoch)
{
    struct store *store = txn->store;
    struct store_identity who = store->who;
    who.epoch = epoch;
    put_identity(txn, &who);
    if (store_txn_fault(txn) == WIRE_OK)
        store->who = who;
}

struct digest
store_first_hash(const struct store_identity *who)
{
    return digest_of(slice_of(who->id, sizeof who->id));
}

// ---- creation

static enum wire_err
sync_directory(const char *path, struct fault *fault)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int failed = fd < 0 || fsync(fd) != 0 ? errno : 0;
    if (fd >= 0)
        (void)close(fd);
    return failed ? fault_set(fault, WIRE_IO, FAULT_NOWHERE, "", "sync of %s: %s", path,
                        strerrordesc_np(failed))
                  : WIRE_OK;
}

static enum wire_err
first_commit(struct store *store, const struct store_identity *who, struct fault *fault)
{
    struct store_txn txn = {.store = store, .writing = true, .fault = FAULT_NONE};
    enum wire_err err = begin_with_tables(store, 0, MDB_CREATE, &txn.txn, fault);
    if (err)
        return err;
    put_identity(&txn, who);
    store_put_meta(&txn, &(struct store_meta){.hash = store_first_hash(who)});
    if (txn.fault.code) {
        mdb_txn_abort(txn.txn);
        return fault_set(
            fault, txn.fault.code, FAULT_NOWHERE, "", "%s", txn.fault.words);
    }
    int rc = mdb_txn_commit(txn.txn);
    return env_error(&store->env, rc, txn.dirty, "first commit", fault);
}

enum wire_err
store_create(const struct store_settings *settings,
    const struct store_identity *identity, struct fault *fault)
{
    char file[PATH_MAX];
    (void)snprintf(file, sizeof file, "%s/data.mdb", settings->path);
    if (access(file, F_OK) == 0)
        return fault_set(
            fault, WIRE_IO, FAULT_NOWHERE, "", "%s is there already", file);
    struct store store = {.zero_fd = -1};
    struct env_settings env = {.path = settings->path,
        .map_bytes = settings->map_bytes,
        .tables = TABLE_END,
        .create = true};
    enum wire_err err = env_open(&env, &store.env, fault);
    if (!err)
        err = first_commit(&store, identity, fault);
    env_close(&store.env);
    return err ? err : sync_directory(settings->path, fault);
}

// ---- opening

// A second descriptor of the data file is harmless: LMDB's locks are on lock.mdb.
static int
open_for_zeros(const struct store_settings *settings)
{
    char file[PATH_MAX];
    (void)snprintf(file, sizeof file, "%s/data.mdb", settings->path);
    if (settings->zero_ahead_bytes == 0 || settings->read_only)
        return -1;
    return open(file, O_WRONLY | O_APPEND | O_CLOEXEC); // none: no zeros, no harm
}

static enum wire_err
read_identity(struct store *store, struct fault *fault)
{
    struct store_txn *txn = NULL;
    enum wire_err err = store_begin_read(store, &txn);
    if (err)
        return fault_set(fault, err, FAULT_NOWHERE, "", "%s", store->env.path);
    err = get_identity(txn, &store->who);
    if (!err)
        err = source_load(txn);
    if (err)
        err = fault_set(fault, err, txn->fault.at, txn->fault.field, "%s: %s",
            store->env.path, txn->fault.words);
    store_end_read(&txn);
    return err;
}

static enum wire_err
open_parts(
    struct store *store, const struct store_settings *settings, struct fault *fault)
{
    struct env_settings env = {.path = settings->path,
        .map_bytes = settings->map_bytes,
        .readers = settings->readers,
        .tables = TABLE_END,
        .read_only = settings->read_only};
    MDB_txn *txn = NULL;
    enum wire_err err = env_open(&env, &store->env, fault);
    if (!err)
        err = begin_with_tables(store, MDB_RDONLY, 0, &txn, fault);
    if (!err)
        err = env_error(&store->env, mdb_txn_commit(txn), 0, "open of tables", fault);
    if (!err && !settings->read_only)
        err = add_tables(store, fault);
    if (!err && !sources_init(&store->sources))
        err = fault_set(fault, WIRE_NO_MEMORY, FAULT_NOWHERE, "", "%s", settings->path);
    if (!err)
        err = read_identity(store, fault);
    if (!err)
        store->zero_fd = open_for_zeros(settings);
    return err;
}

enum wire_err
store_open(
    const struct store_settings *settings, struct store **out, struct fault *fault)
{
    struct store *store = calloc(1, sizeof *store);
    if (!store)
        return fault_set(
            fault, WIRE_NO_MEMORY, FAULT_NOWHERE, "", "%s", settings->path);
    store->zero_fd = -1;
    store->zero_ahead_bytes = settings->zero_ahead_bytes;
    enum wire_err err = open_parts(store, settings, fault);
    if (err)
        store_close(&store);
    else
        *out = store;
    return err;
}

void
store_close(struct store **store)
{
    if (!*store)
        return;
    if ((*store)->zero_fd >= 0)
        (void)close((*store)->zero_fd);
    sources_fini(&(*store)->sources);
    env_close(&(*store)->env);
    free(*store);
    *store = NULL;
}

const struct store_identity *
store_who(const struct store *store)
{
    return &store->who;
}

unsigned
store_clear_readers(struct store *store)
{
    int dead = 0;
    (void)mdb_reader_check(store->env.mdb, &dead);
    return dead > 0 ? (unsigned)dead : 0;
}
