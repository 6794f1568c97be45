// NITF inside other formats: NewsML carries whole documents, or a body alone.
#ifndef FORMATS_NITF_H
#define FORMATS_NITF_H

#include "formats/formats.h"
#include "formats/xml.h"

struct nitf {
    struct article *a;
    const struct format_input *input;
    uint32_t notes; // and abstracts and the like, so far
    uint32_t media; // so far
};

// nitf_body reads <body>: what the article has already of head, byline and dateline stays.
void nitf_body(struct nitf *n, const struct xml_node *body);
// nitf_inner reads the body of a whole document, and says what of its head is not read:
// docdata, of which the format around it has its own.
void nitf_inner(struct nitf *n, const struct xml_node *nitf);
// nitf_content sets the article's body from the elements in from, and those of its later
// siblings of the same name; media in them becomes associations.
void nitf_content(struct nitf *n, const struct xml_node *from);

// nitf_series adds a <series>, which stands in docdata or in body.head.
void nitf_series(struct nitf *n, const struct xml_node *node);

#endif
