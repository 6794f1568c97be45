// One DEALER socket to one ROUTER of the daemon: HELLO, heartbeats, messages in and out.
// Nothing here waits; libzmq connects again by itself, but a daemon that was started anew
// doesn't know the connection, so whoever loses one opens another.
#ifndef LINK_H
#define LINK_H

#include <zmq.h>

#include "proto/proto.h"

enum link_state {
    LINK_CLOSED,
    LINK_GREETING, // HELLO is out
    LINK_READY,    // WELCOME came
};

// What all links of a handle share; borrowed from it.
struct link_home {
    void *context; // of libzmq
    int epoll;     // told of every socket
    const char *client, *principal;
};

struct link {
    void *socket; // NULL: closed
    enum link_state state;
    int64_t opened_us, sent_us, heard_us;
    int64_t heartbeat_us;
    int64_t patience_us; // with a greeting that gets no answer; doubles
};

// A message that came: header and body borrow from frames until the next receive.
struct letter {
    unsigned number;
    struct slice header, body;
    zmq_msg_t frames[3];
};

int64_t link_now_us(void);
// link_pause_us is how long a refusal that may pass asks us to wait: as it says, an hour at
// most, or so many ms where it says nothing.
int64_t link_pause_us(uint64_t retry_after_ms, uint64_t else_ms);

// link_open connects and sends HELLO; false: libzmq refused the address (zmq_errno).
bool link_open(struct link *l, const struct link_home *home, const char *address);
// link_attach makes the socket, link_greet connects it: for who must look at the socket
// before anything happens to it.
bool link_attach(struct link *l, const struct link_home *home);
bool link_greet(struct link *l, const struct link_home *home, const char *address);
// link_close drops what libzmq has not sent; link_leave says BYE and lets that go first.
void link_close(struct link *l);
void link_leave(struct link *l);
// link_welcomed notes that WELCOME came.
void link_welcomed(struct link *l, uint64_t heartbeat_ms);

// link_say sends a message; false: the socket is closed or its queue is full.
bool link_say(struct link *l, enum wire_message number, const void *message);
// link_say_encoded sends one whose header is encoded already, with a body.
bool link_say_encoded(
    struct link *l, enum wire_message number, struct slice header, struct slice body);
// link_say_header sends one without a body.
bool link_say_header(struct link *l, enum wire_message number, struct slice header);

// link_hear gives the next message of the protocol, false if there is none now.
bool link_hear(struct link *l, struct letter *letter);
void letter_init(struct letter *letter);
void letter_fini(struct letter *letter);

// link_alive sends a heartbeat when it is time. False: the daemon has been silent for five,
// or the greeting has waited long enough; open the link again. Who waits for an answer says
// more often that it is here: a daemon that was started anew does not know us, and its
// refusal is how we learn of it.
bool link_alive(struct link *l, bool waiting);

#endif
