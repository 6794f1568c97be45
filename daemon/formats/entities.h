// Character references of HTML: "&amp;", "&#8217;", "&#x2019;".
#ifndef FORMATS_ENTITIES_H
#define FORMATS_ENTITIES_H

#include "proto/proto.h"

// entity_read reads the reference at the start of text, which begins with '&'. It gives
// the bytes it takes up, or 0 when it is none that is known: then '&' stands for itself.
size_t entity_read(struct slice text, uint32_t *code_out);

// windows_1252_code gives what a code from 0x80 to 0x9f means: in text those are no controls
// but bytes of windows-1252 that somebody took for Latin-1. Any other code is itself.
uint32_t windows_1252_code(uint32_t code);

// utf8_put writes a code point, U+FFFD for what is none; returns 1 to 4.
size_t utf8_put(uint32_t code, uint8_t out[4]);

#endif
