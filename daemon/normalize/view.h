// The beginning or end of a text as its words are compared: half-width, one space for any
// run of white space, each code point with its place in the text. Where a lead-in or a
// sign-off stands is decided here, so width and line ends make no difference.
#ifndef NORMALIZE_VIEW_H
#define NORMALIZE_VIEW_H

#include "normalize/utf8.h"

#define VIEW_MAX 128U     // code points shown of a beginning
#define VIEW_LAST_MAX 48U // and of an end
struct view {
    int32_t at[VIEW_MAX];
    size_t
        from[VIEW_MAX + 1]; // place in the text of each, and of what follows the last
    size_t count;
    bool whole; // the block is not longer than the view
};

// view_first shows the text's first block from its beginning, view_last the last block up
// to its end, both without white space at the ends.
void view_first(struct slice text, struct view *out);
void view_last(struct slice text, struct view *out);

// view_starts says how many code points of the view from `at` on spell word (any letter
// case); 0 if they don't.
size_t view_starts(const struct view *v, size_t at, const char *word);
// view_spells does the same for a text as printed, spaces counted nowhere.
size_t view_spells(const struct view *v, size_t at, struct slice text);
// view_has looks for one of the words (ended by NULL) between two places; words of
// letters with spaces between them must stand alone.
bool view_has(const struct view *v, size_t from, size_t to, const char *const *words);
// view_closes gives where the bracket that opens at `at` closes, 0 if it isn't one or is
// longer than max.
size_t view_closes(const struct view *v, size_t at, size_t max);
size_t view_skip_spaces(const struct view *v, size_t at);

#endif
