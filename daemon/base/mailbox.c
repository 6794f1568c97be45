// A ring under a mutex held for a few instructions. `sleeping` says that the reader found
// the ring empty since the last wake-up, so only the first put after that pays a write,
// and only a take after a wake-up pays a read.
#include "base/mailbox.h"

#include <assert.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct mailbox {
    pthread_mutex_t lock; // guards all below but fd
    void **ring;
    size_t capacity, head, count;
    bool sleeping, rung; // the fd is readable
    int fd;
};

struct mailbox *
mailbox_new(size_t capacity)
{
    struct mailbox *box = calloc(1, sizeof *box);
    if (!box)
        return NULL;
    box->ring = calloc(capacity, sizeof *box->ring);
    box->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (!box->ring || box->fd < 0 || pthread_mutex_init(&box->lock, NULL) != 0) {
        if (box->fd >= 0)
            (void)close(box->fd);
        free(box->ring);
        free(box);
        return NULL;
    }
    box->capacity = capacity;
    box->sleeping = true;
    return box;
}

void
mailbox_free(struct mailbox **box)
{
    if (!*box)
        return;
    (void)close((*box)->fd);
    (void)pthread_mutex_destroy(&(*box)->lock);
    free((*box)->ring);
    free(*box);
    *box = NULL;
}

static void
ring(int fd)
{
    uint64_t one = 1;
    ssize_t n = write(fd, &one, sizeof one);
    (void)n; // EAGAIN: the counter is full, so the reader has been woken already
}

void
mailbox_ring(struct mailbox *box)
{
    (void)pthread_mutex_lock(&box->lock);
    bool first = !box->rung;
    box->rung = true;
    (void)pthread_mutex_unlock(&box->lock);
    if (first)
        ring(box->fd);
}

size_t
mailbox_put_all(struct mailbox *box, void *const *items, size_t count)
{
    (void)pthread_mutex_lock(&box->lock);
    size_t n = 0;
    for (; n < count && box->count < box->capacity; n++, box->count++)
        box->ring[(box->head + box->count) % box->capacity] = items[n];
    bool wake = n > 0 && box->sleeping && !box->rung;
    if (n > 0)
        box->sleeping = false;
    if (wake)
        box->rung = true;
    (void)pthread_mutex_unlock(&box->lock);
    if (wake)
        ring(box->fd);
    return n;
}

bool
mailbox_put(struct mailbox *box, void *item)
{
    return mailbox_put_all(box, &item, 1) == 1;
}

// The write of a wake-up may still be on its way when rung is seen: then the fd stays
// readable, and one more round finds nothing.
static void
silence(struct mailbox *box)
{
    uint64_t seen;
    ssize_t got = read(box->fd, &seen, sizeof seen);
    box->rung = got != sizeof seen;
}

size_t
mailbox_take(struct mailbox *box, void **items_out, size_t max)
{
    (void)pthread_mutex_lock(&box->lock);
    size_t n = 0;
    for (; n < max && box->count > 0; n++, box->count--) {
        items_out[n] = box->ring[box->head];
        box->head = (box->head + 1) % box->capacity;
    }
    if (box->count == 0 && box->rung)
        silence(box);
    box->sleeping = box->count == 0;
    (void)pthread_mutex_unlock(&box->lock);
    return n;
}

int
mailbox_fd(const struct mailbox *box)
{
    return box->fd;
}
