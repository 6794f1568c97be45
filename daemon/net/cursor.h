// A place in the feed: epoch and seq, 8 bytes each, big-endian, then the first 8 bytes of
// the running hash at seq, so that a history that was forked is noticed. At seq 0, before
// the first change, those are zeros.
#ifndef NET_CURSOR_H
#define NET_CURSOR_H

#include "base/hash.h"

#define CURSOR_BYTES 24U
#define CURSOR_HASH_BYTES 8U

struct cursor {
    uint64_t epoch, seq;
    uint8_t hash[CURSOR_HASH_BYTES];
};

void cursor_write(const struct cursor *cursor, uint8_t out[CURSOR_BYTES]);
struct cursor cursor_read(struct slice token); // of CURSOR_BYTES
struct cursor cursor_at(uint64_t epoch, uint64_t seq, const struct digest *hash);
bool cursor_is_at(const struct cursor *cursor, const struct digest *hash);

#endif
