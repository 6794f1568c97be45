// Text that was UTF-8, read as windows-1252 (or Latin-1), windows-1251 or GBK and written as
// UTF-8 again. Only noticed: what it was can't be known for sure, and the raw bytes are kept.
#ifndef NORMALIZE_MOJIBAKE_H
#define NORMALIZE_MOJIBAKE_H

#include "proto/proto.h"

// mojibake_found says whether text, as it came, holds sequences that only a wrong reading
// in one of the single-byte charsets would give: three of any kind, one that stands for a
// Western letter or quote, or a word of Russian.
bool mojibake_found(struct slice text);
// mojibake_gbk says whether it holds the signs that GBK makes of punctuation in UTF-8.
bool mojibake_gbk(struct slice text);

#endif
