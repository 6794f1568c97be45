// The words with which agencies say in a keyword or header line what a message is to one
// sent before: "3rd Ld-Writethru", "KILL", "BULLETIN ELIMINATION", "1ST LEAD",
// "Berichtigung". A line or segment counts only when it holds no other words, so that a
// story about a kill is not one.
#ifndef FORMATS_SLUGWORDS_H
#define FORMATS_SLUGWORDS_H

#include "article/article.h"

struct slugwords {
    bool kill, withhold, correction, advisory, urgent, take;
    uint32_t version; // the number of the lead; 0: none is said
};

// slugwords_read adds what text says to out; false, and nothing, when it has other words
// or none.
bool slugwords_read(struct slice text, struct slugwords *out);
// slugwords_before_colon reads a headline that begins with such words in capitals and a
// colon ("KILL: Ferry sails again").
void slugwords_before_colon(struct slice line, struct slugwords *out);
// slugwords_segments takes such segments, and a count of words, off a keyword line that
// is parted by commas, and gives the rest. A last word in capitals, behind a slug with
// small letters, counts too ("BC-Ferry KILL").
struct slice slugwords_segments(
    struct slice line, struct slugwords *out, struct slice *count_out);
void slugwords_set(const struct slugwords *words, struct article *a);

#endif
