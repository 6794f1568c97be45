// Base64 as it is met: RFC 4648 (4 and 5), white space and breaks in it, padding or none.
#ifndef FORMATS_BASE64_H
#define FORMATS_BASE64_H

#include "proto/proto.h"

int base64_digit(uint8_t c); // 0 to 63; -1: none
// base64_only says that there is nothing in text but digits, padding and white space.
bool base64_only(struct slice text);
// base64_read passes over what is no digit. out has room for three bytes in four; gives how
// many were written.
size_t base64_read(struct slice text, uint8_t *out);

#endif
