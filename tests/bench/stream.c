#include "stream.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define SILENCE_MS 30000

void
bench_fail(const char *words)
{
    (void)fprintf(stderr, "load: %s\n", words);
    _exit(1);
}

static int
opened(int domain, const struct sockaddr *to, socklen_t size)
{
    int fd = socket(domain, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, to, size) == 0)
        return fd;
    if (fd >= 0)
        (void)close(fd);
    return -1;
}

static int
connect_ipc(const char *path)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof to.sun_path)
        return -1;
    memcpy(to.sun_path, path, strlen(path));
    return opened(AF_UNIX, (void *)&to, sizeof to);
}

static int
connect_tcp(const char *place)
{
    char host[64];
    unsigned port;
    int one = 1;
    struct sockaddr_in to = {.sin_family = AF_INET};
    if (sscanf(place, "%63[^:]:%u", host, &port) != 2 || !inet_aton(host, &to.sin_addr))
        return -1;
    to.sin_port = htons((uint16_t)port);
    int fd = opened(AF_INET, (void *)&to, sizeof to);
    if (fd >= 0)
        (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return fd;
}

bool
stream_connect(struct stream *s, const char *endpoint)
{
    *s = (struct stream){.fd = -1};
    if (strncmp(endpoint, "ipc://", 6) == 0)
        s->fd = connect_ipc(endpoint + 6);
    else if (strncmp(endpoint, "tcp://", 6) == 0)
        s->fd = connect_tcp(endpoint + 6);
    if (s->fd < 0)
        return false;
    (void)fcntl(s->fd, F_SETFL, O_NONBLOCK);
    return true;
}

void
stream_close(struct stream *s)
{
    if (s->fd >= 0)
        (void)close(s->fd);
    wire_writer_fini(&s->out);
    free(s->in);
    *s = (struct stream){.fd = -1};
}

void
stream_put(struct stream *s, const void *bytes, size_t size)
{
    wire_put_raw(&s->out, slice_of(bytes, size));
}

void
stream_put_number(struct stream *s, uint64_t value, size_t bytes)
{
    uint8_t big[8];
    for (size_t i = 0; i < bytes; i++)
        big[i] = (uint8_t)(value >> (8 * (bytes - 1 - i)));
    stream_put(s, big, bytes);
}

uint64_t
stream_number(const uint8_t *at, size_t bytes)
{
    uint64_t value = 0;
    for (size_t i = 0; i < bytes; i++)
        value = value << 8 | at[i];
    return value;
}

bool
stream_flush(struct stream *s)
{
    while (s->out_at < s->out.size) {
        ssize_t n =
            send(s->fd, s->out.data + s->out_at, s->out.size - s->out_at, MSG_NOSIGNAL);
        if (n < 0 && (errno == EAGAIN || errno == EINTR))
            return true;
        if (n <= 0)
            return false;
        s->out_at += (size_t)n;
    }
    wire_writer_reset(&s->out);
    s->out_at = 0;
    return !s->out.failed;
}

bool
stream_wants_to_write(const struct stream *s)
{
    return s->out_at < s->out.size;
}

static bool
make_room(struct stream *s)
{
    if (s->in_at == s->in_size)
        s->in_at = s->in_size = 0;
    if (s->in_capacity - s->in_size >= (1U << 16))
        return true;
    if (s->in_at)
        memmove(s->in, s->in + s->in_at, s->in_size - s->in_at);
    s->in_size -= s->in_at;
    s->in_at = 0;
    if (s->in_capacity - s->in_size >= (1U << 16))
        return true;
    size_t more = s->in_capacity ? s->in_capacity * 2 : 1U << 18;
    uint8_t *grown = realloc(s->in, more);
    if (!grown)
        return false;
    s->in = grown;
    s->in_capacity = more;
    return true;
}

bool
stream_fill(struct stream *s)
{
    if (!make_room(s))
        return false;
    ssize_t n = read(s->fd, s->in + s->in_size, s->in_capacity - s->in_size);
    if (n < 0)
        return errno == EAGAIN || errno == EINTR;
    s->in_size += (size_t)n;
    return n > 0;
}

struct slice
stream_unread(const struct stream *s)
{
    return slice_of(s->in + s->in_at, s->in_size - s->in_at);
}

void
stream_take(struct stream *s, size_t size)
{
    s->in_at += size;
}

void
stream_exchange(struct stream *s, size_t size)
{
    while (stream_unread(s).size < size || stream_wants_to_write(s)) {
        short events = (short)(POLLIN | (stream_wants_to_write(s) ? POLLOUT : 0));
        struct pollfd p = {.fd = s->fd, .events = events};
        if (poll(&p, 1, SILENCE_MS) == 0)
            bench_fail("the server says nothing");
        if (!stream_flush(s) || ((p.revents & ~POLLOUT) && !stream_fill(s)))
            bench_fail("the server hung up");
    }
}
