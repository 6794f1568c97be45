#include "naive.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"

#define BLOCK 4096U
#define FILE_BYTES (8 * BLOCK)
#define MOST_FILES 256

struct record_header {
    uint64_t magic, number, size, sum;
};
#define RECORD_MAGIC 0x6e616976652e6c67ULL

struct naive {
    struct naive_flaws flaws;
    int directory_fd;
    int fds[MOST_FILES];
    uint64_t files, file, at, last; // the end: file, place, number of the last record
    bool dirty[MOST_FILES];
};

struct naive_flaws
naive_flaws_of(const char *name)
{
    struct naive_flaws flaws = {0};
    if (name) {
        flaws.no_directory_sync = strcmp(name, "no-directory-sync") == 0;
        flaws.no_zeroing = strcmp(name, "no-zeroing") == 0;
        flaws.reuse_block = strcmp(name, "reuse-block") == 0;
        flaws.early_receipt = strcmp(name, "early-receipt") == 0;
        flaws.no_recovery_sync = strcmp(name, "no-recovery-sync") == 0;
    }
    return flaws;
}

bool
naive_exists(const char *directory)
{
    char path[1100];
    struct stat st;
    (void)snprintf(path, sizeof path, "%s/000", directory);
    return stat(path, &st) == 0;
}

static uint64_t
sum_of(const struct record_header *h, const uint8_t *bytes)
{
    return hash64(slice_of(bytes, h->size), h->number * 31 + h->size);
}

// Zeros first and a name last, so that a file with a name is whole.
static bool
add_file(struct naive *naive)
{
    static const uint8_t zeros[FILE_BYTES];
    char name[32];
    (void)snprintf(name, sizeof name, "%03u", (unsigned)naive->files);
    if (naive->files == MOST_FILES)
        return false;
    int fd = openat(
        naive->directory_fd, "new", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0 || pwrite(fd, zeros, sizeof zeros, 0) != (ssize_t)sizeof zeros ||
        fsync(fd) != 0)
        return false;
    if (renameat(naive->directory_fd, "new", naive->directory_fd, name) != 0)
        return false;
    naive->fds[naive->files++] = fd;
    return naive->flaws.no_directory_sync || fsync(naive->directory_fd) == 0;
}

static void
open_files(struct naive *naive)
{
    for (; naive->files < MOST_FILES; naive->files++) {
        char name[32];
        (void)snprintf(name, sizeof name, "%03u", (unsigned)naive->files);
        int fd = openat(naive->directory_fd, name, O_RDWR | O_CLOEXEC);
        if (fd < 0)
            return;
        naive->fds[naive->files] = fd;
    }
}

// read_at is true when a whole record with the number due lies there.
static bool
read_at(struct naive *naive, uint64_t file, uint64_t at, uint8_t *bytes,
    struct record_header *h)
{
    return file < naive->files && at + sizeof *h <= FILE_BYTES &&
           pread(naive->fds[file], h, sizeof *h, (off_t)at) == (ssize_t)sizeof *h &&
           h->magic == RECORD_MAGIC && h->number == naive->last + 1 &&
           h->size <= FILE_BYTES - at - sizeof *h &&
           pread(naive->fds[file], bytes, h->size, (off_t)(at + sizeof *h)) ==
               (ssize_t)h->size &&
           h->sum == sum_of(h, bytes);
}

static uint64_t
after(const struct naive *naive, uint64_t at, uint64_t size)
{
    uint64_t unit = naive->flaws.reuse_block ? 8 : BLOCK;
    return (at + sizeof(struct record_header) + size + unit - 1) / unit * unit;
}

static void
walk(struct naive *naive, naive_record_fn *each, void *context)
{
    static uint8_t bytes[FILE_BYTES];
    struct record_header h;
    for (;;) {
        uint64_t file = naive->file, at = naive->at;
        if (!read_at(naive, file, at, bytes, &h)) {
            file = naive->file + 1;
            at = 0;
            if (!read_at(naive, file, at, bytes, &h))
                return;
        }
        naive->file = file;
        naive->at = after(naive, at, h.size);
        naive->last = h.number;
        each(context, h.number, bytes, h.size);
    }
}

static bool
sync_files(struct naive *naive)
{
    bool good = true;
    for (uint64_t f = 0; f < naive->files; f++)
        good = good && fdatasync(naive->fds[f]) == 0;
    return good;
}

static bool
zero_rest(struct naive *naive)
{
    static const uint8_t zeros[FILE_BYTES];
    bool good = true;
    for (uint64_t f = naive->file; f < naive->files; f++) {
        uint64_t at = f == naive->file ? naive->at : 0;
        if (at < FILE_BYTES)
            good = good && pwrite(naive->fds[f], zeros, FILE_BYTES - at, (off_t)at) ==
                               (ssize_t)(FILE_BYTES - at);
    }
    return good && (naive->flaws.no_recovery_sync || sync_files(naive));
}

struct naive *
naive_open(const char *directory, struct naive_flaws flaws, naive_record_fn *each,
    void *context)
{
    struct naive *naive = calloc(1, sizeof *naive);
    if (!naive)
        return NULL;
    naive->flaws = flaws;
    naive->directory_fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    open_files(naive);
    bool good = naive->directory_fd >= 0 && (naive->files || add_file(naive)) &&
                (flaws.no_recovery_sync || sync_files(naive));
    if (good)
        walk(naive, each, context);
    if (good && !flaws.no_zeroing)
        good = zero_rest(naive);
    if (!good)
        naive_close(&naive);
    return naive;
}

bool
naive_append(struct naive *naive, uint64_t number, const uint8_t *bytes, size_t size)
{
    static uint8_t out[FILE_BYTES];
    struct record_header h = {RECORD_MAGIC, number, size, 0};
    if (size > FILE_BYTES - sizeof h)
        return false;
    if (naive->at + sizeof h + size > FILE_BYTES) {
        naive->file++;
        naive->at = 0;
    }
    if (naive->file == naive->files && !add_file(naive))
        return false;
    h.sum = sum_of(&h, bytes);
    memcpy(out, &h, sizeof h);
    memcpy(out + sizeof h, bytes, size);
    size_t whole = sizeof h + size;
    if (pwrite(naive->fds[naive->file], out, whole, (off_t)naive->at) != (ssize_t)whole)
        return false;
    naive->dirty[naive->file] = true;
    naive->at = after(naive, naive->at, size);
    naive->last = number;
    return true;
}

bool
naive_sync(struct naive *naive)
{
    bool good = true;
    for (uint64_t f = 0; f < naive->files; f++) {
        if (naive->dirty[f])
            good = good && fdatasync(naive->fds[f]) == 0;
        naive->dirty[f] = false;
    }
    return good;
}

void
naive_close(struct naive **naive)
{
    for (uint64_t f = 0; f < (*naive)->files; f++)
        (void)close((*naive)->fds[f]);
    if ((*naive)->directory_fd >= 0)
        (void)close((*naive)->directory_fd);
    free(*naive);
    *naive = NULL;
}
