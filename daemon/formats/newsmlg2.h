// What the files of the NewsML-G2 reader share: one item's metadata into the article.
#ifndef FORMATS_NEWSMLG2_H
#define FORMATS_NEWSMLG2_H

#include "formats/formats.h"
#include "formats/xml.h"

// g2_management reads itemMeta and rightsInfo, g2_description contentMeta; either may be
// NULL. item is their parent, whose assert elements may give names to what has none.
void g2_management(struct article *a, const struct xml_node *item, struct slice zone);
void g2_description(struct article *a, const struct xml_node *item, struct slice zone);

// A property that takes its value from a scheme: qcode, else uri, else literal.
struct slice g2_code(const struct xml_node *property);
// What is behind the alias of a qcode: "ninat:text" is "text". The whole, without one.
struct slice g2_local(struct slice code);
// The word of an attribute that is a qcode, or of its twin that is a URI: type, typeuri.
struct slice g2_word(const struct xml_node *property, const char *name);
// How well a language serves one who asks for want: 2 the same, 1 another of its kind or
// none said, 0 another.
int g2_language_fits(struct slice have, struct slice want);
// The name of a property, in the language of the item if there is a choice.
struct slice g2_name(const struct article *a, const struct xml_node *property);
// g2_put sets key unless text is empty; entry may be NULL.
void g2_put(struct article *a, struct value *entry, const char *key, struct slice text);

#endif
