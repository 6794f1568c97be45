#include "net/cursor.h"

#include <assert.h>

#include "base/bytes.h"

_Static_assert(8 + 8 + CURSOR_HASH_BYTES == CURSOR_BYTES, "three parts");

void
cursor_write(const struct cursor *cursor, uint8_t out[CURSOR_BYTES])
{
    put_be64(out, cursor->epoch);
    put_be64(out + 8, cursor->seq);
    memcpy(out + 16, cursor->hash, CURSOR_HASH_BYTES);
}

struct cursor
cursor_read(struct slice token)
{
    assert(token.size == CURSOR_BYTES);
    struct cursor cursor = {get_be64(token.data), get_be64(token.data + 8), {0}};
    memcpy(cursor.hash, token.data + 16, CURSOR_HASH_BYTES);
    return cursor;
}

struct cursor
cursor_at(uint64_t epoch, uint64_t seq, const struct digest *hash)
{
    struct cursor cursor = {epoch, seq, {0}};
    if (seq > 0)
        memcpy(cursor.hash, hash->bytes, CURSOR_HASH_BYTES);
    return cursor;
}

bool
cursor_is_at(const struct cursor *cursor, const struct digest *hash)
{
    return cursor->seq == 0 ||
           memcmp(cursor->hash, hash->bytes, CURSOR_HASH_BYTES) == 0;
}
