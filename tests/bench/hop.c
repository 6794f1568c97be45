#include "hop.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/hash.h"
#include "pipeline/hop.h"

static void
fail(const char *why)
{
    perror(why);
    exit(EXIT_FAILURE);
}

static void
become_reader(const char *program, int fd, int page)
{
    if (dup2(fd, 100) < 0 || dup2(page, 101) < 0 || dup2(100, HOP_FD) < 0 ||
        dup2(101, HOP_PAGE_FD) < 0)
        _exit(EXIT_FAILURE);
    (void)execl(program, "wireroomd", "--reader", "0", "1", (char *)NULL);
    _exit(EXIT_FAILURE);
}

struct hop_reader
hop_start(const char *program)
{
    int pair[2], size = (int)HOP_BUFFER;
    int page = memfd_create("reader_bench", MFD_CLOEXEC);
    if (page < 0 || ftruncate(page, HOP_PAGE_BYTES) != 0 ||
        socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        fail("a reader's descriptors");
    for (int i = 0; i < 2; i++)
        (void)setsockopt(pair[i], SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    pid_t pid = fork();
    if (pid == 0)
        become_reader(program, pair[1], page);
    if (pid < 0)
        fail("fork");
    (void)close(pair[1]);
    (void)close(page);
    struct hop_reader reader = {.pid = pid, .fd = pair[0]};
    (void)hop_receive(&reader, 1, 0); // ready
    return reader;
}

// What came with the last answer and belongs to the next, for one reader at a time.
uint64_t
hop_receive(const struct hop_reader *reader, uint32_t count, uint64_t sum)
{
    static uint8_t in[HOP_BUFFER];
    static size_t size;
    static int of = -1;
    struct hop_head head;
    if (of != reader->fd)
        size = 0;
    of = reader->fd;
    while (count) {
        size_t at = 0;
        for (; count && size - at >= sizeof head; count--) {
            memcpy(&head, in + at, sizeof head);
            if (size - at < sizeof head + head.first_bytes)
                break;
            sum = hash64(slice_of(in + at, sizeof head + head.first_bytes), sum);
            at += sizeof head + head.first_bytes;
        }
        memmove(in, in + at, size - at);
        size -= at;
        ssize_t n = count ? read(reader->fd, in + size, sizeof in - size) : 0;
        if (count && n <= 0)
            fail("the reader ended");
        size += (size_t)n;
    }
    return sum;
}

void
hop_send(const struct hop_reader *reader, const struct slice *submissions,
    const struct slice *raws, uint32_t count)
{
    struct hop_head heads[BATCH_MAX];
    struct iovec parts[3 * BATCH_MAX];
    for (uint32_t i = 0; i < count; i++) {
        heads[i] = (struct hop_head){.first_bytes = (uint32_t)submissions[i].size,
            .second_bytes = (uint32_t)raws[i].size,
            .tag = i + 1};
        parts[3 * i] = (struct iovec){&heads[i], sizeof heads[i]};
        parts[3 * i + 1] =
            (struct iovec){(void *)(uintptr_t)submissions[i].data, submissions[i].size};
        parts[3 * i + 2] =
            (struct iovec){(void *)(uintptr_t)raws[i].data, raws[i].size};
    }
    size_t at = 0, all = 3 * (size_t)count;
    while (at < all) {
        ssize_t n = writev(reader->fd, parts + at, (int)(all - at));
        if (n < 0)
            fail("writev");
        for (; at < all && (size_t)n >= parts[at].iov_len; at++)
            n -= (ssize_t)parts[at].iov_len;
        if (at < all) {
            parts[at].iov_base = (uint8_t *)parts[at].iov_base + n;
            parts[at].iov_len -= (size_t)n;
        }
    }
}

double
hop_cpu_us(const struct hop_reader *reader)
{
    clockid_t clock;
    struct timespec t;
    if (clock_getcpuclockid(reader->pid, &clock) != 0 || clock_gettime(clock, &t) != 0)
        fail("the reader's clock");
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

void
hop_end(struct hop_reader *reader)
{
    int status;
    (void)close(reader->fd);
    (void)waitpid(reader->pid, &status, 0);
}
