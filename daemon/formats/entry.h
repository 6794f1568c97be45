// Entries of an article's lists as readers of XML fill them: empty texts are not put, the
// same thing twice is put once.
#ifndef FORMATS_ENTRY_H
#define FORMATS_ENTRY_H

#include "article/article.h"

// A concept: what is said of a subject, place, person. Empty texts are absent.
struct concept {
    struct slice uri, literal, name, rel, role, scheme, creator;
};

// concept_add appends it unless it says nothing or is there already.
void concept_add(struct article *a, enum article_field field, const struct concept *c);

// entry_full says that a list has passed its limit: the article will be refused for it, and
// nothing more need be looked up.
bool entry_full(const struct article *a, enum article_field field);

// entry_put sets a key of a map with room for it; empty text is not put.
void entry_put(
    struct article *a, struct value *map, const char *key, struct slice text);

// entry_add_id adds to altIds.
void entry_add_id(struct article *a, const char *role, struct slice value);
// entry_add_description adds to descriptions; the same text twice is added once.
void entry_add_description(struct article *a, const char *role, struct slice text);

// entry_join adds text to a field of one text, behind what is there and a separator.
void entry_join(struct article *a, enum article_field field, struct slice text,
    const char *separator);
// entry_set sets a field of one text that is absent; true if it did.
bool entry_set(struct article *a, enum article_field field, struct slice text);

// entry_time sets a TIME field; what is no date is not stored, but warned of.
void entry_time(
    struct article *a, enum article_field field, struct slice text, struct slice zone);
// entry_urgency sets 1 to 9; anything else is warned of.
void entry_urgency(struct article *a, struct slice text);

// entry_status sets pubStatus from the words of NITF's and NewsML 1.2's common vocabulary:
// usable, embargoed, withheld, canceled. What is none of them, and no word that newsrooms
// use for usable, is withheld and warned of: it must not go out by mistake.
enum entry_status { ENTRY_USABLE, ENTRY_EMBARGOED, ENTRY_WITHHELD, ENTRY_CANCELED };
enum entry_status entry_status(struct article *a, struct slice word);

// entry_embargo sets embargoedUntil; without a date that can be read, the article is
// withheld and warned of.
void entry_embargo(struct article *a, struct slice until, struct slice zone);

#endif
