// Little-endian and big-endian numbers in byte strings: little for our files, big for
// keys, whose order is then the order of numbers.
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stdint.h>
#include <string.h>

static inline void
put_be64(uint8_t out[8], uint64_t v)
{
    v = __builtin_bswap64(v);
    memcpy(out, &v, 8);
}

static inline uint64_t
get_be64(const uint8_t in[8])
{
    uint64_t v;
    memcpy(&v, in, 8);
    return __builtin_bswap64(v);
}

static inline void
put_le64(uint8_t out[8], uint64_t v)
{
    memcpy(out, &v, 8);
}

static inline uint64_t
get_le64(const uint8_t in[8])
{
    uint64_t v;
    memcpy(&v, in, 8);
    return v;
}

static inline void
put_le32(uint8_t out[4], uint32_t v)
{
    memcpy(out, &v, 4);
}

static inline uint32_t
get_le32(const uint8_t in[4])
{
    uint32_t v;
    memcpy(&v, in, 4);
    return v;
}

static inline void
put_le16(uint8_t out[2], uint16_t v)
{
    memcpy(out, &v, 2);
}

static inline uint16_t
get_le16(const uint8_t in[2])
{
    uint16_t v;
    memcpy(&v, in, 2);
    return v;
}

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "little-endian machines only");

#endif
