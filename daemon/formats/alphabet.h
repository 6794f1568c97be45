// Single-byte charsets told apart by spelling. uchardet knows few languages, and reads what
// it does not know as something exotic; but a wrong reading puts letters of no one language,
// capitals inside words and signs between letters where the right one has an alphabet.
#ifndef FORMATS_ALPHABET_H
#define FORMATS_ALPHABET_H

#include "base/arena.h"
#include "formats/charset.h"

// alphabet_choose gives the charset, guess or one of its family, that spells raw clearly
// best; guess where none does, or where guess is of no family. A NULL guess stands for the
// Latin family, and stays NULL where nothing in it reads well.
const struct charset *alphabet_choose(const struct charset *guess, struct slice raw);

// alphabet_johab says that raw is well-formed Johab and, ASCII aside, nearly all Hangul.
// uchardet does not know that charset.
bool alphabet_johab(struct slice raw, struct arena *arena);

#endif
