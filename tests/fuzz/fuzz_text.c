// Rooms: formats
// Any bytes, the format left to be recognised: charsets, text, pages and what looks like
// them. Seeds: tests/corpus/text, tests/corpus/decode, tests/corpus/ninjs.
#include "formats_fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_read("text", slice_of(data, size));
    fuzz_read("auto", slice_of(data, size));
    return 0;
}
