#include "net/bind.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <zmq.h>

#define IPC "ipc://"
#define TCP "tcp://"

// The setting is named in the words, as --set takes it.
static enum wire_err
say(struct fault *fault, enum wire_err code, const char *name, const char *endpoint,
    const char *why)
{
    return fault_set(fault, code, FAULT_NOWHERE, "",
        "cannot listen on %s (listen.%s): %s", endpoint, name, why);
}

// refuse: by our own rules; fail: the system would not have it.
static enum wire_err
refuse(struct fault *fault, const char *name, const char *endpoint, const char *why)
{
    return say(fault, WIRE_BAD_SETTING, name, endpoint, why);
}

static enum wire_err
fail(struct fault *fault, const char *name, const char *endpoint, const char *why)
{
    return say(fault, WIRE_CANNOT_LISTEN, name, endpoint, why);
}

bool
bind_is_ipc(const char *endpoint)
{
    return strncmp(endpoint, IPC, sizeof IPC - 1) == 0;
}

// A path that is too long would be bound elsewhere or not at all: sun_path holds 107 bytes.
static enum wire_err
ipc_allowed(const char *name, const char *endpoint, struct fault *fault)
{
    size_t size = strlen(endpoint) - (sizeof IPC - 1);
    if (size == 0)
        return refuse(fault, name, endpoint, "the path is missing");
    if (size >= sizeof((struct sockaddr_un *)0)->sun_path)
        return refuse(fault, name, endpoint, "the path is longer than 107 bytes");
    return WIRE_OK;
}

// port_ok takes decimal digits alone, 0 to 65535.
static bool
port_ok(const char *text)
{
    if (*text < '0' || *text > '9' || strlen(text) > 5)
        return false;
    char *end;
    long port = strtol(text, &end, 10);
    return *end == '\0' && port <= 65535;
}

// is_loopback takes the four numbers of 127.0.0.0/8 alone: a name could come to mean
// another machine. What is behind the address goes to rest_out.
static bool
is_loopback(const char *address, const char **rest_out)
{
    for (int part = 0; part < 4; part++) {
        char *end;
        if (*address < '0' || *address > '9')
            return false;
        long number = strtol(address, &end, 10);
        if (number > 255 || (part == 0 && number != 127) || (part < 3 && *end != '.'))
            return false;
        address = part < 3 ? end + 1 : end;
    }
    *rest_out = address;
    return true;
}

static enum wire_err
tcp_allowed(const char *name, const char *endpoint, bool open, struct fault *fault)
{
    const char *rest;
    if (!is_loopback(endpoint + sizeof TCP - 1, &rest))
        return refuse(fault, name, endpoint,
            "tcp without keys is served on loopback alone (tcp://127.0.0.1:PORT)");
    if (*rest != ':' || !port_ok(rest + 1))
        return refuse(fault, name, endpoint, "the port is missing or no number");
    if (!open)
        return refuse(fault, name, endpoint,
            "tcp without keys lets every local user in, so it takes --open");
    return WIRE_OK;
}

enum wire_err
bind_allowed(const char *name, const char *endpoint, bool open, struct fault *fault)
{
    if (strlen(endpoint) >= ENDPOINT_MAX)
        return refuse(fault, name, "an endpoint", "it is longer than 255 bytes");
    if (bind_is_ipc(endpoint))
        return ipc_allowed(name, endpoint, fault);
    if (strncmp(endpoint, TCP, sizeof TCP - 1) == 0)
        return tcp_allowed(name, endpoint, open, fault);
    return refuse(fault, name, endpoint, "only ipc:// and tcp:// are served");
}

// path_of gives the file of an endpoint; NULL where it has none (tcp, an abstract address)
// or one that libzmq names and removes itself.
static const char *
path_of(const char *endpoint)
{
    const char *path = endpoint + sizeof IPC - 1;
    return bind_is_ipc(endpoint) && *path != '@' && *path != '*' ? path : NULL;
}

// A socket that takes connections has a living process behind it; one left behind refuses.
static bool
is_served(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t size = strlen(path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0 || size >= sizeof address.sun_path) {
        if (fd >= 0)
            (void)close(fd);
        return false;
    }
    memcpy(address.sun_path, path, size + 1);
    bool served = connect(fd, (struct sockaddr *)&address, sizeof address) == 0 ||
                  errno == EAGAIN; // its backlog is full
    (void)close(fd);
    return served;
}

// libzmq unlinks whatever is at the path before it binds, be it a file of somebody's or
// the socket of another daemon.
static enum wire_err
clear_path(const char *name, const char *endpoint, struct fault *fault)
{
    const char *path = path_of(endpoint);
    struct stat st;
    if (!path || lstat(path, &st) != 0)
        return WIRE_OK;
    if (!S_ISSOCK(st.st_mode))
        return fail(fault, name, endpoint, "there is a file that is no socket");
    if (is_served(path))
        return fail(fault, name, endpoint, "another process is listening there");
    if (unlink(path) != 0 && errno != ENOENT)
        return fail(fault, name, endpoint, strerror(errno));
    return WIRE_OK;
}

// "No such file or directory" is of all things the directory.
static enum wire_err
fail_to_bind(struct fault *fault, const char *name, const char *endpoint, int why)
{
    char words[160];
    const char *path = path_of(endpoint), *slash = path ? strrchr(path, '/') : NULL;
    if (why != ENOENT || !slash)
        return fail(fault, name, endpoint, zmq_strerror(why));
    (void)snprintf(words, sizeof words, "no directory %.*s", (int)(slash - path), path);
    return fail(fault, name, endpoint, words);
}

enum wire_err
bind_socket(void *socket, const char *name, const char *endpoint,
    char actual_out[ENDPOINT_MAX], struct fault *fault)
{
    if (clear_path(name, endpoint, fault) != WIRE_OK)
        return fault->code;
    if (zmq_bind(socket, endpoint) != 0)
        return fail_to_bind(fault, name, endpoint, zmq_errno());
    size_t size = ENDPOINT_MAX;
    if (zmq_getsockopt(socket, ZMQ_LAST_ENDPOINT, actual_out, &size) != 0)
        return fail(fault, name, endpoint, zmq_strerror(errno));
    return WIRE_OK;
}

void
bind_mark(const char *endpoint, struct bind_mark *out)
{
    struct stat st;
    const char *path = path_of(endpoint);
    *out = (struct bind_mark){.path = NULL};
    if (path && lstat(path, &st) == 0)
        *out = (struct bind_mark){path, st.st_dev, st.st_ino};
}

void
bind_unlink(const struct bind_mark *mark)
{
    struct stat st;
    if (mark->path && lstat(mark->path, &st) == 0 && st.st_dev == mark->device &&
        st.st_ino == mark->inode)
        (void)unlink(mark->path);
}
