// The first pass over a text: one look at every byte decides whether anything else is
// needed. Clean copy, which nearly all is, costs this and no more.
#ifndef NORMALIZE_SCAN_H
#define NORMALIZE_SCAN_H

#include "proto/proto.h"

struct text_scan {
    size_t bad; // where the first byte stands that is not UTF-8; the size if none
    size_t
        nfc;  // where the first code point that may not be NFC stands; the size if none
    bool odd; // holds something a rule looks at, blanks aside
    bool blanks;  // white space beside white space, or at an end (a block break is not)
    bool newline; // holds LF
    bool tab;
    bool mojibake;  // holds a pair that UTF-8 read as windows-1252 or 1251 would give
    uint32_t chars; // code points, line ends not counted
    uint32_t words; // as printed between spaces; Han and kana count one each
};

// text_scan fills out; where it is not UTF-8 the pass ends at out->bad.
void text_scan(struct slice text, struct text_scan *out);

#endif
