// Text that was UTF-8, read as windows-1252 and written as UTF-8 again. Only noticed:
// what it was can't be known for sure, and the raw bytes are kept.
#ifndef NORMALIZE_MOJIBAKE_H
#define NORMALIZE_MOJIBAKE_H

#include "proto/proto.h"

// mojibake_found says whether well-formed text holds sequences that only a wrong reading
// would give: three of any kind, or one that stands for a Western letter or quote.
bool mojibake_found(struct slice text);

#endif
