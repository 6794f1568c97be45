// A socket with a buffer each way, read and written without waiting: what every client of
// the load program stands on, ours and the peers' alike, so that none is favoured.
#ifndef BENCH_STREAM_H
#define BENCH_STREAM_H

#include "proto/proto.h"

struct stream {
    int fd;
    struct wire_writer out; // to be written
    size_t out_at;          // of it that was
    uint8_t *in;
    size_t in_size, in_at, in_capacity;
};

// stream_connect opens ipc://PATH or tcp://HOST:PORT; false: nobody listens.
bool stream_connect(struct stream *s, const char *endpoint);
void stream_close(struct stream *s);

void stream_put(struct stream *s, const void *bytes, size_t size);
void stream_put_number(struct stream *s, uint64_t value, size_t bytes); // big-endian

// stream_flush writes what it can, stream_fill reads what is there; false: the connection
// is gone.
bool stream_flush(struct stream *s);
bool stream_fill(struct stream *s);
bool stream_wants_to_write(const struct stream *s);

// stream_unread is what came and was not taken, borrowed until the next fill.
struct slice stream_unread(const struct stream *s);
void stream_take(struct stream *s, size_t size);

// stream_exchange writes and waits until at least size bytes are unread, for what comes
// before the measurement; it ends the process if the peer leaves or says nothing for 30 s.
void stream_exchange(struct stream *s, size_t size);

// stream_number reads big-endian bytes.
uint64_t stream_number(const uint8_t *at, size_t bytes);

// bench_fail says why and ends the process.
_Noreturn void bench_fail(const char *words);

#endif
