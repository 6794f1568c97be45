// A DEALER that speaks ZMTP 3.0 (rfc.zeromq.org/spec/23) with plain reads and writes, as
// the peers' clients speak their protocols: libzmq in the client would cost more of the
// cores that the server shares.
#ifndef BENCH_ZMTP_H
#define BENCH_ZMTP_H

#include "proto/proto.h"

struct zmtp {
    int fd;
    struct wire_writer out; // to be written
    size_t out_at;          // of it that was
    uint8_t *in;
    size_t in_size, in_at, in_capacity;
};

// zmtp_connect opens ipc://PATH or tcp://HOST:PORT and shakes hands (NULL mechanism),
// waiting; false with a word on stderr.
bool zmtp_connect(struct zmtp *z, const char *endpoint);
void zmtp_close(struct zmtp *z);

// zmtp_put queues one frame; more says that another of the same message follows.
void zmtp_put(struct zmtp *z, struct slice frame, bool more);
// zmtp_flush writes what it can; false: the connection is gone.
bool zmtp_flush(struct zmtp *z);
bool zmtp_wants_to_write(const struct zmtp *z);

// zmtp_fill reads what is there; false: the connection is gone. zmtp_next gives the next
// whole frame, borrowed until the next fill, false when there is none.
bool zmtp_fill(struct zmtp *z);
bool zmtp_next(struct zmtp *z, struct slice *frame_out, bool *more_out);

// wire_say queues a message of the protocol, with a body where body is not NULL.
void wire_say(struct zmtp *z, enum wire_message number, const void *message,
    const struct slice *body);

#endif
