// Rooms: proto
// What the pre-scan lets through reads to its end without a failure, as it was counted, and
// is JSON that reads back as the same JSON unless it holds what JSON can't: NUL, 2^63.
// Seeds: proto/vectors/make.py --seeds DIR.
#include <assert.h>

#include "proto/proto.h"

static void
read_all(struct wire_reader *r, unsigned depth)
{
    assert(depth <= WIRE_DEPTH_MAX);
    if (wire_peek(r) == WIRE_ARRAY)
        for (uint32_t n = wire_read_array(r); n > 0; n--)
            read_all(r, depth + 1);
    else if (wire_peek(r) == WIRE_MAP)
        for (uint32_t n = wire_read_map(r); n > 0; n--) {
            (void)wire_read_str(r);
            read_all(r, depth + 1);
        }
    else
        (void)wire_skip(r);
    assert(r->err == WIRE_OK);
}

static void
json_comes_back(struct slice scanned)
{
    struct wire_writer text = {0}, packed = {0}, again = {0};
    struct fault fault = FAULT_NONE;
    wire_to_json(scanned, WIRE_JSON_COMPACT, &text);
    enum wire_err err =
        wire_from_json(wire_written(&text), &wire_limits_article, &packed, &fault);
    assert(err == fault.code);
    assert(!err || err == WIRE_BAD_TEXT || err == WIRE_BAD_FIELD);
    if (!err) {
        wire_to_json(wire_written(&packed), WIRE_JSON_COMPACT, &again);
        assert(slice_equal(wire_written(&text), wire_written(&again)));
    }
    wire_writer_fini(&text);
    wire_writer_fini(&packed);
    wire_writer_fini(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint64_t at = 0;
    struct slice bytes = slice_of(data, size);
    if (wire_scan(bytes, &wire_limits_article, &at)) {
        assert(at <= size);
        return 0;
    }
    struct wire_reader r = wire_reader(bytes);
    read_all(&r, 0);
    assert(r.at == size);
    json_comes_back(bytes);
    return 0;
}
