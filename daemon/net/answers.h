// The answers to questions, one file a kind: get.c, pages.c, raw.c. Each is given a view
// that holds what after_seq asked for, and answers or refuses.
#ifndef NET_ANSWERS_H
#define NET_ANSWERS_H

#include "net/find.h"
#include "net/station.h"

// What an answer is made with. Writers are overwritten.
struct desk {
    struct station *station; // the question came here
    struct view *view;
    struct wire_writer maps, list;
};

void answer_get(struct desk *desk, struct letter *letter, const struct wire_get *get);
void answer_list(
    struct desk *desk, struct letter *letter, const struct wire_list *list);
void answer_history(
    struct desk *desk, struct letter *letter, const struct wire_history *history);
void answer_raw(struct desk *desk, struct letter *letter, const struct wire_raw *raw);
void answer_quarantine(
    struct desk *desk, struct letter *letter, const struct wire_quarantine *q);

// pages_say answers question n with the count values in desk->maps and, where next is not
// 0, the token of the page that begins there.
void pages_say(struct desk *desk, struct letter *letter, uint64_t n, uint64_t count,
    uint64_t next, uint64_t question);

// raw_bytes_of gives the bytes that a record came as, borrowed until the next block is
// unpacked; NOT_FOUND where they are not kept.
enum wire_err raw_bytes_of(
    struct view *view, const struct store_record *record, struct slice *out);

// desk_refuse refuses question n with a code, field and words ("" : those of the code).
void desk_refuse(struct desk *desk, struct letter *letter, uint64_t n,
    enum wire_err code, const char *field, const char *words);

#endif
