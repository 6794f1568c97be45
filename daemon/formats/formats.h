// The door of formats/: bytes to articles. A reader reads what the document says and
// never improves it; text rules are normalize's. Runs in the sandboxed reader processes
// and in `wireroomd normalize`: no files, no network, no clock.
#ifndef FORMATS_FORMATS_H
#define FORMATS_FORMATS_H

#include "article/article.h"

// What is to be read. Slices belong to the caller and outlive the articles.
struct format_input {
    struct slice raw;
    struct slice format; // format word; empty or "auto": recognise by content
    struct slice source;
    struct slice issue_date, page, language, zone, charset; // hints, may be empty
};
struct format_output {
    const char *format;     // word of the reader that read it
    struct article **items; // arena; an item may carry a fault of its own
    uint32_t count;         // 0 only with a fault
    struct fault fault;     // the document as a whole could not be read
};

// formats_load builds every table and opens what libraries load late (iconv's converters),
// so that nothing is opened once the sandbox is closed. False: out of memory.
bool formats_load(void);

// formats_read fills out; everything lives in arena.
void formats_read(
    const struct format_input *input, struct arena *arena, struct format_output *out);

// What speaks for how a document was read, in words for whoever asks: format_evidence for
// the format, charset_evidence for the charset of one of its items (empty: it has none).
struct slice format_evidence(const struct format_input *input,
    const struct format_output *read, struct arena *arena);
struct slice charset_evidence(
    const struct format_input *input, const struct article *a, struct arena *arena);
// format_text gives the document as the text that byte offsets of a fault count in; the
// bytes as sent where it is none.
struct slice format_text(const struct format_input *input, struct arena *arena);

// The format words, NULL-terminated, "auto" first: what WELCOME and --help list.
extern const char *const format_words[];

#endif
