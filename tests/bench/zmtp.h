// A DEALER that speaks ZMTP 3.0 (rfc.zeromq.org/spec/23) with plain reads and writes, as
// the peers' clients speak their protocols: libzmq in the client would cost more of the
// cores that the server shares.
#ifndef BENCH_ZMTP_H
#define BENCH_ZMTP_H

#include "stream.h"

// zmtp_greet shakes hands (NULL mechanism) on a connected stream, waiting.
void zmtp_greet(struct stream *s);

// zmtp_put queues one frame; more says that another of the same message follows.
void zmtp_put(struct stream *s, struct slice frame, bool more);

// zmtp_next gives the next whole frame, borrowed until the next fill, false when there is
// none.
bool zmtp_next(struct stream *s, struct slice *frame_out, bool *more_out);

// zmtp_say queues a message of the protocol, with a body where body is not NULL.
void zmtp_say(struct stream *s, enum wire_message number, const void *message,
    const struct slice *body);

#endif
