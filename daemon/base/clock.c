#include "base/clock.h"

#include <sys/timex.h>
#include <time.h>

static int64_t
read_us(clockid_t id)
{
    struct timespec t;
    (void)clock_gettime(id, &t);
    return t.tv_sec * SECOND_US + t.tv_nsec / 1000;
}

int64_t
clock_wall_us(void)
{
    return read_us(CLOCK_REALTIME);
}

int64_t
clock_monotonic_us(void)
{
    return read_us(CLOCK_BOOTTIME);
}

bool
clock_synchronised(void)
{
    struct timex tx = {0};
    int state = adjtimex(&tx);
    return state >= 0 && state != TIME_ERROR && !(tx.status & STA_UNSYNC);
}
