// What is looked at before libxml2 sees a byte: the prolog, which it need not see, and start
// tags with more attributes than it can compare in bearable time.
#ifndef FORMATS_XML_PROLOG_H
#define FORMATS_XML_PROLOG_H

#include "proto/proto.h"

#define XML_NO_END SIZE_MAX

// xml_prolog gives the offset of what follows byte order mark, blank lines, declaration,
// comments and DOCTYPE: the root element's '<' in a well-formed document. XML_NO_END: a
// DOCTYPE begins and never ends.
size_t xml_prolog(struct slice text);

// xml_crowded gives the offset of the first tag from at on that has more than max
// attributes; XML_NO_END: none has.
size_t xml_crowded(struct slice text, size_t at, uint32_t max);

#endif
