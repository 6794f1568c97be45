// The two kinds of hash: digests that mean "the same bytes" (BLAKE2b-256, libsodium) and
// fast checks that only find or notice (XXH3). hash_init must run once before the first
// digest, before threads start.
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "proto/slice.h"

#define DIGEST_BYTES 32

bool hash_init(void);

struct digest {
    uint8_t bytes[DIGEST_BYTES];
};

struct digest digest_of(struct slice bytes);
bool digest_equal(const struct digest *a, const struct digest *b);
bool digest_is_zero(const struct digest *d);

// A digest over parts. Each part is one call; lengths are not mixed in, so callers put a
// separator where parts could run together.
struct digest_state {
    _Alignas(64) uint8_t opaque[384];
};
void digest_begin(struct digest_state *state);
void digest_add(struct digest_state *state, struct slice bytes);
struct digest digest_end(struct digest_state *state);

// hash64 is XXH3-64 with a seed: index tags, checksums of records and batches.
uint64_t hash64(struct slice bytes, uint64_t seed);

// random_bytes fills from the kernel's generator; ids of submissions, stores, epochs.
void random_bytes(void *out, size_t size);

// hex_of writes 2*size lower-case digits and a NUL.
void hex_of(const uint8_t *bytes, size_t size, char *out);
// hex_read gives true when text is exactly 2*size hex digits.
bool hex_read(struct slice text, uint8_t *out, size_t size);

#endif
