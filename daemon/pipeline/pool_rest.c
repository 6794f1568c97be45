// A reader that ends before it is ready, or can't be started, would be started for ever:
// its slot rests first, each time twice as long.
// Runs on: intake.
#include <errno.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/logline.h"
#include "pipeline/pool.h"

#define REST_FIRST_US (SECOND_US / 10)
#define REST_MOST_US (10 * SECOND_US)

static void
set_alarm(struct pool *pool, int64_t now_us)
{
    int64_t next_us = INT64_MAX;
    for (uint32_t i = 0; i < pool->count; i++) {
        int64_t until_us = pool->slots[i].rests_until_us;
        if (until_us && until_us < next_us)
            next_us = until_us;
    }
    int64_t left_us = next_us > now_us ? next_us - now_us : 1;
    struct itimerspec when = {0};
    if (next_us != INT64_MAX)
        when.it_value = (struct timespec){
            left_us / SECOND_US, (long)(left_us % SECOND_US) * 1000};
    (void)timerfd_settime(pool->alarm_fd, 0, &when, NULL);
}

void
pool_rest(struct pool *pool, struct slot *slot)
{
    int64_t now_us = clock_monotonic_us(), rest_us = REST_FIRST_US;
    for (uint32_t i = 0; i < slot->stillborn && rest_us < REST_MOST_US; i++)
        rest_us *= 2;
    rest_us = rest_us < REST_MOST_US ? rest_us : REST_MOST_US;
    slot->stillborn++;
    slot->rests_until_us = now_us + rest_us;
    log_error("reader=resting slot=%d starts=%u for_ms=%lld", (int)(slot - pool->slots),
        slot->stillborn, (long long)rest_us / 1000);
    set_alarm(pool, now_us);
}

void
pool_wake(struct pool *pool)
{
    uint64_t rings;
    if (read(pool->alarm_fd, &rings, sizeof rings) != sizeof rings)
        return;
    int64_t now_us = clock_monotonic_us();
    for (uint32_t i = 0; i < pool->count; i++) {
        struct slot *slot = &pool->slots[i];
        if (slot->rests_until_us && slot->rests_until_us <= now_us &&
            pool_start_slot(pool, slot))
            pool_rest(pool, slot);
    }
    set_alarm(pool, now_us);
}
