// A second environment of one plain table, for what can be rebuilt from the first: the
// packed segments of index/. Values carry no checksum of ours: a look-up reads a few bytes
// of a value of a megabyte, so whoever files them puts checksums where it looks.
#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/env.h"
#include "store/store.h"

struct blobs {
    struct env env;
    MDB_dbi table;
    MDB_txn *txn; // open between begin and end
    bool writing;
    int rc;         // first failure since begin
    uint64_t dirty; // bytes put since begin: what the commit needs of the disk
};

struct blobs_read {
    const struct blobs *blobs;
    MDB_txn *txn;
};

static enum wire_err
open_table(struct blobs *blobs, struct fault *fault)
{
    MDB_txn *txn;
    int rc = mdb_txn_begin(blobs->env.mdb, NULL, MDB_RDONLY, &txn);
    if (rc == 0) {
        rc = mdb_dbi_open(txn, NULL, 0, &blobs->table);
        mdb_txn_abort(txn); // the unnamed table needs no commit to keep its handle
    }
    return env_error(&blobs->env, rc, 0, blobs->env.path, fault);
}

enum wire_err
blobs_open(
    const char *path, uint64_t map_bytes, struct blobs **out, struct fault *fault)
{
    if (mkdir(path, 0750) != 0 && errno != EEXIST)
        return fault_set(fault, WIRE_IO, FAULT_NOWHERE, "", "cannot make %s: %s", path,
            strerrordesc_np(errno));
    struct blobs *blobs = calloc(1, sizeof *blobs);
    if (!blobs)
        return fault_set(fault, WIRE_NO_MEMORY, FAULT_NOWHERE, "", "%s", path);
    struct env_settings settings = {
        .path = path, .map_bytes = map_bytes, .create = true};
    enum wire_err err = env_open(&settings, &blobs->env, fault);
    if (!err)
        err = open_table(blobs, fault);
    if (err)
        blobs_close(&blobs);
    else
        *out = blobs;
    return err;
}

void
blobs_close(struct blobs **blobs)
{
    if (!*blobs)
        return;
    blobs_abort(*blobs);
    env_close(&(*blobs)->env);
    free(*blobs);
    *blobs = NULL;
}

static enum wire_err
remove_file(const char *path, const char *name, struct fault *fault)
{
    char file[PATH_MAX];
    int size = snprintf(file, sizeof file, "%s/%s", path, name);
    if (size < 0 || (size_t)size >= sizeof file)
        return fault_set(
            fault, WIRE_IO, FAULT_NOWHERE, "", "%s: too long a path", path);
    if (unlink(file) == 0 || errno == ENOENT)
        return WIRE_OK;
    return fault_set(fault, WIRE_IO, FAULT_NOWHERE, "", "cannot remove %s: %s", file,
        strerrordesc_np(errno));
}

enum wire_err
blobs_remove(const char *path, struct fault *fault)
{
    enum wire_err err = remove_file(path, "data.mdb", fault);
    return err ? err : remove_file(path, "lock.mdb", fault);
}

// ---- writing

enum wire_err
blobs_begin(struct blobs *blobs)
{
    assert(!blobs->writing);
    blobs->writing = true;
    blobs->dirty = 0;
    blobs->rc = mdb_txn_begin(blobs->env.mdb, NULL, 0, &blobs->txn);
    return env_error(&blobs->env, blobs->rc, 0, blobs->env.path, NULL);
}

void
blobs_put(struct blobs *blobs, struct slice key, struct slice value)
{
    assert(blobs->writing);
    if (blobs->rc)
        return;
    MDB_val k = env_val(key.data, key.size), v = env_val(value.data, value.size);
    blobs->rc = mdb_put(blobs->txn, blobs->table, &k, &v, 0);
    blobs->dirty += key.size + value.size;
}

void
blobs_delete(struct blobs *blobs, struct slice key)
{
    assert(blobs->writing);
    if (blobs->rc)
        return;
    MDB_val k = env_val(key.data, key.size);
    int rc = mdb_del(blobs->txn, blobs->table, &k, NULL);
    if (rc != MDB_NOTFOUND)
        blobs->rc = rc;
}

enum wire_err
blobs_end(struct blobs *blobs, struct fault *fault)
{
    assert(blobs->writing);
    int rc = blobs->rc;
    if (rc == 0) {
        rc = mdb_txn_commit(blobs->txn); // gone whatever it returns
        blobs->txn = NULL;
    }
    blobs_abort(blobs);
    return env_error(&blobs->env, rc, blobs->dirty, blobs->env.path, fault);
}

void
blobs_abort(struct blobs *blobs)
{
    if (blobs->txn)
        mdb_txn_abort(blobs->txn);
    blobs->txn = NULL;
    blobs->writing = false;
    blobs->rc = 0;
}

// ---- reading

enum wire_err
blobs_read_begin(struct blobs *blobs, struct blobs_read **out)
{
    struct blobs_read *read = calloc(1, sizeof *read);
    if (!read)
        return WIRE_NO_MEMORY;
    read->blobs = blobs;
    int rc = mdb_txn_begin(blobs->env.mdb, NULL, MDB_RDONLY, &read->txn);
    if (rc == 0)
        *out = read;
    else
        free(read);
    return env_error(&blobs->env, rc, 0, blobs->env.path, NULL);
}

void
blobs_read_end(struct blobs_read **read)
{
    if (!*read)
        return;
    mdb_txn_abort((*read)->txn);
    free(*read);
    *read = NULL;
}

enum wire_err
blobs_get(struct blobs_read *read, struct slice key, struct slice *out)
{
    const struct blobs *blobs = read->blobs;
    MDB_val k = env_val(key.data, key.size), v;
    int rc = mdb_get(read->txn, blobs->table, &k, &v);
    if (rc == 0)
        *out = slice_of(v.mv_data, v.mv_size);
    return env_error(&blobs->env, rc, 0, blobs->env.path, NULL);
}

static int
next_after(MDB_cursor *cursor, struct slice key, MDB_val *k, MDB_val *v)
{
    if (key.size == 0)
        return mdb_cursor_get(cursor, k, v, MDB_FIRST);
    *k = env_val(key.data, key.size);
    int rc = mdb_cursor_get(cursor, k, v, MDB_SET_RANGE);
    if (rc == 0 && slice_equal(slice_of(k->mv_data, k->mv_size), key))
        rc = mdb_cursor_get(cursor, k, v, MDB_NEXT);
    return rc;
}

enum wire_err
blobs_next(struct blobs_read *read, struct slice key, struct slice *key_out,
    struct slice *value_out)
{
    const struct blobs *blobs = read->blobs;
    MDB_cursor *cursor;
    MDB_val k, v;
    int rc = mdb_cursor_open(read->txn, blobs->table, &cursor);
    if (rc == 0) {
        rc = next_after(cursor, key, &k, &v);
        mdb_cursor_close(cursor);
    }
    if (rc == 0) {
        *key_out = slice_of(k.mv_data, k.mv_size);
        *value_out = slice_of(v.mv_data, v.mv_size);
    }
    return env_error(&blobs->env, rc, 0, blobs->env.path, NULL);
}
