// The nouns of a page being read, private to this folder, and the steps in the order in
// which newsprint.c takes them:
//
//   chars       classes of characters; words: the lexicon of words.def; text: runs of both
//   lines       characters, lines, widths; measure: the width of the column around a line
//   labels      what a line is by its words: lead-in, byline, credit, jump line, furniture
//   blocks      runs of lines that belong together
//   headlines   which blocks are headlines; overlap: of the text on which side
//   items       blocks to items
//   paragraphs  an item's lines to paragraphs: shapes in full columns, ragged in others
//   join        lines to running text, by the space rules R1-R7; hyphen: words broken
//   emit        items to articles; roles of headlines, people, lead-in, dates
//
// Widths are in half ems: a wide character is 2, a narrow one 1.
#ifndef FORMATS_NEWSPRINT_PAGE_H
#define FORMATS_NEWSPRINT_PAGE_H

#include "formats/newsprint/newsprint.h"
#include "formats/newsprint/text.h"
#include "formats/newsprint/words.h"

// Longer than this is no page; it is kept whole, uncut.
#define NEWSPRINT_LINES_MAX 200000U

// How the page sets the first line of a paragraph.
enum indent {
    INDENT_LOST, // its two ems are gone: it is short
    INDENT_KEPT, // they are there, as space
    INDENT_NONE, // there are none
};

enum label {
    LABEL_TEXT,
    LABEL_LEAD,      // text that begins with a lead-in: 本报讯
    LABEL_HEAD,      // a headline, or one block of a group
    LABEL_CROSSHEAD, // a small heading inside an article
    LABEL_BYLINE,
    LABEL_CREDIT,    // whose picture it is
    LABEL_JUMP_ON,   // 下转第3版
    LABEL_JUMP_FROM, // 上接第1版
    LABEL_FURNITURE, // folio, masthead, index, table: nobody's text
};

struct line {
    uint32_t begin, end; // its characters in the page, space at both ends cut
    uint32_t number,
        last;          // as the page counts, from 1; the last of those it was set in
    uint32_t blanks;   // blank lines before it
    uint32_t together; // lines between the blank lines around it
    uint32_t letters;  // characters that are not space
    uint32_t width;    // half ems, layout space not counted
    uint32_t indent;   // half ems of space before it
    uint32_t above, below; // the measure: width most common among the lines up to this
                           // one, and from it on; 0: no width is
    uint32_t full_digits;  // digits and letters that are an em wide in the text
    uint32_t half_marks;   // marks that are half an em wide in the text
    struct word_lists may; // what words could stand in it
    bool titled;           // ... a title of those who sign among them
    bool tells, signs;     // latin_may_tell, latin_may_sign
    bool latin;            // has a letter of an alphabet
    bool digits;           // has a digit
    bool dashed;           // a word of it begins with a dash
    bool furniture;        // label_is_furniture
    bool spread;           // letter-spaced (R3)
    bool closed;           // ends a sentence
    bool stop;             // 。 or ; stands in it
    bool feed;             // a form feed stands before it
    bool heading;          // is a cross-head
};

struct block {
    uint32_t first, end; // lines; end is not in it
    enum label label;
    bool candidate; // could be a headline by its own looks
    bool after;     // LABEL_HEAD: of the text below it
    uint32_t group; // LABEL_HEAD: blocks of one headline share it
};

// One paragraph, as lines and as running text.
struct paragraph {
    uint32_t first, end; // indexes into item.lines
    struct span text;
    bool heading; // a cross-head
};

struct person {
    const char *rel; // author, photographer
    struct span name;
};

#define NEWSPRINT_PEOPLE_MAX 32U

struct item {
    uint32_t *blocks; // all its blocks, in page order
    uint32_t blocks_count, blocks_room;
    uint32_t texts, heads, names; // how many of its blocks are text, headline, byline
    bool caption;
    uint32_t *lines; // lines of its text, in page order
    uint32_t lines_count;
    struct paragraph *paragraphs;
    uint32_t paragraphs_count;
    struct span kicker, main, sub;
    struct span desk_mark, dateline;
    struct span by; // the byline as printed
    struct person people[NEWSPRINT_PEOPLE_MAX];
    uint32_t people_count;
    uint32_t hyphens;   // words mended at line ends
    uint32_t ligatures; // letters that were set as one
    bool lead;          // begins with a lead-in
};

// A space between ideographs that the page prints inside a line, with what stands on
// both sides: where the same words break at a line end, the space is restored (R6).
struct caesura {
    uint32_t at; // of the space, in the page's characters
};
#define NEWSPRINT_CAESURAS_MAX 64U

struct hyphens;

struct page {
    struct arena *arena;
    const struct format_input *input;
    struct slice raw;
    uint32_t *cp;
    uint32_t size;
    uint32_t wide;  // letters of East Asia
    uint8_t *used;  // how often each character went into an item
    bool cjk;       // the page's ambiguous marks are wide, its lines join without space
    bool ligatures; // there are some
    bool hangul;    // Korean: its marks are narrow and its words parted by space
    bool wide_digits;   // its lines were set with digits and letters an em wide
    bool narrow_marks;  // ... and with marks half an em wide
    uint32_t big_heads; // headlines that show by more than standing alone
    bool loose_breaks;  // blank lines cut paragraphs behind lines that are not full
    struct line *lines;
    uint32_t lines_count;
    enum indent indent;
    struct block *blocks;
    uint32_t blocks_count;
    struct item *items;
    uint32_t items_count, items_room;
    struct caesura caesuras[NEWSPRINT_CAESURAS_MAX];
    uint32_t caesuras_count;
    struct hyphens *hyphens; // words the page prints with one
    struct text scratch;     // lines joined to be looked at
};

// lines: false when the page has too many, or memory ended.
bool page_cut_lines(struct page *page);
bool page_is_scattered(const struct page *page); // letters, not lines
struct span line_span(const struct page *page, const struct line *line);
// span_width is what a line takes in the column; layout space counts nothing.
uint32_t span_width(const struct page *page, struct span s);
bool span_closed(struct span s); // ends a sentence, closing quotes aside
// line_fits: could the line be one of a column's, by its width? line_starts: could it be
// the first of a paragraph, two ems short of the measure or set in by as much?
void page_measure(struct page *page);
// block_measure is the width a block's own lines share; 0: none.
uint32_t block_measure(const struct page *page, const struct block *block);
bool line_fits(const struct page *page, const struct line *line);
bool line_starts(const struct page *page, const struct line *line);

// labels: what the words of a text say it is. A text is a line, or a few joined.
bool label_is_lead(struct span s);
// label_may_lead: the lines from first on to end do not rule it out once they are joined;
// label_may_jump: what a text begins with does not.
bool label_may_lead(const struct page *page, uint32_t first, uint32_t end);
bool label_may_jump(struct span s);
bool label_is_byline(struct span s);
bool label_is_credit(struct span s);
bool label_signs_text(struct span s); // a credit for words and pictures: 文/图
bool label_is_jump(struct span s, enum label *label_out);
bool label_is_furniture(struct span s, bool digits); // digits: s has one
// label_is_folio_piece: made of nothing but what a folio or masthead is made of.
bool label_is_folio_piece(struct span s);
bool label_is_row(struct span s);         // of a table
bool label_is_page_number(struct span s); // 02版
// label_is_folio_number: a line of nothing but the number of the page: — 3 —, 第3页 共8页.
// A bare one (3, A03, 3/8) may as well be a number cut out of its line: ask bare_out.
bool label_is_folio_number(struct span s, bool *bare_out);
bool label_opens_caption(struct span s);
bool label_opens_box(struct span s);   // weather, index, imprint: a block of furniture
bool label_is_numbered(struct span s); // 一、 （二） ■

// page_has_box: are the lines from first to end, which blank lines enclose, all furniture?
bool page_has_box(const struct page *page, uint32_t first, uint32_t end);
void page_cut_blocks(struct page *page);
struct span block_join(struct page *page, const struct block *block); // marks nothing

// headlines: labels blocks HEAD and CROSSHEAD and says of which side each is.
void page_find_headlines(struct page *page);

// overlap: how much of a headline's words stand in the text above it and below it, rare
// words counting more; per mille. Texts are the runs of blocks between headlines, numbered
// from 0 in page order. All is 0 on a page too large to look.
struct overlap;
struct overlap *overlap_new(struct page *page);
uint32_t overlap_text(const struct overlap *o, uint32_t block);
uint32_t overlap_of(const struct overlap *o, const struct block *head, uint32_t text);

// items: false past ARTICLE_ITEMS_MAX.
bool page_make_items(struct page *page);
void page_cut_paragraphs(struct page *page);

// shapes: the ends of paragraphs by the shapes of lines, on pages whose columns are full.
// ends[i] is said of line i of the item.
// What is between two lines. A blank line before an opening quote is a class of its own:
// where quotes are hung out of the column, extractors part the line from the one before.
enum gap {
    GAP_NONE,
    GAP_BLANK,
    GAP_BEFORE_QUOTE,
    GAPS,
};

// The page's way of setting paragraphs, as costs.
struct habits {
    enum indent indent;
    uint32_t cost[2][GAPS]; // [a paragraph ends here][what is between the lines]
};
struct habits shapes_learn_habits(const struct page *page);
void shapes_find_ends(
    struct page *page, const struct habits *h, const struct item *item, bool *ends);

// ragged: the same for alphabets, whose columns are ragged on the right.
void ragged_find_ends(const struct page *page, const struct item *item, bool *ends);
// ragged_has_room: the next line's first word would have gone into this one.
bool ragged_has_room(
    const struct page *page, const struct line *line, const struct line *next);
bool ragged_starts(const struct page *page, const struct line *line);
// latin: what the words of a line in an alphabet say it is.
uint32_t latin_lead_extent(struct span s); // the end of BEIRUT (Reuters) -
bool latin_is_byline(struct span s);
// latin_may_sign: what the text begins with rules out neither byline nor credit.
bool latin_may_sign(struct span s);
bool latin_is_credit(struct span s);
bool latin_is_furniture(struct span s, bool digits);
bool latin_opens_box(struct span s);
// latin_names_go_on: a byline is broken between these two lines.
bool latin_names_go_on(struct span line, struct span next);
bool latin_is_small(
    struct span s); // has a long word that is not the first and not large
bool latin_is_teaser(
    struct span s); // ends in a page's code: The tailor of two mayors. C1
bool latin_may_tell(struct span s); // begins to say in a sentence who wrote the text
// latin_is_bare_name: a name and nothing else; sure when it begins with a given name.
bool latin_is_bare_name(struct span s, bool *sure_out);
void latin_take_people(struct item *item, struct span s, const char *rel);

// join: appends line to out by the space rules and counts its characters as used.
void join_line(struct page *page, const struct line *line, struct text *out, bool use);
// join_break puts between two lines of one paragraph what belongs there; it may take a
// hyphen off the end of out and then says true.
bool join_break(struct page *page, const struct line *next, struct text *out);
struct span join_headline(
    struct page *page, uint32_t first, uint32_t end, const struct item *item);
void join_find_caesuras(struct page *page);

// hyphens: what becomes of a hyphen at the end of out when next follows.
enum mend {
    MEND_NO_HYPHEN,
    MEND_KEEP, // it is the word's own: no space behind it
    MEND_DROP,
};
void hyphens_learn(struct page *page);
enum mend hyphens_mend(const struct page *page, struct span out, struct span next);

// people: names in bylines, credits and lead-ins; rel is what a name is without a word
// that says more. people_only: is the text made of nothing but names and their words?
struct people_found {
    uint32_t names, titles, credits; // how many of each
};
bool people_only(struct span s, struct people_found *found_out);
bool people_sign(
    struct span s); // the same, with a title, a name and no credit: a byline
// people_is_bare_name: two or three characters that could be a name and nothing else.
bool people_is_bare_name(struct span s);
void people_take(struct item *item, struct span s, const char *rel);
void people_add(struct item *item, struct span name, const char *rel); // once

// lead: the extent of the lead-in at the start of s; 0: there is none.
uint32_t lead_extent(struct span s, struct span *mark_out, struct span *names_out);

// roles: the item's headlines by role; "article", "commentary" or "photo-caption".
void item_read_headlines(struct page *page, struct item *item);
const char *item_kind(struct page *page, const struct item *item);

void item_read_lead(struct page *page, struct item *item);
void item_add_dates(
    const struct page *page, const struct item *item, struct article *a);

void page_emit(struct page *page, struct format_output *out);
void page_emit_whole(struct page *page, const char *why, struct format_output *out);

#endif
