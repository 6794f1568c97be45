// How work moves between threads: a bounded queue of pointers with an eventfd that a poll
// loop watches beside its sockets. Whoever holds the pointer owns what it points at.
#ifndef BASE_MAILBOX_H
#define BASE_MAILBOX_H

#include <stdbool.h>
#include <stddef.h>

struct mailbox;

// mailbox_new gives NULL out of memory or file descriptors. capacity is fixed.
struct mailbox *mailbox_new(size_t capacity);
void mailbox_free(struct mailbox **box); // what is still inside is forgotten: drain first

// mailbox_put hands item over; false when full (the caller keeps it). Wakes the reader
// only if it sleeps. mailbox_put_all hands over a batch with one wake-up; returns how many
// went in.
bool mailbox_put(struct mailbox *box, void *item);
size_t mailbox_put_all(struct mailbox *box, void *const *items, size_t count);

// mailbox_take gives up to max items, oldest first, without waiting. When it gives fewer
// than max the queue is empty and the eventfd is armed for the next put.
size_t mailbox_take(struct mailbox *box, void **items_out, size_t max);

// mailbox_fd is readable when there may be something to take.
int mailbox_fd(const struct mailbox *box);

// mailbox_ring makes the fd readable without an item: to have the reader look around.
void mailbox_ring(struct mailbox *box);

#endif
