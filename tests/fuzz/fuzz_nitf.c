// Rooms: formats
// Any bytes under the name of nitf: a fault, or an article that packs to one scanned value.
// Seeds: tests/corpus/nitf; words: tests/fuzz/nitf.dict.
#include "formats_fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_read("nitf", slice_of(data, size));
    return 0;
}
