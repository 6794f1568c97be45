// NewsML 1.2 (IPTC, 2003): a NewsItem at a time. Parts of one reader.
#ifndef FORMATS_NEWSML12_H
#define FORMATS_NEWSML12_H

#include "formats/formats.h"
#include "formats/xml.h"

#define NEWSML12_PARTS_MAX 1000U // ContentItems of an item; each asks its ancestors

// What a ContentItem is for: by the Role of the nearest component that has one.
enum newsml12_role {
    NEWSML12_NOTHING,  // a style sheet
    NEWSML12_HEADLINE, // Role HeadLine, Title
    NEWSML12_ABSTRACT,
    NEWSML12_CAPTION,
    NEWSML12_OTHER, // no role, or one that is not known: Supporting, Sidebar
    NEWSML12_MAIN,  // Role Main, Body
};
struct newsml12_part {
    const struct xml_node *content;   // ContentItem
    const struct xml_node *component; // the NewsComponent it stands in
    const struct xml_node *group;     // the component of all that goes with a medium
    const struct xml_node *data;      // DataContent with text; NULL: media, or nothing
    enum newsml12_role role;
    struct slice role_word, language, type; // type: ninjs's word, empty: not said
};

struct newsml12 {
    struct article *a;
    const struct format_input *input;
    const struct xml_node *envelope; // NULL: none
    const struct xml_node *item;
    struct newsml12_part *parts;
    uint32_t parts_count;
    const struct newsml12_part *body; // of parts; NULL: there is no text
    bool media; // the item is a picture or clip, not a text with one
    // The components from the outermost to that of the body, else of the first content.
    const struct xml_node *path[XML_DEPTH_MAX];
    uint32_t path_count;
    uint32_t topics_asked;
    // What was found out about a component last: its many contents ask the same.
    const struct xml_node *language_of, *role_of, *whole_of;
    struct slice language, role;
    bool whole;
};

// newsml12_uri is the identity of an item, without its revision; made_out: put together
// from its parts.
struct slice newsml12_uri(
    struct newsml12 *n, const struct xml_node *item, bool *made_out);
// newsml12_manage reads Identification and NewsManagement.
void newsml12_manage(struct newsml12 *n);
// newsml12_parts lists the contents of the item, chooses body and path.
bool newsml12_parts(struct newsml12 *n);
// newsml12_lines and newsml12_describe read what the components on the path say.
void newsml12_lines(struct newsml12 *n);
void newsml12_describe(struct newsml12 *n);
// newsml12_content reads body and media; lines that are missing come from the body.
void newsml12_content(struct newsml12 *n);

bool newsml12_on_path(const struct newsml12 *n, const struct xml_node *component);
// newsml12_word compares without case, as FormalNames are written.
bool newsml12_word(struct slice text, const char *word);
struct slice newsml12_formal(const struct xml_node *parent, const char *path);
// newsml12_role gives the Role of the nearest component from at on.
struct slice newsml12_role(const struct xml_node *at);

#endif
