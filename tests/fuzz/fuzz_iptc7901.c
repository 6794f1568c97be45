// Rooms: formats
// Any bytes under the name of iptc7901: a fault, or items that pack to one scanned value.
// Seeds: tests/corpus/iptc7901. Dictionary: iptc7901.dict.
#include "formats_fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_read("iptc7901", slice_of(data, size));
    return 0;
}
