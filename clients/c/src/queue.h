// Submissions until they are answered, in the order of their numbers.
#ifndef QUEUE_H
#define QUEUE_H

#include "credit.h"
#include "trouble.h"

struct pending {
    struct pending *next;
    uint64_t n;
    uint8_t id[16];
    enum wire_message number;            // SUBMIT, DRYRUN or SETTLE
    struct wire_writer header, document; // as it is sent, however often
    void *context;
    wireroom_answer_fn *fn;
    void *user;
    struct trouble
        *refused; // why it waits to be sent again; NULL: nothing is known against it
    bool unsure;  // it left once on a connection that was lost
};

struct queue {
    struct pending *first, *last; // owned
    struct amount amount;
};

struct outbox {
    struct queue waiting, inside; // inside: sent, not yet answered
    struct credit credit;
    int64_t not_before_us; // a transient refusal asked for patience
};

void queue_insert(struct queue *q, struct pending *p); // by n; the queue owns p now
struct pending *queue_take(
    struct queue *q, uint64_t n);                      // NULL: not there; the caller's
void queue_move(struct queue *from, struct queue *to); // all of it
void queue_fini(struct queue *q);
void pending_free(struct pending *p);

#endif
