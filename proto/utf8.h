// Is it UTF-8? The one rule for text on the wire (Unicode 15, table 3-7: no overlong
// forms, no surrogates, nothing after U+10FFFF). Private to proto/, on the lowest floor.
#ifndef PROTO_UTF8_H
#define PROTO_UTF8_H

#include "proto/slice.h"

// utf8_valid_bytes gives how many bytes from the start are well-formed: text.size if all
// are, else the offset of the sequence at fault.
size_t utf8_valid_bytes(struct slice text);

#endif
