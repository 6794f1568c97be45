// A library to preload: counts the daemon's fdatasync and fsync calls, and how long they
// took, by the folder of the store they were for, into the file that BENCH_SYNCS names.
// Reader processes start with an empty environment and are not counted.
#include "syncs.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

static struct syncs *syncs;
static int (*real_fdatasync)(int), (*real_fsync)(int);

__attribute__((constructor)) static void
begin(void)
{
    const char *path = getenv("BENCH_SYNCS");
    int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    *(void **)&real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
    *(void **)&real_fsync = dlsym(RTLD_NEXT, "fsync");
    if (fd < 0)
        return;
    void *page = mmap(NULL, sizeof *syncs, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    syncs = page == MAP_FAILED ? NULL : page;
    (void)close(fd);
}

static enum sync_part
part_of(int fd)
{
    char name[32], path[4096];
    (void)snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(name, path, sizeof path - 1);
    path[n < 0 ? 0 : n] = '\0';
    if (strstr(path, "/log/"))
        return SYNCS_LOG;
    if (strstr(path, "/main/"))
        return SYNCS_MAIN;
    return strstr(path, "/index/") ? SYNCS_INDEX : SYNCS_OTHER;
}

static uint64_t
now_ns(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000ULL + (uint64_t)t.tv_nsec;
}

static int
counted(int (*call)(int), int fd)
{
    if (!syncs)
        return call(fd);
    enum sync_part part = part_of(fd);
    uint64_t begun = now_ns();
    int result = call(fd);
    (void)atomic_fetch_add(&syncs->part[part].count, 1);
    (void)atomic_fetch_add(&syncs->part[part].ns, now_ns() - begun);
    return result;
}

EXPORT int
fdatasync(int fd)
{
    return counted(real_fdatasync, fd);
}

EXPORT int
fsync(int fd)
{
    return counted(real_fsync, fd);
}
