#include "net/token.h"

#include "base/bytes.h"
#include "base/hash.h"

// Changed whenever the meaning of a token changes: older ones are then refused.
#define TOKEN_SEED 0x77722d7061676531ULL

uint64_t
token_question(uint64_t epoch, struct slice source, struct slice uri, int64_t since_us,
    int64_t until_us)
{
    uint8_t numbers[24];
    put_be64(numbers, epoch);
    put_be64(numbers + 8, (uint64_t)since_us);
    put_be64(numbers + 16, (uint64_t)until_us);
    uint64_t hash = hash64(slice_of(numbers, sizeof numbers), TOKEN_SEED);
    return hash64(uri, hash64(source, hash));
}

static uint64_t
check_of(const uint8_t token[TOKEN_BYTES])
{
    return hash64(slice_of(token, TOKEN_BYTES - 8), TOKEN_SEED);
}

void
token_write(uint64_t next, uint64_t question, uint8_t out[TOKEN_BYTES])
{
    put_be64(out, next);
    put_be64(out + 8, question);
    put_be64(out + 16, check_of(out));
}

enum wire_err
token_read(struct slice token, uint64_t question, uint64_t *next_out)
{
    if (token.size != TOKEN_BYTES || get_be64(token.data + 8) != question ||
        get_be64(token.data + 16) != check_of(token.data))
        return WIRE_BAD_TOKEN;
    *next_out = get_be64(token.data);
    return WIRE_OK;
}
