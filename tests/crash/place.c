#include "place.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define SEGMENT_BYTES (8 * (uint64_t)LOG_BLOCK)

static struct log_settings
settings_of(void)
{
    struct log_settings s = {.epoch = 20, .segment_bytes = SEGMENT_BYTES, .ahead = 2};
    memset(s.store_id, 0x77, sizeof s.store_id);
    return s;
}

static bool
sync_directory(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        (void)close(fd);
    return good;
}

static bool
filed_write(const char *directory, uint64_t position, uint64_t record)
{
    char draft[1100], name[1100];
    uint64_t words[3] = {position, record, position ^ record ^ 0x66696c6564ULL};
    (void)snprintf(draft, sizeof draft, "%s/filed.new", directory);
    (void)snprintf(name, sizeof name, "%s/filed", directory);
    int fd = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool good = fd >= 0 &&
                pwrite(fd, words, sizeof words, 0) == (ssize_t)sizeof words &&
                fsync(fd) == 0;
    if (fd >= 0)
        (void)close(fd);
    return good && rename(draft, name) == 0 && sync_directory(directory);
}

static bool
filed_read(struct place *place)
{
    char name[1100];
    uint64_t words[3];
    (void)snprintf(name, sizeof name, "%s/filed", place->directory);
    int fd = open(name, O_RDONLY | O_CLOEXEC);
    bool good = fd >= 0 && pread(fd, words, sizeof words, 0) == (ssize_t)sizeof words &&
                words[2] == (words[0] ^ words[1] ^ 0x66696c6564ULL);
    if (fd >= 0)
        (void)close(fd);
    if (good) {
        place->filed_position = words[0];
        place->filed_record = words[1];
    }
    return good;
}

bool
place_exists(const char *directory)
{
    char path[1100];
    struct stat st;
    (void)snprintf(path, sizeof path, "%s/store", directory);
    return stat(path, &st) == 0;
}

static bool
build_log(const char *path, struct fault *fault)
{
    struct log_driver driver;
    struct log_settings settings = settings_of();
    if (mkdir(path, 0700) != 0 || log_driver_local(path, &driver, fault) != WIRE_OK)
        return false;
    enum wire_err err = log_create(&driver, &settings, fault);
    driver.close(driver.state);
    return !err && sync_directory(path);
}

static int
remove_one(const char *path, const struct stat *st, int kind, struct FTW *where)
{
    (void)st;
    (void)kind;
    (void)where;
    return remove(path);
}

bool
place_build(const char *directory, struct fault *fault)
{
    char building[1100], log[1200], made[1100];
    (void)snprintf(building, sizeof building, "%s/store.new", directory);
    (void)snprintf(log, sizeof log, "%s/log", building);
    (void)snprintf(made, sizeof made, "%s/store", directory);
    (void)nftw(
        building, remove_one, 8, FTW_DEPTH | FTW_PHYS); // of an attempt cut short
    bool good = mkdir(building, 0700) == 0 && build_log(log, fault) &&
                filed_write(building, 0, 0) && rename(building, made) == 0 &&
                sync_directory(directory);
    if (!good)
        (void)fault_set(fault, WIRE_IO, FAULT_NOWHERE, building, "can't build: %s",
            strerror(errno));
    return good;
}

bool
place_open(const char *directory, log_replay_fn *replay, void *context,
    struct place *out, struct fault *fault)
{
    char path[1200];
    struct log_driver driver;
    struct log_settings settings = settings_of();
    *out = (struct place){0};
    (void)snprintf(out->directory, sizeof out->directory, "%s/store", directory);
    if (!filed_read(out)) {
        (void)fault_set(fault, WIRE_DAMAGED, 0, "filed", "can't be read");
        return false;
    }
    (void)snprintf(path, sizeof path, "%s/log", out->directory);
    return log_driver_local(path, &driver, fault) == WIRE_OK &&
           log_open(driver, &settings, out->filed_position, replay, context, &out->log,
               fault) == WIRE_OK;
}

bool
place_file(struct place *place, uint64_t position, uint64_t record)
{
    if (!filed_write(place->directory, position, record))
        return false;
    place->filed_position = position;
    place->filed_record = record;
    return true;
}

void
place_close(struct place *place)
{
    log_close(&place->log);
}
