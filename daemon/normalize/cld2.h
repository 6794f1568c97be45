// The one door to CLD2, which is C++: what language a text is in, as it sees it.
#ifndef NORMALIZE_CLD2_H
#define NORMALIZE_CLD2_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

// cld2_detect gives the code of text's language, static, and whether CLD2 is sure; NULL:
// none found, or bytes that are not UTF-8.
const char *cld2_detect(const char *text, size_t size, bool *sure_out);

#ifdef __cplusplus
}
#endif

#endif
