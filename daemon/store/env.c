// Opening an environment, and what LMDB's return codes mean to us.
#include "store/env.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define MAP_MIN (1ULL << 30)
// A process has 128 TiB of addresses; sanitizers and other maps want their share.
#define MAP_MAX (16ULL << 40)
#define FILE_MODE 0640

uint64_t
env_free_bytes(const char *path)
{
    struct statvfs fs;
    if (statvfs(path, &fs) != 0)
        return UINT64_MAX;
    return (geteuid() == 0 ? fs.f_bfree : fs.f_bavail) * (uint64_t)fs.f_frsize;
}

// Twice the file system, so that it may be grown once without a restart.
static uint64_t
map_bytes_for(const char *path)
{
    struct statvfs fs;
    uint64_t bytes = 0;
    if (statvfs(path, &fs) == 0)
        bytes = 2 * (uint64_t)fs.f_blocks * fs.f_frsize;
    bytes = bytes < MAP_MIN ? MAP_MIN : bytes > MAP_MAX ? MAP_MAX : bytes;
    return bytes & ~((1ULL << 20) - 1); // whole pages of any size
}

static int
configure(MDB_env *mdb, const struct env_settings *settings)
{
    uint64_t map =
        settings->map_bytes ? settings->map_bytes : map_bytes_for(settings->path);
    int rc = mdb_env_set_mapsize(mdb, map);
    if (rc == 0 && settings->readers)
        rc = mdb_env_set_maxreaders(mdb, settings->readers);
    if (rc == 0 && settings->tables)
        rc = mdb_env_set_maxdbs(mdb, settings->tables);
    return rc;
}

// mdb_env_open would make a new file where there is none, and serve it empty.
static int
data_file_exists(const char *path)
{
    char file[PATH_MAX];
    int size = snprintf(file, sizeof file, "%s/data.mdb", path);
    if (size < 0 || (size_t)size >= sizeof file)
        return ENAMETOOLONG;
    return access(file, F_OK) == 0 ? 0 : errno;
}

static int
start(struct env *env, const struct env_settings *settings)
{
    unsigned flags = MDB_NOTLS | (settings->read_only ? MDB_RDONLY : 0);
    int rc = settings->create ? 0 : data_file_exists(settings->path);
    if (rc == 0)
        rc = mdb_env_create(&env->mdb);
    if (rc == 0)
        rc = configure(env->mdb, settings);
    if (rc == 0)
        rc = mdb_env_open(env->mdb, settings->path, flags, FILE_MODE);
    if (rc == 0)
        rc = mdb_reader_check(env->mdb, NULL); // slots of a killed verify
    return rc;
}

// A short file is closed, looked at, and opened again if it is whole.
static enum wire_err
look_at_short(struct env *env, const struct env_settings *settings, uint64_t bytes,
    uint64_t needed, struct fault *fault)
{
    MDB_envinfo info = {0};
    (void)mdb_env_info(env->mdb, &info);
    mdb_env_close(env->mdb);
    env->mdb = NULL;
    return env_check_short(settings, info.me_mapsize, bytes, needed, fault);
}

enum wire_err
env_open(const struct env_settings *settings, struct env *out, struct fault *fault)
{
    struct env env = {.path = strdup(settings->path)};
    if (!env.path)
        return fault_set(
            fault, WIRE_NO_MEMORY, FAULT_NOWHERE, "", "%s", settings->path);
    uint64_t bytes, needed;
    int rc = start(&env, settings);
    if (rc == 0 && env_is_short(&env, &bytes, &needed)) {
        enum wire_err err = look_at_short(&env, settings, bytes, needed, fault);
        if (err) {
            env_close(&env);
            return err;
        }
        rc = start(&env, settings);
    }
    if (rc == 0) {
        *out = env;
        return WIRE_OK;
    }
    // A file of zeros, and one cut off in its first pages, are ENOENT and EINVAL to LMDB.
    bool here = data_file_exists(env.path) == 0;
    enum wire_err err = WIRE_OK;
    if (here && (rc == ENOENT || rc == EINVAL))
        rc = MDB_INVALID;
    if (!here && !settings->create && rc == ENOENT)
        err = fault_set(fault, WIRE_DAMAGED, FAULT_NOWHERE, "",
            "%s/data.mdb is missing", settings->path);
    if (!err)
        err = env_error(&env, rc, 0, settings->path, fault);
    env_close(&env);
    return err;
}

void
env_close(struct env *env)
{
    if (env->mdb)
        mdb_env_close(env->mdb);
    free(env->path);
    *env = (struct env){0};
}

static enum wire_err
code_of(const struct env *env, int rc, uint64_t needed)
{
    switch (rc) {
    case MDB_NOTFOUND:
        return WIRE_NOT_FOUND;
    case MDB_MAP_FULL:
    case ENOSPC:
    case EDQUOT:
        return WIRE_STORE_FULL;
    case EIO:
        return env_free_bytes(env->path) < needed ? WIRE_STORE_FULL : WIRE_IO;
    case ENOMEM:
        return WIRE_NO_MEMORY;
    case MDB_READERS_FULL:
        return WIRE_BUSY;
    case MDB_INVALID:
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
    case MDB_INCOMPATIBLE:
        return WIRE_DAMAGED;
    case MDB_VERSION_MISMATCH:
        return WIRE_STORE_VERSION;
    case MDB_KEYEXIST:
    case MDB_BAD_VALSIZE:
    case MDB_BAD_TXN:
    case MDB_BAD_RSLOT:
    case MDB_BAD_DBI:
    case MDB_TXN_FULL:
    case MDB_CURSOR_FULL:
    case MDB_PAGE_FULL:
    case EINVAL:
        return WIRE_INTERNAL;
    default: // MDB_PANIC too: a meta page could not be written
        return WIRE_IO;
    }
}

enum wire_err
env_error(const struct env *env, int rc, uint64_t needed, const char *doing,
    struct fault *fault)
{
    if (rc == 0)
        return WIRE_OK;
    enum wire_err code = code_of(env, rc, needed);
    const char *name = rc > 0 ? strerrorname_np(rc) : NULL;
    const char *text = rc > 0 ? strerrordesc_np(rc) : mdb_strerror(rc); // both constant
    if (fault)
        (void)fault_set(fault, code, FAULT_NOWHERE, "", "%s: %s%s%s", doing,
            name ? name : "", name ? ", " : "", text ? text : "unknown error");
    return code;
}
