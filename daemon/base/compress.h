// Compression of what is filed. The codec is named where the bytes are kept, so that
// old bytes stay readable: LZ4 on the receipt path, zstd for what rests.
#ifndef BASE_COMPRESS_H
#define BASE_COMPRESS_H

#include "proto/slice.h"

enum codec {
    CODEC_STORED = 0,
    CODEC_LZ4 = 1,
    CODEC_ZSTD = 2,
};

// compress_bound is the most that compress_into may write for size bytes.
size_t compress_bound(size_t size);

// compress_into writes the smaller of codec's output and the bytes as they are, and says
// which in codec_out. Returns the bytes written; capacity must be compress_bound at least.
size_t compress_into(enum codec codec, struct slice bytes, uint8_t *out, size_t capacity,
    enum codec *codec_out);

// decompress_into fills exactly size bytes, false if the input does not give them.
bool decompress_into(enum codec codec, struct slice packed, uint8_t *out, size_t size);

#endif
