// Reading values in place from bytes that wire_scan has passed. Bounds are still looked
// at, since a reader over other bytes would otherwise read past them.
#include "proto/decode.h"
#include "proto/head.h"

struct wire_reader
wire_reader(struct slice scanned)
{
    return (struct wire_reader){.bytes = scanned};
}

static bool
peek(const struct wire_reader *r, struct head *out)
{
    if (r->err || !head_read(r->bytes.data + r->at, r->bytes.size - r->at, out))
        return false;
    bool has_bytes = out->type == WIRE_STR || out->type == WIRE_BIN;
    return !has_bytes || out->count <= r->bytes.size - r->at - out->bytes;
}

// The number behind the first byte, as the bits of a 64-bit one.
static uint64_t
number_bits(const struct wire_reader *r, const struct head *head)
{
    uint64_t bits = 0;
    for (size_t i = 1; i < head->bytes; i++)
        bits = bits << 8 | r->bytes.data[r->at + i];
    return bits;
}

static bool
is_above_int64(const struct wire_reader *r, const struct head *head)
{
    return head->type == WIRE_INT && r->bytes.data[r->at] == 0xcf &&
           number_bits(r, head) > INT64_MAX;
}

// int_value sign-extends where the spec's format is a signed one.
static int64_t
int_value(const struct wire_reader *r, const struct head *head)
{
    uint8_t first = r->bytes.data[r->at];
    uint64_t bits = number_bits(r, head);
    switch (first) {
    case 0xd0:
        return (int8_t)bits;
    case 0xd1:
        return (int16_t)bits;
    case 0xd2:
        return (int32_t)bits;
    case 0xcc:
    case 0xcd:
    case 0xce:
    case 0xcf:
    case 0xd3:
        return (int64_t)bits;
    default:
        return (int8_t)first; // the fixints
    }
}

enum wire_type
wire_peek(const struct wire_reader *r)
{
    struct head head;
    if (!peek(r, &head))
        return WIRE_NIL;
    return is_above_int64(r, &head) ? WIRE_UINT : head.type;
}

// take gives the head of the next value if it is of this type, and sets err otherwise.
static bool
take(struct wire_reader *r, enum wire_type type, struct head *out)
{
    if (r->err)
        return false;
    if (!peek(r, out))
        r->err = WIRE_BAD_MSGPACK;
    else if (out->type != type)
        r->err = WIRE_BAD_FIELD;
    return !r->err;
}

bool
wire_read_nil(struct wire_reader *r)
{
    struct head head;
    if (!peek(r, &head) || head.type != WIRE_NIL)
        return false;
    r->at += head.bytes;
    return true;
}

bool
wire_read_bool(struct wire_reader *r)
{
    struct head head;
    if (!take(r, WIRE_BOOL, &head))
        return false;
    return r->bytes.data[r->at++] == 0xc3;
}

int64_t
wire_read_int(struct wire_reader *r)
{
    struct head head;
    if (!take(r, WIRE_INT, &head))
        return 0;
    if (is_above_int64(r, &head)) {
        r->err = WIRE_BAD_FIELD;
        return 0;
    }
    int64_t value = int_value(r, &head);
    r->at += head.bytes;
    return value;
}

uint64_t
wire_read_uint(struct wire_reader *r)
{
    struct head head;
    if (!take(r, WIRE_INT, &head))
        return 0;
    int64_t value = int_value(r, &head);
    if (value < 0 && !is_above_int64(r, &head)) {
        r->err = WIRE_BAD_FIELD;
        return 0;
    }
    r->at += head.bytes;
    return (uint64_t)value;
}

static double
float_value(uint64_t bits, bool is_double)
{
    double wide;
    float narrow;
    uint32_t low = (uint32_t)bits;
    memcpy(&wide, &bits, sizeof wide);
    memcpy(&narrow, &low, sizeof narrow);
    return is_double ? wide : (double)narrow;
}

double
wire_read_float(struct wire_reader *r)
{
    enum wire_type type = wire_peek(r);
    if (type == WIRE_INT)
        return (double)wire_read_int(r);
    if (type == WIRE_UINT)
        return (double)wire_read_uint(r);
    struct head head;
    if (!take(r, WIRE_FLOAT, &head))
        return 0;
    double value = float_value(number_bits(r, &head), head.bytes == 9);
    r->at += head.bytes;
    return value;
}

static struct slice
read_bytes(struct wire_reader *r, enum wire_type type)
{
    struct head head;
    if (!take(r, type, &head))
        return slice_of(NULL, 0);
    struct slice bytes = slice_of(r->bytes.data + r->at + head.bytes, head.count);
    r->at += head.bytes + (size_t)head.count;
    return bytes;
}

struct slice
wire_read_str(struct wire_reader *r)
{
    return read_bytes(r, WIRE_STR);
}

struct slice
wire_read_bin(struct wire_reader *r)
{
    return read_bytes(r, WIRE_BIN);
}

static uint32_t
read_count(struct wire_reader *r, enum wire_type type)
{
    struct head head;
    if (!take(r, type, &head))
        return 0;
    r->at += head.bytes;
    return head.count;
}

uint32_t
wire_read_array(struct wire_reader *r)
{
    return read_count(r, WIRE_ARRAY);
}

uint32_t
wire_read_map(struct wire_reader *r)
{
    return read_count(r, WIRE_MAP);
}

struct slice
wire_skip(struct wire_reader *r)
{
    size_t start = r->at;
    struct head head;
    for (uint64_t pending = r->err ? 0 : 1; pending > 0; pending--) {
        if (!peek(r, &head)) {
            r->err = WIRE_BAD_MSGPACK;
            r->at = start;
            return slice_of(NULL, 0);
        }
        r->at += head.bytes;
        if (head.type == WIRE_ARRAY)
            pending += head.count;
        else if (head.type == WIRE_MAP)
            pending += 2 * (uint64_t)head.count;
        else
            r->at += head.count;
    }
    return slice_of(r->bytes.data + start, r->at - start);
}
