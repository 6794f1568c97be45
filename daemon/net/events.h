// EVENTs ready to send. A hundred followers at the same place must not cost a hundred
// encodings: the last few are kept, by place and mode, for as long as the view they were
// made in stands. Their bytes are shared by reference with every message sent.
#ifndef NET_EVENTS_H
#define NET_EVENTS_H

#include "net/cursor.h"
#include "net/socket.h"
#include "net/view.h"

#define EVENT_BYTES (64U << 10) // no row is added to one that has these
#define EVENTS_KEPT 8U

struct event {
    bool is_made;
    uint64_t after; // the seq it follows
    enum bodies bodies;
    uint64_t first, last;
    struct cursor cursor; // after last
    zmq_msg_t body;
};

struct events {
    uint64_t begun; // of the view
    unsigned turn;  // which one goes next
    struct event event[EVENTS_KEPT];
    struct wire_writer rows, list;
};

void events_init(struct events *events);
void events_fini(struct events *events);

// events_get gives the EVENT of what follows `after`: NULL and WIRE_OK if nothing does.
// Borrowed until the next call.
enum wire_err events_get(struct events *events, struct view *view, uint64_t after,
    enum bodies bodies, const struct event **out);

// events_list makes the body of a message of `count` encoded maps; false: out of memory.
bool events_list(
    struct wire_writer *list, struct slice maps, uint32_t count, zmq_msg_t *body_out);

#endif
