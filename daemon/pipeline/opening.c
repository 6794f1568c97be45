#include "pipeline/opening.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

void
opening_path(const struct pipeline_settings *settings, const char *part, char out[4096])
{
    (void)snprintf(out, 4096, "%s/%s", settings->path, part);
}

enum wire_err
opening_cannot(struct fault *fault, const char *what, const char *path)
{
    enum wire_err code = errno == ENOSPC ? WIRE_STORE_FULL : WIRE_IO;
    return fault_set(fault, code, FAULT_NOWHERE, "store.path", "cannot %s %s: %s", what,
        path, strerrordesc_np(errno));
}

static enum wire_err
sync_directory(const char *path, struct fault *fault)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || fsync(fd) != 0) {
        enum wire_err err = opening_cannot(fault, "sync", path);
        if (fd >= 0)
            (void)close(fd);
        return err;
    }
    (void)close(fd);
    return WIRE_OK;
}

enum wire_err
opening_sync_above(const char *path, struct fault *fault)
{
    char parent[4096 + 3];
    (void)snprintf(parent, sizeof parent, "%s/..", path);
    return sync_directory(parent, fault);
}

// ---- the lock

static enum wire_err
in_use(int fd, const char *path, struct fault *fault)
{
    char who[64] = "";
    ssize_t n = pread(fd, who, sizeof who - 1, 0);
    if (n <= 0)
        (void)snprintf(who, sizeof who, "another wireroomd");
    (void)close(fd);
    return fault_set(fault, WIRE_STORE_IN_USE, FAULT_NOWHERE, "store.path",
        "store %s is in use by %s", path, who);
}

static void
sign(int fd)
{
    char who[64];
    struct tm t;
    time_t now = time(NULL);
    (void)localtime_r(&now, &t);
    int n = snprintf(who, sizeof who, "wireroomd pid %d (since %02d:%02d)",
        (int)getpid(), t.tm_hour, t.tm_min);
    if (ftruncate(fd, 0) == 0) {
        ssize_t w = pwrite(fd, who, (size_t)n, 0);
        (void)w; // only words for whoever comes second
    }
}

// A start that was killed between making a name and syncing it leaves one that only the
// page cache knows, so what is found is synced, too. Where the parent is closed to us (a
// service's state directory) it was made for us, long before.
static enum wire_err
make_room(const char *path, struct fault *fault)
{
    char parent[4096 + 3];
    (void)snprintf(parent, sizeof parent, "%s/..", path);
    bool made = mkdir(path, 0750) == 0;
    if (!made && errno != EEXIST)
        return opening_cannot(fault, "make", path);
    if (!made && access(parent, R_OK) != 0)
        return WIRE_OK;
    return sync_directory(parent, fault);
}

enum wire_err
opening_lock(const char *path, int *fd_out, struct fault *fault)
{
    char lock[4096];
    (void)snprintf(lock, sizeof lock, "%s/lock", path);
    if (make_room(path, fault))
        return fault->code;
    int fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (fd < 0)
        return opening_cannot(fault, "open", lock);
    if (flock(fd, LOCK_EX | LOCK_NB) != 0)
        return in_use(fd, path, fault);
    sign(fd);
    *fd_out = fd;
    return WIRE_OK;
}

// ---- creation

static int
remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
    (void)st;
    (void)kind;
    (void)ftw;
    return remove(path);
}

struct log_settings
opening_log_settings(
    const struct pipeline_settings *s, const struct store_identity *who)
{
    struct log_settings out = {
        .epoch = who->epoch, .segment_bytes = s->segment_bytes, .ahead = 2};
    memcpy(out.store_id, who->id, sizeof out.store_id);
    return out;
}

struct store_settings
opening_store_settings(const struct pipeline_settings *s, const char *path)
{
    return (struct store_settings){.path = path,
        .map_bytes = s->map_bytes,
        .zero_ahead_bytes = s->zero_ahead_bytes,
        .readers = 512};
}

enum wire_err
opening_driver(const struct pipeline_settings *settings, const char *path,
    struct log_driver *out, struct fault *fault)
{
    enum wire_err err = log_driver_local(path, out, fault);
    if (!err && settings->wrap_log)
        err = settings->wrap_log(settings->wrap_context, out);
    return err;
}

enum wire_err
opening_make_log(const struct pipeline_settings *s, const char *path,
    const struct log_settings *settings, struct fault *fault)
{
    struct log_driver driver;
    enum wire_err err = opening_driver(s, path, &driver, fault);
    if (err)
        return err;
    err = log_create(&driver, settings, fault);
    driver.close(driver.state);
    return err ? err : sync_directory(path, fault);
}

static enum wire_err
make_parts(const struct pipeline_settings *settings, const struct store_identity *who,
    struct fault *fault)
{
    char main_path[4096], log_path[4096];
    opening_path(settings, "store.new/main", main_path);
    opening_path(settings, "store.new/log", log_path);
    if (mkdir(main_path, 0750) != 0)
        return opening_cannot(fault, "make", main_path);
    if (mkdir(log_path, 0750) != 0)
        return opening_cannot(fault, "make", log_path);
    struct store_settings store = opening_store_settings(settings, main_path);
    struct log_settings log = opening_log_settings(settings, who);
    enum wire_err err = store_create(&store, who, fault);
    return err ? err : opening_make_log(settings, log_path, &log, fault);
}

enum wire_err
opening_make(const struct pipeline_settings *settings, struct fault *fault)
{
    char made[4096], building[4096];
    struct stat st;
    struct store_identity who;
    opening_path(settings, "store", made);
    opening_path(settings, "store.new", building);
    if (stat(made, &st) == 0) // its name may be in the page cache alone
        return sync_directory(settings->path, fault);
    (void)nftw(
        building, remove_one, 16, FTW_DEPTH | FTW_PHYS); // of a start that failed
    if (mkdir(building, 0750) != 0)
        return opening_cannot(fault, "make", building);
    random_bytes(&who.id, sizeof who.id);
    random_bytes(&who.epoch, sizeof who.epoch);
    enum wire_err err = make_parts(settings, &who, fault);
    if (!err)
        err = sync_directory(building, fault);
    if (!err && rename(building, made) != 0)
        err = opening_cannot(fault, "rename", building);
    if (!err)
        err = sync_directory(settings->path, fault);
    return err;
}
