// Starting reader processes: the same program, re-executed, with one descriptor and an
// empty environment.
#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/logline.h"
#include "pipeline/hooks.h"
#include "pipeline/pool.h"

// Sanitizers read their options from the environment; leaks are looked for in the daemon,
// not in a process that ends by _exit under a filter.
static char *const reader_environment[] = {
    "ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1", NULL};

static pid_t
start(const struct pipeline_settings *settings, char *const argv[], int fd, int page)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    pid_t pid = -1;
    const char *program = settings->program ? settings->program : hook_reader();
    (void)sigemptyset(&none);
    (void)posix_spawn_file_actions_init(&actions);
    (void)posix_spawnattr_init(&attributes);
    (void)posix_spawnattr_setsigmask(
        &attributes, &none); // ours blocks what signalfd reads
    (void)posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    // By way of high numbers: the two may lie on each other's place.
    (void)posix_spawn_file_actions_adddup2(&actions, page, 101);
    (void)posix_spawn_file_actions_adddup2(&actions, fd, 100);
    (void)posix_spawn_file_actions_adddup2(&actions, 100, HOP_FD);
    (void)posix_spawn_file_actions_adddup2(&actions, 101, HOP_PAGE_FD);
    (void)posix_spawn_file_actions_addclosefrom_np(&actions, HOP_PAGE_FD + 1);
    if (!program)
        program = "/proc/self/exe"; // still ours after an upgrade of the file
    int failed =
        posix_spawn(&pid, program, &actions, &attributes, argv, reader_environment);
    (void)posix_spawn_file_actions_destroy(&actions);
    (void)posix_spawnattr_destroy(&attributes);
    if (failed)
        log_error("reader=unstarted program=%s errno=%d", program, failed);
    return failed ? -1 : pid;
}

static void
adjust(pid_t pid)
{
    // The kernel's first choice when memory runs out is a reader, never the daemon.
    char path[64];
    (void)snprintf(path, sizeof path, "/proc/%d/oom_score_adj", (int)pid);
    FILE *file = fopen(path, "we");
    if (!file)
        return;
    (void)fputs("1000", file);
    (void)fclose(file);
}

static int
make_page(struct hop_progress **out)
{
    int fd = memfd_create("wireroom-reader", MFD_CLOEXEC);
    void *page = MAP_FAILED;
    if (fd >= 0 && ftruncate(fd, HOP_PAGE_BYTES) == 0)
        page = mmap(NULL, HOP_PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (page == MAP_FAILED) {
        if (fd >= 0)
            (void)close(fd);
        return -1;
    }
    *out = page;
    return fd;
}

void
reader_forget_page(struct hop_progress **progress)
{
    if (*progress)
        (void)munmap(*progress, HOP_PAGE_BYTES);
    *progress = NULL;
}

static bool
make_pair(int pair[2])
{
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        return false;
    int size = (int)HOP_BUFFER; // as much of it as the kernel grants
    for (int i = 0; i < 2; i++)
        (void)setsockopt(pair[i], SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    return true;
}

static pid_t
start_pair(const struct pipeline_settings *settings, const char *mode, int *fd_out,
    struct hop_progress **progress_out)
{
    int pair[2];
    char memory[24];
    (void)snprintf(memory, sizeof memory, "%llu",
        (unsigned long long)settings->reader_memory_bytes);
    char *const argv[] = {"wireroomd", (char *)(uintptr_t)mode, memory,
        settings->sandbox ? "1" : "0", NULL};
    if (!make_pair(pair))
        return -1;
    int page = make_page(progress_out);
    pid_t pid = page < 0 ? -1 : start(settings, argv, pair[1], page);
    (void)close(pair[1]);
    if (page >= 0)
        (void)close(page);
    if (pid < 0) {
        (void)close(pair[0]);
        if (page >= 0)
            reader_forget_page(progress_out);
        return -1;
    }
    adjust(pid);
    *fd_out = pair[0];
    return pid;
}

pid_t
reader_start(const struct pipeline_settings *settings, int *fd_out,
    struct hop_progress **progress_out)
{
    return start_pair(settings, "--reader", fd_out, progress_out);
}

bool
reader_sandbox_holds(const struct pipeline_settings *settings, char *why, size_t size)
{
    int fd, status = 0;
    struct hop_progress *progress = NULL;
    pid_t pid = start_pair(settings, "--reader-selftest", &fd, &progress);
    if (pid < 0) {
        (void)snprintf(why, size, "cannot start a reader process: errno %d", errno);
        return false;
    }
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    (void)close(fd);
    reader_forget_page(&progress);
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
        return true;
    (void)snprintf(why, size,
        "a reader that made a forbidden system call was not killed for it (status %d)",
        status);
    return false;
}
