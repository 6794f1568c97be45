// The noun: one clean article, the same for every format. A reader fills it, normalize
// improves it, and its packed form is what is filed, sent and digested.
#ifndef ARTICLE_ARTICLE_H
#define ARTICLE_ARTICLE_H

#include "base/clock.h"
#include "base/hash.h"
#include "base/value.h"

enum article_field {
#define FIELD(id, name, kind, limit, digest, doc) ARTICLE_##id,
#include "article/fields.def"
#undef FIELD
    ARTICLE_FIELDS
};
enum article_kind {
    ARTICLE_KIND_TEXT,
    ARTICLE_KIND_PROSE,
    ARTICLE_KIND_WORD,
    ARTICLE_KIND_TIME,
    ARTICLE_KIND_NUMBER,
    ARTICLE_KIND_LIST,
};
struct article_row {
    const char *name;
    enum article_kind kind;
    uint32_t limit;
    bool in_digest;
};
extern const struct article_row article_rows[ARTICLE_FIELDS];

#define ARTICLE_TEXT_MAX (4U << 20) // bodies in all, bytes
#define ARTICLE_BLOCKS_MAX 5000U
// of a list, itself counted: formats wrap what they read, and others wrap the article, which
// must all the same pass the 32 that messages allow
#define ARTICLE_DEPTH_MAX 24U
#define ARTICLE_ITEMS_MAX 500U
#define ARTICLE_HEADLINE_MAX 2048U
#define ARTICLE_NOTES_MAX 256U // of each list of wr; the rest is not listed

// What normalize did, and what it was not sure of. Rules and codes are short fixed words
// ("space", "nfc", "bidi-dropped"); where is a field path or "line 12".
struct article_change {
    const char *rule;
    const char *field;
    uint32_t count;
};
struct article_warning {
    const char *code;
    struct slice where; // arena
};
// Where a time came from: the text in the document and whether its zone was given.
struct article_time {
    enum article_field field;
    const char *zone; // "given", "assumed", "missing"
    struct slice source;
};
// A date that the text speaks of: as printed, the day it means (YYYY-MM-DD, may be empty)
// and what kind: event, event-relative, period, mention.
struct article_date {
    struct slice text;
    char date[11];
    const char *kind;
};
// Lines of a newsprint page that went into the item, 1-based, both ends in.
struct article_lines {
    uint32_t first, last;
};

// The wr object: provenance. Lists live in the arena, counts beside them. dates, times,
// changes and warnings grow through the functions below alone; lines and unassigned are
// set whole by whoever cut the page.
struct article_wr {
    const char *kind;       // article commentary photo-caption page; NULL: not said
    struct slice desk_mark; // the lead-in as printed
    struct slice dateline;  // as printed
    const char *format;     // format word it was read as
    struct slice format_version;
    struct slice declared_charset, declared_language, declared_status, charset;
    const char *detected; // the language that the text seems to be in; NULL: not asked
    bool detected_sure;
    struct article_date *dates;
    struct article_time *times;
    struct article_change *changes;
    struct article_warning *warnings;
    struct article_lines *lines;
    uint32_t dates_count, times_count, changes_count, warnings_count, lines_count;
    struct slice page;           // the page hint
    uint32_t page_item, page_of; // this item's place on the page, from 1; 0: no page
    uint32_t unassigned_count;
    struct article_lines
        *unassigned;    // page lines used by no item (on every item alike)
    uint8_t confidence; // percent, for what was cut from a page; 0: not a guess
};

enum pub_status {
    PUB_USABLE,
    PUB_WITHHELD,
    PUB_CANCELED,
};

struct article {
    struct arena *arena; // owns every pointer below; outlives the article
    struct value field[ARTICLE_FIELDS]; // WIRE_NIL: absent
    struct article_wr wr;
    bool correction;         // the source signals a correction
    bool advisory;           // not for publication (design: publishable or advisory)
    bool fold_dashes, fold_quotes; // the rules of its source ask for it
    bool bare;               // may stand without content, for its metadata, if it has an id
    struct fault fault;      // set: this item is quarantined or rejected
    bool rejected;           // with fault: it was read, but breaks a stated limit
    struct explain *explain; // NULL: nobody asked what was done (article/explain.h)
};

struct article *article_new(struct arena *arena);

struct slice article_text(const struct article *a, enum article_field field);
int64_t article_time_us(const struct article *a, enum article_field field); // TIME_NONE
uint32_t article_number(const struct article *a, enum article_field field); // 0: absent
enum pub_status article_pub_status(const struct article *a);
// The text of the main headline, else the first one; empty if there is none.
struct slice article_headline(const struct article *a);
// The main text/plain body; empty if there is none.
struct slice article_body(const struct article *a);

// Setters copy nothing: text must live as long as the arena.
void article_set_text(struct article *a, enum article_field field, struct slice text);
void article_set_time(struct article *a, enum article_field field, int64_t us,
    const char *zone, struct slice source);
void article_set_number(struct article *a, enum article_field field, uint32_t n);
// article_add appends a map to a LIST field and gives it, with room for pairs keys; NULL
// when the arena is full, and past one entry over the field's limit, which article_check
// then refuses.
struct value *article_add(struct article *a, enum article_field field, uint32_t pairs);
void article_add_headline(struct article *a, const char *role, struct slice text);
void article_add_body(struct article *a, const char *content_type, struct slice text);
void article_add_person(struct article *a, const char *rel, struct slice name);
void article_add_date(
    struct article *a, struct slice text, const char *date, const char *kind);

// article_warn and article_changed keep one entry per (code, where) and (rule, field).
void article_warn(struct article *a, const char *code, struct slice where);
void article_changed(
    struct article *a, const char *rule, const char *field, uint32_t count);

// article_check_empty makes an article with nothing to show - no headline, body, description,
// association or rendition - its own fault (EMPTY_ARTICLE, not rejected) and gives false.
// One that is withheld or canceled needs none; one that is bare and has an id is warned. Ask when it is normalized: blanks are nothing by then.
bool article_check_empty(struct article *a);
// article_check holds the article against fields.def: the first limit broken is set as
// the article's fault (rejected) and false returns. Nothing is ever cut to fit.
bool article_check(struct article *a);

// article_pack appends the canonical form: a map of the fields present, in table order,
// then wr. The same article always packs to the same bytes.
void article_pack(const struct article *a, struct wire_writer *w);

// article_digest is BLAKE2b-256 over the canonical form of the fields that are IN.
struct digest article_digest(const struct article *a);
// article_pack_digested does both and forms the text once. Out of memory shows in the writer.
struct digest article_pack_digested(const struct article *a, struct wire_writer *w);

#endif
