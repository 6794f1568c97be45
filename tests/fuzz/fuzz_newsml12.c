// Rooms: formats
// Any bytes under the name of newsml12: a fault, or articles that pack to one scanned value
// each. Seeds: tests/corpus/newsml12; words: tests/fuzz/newsml12.dict.
#include "formats_fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_read("newsml12", slice_of(data, size));
    return 0;
}
