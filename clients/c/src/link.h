// One DEALER socket to one ROUTER of the daemon: HELLO, heartbeats, messages in and out.
#ifndef LINK_H
#define LINK_H

#include <zmq.h>

#include "proto/proto.h"

enum link_state {
    LINK_CLOSED,
    LINK_GREETING, // HELLO is out
    LINK_READY,    // WELCOME came
};
struct link {
    void *socket; // NULL: closed
    enum link_state state;
    int64_t sent_us, heard_us; // last message either way
    int64_t heartbeat_us;
    char address[256];
};

// A message that came: header and body borrow from frames until the next receive.
struct letter {
    unsigned number;
    struct slice header, body;
    bool has_body;
    zmq_msg_t frames[3];
};

int64_t link_now_us(void);

// link_open connects and sends HELLO; false: libzmq refused the address.
bool link_open(struct link *l, void *context, const char *address, const char *client,
    const char *principal);
void link_close(struct link *l);

// link_say sends a message with an optional body; false: libzmq's queue is full.
bool link_say(struct link *l, enum wire_message number, const void *message,
    const struct slice *body);
// link_hear gives the next message of the protocol, false if there is none now.
bool link_hear(struct link *l, struct letter *letter);
void letter_init(struct letter *letter);
void letter_fini(struct letter *letter);

// link_keep sends a heartbeat when it is time; false: the daemon has been silent for five.
// Who waits for an answer says more often that it is here: a daemon that was started anew
// does not know us, and its refusal is how we learn of it.
bool link_keep(struct link *l, bool waiting);

#endif
