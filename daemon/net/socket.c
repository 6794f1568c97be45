#include "net/socket.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "base/logline.h"

#define HANDSHAKE_MS 5000
#define LINGER_MS 2000

static bool
set_int(void *socket, int option, int value)
{
    return zmq_setsockopt(socket, option, &value, sizeof value) == 0;
}

static bool
set_options(void *socket, const struct socket_plan *plan)
{
    int64_t frame_bytes = (int64_t)plan->frame_bytes;
    bool ok =
        zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &frame_bytes, sizeof frame_bytes) == 0 &&
        set_int(socket, ZMQ_SNDHWM, plan->send_messages) &&
        set_int(socket, ZMQ_RCVHWM, plan->receive_messages) &&
        set_int(socket, ZMQ_HANDSHAKE_IVL, HANDSHAKE_MS) &&
        set_int(socket, ZMQ_LINGER, LINGER_MS) && set_int(socket, ZMQ_IPV6, 0);
    // Without MANDATORY a message to a peer that is gone or full vanishes in silence.
    if (plan->type == ZMQ_ROUTER)
        ok = ok && set_int(socket, ZMQ_ROUTER_MANDATORY, 1);
    return ok;
}

void *
socket_open(void *context, const struct socket_plan *plan, struct fault *fault)
{
    void *socket = zmq_socket(context, plan->type);
    if (socket && set_options(socket, plan))
        return socket;
    (void)fault_set(fault, WIRE_CANNOT_LISTEN, FAULT_NOWHERE, "",
        "a socket could not be made: %s", zmq_strerror(errno));
    socket_close(&socket);
    return NULL;
}

void
socket_close(void **socket)
{
    if (*socket)
        (void)zmq_close(*socket);
    *socket = NULL;
}

int
socket_fd(void *socket)
{
    int fd = -1;
    size_t size = sizeof fd;
    int rc = zmq_getsockopt(socket, ZMQ_FD, &fd, &size);
    assert(rc == 0);
    return fd;
}

bool
socket_readable(void *socket)
{
    int events = 0, rc;
    size_t size = sizeof events;
    do
        rc = zmq_getsockopt(socket, ZMQ_EVENTS, &events, &size);
    while (rc != 0 && errno == EINTR);
    return rc == 0 && (events & ZMQ_POLLIN);
}

static bool
receive_part(void *socket, zmq_msg_t *part)
{
    int got;
    (void)zmq_msg_init(part);
    do
        got = zmq_msg_recv(part, socket, ZMQ_DONTWAIT);
    while (got < 0 && errno == EINTR);
    if (got >= 0)
        return true;
    (void)zmq_msg_close(part);
    return false;
}

// A message is readable only when all of it is here, so no part is ever waited for.
bool
frames_receive(void *socket, struct frames *out)
{
    zmq_msg_t dropped;
    bool more = true;
    *out = (struct frames){0};
    while (more) {
        zmq_msg_t *part = out->count < FRAMES_MAX ? &out->part[out->count] : &dropped;
        if (!receive_part(socket, part))
            break;
        more = zmq_msg_more(part) != 0;
        if (part == &dropped) {
            (void)zmq_msg_close(part);
            out->flood = true;
        } else {
            out->count++;
        }
    }
    return out->count > 0;
}

void
frames_close(struct frames *frames)
{
    for (unsigned i = 0; i < frames->count; i++)
        (void)zmq_msg_close(&frames->part[i]);
    frames->count = 0;
}

struct slice
frame_bytes(const zmq_msg_t *frame)
{
    zmq_msg_t *f = (zmq_msg_t *)(uintptr_t)frame; // libzmq's getter is not const
    return slice_of(zmq_msg_data(f), zmq_msg_size(f));
}

bool
frame_copy(zmq_msg_t *frame, struct slice bytes)
{
    if (zmq_msg_init_size(frame, bytes.size) != 0)
        return false;
    if (bytes.size > 0)
        memcpy(zmq_msg_data(frame), bytes.data, bytes.size);
    return true;
}

static void
free_adopted(void *data, void *hint)
{
    (void)hint;
    free(data);
}

bool
frame_adopt(zmq_msg_t *frame, struct slice bytes)
{
    void *data = (void *)(uintptr_t)bytes.data;
    if (zmq_msg_init_data(frame, data, bytes.size, free_adopted, NULL) == 0)
        return true;
    free(data);
    return false;
}

static int
send_part(void *socket, zmq_msg_t *part, int flags)
{
    int sent;
    do
        sent = zmq_msg_send(part, socket, flags | ZMQ_DONTWAIT);
    while (sent < 0 && errno == EINTR);
    return sent;
}

// Whether the peer takes the message is decided at its address: libzmq has then room for
// all parts, and a peer that goes away in between takes them to nowhere.
enum sent
frames_send(void *socket, struct slice address, zmq_msg_t *parts, unsigned count)
{
    zmq_msg_t to;
    if (!frame_copy(&to, address))
        return SENT_LATER;
    if (send_part(socket, &to, ZMQ_SNDMORE) < 0) {
        int error = errno;
        (void)zmq_msg_close(&to);
        return error == EAGAIN ? SENT_LATER : SENT_NEVER;
    }
    for (unsigned i = 0; i < count; i++)
        if (send_part(socket, &parts[i], i + 1 < count ? ZMQ_SNDMORE : 0) < 0)
            log_warn("part=%u why=\"%s\"", i, zmq_strerror(errno));
    return SENT;
}
