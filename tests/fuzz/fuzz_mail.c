// Rooms: formats
// Any bytes under the name of email: a fault, or items that pack to one scanned value.
// Seeds: tests/corpus/email. Dictionary: email.dict.
#include "formats_fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_read("email", slice_of(data, size));
    return 0;
}
