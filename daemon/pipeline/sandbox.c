// Order matters: limits, then landlock (needs no_new_privs), then the system call filter,
// which would forbid the two before it. A call outside the list kills the process (SIGSYS).
#include "pipeline/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

static const int allowed[] = {
    SCMP_SYS(read),
    SCMP_SYS(write),
    SCMP_SYS(readv),
    SCMP_SYS(writev),
    SCMP_SYS(futex),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(brk),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(restart_syscall),
};

// What the sanitizers' run-time needs besides, in builds that carry it.
static const int allowed_sanitized[] = {
    SCMP_SYS(mmap),
    SCMP_SYS(mprotect),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(sched_yield),
    SCMP_SYS(getrlimit),
    SCMP_SYS(prctl),
    SCMP_SYS(tgkill),
    SCMP_SYS(nanosleep),
    SCMP_SYS(clock_nanosleep),
};

static bool
limit_resources(uint64_t memory_bytes)
{
    struct rlimit none = {0, 0};
    struct rlimit memory = {memory_bytes, memory_bytes};
    // A sanitizer maps terabytes of shadow: there the daemon watches the resident set.
    if (!SANITIZED && memory_bytes && setrlimit(RLIMIT_AS, &memory) != 0)
        return false;
    if (!SANITIZED && setrlimit(RLIMIT_FSIZE, &none) != 0)
        return false;
    return setrlimit(RLIMIT_CORE, &none) == 0;
}

// landlock(7): a ruleset that handles every right and allows none. Where it is not to be
// had - an older kernel, a container that forbids it - the system call filter alone keeps
// every file closed, and the note says so.
static bool
close_files(char *note, unsigned size)
{
    struct landlock_ruleset_attr attr = {
        .handled_access_fs =
            LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE |
            LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR |
            LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |
            LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR |
            LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK |
            LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |
            LANDLOCK_ACCESS_FS_MAKE_SYM};
    long fd = syscall(SYS_landlock_create_ruleset, &attr, sizeof attr, 0);
    if (fd < 0) {
        (void)snprintf(note, size,
            "no landlock here (%s): the system call filter alone "
            "keeps files closed",
            strerrordesc_np(errno));
        return errno == ENOSYS || errno == EOPNOTSUPP || errno == EPERM;
    }
    bool ok = syscall(SYS_landlock_restrict_self, (int)fd, 0) == 0;
    (void)close((int)fd);
    return ok;
}

static bool
add_all(scmp_filter_ctx filter, const int *calls, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0) != 0)
            return false;
    return true;
}

static bool
close_calls(void)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    if (!filter)
        return false;
    bool ok = add_all(filter, allowed, sizeof allowed / sizeof *allowed);
    if (SANITIZED)
        ok = ok && add_all(filter, allowed_sanitized,
                       sizeof allowed_sanitized / sizeof *allowed_sanitized);
    else // memory, never a file
        ok = ok && seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
                       SCMP_A4(SCMP_CMP_MASKED_EQ, 0xffffffffU, 0xffffffffU)) == 0;
    ok = ok && seccomp_load(filter) == 0;
    seccomp_release(filter);
    return ok;
}

bool
sandbox_close(uint64_t memory_bytes, char *why, unsigned size)
{
    const char *failed = NULL;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        failed = "no_new_privs";
    else if (!limit_resources(memory_bytes))
        failed = "resource limits";
    else if (!close_files(why, size))
        failed = "landlock";
    else if (!close_calls())
        failed = "the system call filter";
    if (failed)
        (void)snprintf(why, size, "cannot set up %s: errno %d", failed, errno);
    return failed == NULL;
}
