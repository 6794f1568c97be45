// What the bytes of a document themselves say about their charset, one kind of evidence a
// function; decode.c says in which order they count.
#ifndef FORMATS_SNIFF_H
#define FORMATS_SNIFF_H

#include "base/arena.h"
#include "formats/charset.h"

// sniff_mark knows a byte order mark, and takes it off raw.
const struct charset *sniff_mark(struct slice *raw);
// sniff_nuls knows UTF-16 and UTF-32 without a mark by where their NULs stand.
const struct charset *sniff_nuls(struct slice raw);
// sniff_escapes knows the charsets that switch by ISO-2022 escapes and pass for UTF-8.
const struct charset *sniff_escapes(struct slice raw);
// sniff_some_utf8 says that some byte beyond ASCII is part of a well-formed character.
bool sniff_some_utf8(struct slice raw);
// sniff_guess asks uchardet, and spelling where uchardet is known to be weak; NULL if
// neither has an idea, or one that is not known here.
const struct charset *sniff_guess(struct slice raw, struct arena *arena);
// sniff_markup gives the name that a document of XML or HTML declares, ASCII, may be
// empty; borrows from raw.
struct slice sniff_markup(struct slice raw);

#endif
