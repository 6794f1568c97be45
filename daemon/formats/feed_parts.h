// What the files of the feed reader share. A feed is met in a dozen dialects whose
// elements mean the same few things, so each child of an entry is first given its kind by
// the table in feed_names.c; what becomes of the kinds is the other files'. For feed*.c.
#ifndef FORMATS_FEED_PARTS_H
#define FORMATS_FEED_PARTS_H

#include "formats/formats.h"
#include "formats/xml.h"

enum feed_kind {
    FEED_UNKNOWN,
    FEED_SKIP, // says nothing about the article
    FEED_TITLE,
    FEED_TITLE_OTHER,
    FEED_LINK,
    FEED_LINK_ORIGINAL,
    FEED_ID,
    FEED_IDENTIFIER,
    FEED_CONTENT,
    FEED_SUMMARY,
    FEED_SUMMARY_OTHER,
    FEED_PUBLISHED,
    FEED_PUBLISHED_GMT,
    FEED_DATE,
    FEED_UPDATED,
    FEED_CREATED,
    FEED_EXPIRES,
    FEED_CREATOR,
    FEED_AUTHOR,
    FEED_AUTHOR_OTHER,
    FEED_CONTRIBUTOR,
    FEED_PUBLISHER,
    FEED_CATEGORY,
    FEED_KEYWORDS,
    FEED_RIGHTS,
    FEED_LICENSE,
    FEED_LANGUAGE,
    FEED_SOURCE,
    FEED_ENCLOSURE,
    FEED_MEDIA,
    FEED_MEDIA_GROUP,
    FEED_THUMBNAIL,
    FEED_CREDIT,
    FEED_IMAGE,
    FEED_CONTROL,
    FEED_STATUS,
    FEED_ATTACHMENT,
    FEED_ENTRY,   // item, entry
    FEED_DELETED, // at:deleted-entry
    FEED_CHANNEL,
    FEED_COMMENT,
};
struct feed_part {
    enum feed_kind kind;
    const struct xml_node *node;
};
// The children of one element with their kinds.
struct feed_level {
    const struct xml_node *node; // NULL: there is no such element
    struct feed_part *parts;
    uint32_t count;
};
struct feed {
    const struct format_input *input;
    struct arena *arena;
    const struct xml_node *root;
    struct feed_level channel;
    struct slice base; // what relative addresses go by where xml:base does not say
    bool atom;         // RFC 4287 or its draft 0.3
    bool wxr;          // WordPress' export: blank lines part paragraphs
};
struct entry {
    const struct feed *feed;
    struct article *a;
    struct feed_level level;
};

// feed_kind_of gives the kind of an element by namespace and local name, whose case does
// not count; the namespace of the root is the feed's own whatever it is.
enum feed_kind feed_kind_of(const struct feed *f, const struct xml_node *node);
struct feed_level feed_level_of(const struct feed *f, const struct xml_node *node);
// The first part of a kind, NULL if there is none.
const struct xml_node *feed_part(const struct feed_level *level, enum feed_kind kind);

// feed_base gives the address that links at node go by, feed_language the language that
// stands there: xml:base and xml:lang of node and of what it is in.
struct slice feed_base(const struct feed *f, const struct xml_node *node);
struct slice feed_language(const struct xml_node *node);
// feed_address gives href as it may be kept: absolute and of a harmless scheme; else empty,
// with a warning unless there was none.
struct slice feed_address(
    const struct entry *e, const struct xml_node *node, struct slice href);

// A piece of text as its type, its dialect and itself say: plain, or HTML.
struct feed_text {
    struct slice value;
    bool html;
};
struct feed_text feed_text(const struct entry *e, const struct xml_node *node);
// As one line of plain text.
struct slice feed_line(const struct entry *e, const struct xml_node *node);
// The text of an element as it stands, trimmed: ids, dates, addresses.
struct slice feed_word(const struct xml_node *node);

// feed_mend gives a copy of an ill-formed feed with the common slips mended, and how many
// there were.
struct slice feed_mend(struct slice text, struct arena *arena, uint32_t *count_out);

// The parts of an entry, each in a file of its own.
void feed_read_texts(struct entry *e);
void feed_read_people(struct entry *e);
void feed_read_media(struct entry *e);

// feed_set sets a key of a list's entry, unless the text is empty.
void feed_set(
    const struct entry *e, struct value *map, const char *key, struct slice text);
// feed_set_texts sets a key to a list of one text with a role.
void feed_set_texts(const struct entry *e, struct value *map, const char *key,
    const char *role, struct slice text);

#endif
