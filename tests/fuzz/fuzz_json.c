// Rooms: proto
// What is read as JSON passes the scan, and written and read again is the same; what is
// refused leaves nothing and says where.
// Seeds: tests/corpus/ninjs/*.in
#include <assert.h>

#include "proto/proto.h"

static void
comes_back(struct slice packed)
{
    struct wire_writer text = {0}, again = {0};
    struct fault fault = FAULT_NONE;
    uint64_t at = 0;
    assert(wire_scan(packed, &wire_limits_article, &at) == WIRE_OK);
    wire_to_json(packed, WIRE_JSON_COMPACT, &text);
    enum wire_err err =
        wire_from_json(wire_written(&text), &wire_limits_article, &again, &fault);
    assert(err == WIRE_OK);
    wire_writer_reset(&text);
    wire_to_json(wire_written(&again), WIRE_JSON_COMPACT, &text);
    wire_writer_fini(&text);
    wire_writer_fini(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct wire_writer packed = {0};
    struct fault fault = FAULT_NONE;
    enum wire_err err =
        wire_from_json(slice_of(data, size), &wire_limits_article, &packed, &fault);
    assert(err == fault.code);
    if (err)
        assert(packed.size == 0 && (fault.at <= size || fault.at == FAULT_NOWHERE));
    else
        comes_back(wire_written(&packed));
    wire_writer_fini(&packed);
    return 0;
}
