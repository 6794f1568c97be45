// House time: the clock of everything filed. It follows the wall clock, never goes back,
// takes forward steps up to five minutes at once; a larger step is an alarm, and it runs
// on by the monotonic clock until the kernel reports its clock synchronised and steady for
// ten minutes, or an operator accepts the wall clock.
#ifndef PIPELINE_HOUSE_TIME_H
#define PIPELINE_HOUSE_TIME_H

#include "base/clock.h"

#define HOUSE_STEP_MAX_US (5 * 60 * SECOND_US)
#define HOUSE_STEADY_US (10 * 60 * SECOND_US)
#define HOUSE_START_AHEAD_US (7 * DAY_US)

struct house_time {
    int64_t now_us;       // last time told
    int64_t monotonic_us; // when it was told
    bool holding;         // runs by the monotonic clock
    int64_t steady_us; // monotonic time since when the wall clock is good again; 0: not
};

// What the kernel's clocks say at one moment.
struct clock_reading {
    int64_t wall_us, monotonic_us;
    bool synchronised;
};
struct clock_reading clock_read(void);

// house_time_start begins after last_us, the house time of the last record (TIME_NONE: an
// empty store). The wall clock is taken if it is not before that and either less than
// seven days later or synchronised; else house time goes on from last_us, holding.
void house_time_start(
    struct house_time *h, int64_t last_us, const struct clock_reading *reading);

// house_time_tell gives the time now; it never gives less than before.
int64_t house_time_tell(struct house_time *h, const struct clock_reading *reading);

// house_time_accept ends holding: the operator vouches for the wall clock.
void house_time_accept(struct house_time *h);

#endif
