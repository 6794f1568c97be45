// Segments as files in a directory. A file that has its name is whole: it is made as
// making.new, zeroed and synced slice by slice, and renamed when it is durable, so a power
// cut in the middle leaves nothing that could be taken for a segment.
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log/log.h"

#define MAKING "making.new"
#define ZEROS_BYTES ((size_t)1 << 18)
#define NO_DIRECT (-1)

// A batch is read by nobody before the next start, so it goes past the page cache: writing
// it there first costs a copy and the kernel's work on each page, at every sync.
struct local_file {
    int fd;
    int direct; // the same opened O_DIRECT; NO_DIRECT where the file system has none
};

struct local {
    unsigned magic;
#define LOCAL_MAGIC 0x6c6f6361
    int directory;
    struct local_file *files; // opened at start or when made
    uint64_t count;
    int making;    // descriptor of the file in the making, or -1
    uint64_t made; // bytes of it that are zeroed
    uint8_t *zeros;
};

static struct local *
local_of(void *state)
{
    struct local *local = state;
    if (local->magic != LOCAL_MAGIC)
        abort();
    return local;
}

static void
name_of(uint64_t file, char out[static 32])
{
    (void)snprintf(out, 32, "%06" PRIu64 ".log", file);
}

static int
adopt(struct local *local, int fd)
{
    char name[32];
    struct local_file *files =
        realloc(local->files, (local->count + 1) * sizeof *files);
    if (!files)
        return ENOMEM;
    name_of(local->count, name);
    int direct = openat(local->directory, name, O_RDWR | O_DIRECT | O_CLOEXEC);
    local->files = files;
    local->files[local->count++] =
        (struct local_file){fd, direct < 0 ? NO_DIRECT : direct};
    return 0;
}

// After a failed sync the kernel calls the pages clean that it could not write, and gives
// their bytes to whoever reads, though the disk never had them; so a start that believed
// the page cache would build on bytes that go when the page does. What is dirty is written
// first, then all is dropped, and what recovery reads comes from the disk. That is as far
// as it goes: dropping is a request, which tmpfs and a page that somebody has mapped don't
// follow, and a drive may answer from a cache of its own. A sync that fails here fails the
// start; it has told us then, and the next start drops the pages.
static int
read_from_disk(int fd)
{
    int error = fdatasync(fd) != 0 ? errno : 0;
    (void)posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
    return error;
}

static int
open_files(struct local *local)
{
    for (;;) {
        char name[32];
        name_of(local->count, name);
        int fd = openat(local->directory, name, O_RDWR | O_CLOEXEC);
        if (fd < 0)
            return errno == ENOENT ? 0 : errno;
        int error = read_from_disk(fd);
        if (!error)
            error = adopt(local, fd);
        if (error) {
            (void)close(fd);
            return error;
        }
    }
}

static int
write_whole(int fd, uint64_t at, const uint8_t *bytes, size_t size)
{
    while (size) {
        ssize_t n = pwrite(fd, bytes, size, (off_t)at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n < 0 ? errno : EIO;
        bytes += n;
        at += (uint64_t)n;
        size -= (size_t)n;
    }
    return 0;
}

static int
begin_making(struct local *local, uint64_t size)
{
    int fd = openat(local->directory, MAKING, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC,
        S_IRUSR | S_IWUSR);
    if (fd < 0)
        return errno;
    local->making = fd;
    local->made = 0;
    // Asking for the room first makes a full disk known before it is written to. File
    // systems without fallocate say so, and the zeros find out.
    if (fallocate(fd, 0, 0, (off_t)size) != 0 && (errno == ENOSPC || errno == EDQUOT))
        return errno;
    return 0;
}

static void
give_up_making(struct local *local)
{
    if (local->making < 0)
        return;
    (void)close(local->making);
    (void)unlinkat(local->directory, MAKING, 0);
    local->making = -1;
}

static int
zero_on(struct local *local, uint64_t size, uint64_t budget)
{
    uint64_t until = budget < size - local->made ? local->made + budget : size;
    while (local->made < until) {
        uint64_t left = until - local->made;
        size_t n = left < ZEROS_BYTES ? (size_t)left : ZEROS_BYTES;
        int error = write_whole(local->making, local->made, local->zeros, n);
        if (error)
            return error;
        local->made += n;
    }
    // Synced as it goes, so that no call ends with one long flush.
    return fsync(local->making) != 0 ? errno : 0;
}

static int
end_making(struct local *local, uint64_t file)
{
    char name[32];
    name_of(file, name);
    if (renameat(local->directory, MAKING, local->directory, name) != 0)
        return errno;
    int fd = local->making;
    local->making = -1;
    if (fsync(local->directory) != 0) {
        int error = errno;
        (void)close(fd);
        return error;
    }
    int error = adopt(local, fd);
    if (error)
        (void)close(fd);
    return error;
}

static int
local_create(
    void *state, uint64_t file, uint64_t size, uint64_t budget, bool *whole_out)
{
    struct local *local = local_of(state);
    if (file != local->count)
        return EEXIST;
    int error = local->making < 0 ? begin_making(local, size) : 0;
    if (!error)
        error = zero_on(local, size, budget);
    bool whole = !error && local->made == size;
    if (whole)
        error = end_making(local, file);
    if (error)
        give_up_making(local);
    else
        *whole_out = whole;
    return error;
}

static int
local_count(void *state, uint64_t *files_out)
{
    *files_out = local_of(state)->count;
    return 0;
}

static int
local_size(void *state, uint64_t file, uint64_t *size_out)
{
    struct local *local = local_of(state);
    struct stat st;
    if (file >= local->count)
        return ENOENT;
    if (fstat(local->files[file].fd, &st) != 0)
        return errno;
    *size_out = (uint64_t)st.st_size;
    return 0;
}

static int
local_read(void *state, uint64_t file, uint64_t at, void *out, size_t size)
{
    struct local *local = local_of(state);
    uint8_t *to = out;
    if (file >= local->count)
        return ENOENT;
    while (size) {
        ssize_t n = pread(local->files[file].fd, to, size, (off_t)at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n < 0 ? errno : EIO;
        to += n;
        at += (uint64_t)n;
        size -= (size_t)n;
    }
    return 0;
}

static bool
is_aligned(uint64_t at, const void *bytes, size_t size)
{
    return (at | (uintptr_t)bytes | size) % LOG_BLOCK == 0;
}

static int
local_write(void *state, uint64_t file, uint64_t at, const void *bytes, size_t size)
{
    struct local *local = local_of(state);
    if (file >= local->count)
        return ENOENT;
    struct local_file *f = &local->files[file];
    if (f->direct == NO_DIRECT || !is_aligned(at, bytes, size))
        return write_whole(f->fd, at, bytes, size);
    int error = write_whole(f->direct, at, bytes, size);
    if (error != EINVAL)
        return error;
    // The file system wants other places or sizes than whole blocks.
    (void)close(f->direct);
    f->direct = NO_DIRECT;
    return write_whole(f->fd, at, bytes, size);
}

static int
local_sync(void *state, uint64_t file)
{
    struct local *local = local_of(state);
    if (file >= local->count)
        return ENOENT;
    // EINTR too is an error here: whether the pages are down is then not known.
    return fdatasync(local->files[file].fd) != 0 ? errno : 0;
}

static void
close_file(struct local_file *file)
{
    (void)close(file->fd);
    if (file->direct != NO_DIRECT)
        (void)close(file->direct);
}

static void
local_close(void *state)
{
    struct local *local = local_of(state);
    give_up_making(local);
    for (uint64_t i = 0; i < local->count; i++)
        close_file(&local->files[i]);
    if (local->directory >= 0)
        (void)close(local->directory);
    free(local->files);
    free(local->zeros);
    local->magic = 0;
    free(local);
}

// A file whose name went down with the power, though a later one's did not, can't be: each
// is durable before the next is begun. So the first missing number ends the list. A start
// that died between a rename and the sync of it left a name that only the page cache has.
static int
local_begin(struct local *local, const char *directory)
{
    local->directory = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (local->directory < 0)
        return errno;
    if (unlinkat(local->directory, MAKING, 0) != 0 && errno != ENOENT)
        return errno;
    if (fsync(local->directory) != 0)
        return errno;
    return open_files(local);
}

enum wire_err
log_driver_local(const char *directory, struct log_driver *out, struct fault *fault)
{
    struct local *local = calloc(1, sizeof *local);
    uint8_t *zeros = calloc(1, ZEROS_BYTES);
    if (!local || !zeros) {
        free(local);
        free(zeros);
        return fault_set(
            fault, WIRE_NO_MEMORY, FAULT_NOWHERE, directory, "log directory");
    }
    *local = (struct local){.magic = LOCAL_MAGIC, .directory = -1, .making = -1};
    local->zeros = zeros;
    int error = local_begin(local, directory);
    if (error) {
        local_close(local);
        return fault_set(fault, WIRE_IO, FAULT_NOWHERE, directory,
            "can't open the log: %s", strerrordesc_np(error));
    }
    *out = (struct log_driver){.name = "local",
        .state = local,
        .create = local_create,
        .count = local_count,
        .size = local_size,
        .read = local_read,
        .write = local_write,
        .sync = local_sync,
        .close = local_close};
    return WIRE_OK;
}
