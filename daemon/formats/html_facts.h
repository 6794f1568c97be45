// What a page says about its article besides the text: in its head, in JSON-LD, and by the
// elements that HTML has for it.
#ifndef FORMATS_HTML_FACTS_H
#define FORMATS_HTML_FACTS_H

#include "formats/html.h"

enum html_fact {
    FACT_HEADLINE,
    FACT_TITLE, // of the document
    FACT_BY,
    FACT_DESCRIPTION,
    FACT_PUBLISHED,
    FACT_MODIFIED,
    FACT_LANGUAGE,
    FACT_URL,
    FACT_BASE,
    FACT_SITE,
    FACT_IMAGE,
    FACT_COPYRIGHT,
    FACT_KEYWORDS, // with commas between
    FACT_SECTION,
    FACTS
};
#define FACT_WORDS_MAX 64U // keywords and authors that are kept
#define FACT_PLACES_MAX 16U
#define FACT_BY_LINK 12U // rank of a link to one author, who may be one of several

// A place in the document that the writing of the text asks about.
struct html_place {
    size_t at;
    struct slice text; // of a heading
    bool in_article, in_main;
    bool frame; // a form or an article round the page's own heading
};
struct html_facts {
    struct slice text[FACTS]; // the best that was found; document's or arena's
    struct slice tags[FACT_WORDS_MAX], authors[FACT_WORDS_MAX];
    struct html_place headings[FACT_PLACES_MAX]; // h1
    struct html_place forms[FACT_PLACES_MAX],
        inner[FACT_PLACES_MAX];         // inner: articles in one
    struct slice words[FACT_WORDS_MAX]; // keywords of JSON-LD
    uint32_t words_count;
    uint32_t tags_count, authors_count, headings_count, forms_count, inner_count;
    size_t root;    // the article or main whose text it is; SIZE_MAX: the whole body
    bool body_only; // root is the text alone; its heading stands outside
    bool whole;     // a page, not a piece of one
    bool not_json;  // there was JSON-LD that is no JSON
    uint8_t rank[FACTS]; // of text: a lower one is better; 0: none yet
};

void html_facts_read(struct slice html, struct arena *arena, struct html_facts *out);

// html_fact_set keeps text if it is better than what there is: rank counts from 1.
void html_fact_set(
    struct html_facts *f, enum html_fact fact, unsigned rank, struct slice text);
// html_json_read reads a script of JSON-LD (schema.org).
void html_json_read(struct html_facts *f, struct slice json, struct arena *arena);

#endif
