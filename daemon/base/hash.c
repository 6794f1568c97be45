#include "base/hash.h"

#include <sodium.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

_Static_assert(sizeof(crypto_generichash_state) <= sizeof(((struct digest_state *)0)->opaque),
    "digest_state holds libsodium's state");

bool
hash_init(void)
{
    return sodium_init() >= 0;
}

struct digest
digest_of(struct slice bytes)
{
    struct digest d;
    (void)crypto_generichash(d.bytes, sizeof d.bytes, bytes.data, bytes.size, NULL, 0);
    return d;
}

bool
digest_equal(const struct digest *a, const struct digest *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

bool
digest_is_zero(const struct digest *d)
{
    static const struct digest zero;
    return digest_equal(d, &zero);
}

void
digest_begin(struct digest_state *state)
{
    (void)crypto_generichash_init((void *)state->opaque, NULL, 0, DIGEST_BYTES);
}

void
digest_add(struct digest_state *state, struct slice bytes)
{
    (void)crypto_generichash_update((void *)state->opaque, bytes.data, bytes.size);
}

struct digest
digest_end(struct digest_state *state)
{
    struct digest d;
    (void)crypto_generichash_final((void *)state->opaque, d.bytes, sizeof d.bytes);
    return d;
}

uint64_t
hash64(struct slice bytes, uint64_t seed)
{
    return XXH3_64bits_withSeed(bytes.data, bytes.size, seed);
}

void
random_bytes(void *out, size_t size)
{
    randombytes_buf(out, size);
}

void
hex_of(const uint8_t *bytes, size_t size, char *out)
{
    (void)sodium_bin2hex(out, size * 2 + 1, bytes, size);
}

bool
hex_read(struct slice text, uint8_t *out, size_t size)
{
    size_t got;
    return text.size == size * 2
        && sodium_hex2bin(out, size, (const char *)text.data, text.size, NULL, &got, NULL) == 0
        && got == size;
}
