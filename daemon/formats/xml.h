// XML as a tree of elements in the arena, for the readers of NITF, NewsML and feeds. Built
// by libxml2's SAX, so limits hold while it reads and nothing outlives the arena. A DOCTYPE
// is passed over: no DTD is loaded, no entity of the document's own is known, and no file or
// network is asked for, whatever the document says.
#ifndef FORMATS_XML_H
#define FORMATS_XML_H

#include "article/article.h"

#define XML_DEPTH_MAX 256U
#define XML_NODES_MAX 200000U
#define XML_ATTRIBUTES_MAX 256U // of one element, and namespaces declared at one place

struct xml_attr {
    struct slice name, space, value; // local name; namespace URI, empty: none
};
// An element, or a run of text (name empty). Text has its references resolved.
struct xml_node {
    struct slice name, space; // local name and namespace URI; a prefix that was never
                              // declared stands for its own URI
    struct slice text; // of a text node; of an element: all text below, one piece
    struct xml_attr *attrs;
    uint32_t attrs_count, line; // line of the document where it begins, from 1
    bool whole;                 // its end was read
    struct xml_node *parent, *first, *last, *next;
};

// xml_load makes libxml2 ready: nothing is opened later. Once, before any xml_parse.
bool xml_load(void);

// xml_parse reads text, which is UTF-8 whatever it declares. Named references are XML's
// five and HTML's; any other is ill-formed. An ill-formed document sets fault (ILL_FORMED
// with line and column) and gives what there was until there, or NULL if nothing was: a
// feed may stand on what is whole, the others refuse. A limit passed gives NULL.
struct xml_node *xml_parse(struct slice text, struct arena *arena, struct fault *fault);

// xml_root gives name and namespace of the root element without reading on, as far as they
// can be told by its start tag; false: there is no start tag.
bool xml_root(struct slice text, struct slice *name_out, struct slice *space_out);

// The next element after node among its siblings; xml_first, below it. A name of NULL
// takes any; namespaces are the caller's to ask for. Node may be NULL everywhere below.
const struct xml_node *xml_first(const struct xml_node *node, const char *name);
const struct xml_node *xml_next(const struct xml_node *node, const char *name);
// xml_find walks down by local names, the first of each: xml_find(n, "head/docdata").
const struct xml_node *xml_find(const struct xml_node *node, const char *path);
bool xml_is(const struct xml_node *node, const char *name);
struct slice xml_attr(const struct xml_node *node, const char *name); // empty: absent
// xml_text gives all text at and below node, untouched; xml_line with white space trimmed
// and runs made one space, and a space at the border of elements, but none before a mark
// that closes nor behind one that opens; xml_flat as xml_line, with a space at a br alone.
struct slice xml_text(const struct xml_node *node);
struct slice xml_line(const struct xml_node *node, struct arena *arena);
struct slice xml_flat(const struct xml_node *node, struct arena *arena);

#endif
