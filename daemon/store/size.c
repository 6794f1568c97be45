// A data file that is shorter than its last commit says may be whole all the same: pages at
// its end that a transaction took and gave back were never written. Or its end was cut off,
// and reading what lay there is a SIGBUS. So a short file is walked by a child, which may
// die of it; the file is not open here meanwhile.
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/env.h"

#define TOUCH 4096U

static int
touch_all(MDB_txn *txn, MDB_dbi table)
{
    MDB_cursor *cursor;
    MDB_val key, row;
    volatile unsigned char sum = 0;
    int rc = mdb_cursor_open(txn, table, &cursor);
    while (rc == 0 && (rc = mdb_cursor_get(cursor, &key, &row, MDB_NEXT)) == 0)
        for (size_t at = 0; at < row.mv_size; at += TOUCH)
            sum =
                (unsigned char)(sum + ((const unsigned char *)row.mv_data)[at] +
                                ((const unsigned char *)row.mv_data)[row.mv_size - 1]);
    return rc == MDB_NOTFOUND ? 0 : rc;
}

// The rows of the unnamed table are the named ones, if there are any.
static int
touch_named(MDB_txn *txn, MDB_dbi unnamed)
{
    MDB_cursor *cursor;
    MDB_val key, row;
    MDB_dbi table;
    char name[64];
    int rc = mdb_cursor_open(txn, unnamed, &cursor);
    while (rc == 0 && (rc = mdb_cursor_get(cursor, &key, &row, MDB_NEXT)) == 0) {
        (void)snprintf(
            name, sizeof name, "%.*s", (int)key.mv_size, (const char *)key.mv_data);
        rc = mdb_dbi_open(txn, name, 0, &table);
        if (rc == 0)
            rc = touch_all(txn, table);
    }
    return rc == MDB_NOTFOUND ? 0 : rc;
}

static int
walk(const char *path, uint64_t map_bytes, unsigned tables)
{
    const MDB_dbi free_pages = 0;
    MDB_env *env;
    MDB_txn *txn = NULL;
    MDB_dbi unnamed;
    int rc = mdb_env_create(&env);
    if (rc == 0)
        rc = mdb_env_set_mapsize(env, map_bytes);
    if (rc == 0 && tables)
        rc = mdb_env_set_maxdbs(env, tables);
    if (rc == 0)
        rc = mdb_env_open(env, path, MDB_RDONLY | MDB_NOLOCK | MDB_NOTLS, 0);
    if (rc == 0)
        rc = mdb_txn_begin(env, NULL, MDB_RDONLY, &txn);
    if (rc == 0)
        rc = mdb_dbi_open(txn, NULL, 0, &unnamed);
    if (rc == 0)
        rc = touch_all(txn, free_pages);
    if (rc == 0)
        rc = touch_all(txn, unnamed);
    return rc == 0 && tables ? touch_named(txn, unnamed) : rc;
}

static bool
survives_a_walk(const char *path, uint64_t map_bytes, unsigned tables)
{
    int status;
    pid_t child = fork();
    if (child == 0) {
        (void)signal(SIGBUS, SIG_DFL);
        _exit(walk(path, map_bytes, tables) == 0 ? 0 : 1);
    }
    return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) &&
           WEXITSTATUS(status) == 0;
}

bool
env_is_short(const struct env *env, uint64_t *bytes_out, uint64_t *needed_out)
{
    MDB_envinfo info;
    MDB_stat pages;
    mdb_filehandle_t fd;
    struct stat st;
    if (mdb_env_info(env->mdb, &info) != 0 || mdb_env_stat(env->mdb, &pages) != 0 ||
        mdb_env_get_fd(env->mdb, &fd) != 0 || fstat(fd, &st) != 0)
        return false;
    *bytes_out = (uint64_t)st.st_size;
    *needed_out = ((uint64_t)info.me_last_pgno + 1) * pages.ms_psize;
    return *bytes_out < *needed_out;
}

enum wire_err
env_check_short(const struct env_settings *settings, uint64_t map_bytes, uint64_t bytes,
    uint64_t needed, struct fault *fault)
{
    char file[96];
    const char *path = settings->path;
    size_t size = strlen(path), most = sizeof file - sizeof "/data.mdb";
    if (survives_a_walk(path, map_bytes, settings->tables))
        return WIRE_OK;
    if (!fault)
        return WIRE_DAMAGED;
    (void)snprintf(
        file, sizeof file, "%s/data.mdb", path + (size > most ? size - most : 0));
    return fault_set(fault, WIRE_DAMAGED, bytes, file,
        "the end of the file is cut off: it has %llu bytes, its last commit needs up "
        "to "
        "%llu",
        (unsigned long long)bytes, (unsigned long long)needed);
}
