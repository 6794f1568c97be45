#include "queue.h"

#include <stdlib.h>

// Nearly always at the end.
void
queue_insert(struct queue *q, struct pending *p)
{
    struct pending **at = &q->first;
    if (q->last && q->last->n < p->n)
        at = &q->last->next;
    while (*at && (*at)->n < p->n)
        at = &(*at)->next;
    p->next = *at;
    *at = p;
    if (!p->next)
        q->last = p;
    q->amount.messages++;
    q->amount.bytes += p->document.size;
}

struct pending *
queue_take(struct queue *q, uint64_t n)
{
    struct pending *before = NULL, *p = q->first;
    for (; p && p->n != n; p = p->next)
        before = p;
    if (!p)
        return NULL;
    *(before ? &before->next : &q->first) = p->next;
    if (q->last == p)
        q->last = before;
    p->next = NULL;
    q->amount.messages--;
    q->amount.bytes -= p->document.size;
    return p;
}

void
queue_move(struct queue *from, struct queue *to)
{
    while (from->first)
        queue_insert(to, queue_take(from, from->first->n));
}

void
pending_free(struct pending *p)
{
    if (!p)
        return;
    wire_writer_fini(&p->header);
    wire_writer_fini(&p->document);
    free(p->refused);
    free(p);
}

void
queue_fini(struct queue *q)
{
    while (q->first)
        pending_free(queue_take(q, q->first->n));
}
