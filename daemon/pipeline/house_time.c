#include "pipeline/house_time.h"

#include "base/logline.h"

struct clock_reading
clock_read(void)
{
    struct clock_reading r = {.wall_us = clock_wall_us(),
        .monotonic_us = clock_monotonic_us(),
        .synchronised = clock_synchronised()};
    return r;
}

static void
hold(struct house_time *h, int64_t wall_us)
{
    if (!h->holding)
        log_error(
            "clock=stepped house_us=%lld wall_us=%lld next=\"house time runs on by "
            "itself until the clock is synchronised for ten minutes\"",
            (long long)h->now_us, (long long)wall_us);
    h->holding = true;
    h->steady_us = 0;
}

void
house_time_start(
    struct house_time *h, int64_t last_us, const struct clock_reading *reading)
{
    *h = (struct house_time){
        .now_us = reading->wall_us, .monotonic_us = reading->monotonic_us};
    if (last_us == TIME_NONE)
        return;
    bool near = reading->wall_us - last_us < HOUSE_START_AHEAD_US;
    if (reading->wall_us >= last_us && (near || reading->synchronised))
        return;
    h->now_us = last_us;
    hold(h, reading->wall_us);
}

// While holding, the wall clock is taken again once it has been synchronised and within a
// step of a steady line for ten minutes.
static bool
steady_again(struct house_time *h, const struct clock_reading *r)
{
    if (!r->synchronised) {
        h->steady_us = 0;
        return false;
    }
    if (h->steady_us == 0)
        h->steady_us = r->monotonic_us;
    return r->monotonic_us - h->steady_us >= HOUSE_STEADY_US;
}

int64_t
house_time_tell(struct house_time *h, const struct clock_reading *r)
{
    int64_t passed = r->monotonic_us - h->monotonic_us;
    int64_t expected = h->now_us + (passed > 0 ? passed : 0);
    if (!h->holding && r->wall_us > expected + HOUSE_STEP_MAX_US)
        hold(h, r->wall_us);
    if (h->holding && steady_again(h, r))
        house_time_accept(h);
    int64_t now = h->holding ? expected : r->wall_us;
    if (now > h->now_us)
        h->now_us = now;
    h->monotonic_us = r->monotonic_us;
    return h->now_us;
}

void
house_time_accept(struct house_time *h)
{
    h->holding = false;
    h->steady_us = 0;
}
