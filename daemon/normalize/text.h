// The text rules, in their order, for one text: line ends and controls, invisible
// characters, writing direction, white space, NFC. What is clean is only looked at and
// comes back as it is.
#ifndef NORMALIZE_TEXT_H
#define NORMALIZE_TEXT_H

#include "base/arena.h"
#include "normalize/scan.h"

enum text_kind {
    TEXT_WORD,     // an identifier: only what can't be stored is taken out
    TEXT_VERBATIM, // controls and NFC; space and invisible characters stay
    TEXT_LINE,     // one line
    TEXT_PROSE, // lines and blocks: a blank line ends a block, a single line end stays
    TEXT_HTML,  // sanitized markup: space and writing direction are left to it
};

enum text_rule {
    TEXT_RULE_UTF8,      // a byte that was not UTF-8 became U+FFFD
    TEXT_RULE_NEWLINE,   // another line end became LF
    TEXT_RULE_CONTROL,   // control or noncharacter dropped
    TEXT_RULE_INVISIBLE, // zero-width character or soft hyphen dropped
    TEXT_RULE_BIDI,      // unbalanced direction control dropped
    TEXT_RULE_OVERRIDE,  // RLO or LRO dropped from one line
    TEXT_RULE_SPACE,     // white space changed or dropped
    TEXT_RULE_NFC,
    TEXT_RULES,
};
struct text_changes {
    uint32_t count[TEXT_RULES];
};

// text_clean gives the text by the rules of its kind, adds what changed to changes, and
// tells in scan_out what the clean text is like. Clean text comes back as the same bytes;
// cleaning twice changes nothing.
struct slice text_clean(struct slice text, enum text_kind kind, struct arena *arena,
    struct text_scan *scan_out, struct text_changes *changes);

#endif
