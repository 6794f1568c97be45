// Rooms: formats
// Any bytes under the name of anpa1312: a fault, or items that pack to one scanned value.
// Seeds: tests/corpus/anpa1312. Dictionary: anpa1312.dict.
#include "formats_fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_read("anpa1312", slice_of(data, size));
    return 0;
}
