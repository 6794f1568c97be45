// Rooms: formats
// Any bytes under the name of newsmlg2: a fault, or items that pack to one scanned value.
// Seeds: tests/corpus/newsmlg2.
#include "formats_fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_read("newsmlg2", slice_of(data, size));
    return 0;
}
