// Rooms: proto
// Frame 0 picks the message, the rest is its header: refused in words, or written back to
// bytes that read the same. Seeds: proto/vectors/make.py --seeds DIR.
#include <assert.h>

#include "proto/proto.h"

union any {
// clang-format off
#define MESSAGE(NAME, name, number, socket, sender, body, doc) struct wire_##name name;
#define FIELD(message, type, field, presence, min, max, doc)
#define END(name)
#include "proto/messages.def"
#undef MESSAGE
#undef FIELD
#undef END
    // clang-format on
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned number;
    union any message, again;
    struct fault fault = FAULT_NONE;
    if (size < 4 || wire_prefix_read(slice_of(data, 4), &number) ||
        !wire_message_name(number))
        return 0;
    if (wire_decode(slice_of(data + 4, size - 4), number, &message, &fault)) {
        assert(fault.code != WIRE_OK);
        return 0;
    }
    struct wire_writer once = {0}, twice = {0};
    wire_encode(&once, (enum wire_message)number, &message);
    assert(wire_decode(wire_written(&once), number, &again, &fault) == WIRE_OK);
    wire_encode(&twice, (enum wire_message)number, &again);
    assert(slice_equal(wire_written(&once), wire_written(&twice)));
    wire_writer_fini(&once);
    wire_writer_fini(&twice);
    return 0;
}
