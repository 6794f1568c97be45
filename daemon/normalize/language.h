// Language tags (BCP 47, RFC 5646): one spelling for each.
#ifndef NORMALIZE_LANGUAGE_H
#define NORMALIZE_LANGUAGE_H

#include "proto/proto.h"

#define LANGUAGE_MAX 35

// language_tag writes the canonical form: "EN_us" gives "en-US", "zh-hans-cn" "zh-Hans-CN",
// "ger" "de". Returns its length, 0 when the tag is not well-formed or too long.
size_t language_tag(struct slice tag, char out[LANGUAGE_MAX + 1]);

#endif
