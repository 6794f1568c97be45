// LD_PRELOAD recorder of what a program does to one directory tree.
//   CRASH_ROOT   the directory; what is in it at the start is recorded as durable
//   CRASH_LOG    where the events go
//   CRASH_FAIL   "sync:N" or "write:N": the N-th such call on the tree fails with EIO;
//                "write:N:ENOSPC" with that; "sync:N:EIO:main/data.mdb" counts one file's.
//                What a failed sync was to bring down the page cache goes on showing, until
//                the file is dropped from there (POSIX_FADV_DONTNEED): then the disk
//                answers, and each page is as before or as written
//   CRASH_KILL   N: the process that makes the N-th change of the tree ends right after it,
//                with the status KILLED of toy_store.c
//   CRASH_FLAW   believe-cache: files are not dropped, as if a start never asked for it
//   CRASH_BLIND  syncs of files whose directory and name contain this are not recorded, as
//                if they were left out: for the controls
// One mutex orders all calls, so the log is the order in which they took effect. A shared
// writable mapping of a file in the tree can't be seen and is recorded as EVENT_UNKNOWN;
// LMDB's lock.mdb is one, but whoever opens it first makes it anew, so it is left out.
//
// The program may fork and have one child after another act for it: what is known of the
// tree is shared with them. crash_die ends a process between two calls, never inside one.
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "events.h"

#define EXPORT __attribute__((visibility("default")))
#define MOST_FDS 1024
#define MOST_NODES 16384
#define LEFT_OUT "lock.mdb"
#define NOT_OURS UINT64_MAX
#define MOST_PAGES 16384
#define PAGE ((uint64_t)4096)

// A page that was written since the last sync that worked, and what the disk had before.
struct shadow {
    uint64_t node, number;
    bool clean; // a sync failed on it: the page cache has forgotten that it is not down
    uint8_t disk[PAGE];
};

struct node {
    dev_t device;
    ino_t inode;
    bool live;
    char name[48]; // behind the name of its directory
};

static pthread_mutex_t mutex = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static int log_fd = -1;
static bool off; // no log asked for, or not yet begun
static struct shared {
    struct node nodes[MOST_NODES];
    uint64_t node_count;
    long calls; // of those that CRASH_FAIL counts
    long events;
    size_t shadow_count;
    struct shadow shadows[MOST_PAGES];
} * shared;
static struct {
    uint64_t node; // its number + 1; 0: not ours
    bool dsync;
} fds[MOST_FDS];
static struct {
    char op[8], name[48];
    long n;
    int error;
} fail;
static const char *blind;
static bool believe_cache;
static long kill_at; // 0: never
#define KILLED 85

static void
emit(enum event_type type, uint64_t node, uint64_t a, uint64_t b, const void *payload,
    size_t size)
{
    struct event e = {(uint32_t)type, (uint32_t)size, node, a, b};
    struct iovec parts[2] = {
        {&e,                         sizeof e},
        {(void *)(uintptr_t)payload, size    }
    };
    if (syscall(SYS_writev, log_fd, parts, size ? 2 : 1) != (long)(sizeof e + size))
        _exit(99);
    if (kill_at && type != EVENT_MARK && ++shared->events == kill_at)
        (void)syscall(SYS_exit_group, KILLED);
}

static uint64_t
node_of(const struct stat *st)
{
    for (uint64_t i = shared->node_count; i-- > 0;) {
        const struct node *n = &shared->nodes[i];
        if (n->live && n->inode == st->st_ino && n->device == st->st_dev)
            return i;
    }
    return NOT_OURS;
}

static void
name_node(uint64_t node, uint64_t parent, const char *name)
{
    const char *above = parent == NOT_OURS ? "" : shared->nodes[parent].name;
    const char *slash = strrchr(above, '/');
    (void)snprintf(shared->nodes[node].name, sizeof shared->nodes[node].name,
        "%.20s/%.20s", slash ? slash + 1 : above, name);
}

static uint64_t
node_new(const struct stat *st, uint64_t parent, const char *name)
{
    if (shared->node_count == MOST_NODES)
        _exit(98);
    shared->nodes[shared->node_count] = (struct node){st->st_dev, st->st_ino, true, ""};
    name_node(shared->node_count, parent, name);
    return shared->node_count++;
}

static bool
left_out(const char *name)
{
    return strcmp(name, LEFT_OUT) == 0;
}

// ---- the tree as it is at the start

static void record_tree(int directory, uint64_t node);

static void
record_file(int fd, uint64_t node)
{
    static char bytes[1 << 16];
    uint64_t at = 0;
    long n;
    while ((n = syscall(SYS_read, fd, bytes, sizeof bytes)) > 0) {
        emit(EVENT_WRITE, node, at, 0, bytes, (size_t)n);
        at += (uint64_t)n;
    }
    emit(EVENT_SYNC, node, 0, 0, NULL, 0);
}

static void
record_entry(int directory, uint64_t parent, const char *name)
{
    struct stat st;
    int fd = (int)syscall(SYS_openat, directory, name, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) != 0)
        _exit(97);
    uint64_t node = node_new(&st, parent, name);
    emit(EVENT_CREATE, node, parent, S_ISDIR(st.st_mode), name, strlen(name));
    if (S_ISDIR(st.st_mode))
        record_tree(fd, node);
    else
        record_file(fd, node);
    (void)syscall(SYS_close, fd);
}

static void
record_tree(int directory, uint64_t node)
{
    DIR *dir = fdopendir((int)syscall(SYS_fcntl, directory, F_DUPFD_CLOEXEC, 800));
    struct dirent *entry;
    while (dir && (entry = readdir(dir)))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
            !left_out(entry->d_name))
            record_entry(directory, node, entry->d_name);
    if (dir)
        (void)closedir(dir);
    emit(EVENT_SYNC, node, 0, 0, NULL, 0);
}

static void
begin_failing(void)
{
    char error[16] = "EIO";
    const char *asked = getenv("CRASH_FAIL");
    const char *kill = getenv("CRASH_KILL");
    const char *flaw = getenv("CRASH_FLAW");
    blind = getenv("CRASH_BLIND");
    believe_cache = flaw && strcmp(flaw, "believe-cache") == 0;
    kill_at = kill ? strtol(kill, NULL, 10) : 0;
    if (!asked)
        return;
    if (sscanf(asked, "%7[a-z]:%ld:%15[A-Z]:%47s", fail.op, &fail.n, error, fail.name) <
        2)
        _exit(95);
    fail.error = strcmp(error, "ENOSPC") == 0 ? ENOSPC : EIO;
}

static void
begin(void)
{
    const char *root = getenv("CRASH_ROOT"), *path = getenv("CRASH_LOG");
    struct stat st;
    if (log_fd >= 0 || off)
        return;
    off = true; // while we look around ourselves, and for good without a log
    if (!root || !path)
        return;
    int fd = (int)syscall(
        SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0600);
    log_fd = (int)syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, 900);
    (void)syscall(SYS_close, fd);
    int top =
        (int)syscall(SYS_openat, AT_FDCWD, root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    shared = (void *)syscall(SYS_mmap, NULL, sizeof *shared, PROT_READ | PROT_WRITE,
        MAP_SHARED | MAP_ANONYMOUS, -1, 0L);
    if (shared == MAP_FAILED || log_fd < 0 || top < 0 || fstat(top, &st) != 0)
        _exit(96);
    record_tree(top, node_new(&st, NOT_OURS, ""));
    (void)syscall(SYS_close, top);
    emit(EVENT_MARK, 0, MARK_BEGIN, 0, NULL, 0);
    begin_failing();
    off = false;
}

static bool
enter(void)
{
    (void)pthread_mutex_lock(&mutex);
    begin();
    return !off;
}

static void
leave(void)
{
    (void)pthread_mutex_unlock(&mutex);
}

static bool
fails_now(const char *op, uint64_t node)
{
    if (!fail.n || strcmp(op, fail.op) != 0 ||
        (fail.name[0] && strcmp(shared->nodes[node].name, fail.name) != 0) ||
        ++shared->calls != fail.n)
        return false;
    emit(EVENT_MARK, 0, MARK_FAILED, 0, NULL, 0);
    return true;
}

// ---- what the disk has where a sync failed

static bool
shadowed(uint64_t node)
{
    return fail.n && strcmp(fail.op, "sync") == 0 &&
           (!fail.name[0] || strcmp(shared->nodes[node].name, fail.name) == 0);
}

static void
shadow_page(int fd, uint64_t node, uint64_t number)
{
    for (size_t i = 0; i < shared->shadow_count; i++)
        if (shared->shadows[i].node == node && shared->shadows[i].number == number) {
            shared->shadows[i].clean = false;
            return;
        }
    if (shared->shadow_count == MOST_PAGES)
        _exit(94);
    struct shadow *s = &shared->shadows[shared->shadow_count++];
    s->node = node;
    s->number = number;
    s->clean = false;
    static _Alignas(PAGE) uint8_t old[PAGE]; // the descriptor may be O_DIRECT
    memset(old, 0, PAGE);
    (void)syscall(SYS_pread64, fd, old, PAGE, number * PAGE);
    memcpy(s->disk, old, PAGE);
}

static void
shadow_range(int fd, uint64_t node, const struct iovec *parts, int count, off_t at)
{
    uint64_t size = 0, begin = (uint64_t)at;
    for (int i = 0; i < count; i++)
        size += parts[i].iov_len;
    if (size == 0 || !shadowed(node))
        return;
    for (uint64_t p = begin / PAGE; p <= (begin + size - 1) / PAGE; p++)
        shadow_page(fd, node, p);
}

// A sync takes up what is dirty, and leaves all of it clean whether it worked or not.
static void
shadow_sync(uint64_t node, bool worked)
{
    size_t kept = 0;
    for (size_t i = 0; i < shared->shadow_count; i++) {
        struct shadow *s = &shared->shadows[i];
        if (s->node == node && !s->clean) {
            if (worked)
                continue;
            s->clean = true;
        }
        if (kept != i)
            shared->shadows[kept] = *s;
        kept++;
    }
    shared->shadow_count = kept;
}

// What the disk has of a page that a failed sync left: the old bytes or the new.
static void
shadow_show(int fd, const struct shadow *s)
{
    static uint8_t now[PAGE];
    struct stat st;
    uint64_t at = s->number * PAGE;
    if (fstat(fd, &st) != 0 || at >= (uint64_t)st.st_size)
        return;
    size_t size = (uint64_t)st.st_size - at < PAGE ? (size_t)st.st_size - at : PAGE;
    bool down = (s->number * 0x9e3779b97f4a7c15ULL + (uint64_t)fail.n * 7919) >> 60 & 1;
    if (syscall(SYS_pread64, fd, now, size, at) != (long)size ||
        (!down && syscall(SYS_pwrite64, fd, s->disk, size, at) != (long)size))
        _exit(93);
    emit(EVENT_WRITE, s->node, at, 0, down ? now : s->disk, size);
    emit(EVENT_SYNC_RANGE, s->node, at, size, NULL, 0);
}

static void
shadow_drop(int fd, uint64_t node)
{
    size_t kept = 0;
    for (size_t i = 0; i < shared->shadow_count && !believe_cache; i++) {
        struct shadow *s = &shared->shadows[i];
        if (s->node == node && s->clean) {
            shadow_show(fd, s);
            continue;
        }
        if (kept != i)
            shared->shadows[kept] = *s;
        kept++;
    }
    shared->shadow_count = believe_cache ? shared->shadow_count : kept;
}

// ---- names

// parent_of finds the directory of the tree that a path lies in, and its last part.
static uint64_t
parent_of(int directory, const char *path, const char **name_out)
{
    char parent[4096];
    struct stat st;
    const char *slash = strrchr(path, '/');
    *name_out = slash ? slash + 1 : path;
    (void)snprintf(parent, sizeof parent, "%.*s", slash ? (int)(slash - path + 1) : 1,
        slash ? path : ".");
    if (fstatat(directory, parent, &st, 0) != 0)
        return NOT_OURS;
    return node_of(&st);
}

static uint64_t
entry_of(int directory, const char *path)
{
    struct stat st;
    return fstatat(directory, path, &st, AT_SYMLINK_NOFOLLOW) == 0 ? node_of(&st)
                                                                   : NOT_OURS;
}

static uint64_t
fd_node(int fd)
{
    return fd >= 0 && fd < MOST_FDS && fds[fd].node ? fds[fd].node - 1 : NOT_OURS;
}

#define NEXT(name, type, ...)         \
    static type (*next)(__VA_ARGS__); \
    if (!next)                        \
    *(void **)&next = dlsym(RTLD_NEXT, #name)

static void
note_open(int fd, int directory, const char *path, int flags, bool existed)
{
    struct stat st;
    const char *name;
    uint64_t parent = parent_of(directory, path, &name);
    if (fd < 0 || fd >= MOST_FDS || fstat(fd, &st) != 0 || left_out(name))
        return;
    uint64_t node = node_of(&st);
    if (node == NOT_OURS && (parent == NOT_OURS || existed))
        return;
    if (node == NOT_OURS) {
        node = node_new(&st, parent, name);
        emit(EVENT_CREATE, node, parent, 0, name, strlen(name));
    } else if (flags & O_TRUNC)
        emit(EVENT_SIZE, node, 0, 0, NULL, 0);
    fds[fd].node = node + 1;
    fds[fd].dsync = (flags & O_DSYNC) != 0;
}

static int
open_noted(int directory, const char *path, int flags, mode_t mode)
{
    bool on = enter();
    bool existed = on && faccessat(directory, path, F_OK, 0) == 0;
    int fd = (int)syscall(SYS_openat, directory, path, flags, mode);
    int error = errno;
    if (fd >= 0 && fd < MOST_FDS)
        fds[fd].node = 0;
    if (on)
        note_open(fd, directory, path, flags, existed);
    leave();
    errno = error;
    return fd;
}

// clang-format off
#define OPEN(name)                                                                     \
    EXPORT int name(const char *path, int flags, ...);                                 \
    EXPORT int name(const char *path, int flags, ...)                                  \
    {                                                                                  \
        va_list args;                                                                  \
        va_start(args, flags);                                                         \
        mode_t mode = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(args, mode_t) : 0;      \
        va_end(args);                                                                  \
        return open_noted(AT_FDCWD, path, flags, mode);                                \
    }
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                                                   \
    EXPORT int name(int directory, const char *path, int flags, ...);                  \
    EXPORT int name(int directory, const char *path, int flags, ...)                   \
    {                                                                                  \
        va_list args;                                                                  \
        va_start(args, flags);                                                         \
        mode_t mode = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(args, mode_t) : 0;      \
        va_end(args);                                                                  \
        return open_noted(directory, path, flags, mode);                               \
    }
OPENAT(openat)
OPENAT(openat64)
// clang-format on

EXPORT int creat(const char *path, mode_t mode);
EXPORT int
creat(const char *path, mode_t mode)
{
    return open_noted(AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, mode);
}

EXPORT int close(int fd);
EXPORT int
close(int fd)
{
    NEXT(close, int, int);
    (void)pthread_mutex_lock(&mutex);
    if (fd >= 0 && fd < MOST_FDS)
        fds[fd].node = 0;
    leave();
    return next(fd);
}

// ---- bytes

static void
note_write(int fd, const struct iovec *parts, int count, ssize_t written, off_t at)
{
    uint64_t node = fd_node(fd), offset = (uint64_t)at;
    size_t left = written > 0 ? (size_t)written : 0;
    for (int i = 0; i < count && left; i++) {
        size_t n = parts[i].iov_len < left ? parts[i].iov_len : left;
        emit(EVENT_WRITE, node, offset, 0, parts[i].iov_base, n);
        offset += n;
        left -= n;
    }
    if (written > 0 && fds[fd].dsync)
        emit(EVENT_SYNC_RANGE, node, (uint64_t)at, (uint64_t)written, NULL, 0);
}

// All writes come here; at is -1 for the file's own place.
static ssize_t
write_noted(int fd, const struct iovec *parts, int count, off_t at)
{
    bool on = enter() && fd_node(fd) != NOT_OURS;
    ssize_t n = -1;
    int error = fail.error;
    if (on)
        shadow_range(
            fd, fd_node(fd), parts, count, at < 0 ? lseek(fd, 0, SEEK_CUR) : at);
    if (!on || !fails_now("write", fd_node(fd))) {
        n = at < 0 ? syscall(SYS_writev, fd, parts, count)
                   : syscall(SYS_pwritev, fd, parts, count, at, 0);
        error = errno;
    }
    if (on && n > 0) // the place is known only now: the descriptor may append
        note_write(fd, parts, count, n, at < 0 ? lseek(fd, 0, SEEK_CUR) - n : at);
    leave();
    errno = error;
    return n;
}

// clang-format off
#define PWRITE(name)                                                                   \
    EXPORT ssize_t name(int fd, const void *bytes, size_t size, off_t at);             \
    EXPORT ssize_t name(int fd, const void *bytes, size_t size, off_t at)              \
    {                                                                                  \
        struct iovec part = {(void *)(uintptr_t)bytes, size};                          \
        return write_noted(fd, &part, 1, at);                                          \
    }
PWRITE(pwrite)
PWRITE(pwrite64)

#define PWRITEV(name)                                                                  \
    EXPORT ssize_t name(int fd, const struct iovec *parts, int count, off_t at);       \
    EXPORT ssize_t name(int fd, const struct iovec *parts, int count, off_t at)        \
    {                                                                                  \
        return write_noted(fd, parts, count, at);                                      \
    }
PWRITEV(pwritev)
PWRITEV(pwritev64)
// clang-format on

EXPORT ssize_t write(int fd, const void *bytes, size_t size);
EXPORT ssize_t
write(int fd, const void *bytes, size_t size)
{
    struct iovec part = {(void *)(uintptr_t)bytes, size};
    return write_noted(fd, &part, 1, -1);
}

EXPORT ssize_t writev(int fd, const struct iovec *parts, int count);
EXPORT ssize_t
writev(int fd, const struct iovec *parts, int count)
{
    return write_noted(fd, parts, count, -1);
}

static bool
seen(uint64_t node)
{
    return !blind || !strstr(shared->nodes[node].name, blind);
}

static int
sync_noted(int fd, long number)
{
    uint64_t node = enter() ? fd_node(fd) : NOT_OURS;
    bool fails = node != NOT_OURS && fails_now("sync", node);
    int result = fails ? -1 : (int)syscall(number, fd);
    int error = fails ? fail.error : errno;
    if (node != NOT_OURS && seen(node)) {
        emit(result == 0 ? EVENT_SYNC : EVENT_SYNC_FAIL, node, 0, 0, NULL, 0);
        shadow_sync(node, result == 0);
    }
    leave();
    errno = error;
    return result;
}

EXPORT int fsync(int fd);
EXPORT int
fsync(int fd)
{
    return sync_noted(fd, SYS_fsync);
}

EXPORT int fdatasync(int fd);
EXPORT int
fdatasync(int fd)
{
    return sync_noted(fd, SYS_fdatasync);
}

// clang-format off
#define ADVISE(name)                                                                   \
    EXPORT int name(int fd, off_t at, off_t size, int advice);                         \
    EXPORT int name(int fd, off_t at, off_t size, int advice)                          \
    {                                                                                  \
        if (enter() && fd_node(fd) != NOT_OURS && advice == POSIX_FADV_DONTNEED)       \
            shadow_drop(fd, fd_node(fd));                                              \
        leave();                                                                       \
        return syscall(SYS_fadvise64, fd, at, size, advice) == 0 ? 0 : errno;          \
    }
ADVISE(posix_fadvise)
ADVISE(posix_fadvise64)

#define TRUNCATE(name)                                                                 \
    EXPORT int name(int fd, off_t size);                                               \
    EXPORT int name(int fd, off_t size)                                                \
    {                                                                                  \
        bool on = enter() && fd_node(fd) != NOT_OURS;                                  \
        int result = (int)syscall(SYS_ftruncate, fd, size);                            \
        if (on && result == 0)                                                         \
            emit(EVENT_SIZE, fd_node(fd), (uint64_t)size, 0, NULL, 0);                 \
        leave();                                                                       \
        return result;                                                                 \
    }
TRUNCATE(ftruncate)
TRUNCATE(ftruncate64)

#define ALLOCATE(name)                                                                 \
    EXPORT int name(int fd, int mode, off_t at, off_t size);                           \
    EXPORT int name(int fd, int mode, off_t at, off_t size)                            \
    {                                                                                  \
        struct stat st;                                                                \
        bool on = enter() && fd_node(fd) != NOT_OURS;                                  \
        int result = (int)syscall(SYS_fallocate, fd, mode, at, size);                  \
        if (on && result == 0 && fstat(fd, &st) == 0)                                  \
            emit(mode ? EVENT_UNKNOWN : EVENT_SIZE, fd_node(fd),                       \
                (uint64_t)st.st_size, 0, NULL, 0);                                     \
        leave();                                                                       \
        return result;                                                                 \
    }
ALLOCATE(fallocate)
ALLOCATE(fallocate64)

#define POSIX_ALLOCATE(name)                                                           \
    EXPORT int name(int fd, off_t at, off_t size);                                     \
    EXPORT int name(int fd, off_t at, off_t size)                                      \
    {                                                                                  \
        return fallocate(fd, 0, at, size) == 0 ? 0 : errno;                            \
    }
POSIX_ALLOCATE(posix_fallocate)
POSIX_ALLOCATE(posix_fallocate64)

#define MAP(name)                                                                      \
    EXPORT void *name(void *where, size_t size, int prot, int flags, int fd, off_t at);\
    EXPORT void *name(void *where, size_t size, int prot, int flags, int fd, off_t at) \
    {                                                                                  \
        if (fd >= 0 && (prot & PROT_WRITE) && (flags & MAP_SHARED)) {                  \
            if (enter() && fd_node(fd) != NOT_OURS)                                    \
                emit(EVENT_UNKNOWN, fd_node(fd), 0, 0, "mmap", 4);                     \
            leave();                                                                   \
        }                                                                              \
        return (void *)syscall(SYS_mmap, where, size, prot, flags, fd, at);            \
    }
MAP(mmap)
MAP(mmap64)
// clang-format on

// ---- directories

EXPORT int mkdirat(int directory, const char *path, mode_t mode);
EXPORT int
mkdirat(int directory, const char *path, mode_t mode)
{
    struct stat st;
    const char *name;
    bool on = enter();
    int result = (int)syscall(SYS_mkdirat, directory, path, mode);
    uint64_t parent = on && result == 0 ? parent_of(directory, path, &name) : NOT_OURS;
    if (parent != NOT_OURS && fstatat(directory, path, &st, 0) == 0)
        emit(EVENT_CREATE, node_new(&st, parent, name), parent, 1, name, strlen(name));
    leave();
    return result;
}

EXPORT int mkdir(const char *path, mode_t mode);
EXPORT int
mkdir(const char *path, mode_t mode)
{
    return mkdirat(AT_FDCWD, path, mode);
}

EXPORT int unlinkat(int directory, const char *path, int flags);
EXPORT int
unlinkat(int directory, const char *path, int flags)
{
    const char *name;
    bool on = enter();
    uint64_t node = on ? entry_of(directory, path) : NOT_OURS;
    int result = (int)syscall(SYS_unlinkat, directory, path, flags);
    int error = errno;
    if (node != NOT_OURS && result == 0) {
        uint64_t parent = parent_of(directory, path, &name);
        emit(EVENT_UNLINK, node, parent, 0, name, strlen(name));
        shared->nodes[node].live = false; // its number on the disk may come again
    }
    leave();
    errno = error;
    return result;
}

EXPORT int unlink(const char *path);
EXPORT int
unlink(const char *path)
{
    return unlinkat(AT_FDCWD, path, 0);
}

EXPORT int rmdir(const char *path);
EXPORT int
rmdir(const char *path)
{
    return unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
}

EXPORT int remove(const char *path);
EXPORT int
remove(const char *path)
{
    int result = unlinkat(AT_FDCWD, path, 0);
    return result != 0 && errno == EISDIR ? unlinkat(AT_FDCWD, path, AT_REMOVEDIR)
                                          : result;
}

EXPORT int renameat2(
    int from_dir, const char *from, int to_dir, const char *to, unsigned flags);
EXPORT int
renameat2(int from_dir, const char *from, int to_dir, const char *to, unsigned flags)
{
    const char *old_name, *new_name;
    char names[8192];
    bool on = enter();
    uint64_t node = on ? entry_of(from_dir, from) : NOT_OURS;
    uint64_t over = on ? entry_of(to_dir, to) : NOT_OURS;
    int result = (int)syscall(SYS_renameat2, from_dir, from, to_dir, to, flags);
    bool exchanged = flags == RENAME_EXCHANGE;
    int error = errno;
    if (node != NOT_OURS && result == 0) {
        uint64_t a = parent_of(from_dir, from, &old_name);
        uint64_t b = parent_of(to_dir, to, &new_name);
        int n = snprintf(names, sizeof names, "%s%c%s", old_name, 0, new_name);
        emit(exchanged ? EVENT_EXCHANGE : EVENT_RENAME, node, a, b, names, (size_t)n);
        name_node(node, b, new_name);
        if (exchanged)
            name_node(over, a, old_name);
        else if (over != NOT_OURS && over != node)
            shared->nodes[over].live = false;
    }
    leave();
    errno = error;
    return result;
}

EXPORT int renameat(int from_dir, const char *from, int to_dir, const char *to);
EXPORT int
renameat(int from_dir, const char *from, int to_dir, const char *to)
{
    return renameat2(from_dir, from, to_dir, to, 0);
}

EXPORT int rename(const char *from, const char *to);
EXPORT int
rename(const char *from, const char *to)
{
    return renameat(AT_FDCWD, from, AT_FDCWD, to);
}

// ---- marks

EXPORT void crash_mark(int kind, uint64_t value, const void *bytes, size_t size);
EXPORT void
crash_mark(int kind, uint64_t value, const void *bytes, size_t size)
{
    if (enter())
        emit(EVENT_MARK, 0, (uint64_t)kind, value, bytes, size);
    leave();
}

EXPORT void crash_die(int status);
EXPORT void
crash_die(int status)
{
    (void)enter(); // nobody is between a call and its event now
    (void)syscall(SYS_exit_group, status);
}
