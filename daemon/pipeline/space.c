#include "pipeline/space.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/logline.h"

static bool
make_ballast(struct space *s)
{
    int fd = open(s->ballast, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    int failed = posix_fallocate(fd, 0, (off_t)s->ballast_bytes);
    (void)close(fd);
    if (failed)
        (void)unlink(s->ballast);
    return !failed;
}

enum wire_err
space_open(struct space *s, const char *store_path, uint64_t ballast_bytes,
    uint64_t floor_bytes, struct fault *fault)
{
    *s = (struct space){.ballast_bytes = ballast_bytes, .floor_bytes = floor_bytes};
    (void)snprintf(s->ballast, sizeof s->ballast, "%s/ballast", store_path);
    s->directory = open(store_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (s->directory < 0)
        return fault_set(fault, WIRE_IO, FAULT_NOWHERE, "", "%s: cannot open: errno %d",
            store_path, errno);
    struct stat st;
    s->held = stat(s->ballast, &st) == 0 && (uint64_t)st.st_size >= ballast_bytes;
    space_look(s);
    return WIRE_OK;
}

void
space_close(struct space *s)
{
    if (s->directory >= 0)
        (void)close(s->directory);
    s->directory = -1;
}

static uint64_t
free_now(const struct space *s)
{
    struct statvfs v;
    if (fstatvfs(s->directory, &v) != 0)
        return UINT64_MAX;
    return (uint64_t)v.f_bavail * v.f_frsize;
}

static void
say_full(struct space *s, bool full)
{
    if (full == s->full)
        return;
    s->full = full;
    if (full)
        log_error(
            "store=full free=%llu floor=%llu next=\"submissions are refused until "
            "space is freed\"",
            (unsigned long long)s->free_bytes, (unsigned long long)s->floor_bytes);
    else
        log_info("store=room free=%llu", (unsigned long long)s->free_bytes);
}

void
space_look(struct space *s)
{
    s->free_bytes = free_now(s);
    bool roomy = s->free_bytes > s->floor_bytes &&
                 s->free_bytes - s->floor_bytes > 2 * s->ballast_bytes;
    if (!s->held && s->ballast_bytes && roomy) {
        s->held = make_ballast(s);
        s->free_bytes = free_now(s);
    }
    say_full(s, s->free_bytes < s->floor_bytes);
}

bool
space_release(struct space *s)
{
    if (!s->held)
        return false;
    s->held = false;
    bool gone = unlink(s->ballast) == 0;
    log_warn("ballast=released bytes=%llu", (unsigned long long)s->ballast_bytes);
    return gone;
}
