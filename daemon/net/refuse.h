// REFUSED: what every refusal says, whoever gives it: number, name, one cause, one next
// step, the place.
#ifndef NET_REFUSE_H
#define NET_REFUSE_H

#include "net/station.h"

#define REFUSED_WORDS_MAX 512U

// refuse_fill makes the message; its slices borrow from refusal, words and errors.def.
void refuse_fill(const struct refusal *refusal, char words[REFUSED_WORDS_MAX],
    struct wire_refused *out);

// refuse_find_n looks for n in a header that may not be as its message wants it, so that a
// client learns which of its messages was refused wherever that can be known.
bool refuse_find_n(struct slice header, uint64_t *n_out);

#endif
