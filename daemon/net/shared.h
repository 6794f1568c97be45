// What the threads of this room have in common: constant once net_run began, but for the
// atomics.
#ifndef NET_SHARED_H
#define NET_SHARED_H

#include <stdatomic.h>

#include "net/auth.h"
#include "net/bind.h"

struct shared {
    struct net_settings settings; // defaults filled in
    struct auth auth;
    struct pipeline *pipeline;
    struct store_identity identity;
    struct {
        char submit[ENDPOINT_MAX], feed[ENDPOINT_MAX], notice[ENDPOINT_MAX],
            query[ENDPOINT_MAX], admin[ENDPOINT_MAX];
    } at;                  // "" : not served
    int64_t started_us;    // monotonic
    atomic_uint followers; // written by feed, read by query
};

static inline int64_t
shared_heartbeat_us(const struct shared *shared)
{
    return (int64_t)shared->settings.heartbeat_ms * 1000;
}

#endif
