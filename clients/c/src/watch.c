#include "watch.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <zmq.h>

#define TRY_MS 200

// ---- the monitor

// The reader is there before anything is reported: a monitor that nobody reads can make
// libzmq hang.
void
watch_begin(struct watch *watch, void *context, void *socket)
{
    char name[64];
    int none = 0;
    watch->socket = socket;
    (void)snprintf(name, sizeof name, "inproc://wireroom-watch-%p", socket);
    watch->events = zmq_socket(context, ZMQ_PAIR);
    if (!watch->events)
        return;
    (void)zmq_setsockopt(watch->events, ZMQ_LINGER, &none, sizeof none);
    if (zmq_socket_monitor(socket, name, ZMQ_EVENT_ALL) != 0 ||
        zmq_connect(watch->events, name) != 0)
        watch_end(watch);
}

static void
note(struct watch *watch, uint16_t event)
{
    switch (event) {
    case ZMQ_EVENT_CONNECT_RETRIED:
        watch->tries++;
        break;
    case ZMQ_EVENT_CONNECTED:
        watch->connected = true;
        break;
    case ZMQ_EVENT_HANDSHAKE_SUCCEEDED:
        watch->handshaken = true;
        break;
    case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL:
    case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
    case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH:
        watch->misbehaved = true;
        break;
    default:
        break;
    }
}

// An event is two frames: its number and a value, and the address.
void
watch_read(struct watch *watch)
{
    unsigned char head[6];
    uint16_t event;
    while (watch->events && zmq_recv(watch->events, head, sizeof head, ZMQ_DONTWAIT) >=
                                (int)sizeof head) {
        memcpy(&event, head, sizeof event);
        (void)zmq_recv(watch->events, NULL, 0, ZMQ_DONTWAIT);
        note(watch, event);
    }
}

void
watch_end(struct watch *watch)
{
    watch_read(watch);
    if (watch->events) {
        (void)zmq_socket_monitor(watch->socket, NULL, 0);
        (void)zmq_close(watch->events);
    }
    watch->events = NULL;
}

// ---- the cause

static int
try_connect(int family, const struct sockaddr *address, socklen_t size)
{
    int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int why = 0;
    socklen_t why_size = sizeof why;
    struct pollfd item = {.fd = fd, .events = POLLOUT};
    if (fd < 0)
        return errno;
    if (connect(fd, address, size) != 0 && errno != EAGAIN) {
        why = errno;
        if (why == EINPROGRESS) {
            why = ETIMEDOUT;
            if (poll(&item, 1, TRY_MS) > 0)
                (void)getsockopt(fd, SOL_SOCKET, SO_ERROR, &why, &why_size);
        }
    }
    (void)close(fd);
    return why;
}

static int
try_ipc(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path || *path == '@')
        return 0;
    memcpy(address.sun_path, path, strlen(path) + 1);
    return try_connect(AF_UNIX, (const struct sockaddr *)&address, sizeof address);
}

// An IPv6 address stands in brackets here, and without them for getaddrinfo.
static bool
host_of(const char *where, const char *colon, char host[256])
{
    size_t size = (size_t)(colon - where);
    bool brackets = size >= 2 && where[0] == '[' && colon[-1] == ']';
    (void)snprintf(host, 256, "%.*s", (int)size - 2 * brackets, where + brackets);
    return size < 256;
}

static int
try_tcp(const char *where)
{
    char host[256];
    const char *colon = strrchr(where, ':');
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
    struct addrinfo *found;
    if (!colon || !host_of(where, colon, host) ||
        getaddrinfo(host, colon + 1, &hints, &found) != 0)
        return 0;
    int why = try_connect(found->ai_family, found->ai_addr, found->ai_addrlen);
    freeaddrinfo(found);
    return why;
}

int
watch_cause(const char *address)
{
    if (strncmp(address, "ipc://", 6) == 0)
        return try_ipc(address + 6);
    if (strncmp(address, "tcp://", 6) == 0)
        return try_tcp(address + 6);
    return 0;
}
