#include "zmtp.h"

#define MORE 1U
#define LONG 2U
#define COMMAND 4U
#define GREETING 64
#define SHORT_MAX 255

void
zmtp_greet(struct stream *s)
{
    static const uint8_t ours[GREETING] = {
        0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0x7f, 3, 0, 'N', 'U', 'L', 'L'};
    static const uint8_t ready[] = "\x04\x1c\x05READY\x0bSocket-Type\x00\x00\x00\x06"
                                   "DEALER";
    stream_put(s, ours, sizeof ours);
    stream_exchange(s, GREETING);
    const uint8_t *theirs = stream_unread(s).data;
    if (theirs[0] != 0xff || theirs[10] < 3)
        bench_fail("no ZMTP 3 at the other end");
    stream_take(s, GREETING);
    stream_put(s, ready, sizeof ready - 1);
    stream_exchange(s, 2);
    theirs = stream_unread(s).data;
    if (!(theirs[0] & COMMAND) || (theirs[0] & LONG))
        bench_fail("no READY from the other end");
    size_t size = 2 + (size_t)theirs[1];
    stream_exchange(s, size);
    stream_take(s, size);
}

void
zmtp_put(struct stream *s, struct slice frame, bool more)
{
    bool is_long = frame.size > SHORT_MAX;
    stream_put_number(s, (more ? MORE : 0) | (is_long ? LONG : 0), 1);
    stream_put_number(s, frame.size, is_long ? 8 : 1);
    stream_put(s, frame.data, frame.size);
}

bool
zmtp_next(struct stream *s, struct slice *frame_out, bool *more_out)
{
    struct slice unread = stream_unread(s);
    size_t head = unread.size && (unread.data[0] & LONG) ? 9 : 2;
    if (unread.size < head)
        return false;
    uint64_t size = stream_number(unread.data + 1, head - 1);
    if (unread.size - head < size)
        return false;
    *frame_out = slice_of(unread.data + head, size);
    *more_out = unread.data[0] & MORE;
    stream_take(s, head + size);
    return true;
}

void
zmtp_say(struct stream *s, enum wire_message number, const void *message,
    const struct slice *body)
{
    uint8_t prefix[WIRE_PREFIX_BYTES];
    static struct wire_writer header;
    wire_writer_reset(&header);
    wire_prefix_write(prefix, number);
    wire_encode(&header, number, message);
    zmtp_put(s, slice_of(prefix, sizeof prefix), true);
    zmtp_put(s, wire_written(&header), body != NULL);
    if (body)
        zmtp_put(s, *body, false);
}
