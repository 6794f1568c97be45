// One LMDB environment, opened the only way that survived our crash tests: default sync
// mode, a map that is never resized and is larger than the file system, so that it is
// always the disk that fills. Both environments of a store, main and blobs, are such.
#ifndef STORE_ENV_H
#define STORE_ENV_H

#include <lmdb.h>

#include "proto/proto.h"

struct env {
    MDB_env *mdb;
    char *path; // the directory; owned
};

struct env_settings {
    const char *path;
    uint64_t map_bytes; // 0: larger than the file system
    uint32_t readers;   // 0: LMDB's own default
    unsigned tables;    // named tables; 0: the unnamed one alone
    bool create, read_only;
};

// env_open fails with IO, DAMAGED, STORE_VERSION, NO_MEMORY; out is then empty.
enum wire_err env_open(
    const struct env_settings *settings, struct env *out, struct fault *fault);
void env_close(struct env *env); // an empty one is fine

// env_error turns what LMDB returned from `doing` into our error. LMDB 0.9.24 says EIO
// for a write cut short by a full disk, so EIO is STORE_FULL where the file system has
// less room than `needed` bytes. The words name the errno.
enum wire_err env_error(const struct env *env, int rc, uint64_t needed,
    const char *doing, struct fault *fault);

// env_is_short says whether the data file has fewer bytes than its last commit may need.
// env_check_short then looks, with the environment closed, whether any of what is missing
// is needed: DAMAGED. It forks, so no other environment may be in a transaction.
bool env_is_short(const struct env *env, uint64_t *bytes_out, uint64_t *needed_out);
enum wire_err env_check_short(const struct env_settings *settings, uint64_t map_bytes,
    uint64_t bytes, uint64_t needed, struct fault *fault);

// env_free_bytes is what this process could still write there; UINT64_MAX: not known.
uint64_t env_free_bytes(const char *path);

static inline MDB_val
env_val(const void *data, size_t size)
{
    return (MDB_val){size, (void *)data};
}

#endif
