#include "pipeline/order.h"

#include <stdlib.h>

struct order_lane {
    struct order_lane *next; // in the bucket
    uint64_t connection;
    uint64_t turn;                      // whose turn it is
    uint64_t last_turn;                 // once forgotten; 0: lives
    struct job *waiting, *waiting_last; // by turn, least first
};

#define BUCKETS 1024U // connections are few; chains stay short

bool
order_init(struct order *order)
{
    *order = (struct order){.buckets = BUCKETS};
    order->table = calloc(BUCKETS, sizeof(struct order_lane *));
    return order->table != NULL;
}

void
order_fini(struct order *order)
{
    for (size_t i = 0; order->table && i < order->buckets; i++)
        for (struct order_lane *l = order->table[i], *next; l; l = next) {
            next = l->next;
            job_free_all(l->waiting);
            free(l);
        }
    job_free_all(order->ready);
    free(order->table);
    *order = (struct order){0};
}

static struct order_lane **
find(struct order *order, uint64_t connection)
{
    struct order_lane **at = &order->table[connection % order->buckets];
    while (*at && (*at)->connection != connection)
        at = &(*at)->next;
    return at;
}

static void
make_ready(struct order *order, struct job *job)
{
    job->next = NULL;
    if (order->ready_last)
        order->ready_last->next = job;
    else
        order->ready = job;
    order->ready_last = job;
    order->ready_count++;
    order->ready_bytes += job->prepared.size;
}

// A reader answers in turn, so a job that must wait mostly goes behind all that do.
static void
insert(struct order_lane *lane, struct job *job)
{
    struct job **at = &lane->waiting;
    if (lane->waiting && lane->waiting_last->turn < job->turn)
        at = &lane->waiting_last->next;
    while (*at && (*at)->turn < job->turn)
        at = &(*at)->next;
    job->next = *at;
    *at = job;
    if (!job->next)
        lane->waiting_last = job;
}

static void
drop_if_done(struct order *order, struct order_lane **at)
{
    struct order_lane *lane = *at;
    if (!lane->last_turn || lane->turn <= lane->last_turn)
        return;
    *at = lane->next;
    free(lane);
    order->count--;
}

bool
order_add(struct order *order, struct job *job)
{
    struct order_lane **at = find(order, job->connection);
    if (!*at) {
        struct order_lane *lane = calloc(1, sizeof *lane);
        if (!lane)
            return false;
        *lane = (struct order_lane){.connection = job->connection, .turn = 1};
        *at = lane;
        order->count++;
    }
    struct order_lane *lane = *at;
    insert(lane, job);
    order->waiting_count++;
    while (lane->waiting && lane->waiting->turn == lane->turn) {
        struct job *due = lane->waiting;
        lane->waiting = due->next;
        lane->turn++;
        order->waiting_count--;
        make_ready(order, due);
    }
    drop_if_done(order, at);
    return true;
}

void
order_forget(struct order *order, uint64_t connection, uint64_t turns)
{
    struct order_lane **at = find(order, connection);
    if (!*at)
        return;
    (*at)->last_turn = turns;
    drop_if_done(order, at);
}

struct job *
order_next(struct order *order)
{
    struct job *job = order->ready;
    if (!job)
        return NULL;
    order->ready = job->next;
    if (!order->ready)
        order->ready_last = NULL;
    order->ready_count--;
    order->ready_bytes -= job->prepared.size;
    job->next = NULL;
    return job;
}

bool
order_is_empty(const struct order *order)
{
    return order->ready_count == 0 && order->waiting_count == 0;
}
