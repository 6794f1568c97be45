#include "zmtp.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define MORE    1U
#define LONG    2U
#define COMMAND 4U

static int
connect_ipc(const char *path)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof to.sun_path)
        return -1;
    memcpy(to.sun_path, path, strlen(path));
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return fd >= 0 && connect(fd, (void *)&to, sizeof to) == 0 ? fd : -1;
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
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, (void *)&to, sizeof to) != 0)
        return -1;
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return fd;
}

static bool
read_exactly(int fd, uint8_t *out, size_t size)
{
    while (size) {
        ssize_t n = read(fd, out, size);
        if (n <= 0)
            return false;
        out += n;
        size -= (size_t)n;
    }
    return true;
}

static bool
greet(int fd)
{
    uint8_t ours[64] = {0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0x7f, 3, 0, 'N', 'U', 'L', 'L'};
    uint8_t theirs[64];
    return write(fd, ours, sizeof ours) == sizeof ours
        && read_exactly(fd, theirs, sizeof theirs) && theirs[0] == 0xff
        && theirs[10] >= 3;
}

static bool
ready(int fd)
{
    static const uint8_t command[] = "\x04\x1c\x05READY\x0bSocket-Type\x00\x00\x00\x06"
                                     "DEALER";
    uint8_t head[2], body[256];
    if (write(fd, command, sizeof command - 1) < 0 || !read_exactly(fd, head, 2))
        return false;
    return (head[0] & COMMAND) && !(head[0] & LONG) && read_exactly(fd, body, head[1]);
}

bool
zmtp_connect(struct zmtp *z, const char *endpoint)
{
    *z = (struct zmtp){.fd = -1};
    if (strncmp(endpoint, "ipc://", 6) == 0)
        z->fd = connect_ipc(endpoint + 6);
    else if (strncmp(endpoint, "tcp://", 6) == 0)
        z->fd = connect_tcp(endpoint + 6);
    if (z->fd < 0 || !greet(z->fd) || !ready(z->fd)) {
        (void)fprintf(stderr, "cannot connect to %s: errno %d\n", endpoint, errno);
        return false;
    }
    (void)fcntl(z->fd, F_SETFL, O_NONBLOCK);
    return true;
}

void
zmtp_close(struct zmtp *z)
{
    if (z->fd >= 0)
        (void)close(z->fd);
    wire_writer_fini(&z->out);
    free(z->in);
    *z = (struct zmtp){.fd = -1};
}

void
zmtp_put(struct zmtp *z, struct slice frame, bool more)
{
    uint8_t head[9] = {more ? MORE : 0};
    size_t size = 2;
    if (frame.size < 256)
        head[1] = (uint8_t)frame.size;
    else {
        head[0] |= LONG;
        for (int i = 0; i < 8; i++)
            head[1 + i] = (uint8_t)(frame.size >> (56 - 8 * i));
        size = 9;
    }
    wire_put_raw(&z->out, slice_of(head, size));
    wire_put_raw(&z->out, frame);
}

bool
zmtp_flush(struct zmtp *z)
{
    while (z->out_at < z->out.size) {
        ssize_t n = send(
            z->fd, z->out.data + z->out_at, z->out.size - z->out_at, MSG_NOSIGNAL);
        if (n < 0 && (errno == EAGAIN || errno == EINTR))
            return true;
        if (n <= 0)
            return false;
        z->out_at += (size_t)n;
    }
    wire_writer_reset(&z->out);
    z->out_at = 0;
    return true;
}

bool
zmtp_wants_to_write(const struct zmtp *z)
{
    return z->out_at < z->out.size;
}

bool
zmtp_fill(struct zmtp *z)
{
    memmove(z->in, z->in + z->in_at, z->in_size - z->in_at);
    z->in_size -= z->in_at;
    z->in_at = 0;
    if (z->in_capacity - z->in_size < (1U << 16)) {
        size_t more = z->in_capacity ? z->in_capacity * 2 : 1U << 18;
        uint8_t *grown = realloc(z->in, more);
        if (!grown)
            return false;
        z->in = grown;
        z->in_capacity = more;
    }
    ssize_t n = read(z->fd, z->in + z->in_size, z->in_capacity - z->in_size);
    if (n < 0)
        return errno == EAGAIN || errno == EINTR;
    z->in_size += (size_t)n;
    return n > 0;
}

bool
zmtp_next(struct zmtp *z, struct slice *frame_out, bool *more_out)
{
    const uint8_t *at = z->in + z->in_at;
    size_t left = z->in_size - z->in_at, head = 2;
    if (left < 2)
        return false;
    uint64_t size = at[1];
    if (at[0] & LONG) {
        head = 9;
        if (left < head)
            return false;
        size = 0;
        for (int i = 0; i < 8; i++)
            size = size << 8 | at[1 + i];
    }
    if (left - head < size)
        return false;
    *frame_out = slice_of(at + head, size);
    *more_out = at[0] & MORE;
    z->in_at += head + size;
    return true;
}

void
wire_say(struct zmtp *z, enum wire_message number, const void *message,
    const struct slice *body)
{
    uint8_t prefix[WIRE_PREFIX_BYTES];
    static _Thread_local struct wire_writer w;
    wire_writer_reset(&w);
    wire_prefix_write(prefix, number);
    wire_encode(&w, number, message);
    zmtp_put(z, slice_of(prefix, sizeof prefix), true);
    zmtp_put(z, wire_written(&w), body != NULL);
    if (body)
        zmtp_put(z, *body, false);
}
