// The rules of a source, as far as somebody may choose them: what stands where a
// submission gives no hint, and the house's style. They travel packed: a map with keys in
// order of bytes, what is at its default left out; so two that are the same are equal
// bytes, and the empty map is no rules at all. They are in records of the log and in rows
// of the store: add keys, never change the meaning of one.
#ifndef ARTICLE_RULES_H
#define ARTICLE_RULES_H

#include "base/arena.h"
#include "proto/proto.h"

#define RULES_PACKED_MAX 512U

struct rules {
    struct slice charset, language, zone; // empty: none
    bool fold_dashes; // ASCII's -- and ANPA's _ between spaces become a dash
    bool fold_quotes; // ANPA's ``…'' becomes double quotes
};

void rules_encode(const struct rules *rules, struct wire_writer *w);
// rules_decode borrows from bytes; false: they are no rules.
bool rules_decode(struct slice bytes, struct rules *out);

#endif
