// Who sent a text and from where is part of its setting, not of what it says: two
// newspapers print the same dispatch under "BERLIN (dpa) –" and "本报讯（记者…）". The key
// leaves these out wherever they stand at a body's beginning or end.
#ifndef NORMALIZE_SENDER_H
#define NORMALIZE_SENDER_H

#include "article/article.h"

// sender_strip gives the body without bylines, desk mark, dateline and reporter's bracket
// at its beginning and without initials, credits and sign-offs at its end. What the
// article itself names (wr.desk_mark, wr.dateline, by, people, located) is known; the
// rest goes by the words of the trade.
struct slice sender_strip(const struct article *a, struct slice body);

// The words (UTF-8, any width and letter case), each list ended by NULL.
extern const char *const sender_desks[];     // 本报, 新华社: begin a lead-in
extern const char *const sender_marks[];     // 讯, 电: end one
extern const char *const sender_reporters[]; // 记者, 기자: in brackets and bylines
extern const char *const sender_agencies[];  // dpa, Reuters
extern const char *const sender_by[];        // By, Von
extern const char *const sender_ends[];      // (完), ENDS, ###

// The two halves: sender_lead gives where the text proper begins, sender_tail where it
// ends.
size_t sender_lead(const struct article *a, struct slice body);
size_t sender_tail(const struct article *a, struct slice body);

// sender_names says whether view [from, to) is by or one of the people.
struct view;
bool sender_names(
    const struct article *a, const struct view *v, size_t from, size_t to);

#endif
