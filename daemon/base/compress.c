#include "base/compress.h"

#include <limits.h>
#include <lz4.h>
#include <zstd.h>

size_t
compress_bound(size_t size)
{
    size_t a = size > LZ4_MAX_INPUT_SIZE ? 0 : (size_t)LZ4_compressBound((int)size);
    size_t b = ZSTD_compressBound(size);
    size_t most = a > b ? a : b;
    return most > size ? most : size;
}

static size_t
try_codec(enum codec codec, struct slice bytes, uint8_t *out, size_t capacity)
{
    if (codec == CODEC_LZ4 && bytes.size <= LZ4_MAX_INPUT_SIZE && capacity <= INT_MAX) {
        int n = LZ4_compress_fast(
            (const char *)bytes.data, (char *)out, (int)bytes.size, (int)capacity, 1);
        return n > 0 ? (size_t)n : SIZE_MAX;
    }
    if (codec == CODEC_ZSTD) {
        size_t n = ZSTD_compress(out, capacity, bytes.data, bytes.size, 3);
        return ZSTD_isError(n) ? SIZE_MAX : n;
    }
    return SIZE_MAX;
}

size_t
compress_into(enum codec codec, struct slice bytes, uint8_t *out, size_t capacity,
    enum codec *codec_out)
{
    size_t n = bytes.size ? try_codec(codec, bytes, out, capacity) : SIZE_MAX;
    *codec_out = codec;
    if (n < bytes.size)
        return n;
    *codec_out = CODEC_STORED;
    if (bytes.size)
        memcpy(out, bytes.data, bytes.size);
    return bytes.size;
}

bool
decompress_into(enum codec codec, struct slice packed, uint8_t *out, size_t size)
{
    switch (codec) {
    case CODEC_STORED:
        if (packed.size != size)
            return false;
        if (size)
            memcpy(out, packed.data, size);
        return true;
    case CODEC_LZ4:
        return size <= INT_MAX && packed.size <= INT_MAX
            && LZ4_decompress_safe((const char *)packed.data, (char *)out,
                   (int)packed.size, (int)size)
            == (int)size;
    case CODEC_ZSTD:
        return ZSTD_decompress(out, size, packed.data, packed.size) == size;
    }
    return false;
}
