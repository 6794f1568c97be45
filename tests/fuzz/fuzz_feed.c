// Rooms: formats
// Any bytes under the name of rss: a fault, or items that pack to one scanned value.
// Seeds: tests/corpus/feeds. Dictionary: feed.dict.
#include "formats_fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_read("rss", slice_of(data, size));
    return 0;
}
