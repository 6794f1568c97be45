// What the formats of the teleprinter age (ANPA 1312, IPTC 7901) share: lines without the
// controls between them, text that was broken to fit a carriage, and the dateline.
#ifndef FORMATS_TELEPRINTER_H
#define FORMATS_TELEPRINTER_H

#include "formats/formats.h"

#define TELEPRINTER_SOH 0x01 // begins a message

// teleprinter_read takes a transmission apart: an article for each message, filled by read.
typedef void teleprinter_reader(
    const struct format_input *input, struct slice message, struct article *a);
void teleprinter_read(const struct format_input *input, struct slice raw,
    struct arena *arena, struct format_output *out, teleprinter_reader *read);
// teleprinter_line takes the next line off text. A line ends with LF, CR LF, CR CR LF or
// CR; what comes back has none of them.
struct slice teleprinter_line(struct slice *text);
// teleprinter_clean gives line without control characters but TAB, trimmed of spaces at
// its end; the same bytes where there are none.
struct slice teleprinter_clean(struct slice line, struct arena *arena);
struct slice teleprinter_trim(struct slice text); // white space and controls, both ends
bool teleprinter_blank(struct slice line);
bool teleprinter_starts_nocase(struct slice text, const char *word);
struct slice teleprinter_decimal(struct slice text); // the digits that text starts with
// teleprinter_byline says whether a line begins as a byline does: "By ", "Von ".
bool teleprinter_byline(struct slice line);
// teleprinter_person gives the name of a byline: without its first word, and without an
// agency behind a comma.
struct slice teleprinter_person(struct slice line);

// Blocks of text as they are put together from lines. A line end inside a block stays
// where there was room for more; it becomes a space where the line was full.
struct teleprinter {
    struct arena *arena;
    uint8_t *data; // room for twice the text and 16 more
    size_t size, room;
    size_t width;     // of the longest line, in bytes; 0: lines are never joined
    size_t last_line; // where the last line of data begins
    bool open;        // a block has begun
    bool row;         // its last line is of a list or a table
};
bool teleprinter_begin(struct teleprinter *t, struct slice text, struct arena *arena);
void teleprinter_end_block(struct teleprinter *t);
void teleprinter_put(struct teleprinter *t, struct slice line); // not blank
struct slice teleprinter_text(const struct teleprinter *t);

// teleprinter_dateline sets place and dateline from the start of text, where one stands:
// "CHATHAM, Mass. (AP) _ ", "Berlin, 24. Juni (dpa) - ", "LONDON, June 29 - ".
void teleprinter_dateline(struct article *a, struct slice text);

// teleprinter_alt_id carries a word of the frame that has no field of its own.
void teleprinter_alt_id(struct article *a, const char *role, struct slice value);

#endif
