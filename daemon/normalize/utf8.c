#include "normalize/utf8.h"

#include "normalize/buffer.h"
#include "normalize/normalize.h"

bool
utf8_check(struct slice bytes, size_t *bad_out)
{
    const uint8_t *p = bytes.data;
    size_t at = 0;
    while (at < bytes.size) {
        int32_t point;
        at = utf8_skip_ascii(p, at, bytes.size);
        if (at == bytes.size)
            break;
        unsigned length = utf8_next(p + at, bytes.size - at, &point);
        if (length == 0) {
            *bad_out = at;
            return false;
        }
        at += length;
    }
    return true;
}

struct slice
utf8_repair(struct slice bytes, struct arena *arena, uint32_t *count_out)
{
    struct buffer out;
    buffer_init(&out, arena, bytes.size + bytes.size / 4);
    uint32_t count = 0;
    for (size_t at = 0; at < bytes.size;) {
        int32_t point;
        unsigned length = utf8_next(bytes.data + at, bytes.size - at, &point);
        if (length == 0) {
            point = 0xfffd;
            length = 1;
            count++;
        }
        buffer_put(&out, point);
        at += length;
    }
    *count_out = count;
    return buffer_slice(&out);
}
