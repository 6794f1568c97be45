// ZeroMQ's calls as this room uses them: never waiting, every limit set before bind, a
// message as frames with a bound on how many are kept.
#ifndef NET_SOCKET_H
#define NET_SOCKET_H

#include <zmq.h>

#include "proto/proto.h"

// Most bytes of a frame that is not a document: libzmq's handshake fails below 276.
#define SOCKET_FRAME_BYTES (64U << 10)

struct socket_plan {
    int type;             // ZMQ_ROUTER or ZMQ_XPUB
    uint64_t frame_bytes; // a larger frame makes libzmq drop the connection
    int send_messages;    // queued towards one peer before EAGAIN
    int receive_messages; // queued from one peer before its socket is not read
};

// socket_open gives a socket with every option set, NULL with CANNOT_LISTEN in fault.
void *socket_open(void *context, const struct socket_plan *plan, struct fault *fault);
void socket_close(void **socket); // NULL inside is fine

// zmq_poll looks at everything twice before it waits, with a system call for each look. Who
// goes round often polls socket_fd beside its own descriptors: it becomes readable when
// something may have changed, once, so ask socket_readable each time before waiting.
int socket_fd(void *socket);
bool socket_readable(void *socket); // a message can be received

// What a peer may send has four frames at most: its address (put there by ROUTER), prefix,
// header, body. More are read and dropped, and `flood` says so.
#define FRAMES_MAX 4U
struct frames {
    zmq_msg_t part[FRAMES_MAX];
    unsigned count;
    bool flood;
};

// frames_receive takes one message if there is one. The caller closes what it got.
bool frames_receive(void *socket, struct frames *out);
void frames_close(struct frames *frames);

struct slice frame_bytes(const zmq_msg_t *frame); // borrowed until the frame is closed

// frame_copy makes a frame of its own with these bytes; false: out of memory.
bool frame_copy(zmq_msg_t *frame, struct slice bytes);
// frame_adopt makes a frame that owns malloc'ed bytes and frees them, also when it fails.
bool frame_adopt(zmq_msg_t *frame, struct slice bytes);

enum sent {
    SENT,
    SENT_LATER, // the peer's queue is full
    SENT_NEVER, // the peer is gone
};
// frames_send sends address and parts as one message. After SENT the parts are empty, else
// they still are the caller's.
enum sent frames_send(
    void *socket, struct slice address, zmq_msg_t *parts, unsigned count);

#endif
