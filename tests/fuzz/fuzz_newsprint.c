// Rooms: formats
// Any bytes as a page of newsprint. Seeds: tests/corpus/newsprint.
#include "formats_fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_read("newsprint", slice_of(data, size));
    return 0;
}
