// Rooms: formats
// Any bytes under the name of ninjs: a fault, or items that pack to one scanned value.
// Seeds: tests/corpus/ninjs, tests/corpus/decode.
#include "formats_fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_read("ninjs", slice_of(data, size));
    return 0;
}
