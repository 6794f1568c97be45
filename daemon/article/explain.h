// What was done to an article, step by step, for an editor who asks: each rule that fired
// on a text, with what stood there before and after. Noted only where somebody asked
// (article.explain is set), so it costs nothing otherwise.
#ifndef ARTICLE_EXPLAIN_H
#define ARTICLE_EXPLAIN_H

#include "article/article.h"

#define EXPLAIN_STEPS_MAX \
    256U // of an article; the rest is in wr.changes, without passages
#define EXPLAIN_PASSAGES 3U // shown of a step

// A place that a rule changed, with a little of the text around it. Slices live in the
// article's arena.
struct explain_passage {
    struct slice left, before, after, right;
};
struct explain_step {
    const char *rule;
    struct slice path; // "headlines[0]"
    uint32_t count;
    struct explain_passage passages[EXPLAIN_PASSAGES];
    uint32_t shown,
        places; // passages that are there; places that differ, as far as looked
};
struct explain {
    struct arena *arena;
    struct explain_step *steps;
    uint32_t count;
    struct value
        original[ARTICLE_FIELDS]; // the fields before normalize; texts borrowed
};

// explain_begin makes an article one whose steps are noted; no memory: they are not.
void explain_begin(struct article *a);

// explain_note notes that a rule changed a text count times.
void explain_note(struct explain *e, const char *rule, struct slice path,
    uint32_t count, struct slice before, struct slice after);

// explain_finds gives a step's passages of a field of that name; NULL: there is none.
const struct explain_step *explain_finds(
    const struct explain *e, const char *rule, const char *field);

// A rule and a warning in words that need no table of codes: "3 characters that nobody
// sees were taken out". Written into the arena; never empty.
struct slice explain_rule_words(
    struct arena *arena, const char *rule, uint32_t count, struct slice field);
struct slice explain_warning_words(struct arena *arena, const char *code);

#endif
