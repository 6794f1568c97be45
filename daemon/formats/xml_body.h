// A body in XML, as elements for the writer of blocks: XHTML's names as they are, NITF's as
// the ones that HTML has for them.
#ifndef FORMATS_XML_BODY_H
#define FORMATS_XML_BODY_H

#include "formats/blocks.h"
#include "formats/xml.h"

// xml_body writes what is below node, not node itself. Media is passed over: its readers
// make associations of it. So are NITF's notes that may not be published, and what it says
// about a part of the text: key-list, tobject.
void xml_body(const struct xml_node *node, struct blocks *b);

// xml_body_is_aside tells such a note.
bool xml_body_is_aside(const struct xml_node *node);

#endif
