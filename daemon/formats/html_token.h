// Tags, text and nothing else from a document of HTML, one pass, in proportion to its
// length whatever it is. After the tokenizer of the HTML Living Standard (13.2.5), but no
// text is lost to what is never closed: a comment, a tag or a quote without end ends at the
// first '>', or is text.
#ifndef FORMATS_HTML_TOKEN_H
#define FORMATS_HTML_TOKEN_H

#include "base/arena.h"

#define HTML_NAME_MAX 32U // longer names are cut: nobody looks for them

enum html_kind { HTML_TEXT, HTML_START, HTML_END };
struct html_token {
    enum html_kind kind;
    bool verbatim; // of text: no references in it (CDATA)
    bool empty;    // of a start tag: "/>"
    size_t at;     // where in the document
    // Text as it stands; of a tag, what is behind its name. Borrows from the document.
    struct slice text;
    struct slice name; // in lower case; until the next token
};
struct html_tokens {
    struct slice html;
    size_t at, last_close; // of '>': a '<' behind it is text
    bool quotes_broken;    // a quote was never closed: quotes mean nothing any more
    bool no_comment_end, no_cdata_end; // was looked for and is not there
    uint8_t name[HTML_NAME_MAX];
};

void html_begin(struct html_tokens *t, struct slice html);
bool html_next(struct html_tokens *t, struct html_token *out);

// html_raw takes what is text up to the end tag of name and moves behind that; false, and
// nothing taken, if there is none. For script, style and the like.
bool html_raw(struct html_tokens *t, struct slice name, struct slice *content_out);

// html_attr finds an attribute of a start tag by its name in lower case: the first one
// counts. The value has its references resolved; it borrows, or lives in arena. False: there
// is no such attribute.
bool html_attr(const struct html_token *tag, const char *name, struct arena *arena,
    struct slice *value_out);

// html_resolve gives text with its references resolved, those resolved twice that were
// escaped twice if so told; a copy in arena if there are any.
struct slice html_resolve(struct slice text, bool twice, struct arena *arena);
// html_reference reads the reference at the start of text; gives the bytes it takes up, 0 if
// it is none.
size_t html_reference(struct slice text, bool twice, uint32_t *code_out);

#endif
